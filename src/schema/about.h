/* SPDX-License-Identifier: MIT */
/* What there is to say of one name of a model. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"
#include "idl/model.h"

/* Bytes on the wire. */
struct fy_wire {
	uint64_t min;
	uint64_t max; /* or FY_WIRE_UNBOUNDED */
};

/**
 * struct fy_about - one of a constant, enumerator, type, program, version or
 * procedure
 * @kind:        "constant", "enumerator", "struct" ... "procedure"
 * @declaration: as an interface file has it; may have several lines
 * @number:      the value; of a type or a text nothing
 * @program:     of a version or procedure, like @version
 * @procedure:   it is one
 * @type:        it is one
 * @wire:        of @type; of the arguments of @procedure
 * @result:      of @procedure
 */
struct fy_about {
	const char *kind;
	const char *name;
	const char *doc; /* or NULL */
	struct fy_place place;
	const char *declaration;
	bool has_number;
	int64_t number;
	const struct fy_program *program;
	const struct fy_version *version;
	const struct fy_procedure *procedure;
	const struct fy_type *type;
	struct fy_wire wire;
	struct fy_wire result;
};

/** fy_about_args() - what all arguments of @procedure take together */
struct fy_wire fy_about_args(const struct fy_procedure *procedure);

/** fy_about_wire() - "4 bytes", "4 to 20 bytes", "at least 4 bytes" */
FY_MUST_CHECK ferry_err fy_about_wire(struct fy_wire wire,
				      struct ferry_arena *mem,
				      const char **out);

/** fy_about_kind() - "struct", "enum", "typedef" ... */
const char *fy_about_kind(const struct fy_type *type);

/**
 * fy_about() - what @name means
 *
 * Types, constants, enumerators, programs and versions by their name; else a
 * procedure as fy_schema_procedure() finds it.
 *
 * Return: FERRY_OK; FERRY_EINVAL, and @why says so; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err fy_about(const struct fy_model *model,
				 const char *name, struct ferry_arena *mem,
				 struct fy_about *out,
				 struct ferry_error *why);

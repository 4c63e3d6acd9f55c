/* SPDX-License-Identifier: MIT */
/* Finds what a user names in a model. */
#pragma once

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"
#include "idl/model.h"

struct fy_found {
	const struct fy_program *program;
	const struct fy_version *version;
	const struct fy_procedure *procedure;
};

/**
 * fy_schema_procedure() - the procedure of that name
 * @name: "LIST", "DIR_V1.LIST", "DIR.DIR_V1.LIST", "DIR.LIST", "1.LIST" by the
 *        version's number, and "DIR.0", "0" by the procedure's. Letters may be
 *        of the other case if that names one alone
 *
 * Several versions of one program have it: the highest is meant. Number 0 is
 * there in each version, declared or not (RFC 5531 section 12.1).
 *
 * Return: FERRY_OK; FERRY_EINVAL, and @why says what is there instead, or that
 * it is ambiguous; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_schema_procedure(const struct fy_model *model, const char *name,
		    struct ferry_arena *mem, struct fy_found *out,
		    struct ferry_error *why);

/** fy_schema_type() - the struct, union, enum or typedef of that name, alike */
FY_MUST_CHECK ferry_err
fy_schema_type(const struct fy_model *model, const char *name,
	       struct ferry_arena *mem, const struct fy_type **out,
	       struct ferry_error *why);

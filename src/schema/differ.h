/* SPDX-License-Identifier: MIT */
/* What the parts of diff share: findings, and the comparison of types. */
#pragma once

#include <stdbool.h>

#include "idl/names.h"
#include "schema/diff.h"

/* Where a type is used, in both files, and how to call that. */
struct fy_use {
	const char *what; /* "field 'a' of struct 's'" */
	const struct fy_place *old;
	const struct fy_place *new;
	size_t len; /* of what stands at @new */
};

/* Two types that are to be compared. */
struct fy_type_pair {
	struct fy_type_pair *next;
	const struct fy_type *types[2]; /* key */
};

/**
 * struct fy_differ - one comparison
 * @types:   of each file, by name
 * @pairs:   of types that were queued
 * @bodies:  of bodies and arms that were compared
 * @is_used: what is compared goes over the wire
 */
struct fy_differ {
	const struct fy_model *old;
	const struct fy_model *new;
	struct ferry_arena *mem;
	struct fy_diag *diag;
	size_t *n;
	struct fy_names old_types;
	struct fy_names new_types;
	struct fy_names pairs;
	struct fy_names bodies;
	struct fy_type_pair *queue;
	struct fy_type_pair **tail;
	bool is_used;
	ferry_err err;
};

/**
 * struct fy_finding - where and what; the text comes beside it
 * @rule:  its name, for machines
 * @place: where, @len bytes
 * @old:   where the old file had it, for a note; or NULL
 */
struct fy_finding {
	enum fy_impact impact;
	const char *rule;
	const struct fy_place *place;
	size_t len;
	const struct fy_place *old;
};

/** fy_differ_find() - adds a finding; @format: as fy_diag_error() */
FY_PRINTF(3, 4) void
fy_differ_find(struct fy_differ *d, const struct fy_finding *finding,
	       const char *format, ...);

/** fy_differ_text() - formatted text in d->mem, never NULL */
FY_PRINTF(2, 3) const char *
fy_differ_text(struct fy_differ *d, const char *format, ...);

/** fy_differ_use() - compares what a place had with what it has */
void fy_differ_use(struct fy_differ *d, const struct fy_use *use,
		   const struct fy_type *old, const struct fy_type *new);

/** fy_differ_types() - compares two definitions, if that was not done */
void fy_differ_types(struct fy_differ *d, const struct fy_type *old,
		     const struct fy_type *new);

/** fy_differ_run() - compares all that was queued */
void fy_differ_run(struct fy_differ *d);

/** fy_differ_bodies() - two structs, unions or enums, once */
void fy_differ_bodies(struct fy_differ *d, const struct fy_type *old,
		      const struct fy_type *new);

/**
 * fy_differ_once() - true the first time it is asked of two things
 * @done: of those that it was asked of
 */
bool fy_differ_once(struct fy_differ *d, struct fy_names *done,
		    const void *old, const void *new);

/** fy_differ_called() - "struct 'entry'", "the union of 'body'" */
const char *fy_differ_called(struct fy_differ *d, const struct fy_type *type);

/**
 * fy_same_wire() - whether values of both have the same bytes
 *
 * What is too large to tell has not.
 */
bool fy_same_wire(struct fy_differ *d, const struct fy_type *old,
		  const struct fy_type *new);

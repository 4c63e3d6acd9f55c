/* SPDX-License-Identifier: MIT */
/*
 * The path into a value, from its top to where the mapping is at: what
 * messages point at, and what bounds how deep values may nest.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/compiler.h"
#include "json/json.h"

/* More items without a byte on the wire than this cost time, if no bytes. */
#define FY_JSON_MAX_EMPTY 65536
/*
 * Many small objects take some 90 times their bytes on the wire: this much
 * memory, about, is what a value may take.
 */
#define FY_JSON_MAX_HEAP ((size_t)1 << 30)
/*
 * Jansson parses values of at most 2048 levels; each step is at most one, and
 * what is last on the path may be one more.
 */
#define FY_JSON_MAX_STEPS 2040

/* From a value to one that it holds. */
struct fy_json_step {
	const struct fy_json_step *up; /* NULL: from the value itself */
	const char *name;	       /* of a field or an arm; NULL: an item */
	size_t index;
	const struct fy_type *from; /* whose member it is */
};

/**
 * struct fy_json_path - where the mapping is at
 * @last:    the last step; NULL at the value itself
 * @asked:   the type that was asked for there, before typedefs were resolved,
 *           or if it has no declaration the nearest around it that has; or NULL
 * @n_empty: items without a byte on the wire that may still come
 * @heap:    bytes of memory that the value may still take as JSON
 * @at:      where the bytes began that were taken last, or are to come
 * @misfit:  what fy_json_misfit() returns
 */
struct fy_json_path {
	const struct fy_json_step *last;
	size_t n_steps;
	const struct fy_type *asked;
	uint32_t n_empty;
	size_t heap;
	size_t at;
	ferry_err misfit;
	struct fy_json_fault *fault;
};

/* At the top of a value. @fault may be NULL. */
struct fy_json_path fy_json_path_of(struct fy_json_fault *fault,
				    ferry_err misfit);

/**
 * fy_json_go() - a step to a member of @from
 * @step: its .name or .index is set; borrowed until fy_json_back()
 *
 * Return: FERRY_OK; FERRY_ETOOBIG: it would be too deep, or takes too much.
 */
FY_MUST_CHECK ferry_err fy_json_go(struct fy_json_path *path,
				   const struct fy_type *from,
				   struct fy_json_step *step);

/** fy_json_back() - the last step is taken back */
void fy_json_back(struct fy_json_path *path);

/**
 * fy_json_arrive() - a value of type @asked begins here
 * @out: what it is without typedefs
 *
 * Return: FERRY_OK; FERRY_ETOOBIG: one value too many.
 */
FY_MUST_CHECK ferry_err fy_json_arrive(struct fy_json_path *path,
				       const struct fy_type *asked,
				       const struct fy_type **out);

/** fy_json_misfit() - a value here is not of @type, or NULL. Return: .misfit */
FY_COLD FY_PRINTF(3, 4) ferry_err
fy_json_misfit(struct fy_json_path *path, const struct fy_type *type,
	       const char *format, ...);

/** fy_json_too_big() - a limit is reached here. Return: FERRY_ETOOBIG */
FY_COLD FY_PRINTF(3, 4) ferry_err
fy_json_too_big(struct fy_json_path *path, const struct fy_type *type,
		const char *format, ...);

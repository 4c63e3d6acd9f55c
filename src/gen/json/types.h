/* SPDX-License-Identifier: MIT */
/*
 * The types of a model, numbered: each is one object in a list, and others
 * name it by its place there, so that cycles need nothing special.
 */
#pragma once

#include <stddef.h>

#include <jansson.h>

#include <ferry/arena.h>
#include <ferry/err.h>

#include "idl/model.h"
#include "idl/names.h"

struct fy_type_ids {
	struct ferry_arena *mem;
	const struct fy_model *model;
	struct fy_names names; /* of struct fy_type_id, by the type's address */
	struct fy_type_id *first;
	struct fy_type_id **tail;
	size_t n;
	ferry_err err;
};

/** fy_type_ids_init() - numbers the model's types, in their order */
void fy_type_ids_init(struct fy_type_ids *ids, const struct fy_model *model,
		      struct ferry_arena *mem);

/** fy_type_ids_of() - the number of @type, the next one if it is new */
json_t *fy_type_ids_of(struct fy_type_ids *ids, const struct fy_type *type);

/** fy_type_ids_list() - the objects of all that were numbered */
json_t *fy_type_ids_list(struct fy_type_ids *ids);

/** fy_model_file() - what to call the file of @place: never a folder of here */
const char *fy_model_file(const struct fy_model *model,
			  const struct fy_place *place);

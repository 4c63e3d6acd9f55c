/* SPDX-License-Identifier: MIT */
#include "gen/json/types.h"

#include <string.h>

#include "gen/json/text.h"
#include "idl/mem.h"

struct fy_type_id {
	struct fy_type_id *next;
	const struct fy_type *type;
	size_t id;
};

static const char *const kinds[] = {
	[FY_KIND_INT] = "int",
	[FY_KIND_UINT] = "uint",
	[FY_KIND_CHAR] = "char",
	[FY_KIND_UCHAR] = "uchar",
	[FY_KIND_SHORT] = "short",
	[FY_KIND_USHORT] = "ushort",
	[FY_KIND_BOOL] = "bool",
	[FY_KIND_FLOAT] = "float",
	[FY_KIND_HYPER] = "hyper",
	[FY_KIND_UHYPER] = "uhyper",
	[FY_KIND_DOUBLE] = "double",
	[FY_KIND_QUADRUPLE] = "quadruple",
	[FY_KIND_VOID] = "void",
	[FY_KIND_ENUM] = "enum",
	[FY_KIND_STRUCT] = "struct",
	[FY_KIND_UNION] = "union",
	[FY_KIND_ALIAS] = "typedef",
	[FY_KIND_FOREIGN] = "foreign",
	[FY_KIND_STRING] = "string",
	[FY_KIND_OPAQUE] = "opaque",
	[FY_KIND_BYTES] = "bytes",
	[FY_KIND_ARRAY] = "array",
	[FY_KIND_LIST] = "list",
	[FY_KIND_OPTIONAL] = "optional",
};

const char *
fy_model_file(const struct fy_model *model, const struct fy_place *place)
{
	const char *slash = strrchr(place->file, '/');

	if (slash && strcmp(slash + 1, model->file) == 0)
		return model->file;
	return place->file;
}

/* NULL if there is no memory, which is latched. */
static const struct fy_type_id *
number(struct fy_type_ids *ids, const struct fy_type *type)
{
	struct fy_type_id *id = fy_new(ids->mem, sizeof(*id));
	void *found = NULL;
	struct ferry_str key;

	if (!id) {
		ids->err = FERRY_ENOMEM;
		return NULL;
	}
	id->type = type;
	id->id = ids->n;
	key = (struct ferry_str){ (const char *)&id->type, sizeof(id->type) };
	ids->err = fy_names_put(&ids->names, ids->mem, key, id, &found);
	if (ids->err || found)
		return found;
	*ids->tail = id;
	ids->tail = &id->next;
	ids->n++;
	return id;
}

void
fy_type_ids_init(struct fy_type_ids *ids, const struct fy_model *model,
		 struct ferry_arena *mem)
{
	*ids = (struct fy_type_ids){ .mem = mem, .model = model };
	ids->tail = &ids->first;
	for (size_t i = 0; i < model->n_types && !ids->err; i++)
		number(ids, model->types[i]);
}

json_t *
fy_type_ids_of(struct fy_type_ids *ids, const struct fy_type *type)
{
	const struct fy_type_id *id = NULL;

	if (!type)
		return json_null();
	if (!ids->err)
		id = fy_names_get(&ids->names,
				  (struct ferry_str){ (const char *)&type,
						      sizeof(type) });
	if (!ids->err && !id)
		id = number(ids, type);
	return id ? json_integer((json_int_t)id->id) : NULL;
}

static json_t *
place_of(const struct fy_type_ids *ids, const struct fy_place *place)
{
	return fy_model_place(place, fy_model_file(ids->model, place));
}

static void
put_enumerators(struct fy_type_ids *ids, json_t *to,
		const struct fy_type *type)
{
	json_t *list = json_array();

	for (size_t i = 0; i < type->n_enumerators; i++) {
		const struct fy_enumerator *one = &type->enumerators[i];

		fy_append(list,
			  json_pack("{so so sI so}", "name",
				    fy_model_text(one->name), "doc",
				    fy_model_text(one->doc), "value",
				    (json_int_t)one->value, "place",
				    place_of(ids, &one->place)),
			  &ids->err);
	}
	fy_member(to, "enumerators", list, &ids->err);
}

static void
put_fields(struct fy_type_ids *ids, json_t *to, const struct fy_type *type)
{
	json_t *list = json_array();

	for (size_t i = 0; i < type->n_fields; i++) {
		const struct fy_field *one = &type->fields[i];

		fy_append(list,
			  json_pack("{so so so so}", "name",
				    fy_model_text(one->name), "doc",
				    fy_model_text(one->doc), "type",
				    fy_type_ids_of(ids, one->type), "place",
				    place_of(ids, &one->place)),
			  &ids->err);
	}
	fy_member(to, "fields", list, &ids->err);
}

static json_t *
labels_of(struct fy_type_ids *ids, const struct fy_arm *arm)
{
	json_t *list = json_array();

	for (size_t i = 0; i < arm->n_labels; i++)
		fy_append(list,
			  json_pack("{so so}", "value",
				    fy_model_signed(arm->labels[i].value),
				    "name",
				    fy_model_text(arm->labels[i].name)),
			  &ids->err);
	return list;
}

static void
put_arms(struct fy_type_ids *ids, json_t *to, const struct fy_type *type)
{
	json_t *list = json_array();

	fy_member(to, "discriminant",
		  json_pack("{so so}", "name",
			    fy_model_text(type->discriminant_name), "type",
			    fy_type_ids_of(ids, type->discriminant)),
		  &ids->err);
	for (size_t i = 0; i < type->n_arms; i++) {
		const struct fy_arm *one = &type->arms[i];
		bool is_default = type->has_default &&
				  i + 1 == type->n_arms;

		fy_append(list,
			  json_pack("{so so so so sb so}", "name",
				    fy_model_text(one->name), "doc",
				    fy_model_text(one->doc), "type",
				    fy_type_ids_of(ids, one->type), "labels",
				    labels_of(ids, one), "default", is_default,
				    "place", place_of(ids, &one->place)),
			  &ids->err);
	}
	fy_member(to, "arms", list, &ids->err);
}

static void
put_bound(struct fy_type_ids *ids, json_t *to, const struct fy_type *type)
{
	bool open = (type->kind == FY_KIND_STRING ||
		     type->kind == FY_KIND_BYTES ||
		     type->kind == FY_KIND_LIST) &&
		    type->bound == FY_NO_BOUND && !type->bound_name;

	fy_member(to, "bound", open ? json_null()
				    : json_integer((json_int_t)type->bound),
		  &ids->err);
	fy_member(to, "bound_name", fy_model_text(type->bound_name),
		  &ids->err);
}

/* Who declares it in place, and as which member. */
static void
put_owner(struct fy_type_ids *ids, json_t *to, const struct fy_type *type)
{
	fy_member(to, "name", fy_model_text(type->name), &ids->err);
	fy_member(to, "owner", fy_type_ids_of(ids, type->owner), &ids->err);
	fy_member(to, "owner_member", fy_model_text(type->owner_member),
		  &ids->err);
	fy_member(to, "doc", fy_model_text(type->doc), &ids->err);
}

static json_t *
type_of(struct fy_type_ids *ids, const struct fy_type_id *id)
{
	const struct fy_type *type = id->type;
	json_t *to = json_pack("{sI ss so so sb}", "id", (json_int_t)id->id,
			       "kind", kinds[type->kind], "wire_min",
			       fy_model_unsigned(type->wire_min), "wire_max",
			       fy_model_wire(type->wire_max), "recursive",
			       type->recursive);

	if (type->kind >= FY_KIND_ENUM && type->kind <= FY_KIND_FOREIGN)
		put_owner(ids, to, type);
	if (type->place.file)
		fy_member(to, "place", place_of(ids, &type->place), &ids->err);
	if (type->kind == FY_KIND_ENUM)
		put_enumerators(ids, to, type);
	if (type->kind == FY_KIND_STRUCT)
		put_fields(ids, to, type);
	if (type->kind == FY_KIND_UNION)
		put_arms(ids, to, type);
	if (type->kind >= FY_KIND_STRING && type->kind != FY_KIND_OPTIONAL)
		put_bound(ids, to, type);
	if (type->element)
		fy_member(to, "element", fy_type_ids_of(ids, type->element),
			  &ids->err);
	return to;
}

/* Types without a declaration get their number while others are put. */
json_t *
fy_type_ids_list(struct fy_type_ids *ids)
{
	json_t *list = json_array();

	for (const struct fy_type_id *id = ids->first; id && !ids->err;
	     id = id->next)
		fy_append(list, type_of(ids, id), &ids->err);
	return list;
}

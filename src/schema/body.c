/* SPDX-License-Identifier: MIT */
/* Diff of what stands between the braces of structs, unions and enums. */
#include <inttypes.h>
#include <string.h>

#include "schema/differ.h"
#include "schema/shape.h"

/* A member by its name, or an arm or enumerator by its value. */
static const void *
get(const struct fy_names *names, const char *name)
{
	return name ? fy_names_get(names, ferry_str_of(name)) : NULL;
}

static void
put(struct fy_differ *d, struct fy_names *names, const char *name,
    const void *what)
{
	void *found;

	if (name && !d->err)
		d->err = fy_names_put(names, d->mem, ferry_str_of(name),
				      (void *)(uintptr_t)what, &found);
}

/* What was there and is gone: its place is in the old file. */
static struct fy_finding
gone(enum fy_impact impact, const char *rule, const struct fy_place *place,
     const char *name)
{
	return (struct fy_finding){ impact, rule, place,
				    name ? strlen(name) : 1, NULL };
}

static struct fy_finding
changed(enum fy_impact impact, const char *rule, const struct fy_place *new,
	const char *name, const struct fy_place *old)
{
	return (struct fy_finding){ impact, rule, new, name ? strlen(name) : 1,
				    old };
}

/* ---- enums ---- */

/* By name and by value, of the old file and of the new one. */
struct enums {
	const struct fy_type *of;
	struct fy_names names[2];
	struct fy_names values[2];
};

/* Its name is new. */
static void
added_enumerator(struct fy_differ *d, const struct enums *e,
		 const struct fy_enumerator *one)
{
	const struct fy_enumerator *old =
		fy_names_get(&e->values[0], fy_shape_value_key(one));
	struct fy_finding finding = changed(
		FY_IMPACT_WIRE, "enumerator-added", &one->place, one->name,
		NULL);

	if (!old) {
		fy_differ_find(d, &finding,
			       "'%s' = %" PRId32 " is new in %s: old readers "
			       "refuse it", one->name, one->value,
			       fy_differ_called(d, e->of));
		return;
	}
	finding.impact = FY_IMPACT_SAFE;
	if (get(&e->names[1], old->name)) {
		fy_differ_find(d, &finding, "'%s' is a second name of '%s'",
			       one->name, old->name);
		return;
	}
	finding = changed(FY_IMPACT_SOURCE, "enumerator-name", &one->place,
			  one->name, &old->place);
	fy_differ_find(d, &finding, "%" PRId32 " is called '%s', was '%s'",
		       one->value, one->name, old->name);
}

static void
compare_new_enumerator(struct fy_differ *d, const struct enums *e,
		       const struct fy_enumerator *one)
{
	const struct fy_enumerator *old = get(&e->names[0], one->name);
	struct fy_finding finding;

	if (!old) {
		added_enumerator(d, e, one);
	} else if (old->value != one->value) {
		finding = changed(FY_IMPACT_WIRE, "enumerator-value",
				  &one->place, one->name, &old->place);
		fy_differ_find(d, &finding,
			       "'%s' is %" PRId32 ", was %" PRId32, one->name,
			       one->value, old->value);
	}
}

static void
compare_old_enumerator(struct fy_differ *d, const struct enums *e,
		       const struct fy_enumerator *one)
{
	const struct fy_enumerator *new =
		fy_names_get(&e->values[1], fy_shape_value_key(one));
	struct fy_finding finding = gone(FY_IMPACT_WIRE, "enumerator-removed",
					 &one->place, one->name);

	if (get(&e->names[1], one->name))
		return;
	if (!new) {
		fy_differ_find(d, &finding,
			       "'%s' = %" PRId32 " is gone from %s: new "
			       "readers refuse it", one->name, one->value,
			       fy_differ_called(d, e->of));
	} else if (get(&e->names[0], new->name)) {
		finding.impact = FY_IMPACT_SOURCE;
		fy_differ_find(d, &finding,
			       "'%s' is gone, its value is '%s' alone",
			       one->name, new->name);
	}
}

static void
compare_enums(struct fy_differ *d, const struct fy_type *old,
	      const struct fy_type *new)
{
	const struct fy_type *types[] = { old, new };
	struct enums e = { .of = new };

	for (size_t side = 0; side < 2; side++) {
		for (size_t i = 0; i < types[side]->n_enumerators; i++) {
			const struct fy_enumerator *one =
				&types[side]->enumerators[i];

			put(d, &e.names[side], one->name, one);
		}
		if (!d->err)
			d->err = fy_shape_values(&e.values[side], types[side],
						 d->mem);
	}
	for (size_t i = 0; i < new->n_enumerators && !d->err; i++)
		compare_new_enumerator(d, &e, &new->enumerators[i]);
	for (size_t i = 0; i < old->n_enumerators && !d->err; i++)
		compare_old_enumerator(d, &e, &old->enumerators[i]);
}

/* ---- structs ---- */

struct fields {
	const struct fy_type *of;
	struct fy_names names;
	size_t at; /* the next one that is not compared */
};

static void
fields_init(struct fy_differ *d, struct fields *fields,
	    const struct fy_type *of)
{
	*fields = (struct fields){ .of = of };
	for (size_t i = 0; i < of->n_fields; i++)
		put(d, &fields->names, of->fields[i].name, &of->fields[i]);
}

/* Goes over what takes no bytes. Return: the next field, NULL at the end. */
static const struct fy_field *
next_field(struct fields *fields)
{
	while (fields->at < fields->of->n_fields &&
	       fy_shape_is_void(&fields->of->fields[fields->at]))
		fields->at++;
	return fields->at < fields->of->n_fields
		       ? &fields->of->fields[fields->at] : NULL;
}

static void
compare_field(struct fy_differ *d, const struct fy_type *of,
	      const struct fy_field *old, const struct fy_field *new)
{
	struct fy_use use = {
		.what = fy_differ_text(d, "field '%s' of %s", new->name,
				       fy_differ_called(d, of)),
		.old = &old->place,
		.new = &new->place,
		.len = strlen(new->name),
	};

	fy_differ_use(d, &use, old->type, new->type);
}

static void
removed_field(struct fy_differ *d, const struct fields *from,
	      const struct fy_field *field)
{
	struct fy_finding finding = gone(FY_IMPACT_WIRE, "field-removed",
					 &field->place, field->name);

	fy_differ_find(d, &finding, "field '%s' is gone from %s", field->name,
		       fy_differ_called(d, from->of));
}

static void
added_field(struct fy_differ *d, const struct fields *to,
	    const struct fy_field *field)
{
	struct fy_finding finding =
		changed(FY_IMPACT_WIRE, "field-added", &field->place,
			field->name, NULL);

	fy_differ_find(d, &finding, "field '%s' is new in %s", field->name,
		       fy_differ_called(d, to->of));
}

/* One in the place of another, and neither is anywhere else. */
static void
renamed_field(struct fy_differ *d, const struct fy_type *of,
	      const struct fy_field *old, const struct fy_field *new)
{
	bool same = fy_same_wire(d, old->type, new->type);
	struct fy_finding finding = changed(
		same ? FY_IMPACT_SOURCE : FY_IMPACT_WIRE,
		same ? "field-name" : "field-replaced", &new->place,
		new->name, &old->place);

	fy_differ_find(d, &finding, "field '%s' of %s %s '%s'", new->name,
		       fy_differ_called(d, of),
		       same ? "was called" : "stands in the place of",
		       old->name);
	if (same)
		compare_field(d, of, old, new);
}

/* From here on fields are told by their names. */
static void
compare_moved(struct fy_differ *d, struct fields *from, struct fields *to)
{
	const struct fy_field *first = next_field(to);
	const struct fy_field *field =
		get(&from->names, first->name);
	struct fy_finding finding = changed(FY_IMPACT_WIRE, "field-moved",
					    &first->place, first->name,
					    &field->place);

	fy_differ_find(d, &finding, "the fields of %s are in another order, "
		       "from '%s' on", fy_differ_called(d, to->of),
		       first->name);
	for (; (field = next_field(to)); to->at++) {
		const struct fy_field *old = get(&from->names, field->name);

		if (old)
			compare_field(d, to->of, old, field);
		else
			added_field(d, to, field);
	}
	for (; (field = next_field(from)); from->at++) {
		if (!get(&to->names, field->name))
			removed_field(d, from, field);
	}
}

/* Return: false when all is done. */
static bool
step_fields(struct fy_differ *d, struct fields *from, struct fields *to)
{
	const struct fy_field *old = next_field(from);
	const struct fy_field *new = next_field(to);
	bool stays = old && get(&to->names, old->name);
	bool stayed = new && get(&from->names, new->name);

	if (!old && !new)
		return false;
	if (old && new && strcmp(old->name, new->name) == 0) {
		compare_field(d, to->of, old, new);
		from->at++;
		to->at++;
	} else if (old && new && !stays && !stayed) {
		renamed_field(d, to->of, old, new);
		from->at++;
		to->at++;
	} else if (old && !stays) {
		removed_field(d, from, old);
		from->at++;
	} else if (new && !stayed) {
		added_field(d, to, new);
		to->at++;
	} else if (new) {
		compare_moved(d, from, to);
	} else {
		from->at++; /* it moved, which was said */
	}
	return !d->err;
}

static void
compare_structs(struct fy_differ *d, const struct fy_type *old,
		const struct fy_type *new)
{
	struct fields from, to;

	fields_init(d, &from, old);
	fields_init(d, &to, new);
	while (step_fields(d, &from, &to))
		;
}

/* ---- unions ---- */

static const char *
label_text(struct fy_differ *d, const struct fy_label *label)
{
	return label->name ? label->name
			   : fy_differ_text(d, "%" PRId64, label->value);
}

static struct ferry_str
label_key(const struct fy_label *label)
{
	return (struct ferry_str){ (const char *)&label->value,
				   sizeof(label->value) };
}

static const struct fy_arm *
default_of(const struct fy_type *type)
{
	return type->has_default ? &type->arms[type->n_arms - 1] : NULL;
}

static void
compare_arms(struct fy_differ *d, const struct fy_type *of,
	     const struct fy_arm *old, const struct fy_arm *new)
{
	struct fy_use use = {
		.what = fy_differ_text(d, "arm '%s' of %s",
				       new->name ? new->name : "void",
				       fy_differ_called(d, of)),
		.old = &old->place,
		.new = &new->place,
		.len = new->name ? strlen(new->name) : 1,
	};
	struct fy_finding finding = changed(FY_IMPACT_SOURCE, "arm-name",
					    &new->place, new->name,
					    &old->place);

	if (!fy_differ_once(d, &d->bodies, old, new))
		return;
	if (old->name && new->name && strcmp(old->name, new->name) != 0)
		fy_differ_find(d, &finding, "arm '%s' of %s was called '%s'",
			       new->name, fy_differ_called(d, of), old->name);
	fy_differ_use(d, &use, old->type, new->type);
}

/* A label left or entered the default arm. */
static void
compare_by_default(struct fy_differ *d, const struct fy_type *of,
		   const struct fy_arm *old, const struct fy_arm *new,
		   const struct fy_finding *at)
{
	struct fy_finding finding = *at;
	bool same = fy_same_wire(d, old->type, new->type);

	finding.impact = same ? FY_IMPACT_SOURCE : FY_IMPACT_WIRE;
	finding.rule = "case-moved";
	fy_differ_find(d, &finding, "a case of %s %s the default arm: %s",
		       fy_differ_called(d, of),
		       new->n_labels > 0 ? "is no longer in" : "is now in",
		       same ? "the same bytes" : "other bytes");
}

static void
compare_new_label(struct fy_differ *d, const struct fy_type *old,
		  const struct fy_type *new, const struct fy_names *before,
		  const struct fy_arm *arm, const struct fy_label *label)
{
	const struct fy_arm *was = fy_names_get(before, label_key(label));
	struct fy_finding finding = changed(FY_IMPACT_WIRE, "case-added",
					    &arm->place, arm->name, NULL);

	if (was)
		compare_arms(d, new, was, arm);
	else if (default_of(old))
		compare_by_default(d, new, default_of(old), arm, &finding);
	else
		fy_differ_find(d, &finding,
			       "case '%s' is new in %s: old readers refuse it",
			       label_text(d, label), fy_differ_called(d, new));
}

static void
compare_old_label(struct fy_differ *d, const struct fy_type *old,
		  const struct fy_type *new, const struct fy_names *after,
		  const struct fy_arm *arm, const struct fy_label *label)
{
	struct fy_finding finding =
		gone(FY_IMPACT_WIRE, "case-removed", &arm->place, arm->name);

	if (fy_names_get(after, label_key(label)))
		return;
	if (default_of(new))
		compare_by_default(d, old, arm, default_of(new), &finding);
	else
		fy_differ_find(d, &finding,
			       "case '%s' is gone from %s: new readers refuse "
			       "it", label_text(d, label),
			       fy_differ_called(d, old));
}

/* A default arm came or went; what it takes may be nothing. */
static void
compare_defaults(struct fy_differ *d, const struct fy_type *old,
		 const struct fy_type *new, const struct fy_names *before,
		 const struct fy_names *after)
{
	const struct fy_arm *was = default_of(old);
	const struct fy_arm *is = default_of(new);
	struct fy_finding finding;
	bool nothing;

	if (was && is) {
		compare_arms(d, new, was, is);
	} else if (is) {
		finding = changed(FY_IMPACT_WIRE, "default-added", &is->place,
				  is->name, NULL);
		nothing = fy_shape_covers(before, new->discriminant);
		if (nothing)
			finding.impact = FY_IMPACT_SAFE;
		fy_differ_find(d, &finding, "%s has a default arm now: %s",
			       fy_differ_called(d, new),
			       nothing ? "there were cases for all"
				       : "old readers refuse what it takes");
	} else if (was) {
		finding = gone(FY_IMPACT_WIRE, "default-removed", &was->place,
			       was->name);
		nothing = fy_shape_covers(after, old->discriminant);
		if (nothing)
			finding.impact = FY_IMPACT_SOURCE;
		fy_differ_find(d, &finding,
			       "%s has no default arm any more: %s",
			       fy_differ_called(d, old),
			       nothing ? "there are cases for all"
				       : "new readers refuse what it took");
	}
}

static void
compare_discriminants(struct fy_differ *d, const struct fy_type *old,
		      const struct fy_type *new)
{
	struct fy_use use = {
		.what = fy_differ_text(d, "the discriminant of %s",
				       fy_differ_called(d, new)),
		.old = &old->place,
		.new = &new->place,
		.len = new->name ? strlen(new->name) : 1,
	};
	struct fy_finding finding =
		changed(FY_IMPACT_SOURCE, "discriminant-name", &new->place,
			new->name, &old->place);

	if (strcmp(old->discriminant_name, new->discriminant_name) != 0)
		fy_differ_find(d, &finding, "%s is called '%s', was '%s'",
			       use.what, new->discriminant_name,
			       old->discriminant_name);
	fy_differ_use(d, &use, old->discriminant, new->discriminant);
}

static void
compare_unions(struct fy_differ *d, const struct fy_type *old,
	       const struct fy_type *new)
{
	struct fy_names before = { .n = 0 };
	struct fy_names after = { .n = 0 };

	compare_discriminants(d, old, new);
	if (!d->err)
		d->err = fy_shape_labels(&before, old, d->mem);
	if (!d->err)
		d->err = fy_shape_labels(&after, new, d->mem);
	for (size_t i = 0; i < new->n_arms && !d->err; i++) {
		for (size_t j = 0; j < new->arms[i].n_labels; j++)
			compare_new_label(d, old, new, &before, &new->arms[i],
					  &new->arms[i].labels[j]);
	}
	for (size_t i = 0; i < old->n_arms && !d->err; i++) {
		for (size_t j = 0; j < old->arms[i].n_labels; j++)
			compare_old_label(d, old, new, &after, &old->arms[i],
					  &old->arms[i].labels[j]);
	}
	compare_defaults(d, old, new, &before, &after);
}

void
fy_differ_bodies(struct fy_differ *d, const struct fy_type *old,
		 const struct fy_type *new)
{
	if (!fy_differ_once(d, &d->bodies, old, new))
		return;
	if (old->kind == FY_KIND_ENUM)
		compare_enums(d, old, new);
	else if (old->kind == FY_KIND_STRUCT)
		compare_structs(d, old, new);
	else
		compare_unions(d, old, new);
}

/* SPDX-License-Identifier: MIT */
/* Diff of types, but for what stands between braces: that is body.c. */
#include <inttypes.h>
#include <string.h>

#include "schema/declare.h"
#include "schema/differ.h"
#include "schema/shape.h"

static void compare_shapes(struct fy_differ *d, const struct fy_use *use,
			   const struct fy_type *old,
			   const struct fy_type *new);

static struct fy_finding
finding_of(enum fy_impact impact, const char *rule, const struct fy_use *use)
{
	return (struct fy_finding){
		.impact = impact,
		.rule = rule,
		.place = use->new,
		.len = use->len,
		.old = use->old,
	};
}

static bool
is_body(const struct fy_type *type)
{
	return type->kind == FY_KIND_ENUM || type->kind == FY_KIND_STRUCT ||
	       type->kind == FY_KIND_UNION;
}

/* As few words as do. */
static const char *
spelled(struct fy_differ *d, const struct fy_type *type)
{
	static const char *const bodies[] = {
		[FY_KIND_ENUM] = "enum",
		[FY_KIND_STRUCT] = "struct",
		[FY_KIND_UNION] = "union",
	};
	const char *text = "";

	if (type->name)
		return type->name;
	if (is_body(type))
		return bodies[type->kind];
	if (type->element && !type->element->name && is_body(type->element))
		return fy_differ_text(d, "%s of %s",
				      type->kind == FY_KIND_OPTIONAL
					      ? "pointer" : "list",
				      bodies[type->element->kind]);
	if (fy_declare_type(type, d->mem, &text) != FERRY_OK)
		d->err = FERRY_ENOMEM;
	return text;
}

/* ---- bounds ---- */

static void
compare_bounds(struct fy_differ *d, const struct fy_use *use,
	       const struct fy_shape *old, const struct fy_shape *new)
{
	bool grown = old->bound < new->bound;
	struct fy_finding finding = finding_of(
		FY_IMPACT_WIRE, grown ? "bound-grown" : "bound-shrunk", use);

	if (old->bound == new->bound)
		return;
	if (old->kind == FY_KIND_ARRAY || old->kind == FY_KIND_OPAQUE) {
		finding.rule = "length";
		fy_differ_find(d, &finding,
			       "%s has length %" PRIu32 ", had %" PRIu32,
			       use->what, new->bound, old->bound);
	} else if (new->bound == FY_NO_BOUND) {
		fy_differ_find(d, &finding,
			       "%s has no bound, had %" PRIu32
			       ": old readers refuse more",
			       use->what, old->bound);
	} else if (grown) {
		fy_differ_find(d, &finding,
			       "%s may have %" PRIu32 ", had at most %" PRIu32
			       ": old readers refuse more",
			       use->what, new->bound, old->bound);
	} else if (old->bound == FY_NO_BOUND) {
		fy_differ_find(d, &finding,
			       "%s may have at most %" PRIu32
			       ", had no bound: new readers refuse more",
			       use->what, new->bound);
	} else {
		fy_differ_find(d, &finding,
			       "%s may have at most %" PRIu32 ", had %" PRIu32
			       ": new readers refuse more",
			       use->what, new->bound, old->bound);
	}
}

/* ---- kinds ---- */

/* 0 for what is no integer of 4 bytes. */
static unsigned int
bits_of(enum fy_kind kind)
{
	static const unsigned char bits[] = {
		[FY_KIND_BOOL] = 1,   [FY_KIND_CHAR] = 7,
		[FY_KIND_UCHAR] = 8,  [FY_KIND_SHORT] = 15,
		[FY_KIND_USHORT] = 16, [FY_KIND_INT] = 31,
		[FY_KIND_UINT] = 32,
	};

	return kind <= FY_KIND_BOOL ? bits[kind] : 0;
}

static const char *
why_kind(const struct fy_type *old, const struct fy_type *new)
{
	unsigned int before = bits_of(old->kind);
	unsigned int after = bits_of(new->kind);

	if (old->kind == FY_KIND_FOREIGN || new->kind == FY_KIND_FOREIGN)
		return "what a foreign type is on the wire is not known";
	if (before + after == 63)
		return "the same bytes mean another number";
	if (before && after)
		return before < after ? "old readers refuse larger values"
				      : "new readers refuse larger values";
	if (before && new->kind == FY_KIND_ENUM)
		return "new readers refuse values that are not declared";
	if (after && old->kind == FY_KIND_ENUM)
		return "old readers refuse values that are not declared";
	if (old->wire_min == old->wire_max && new->wire_min == new->wire_max &&
	    old->wire_min == new->wire_min)
		return "as many bytes, of another meaning";
	return "other bytes";
}

static void
changed_kind(struct fy_differ *d, const struct fy_use *use,
	     const struct fy_type *old, const struct fy_type *new)
{
	bool same = fy_shape_same_bool(old, new);
	struct fy_finding finding = finding_of(
		same ? FY_IMPACT_SOURCE : FY_IMPACT_WIRE,
		same ? "retyped" : "type", use);

	fy_differ_find(d, &finding, "%s is '%s', was '%s': %s", use->what,
		       spelled(d, new), spelled(d, old),
		       same ? "the same bytes" : why_kind(old, new));
}

/* string or opaque<>, *x or x<1> or a union by a bool. */
static void
compare_spellings(struct fy_differ *d, const struct fy_use *use,
		  const struct fy_type *old, const struct fy_type *new)
{
	struct fy_finding finding =
		finding_of(FY_IMPACT_SOURCE, "retyped", use);

	if (old->kind != new->kind)
		fy_differ_find(d, &finding,
			       "%s is '%s', was '%s': the same bytes",
			       use->what, spelled(d, new), spelled(d, old));
}

/* ---- names ---- */

static bool
has_type(const struct fy_names *types, const char *name)
{
	return fy_names_get(types, ferry_str_of(name)) != NULL;
}

/* Both have a name. */
static void
compare_named(struct fy_differ *d, const struct fy_use *use,
	      const struct fy_type *old, const struct fy_type *new)
{
	struct fy_finding finding;
	bool same;

	if (strcmp(old->name, new->name) == 0 ||
	    (!has_type(&d->new_types, old->name) &&
	     !has_type(&d->old_types, new->name))) {
		fy_differ_types(d, old, new);
		return;
	}
	same = fy_same_wire(d, old, new);
	finding = finding_of(same ? FY_IMPACT_SOURCE : FY_IMPACT_WIRE,
			     same ? "retyped" : "type", use);
	fy_differ_find(d, &finding, "%s is '%s', was '%s': %s", use->what,
		       new->name, old->name,
		       same ? "the same bytes"
			    : why_kind(fy_shape_base(old),
				       fy_shape_base(new)));
}

/* What was declared in place got a name, or lost it. */
static void
compare_naming(struct fy_differ *d, const struct fy_use *use,
	       const struct fy_type *old, const struct fy_type *new)
{
	struct fy_finding finding =
		finding_of(FY_IMPACT_SOURCE, "retyped", use);

	if (!is_body(fy_shape_base(old)) || !is_body(fy_shape_base(new)))
		return;
	if (new->name && !old->name)
		fy_differ_find(d, &finding,
			       "%s is '%s', was declared in place", use->what,
			       new->name);
	if (old->name && !new->name)
		fy_differ_find(d, &finding,
			       "%s is declared in place, was '%s'", use->what,
			       old->name);
}

/* Without typedefs; ends, for what has no name holds itself nowhere. */
static void
compare_shapes(struct fy_differ *d, const struct fy_use *use,
	       const struct fy_type *old, const struct fy_type *new)
{
	struct fy_shape a = fy_shape_of(old);
	struct fy_shape b = fy_shape_of(new);

	if (is_body(old) && old->kind == new->kind) {
		fy_differ_bodies(d, old, new);
		return;
	}
	if (a.kind != b.kind) {
		changed_kind(d, use, old, new);
		return;
	}
	compare_spellings(d, use, old, new);
	compare_bounds(d, use, &a, &b);
	if (a.element)
		fy_differ_use(d, use, a.element, b.element);
}

void
fy_differ_use(struct fy_differ *d, const struct fy_use *use,
	      const struct fy_type *old, const struct fy_type *new)
{
	if (old->name && new->name) {
		compare_named(d, use, old, new);
		return;
	}
	compare_naming(d, use, old, new);
	compare_shapes(d, use, fy_shape_base(old), fy_shape_base(new));
}

/* ---- the queue ---- */

void
fy_differ_types(struct fy_differ *d, const struct fy_type *old,
		const struct fy_type *new)
{
	struct fy_type_pair *pair;

	if (!fy_differ_once(d, &d->pairs, old, new))
		return;
	pair = ferry_arena_alloc(d->mem, sizeof(*pair));
	if (!pair) {
		d->err = FERRY_ENOMEM;
		return;
	}
	*pair = (struct fy_type_pair){ .types = { old, new } };
	*d->tail = pair;
	d->tail = &pair->next;
}

static void
compare_pair(struct fy_differ *d, const struct fy_type *old,
	     const struct fy_type *new)
{
	struct fy_use use = {
		.what = fy_differ_called(d, new),
		.old = &old->place,
		.new = &new->place,
		.len = strlen(new->name),
	};

	if (old->kind == FY_KIND_FOREIGN && new->kind == FY_KIND_FOREIGN)
		return;
	if (old->kind == FY_KIND_ALIAS && new->kind == FY_KIND_ALIAS)
		fy_differ_use(d, &use, old->element, new->element);
	else
		compare_shapes(d, &use, fy_shape_base(old),
			       fy_shape_base(new));
}

void
fy_differ_run(struct fy_differ *d)
{
	while (d->queue && !d->err) {
		const struct fy_type_pair *pair = d->queue;

		d->queue = pair->next;
		if (!d->queue)
			d->tail = &d->queue;
		compare_pair(d, pair->types[0], pair->types[1]);
	}
}

/* SPDX-License-Identifier: MIT */
#include "json/path.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "idl/utf8.h"
#include "json/shape.h"

/* What stands for the first steps of a path that is too long to print. */
#define CUT "..."

/*
 * What jansson and malloc(3) take on 64 bits for a small object, a small array,
 * a string without its bytes, any other value and its place in an array, and a
 * key and its place in an object.
 */
#define OBJECT_BYTES 240
#define ARRAY_BYTES 144
#define STRING_BYTES 96
#define VALUE_BYTES 48
#define KEY_BYTES 80 /* and its letters */

struct fy_json_path
fy_json_path_of(struct fy_json_fault *fault, ferry_err misfit)
{
	if (fault)
		*fault = (struct fy_json_fault){ .expected = NULL };
	return (struct fy_json_path){
		.n_empty = FY_JSON_MAX_EMPTY,
		.heap = FY_JSON_MAX_HEAP,
		.misfit = misfit,
		.fault = fault,
	};
}

/* The innermost typedef, or what is no typedef, that has a declaration. */
static const struct fy_type *
declared(const struct fy_type *type)
{
	const struct fy_type *found = NULL;

	for (; type->kind == FY_KIND_ALIAS; type = type->element)
		found = type;
	if (type->kind == FY_KIND_ENUM || type->kind == FY_KIND_STRUCT ||
	    type->kind == FY_KIND_UNION)
		return type;
	return found;
}

/* @type, or the typedef that it was reached by. */
static const struct fy_type *
known_as(const struct fy_json_path *path, const struct fy_type *type)
{
	if (path->asked && fy_json_base(path->asked) == fy_json_base(type))
		return path->asked;
	return type;
}

/* @bytes more of memory for JSON. */
static ferry_err
afford(struct fy_json_path *path, const struct fy_type *type, size_t bytes)
{
	if (bytes > path->heap)
		return fy_json_too_big(path, type,
				       "it has too many parts: as JSON it "
				       "takes more than %zu MiB of memory",
				       FY_JSON_MAX_HEAP >> 20);
	path->heap -= bytes;
	return FERRY_OK;
}

static size_t
value_bytes(const struct fy_type *type)
{
	switch (type->kind) {
	case FY_KIND_STRUCT:
	case FY_KIND_UNION:
		return OBJECT_BYTES;
	case FY_KIND_ARRAY:
	case FY_KIND_LIST:
		return ARRAY_BYTES;
	case FY_KIND_OPTIONAL:
		return fy_json_is_wrapped(type) ? ARRAY_BYTES : VALUE_BYTES;
	case FY_KIND_HYPER:
	case FY_KIND_UHYPER:
	case FY_KIND_QUADRUPLE:
	case FY_KIND_ENUM:
	case FY_KIND_STRING:
	case FY_KIND_OPAQUE:
	case FY_KIND_BYTES:
		return STRING_BYTES;
	default:
		return VALUE_BYTES;
	}
}

/* What a member of @from takes beside its value. */
static size_t
member_bytes(const struct fy_type *from, const struct fy_json_step *step)
{
	if (step->name)
		return KEY_BYTES + strlen(step->name);
	/* An item of a linked list is the object of a node. */
	return fy_json_is_chain(from) ? OBJECT_BYTES : 0;
}

ferry_err
fy_json_go(struct fy_json_path *path, const struct fy_type *from,
	   struct fy_json_step *step)
{
	ferry_err err;

	if (path->n_steps == FY_JSON_MAX_STEPS)
		return fy_json_too_big(path, from,
				       "it nests deeper than %d levels",
				       FY_JSON_MAX_STEPS);
	err = afford(path, from, member_bytes(from, step));
	if (err)
		return err;
	step->up = path->last;
	step->from = known_as(path, from);
	path->last = step;
	path->n_steps++;
	return FERRY_OK;
}

void
fy_json_back(struct fy_json_path *path)
{
	path->asked = path->last->from;
	path->last = path->last->up;
	path->n_steps--;
}

ferry_err
fy_json_arrive(struct fy_json_path *path, const struct fy_type *asked,
	       const struct fy_type **out)
{
	const struct fy_type *base = fy_json_base(asked);

	if (declared(asked))
		path->asked = asked;
	if (base->wire_min == 0 && path->n_empty-- == 0) {
		path->n_empty = 0;
		return fy_json_too_big(path, asked,
				       "more than %d items take no bytes",
				       FY_JSON_MAX_EMPTY);
	}
	*out = base;
	return afford(path, asked, value_bytes(base));
}

/* ---- what went wrong, and where ---- */

/* ".name" or "[index]". Return: its length. */
static size_t
spell(const struct fy_json_step *step, char *out, size_t room)
{
	int len = step->name ? snprintf(out, room, ".%s", step->name)
			     : snprintf(out, room, "[%zu]", step->index);

	return (size_t)len;
}

/* From the last step to the first, which is cut off if there is no room. */
static void
spell_path(const struct fy_json_path *path, char *out, size_t room)
{
	char one[sizeof(path->fault->where)];
	size_t at = room - 1;

	out[at] = '\0';
	for (const struct fy_json_step *s = path->last; s; s = s->up) {
		size_t len = spell(s, one, sizeof(one));

		if (len >= sizeof(one) || len + strlen(CUT) > at) {
			at -= strlen(CUT);
			memcpy(out + at, CUT, strlen(CUT));
			break;
		}
		at -= len;
		memcpy(out + at, one, len);
	}
	at += out[at] == '.' && strncmp(out + at, CUT, strlen(CUT)) != 0;
	memmove(out, out + at, room - at);
}

/* The declaration nearest to where a value of @type was looked for. */
static const struct fy_type *
expected(const struct fy_json_path *path, const struct fy_type *type)
{
	const struct fy_type *found = NULL;

	if (type)
		found = declared(known_as(path, type));
	if (!found && path->asked)
		found = declared(path->asked);
	for (const struct fy_json_step *s = path->last; s && !found; s = s->up)
		found = declared(s->from);
	return found;
}

/* A message has words of the value in it, whoever wrote that. */
static void
tame(char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len;) {
		size_t n = fy_utf8_shown_len(text + i, len - i);

		if (n == 0)
			text[i] = '?';
		i += n > 0 ? n : 1;
	}
}

static FY_PRINTF(3, 0) void
explain(struct fy_json_path *path, const struct fy_type *type,
	const char *format, va_list args)
{
	struct fy_json_fault *fault = path->fault;

	if (!fault)
		return;
	spell_path(path, fault->where, sizeof(fault->where));
	fault->at = path->at;
	if (vsnprintf(fault->text, sizeof(fault->text), format, args) < 0)
		fault->text[0] = '\0';
	tame(fault->text);
	fault->expected = expected(path, type);
}

ferry_err
fy_json_misfit(struct fy_json_path *path, const struct fy_type *type,
	       const char *format, ...)
{
	va_list args;

	va_start(args, format);
	explain(path, type, format, args);
	va_end(args);
	return path->misfit;
}

ferry_err
fy_json_too_big(struct fy_json_path *path, const struct fy_type *type,
		const char *format, ...)
{
	va_list args;

	va_start(args, format);
	explain(path, type, format, args);
	va_end(args);
	return FERRY_ETOOBIG;
}

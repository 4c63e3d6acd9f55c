/* SPDX-License-Identifier: MIT */
#include "wire/tirpc.h"

#include <stdlib.h>
#include <string.h>

#include <rpc/rpc.h>

/* Room for a value of any kind, as libtirpc has it in memory. */
union value {
	int word;
	u_int uword;
	quad_t hyper;
	u_quad_t uhyper;
	bool_t flag;
	enum_t choice;
	float f;
	double d;
	u_quad_t halves[2];
	char opaque[128];
	char *text;
	struct {
		char *items;
		u_int n;
	} list;
	int row[SAMPLE_ITEMS];
	int *optional;
};

static bool_t
code_text(XDR *x, char **text)
{
	return xdr_string(x, text, 99);
}

static bool_t
code_list(const struct sample *s, XDR *x, union value *v)
{
	char **items = &v->list.items;
	u_int *n = &v->list.n;

	switch (s->kind) {
	case SAMPLE_INTS:
		return xdr_array(x, items, n, SAMPLE_ITEMS, sizeof(int),
				 (xdrproc_t)xdr_int);
	case SAMPLE_HYPERS:
		return xdr_array(x, items, n, SAMPLE_ITEMS, sizeof(quad_t),
				 (xdrproc_t)xdr_hyper);
	case SAMPLE_DOUBLES:
		return xdr_array(x, items, n, SAMPLE_ITEMS, sizeof(double),
				 (xdrproc_t)xdr_double);
	case SAMPLE_STRINGS:
		return xdr_array(x, items, n, SAMPLE_ITEMS, sizeof(char *),
				 (xdrproc_t)code_text);
	default:
		return FALSE;
	}
}

static bool_t
code(const struct sample *s, XDR *x, union value *v)
{
	switch (s->kind) {
	case SAMPLE_INT:
		return xdr_int(x, &v->word);
	case SAMPLE_UINT:
		return xdr_u_int(x, &v->uword);
	case SAMPLE_HYPER:
		return xdr_hyper(x, &v->hyper);
	case SAMPLE_UHYPER:
		return xdr_u_hyper(x, &v->uhyper);
	case SAMPLE_BOOL:
		return xdr_bool(x, &v->flag);
	case SAMPLE_ENUM:
		return xdr_enum(x, &v->choice);
	case SAMPLE_FLOAT:
		return xdr_float(x, &v->f);
	case SAMPLE_DOUBLE:
		return xdr_double(x, &v->d);
	case SAMPLE_QUADRUPLE:
		/* libtirpc declares one, but does not have it. */
		return xdr_u_hyper(x, &v->halves[0]) &&
		       xdr_u_hyper(x, &v->halves[1]);
	case SAMPLE_OPAQUE:
		return xdr_opaque(x, v->opaque, s->n);
	case SAMPLE_BYTES:
		return xdr_bytes(x, &v->list.items, &v->list.n, 99);
	case SAMPLE_STRING:
		return code_text(x, &v->text);
	case SAMPLE_INT_ROW:
		return xdr_vector(x, (char *)v->row, s->n, sizeof(int),
				  (xdrproc_t)xdr_int);
	case SAMPLE_OPTIONAL:
		return xdr_pointer(x, (char **)&v->optional, sizeof(int),
				   (xdrproc_t)xdr_int);
	default:
		return code_list(s, x, v);
	}
}

static bool
is_bare(const struct sample *s)
{
	return s->kind <= SAMPLE_QUADRUPLE;
}

/* The memory of a list's items: @s as the machine has it. */
static void *
make_items(const struct sample *s)
{
	uint64_t *items = calloc(s->n + 1, sizeof(*items));

	if (!items)
		abort();
	for (uint32_t i = 0; i < s->n; i++) {
		uint64_t v = sample_item(s, i);
		uint32_t word = (uint32_t)v;
		char *text = (char *)(uintptr_t)s->text;

		if (s->kind == SAMPLE_HYPERS || s->kind == SAMPLE_DOUBLES)
			items[i] = v;
		else if (s->kind == SAMPLE_STRINGS)
			memcpy(&items[i], &text, sizeof(text));
		else
			memcpy((char *)items + 4 * i, &word, 4);
	}
	return items;
}

/* Fills @v from @s. Return: what is to be freed. */
static void *
make_value(const struct sample *s, union value *v)
{
	uint32_t word = (uint32_t)s->bits;
	void *items = NULL;

	memset(v, 0, sizeof(*v));
	if (s->kind == SAMPLE_QUADRUPLE) {
		v->halves[0] = s->bits;
		v->halves[1] = s->low;
	} else if (s->kind == SAMPLE_HYPER || s->kind == SAMPLE_UHYPER ||
		   s->kind == SAMPLE_DOUBLE) {
		memcpy(v, &s->bits, 8);
	} else if (is_bare(s)) {
		memcpy(v, &word, 4);
	} else if (s->kind == SAMPLE_OPAQUE) {
		memcpy(v->opaque, s->text, s->n);
	} else if (s->kind == SAMPLE_STRING) {
		v->text = (char *)(uintptr_t)s->text;
	} else if (s->kind == SAMPLE_BYTES) {
		v->list.items = (char *)(uintptr_t)s->text;
		v->list.n = s->n;
	} else {
		items = make_items(s);
		if (s->kind == SAMPLE_INT_ROW)
			memcpy(v->row, items, s->n * 4);
		else if (s->kind == SAMPLE_OPTIONAL)
			v->optional = s->n > 0 ? items : NULL;
		else
			v->list.items = items;
		if (s->kind != SAMPLE_INT_ROW && s->kind != SAMPLE_OPTIONAL)
			v->list.n = s->n;
	}
	return items;
}

size_t
tirpc_put(const struct sample *s, uint8_t *buf, size_t bytes)
{
	union value v;
	void *items = make_value(s, &v);
	size_t n;
	XDR x;

	xdrmem_create(&x, (char *)buf, (u_int)bytes, XDR_ENCODE);
	n = code(s, &x, &v) ? xdr_getpos(&x) : 0;
	free(items);
	return n;
}

static bool
same_strings(char **got, const struct sample *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		if (strcmp(got[i], s->text) != 0)
			return false;
	return true;
}

static bool
same(const struct sample *s, const union value *got, const union value *want)
{
	bool wide = s->kind == SAMPLE_HYPERS || s->kind == SAMPLE_DOUBLES;

	if (is_bare(s) || s->kind == SAMPLE_OPAQUE || s->kind == SAMPLE_INT_ROW)
		return memcmp(got, want, sizeof(*got)) == 0;
	if (s->kind == SAMPLE_STRING)
		return strcmp(got->text, want->text) == 0;
	if (s->kind == SAMPLE_OPTIONAL)
		return s->n > 0 ? got->optional &&
					  *got->optional == *want->optional
				: !got->optional;
	if (got->list.n != s->n)
		return false;
	if (s->kind == SAMPLE_STRINGS)
		return same_strings((char **)(void *)got->list.items, s);
	if (s->n == 0)
		return true;
	return memcmp(got->list.items, want->list.items,
		      s->kind == SAMPLE_BYTES ? s->n
					      : s->n * (wide ? 8u : 4u)) == 0;
}

bool
tirpc_get(const struct sample *s, const uint8_t *buf, size_t bytes)
{
	union value want, got;
	void *items = make_value(s, &want);
	bool ok;
	XDR x;

	memset(&got, 0, sizeof(got));
	xdrmem_create(&x, (char *)(uintptr_t)buf, (u_int)bytes, XDR_DECODE);
	ok = code(s, &x, &got) && xdr_getpos(&x) == bytes &&
	     same(s, &got, &want);
	x.x_op = XDR_FREE;
	code(s, &x, &got);
	free(items);
	return ok;
}

/* SPDX-License-Identifier: MIT */
#include "wire/hex.h"

#include <rpc/rpc.h>
#include <string.h>

/* struct file of RFC 4506 section 7. */
struct file {
	char *name;
	enum_t kind;
	char *of_kind;
	char *owner;
	char *data;
	u_int n_data;
};

static bool_t
code_kind(XDR *x, struct file *f)
{
	if (!xdr_enum(x, &f->kind))
		return FALSE;
	return f->kind == 0 || xdr_string(x, &f->of_kind, 255);
}

static bool_t
code_file(XDR *x, struct file *f)
{
	return xdr_string(x, &f->name, 255) && code_kind(x, f) &&
	       xdr_string(x, &f->owner, 32) &&
	       xdr_bytes(x, &f->data, &f->n_data, 65535);
}

union value {
	int word;
	quad_t hyper;
	char opaque[4];
	char *text;
	struct {
		char *items;
		u_int n;
	} list;
	struct file file;
};

static bool_t
code(const char *type, XDR *x, union value *v)
{
	if (strcmp(type, "int") == 0)
		return xdr_int(x, &v->word);
	if (strcmp(type, "bool") == 0)
		return xdr_bool(x, &v->word);
	if (strcmp(type, "hyper") == 0)
		return xdr_hyper(x, &v->hyper);
	if (strcmp(type, "opaque[3]") == 0)
		return xdr_opaque(x, v->opaque, 3);
	if (strcmp(type, "opaque<3>") == 0)
		return xdr_bytes(x, &v->list.items, &v->list.n, 3);
	if (strcmp(type, "string<5>") == 0)
		return xdr_string(x, &v->text, 5);
	if (strcmp(type, "int<2>") == 0)
		return xdr_array(x, &v->list.items, &v->list.n, 2, sizeof(int),
				 (xdrproc_t)xdr_int);
	if (strcmp(type, "file") == 0)
		return code_file(x, &v->file);
	return FALSE;
}

int
hex_by_tirpc(const char *type, const uint8_t *buf, size_t len, uint8_t *out)
{
	union value v;
	int n = -1;
	XDR x;

	memset(&v, 0, sizeof(v));
	xdrmem_create(&x, (char *)(uintptr_t)buf, (u_int)len, XDR_DECODE);
	if (code(type, &x, &v) && xdr_getpos(&x) == len) {
		xdrmem_create(&x, (char *)out, HEX_MOST, XDR_ENCODE);
		if (code(type, &x, &v))
			n = (int)xdr_getpos(&x);
	}
	x.x_op = XDR_FREE;
	code(type, &x, &v);
	return n;
}

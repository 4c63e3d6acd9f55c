/* SPDX-License-Identifier: MIT */
/* What most calls carry, by libtirpc and what rpcgen makes of bench.x. */
#include <stdbool.h>

#include <rpc/rpc.h>

#include "bench_tirpc.h"
#include "peer.h"

struct shapes {
	bool are_filled;
	attributes attributes;
	account account;
	lookup lookup;
	dirent entries[N_ENTRIES];
	directory directory;
	record items[N_ENTRIES];
	u_int groups[N_GROUPS];
	records records;
	tree nodes[N_TREE];
};

/* ---- the values ---- */

static char *
name_of(const struct plain_entry *e)
{
	return (char *)(uintptr_t)e->name;
}

static void
fill_attributes(attributes *a, const struct plain_entry *e)
{
	a->type = REGULAR;
	a->mode = e->mode;
	a->n_links = 1;
	a->size = e->size;
	a->used = e->size;
	a->fileid = e->id;
	a->changed[0] = (u_int)e->changed.seconds;
	a->changed[1] = e->changed.nanoseconds;
}

static void
fill_record(record *r, const struct plain_entry *e, uint32_t i)
{
	r->name = name_of(e);
	r->value.kind = (setting_kind)(i % 3);
	if (r->value.kind == NUMBER)
		r->value.setting_u.number = e->mode;
	else if (r->value.kind == TEXT)
		r->value.setting_u.text = r->name;
	else
		r->value.setting_u.flag = TRUE;
}

static void
fill_lists(struct shapes *s, const struct plain *v)
{
	for (uint32_t i = 0; i < N_ENTRIES; i++) {
		const struct plain_entry *e = &v->entries[i];

		s->entries[i].id = e->id;
		s->entries[i].name = name_of(e);
		s->entries[i].cookie = e->size;
		if (i + 1 < N_ENTRIES)
			s->entries[i].next = &s->entries[i + 1];
		fill_record(&s->items[i], e, i);
		s->items[i].groups.groups_len = N_GROUPS;
		s->items[i].groups.groups_val = s->groups;
	}
	s->directory.first = s->entries;
	s->directory.is_all = TRUE;
	s->records.items.items_len = N_ENTRIES;
	s->records.items.items_val = s->items;
}

static void
fill(struct shapes *s, const struct plain *v)
{
	found *file = &s->lookup.lookup_u.file;

	fill_attributes(&s->attributes, v->entries);
	s->account.name = name_of(&v->entries[0]);
	s->account.home = name_of(&v->entries[1]);
	s->account.quota = v->entries[0].size;
	file->handle.handle_val = (char *)(uintptr_t)v->blob;
	file->handle.handle_len = N_HANDLE;
	file->object = s->attributes;
	fill_lists(s, v);
	for (uint32_t i = 0; i < N_TREE; i++) {
		s->nodes[i].key = i;
		if (2 * i + 2 >= N_TREE)
			continue;
		s->nodes[i].left = &s->nodes[2 * i + 1];
		s->nodes[i].right = &s->nodes[2 * i + 2];
	}
	s->are_filled = true;
}

/* ---- encoding ---- */

static bool_t
put(XDR *x, struct shapes *v, enum subject s)
{
	switch (s) {
	case ATTRIBUTES:
		return xdr_attributes(x, &v->attributes);
	case ACCOUNT:
		return xdr_account(x, &v->account);
	case LOOKUP:
		return xdr_lookup(x, &v->lookup);
	case DIRENTS:
		return xdr_directory(x, &v->directory);
	case RECORDS:
		return xdr_records(x, &v->records);
	default:
		return xdr_tree(x, v->nodes);
	}
}

static size_t
encode(const struct plain *plain, enum subject s, uint8_t *buf)
{
	static struct shapes v;
	XDR x;

	if (!v.are_filled)
		fill(&v, plain);
	xdrmem_create(&x, (char *)buf, PEER_BYTES, XDR_ENCODE);
	return put(&x, &v, s) ? xdr_getpos(&x) : 0;
}

/* ---- decoding ---- */

static uint64_t
sum_attributes(const attributes *a)
{
	return a->mode + a->size + a->changed[1];
}

static uint64_t
decode_account(XDR *x)
{
	account v = { NULL, NULL, 0 };
	uint64_t sum;

	if (!xdr_account(x, &v))
		return 0;
	sum = strlen(v.name) + strlen(v.home) + v.quota;
	xdr_free((xdrproc_t)xdr_account, &v);
	return sum;
}

static uint64_t
decode_lookup(XDR *x)
{
	lookup v = { 0 };
	uint64_t sum;

	if (!xdr_lookup(x, &v))
		return 0;
	sum = v.lookup_u.file.handle.handle_len +
	      sum_attributes(&v.lookup_u.file.object);
	xdr_free((xdrproc_t)xdr_lookup, &v);
	return sum;
}

static uint64_t
decode_directory(XDR *x)
{
	directory v = { NULL, 0 };
	uint64_t sum = 0;

	if (!xdr_directory(x, &v))
		return 0;
	for (const dirent *e = v.first; e; e = e->next)
		sum += e->id + strlen(e->name) + e->cookie;
	xdr_free((xdrproc_t)xdr_directory, &v);
	return sum;
}

static uint64_t
decode_records(XDR *x)
{
	records v = { { 0, NULL } };
	uint64_t sum = 0;

	if (!xdr_records(x, &v))
		return 0;
	for (u_int i = 0; i < v.items.items_len; i++) {
		const record *r = &v.items.items_val[i];

		sum += strlen(r->name) + r->groups.groups_len + r->value.kind;
	}
	xdr_free((xdrproc_t)xdr_records, &v);
	return sum;
}

static uint64_t
sum_tree(const tree *t)
{
	return t ? t->key + sum_tree(t->left) + sum_tree(t->right) : 0;
}

static uint64_t
decode_tree(XDR *x)
{
	tree v = { 0, NULL, NULL };
	uint64_t sum;

	if (!xdr_tree(x, &v))
		return 0;
	sum = sum_tree(&v);
	xdr_free((xdrproc_t)xdr_tree, &v);
	return sum;
}

static uint64_t
decode(enum subject s, const uint8_t *buf, size_t len)
{
	attributes a;
	XDR x;

	xdrmem_create(&x, (char *)(uintptr_t)buf, (u_int)len, XDR_DECODE);
	switch (s) {
	case ATTRIBUTES:
		return xdr_attributes(&x, &a) ? sum_attributes(&a) : 0;
	case ACCOUNT:
		return decode_account(&x);
	case LOOKUP:
		return decode_lookup(&x);
	case DIRENTS:
		return decode_directory(&x);
	case RECORDS:
		return decode_records(&x);
	default:
		return decode_tree(&x);
	}
}

const struct peer shapes_tirpc = {
	.name = "libtirpc",
	.encode = encode,
	.decode = decode,
};

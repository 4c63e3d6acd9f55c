/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as each class of XDR type. The first byte of the input chooses the
 * class, the rest is the wire. What is accepted must be written again as the
 * same bytes: XDR has one encoding of each value, and ferry accepts no other.
 */
#include <ferry/xdr.h>

#include <stdlib.h>

#include "target.h"

struct entry {
	uint64_t id;
	struct ferry_str name; /* at most 12 bytes */
	bool is_dir;
	uint8_t tag[3];
	struct ferry_bytes data;
};

/* struct node { int value; node kids<>; node *next; }: a tree of lists. */
struct node {
	int32_t value;
	uint32_t n_kids;
	struct node *kids;
	struct node *next;
};

/* Room for a value of any class. */
union value {
	uint8_t opaque[5];
	struct ferry_bytes bytes;
	struct ferry_str str;
	struct {
		uint32_t n;
		void *items;
	} list;
	struct {
		float f;
		double d;
		struct ferry_quadruple q;
	} floating;
	struct node node;
};

/* ---- fixed items ---- */

static void
get_floating(struct ferry_decoder *d, union value *v)
{
	const uint8_t *p = ferry_get_run(d, 28);

	if (!p)
		return;
	ferry_load_f32(p, &v->floating.f);
	ferry_load_f64(p + 4, &v->floating.d);
	ferry_load_quadruple(p + 12, &v->floating.q);
}

static void
put_floating(struct ferry_encoder *e, const union value *v)
{
	uint8_t *p = ferry_put_run(e, 28);

	if (!p)
		return;
	ferry_store_f32(p, &v->floating.f);
	ferry_store_f64(p + 4, &v->floating.d);
	ferry_store_quadruple(p + 12, &v->floating.q);
}

static void
get_opaque(struct ferry_decoder *d, union value *v)
{
	ferry_get_opaque(d, v->opaque, 5);
}

static void
put_opaque(struct ferry_encoder *e, const union value *v)
{
	ferry_put_opaque(e, v->opaque, 5);
}

/* ---- opaque<20>, string<> ---- */

static void
get_bytes(struct ferry_decoder *d, union value *v)
{
	v->bytes = ferry_get_bytes(d, 20);
}

static void
put_bytes(struct ferry_encoder *e, const union value *v)
{
	ferry_put_bytes(e, v->bytes, 20);
}

static void
get_str(struct ferry_decoder *d, union value *v)
{
	v->str = ferry_get_str(d, UINT32_MAX);
}

static void
put_str(struct ferry_encoder *e, const union value *v)
{
	ferry_put_str(e, v->str, UINT32_MAX);
}

/* ---- int<>, hyper<10>, entry<>, and a list of nothings ---- */

static void
get_ints(struct ferry_decoder *d, union value *v)
{
	v->list.n = ferry_get_count(d, UINT32_MAX, 4);
	v->list.items = ferry_get_memory(d, v->list.n, 4);
	ferry_get_u32s(d, v->list.items, v->list.n);
}

static void
put_ints(struct ferry_encoder *e, const union value *v)
{
	ferry_put_count(e, v->list.n, UINT32_MAX);
	ferry_put_u32s(e, v->list.items, v->list.n);
}

static void
get_hypers(struct ferry_decoder *d, union value *v)
{
	v->list.n = ferry_get_count(d, 10, 8);
	v->list.items = ferry_get_memory(d, v->list.n, 8);
	ferry_get_u64s(d, v->list.items, v->list.n);
}

static void
put_hypers(struct ferry_encoder *e, const union value *v)
{
	ferry_put_count(e, v->list.n, 10);
	ferry_put_u64s(e, v->list.items, v->list.n);
}

static void
get_entry(struct ferry_decoder *d, struct entry *v)
{
	const uint8_t *p = ferry_get_run(d, 8);

	if (!p)
		return;
	v->id = ferry_load_u64(p);
	v->name = ferry_get_str(d, 12);
	p = ferry_get_run(d, 4);
	if (!p)
		return;
	v->is_dir = ferry_load_bool(d, p);
	ferry_get_opaque(d, v->tag, 3);
	v->data = ferry_get_bytes(d, UINT32_MAX);
}

static void
put_entry(struct ferry_encoder *e, const struct entry *v)
{
	uint8_t *p = ferry_put_run(e, 8 + 4 + ferry_padded(v->name.len) + 4);

	if (!p)
		return;
	ferry_store_u64(p, v->id);
	p = ferry_store_str(p + 8, v->name);
	ferry_store_u32(p, v->is_dir);
	ferry_put_opaque(e, v->tag, 3);
	ferry_put_bytes(e, v->data, UINT32_MAX);
}

static void
get_entries(struct ferry_decoder *d, union value *v)
{
	uint32_t n = ferry_get_count(d, UINT32_MAX, 24);
	struct entry *items = ferry_get_memory(d, n, sizeof(*items));

	v->list.items = items;
	v->list.n = items ? n : 0;
	for (uint32_t i = 0; i < v->list.n && !d->err; i++)
		get_entry(d, &items[i]);
}

static void
put_entries(struct ferry_encoder *e, const union value *v)
{
	const struct entry *items = v->list.items;

	ferry_put_count(e, v->list.n, UINT32_MAX);
	for (uint32_t i = 0; i < v->list.n && !e->err; i++)
		put_entry(e, &items[i]);
}

static void
get_nothings(struct ferry_decoder *d, union value *v)
{
	v->list.n = ferry_get_count(d, UINT32_MAX, 0);
	v->list.items = ferry_get_memory(d, v->list.n, 1);
}

static void
put_nothings(struct ferry_encoder *e, const union value *v)
{
	ferry_put_count(e, v->list.n, UINT32_MAX);
}

/* ---- a recursive type: by levels through kids, in a loop through next ---- */

static void get_node(struct ferry_decoder *d, struct node *v);
static void put_node(struct ferry_encoder *e, const struct node *v);

static void
get_one_node(struct ferry_decoder *d, struct node *v)
{
	const uint8_t *p = ferry_get_run(d, 4);
	uint32_t n;

	if (!p)
		return;
	v->value = (int32_t)ferry_load_u32(p);
	n = ferry_get_count(d, UINT32_MAX, 12);
	v->kids = ferry_get_memory(d, n, sizeof(*v->kids));
	v->n_kids = v->kids ? n : 0;
	for (uint32_t i = 0; i < v->n_kids && !d->err; i++)
		get_node(d, &v->kids[i]);
}

/* Return: the node behind @v, with memory, or NULL. */
static struct node *
get_next(struct ferry_decoder *d, struct node *v)
{
	const uint8_t *p = ferry_get_run(d, 4);

	if (p && ferry_load_bool(d, p))
		v->next = ferry_get_memory(d, 1, sizeof(*v));
	return v->next;
}

static void
get_node(struct ferry_decoder *d, struct node *v)
{
	if (!ferry_get_enter(d))
		return;
	for (; v && !d->err; v = get_next(d, v))
		get_one_node(d, v);
	ferry_get_leave(d);
}

static void
put_node(struct ferry_encoder *e, const struct node *v)
{
	uint8_t *p;

	if (!ferry_put_enter(e))
		return;
	for (; v; v = v->next) {
		p = ferry_put_run(e, 8);
		if (!p)
			return;
		ferry_store_u32(p, (uint32_t)v->value);
		ferry_store_u32(p + 4, v->n_kids);
		for (uint32_t i = 0; i < v->n_kids; i++)
			put_node(e, &v->kids[i]);
		p = ferry_put_run(e, 4);
		if (p)
			ferry_store_u32(p, v->next != NULL);
	}
	ferry_put_leave(e);
}

static void
get_tree(struct ferry_decoder *d, union value *v)
{
	get_node(d, &v->node);
}

static void
put_tree(struct ferry_encoder *e, const union value *v)
{
	put_node(e, &v->node);
}

/* ---- the target ---- */

static const struct {
	void (*get)(struct ferry_decoder *d, union value *v);
	void (*put)(struct ferry_encoder *e, const union value *v);
} classes[] = {
	{ get_floating, put_floating }, { get_opaque, put_opaque },
	{ get_bytes, put_bytes },	{ get_str, put_str },
	{ get_ints, put_ints },		{ get_hypers, put_hypers },
	{ get_entries, put_entries },	{ get_nothings, put_nothings },
	{ get_tree, put_tree },
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* What was accepted is written again into exactly its room, and into less. */
static void
write_again(size_t class, const union value *v, const uint8_t *wire, size_t len)
{
	uint8_t *room = malloc(len);
	struct ferry_encoder e = ferry_encoder_on(room, len);

	must(room != NULL);
	memset(room, 0xee, len);
	classes[class].put(&e, v);
	must(e.err == FERRY_OK && e.at == e.end);
	must(memcmp(room, wire, len) == 0);

	e = ferry_encoder_on(room, len - 1);
	classes[class].put(&e, v);
	must(e.err == FERRY_ETOOBIG && e.at == e.end);
	free(room);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ferry_arena mem = { 0 };
	struct ferry_decoder d;
	union value v;
	size_t class;

	if (size == 0)
		return 0;
	class = data[0] % (sizeof(classes) / sizeof(classes[0]));
	memset(&v, 0, sizeof(v));
	d = ferry_decoder_on(data + 1, size - 1, &mem);
	classes[class].get(&d, &v);
	must(d.err == FERRY_OK || d.at == d.end);
	if (ferry_get_end(&d) == FERRY_OK)
		write_again(class, &v, data + 1, size - 1);
	ferry_arena_fini(&mem);
	return 0;
}

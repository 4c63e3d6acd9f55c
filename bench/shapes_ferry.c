/* SPDX-License-Identifier: MIT */
/* What most calls carry, by the code that ferry makes of bench.x. */
#include <ferry/xdr.h>

#include "bench.h"
#include "peer.h"

struct shapes {
	bool are_filled;
	struct attributes attributes;
	struct account account;
	struct lookup lookup;
	struct found found;
	struct dirent entries[N_ENTRIES];
	struct directory directory;
	struct record items[N_ENTRIES];
	uint32_t groups[N_GROUPS];
	struct records records;
	struct tree nodes[N_TREE];
};

/* ---- the values ---- */

static void
fill_attributes(struct attributes *a, const struct plain_entry *e)
{
	a->type = REGULAR;
	a->mode = e->mode;
	a->n_links = 1;
	a->size = e->size;
	a->used = e->size;
	a->fileid = e->id;
	a->changed[0] = (uint32_t)e->changed.seconds;
	a->changed[1] = e->changed.nanoseconds;
}

static void
fill_record(struct record *r, const struct plain_entry *e, uint32_t i)
{
	r->name = ferry_str_of(e->name);
	r->value.kind = (enum setting_kind)(i % 3);
	if (r->value.kind == NUMBER)
		r->value.u.number = e->mode;
	else if (r->value.kind == TEXT)
		r->value.u.text = r->name;
	else
		r->value.u.flag = true;
}

static void
fill_lists(struct shapes *s, const struct plain *v)
{
	for (uint32_t i = 0; i < N_ENTRIES; i++) {
		const struct plain_entry *e = &v->entries[i];

		s->entries[i].id = e->id;
		s->entries[i].name = ferry_str_of(e->name);
		s->entries[i].cookie = e->size;
		if (i + 1 < N_ENTRIES)
			s->entries[i].next = &s->entries[i + 1];
		fill_record(&s->items[i], e, i);
		s->items[i].n_groups = N_GROUPS;
		s->items[i].groups = s->groups;
	}
	s->directory.first = s->entries;
	s->directory.is_all = true;
	s->records.n_items = N_ENTRIES;
	s->records.items = s->items;
}

static void
fill(struct shapes *s, const struct plain *v)
{
	fill_attributes(&s->attributes, v->entries);
	s->account.name = ferry_str_of(v->entries[0].name);
	s->account.home = ferry_str_of(v->entries[1].name);
	s->account.quota = v->entries[0].size;
	s->found.handle.data = v->blob;
	s->found.handle.len = N_HANDLE;
	s->found.object = s->attributes;
	s->lookup.u.file = &s->found;
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

static size_t
size_of(const struct shapes *v, enum subject s)
{
	switch (s) {
	case ATTRIBUTES:
		return attributes_size(&v->attributes);
	case ACCOUNT:
		return account_size(&v->account);
	case LOOKUP:
		return lookup_size(&v->lookup);
	case DIRENTS:
		return directory_size(&v->directory);
	case RECORDS:
		return records_size(&v->records);
	default:
		return tree_size(v->nodes);
	}
}

static size_t
encode(const struct plain *plain, enum subject s, uint8_t *buf)
{
	static struct shapes v;
	struct ferry_encoder e;
	size_t bytes;

	if (!v.are_filled)
		fill(&v, plain);
	bytes = size_of(&v, s);
	if (bytes > PEER_BYTES)
		return 0;
	e = ferry_encoder_on(buf, bytes);
	if (s == ATTRIBUTES)
		attributes_put(&e, &v.attributes);
	else if (s == ACCOUNT)
		account_put(&e, &v.account);
	else if (s == LOOKUP)
		lookup_put(&e, &v.lookup);
	else if (s == DIRENTS)
		directory_put(&e, &v.directory);
	else if (s == RECORDS)
		records_put(&e, &v.records);
	else
		tree_put(&e, v.nodes);
	return e.err ? 0 : bytes;
}

/* ---- decoding ---- */

static uint64_t
sum_attributes(const struct attributes *a)
{
	return a->mode + a->size + a->changed[1];
}

static uint64_t
sum_directory(const struct directory *all)
{
	uint64_t sum = 0;

	for (const struct dirent *e = all->first; e; e = e->next)
		sum += e->id + e->name.len + e->cookie;
	return sum;
}

static uint64_t
sum_records(const struct records *all)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < all->n_items; i++)
		sum += all->items[i].name.len + all->items[i].n_groups +
		       all->items[i].value.kind;
	return sum;
}

static uint64_t
sum_tree(const struct tree *t)
{
	return t ? t->key + sum_tree(t->left) + sum_tree(t->right) : 0;
}

static uint64_t
decode_single(struct ferry_decoder *d, enum subject s)
{
	struct attributes attributes;
	struct account account;
	struct lookup lookup;

	if (s == ATTRIBUTES) {
		attributes_get(d, &attributes);
		return ferry_get_end(d) ? 0 : sum_attributes(&attributes);
	}
	if (s == ACCOUNT) {
		account_get(d, &account);
		return ferry_get_end(d) ? 0
					: account.name.len + account.home.len +
						  account.quota;
	}
	lookup_get(d, &lookup);
	if (ferry_get_end(d))
		return 0;
	return lookup.u.file->handle.len +
	       sum_attributes(&lookup.u.file->object);
}

static uint64_t
decode_many(struct ferry_decoder *d, enum subject s)
{
	struct directory directory;
	struct records records;
	struct tree tree;

	if (s == DIRENTS) {
		directory_get(d, &directory);
		return ferry_get_end(d) ? 0 : sum_directory(&directory);
	}
	if (s == RECORDS) {
		records_get(d, &records);
		return ferry_get_end(d) ? 0 : sum_records(&records);
	}
	tree_get(d, &tree);
	return ferry_get_end(d) ? 0 : sum_tree(&tree);
}

static uint64_t
decode(enum subject s, const uint8_t *buf, size_t len)
{
	static struct ferry_arena mem;
	struct ferry_decoder d = ferry_decoder_on(buf, len, &mem);
	uint64_t sum = s <= LOOKUP ? decode_single(&d, s)
				   : decode_many(&d, s);

	ferry_arena_reset(&mem);
	return sum;
}

const struct peer shapes_ferry = {
	.name = "ferry",
	.encode = encode,
	.decode = decode,
};

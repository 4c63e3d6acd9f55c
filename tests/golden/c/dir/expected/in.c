/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

static size_t
size_entry(const void *items, size_t n)
{
	const struct entry *v = items;
	size_t bytes = n * 12;

	for (; n > 0; n--, v++) {
		bytes += (size_t)ferry_padded(v->name.len);
	}
	return bytes;
}

static void
put_entry(struct ferry_encoder *e, const void *items, size_t n)
{
	const struct entry *v = items;
	struct ferry_str s0;
	uint8_t *p;

	for (; n > 0; n--, v++) {
		s0 = v->name;
		if (s0.len > MAXNAME)
			goto bad;
		p = ferry_put_run(e, 12 + ferry_padded(s0.len));
		if (!p)
			return;
		ferry_store_u64(p, v->id);
		ferry_store_str(p + 8, s0);
	}
	return;

bad:
	ferry_put_fail(e, FERRY_EENCODE);
}

static void
get_entry(struct ferry_decoder *d, void *items, size_t n)
{
	struct entry *v = items;
	const uint8_t *p;

	for (; n > 0; n--, v++) {
		p = ferry_get_run(d, 8);
		if (!p)
			return;
		v->id = ferry_load_u64(p);
		v->name = ferry_get_str(d, MAXNAME);
	}
}

static const struct ferry_code entry_code = {
	size_entry, put_entry, get_entry,
};

const struct ferry_codec entry_codec = {
	sizeof(struct entry), 12, 0, false, false, { .code = &entry_code },
};

static const struct ferry_row path_rows[] = {
	{ FERRY_KIND_STRING, 0, 1024, { NULL } },
};

const struct ferry_codec path_codec = {
	sizeof(struct ferry_str), 4, 1, false, false, { path_rows },
};

static const struct ferry_row listing_rows[] = {
	{ FERRY_KIND_LIST, offsetof(struct listing, items), UINT32_MAX,
	 { &entry_codec } },
	{ FERRY_KIND_COUNT, offsetof(struct listing, n_items), 0, { NULL } },
};

const struct ferry_codec listing_codec = {
	sizeof(struct listing), 4, 2, false, false, { listing_rows },
};

static const struct ferry_procedure dir_1_procedures[] = {
	{ 1, offsetof(struct dir_1_ops, list), "LIST", &path_codec,
	 &listing_codec },
};

FERRY_COLD static ferry_err
enter_dir_1(struct ferry_call *call, uint32_t procedure, const void *handlers,
	    const void *args, void *out)
{
	const struct dir_1_ops *ops = handlers;

	switch (procedure) {
	case 1: {
		struct ferry_str const *p = args;

		return ops->list(call, *p, out);
	}
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version dir_1_version = {
	"DIR", 0x20000001, 1, 1, dir_1_procedures, ferry_stub_serve,
		enter_dir_1,
};

ferry_err
dir_1_serve(struct ferry_server *server, const struct dir_1_ops *ops, void *ctx)
{
	return ferry_server_add(server, &dir_1_version, ops, ctx);
}

FERRY_COLD ferry_err
list_1_reply(struct ferry_call *call, const struct listing *out)
{
	return ferry_stub_reply(call, out, &dir_1_version, 1);
}

FERRY_COLD ferry_err
list_1(struct ferry_call *call, struct ferry_str path, struct listing *out)
{
	return ferry_stub_call(call, &path, out, &dir_1_version, 1);
}

FERRY_COLD ferry_err
list_1_start(struct ferry_call *call, struct ferry_str path)
{
	return ferry_stub_start(call, &path, &dir_1_version, 1);
}

FERRY_COLD ferry_err
list_1_finish(struct ferry_call *call, struct listing *out)
{
	return ferry_stub_finish(call, out, &dir_1_version, 1);
}

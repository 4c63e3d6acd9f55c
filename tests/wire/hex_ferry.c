/* SPDX-License-Identifier: MIT */
#include "wire/hex.h"

#include <string.h>

#include <ferry/xdr.h>

/* One direction each, over one and the same decoder and encoder. */
struct pass {
	struct ferry_decoder d;
	struct ferry_encoder e;
};

static uint32_t
pass_word(struct pass *x)
{
	const uint8_t *from = ferry_get_run(&x->d, 4);
	uint8_t *to = ferry_put_run(&x->e, 4);

	if (!from || !to)
		return 0;
	ferry_store_u32(to, ferry_load_u32(from));
	return ferry_load_u32(from);
}

static void
pass_int(struct pass *x)
{
	(void)pass_word(x);
}

static void
pass_bool(struct pass *x)
{
	const uint8_t *from = ferry_get_run(&x->d, 4);
	uint8_t *to = ferry_put_run(&x->e, 4);

	if (from && to)
		ferry_store_u32(to, ferry_load_bool(&x->d, from));
}

static void
pass_hyper(struct pass *x)
{
	const uint8_t *from = ferry_get_run(&x->d, 8);
	uint8_t *to = ferry_put_run(&x->e, 8);

	if (from && to)
		ferry_store_u64(to, ferry_load_u64(from));
}

static void
pass_fixed(struct pass *x)
{
	uint8_t v[3];

	ferry_get_opaque(&x->d, v, 3);
	ferry_put_opaque(&x->e, v, 3);
}

static void
pass_bytes(struct pass *x)
{
	ferry_put_bytes(&x->e, ferry_get_bytes(&x->d, 3), 3);
}

static void
pass_string(struct pass *x)
{
	ferry_put_str(&x->e, ferry_get_str(&x->d, 5), 5);
}

static void
pass_ints(struct pass *x)
{
	int32_t v[2];
	uint32_t n = ferry_get_count(&x->d, 2, 4);

	ferry_get_u32s(&x->d, v, n);
	ferry_put_count(&x->e, n, 2);
	if (!x->d.err)
		ferry_put_u32s(&x->e, v, n);
}

/* struct file of RFC 4506 section 7. */
static void
pass_file(struct pass *x)
{
	uint32_t kind;

	ferry_put_str(&x->e, ferry_get_str(&x->d, 255), 255);
	kind = pass_word(x);
	if (kind > 2)
		ferry_get_fail(&x->d, FERRY_EDECODE);
	else if (kind > 0)
		ferry_put_str(&x->e, ferry_get_str(&x->d, 255), 255);
	ferry_put_str(&x->e, ferry_get_str(&x->d, 32), 32);
	ferry_put_bytes(&x->e, ferry_get_bytes(&x->d, 65535), 65535);
}

static const struct {
	const char *name;
	void (*pass)(struct pass *x);
} types[] = {
	{ "int", pass_int },	     { "bool", pass_bool },
	{ "hyper", pass_hyper },     { "opaque[3]", pass_fixed },
	{ "opaque<3>", pass_bytes }, { "string<5>", pass_string },
	{ "int<2>", pass_ints },     { "file", pass_file },
};

int
hex_by_ferry(const char *type, const uint8_t *buf, size_t len, uint8_t *out)
{
	struct pass x = { ferry_decoder_on(buf, len, NULL),
			  ferry_encoder_on(out, HEX_MOST) };
	size_t i = 0;

	while (i < sizeof(types) / sizeof(types[0]) &&
	       strcmp(type, types[i].name) != 0)
		i++;
	if (i == sizeof(types) / sizeof(types[0]))
		return -2;
	types[i].pass(&x);
	if (ferry_get_end(&x.d) || x.e.err)
		return -1;
	return (int)(x.e.at - out);
}

/* SPDX-License-Identifier: MIT */
/*
 * Lines of TYPE, HEX and more: ferry's C reads the value and writes it again.
 * What it writes for the types that have a codec is printed.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ferry/ferry.h>

#include "dialect.h"

#define ROOM 4096

struct one {
	const char *type;
	const struct ferry_codec *codec;
};

static const struct one all[] = {
	{ "small", &small_codec },	 { "packed", &packed_codec },
	{ "wide", &wide_codec },	 { "nothing", &nothing_codec },
	{ "by_hyper", &by_hyper_codec }, { "by_uhyper", &by_uhyper_codec },
	{ "by_char", &by_char_codec },	 { "by_uchar", &by_uchar_codec },
	{ "by_short", &by_short_codec }, { "by_ushort", &by_ushort_codec },
	{ "by_unsigned", &by_unsigned_codec },
	{ "by_bool", &by_bool_codec },	 { "by_level", &by_level_codec },
	{ "node", &node_codec },	 { "level", &level_codec },
};

static const struct one *
find(const char *type)
{
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (strcmp(all[i].type, type) == 0)
			return &all[i];
	}
	return NULL;
}

/* Reads hex digits; returns how many bytes they are. */
static size_t
unhex(const char *text, uint8_t *room)
{
	size_t n = 0;
	unsigned octet;

	while (n < ROOM && sscanf(text + 2 * n, "%2x", &octet) == 1)
		room[n++] = (uint8_t)octet;
	return n;
}

/* Return: how many bytes there are in @out; 0: what was wrong is said. */
static size_t
again(const struct one *one, const uint8_t *in, size_t n, uint8_t *out)
{
	const struct ferry_codec *codec = one->codec;
	struct ferry_arena mem = { 0 };
	struct ferry_decoder d = ferry_decoder_on(in, n, &mem);
	struct ferry_encoder e = ferry_encoder_on(out, ROOM);
	void *value = ferry_arena_alloc(&mem, codec->bytes);
	size_t written = 0;

	if (!value)
		return 0;
	memset(value, 0, codec->bytes);
	ferry_codec_get(&d, value, codec);
	if (ferry_get_end(&d) != FERRY_OK) {
		fprintf(stderr, "%s: is not read\n", one->type);
	} else {
		n = ferry_codec_size(value, codec);
		ferry_codec_put(&e, value, codec);
		written = e.err ? 0 : (size_t)(e.at - out);
		if (written == 0 || written != n)
			fprintf(stderr, "%s: is not written\n", one->type);
	}
	ferry_arena_fini(&mem);
	return written;
}

int
main(void)
{
	char line[3 * ROOM], type[64], hex[2 * ROOM + 1];
	uint8_t in[ROOM], out[ROOM];

	while (fgets(line, sizeof(line), stdin)) {
		const struct one *one;
		size_t n;

		if (sscanf(line, "%63s %8192s", type, hex) != 2)
			return 1;
		one = find(type);
		if (!one)
			continue;
		n = again(one, in, unhex(hex, in), out);
		printf("%s ", type);
		for (size_t i = 0; i < n; i++)
			printf("%02x", out[i]);
		putchar('\n');
	}
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* interop-ferry serve ADDR | call ADDR SERVER | make | check */
#include <stdio.h>
#include <string.h>

#include <ferry/xdr.h>

#include "values.h"
#include "wire.h"

static size_t
encode(uint32_t number, uint8_t *buf)
{
	struct ferry_encoder e = ferry_encoder_on(buf, WIRE_MAX);
	struct everything v;
	struct seq s;
	size_t n;

	memset(&v, 0, sizeof(v));
	seq_init(&s, number, false);
	walk_everything(&s, &v);
	everything_put(&e, &v);
	n = (size_t)(e.at - buf);
	if (e.err || n != everything_size(&v)) {
		fprintf(stderr, "%s, or not %zu bytes\n", ferry_strerror(e.err),
			everything_size(&v));
		n = 0;
	}
	seq_fini(&s);
	return n;
}

static bool
decode(uint32_t number, const uint8_t *buf, size_t bytes)
{
	struct ferry_arena mem = { 0 };
	struct ferry_decoder d = ferry_decoder_on(buf, bytes, &mem);
	struct everything v;
	struct seq s;
	bool ok;

	memset(&v, 0, sizeof(v));
	everything_get(&d, &v);
	ok = ferry_get_end(&d) == FERRY_OK;
	if (!ok)
		fprintf(stderr, "ferry cannot decode value %u: %s\n", number,
			ferry_strerror(d.err));
	seq_init(&s, number, true);
	if (ok)
		walk_everything(&s, &v);
	if (s.differs[0])
		fprintf(stderr, "value %u: %s differs\n", number, s.differs);
	ok = ok && !s.differs[0];
	seq_fini(&s);
	ferry_arena_fini(&mem);
	return ok;
}

int
main(int argc, char **argv)
{
	const struct wire_codec codec = { encode, decode };

	if (argc == 3 && strcmp(argv[1], "serve") == 0)
		return ferry_serve(argv[2]);
	if (argc == 4 && strcmp(argv[1], "call") == 0)
		return ferry_call_all(argv[2], strstr(argv[3], "tirpc")) != 0;
	if (argc == 2 && strcmp(argv[1], "make") == 0)
		return wire_make(&codec, stdout);
	if (argc == 2 && strcmp(argv[1], "check") == 0)
		return wire_check(&codec, stdin);
	return 2;
}

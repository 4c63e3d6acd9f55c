/* SPDX-License-Identifier: MIT */
/*
 * Built for another processor: reads the lines of vectors.c from standard
 * input, and compares what ferry writes and reads here with them.
 */
#include <stdio.h>
#include <string.h>

#include "wire/sample.h"

#define LINE (2 * SAMPLE_MOST + 2)

/* Return: bytes; 0 if @line is not a line of hex. */
static size_t
from_hex(const char *line, uint8_t *out)
{
	size_t len = strcspn(line, "\n");

	if (len % 2 != 0)
		return 0;
	for (size_t i = 0; i < len; i += 2) {
		unsigned v;

		if (sscanf(line + i, "%2x", &v) != 1)
			return 0;
		out[i / 2] = (uint8_t)v;
	}
	return len / 2;
}

static bool
same(const struct sample *s, const uint8_t *want, size_t n)
{
	uint8_t ours[SAMPLE_MOST];
	struct ferry_encoder e = ferry_encoder_on(ours, sizeof(ours));
	struct ferry_decoder d = ferry_decoder_on(want, n, NULL);

	sample_put(s, &e);
	if (e.err || (size_t)(e.at - ours) != n || memcmp(ours, want, n) != 0) {
		fprintf(stderr, "%s: written otherwise than by libtirpc\n",
			s->name);
		return false;
	}
	if (!sample_get(s, &d) || ferry_get_end(&d)) {
		fprintf(stderr, "%s: read otherwise than written\n", s->name);
		return false;
	}
	return true;
}

int
main(void)
{
	static char line[LINE];
	uint8_t want[SAMPLE_MOST];
	size_t i = 0;

	for (; i < n_samples && fgets(line, sizeof(line), stdin); i++) {
		size_t n = from_hex(line, want);

		if (n == 0 || !same(&samples[i], want, n))
			return 1;
	}
	printf("%zu of %zu samples are the same\n", i, n_samples);
	return i == n_samples && i > 0 ? 0 : 1;
}

/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <stdlib.h>
#include <string.h>

#include "seq.h"

int
wire_make(const struct wire_codec *codec, FILE *out)
{
	static uint8_t buf[WIRE_MAX];

	for (uint32_t number = 0; number < SEQ_SAMPLES; number++) {
		size_t n = codec->encode(number, buf);

		if (n == 0) {
			fprintf(stderr, "value %u has no encoding\n", number);
			return 1;
		}
		fprintf(out, "%u ", number);
		for (size_t i = 0; i < n; i++)
			fprintf(out, "%02x", buf[i]);
		fputc('\n', out);
	}
	return ferror(out) != 0;
}

/* Turns hex into bytes; returns how many. */
static size_t
unhex(const char *text, uint8_t *buf)
{
	size_t n = 0;
	unsigned octet;

	while (n < WIRE_MAX && sscanf(text + 2 * n, "%2x", &octet) == 1)
		buf[n++] = (uint8_t)octet;
	return n;
}

int
wire_check(const struct wire_codec *codec, FILE *in)
{
	static uint8_t buf[WIRE_MAX];
	char *line = NULL;
	size_t room = 0;
	uint32_t number;
	uint32_t seen = 0;
	int wrong = 0;

	while (getline(&line, &room, in) > 0) {
		char *hex = strchr(line, ' ');

		if (!hex || sscanf(line, "%u", &number) != 1)
			break;
		if (!codec->decode(number, buf, unhex(hex + 1, buf)))
			wrong++;
		seen++;
	}
	free(line);
	if (seen != SEQ_SAMPLES)
		fprintf(stderr, "%u values, not %u\n", seen, SEQ_SAMPLES);
	return wrong != 0 || seen != SEQ_SAMPLES;
}

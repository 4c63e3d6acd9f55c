/* SPDX-License-Identifier: MIT */
/*
 * What gets into the FIFO of a listener of fifo:. The first byte says how many
 * come at a time: that changes nothing of what is found. No hello that was
 * written whole behind what is no hello is lost.
 */
#include "transport/fifo/hello.h"

#include <stdlib.h>
#include <string.h>

#include "target.h"

#define FOUND_MOST 64

struct found {
	size_t n;
	uint8_t ids[FOUND_MOST][FY_HELLO_ID];
};

/* All are taken for true, or all for false. */
static void
read_all(const uint8_t *data, size_t size, size_t step, struct found *out)
{
	struct fy_hello hello = { .have = 0 };
	uint8_t id[FY_HELLO_ID];

	out->n = 0;
	for (;;) {
		size_t room;

		while (fy_hello_ready(&hello, id)) {
			if (out->n < FOUND_MOST)
				memcpy(out->ids[out->n++], id, sizeof(id));
			fy_hello_reject(&hello);
		}
		room = FY_HELLO_BYTES - hello.have;
		if (hello.have >= FY_HELLO_BYTES)
			abort();
		if (size == 0)
			return;
		room = room < step ? room : step;
		room = room < size ? room : size;
		memcpy(hello.buf + hello.have, data, room);
		hello.have += room;
		data += room;
		size -= room;
	}
}

/* A true hello behind the bytes is the last that is found. */
static void
check_next(const uint8_t *data, size_t size, size_t step)
{
	static const uint8_t id[FY_HELLO_ID] = { 0xfe, 1, 2 };
	struct fy_hello true_one;
	struct found found;
	uint8_t *all = malloc(size + FY_HELLO_BYTES);

	if (!all)
		return;
	fy_hello_make(&true_one, id);
	if (size > 0)
		memcpy(all, data, size);
	memcpy(all + size, true_one.buf, FY_HELLO_BYTES);
	read_all(all, size + FY_HELLO_BYTES, step, &found);
	free(all);
	if (found.n == 0 || (found.n < FOUND_MOST &&
			     memcmp(found.ids[found.n - 1], id, sizeof(id))))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct found at_once, in_steps;
	size_t step;

	if (size == 0)
		return 0;
	step = 1 + data[0] % FY_HELLO_BYTES;
	read_all(data + 1, size - 1, FY_HELLO_BYTES, &at_once);
	read_all(data + 1, size - 1, step, &in_steps);
	if (at_once.n != in_steps.n ||
	    memcmp(at_once.ids, in_steps.ids, at_once.n * FY_HELLO_ID) != 0)
		abort();
	check_next(data + 1, size - 1, step);
	return 0;
}

/* SPDX-License-Identifier: MIT */
#include "transport/fifo/hello.h"

#include <string.h>

static const uint8_t magic[8] = { 'F', 'Y', 'f', 'i', 'f', 'o', '1', '\n' };

#define SUM_AT (sizeof(magic) + FY_HELLO_ID)

uint64_t
fy_hello_sum(const uint8_t *buf, size_t bytes)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < bytes; i++)
		sum = (sum ^ buf[i]) * UINT64_C(0x100000001b3);
	return sum;
}

/* That of all before it. */
static void
put_sum(const uint8_t *buf, uint8_t out[8])
{
	uint64_t sum = fy_hello_sum(buf, SUM_AT);

	for (int i = 7; i >= 0; i--, sum >>= 8)
		out[i] = (uint8_t)sum;
}

void
fy_hello_make(struct fy_hello *out, const uint8_t id[FY_HELLO_ID])
{
	memcpy(out->buf, magic, sizeof(magic));
	memcpy(out->buf + sizeof(magic), id, FY_HELLO_ID);
	put_sum(out->buf, out->buf + SUM_AT);
	out->have = FY_HELLO_BYTES;
	out->n_dropped = 0;
	out->rest = 0;
}

struct fy_hello_name
fy_hello_name(const uint8_t id[FY_HELLO_ID], char which)
{
	static const char digits[] = "0123456789abcdef";
	struct fy_hello_name name;
	char *at = name.text;

	for (size_t i = 0; i < FY_HELLO_ID; i++) {
		*at++ = digits[id[i] >> 4];
		*at++ = digits[id[i] & 15];
	}
	*at++ = which;
	*at = '\0';
	return name;
}

bool
fy_hello_is_name(const char *text)
{
	const size_t n = strspn(text, "0123456789abcdef");

	/* Both letters of a pair are digits, too. */
	return n == 2 * FY_HELLO_ID + 1 && text[n] == '\0' &&
	       (text[n - 1] == FY_HELLO_TO_LISTENER ||
		text[n - 1] == FY_HELLO_TO_CLIENT);
}

/* Whether what came may become a hello, or is one. */
static bool
may_be(const struct fy_hello *hello)
{
	const size_t n =
		hello->have < sizeof(magic) ? hello->have : sizeof(magic);
	uint8_t sum[8];

	if (memcmp(hello->buf, magic, n) != 0)
		return false;
	if (hello->have < FY_HELLO_BYTES)
		return true;
	put_sum(hello->buf, sum);
	return memcmp(hello->buf + SUM_AT, sum, sizeof(sum)) == 0;
}

static void
drop_byte(struct fy_hello *hello)
{
	memmove(hello->buf, hello->buf + 1, --hello->have);
}

bool
fy_hello_ready(struct fy_hello *hello, uint8_t id[FY_HELLO_ID])
{
	while (!may_be(hello)) {
		drop_byte(hello);
		if (hello->rest > 0)
			hello->rest--;
		else
			hello->n_dropped++;
	}
	if (hello->have < FY_HELLO_BYTES)
		return false;
	memcpy(id, hello->buf + sizeof(magic), FY_HELLO_ID);
	hello->rest = 0;
	return true;
}

void
fy_hello_reject(struct fy_hello *hello)
{
	do
		drop_byte(hello);
	while (!may_be(hello));
	hello->rest = hello->have;
}

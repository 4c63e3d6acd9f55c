/* SPDX-License-Identifier: MIT */
#include "raw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <sys/socket.h>

#include <cmocka.h>

#include <ferry/xdr.h>

void
raw_word(struct raw_record *r, uint32_t v)
{
	ferry_store_u32(r->bytes + r->n, v);
	r->n += 4;
}

struct raw_record
raw_call(uint32_t program, uint32_t version, uint32_t procedure)
{
	struct raw_record r = { .n = 0 };

	raw_word(&r, 0);
	raw_word(&r, 0xabcd0001);
	raw_word(&r, 0);
	raw_word(&r, 2);
	raw_word(&r, program);
	raw_word(&r, version);
	raw_word(&r, procedure);
	return r;
}

void
raw_no_auth(struct raw_record *r)
{
	for (int i = 0; i < 4; i++)
		raw_word(r, 0);
}

void
raw_send(int fd, struct raw_record *r)
{
	ferry_store_u32(r->bytes, 0x80000000u | (uint32_t)(r->n - 4));
	assert_int_equal(send(fd, r->bytes, r->n, MSG_NOSIGNAL), r->n);
}

size_t
raw_receive(int fd, uint8_t *buf, size_t max)
{
	uint8_t mark[4];
	size_t n;

	if (recv(fd, mark, 4, MSG_WAITALL) != 4)
		return 0;
	n = ferry_load_u32(mark) & 0x7fffffff;
	assert_true(n <= max);
	assert_int_equal(recv(fd, buf, n, MSG_WAITALL), n);
	return n;
}

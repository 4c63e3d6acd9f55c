/* SPDX-License-Identifier: MIT */
/*
 * What a client of fifo: writes into the FIFO where it meets the listener:
 *
 *	byte  0  "FYfifo1\n"
 *	      8  16 random bytes, which name the client's own pair of FIFOs
 *	     24  a sum of the above, big-endian
 *
 * It goes in one write, which the kernel keeps whole (PIPE_BUF, pipe(7)). What
 * else gets into that FIFO is skipped up to the next hello; the sum is for
 * finding that one, and keeps out nobody. No I/O here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FY_HELLO_BYTES 32u
#define FY_HELLO_ID    16u

/* The names of the pair: 32 hexadecimal digits and this. */
#define FY_HELLO_TO_LISTENER 'a'
#define FY_HELLO_TO_CLIENT   'b'

struct fy_hello_name {
	char text[2 * FY_HELLO_ID + 2];
};

/** fy_hello_name() - one of the pair of the client @id; @which: as above */
struct fy_hello_name fy_hello_name(const uint8_t id[FY_HELLO_ID], char which);

/** fy_hello_is_name() - whether @text is a name of that form */
bool fy_hello_is_name(const char *text);

/**
 * struct fy_hello - bytes that came, all zero at first
 * @have:      so many, from the beginning
 * @n_dropped: so many were no hello; the reader sets it back
 * @rest:      so many of those that are there are of a hello rejected
 */
struct fy_hello {
	uint8_t buf[FY_HELLO_BYTES];
	size_t have;
	size_t n_dropped;
	size_t rest;
};

/** fy_hello_sum() - FNV-1a */
uint64_t fy_hello_sum(const uint8_t *buf, size_t bytes);

/** fy_hello_make() - the hello of the client @id */
void fy_hello_make(struct fy_hello *out, const uint8_t id[FY_HELLO_ID]);

/**
 * fy_hello_ready() - whether a whole hello is there
 * @id: written then
 *
 * Else there is room for FY_HELLO_BYTES - have bytes behind buf + have: what
 * can be no hello has been thrown away.
 */
bool fy_hello_ready(struct fy_hello *hello, uint8_t id[FY_HELLO_ID]);

/**
 * fy_hello_reject() - throws away the hello that was ready
 *
 * One that was false may hide the beginning of a true one, which is kept.
 */
void fy_hello_reject(struct fy_hello *hello);

/* SPDX-License-Identifier: MIT */
/*
 * A small program for the tests of src/rpc, its stubs written by hand in the
 * shape of generated ones:
 *
 * program ECHO {
 *	version ECHO_1 {
 *		opaque<> ECHO(opaque<>) = 1;
 *		unsigned FAIL(int) = 2;		the ferry_err to return
 *		unsigned LATE(unsigned) = 3;	the argument, answered later
 *		opaque<> FILL(unsigned) = 4;	so many bytes
 *	} = 1;
 * } = 0x20000042;
 */
#pragma once

#include <ferry/rpc.h>
#include <ferry/stub.h>

#define ECHO_PROGRAM 0x20000042u

struct echo_1_ops {
	ferry_err (*echo)(struct ferry_call *call, struct ferry_bytes in,
			  struct ferry_bytes *out);
	ferry_err (*fail)(struct ferry_call *call, uint32_t in, uint32_t *out);
	ferry_err (*late)(struct ferry_call *call, uint32_t in, uint32_t *out);
	ferry_err (*fill)(struct ferry_call *call, uint32_t in,
			  struct ferry_bytes *out);
};

extern const struct ferry_version echo_1;
/* The same, as versions 3 and 4 of the program. */
extern const struct ferry_version echo_3;
extern const struct ferry_version echo_4;

ferry_err null_1(struct ferry_call *call);

ferry_err echo_1_start(struct ferry_call *call, struct ferry_bytes in);
ferry_err echo_1_finish(struct ferry_call *call, struct ferry_bytes *out);
ferry_err echo_1_call(struct ferry_call *call, struct ferry_bytes in,
		      struct ferry_bytes *out);

/* Procedures of one unsigned each: FAIL, LATE. */
ferry_err word_1_start(struct ferry_call *call, uint32_t procedure,
		       uint32_t in);
ferry_err word_1_finish(struct ferry_call *call, uint32_t *out);
ferry_err word_1_call(struct ferry_call *call, uint32_t procedure, uint32_t in,
		      uint32_t *out);

ferry_err fill_1_call(struct ferry_call *call, uint32_t in,
		      struct ferry_bytes *out);
ferry_err late_1_reply(struct ferry_call *call, uint32_t out);

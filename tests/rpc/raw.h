/* SPDX-License-Identifier: MIT */
/* RPC messages by hand, over a socket. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct raw_record {
	uint8_t bytes[600];
	size_t n;
};

void raw_word(struct raw_record *r, uint32_t v);

/* A mark to be filled in, and the header up to the procedure. */
struct raw_record raw_call(uint32_t program, uint32_t version,
			   uint32_t procedure);

/* AUTH_NONE twice: credential and verifier. */
void raw_no_auth(struct raw_record *r);

/* With its mark; by a cmocka assert all of it. */
void raw_send(int fd, struct raw_record *r);

/* All that comes in one reply. Return: its bytes, 0 at the end. */
size_t raw_receive(int fd, uint8_t *buf, size_t max);

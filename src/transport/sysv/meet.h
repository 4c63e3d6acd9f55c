/* SPDX-License-Identifier: MIT */
/*
 * How two processes that know one key get two queues that nobody else has.
 *
 *	client                          meeting queue, KEY      listener
 *	makes the queue to receive from
 *	TOKEN, with a nonce, into it
 *	HELLO: its id, nonce, its life --------------------------->
 *	                     looks at the queue: who made it, and whether the
 *	                     same nonce is there, so that nobody can hand in the
 *	                     queue of somebody else
 *	                                 makes the other queue, and signs it
 *	<----- WELCOME: its id, its life, in the client's queue, or END
 *	looks who has made and signed it
 */
#pragma once

#include <stdint.h>

#include <ferry/transport.h>

#include "core/compiler.h"
#include "transport/sysv/link.h"

struct fy_sysv_hello {
	uint32_t magic;
	uint32_t version;
	int32_t to_client;
	uint32_t zero;
	uint8_t nonce[16];
	struct fy_life life;
};

struct fy_sysv_hello_msg {
	long type;
	struct fy_sysv_hello hello;
};

/** fy_sysv_meet() - @l, new, becomes a link to whoever listens at @key */
FY_MUST_CHECK ferry_err fy_sysv_meet(struct fy_sysv_link *l, key_t key,
				     struct ferry_deadline until,
				     struct ferry_error *why);

/**
 * fy_sysv_welcome() - @l, new, becomes the link that @hello asks for
 * @bytes: of the message without its type
 *
 * FERRY_LATER: it is wrong, or who sent it has gone.
 */
FY_MUST_CHECK ferry_err fy_sysv_welcome(struct fy_sysv_link *l,
					const struct fy_sysv_hello_msg *hello,
					size_t bytes, struct ferry_error *why);

/** fy_sysv_refuse() - tells who sent it that nobody will come */
void fy_sysv_refuse(const struct fy_sysv_hello_msg *hello, size_t bytes);

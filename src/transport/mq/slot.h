/* SPDX-License-Identifier: MIT */
/*
 * The pair of queues that a client of mq:/NAME brings to the listener.
 *
 * Their names follow from the meeting's and a number, the slot:
 *
 *	/NAME.ferry-SS-from	the client receives, from the listener
 *	/NAME.ferry-SS-to	the client sends, to the listener
 *
 * There are few slots, so that what a killed client leaves can be found where
 * /dev/mqueue is not mounted. A slot is in use while the client is being
 * accepted: then he removes the names. Who makes the first queue and has its
 * receiver's lock has the slot; who gets that lock of another's queue knows him
 * dead, and clears it.
 */
#pragma once

#include <sys/stat.h>

#include "core/compiler.h"
#include "transport/mq/queue.h"

#define FY_MQ_SLOTS 64

/**
 * struct fy_mq_pair - a client's queues; -1 and -1 at first
 * @in:  to receive, with the receiver's lock
 * @out: to send, with the sender's lock; O_NONBLOCK
 */
struct fy_mq_pair {
	uint32_t slot;
	int in;
	int out;
};

/** fy_mq_slot_from() - the name of the queue that the client receives from */
struct fy_mq_name fy_mq_slot_from(const struct fy_mq_name *meeting,
				  uint32_t slot);

/** fy_mq_slot_to() - the name of the queue that he sends to */
struct fy_mq_name fy_mq_slot_to(const struct fy_mq_name *meeting,
				uint32_t slot);

/**
 * fy_mq_slot_take() - makes a pair of queues in a free slot
 * @at: of the meeting's queue: whose it is, and how the pair is opened to him
 *
 * Return: FERRY_OK; FERRY_EACCES: the listener is another user and shares no
 * group with this one; FERRY_ESYS: a limit, or EBUSY: no slot is free.
 */
FY_MUST_CHECK ferry_err fy_mq_slot_take(const struct fy_mq_name *meeting,
					const struct stat *at,
					struct fy_mq_pair *out,
					struct ferry_error *why);

/** fy_mq_slot_leave() - removes the names; the queues stay open */
void fy_mq_slot_leave(const struct fy_mq_name *meeting,
		      const struct fy_mq_pair *pair);

/** fy_mq_slot_sweep() - removes what dead clients of this user left */
void fy_mq_slot_sweep(const struct fy_mq_name *meeting);

/** fy_mq_pair_close() - closes both; harmless twice */
void fy_mq_pair_close(struct fy_mq_pair *pair);

/* SPDX-License-Identifier: MIT */
/*
 * How a queue gets a descriptor: there is nothing to poll, so the peer rings a
 * bell besides, which is a message without bytes in one more queue, that one
 * thread receives from. All queues that are sent to by one user share both: a
 * process has a thread for each user whose channels it polls, whatever their
 * number, and what a user spoils is his own.
 *
 *	peer              bell queue, of type id + 1      thread
 *	DATA into queue id
 *	and this --------->                     -------> looks into queue id,
 *	                                                 writes its eventfd
 *
 * A bell queue may be full. Whoever found it so has put his data before, and
 * the thread takes all that it was full of: it looks into all queues twice for
 * each time that it takes as much.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

#include <sys/types.h>

#include <ferry/err.h>

#include "core/compiler.h"

struct fy_sysv_hub;

/**
 * struct fy_sysv_bell - of one queue, to be set up by three members
 * @queue: its id; this process's to remove
 * @uid:   who sends to it
 * @heard: called under a lock, on any thread, before the queue is looked into;
 *         must not wait
 * @fd:    eventfd, readable while there may be something in the queue
 * @rung:  it is readable
 * @ended: and stays so
 */
struct fy_sysv_bell {
	int queue;
	uid_t uid;
	void (*heard)(struct fy_sysv_bell *bell);
	int fd;
	atomic_bool rung;
	bool ended;
	struct fy_sysv_hub *hub;
	struct fy_sysv_bell *next;
	struct fy_sysv_bell **link;
};

/**
 * fy_sysv_bell_open() - from now the bell is heard
 * @key: of the queue that it is rung in, for the peer
 */
FY_MUST_CHECK ferry_err fy_sysv_bell_open(struct fy_sysv_bell *bell, key_t *key,
					  struct ferry_error *why);

/** fy_sysv_bell_ring() - as if the peer had: makes .fd readable if it is so */
void fy_sysv_bell_ring(struct fy_sysv_bell *bell);

/**
 * fy_sysv_bell_rest() - the queue was found empty: .fd is not readable any more
 *
 * Return: whether it was. Something may have come before that and be told no
 * more: one looks once more, and rings if there was something.
 */
bool fy_sysv_bell_rest(struct fy_sysv_bell *bell);

/** fy_sysv_bell_end() - .fd stays readable from now */
void fy_sysv_bell_end(struct fy_sysv_bell *bell);

/**
 * fy_sysv_bell_close() - harmless on one that is zeroed
 * @ours: false in the child of a fork, where the thread is not
 */
void fy_sysv_bell_close(struct fy_sysv_bell *bell, bool ours);

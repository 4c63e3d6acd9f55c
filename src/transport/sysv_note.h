/* SPDX-License-Identifier: MIT */
/*
 * Which process a System V queue is for, noted in the user's folder before the
 * queue is made and until it is gone: queues outlive processes, and say little
 * of who made them. A note is a symbolic link that leads nowhere, because its
 * name and its text come to be in one step:
 *
 *	sysv.KEY.r -> the process that receives from the queue
 *	sysv.KEY.c -> the one that makes it for a peer, until that has noted
 *	              itself as the receiver
 *
 * A queue all of whose notes name dead processes is of no use to anybody.
 */
#pragma once

#include <sys/types.h>

#include <ferry/err.h>

#include "core/compiler.h"
#include "transport/life.h"

enum fy_sysv_role {
	FY_SYSV_RECEIVER = 'r',
	FY_SYSV_MAKER = 'c',
};

/**
 * fy_sysv_note() - the queue at @key is @life's from now
 *
 * FERRY_EAGAIN: another process has noted that, and is not known to be dead.
 */
FY_MUST_CHECK ferry_err fy_sysv_note(key_t key, enum fy_sysv_role role,
				     const struct fy_life *life,
				     struct ferry_error *why);

/** fy_sysv_unnote() - when the queue is gone; harmless if it is not noted */
void fy_sysv_unnote(key_t key, enum fy_sysv_role role);

/** fy_sysv_sweep() - removes the queues that dead processes of this user left
 */
void fy_sysv_sweep(void);

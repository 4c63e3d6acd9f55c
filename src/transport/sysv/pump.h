/* SPDX-License-Identifier: MIT */
/*
 * A thread that receives from a queue, for who needs a descriptor: it hands
 * over through a few slots and an eventfd. A message costs two changes of
 * threads more so, and each such queue a thread and 33 KiB.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/err.h>
#include <ferry/hooks.h>

#include "core/compiler.h"

struct fy_sysv_pump;

/**
 * struct fy_sysv_pump_config - a plain value
 * @hooks:   for memory
 * @queue:   id of the queue
 * @flags:   of msgrcv(2): MSG_NOERROR or 0
 * @urgent:  the type of what is received even while all slots are in use, for
 *           @control alone; 0: none. The queue is this process's to remove
 * @control: called on the thread with the type of each message: whether it is
 *           for nobody else; must not wait
 * @ctx:     handed to it
 */
struct fy_sysv_pump_config {
	const struct ferry_hooks *hooks;
	int queue;
	int flags;
	long urgent;
	bool (*control)(void *ctx, long type);
	void *ctx;
};

/** fy_sysv_pump_open() - from now nobody else may receive from the queue */
FY_MUST_CHECK ferry_err
fy_sysv_pump_open(const struct fy_sysv_pump_config *config,
		  struct fy_sysv_pump **out, struct ferry_error *why);

/**
 * fy_sysv_pump_take() - as msgrcv(2): what came next
 * @msg: the type, and room for FY_SYSV_PART bytes behind it
 *
 * Return: the number of bytes; -1 with ENOMSG: none now; another errno: the
 * queue is gone.
 */
ptrdiff_t fy_sysv_pump_take(struct fy_sysv_pump *pump, void *msg);

/** fy_sysv_pump_fd() - readable while there is something to take */
int fy_sysv_pump_fd(const struct fy_sysv_pump *pump);

/** fy_sysv_pump_pending() - whether there is something to take, or the end */
bool fy_sysv_pump_pending(struct fy_sysv_pump *pump);

/** fy_sysv_pump_end() - the descriptor stays readable from now */
void fy_sysv_pump_end(struct fy_sysv_pump *pump);

/**
 * fy_sysv_pump_close() - NULL is legal
 * @ours: false in the child of a fork, where the thread is not
 *
 * The queue must have been removed: that is what ends the thread.
 */
void fy_sysv_pump_close(struct fy_sysv_pump *pump, bool ours);

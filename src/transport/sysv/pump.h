/* SPDX-License-Identifier: MIT */
/*
 * A thread that receives from a meeting queue, for a listener that needs a
 * descriptor: it hands over through a few slots and an eventfd. Clients know
 * nothing of a bell.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/err.h>
#include <ferry/hooks.h>

#include "core/compiler.h"

struct fy_sysv_pump;

/* Bytes of a message that are kept: more than any that is right has. */
#define FY_SYSV_PUMP_BYTES 256u

/**
 * struct fy_sysv_pump_config - a plain value
 * @hooks:   for memory
 * @queue:   id of the queue
 * @control: called on the thread with the queue and the type of each message:
 *           whether it is for nobody else; must not wait
 */
struct fy_sysv_pump_config {
	const struct ferry_hooks *hooks;
	int queue;
	bool (*control)(int queue, long type);
};

/** fy_sysv_pump_open() - from now nobody else may receive from the queue */
FY_MUST_CHECK ferry_err
fy_sysv_pump_open(const struct fy_sysv_pump_config *config,
		  struct fy_sysv_pump **out, struct ferry_error *why);

/**
 * fy_sysv_pump_take() - as msgrcv(2): what came next
 * @msg: the type, and room for FY_SYSV_PUMP_BYTES behind it; cut there
 *
 * Return: the number of bytes; -1 with ENOMSG: none now; another errno: the
 * queue is gone.
 */
ptrdiff_t fy_sysv_pump_take(struct fy_sysv_pump *pump, void *msg);

/** fy_sysv_pump_fd() - readable while there is something to take */
int fy_sysv_pump_fd(const struct fy_sysv_pump *pump);

/**
 * fy_sysv_pump_end() - the thread is to end, and is woken by a message; where
 * that cannot be sent, by the removal of the queue
 *
 * This and the next are not for the child of a fork, where the thread is not.
 */
void fy_sysv_pump_end(struct fy_sysv_pump *pump);

/** fy_sysv_pump_join() - it has ended; what it had can still be taken */
void fy_sysv_pump_join(struct fy_sysv_pump *pump);

/** fy_sysv_pump_close() - after it has ended, or in the child of a fork */
void fy_sysv_pump_close(struct fy_sysv_pump *pump);

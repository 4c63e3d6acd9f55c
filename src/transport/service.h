/* SPDX-License-Identifier: MIT */
/*
 * The process's one helper thread. Links that block in the kernel on what
 * cannot be polled (msgrcv, mq_receive) have it watch what would not wake them:
 * a descriptor, mostly the pidfd of their peer, and a time. It also reads what
 * nobody else comes by for, the error output of children.
 *
 * The thread starts with the first item and has ended, joined, when the last
 * one was cancelled: a program without such links has none, and none is left
 * when a library that used ferry is unloaded. Every signal is blocked in it. A
 * child of fork(2) has no items; it starts a thread of its own when it adds
 * one. A process that exits with items takes the thread with it.
 *
 * This is a state of the library that belongs to no object: there is one
 * process to help.
 */
#pragma once

#include <linux/futex.h>
#include <stdbool.h>
#include <stdint.h>

#include <ferry/err.h>
#include <ferry/time.h>

#include "core/compiler.h"

enum fy_service_reason {
	FY_SERVICE_READY, /* the descriptor is readable, or hung up */
	FY_SERVICE_LATE,  /* the time has come */
};

/**
 * struct fy_service_item - what is watched; part of a link
 * @run:   called on the helper thread, one at a time. It may not wait, nor call
 *         the functions below but fy_service_again() and fy_service_until():
 *         others are helped by the same thread
 * @fd:    tells once that it is readable, until fy_service_again(); borrowed
 *         until the item is cancelled; -1: none
 * @until: set at first, then by fy_service_until(): tells once that it is past
 *
 * The other members are the service's.
 */
struct fy_service_item {
	void (*run)(struct fy_service_item *item,
		    enum fy_service_reason reason);
	int fd;
	struct ferry_deadline until;
	struct fy_service_item *next;
	struct fy_service_item **link;
	uint32_t generation;
};

/**
 * fy_service_add() - begins to watch @item, whose first three members are set
 *
 * Any thread but the helper. Starts the helper if it is the first.
 */
FY_MUST_CHECK ferry_err fy_service_add(struct fy_service_item *item,
				       struct ferry_error *why);

/**
 * fy_service_until() - another time for @item; FERRY_NEVER: none
 *
 * Costs a system call only where the helper would have slept longer. The item
 * may still tell the time before, if that passes just now.
 */
void fy_service_until(struct fy_service_item *item,
		      struct ferry_deadline until);

/** fy_service_again() - run() is told again when the descriptor is readable */
void fy_service_again(struct fy_service_item *item);

/**
 * fy_service_cancel() - after it has returned, run() neither runs nor will
 *
 * Harmless on an item that was zeroed, cancelled, or added before a fork. Waits
 * for a run() that is under way, and for the helper to end after the last.
 */
void fy_service_cancel(struct fy_service_item *item);

/**
 * fy_service_has() - whether @item is watched
 *
 * It is not if it was zeroed, cancelled, or added before a fork.
 */
bool fy_service_has(const struct fy_service_item *item);

/**
 * struct fy_service_words - what the kernel marks when the helper ends
 * @head: of the helper's robust list, see set_robust_list(2)
 * @n:    how many are on it, which whoever changes it counts
 */
struct fy_service_words {
	struct robust_list_head head;
	unsigned int n;
};

/**
 * fy_service_words() - those of this helper; NULL: the kernel has no such lists
 *
 * From run() alone, and only there may they be changed: the thread that changes
 * the list is then the one at whose end the kernel walks it. Empty when the
 * helper starts, and to be empty again when the last item is cancelled.
 */
struct fy_service_words *fy_service_words(void);

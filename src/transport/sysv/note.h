/* SPDX-License-Identifier: MIT */
/*
 * Which process a System V queue is for, noted in the user's folder before the
 * queue is made and until it is gone: queues outlive processes, and say little
 * of who made them. A note is a symbolic link that leads nowhere, because its
 * name and its text come to be in one step:
 *
 *	sysv.KEY.NAMESPACE -> the process that made the queue, receives from it,
 *	                      and removes it
 *
 * A queue whose note names a dead process is of no use to anybody. Each ipc
 * namespace has keys of its own, and a user may have one folder for many.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#include <ferry/err.h>

#include "core/compiler.h"
#include "transport/life.h"

/**
 * fy_sysv_note() - the queue at @key is @life's from now
 *
 * FERRY_EAGAIN: another process has noted that, and is not known to be dead.
 * FERRY_ESYS, EEXIST: what has the name is no note.
 */
FY_MUST_CHECK ferry_err fy_sysv_note(key_t key, const struct fy_life *life,
				     struct ferry_error *why);

/** fy_sysv_noted() - whether this user has a note of @key, and whose it is */
bool fy_sysv_noted(key_t key, struct fy_life *out);

/** fy_sysv_unnote() - when the queue is gone; harmless if it is not noted */
void fy_sysv_unnote(key_t key);

/** fy_sysv_clear() - removes the queue at @key, if a dead process left it */
void fy_sysv_clear(key_t key);

/**
 * fy_sysv_sweep() - removes queues that dead processes of this user left
 * @most: how many, at most: each costs some system calls
 *
 * Return: how many notes of the living there are; 0: there are none, or @most
 * were removed, and there may be more.
 */
size_t fy_sysv_sweep(size_t most);

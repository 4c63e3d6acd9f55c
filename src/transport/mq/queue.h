/* SPDX-License-Identifier: MIT */
/*
 * POSIX message queues as mq: uses them: made, opened, locked, removed.
 *
 * A queue's descriptor is a file's: fstat(2) tells its owner, and two bytes of
 * it, which it does not have, are locked for as long as somebody has it open:
 * the one by who receives from it, the other by who sends. The kernel lets go
 * of the locks with the last descriptor, however its process ends. That tells
 * the living from the dead without a file, and whatever the namespaces are.
 *
 * Only who holds the receiver's lock of the queue that a name stands for may
 * remove the name.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mqueue.h>
#include <sys/stat.h>

#include <ferry/err.h>

#include "core/compiler.h"

/* A name with its slash and the longest ending that is put behind it. */
#define FY_MQ_NAME 256
/* Of an address. */
#define FY_MQ_NAME_MOST 230

/*
 * Of a channel's two queues. 32 of them are 686,080 of the 819,200 bytes that a
 * user may have by default: depth * (bytes + 96) each, see getrlimit(2).
 */
#define FY_MQ_DEPTH 10
#define FY_MQ_BYTES 2048

/** enum fy_mq_role - the byte that somebody locks */
enum fy_mq_role {
	FY_MQ_RECEIVER = 0,
	FY_MQ_SENDER = 1,
};

/** struct fy_mq_name - NUL-terminated, with a slash in front */
struct fy_mq_name {
	char text[FY_MQ_NAME];
};

/** struct fy_mq_shape - of a queue: messages, and bytes of each */
struct fy_mq_shape {
	long depth;
	long bytes;
};

/**
 * fy_mq_make() - makes the queue @name, 0600, to send and receive, blocking
 *
 * Return: FERRY_OK; FERRY_EAGAIN: the name is in use; FERRY_ESYS: a limit,
 * which the text names, with its value and the way to raise it; FERRY_EACCES.
 */
FY_MUST_CHECK ferry_err fy_mq_make(const struct fy_mq_name *name,
				   struct fy_mq_shape shape, int *out,
				   struct ferry_error *why);

/**
 * fy_mq_open() - opens the queue @name
 * @flags: O_RDWR, O_WRONLY, O_NONBLOCK
 *
 * Return: FERRY_OK; FERRY_ECONNECT: there is none; FERRY_EACCES; FERRY_ESYS.
 */
FY_MUST_CHECK ferry_err fy_mq_open(const struct fy_mq_name *name, int flags,
				   int *out, struct ferry_error *why);

/** fy_mq_has_shape() - whether @q is a queue of just that shape */
bool fy_mq_has_shape(int q, struct fy_mq_shape shape);

/**
 * fy_mq_claim() - the receiver's lock of @q, and with it @name, which it has
 *
 * Return: FERRY_OK; FERRY_EAGAIN: another has the lock, or had it and removed
 * the name; FERRY_ESYS.
 */
FY_MUST_CHECK ferry_err fy_mq_claim(int q, const struct fy_mq_name *name,
				    struct ferry_error *why);

/** fy_mq_is_held() - whether another has the lock of @role; also on an error */
bool fy_mq_is_held(int q, enum fy_mq_role role);

/**
 * fy_mq_is_private() - whether nobody but this user and root can open @q
 *
 * False on an error. One of another user's could be opened by him.
 */
bool fy_mq_is_private(int q);

/** fy_mq_is_named() - whether the name of @q was not removed */
bool fy_mq_is_named(int q);

/* SPDX-License-Identifier: MIT */
/*
 * System V message queues as sysv: uses them. The end that receives from a
 * queue has made it and removes it: whoever else may use a queue can spoil it,
 * but only who made it is always let remove it, and so gets out of a wait. What
 * passes has one of these types; those without bytes always fit, because data
 * is never so short that 16384 messages of it do.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include <ferry/err.h>

#include "core/compiler.h"
#include "core/os.h"
#include "transport/life.h"
#include "transport/sysv/note.h"

enum fy_sysv_type {
	/* The least, because a client takes what is least first. */
	FY_SYSV_WELCOME = 1,
	/*
	 * From here to the next: the key of the bell queue of who polls, as
	 * bell.h tells. Either of the peer's threads takes it, the sender
	 * by asking for the least.
	 */
	FY_SYSV_BELL = 2,
	FY_SYSV_DATA = 0x10000000, /* a message, or its last part */
	FY_SYSV_MORE,  /* a part that another one follows */
	FY_SYSV_ONE,   /* a message of one byte, and one more */
	FY_SYSV_EMPTY, /* a message of none, and two more */
	FY_SYSV_END,   /* nothing more will come */
	FY_SYSV_WAKE,  /* from this end to its own receiver: a deadline */
	FY_SYSV_DEAD,  /* as WAKE, behind the last message of a dead peer */
	/*
	 * A sender finds the queue full: the receiver, when it is there,
	 * answers with ROOM, that the waiting sender alone takes. The second
	 * pair is the same for a receiver that has something unsent.
	 */
	FY_SYSV_WANT,
	FY_SYSV_ROOM,
	FY_SYSV_WANT_TOO,
	FY_SYSV_ROOM_TOO,
	FY_SYSV_HELLO,
	/* The greatest, and unlikely in a queue of who knows nothing of it. */
	FY_SYSV_TOKEN = 0x46727279,
};

/* Bytes of one part, at most: MSGMAX, unless an administrator has said less. */
#define FY_SYSV_PART 8192u
/* Data is padded to this. */
#define FY_SYSV_LEAST 2u
/* What stands before the bytes of a message. */
#define FY_SYSV_HEAD sizeof(long)

/** struct fy_sysv_queue - a queue, @id below 0: none */
struct fy_sysv_queue {
	int id;
	key_t key;
};

/** fy_sysv_part() - bytes of the longest part that this system allows */
size_t fy_sysv_part(void);

/**
 * fy_sysv_make() - a queue with a key that nobody has, one of FY_SYSV_BELL
 * @life: this process, for the note
 * @uid:  who may use it as well
 *
 * FERRY_ESYS, ENOSPC: there are too many queues, and the text says what to do.
 */
FY_MUST_CHECK ferry_err fy_sysv_make(struct fy_sysv_queue *out,
				     const struct fy_life *life, uid_t uid,
				     struct ferry_error *why);

/** fy_sysv_fail_make() - why msgget(2) failed, by errno */
FY_COLD ferry_err fy_sysv_fail_make(struct ferry_error *why);

/**
 * fy_sysv_shut() - from now nothing more comes into the queue
 *
 * Return: whether it is so: @id is a queue of this process's.
 */
bool fy_sysv_shut(int id);

/** fy_sysv_remove() - removes the queue and its note; @queue is none then */
void fy_sysv_remove(struct fy_sysv_queue *queue);

/**
 * fy_sysv_sign() - makes this process the one that last received from a queue
 *
 * The kernel notes the thread that slept, where one did, but the process where
 * it need not sleep. Return: whether it has.
 */
bool fy_sysv_sign(int id);

/**
 * fy_sysv_post() - a message without bytes
 *
 * Return: whether it is there; or errno: ENOMEM passes, EAGAIN tells of a queue
 * that somebody has spoilt.
 */
bool fy_sysv_post(int id, long type);

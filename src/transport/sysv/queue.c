/* SPDX-License-Identifier: MIT */
#include "transport/sysv/queue.h"

#include <errno.h>

#include "core/err.h"

/* Random keys that are all in use, before somebody is to know. */
#define KEY_TRIES 16

size_t
fy_sysv_part(void)
{
	struct msginfo limits;
	size_t part = FY_SYSV_PART;

	if (fy_os_msgctl(0, IPC_INFO, (struct msqid_ds *)(void *)&limits) < 0)
		return FY_SYSV_PART;
	if (limits.msgmax > 0 && (size_t)limits.msgmax < part)
		part = (size_t)limits.msgmax;
	if (limits.msgmnb > 0 && (size_t)limits.msgmnb < part)
		part = (size_t)limits.msgmnb;
	return part;
}

FY_COLD ferry_err
fy_sysv_fail_make(struct ferry_error *why)
{
	if (errno == ENOSPC)
		return fy_fail_errno_as(
			why, FERRY_ESYS,
			"make a message queue: as many as the system allows "
			"are there: raise /proc/sys/kernel/msgmni, or remove "
			"what ipcs -q shows and nobody needs");
	return fy_fail_errno(why, "make a message queue");
}

/* Lets @uid in beside whoever made the queue. */
static ferry_err
give(int id, uid_t uid, struct ferry_error *why)
{
	struct msqid_ds ds;

	if (uid == fy_os_geteuid())
		return FERRY_OK;
	if (fy_os_msgctl(id, IPC_STAT, &ds) == 0) {
		ds.msg_perm.uid = uid;
		if (fy_os_msgctl(id, IPC_SET, &ds) == 0)
			return FERRY_OK;
	}
	return fy_fail_errno(why, "let uid %u use a message queue", uid);
}

/* FERRY_LATER: the key is in use, try another. */
static ferry_err
make_at(key_t key, const struct fy_life *life, struct fy_sysv_queue *out,
	struct ferry_error *why)
{
	ferry_err err;
	int id;

	/* Not noted before that: the note would condemn a stranger's queue. */
	if (fy_os_msgget(key, 0) >= 0 || errno != ENOENT)
		return FERRY_LATER;
	err = fy_sysv_note(key, life, why);
	if (err)
		return err == FERRY_EAGAIN ? FERRY_LATER : err;
	id = fy_os_msgget(key, IPC_CREAT | IPC_EXCL | 0600);
	if (id >= 0) {
		*out = (struct fy_sysv_queue){ id, key };
		return FERRY_OK;
	}
	err = errno == EEXIST ? FERRY_LATER : fy_sysv_fail_make(why);
	fy_sysv_unnote(key);
	return err;
}

ferry_err
fy_sysv_make(struct fy_sysv_queue *out, const struct fy_life *life, uid_t uid,
	     struct ferry_error *why)
{
	struct fy_sysv_queue queue = { -1, 0 };
	ferry_err err = FERRY_LATER;
	key_t key;

	for (int i = 0; i < KEY_TRIES && err == FERRY_LATER; i++) {
		if (fy_os_random(&key, sizeof(key)) < 0)
			return fy_fail_errno(why, "choose a key");
		key &= FY_SYSV_DATA - 1;
		err = key < FY_SYSV_BELL
			      ? FERRY_LATER
			      : make_at(key, life, &queue, why);
	}
	if (err == FERRY_LATER)
		return fy_fail_errno_as(why, FERRY_ESYS,
					"find a key for a message queue");
	if (err)
		return err;
	err = give(queue.id, uid, why);
	if (err)
		fy_sysv_remove(&queue);
	else
		*out = queue;
	return err;
}

bool
fy_sysv_shut(int id)
{
	struct msqid_ds ds;

	if (fy_os_msgctl(id, IPC_STAT, &ds) < 0)
		return false;
	ds.msg_qbytes = 0;
	return fy_os_msgctl(id, IPC_SET, &ds) == 0;
}

void
fy_sysv_remove(struct fy_sysv_queue *queue)
{
	if (queue->id < 0)
		return;
	/* Of what is left there must be a note, for who sweeps. */
	if (fy_os_msgctl(queue->id, IPC_RMID, NULL) == 0 || errno == EIDRM ||
	    errno == EINVAL)
		fy_sysv_unnote(queue->key);
	queue->id = -1;
}

bool
fy_sysv_sign(int id)
{
	long head;

	return fy_sysv_post(id, FY_SYSV_WAKE) &&
	       fy_os_msgrcv(id, &head, 0, FY_SYSV_WAKE,
			    IPC_NOWAIT | MSG_NOERROR) == 0;
}

bool
fy_sysv_post(int id, long type)
{
	const long head = type;

	return fy_os_msgsnd(id, &head, 0, IPC_NOWAIT) == 0;
}

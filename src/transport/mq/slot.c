/* SPDX-License-Identifier: MIT */
#include "transport/mq/slot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "transport/access.h"

#define ENDING_BYTES sizeof(".ferry-00-from")

_Static_assert(FY_MQ_NAME_MOST + 1 + ENDING_BYTES <= FY_MQ_NAME,
	       "an ending has room behind the longest name");

static const struct fy_mq_shape pair_shape = { FY_MQ_DEPTH, FY_MQ_BYTES };

static struct fy_mq_name
slot_name(const struct fy_mq_name *meeting, uint32_t slot, const char *ending)
{
	struct fy_mq_name name;

	(void)snprintf(name.text, sizeof(name.text), "%.*s.ferry-%02u-%s",
		       FY_MQ_NAME_MOST + 1, meeting->text, slot % FY_MQ_SLOTS,
		       ending);
	return name;
}

struct fy_mq_name
fy_mq_slot_from(const struct fy_mq_name *meeting, uint32_t slot)
{
	return slot_name(meeting, slot, "from");
}

struct fy_mq_name
fy_mq_slot_to(const struct fy_mq_name *meeting, uint32_t slot)
{
	return slot_name(meeting, slot, "to");
}

void
fy_mq_pair_close(struct fy_mq_pair *pair)
{
	fy_fd_close(&pair->in);
	fy_fd_close(&pair->out);
}

/*
 * By who has the lock of the first alone; that name is the last to go: by it
 * the other is found.
 */
static void
remove_names(const struct fy_mq_name *meeting, uint32_t slot)
{
	const struct fy_mq_name to = fy_mq_slot_to(meeting, slot);
	const struct fy_mq_name from = fy_mq_slot_from(meeting, slot);

	if (fy_os_mq_unlink(to.text) == 0 || errno == ENOENT)
		(void)fy_os_mq_unlink(from.text);
}

void
fy_mq_slot_leave(const struct fy_mq_name *meeting,
		 const struct fy_mq_pair *pair)
{
	remove_names(meeting, pair->slot);
}

/* Whether the slot is free now because a dead client of this user had it. */
static bool
clear_dead(const struct fy_mq_name *meeting, uint32_t slot)
{
	FY_CLEANUP(fy_fd_close) int q = -1;
	const struct fy_mq_name from = fy_mq_slot_from(meeting, slot);
	struct stat st;

	if (fy_mq_open(&from, O_RDWR, &q, NULL) || fy_os_fstat(q, &st) < 0 ||
	    st.st_uid != fy_os_geteuid() || fy_mq_claim(q, &from, NULL))
		return false;
	remove_names(meeting, slot);
	return true;
}

void
fy_mq_slot_sweep(const struct fy_mq_name *meeting)
{
	for (uint32_t slot = 0; slot < FY_MQ_SLOTS; slot++)
		(void)clear_dead(meeting, slot);
}

/*
 * The slot's first queue, with its lock. FERRY_EAGAIN: it is in use, or was
 * taken for a dead client's before it was locked. One that cannot be locked
 * stays, as a dead client's.
 */
static ferry_err
make_first(const struct fy_mq_name *meeting, uint32_t slot, int *out,
	   struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int q = -1;
	const struct fy_mq_name from = fy_mq_slot_from(meeting, slot);
	ferry_err err = fy_mq_make(&from, pair_shape, &q, why);

	if (err == FERRY_EAGAIN && clear_dead(meeting, slot))
		err = fy_mq_make(&from, pair_shape, &q, why);
	if (err)
		return err;
	err = fy_mq_claim(q, &from, why);
	if (!err)
		*out = fy_fd_take(&q);
	return err;
}

/* Nobody but the slot's holder makes the second: what is there is a rest. */
static ferry_err
make_second(const struct fy_mq_name *meeting, uint32_t slot, int *out,
	    struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int q = -1;
	const struct fy_mq_name to = fy_mq_slot_to(meeting, slot);
	ferry_err err = fy_mq_make(&to, pair_shape, &q, why);

	if (err == FERRY_EAGAIN && fy_os_mq_unlink(to.text) == 0)
		err = fy_mq_make(&to, pair_shape, &q, why);
	if (err)
		return err;
	if (fy_os_lock_byte(q, FY_MQ_SENDER) < 0 ||
	    fy_os_set_flags(q, O_RDWR | O_NONBLOCK) < 0)
		return fy_fail_errno(why, "lock the message queue %.100s",
				     to.text);
	*out = fy_fd_take(&q);
	return FERRY_OK;
}

/* FERRY_EAGAIN: try another slot. */
static ferry_err
make_pair(const struct fy_mq_name *meeting, uint32_t slot,
	  struct fy_mq_pair *out, struct ferry_error *why)
{
	struct fy_mq_pair pair = { slot, -1, -1 };
	ferry_err err = make_first(meeting, slot, &pair.in, why);

	if (err)
		return err;
	err = make_second(meeting, slot, &pair.out, why);
	if (err) {
		remove_names(meeting, slot);
		fy_mq_pair_close(&pair);
		return err;
	}
	*out = pair;
	return FERRY_OK;
}

static ferry_err
find_slot(const struct fy_mq_name *meeting, struct fy_mq_pair *out,
	  struct ferry_error *why)
{
	uint32_t first;
	ferry_err err = FERRY_EAGAIN;

	if (fy_os_random(&first, sizeof(first)) < 0)
		return fy_fail_errno(why, "choose a slot");
	for (uint32_t i = 0; i < FY_MQ_SLOTS && err == FERRY_EAGAIN; i++)
		err = make_pair(meeting, (first + i) % FY_MQ_SLOTS, out, why);
	if (err != FERRY_EAGAIN)
		return err;
	errno = EBUSY;
	return fy_fail_errno(why,
			     "connect to mq:%.80s: %d clients wait there",
			     meeting->text, FY_MQ_SLOTS);
}

/* A listener of another user opens the pair as a member of the group. */
static ferry_err
give_access(const struct fy_mq_name *meeting, const struct stat *at,
	    const struct fy_mq_pair *pair, struct ferry_error *why)
{
	const struct fy_access access = { 0660, at->st_gid, true };
	ferry_err err;

	if (at->st_uid == fy_os_geteuid() || at->st_uid == 0)
		return FERRY_OK;
	if (!(at->st_mode & S_IWGRP))
		return fy_fail(why, FERRY_EACCES,
			       "mq:%.80s is uid %u's, who could not open our "
			       "queues: listen there with ?group=, or as root",
			       meeting->text, (unsigned int)at->st_uid);
	err = fy_access_set(pair->in, &access, meeting->text, why);
	if (!err)
		err = fy_access_set(pair->out, &access, meeting->text, why);
	return err;
}

ferry_err
fy_mq_slot_take(const struct fy_mq_name *meeting, const struct stat *at,
		struct fy_mq_pair *out, struct ferry_error *why)
{
	struct fy_mq_pair pair;
	ferry_err err = find_slot(meeting, &pair, why);

	if (err)
		return err;
	err = give_access(meeting, at, &pair, why);
	if (err) {
		fy_mq_slot_leave(meeting, &pair);
		fy_mq_pair_close(&pair);
		return err;
	}
	*out = pair;
	return FERRY_OK;
}

/* SPDX-License-Identifier: MIT */
#include "transport/sysv/bell.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/lock.h"
#include "core/os.h"
#include "transport/sysv/queue.h"

#define N_BUCKETS 512u

/*
 * @lock:   for the members behind it, and those of the bells
 * @ending: nobody is to hear any more
 * @broken: nobody does, for what has become of the queue
 * @look_each: all queues are looked into after so many messages
 */
struct fy_sysv_hub {
	struct fy_sysv_hub *next;
	uid_t uid;
	struct fy_sysv_queue queue;
	pthread_t thread;
	size_t look_each;
	struct fy_lock lock;
	size_t n_bells;
	bool ending;
	bool broken;
	struct fy_sysv_bell *buckets[N_BUCKETS];
};

/*
 * The hubs of the process, under @life. Channels that know nothing of each
 * other share them, which is what they are for: there is no object that these
 * could belong to, as with the helper of service.h.
 */
static struct {
	struct fy_lock life;
	struct fy_sysv_hub *hubs;
	bool sees_forks;
} tower;

static struct fy_sysv_bell **
bucket_of(struct fy_sysv_hub *hub, int queue)
{
	return &hub->buckets[(unsigned int)queue % N_BUCKETS];
}

/* ---- to hear ---- */

static bool
has_something(int queue)
{
	struct msqid_ds ds;

	/* That it is gone is something as well. */
	return fy_os_msgctl(queue, IPC_STAT, &ds) < 0 || ds.msg_qnum > 0;
}

/* Holding the lock, as those below. */
static void
ring(struct fy_sysv_bell *bell)
{
	const uint64_t one = 1;

	if (atomic_load(&bell->rung))
		return;
	atomic_store(&bell->rung, true);
	(void)!fy_os_write(bell->fd, &one, sizeof(one));
}

static void
look(struct fy_sysv_bell *bell)
{
	bell->heard(bell);
	if (!atomic_load(&bell->rung) && has_something(bell->queue))
		ring(bell);
}

static void
look_at(struct fy_sysv_hub *hub, int queue)
{
	struct fy_sysv_bell *bell = *bucket_of(hub, queue);

	while (bell && bell->queue != queue)
		bell = bell->next;
	if (bell)
		look(bell);
}

static void
for_all(struct fy_sysv_hub *hub, void (*act)(struct fy_sysv_bell *bell))
{
	for (size_t i = 0; i < N_BUCKETS; i++) {
		for (struct fy_sysv_bell *bell = hub->buckets[i]; bell;
		     bell = bell->next)
			act(bell);
	}
}

/* An end that is told is better than a channel that says nothing any more. */
static void
spoil(struct fy_sysv_bell *bell)
{
	(void)fy_os_msgctl(bell->queue, IPC_RMID, NULL);
	look(bell);
}

static void *
run(void *arg)
{
	struct fy_sysv_hub *hub = arg;
	bool goes_on = true;
	long head;

	for (size_t n = 1; goes_on; n++) {
		goes_on = fy_os_msgrcv(hub->queue.id, &head, 0, 0,
				       MSG_NOERROR) >= 0;
		fy_lock(&hub->lock);
		hub->broken = !goes_on;
		if (!goes_on)
			for_all(hub, spoil);
		else if (n % hub->look_each == 0)
			for_all(hub, look);
		else
			look_at(hub, (int)(head - 1));
		goes_on &= !hub->ending;
		fy_unlock(&hub->lock);
	}
	return NULL;
}

/* ---- hubs ---- */

/* In the child of a fork, where none of the threads is. */
static void
begin_child(void)
{
	struct fy_sysv_hub *hub;

	tower.life = (struct fy_lock){ 0 };
	while ((hub = tower.hubs)) {
		tower.hubs = hub->next;
		fy_free(NULL, hub);
	}
}

static ferry_err
open_queue(struct fy_sysv_hub *hub, struct ferry_error *why)
{
	struct fy_life self;
	struct msqid_ds ds;
	ferry_err err = fy_life_self(&self, why);

	if (!err)
		err = fy_sysv_make(&hub->queue, &self, hub->uid, why);
	if (err)
		return err;
	if (fy_os_msgctl(hub->queue.id, IPC_STAT, &ds) < 0)
		return fy_fail_errno(why, "use a new message queue");
	hub->look_each = ds.msg_qbytes / 2 > 0 ? ds.msg_qbytes / 2 : 1;
	if (fy_os_thread_start(&hub->thread, run, hub) < 0)
		return fy_fail_errno(why, "start a thread that receives, for "
					  "descriptors to poll");
	return FERRY_OK;
}

static ferry_err
make_hub(uid_t uid, struct fy_sysv_hub **out, struct ferry_error *why)
{
	struct fy_sysv_hub *hub;
	ferry_err err;

	if (!tower.sees_forks && fy_os_at_fork(begin_child) < 0)
		return fy_fail_errno(why, "prepare for forks");
	tower.sees_forks = true;
	hub = fy_zalloc(NULL, sizeof(*hub));
	if (!hub)
		return fy_fail_memory(why, sizeof(*hub));
	hub->uid = uid;
	hub->queue.id = -1;
	err = open_queue(hub, why);
	if (err) {
		fy_sysv_remove(&hub->queue);
		fy_free(NULL, hub);
		return err;
	}
	hub->next = tower.hubs;
	tower.hubs = hub;
	*out = hub;
	return FERRY_OK;
}

static bool
is_broken(struct fy_sysv_hub *hub)
{
	bool broken;

	fy_lock(&hub->lock);
	broken = hub->broken;
	fy_unlock(&hub->lock);
	return broken;
}

static ferry_err
find_hub(uid_t uid, struct fy_sysv_hub **out, struct ferry_error *why)
{
	struct fy_sysv_hub *hub = tower.hubs;

	while (hub && (hub->uid != uid || is_broken(hub)))
		hub = hub->next;
	if (!hub)
		return make_hub(uid, out, why);
	*out = hub;
	return FERRY_OK;
}

/* The last of its bells has gone. */
static void
end_hub(struct fy_sysv_hub *hub)
{
	struct fy_sysv_hub **at = &tower.hubs;
	/* The thread reads its own. */
	struct fy_sysv_queue queue = hub->queue;

	while (*at != hub)
		at = &(*at)->next;
	*at = hub->next;
	fy_lock(&hub->lock);
	hub->ending = true;
	fy_unlock(&hub->lock);
	/* Either ends the thread, whatever has become of the queue. */
	(void)fy_sysv_post(queue.id, FY_SYSV_WAKE);
	fy_sysv_remove(&queue);
	(void)fy_os_thread_join(hub->thread);
	fy_free(NULL, hub);
}

/* ---- bells ---- */

static void
hang_up(struct fy_sysv_hub *hub, struct fy_sysv_bell *bell)
{
	struct fy_sysv_bell **at = bucket_of(hub, bell->queue);

	fy_lock(&hub->lock);
	bell->hub = hub;
	bell->next = *at;
	bell->link = at;
	if (bell->next)
		bell->next->link = &bell->next;
	*at = bell;
	hub->n_bells++;
	if (hub->broken)
		spoil(bell);
	fy_unlock(&hub->lock);
}

ferry_err
fy_sysv_bell_open(struct fy_sysv_bell *bell, key_t *key,
		  struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = fy_os_eventfd(0, EFD_NONBLOCK);
	struct fy_sysv_hub *hub = NULL;
	ferry_err err;

	if (fd < 0)
		return fy_fail_errno(why, "make an eventfd");
	fy_lock(&tower.life);
	err = find_hub(bell->uid, &hub, why);
	if (!err) {
		bell->fd = fy_fd_take(&fd);
		*key = hub->queue.key;
		hang_up(hub, bell);
	}
	fy_unlock(&tower.life);
	return err;
}

void
fy_sysv_bell_ring(struct fy_sysv_bell *bell)
{
	fy_lock(&bell->hub->lock);
	look(bell);
	fy_unlock(&bell->hub->lock);
}

bool
fy_sysv_bell_rest(struct fy_sysv_bell *bell)
{
	uint64_t count;
	bool rung;

	if (!atomic_load(&bell->rung))
		return false;
	fy_lock(&bell->hub->lock);
	rung = atomic_load(&bell->rung) && !bell->ended;
	if (rung) {
		(void)!fy_os_read(bell->fd, &count, sizeof(count));
		atomic_store(&bell->rung, false);
	}
	fy_unlock(&bell->hub->lock);
	return rung;
}

void
fy_sysv_bell_end(struct fy_sysv_bell *bell)
{
	fy_lock(&bell->hub->lock);
	bell->ended = true;
	ring(bell);
	fy_unlock(&bell->hub->lock);
}

void
fy_sysv_bell_close(struct fy_sysv_bell *bell, bool ours)
{
	struct fy_sysv_hub *hub = bell->hub;

	if (!hub)
		return;
	if (ours) {
		fy_lock(&tower.life);
		fy_lock(&hub->lock);
		*bell->link = bell->next;
		if (bell->next)
			bell->next->link = bell->link;
		hub->n_bells--;
		fy_unlock(&hub->lock);
		if (hub->n_bells == 0)
			end_hub(hub);
		fy_unlock(&tower.life);
	}
	fy_fd_close(&bell->fd);
	bell->hub = NULL;
}

/* SPDX-License-Identifier: MIT */
#include "transport/sysv/pump.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/lock.h"
#include "core/os.h"
#include "transport/sysv/queue.h"

#define N_SLOTS 4

struct slot {
	ptrdiff_t bytes;
	long type;
	uint8_t data[FY_SYSV_PUMP_BYTES];
};

/*
 * @lock:  for the members up to @closing; the slots in use are the taker's, the
 *         others the thread's
 * @room:  changes when a slot becomes free after all were in use
 * @error: errno once nothing more comes, or 0
 */
struct fy_sysv_pump {
	struct fy_sysv_pump_config config;
	pthread_t thread;
	struct fy_lock lock;
	uint32_t room;
	uint32_t head;
	uint32_t n;
	int error;
	bool closing;
	int bell;
	struct slot slots[N_SLOTS];
};

static void
ring(const struct fy_sysv_pump *pump)
{
	const uint64_t one = 1;

	(void)!fy_os_write(pump->bell, &one, sizeof(one));
}

static void
end(struct fy_sysv_pump *pump, int error)
{
	fy_lock(&pump->lock);
	if (!pump->error && pump->n == 0)
		ring(pump);
	pump->error = error;
	fy_unlock(&pump->lock);
}

/* NULL: it is to end. */
static struct slot *
wait_for_slot(struct fy_sysv_pump *pump)
{
	struct slot *slot = NULL;

	fy_lock(&pump->lock);
	while (pump->n == N_SLOTS && !pump->closing) {
		uint32_t seen = __atomic_load_n(&pump->room, __ATOMIC_RELAXED);

		fy_unlock(&pump->lock);
		(void)fy_os_futex_wait(&pump->room, seen, FERRY_NEVER);
		fy_lock(&pump->lock);
	}
	if (!pump->closing)
		slot = &pump->slots[(pump->head + pump->n) % N_SLOTS];
	fy_unlock(&pump->lock);
	return slot;
}

static void
hand_over(struct fy_sysv_pump *pump)
{
	fy_lock(&pump->lock);
	if (pump->n++ == 0)
		ring(pump);
	fy_unlock(&pump->lock);
}

static void *
run(void *arg)
{
	struct fy_sysv_pump *pump = arg;
	struct slot *slot;

	while ((slot = wait_for_slot(pump))) {
		slot->bytes =
			fy_os_msgrcv(pump->config.queue, &slot->type,
				     sizeof(slot->data), 0, MSG_NOERROR);
		if (slot->bytes < 0) {
			end(pump, errno);
			break;
		}
		if (!pump->config.control(pump->config.queue, slot->type))
			hand_over(pump);
	}
	return NULL;
}

ferry_err
fy_sysv_pump_open(const struct fy_sysv_pump_config *config,
		  struct fy_sysv_pump **out, struct ferry_error *why)
{
	struct fy_sysv_pump *pump = fy_zalloc(config->hooks, sizeof(*pump));
	ferry_err err;

	if (!pump)
		return fy_fail_memory(why, sizeof(*pump));
	pump->config = *config;
	pump->bell = fy_os_eventfd(0, EFD_NONBLOCK);
	if (pump->bell < 0) {
		err = fy_fail_errno(why, "make an eventfd");
	} else if (fy_os_thread_start(&pump->thread, run, pump) < 0) {
		err = fy_fail_errno(why, "start a thread that receives, for a "
					 "descriptor to poll");
		fy_fd_close(&pump->bell);
	} else {
		*out = pump;
		return FERRY_OK;
	}
	fy_free(config->hooks, pump);
	return err;
}

/* The thread may receive again. Holding the lock. */
static void
tell_room(struct fy_sysv_pump *pump)
{
	__atomic_fetch_add(&pump->room, 1, __ATOMIC_RELAXED);
	fy_os_futex_wake(&pump->room, 1);
}

/* The first slot is free; the bell is silent when all are. */
static void
free_slot(struct fy_sysv_pump *pump)
{
	uint64_t count;

	fy_lock(&pump->lock);
	pump->head = (pump->head + 1) % N_SLOTS;
	if (pump->n-- == N_SLOTS)
		tell_room(pump);
	if (pump->n == 0 && !pump->error)
		(void)!fy_os_read(pump->bell, &count, sizeof(count));
	fy_unlock(&pump->lock);
}

ptrdiff_t
fy_sysv_pump_take(struct fy_sysv_pump *pump, void *msg)
{
	const struct slot *slot = &pump->slots[pump->head];
	ptrdiff_t bytes = -1;
	uint32_t n;

	fy_lock(&pump->lock);
	n = pump->n;
	errno = pump->error ? pump->error : ENOMSG;
	fy_unlock(&pump->lock);
	if (n == 0)
		return -1;
	bytes = slot->bytes;
	memcpy(msg, (const uint8_t *)slot + offsetof(struct slot, type),
	       FY_SYSV_HEAD + (size_t)bytes);
	free_slot(pump);
	return bytes;
}

int
fy_sysv_pump_fd(const struct fy_sysv_pump *pump)
{
	return pump->bell;
}

void
fy_sysv_pump_end(struct fy_sysv_pump *pump)
{
	fy_lock(&pump->lock);
	pump->closing = true;
	tell_room(pump);
	fy_unlock(&pump->lock);
	(void)fy_sysv_post(pump->config.queue, FY_SYSV_WAKE);
}

void
fy_sysv_pump_join(struct fy_sysv_pump *pump)
{
	(void)fy_os_thread_join(pump->thread);
}

void
fy_sysv_pump_close(struct fy_sysv_pump *pump)
{
	fy_fd_close(&pump->bell);
	fy_free(pump->config.hooks, pump);
}

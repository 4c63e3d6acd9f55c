/* SPDX-License-Identifier: MIT */
/* The threads of a server: events, and the reading roles that wait. */
#include <errno.h>

#include "core/err.h"
#include "core/log.h"
#include "core/os.h"
#include "rpc/server.h"

/* Roles taken from the queue before the event core is asked again. */
#define AT_A_STRETCH 16
#define RING_TRIES 3
#define NS_PER_MS 1000000

/* ---- roles ---- */

static bool
change(struct fy_source *source, uint32_t from, uint32_t to)
{
	return __atomic_compare_exchange_n(&source->state, &from, to, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

bool
fy_source_try(struct fy_source *source)
{
	return change(source, FY_SOURCE_IDLE, FY_SOURCE_BUSY);
}

bool
fy_source_claim(struct fy_source *source)
{
	for (;;) {
		switch (__atomic_load_n(&source->state, __ATOMIC_ACQUIRE)) {
		case FY_SOURCE_IDLE:
			if (fy_source_try(source))
				return true;
			break;
		case FY_SOURCE_BUSY:
			if (change(source, FY_SOURCE_BUSY, FY_SOURCE_AGAIN))
				return false;
			break;
		default:
			return false;
		}
	}
}

bool
fy_source_leave(struct fy_source *source)
{
	if (FY_LIKELY(change(source, FY_SOURCE_BUSY, FY_SOURCE_IDLE)))
		return true;
	__atomic_store_n(&source->state, FY_SOURCE_BUSY, __ATOMIC_RELEASE);
	source->again = true;
	return false;
}

void
fy_source_ready(struct fy_source *source)
{
	struct ferry_server *server = source->server;

	source->next_ready = NULL;
	fy_lock(&server->ready_lock);
	*server->ready_end = source;
	server->ready_end = &source->next_ready;
	/* Before the look at .sleeping: see wait_for_event(). */
	__atomic_add_fetch(&server->n_ready, 1, __ATOMIC_SEQ_CST);
	fy_unlock(&server->ready_lock);
	fy_server_ring(server);
}

static struct fy_source *
take_ready(struct ferry_server *server)
{
	struct fy_source *source;

	if (__atomic_load_n(&server->n_ready, __ATOMIC_SEQ_CST) == 0)
		return NULL;
	fy_lock(&server->ready_lock);
	source = server->ready;
	if (source) {
		server->ready = source->next_ready;
		if (!server->ready)
			server->ready_end = &server->ready;
		__atomic_sub_fetch(&server->n_ready, 1, __ATOMIC_SEQ_CST);
	}
	fy_unlock(&server->ready_lock);
	return source;
}

/* ---- waking ---- */

/*
 * Async-signal-safe. A ring that is lost is a thread that sleeps for ever; but
 * a kernel fails a write to an eventfd of ours only when it is full, and that
 * takes 2^64 rings.
 */
static void
ring_always(struct ferry_server *server)
{
	uint64_t one = 1;
	int tries = 0;

	while (fy_os_write(server->bell, &one, sizeof(one)) < 0 &&
	       ++tries < RING_TRIES)
		continue;
}

void
fy_server_ring(struct ferry_server *server)
{
	if (__atomic_load_n(&server->sleeping, __ATOMIC_SEQ_CST) == 0)
		return;
	/* One ring is enough until it has been heard. */
	if (__atomic_exchange_n(&server->rung, 1, __ATOMIC_SEQ_CST) == 0)
		ring_always(server);
}

void
fy_server_unbusy(struct ferry_server *server)
{
	/* In this order, as is_finished() looks in the other. */
	if (__atomic_sub_fetch(&server->busy, 1, __ATOMIC_SEQ_CST) == 0 &&
	    __atomic_load_n(&server->stopping, __ATOMIC_SEQ_CST))
		ring_always(server);
}

/* Async-signal-safe: an atomic store and a write(2). */
void
ferry_server_stop(struct ferry_server *server)
{
	int saved = errno;

	__atomic_store_n(&server->stopping, 1, __ATOMIC_SEQ_CST);
	ring_always(server);
	errno = saved;
}

/* ---- time ---- */

static int64_t
sweep_period_ns(const struct ferry_server *server)
{
	uint32_t ms = server->config.record_ms;

	if (server->config.idle_ms && server->config.idle_ms < ms)
		ms = server->config.idle_ms;
	ms /= 4;
	if (__atomic_load_n(&server->has_paused, __ATOMIC_RELAXED) && ms > 100)
		ms = 100;
	if (ms > 1000)
		ms = 1000;
	return (int64_t)(ms < 10 ? 10 : ms) * NS_PER_MS;
}

void
fy_server_need_sweep(struct ferry_server *server)
{
	int64_t never = FERRY_NEVER.ns;
	int64_t at;

	if (__atomic_load_n(&server->sweep_at, __ATOMIC_RELAXED) != never)
		return;
	at = fy_os_now_ns() + sweep_period_ns(server);
	if (__atomic_compare_exchange_n(&server->sweep_at, &never, at, false,
					__ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		fy_server_ring(server);
}

/* One thread sweeps; the others find that it is not time any more. */
static void
sweep_in_time(struct ferry_server *server)
{
	int64_t at = __atomic_load_n(&server->sweep_at, __ATOMIC_RELAXED);
	int64_t now;

	if (FY_LIKELY(at == FERRY_NEVER.ns))
		return;
	now = fy_os_now_ns();
	if (now < at ||
	    !__atomic_compare_exchange_n(&server->sweep_at, &at,
					 FERRY_NEVER.ns, false,
					 __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		return;
	if (fy_server_sweep(server, now))
		fy_server_need_sweep(server);
}

static int64_t
drain_until_ns(struct ferry_server *server)
{
	int64_t until = __atomic_load_n(&server->drain_until, __ATOMIC_RELAXED);
	int64_t unset = 0;

	if (until)
		return until;
	until = fy_os_now_ns() + (int64_t)server->config.drain_ms * NS_PER_MS;
	if (!__atomic_compare_exchange_n(&server->drain_until, &unset, until,
					 false, __ATOMIC_RELAXED,
					 __ATOMIC_RELAXED))
		until = unset;
	return until;
}

static struct ferry_deadline
wake_at(struct ferry_server *server)
{
	int64_t at = __atomic_load_n(&server->sweep_at, __ATOMIC_SEQ_CST);

	if (fy_server_stopping(server) && drain_until_ns(server) < at)
		at = drain_until_ns(server);
	return (struct ferry_deadline){ at };
}

/* ---- the loop ---- */

static void
tell(struct fy_source *source, uint32_t events)
{
	/*
	 * The kernel tells of a source after another thread has made it; the
	 * state, stored last, says the same in terms of the memory model.
	 */
	if (__atomic_load_n(&source->state, __ATOMIC_ACQUIRE) !=
	    FY_SOURCE_CLOSED)
		source->ops->event(source, events);
}

/* @told: written; whether there was one. */
static ferry_err
wait_for_event(struct ferry_server *server, bool *told)
{
	struct ferry_deadline until = FERRY_NOW;
	struct fy_poll_event event;
	size_t n = 0;
	ferry_err err;

	/*
	 * Who makes a role ready counts it and then looks whether anybody
	 * sleeps; who goes to sleep says so and then looks at the count. One
	 * of the two sees the other. The same holds for the next sweep.
	 */
	__atomic_add_fetch(&server->sleeping, 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&server->n_ready, __ATOMIC_SEQ_CST) == 0)
		until = wake_at(server);
	err = fy_poll_wait(&server->poll, &event, 1, &n, until);
	__atomic_sub_fetch(&server->sleeping, 1, __ATOMIC_SEQ_CST);
	*told = !err && n > 0;
	if (!*told)
		return err;
	if (event.user)
		tell(event.user, event.events);
	else
		__atomic_store_n(&server->rung, 0, __ATOMIC_SEQ_CST);
	return FERRY_OK;
}

/* Others wait already: those with events have as many turns as they have. */
static ferry_err
look_for_events(struct ferry_server *server)
{
	bool told = true;
	ferry_err err = FERRY_OK;

	for (int i = 0; i < AT_A_STRETCH && told && !err; i++) {
		err = wait_for_event(server, &told);
		if (__atomic_load_n(&server->n_ready, __ATOMIC_RELAXED) == 0)
			break;
	}
	return err;
}

static bool
is_finished(struct ferry_server *server)
{
	if (FY_LIKELY(!fy_server_stopping(server)))
		return false;
	return __atomic_load_n(&server->busy, __ATOMIC_SEQ_CST) == 0 ||
	       fy_os_now_ns() >= drain_until_ns(server);
}

void
fy_server_loop(struct ferry_server *server)
{
	struct fy_source *source;
	ferry_err err = FERRY_OK;
	int turns = 0;

	while (!err && !is_finished(server)) {
		source = take_ready(server);
		if (source) {
			/* Many roles may be behind one ring. */
			if (__atomic_load_n(&server->n_ready,
					    __ATOMIC_SEQ_CST) > 0)
				fy_server_ring(server);
			if (!source->ops->read(source) &&
			    ++turns < AT_A_STRETCH)
				continue;
		}
		turns = 0;
		err = look_for_events(server);
		sweep_in_time(server);
	}
	if (err) {
		fy_log(server->config.hooks, FERRY_LOG_ERROR,
		       "the server stops: it cannot wait for events");
		ferry_server_stop(server);
	}
	/* Each who leaves wakes the next. */
	ring_always(server);
}

/* SPDX-License-Identifier: MIT */
#include "transport/service.h"

#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/lock.h"
#include "core/os.h"
#include "core/poll.h"
#include "core/time.h"

/* Items run at a stretch before those that are late have a turn. */
#define AT_A_STRETCH 16

/*
 * Locks, in the order in which they are taken: .life by who adds or cancels,
 * .lock for all the rest, .turn by the helper while it runs an item.
 *
 * .n_items counts also what the helper has taken out of .items for a moment.
 * .next is when the helper wakes by itself, at the latest; 0 while it is awake.
 * Who sets an earlier time rings the bell. .words is the helper's alone.
 */
struct service {
	struct fy_lock life;
	struct fy_lock lock;
	struct fy_lock turn;
	struct fy_service_item *items;
	size_t n_items;
	struct fy_service_item *running;
	struct ferry_deadline next;
	struct fy_poll poll;
	int bell;
	pthread_t thread;
	bool started;
	bool stopping;
	bool sees_forks;
	bool has_words;
	uint32_t generation;
	struct fy_service_words words;
};

/* The exception from "no globals" that service.h gives the reason for. */
static struct service service = { .poll.fd = -1, .bell = -1, .generation = 1 };

/* ---- lists ---- */

static void
insert(struct fy_service_item **head, struct fy_service_item *item)
{
	item->next = *head;
	item->link = head;
	if (item->next)
		item->next->link = &item->next;
	*head = item;
}

static void
take_out(struct fy_service_item *item)
{
	*item->link = item->next;
	if (item->next)
		item->next->link = item->link;
}

/* ---- the helper ---- */

/* The helper is to wake at @until, unless it does anyway. */
static void
wake_by(struct ferry_deadline until)
{
	if (FY_LIKELY(until.ns >= service.next.ns))
		return;
	service.next = until;
	fy_os_eventfd_ring(service.bell);
}

/* Runs @item, which is on the list: whoever cancels it waits for .turn. */
static void
run_unlocked(struct fy_service_item *item, enum fy_service_reason reason)
{
	service.running = item;
	fy_lock(&service.turn);
	fy_unlock(&service.lock);
	item->run(item, reason);
	fy_unlock(&service.turn);
	fy_lock(&service.lock);
	service.running = NULL;
}

/*
 * What is ready, one by one: asked for under the lock, so that each is on the
 * list still. The descriptor of an item tells once, the bell until it is read.
 */
static void
run_ready(void)
{
	struct fy_poll_event event;
	uint64_t count;
	size_t n;

	for (int i = 0; i < AT_A_STRETCH; i++) {
		if (fy_poll_wait(&service.poll, &event, 1, &n, FERRY_NOW) ||
		    n == 0)
			return;
		if (event.user)
			run_unlocked(event.user, FY_SERVICE_READY);
		else
			(void)!fy_os_read(service.bell, &count, sizeof(count));
	}
}

/* Takes out of the list what is late, into one of its own. */
static void
collect_late(struct fy_service_item **late, int64_t now_ns)
{
	struct fy_service_item *next;

	for (struct fy_service_item *item = service.items; item; item = next) {
		next = item->next;
		if (item->until.ns > now_ns)
			continue;
		take_out(item);
		insert(late, item);
	}
}

static void
run_late(void)
{
	struct fy_service_item *late = NULL;
	struct fy_service_item *item;
	int64_t now_ns = fy_os_now_ns();

	collect_late(&late, now_ns);
	while ((item = late)) {
		take_out(item);
		insert(&service.items, item);
		/* Its time may have been changed while others ran. */
		if (item->until.ns > now_ns)
			continue;
		item->until = FERRY_NEVER;
		run_unlocked(item, FY_SERVICE_LATE);
	}
}

static struct ferry_deadline
earliest(void)
{
	struct ferry_deadline next = FERRY_NEVER;

	for (struct fy_service_item *item = service.items; item;
	     item = item->next) {
		if (item->until.ns < next.ns)
			next = item->until;
	}
	return next;
}

/* poll, not epoll_wait: that one counts in milliseconds. */
static void
sleep_unlocked(void)
{
	struct pollfd fd = { .fd = service.poll.fd, .events = POLLIN };
	struct ferry_deadline next = earliest();

	service.next = next;
	fy_unlock(&service.lock);
	(void)fy_os_poll(&fd, 1, next);
	fy_lock(&service.lock);
	service.next.ns = 0;
}

/* In the place of libc's list: the helper locks nothing that others share. */
static void
begin_words(void)
{
	service.words = (struct fy_service_words){
		.head.list.next = &service.words.head.list,
	};
	service.has_words = fy_os_robust_list(&service.words.head,
					      sizeof(service.words.head)) == 0;
}

static void *
help(void *unused)
{
	(void)unused;
	begin_words();
	fy_lock(&service.lock);
	while (!service.stopping) {
		run_ready();
		run_late();
		if (!service.stopping)
			sleep_unlocked();
	}
	fy_unlock(&service.lock);
	return NULL;
}

struct fy_service_words *
fy_service_words(void)
{
	return service.has_words ? &service.words : NULL;
}

/* ---- its life ---- */

static void
forget(void)
{
	service.started = false;
	service.stopping = false;
	service.next.ns = 0;
	fy_poll_close(&service.poll);
	fy_fd_close(&service.bell);
}

/* In the child of a fork, which has one thread: the items are its parent's. */
static void
begin_child(void)
{
	service.life = (struct fy_lock){ 0 };
	service.lock = (struct fy_lock){ 0 };
	service.turn = (struct fy_lock){ 0 };
	service.items = NULL;
	service.n_items = 0;
	service.running = NULL;
	service.generation++;
	forget();
}

static ferry_err
see_forks(struct ferry_error *why)
{
	if (service.sees_forks)
		return FERRY_OK;
	if (fy_os_at_fork(begin_child) < 0)
		return fy_fail_errno(why, "prepare for forks");
	service.sees_forks = true;
	return FERRY_OK;
}

static ferry_err
open_set(struct ferry_error *why)
{
	ferry_err err = fy_poll_open(&service.poll, why);

	if (err)
		return err;
	service.bell = fy_os_eventfd(0, EFD_NONBLOCK);
	if (service.bell < 0)
		return fy_fail_errno(why, "make an eventfd");
	return fy_poll_add(&service.poll, service.bell, EPOLLIN, NULL, why);
}

/* Holding .life: starts the helper, unless it runs. */
static ferry_err
start(struct ferry_error *why)
{
	ferry_err err;

	if (service.started)
		return FERRY_OK;
	err = see_forks(why);
	if (!err)
		err = open_set(why);
	if (!err && fy_os_thread_start(&service.thread, help, NULL) < 0)
		err = fy_fail_errno(why, "start a thread that helps to wait");
	if (err)
		forget();
	else
		service.started = true;
	return err;
}

/* Holding .life: ends the helper if it has nothing to do. */
static void
stop_if_idle(void)
{
	if (!service.started || service.n_items > 0)
		return;
	fy_lock(&service.lock);
	service.stopping = true;
	fy_os_eventfd_ring(service.bell);
	fy_unlock(&service.lock);
	(void)fy_os_thread_join(service.thread);
	forget();
}

/* ---- items ---- */

static ferry_err
watch(struct fy_service_item *item, struct ferry_error *why)
{
	ferry_err err = FERRY_OK;

	fy_lock(&service.lock);
	if (item->fd >= 0)
		err = fy_poll_add(&service.poll, item->fd,
				  EPOLLIN | EPOLLONESHOT, item, why);
	if (!err) {
		item->generation = service.generation;
		insert(&service.items, item);
		service.n_items++;
		wake_by(item->until);
	}
	fy_unlock(&service.lock);
	return err;
}

ferry_err
fy_service_add(struct fy_service_item *item, struct ferry_error *why)
{
	ferry_err err;

	fy_lock(&service.life);
	err = start(why);
	if (!err)
		err = watch(item, why);
	if (err)
		stop_if_idle();
	fy_unlock(&service.life);
	return err;
}

bool
fy_service_has(const struct fy_service_item *item)
{
	return item->generation == service.generation;
}

void
fy_service_until(struct fy_service_item *item, struct ferry_deadline until)
{
	fy_lock(&service.lock);
	item->until = until;
	wake_by(until);
	fy_unlock(&service.lock);
}

void
fy_service_again(struct fy_service_item *item)
{
	/* Fails where another thread cancels the item just now. */
	(void)!fy_poll_modify(&service.poll, item->fd, EPOLLIN | EPOLLONESHOT,
			      item, NULL);
}

void
fy_service_cancel(struct fy_service_item *item)
{
	bool runs;

	if (!fy_service_has(item))
		return;
	fy_lock(&service.life);
	fy_lock(&service.lock);
	item->generation = 0;
	take_out(item);
	service.n_items--;
	if (item->fd >= 0)
		fy_poll_remove(&service.poll, item->fd);
	runs = service.running == item;
	fy_unlock(&service.lock);
	if (runs) {
		fy_lock(&service.turn);
		fy_unlock(&service.turn);
	}
	stop_if_idle();
	fy_unlock(&service.life);
}

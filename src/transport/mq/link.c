/* SPDX-License-Identifier: MIT */
#include "transport/mq/link.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "core/time.h"
#include "transport/mq/queue.h"

/* Whom a wake message could not be sent is tried again after so long. */
#define WAKE_AGAIN_MS 10
/*
 * So much that is no end of a message is taken at a time: a peer may send such
 * as fast as it is taken, and who does not wait has others to serve.
 */
#define IDLE_MOST 1024

static struct fy_mq_link *
mq_of(struct ferry_link *link)
{
	return FY_CONTAINER(link, struct fy_mq_link, link);
}

static const struct fy_mq_link *
const_mq_of(const struct ferry_link *link)
{
	return (const struct fy_mq_link *)(const void *)link;
}

static bool
is_set(const atomic_bool *flag)
{
	return atomic_load_explicit(flag, memory_order_relaxed);
}

static void
set(atomic_bool *flag)
{
	atomic_store_explicit(flag, true, memory_order_relaxed);
}

FY_COLD static void
count_end(struct fy_mq_link *l, uint64_t *counter)
{
	if (!atomic_exchange_explicit(&l->counted, true, memory_order_relaxed))
		fy_count_any(counter, 1);
}

struct fy_mq_link *
fy_mq_link_new(const struct ferry_link_config *config,
	       const struct ferry_transport_ops *ops)
{
	static const struct fy_part_shape shape = { .bytes = FY_MQ_BYTES };
	struct fy_mq_link *l = fy_zalloc(config->hooks, sizeof(*l));

	if (!l)
		return NULL;
	l->link.ops = ops;
	l->link.config = *config;
	l->link.counters = &l->link.own;
	if (config->max_receive == 0)
		l->link.config.max_receive = config->max_message;
	l->in = l->out = l->pidfd = -1;
	l->owner = fy_os_getpid();
	l->drained = true;
	fy_part_tx_init(&l->tx, config->hooks, shape, config->max_message);
	fy_part_rx_init(&l->rx, config->hooks, shape,
			l->link.config.max_receive);
	return l;
}

static bool
has_died(const struct fy_mq_link *l)
{
	struct pollfd end = { .fd = l->pidfd, .events = POLLIN };

	return fy_os_poll(&end, 1, FERRY_NOW) == 1;
}

/* ---- sending ---- */

FY_COLD static ferry_err
fail_gone(struct fy_mq_link *l, struct ferry_error *why)
{
	set(&l->gone);
	count_end(l, &l->link.counters->lost);
	return fy_fail(why, FERRY_ELOST,
		       "cannot send to the peer: it has closed the channel, "
		       "or ended");
}

/*
 * Whether the next message may be the one that fills the queue. One that was
 * full just now is not asked each time: a look too much costs less.
 */
static bool
takes_last_place(struct fy_mq_link *l)
{
	struct mq_attr attr;

	if (FY_LIKELY(l->places > 1))
		return false;
	if (l->close > 0) {
		l->close--;
		return true;
	}
	l->places = 0;
	if (fy_os_mq_getattr(l->out, &attr) == 0)
		l->places = attr.mq_maxmsg - attr.mq_curmsgs;
	return l->places <= 1;
}

/* FERRY_EAGAIN: the queue is full. */
static ferry_err
send_part(struct fy_mq_link *l, const struct fy_part *part,
	  struct ferry_error *why)
{
	if (fy_os_mq_send(l->out, part->at, part->bytes, 0) == 0) {
		l->places--;
		l->stuck = false;
		return FERRY_OK;
	}
	if (errno != EAGAIN) {
		count_end(l, &l->link.counters->lost);
		return fy_fail_errno_as(why, FERRY_ELOST, "send to the peer");
	}
	/* A fork's child may hold what the dead held; who waits polls that. */
	if (!fy_mq_is_held(l->out, FY_MQ_RECEIVER) || (l->stuck && has_died(l)))
		return fail_gone(l, why);
	l->places = 0;
	l->close = FY_MQ_DEPTH;
	l->stuck = true;
	return FERRY_EAGAIN;
}

ferry_err
fy_mq_flush(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_mq_link *l = mq_of(link);
	struct fy_part part;
	ferry_err err;

	while (fy_part_tx_unsent(&l->tx) > 0) {
		uint32_t flags = takes_last_place(l) ? FY_PART_LOOK : 0;

		if (!fy_part_tx_next(&l->tx, flags, &part))
			break;
		err = send_part(l, &part, why);
		if (err)
			return err;
		fy_part_tx_sent(&l->tx);
	}
	return FERRY_OK;
}

/*
 * A full queue whose receiver is dead never has room again. What has found no
 * room is not tried before the wait.
 */
ferry_err
fy_mq_flush_until(struct ferry_link *link, struct ferry_deadline until,
		  struct ferry_error *why)
{
	struct fy_mq_link *l = mq_of(link);
	struct pollfd fds[] = { { l->out, POLLOUT, 0 },
				{ l->pidfd, POLLIN, 0 } };
	ferry_err err = l->stuck ? FERRY_EAGAIN : fy_mq_flush(link, why);

	while (err == FERRY_EAGAIN) {
		int n = fy_os_poll(fds, 2, until);

		if (n < 0)
			return fy_fail_errno(why, "wait for the peer");
		if (n == 0)
			return fy_fail(why, FERRY_ETIMEDOUT,
				       "the deadline passed: the peer does not "
				       "receive what was sent before");
		err = fy_mq_flush(link, why);
	}
	return err;
}

ferry_err
fy_mq_loan(struct ferry_link *link, size_t bytes, uint8_t **out,
	   struct ferry_error *why)
{
	struct fy_mq_link *l = mq_of(link);
	ferry_err err = FERRY_OK;

	if (is_set(&l->gone))
		return fail_gone(l, why);
	if (fy_part_tx_full(&l->tx))
		err = fy_mq_flush(link, why);
	if (err && (err != FERRY_EAGAIN || fy_part_tx_full(&l->tx)))
		return err;
	err = fy_part_tx_loan(&l->tx, bytes, out, why);
	if (err == FERRY_ETOOBIG)
		fy_count_any(&link->counters->too_big, 1);
	return err;
}

ferry_err
fy_mq_commit(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_mq_link *l = mq_of(link);
	ferry_err err;

	fy_count(&link->counters->sent, 1);
	fy_count(&link->counters->sent_bytes, fy_part_tx_commit(&l->tx));
	err = fy_mq_flush(link, why);
	return err == FERRY_EAGAIN ? FERRY_OK : err;
}

void
fy_mq_cancel(struct ferry_link *link)
{
	fy_part_tx_cancel(&mq_of(link)->tx);
}

size_t
fy_mq_unsent(const struct ferry_link *link)
{
	return fy_part_tx_unsent(&const_mq_of(link)->tx);
}

/* The lock goes first: see the top of mq/link.h. */
static int
send_end(struct fy_mq_link *l, uint32_t flags)
{
	uint8_t end[FY_PART_HEAD];

	if (fy_os_unlock_byte(l->out, FY_MQ_SENDER) < 0)
		return -1;
	fy_part_end(end, flags);
	if (fy_os_mq_send(l->out, end, sizeof(end), 0) < 0 && errno != EAGAIN)
		return -1;
	return 0;
}

ferry_err
fy_mq_finish(struct ferry_link *link, struct ferry_error *why)
{
	if (send_end(mq_of(link), 0) < 0)
		return fy_fail_errno_as(why, FERRY_ELOST,
					"tell the peer that nothing more "
					"comes");
	return FERRY_OK;
}

/* ---- receiving ---- */

static ferry_err
fail_end(struct fy_mq_link *l, struct ferry_error *why)
{
	set(&l->ended);
	if (fy_part_rx_partial(&l->rx)) {
		count_end(l, &l->link.counters->lost);
		return fy_fail(why, FERRY_ELOST,
			       "the peer went in the middle of a message");
	}
	return fy_fail(why, FERRY_EOF, "the peer closed the channel");
}

/* How the parts themselves have ended the channel. */
FY_COLD static void
note_end(struct fy_mq_link *l, ferry_err err)
{
	struct ferry_counters *counters = l->link.counters;

	set(&l->ended);
	if (l->rx.gone)
		set(&l->gone);
	if (err == FERRY_ETOOBIG)
		count_end(l, &counters->too_big);
	else if (err == FERRY_ELOST)
		count_end(l, &counters->lost);
	else if (err != FERRY_EOF)
		count_end(l, &counters->broken);
}

/* The next message of the parts that were received. */
static ferry_err
take_received(struct fy_mq_link *l, struct ferry_bytes *out,
	      struct ferry_error *why)
{
	ferry_err err;

	if (is_set(&l->ended))
		return fail_end(l, why);
	err = fy_part_rx_take(&l->rx, out, why);
	if (FY_LIKELY(!err)) {
		fy_count(&l->link.counters->received, 1);
		fy_count(&l->link.counters->received_bytes, out->len);
	} else if (err != FERRY_EAGAIN && err != FERRY_ENOMEM) {
		note_end(l, err);
	}
	return err;
}

/* Receives a part, of @n bytes or -1 with errno: FERRY_OK. */
static ferry_err
receive(struct fy_mq_link *l, bool blocks, struct ferry_error *why)
{
	uint8_t *room = fy_part_rx_room(&l->rx);
	ssize_t n;

	if (!room)
		return fy_fail_memory(why, FY_MQ_BYTES);
	n = blocks ? fy_os_mq_receive(l->in, room, FY_MQ_BYTES, NULL)
		   : fy_os_mq_try_receive(l->in, room, FY_MQ_BYTES, NULL);
	l->drained = n < 0;
	if (n >= 0) {
		l->rx.looks |= n == 0;
		fy_part_rx_got(&l->rx, (size_t)n);
		return FERRY_OK;
	}
	if (errno == EAGAIN)
		return FERRY_EAGAIN;
	set(&l->ended);
	count_end(l, &l->link.counters->lost);
	return fy_fail_errno_as(why, FERRY_ELOST, "receive from the peer");
}

/* Whether nothing comes behind what is in the queue. */
static bool
is_over(struct fy_mq_link *l)
{
	bool looks = l->rx.looks;

	l->rx.looks = false;
	return (looks && !fy_mq_is_held(l->in, FY_MQ_SENDER)) || has_died(l);
}

ferry_err
fy_mq_take(struct ferry_link *link, struct ferry_bytes *out,
	   struct ferry_error *why)
{
	struct fy_mq_link *l = mq_of(link);
	bool over = false;
	ferry_err err;

	for (int n = 0; n < IDLE_MOST; n++) {
		err = take_received(l, out, why);
		if (err != FERRY_EAGAIN)
			return err;
		err = receive(l, false, why);
		if (!err)
			continue;
		if (err != FERRY_EAGAIN)
			return err;
		/* Something may have come just before the end. */
		if (over)
			return fail_end(l, why);
		over = is_over(l);
		if (!over)
			return FERRY_EAGAIN;
	}
	return take_received(l, out, why);
}

/*
 * On the helper thread. A full queue wakes who sleeps without this; what else
 * there is in the way, such as a want of memory, may pass.
 */
static void
wake(struct fy_service_item *item, enum fy_service_reason reason)
{
	struct fy_mq_link *l = FY_CONTAINER(item, struct fy_mq_link, item);

	atomic_store(reason == FY_SERVICE_LATE ? &l->late : &l->died, true);
	if (fy_os_mq_try_send(l->in, "", 0, 0) < 0 && errno != EAGAIN)
		fy_service_until(item, ferry_in_ms(WAKE_AGAIN_MS));
}

static ferry_err
get_help(struct fy_mq_link *l)
{
	ferry_err err;

	if (FY_LIKELY(l->helped))
		return FERRY_OK;
	l->item = (struct fy_service_item){
		.run = wake,
		.fd = l->pidfd,
		.until = FERRY_NEVER,
	};
	err = fy_service_add(&l->item, NULL);
	l->helped = !err;
	return err;
}

FY_COLD static ferry_err
fail_late(struct ferry_error *why)
{
	return fy_fail(why, FERRY_ETIMEDOUT,
		       "the deadline passed: the peer is slow, or allow more "
		       "time");
}

/* Waits for a part or the end of the peer. */
static ferry_err
wait_for_part(struct fy_mq_link *l, struct ferry_deadline until,
	      struct ferry_error *why)
{
	struct pollfd fds[] = { { l->in, POLLIN, 0 }, { l->pidfd, POLLIN, 0 } };
	int n = fy_os_poll(fds, 2, until);

	if (n < 0)
		return fy_fail_errno(why, "wait for the peer");
	return n > 0 ? FERRY_OK : fail_late(why);
}

/*
 * One call does all: it blocks. Without help, or where that may come to
 * another, it takes a poll(2) before.
 */
static ferry_err
wait_and_receive(struct fy_mq_link *l, struct ferry_deadline until,
		 struct ferry_error *why)
{
	ferry_err err;

	if (FY_LIKELY(!l->shared && !get_help(l))) {
		/* Never taken back: whom it wakes for nothing sleeps again. */
		if (until.ns != FERRY_NEVER.ns)
			fy_service_until(&l->item, until);
		return receive(l, true, why);
	}
	err = wait_for_part(l, until, why);
	if (!err)
		err = receive(l, false, why);
	/* There may always be a part, and never a message. */
	if (err != FERRY_ETIMEDOUT && fy_deadline_passed(until))
		atomic_store(&l->late, true);
	return err;
}

/* What is to be looked at before one sleeps. */
static bool
has_news(struct fy_mq_link *l)
{
	return l->rx.looks || atomic_load(&l->died) || atomic_load(&l->late);
}

ferry_err
fy_mq_take_until(struct ferry_link *link, struct ferry_bytes *out,
		 struct ferry_deadline until, struct ferry_error *why)
{
	struct fy_mq_link *l = mq_of(link);
	ferry_err err = take_received(l, out, why);

	while (err == FERRY_EAGAIN) {
		if (FY_UNLIKELY(has_news(l))) {
			atomic_store(&l->late, false);
			err = fy_mq_take(link, out, why);
			if (err != FERRY_EAGAIN)
				return err;
			if (fy_deadline_passed(until))
				return fail_late(why);
		}
		err = wait_and_receive(l, until, why);
		if (!err)
			err = take_received(l, out, why);
		else if (err == FERRY_EAGAIN)
			err = fy_mq_take(link, out, why);
	}
	/* What the kernel has behind it, poll(2) tells. */
	l->drained = true;
	return err;
}

ferry_err
fy_mq_keep(struct ferry_link *link, struct ferry_block *out)
{
	return fy_part_rx_keep(&mq_of(link)->rx, out);
}

void
fy_mq_release(struct ferry_link *link)
{
	fy_part_rx_release(&mq_of(link)->rx);
}

bool
fy_mq_pending(struct ferry_link *link)
{
	const struct fy_mq_link *l = const_mq_of(link);

	return !l->drained || l->rx.holds;
}

bool
fy_mq_partial(const struct ferry_link *link)
{
	return fy_part_rx_partial(&const_mq_of(link)->rx);
}

/* ---- the rest ---- */

static void
add_event(struct ferry_events *out, int fd, short events)
{
	out->fd[out->n] = fd;
	out->events[out->n] = events;
	out->n++;
}

void
fy_mq_events(const struct ferry_link *link, struct ferry_events *out)
{
	const struct fy_mq_link *l = const_mq_of(link);
	bool ended = is_set(&l->ended);
	bool sends = fy_mq_unsent(link) > 0;

	*out = (struct ferry_events){ .n = 0 };
	if (!ended)
		add_event(out, l->in, POLLIN);
	if (sends)
		add_event(out, l->out, POLLOUT);
	if (!ended || sends)
		add_event(out, l->pidfd, POLLIN);
}

void
fy_mq_peer(const struct ferry_link *link, struct ferry_peer *out)
{
	*out = const_mq_of(link)->peer;
}

/*
 * What nobody will receive makes room, so that a sender who waits for that
 * tries again, and finds the lock gone. One who tries later finds it anyway.
 */
static void
make_room(struct fy_mq_link *l)
{
	char room[FY_MQ_BYTES];

	for (int i = 0; i < FY_MQ_DEPTH; i++) {
		if (fy_os_mq_try_receive(l->in, room, sizeof(room), NULL) < 0)
			break;
	}
}

/* In a child of the owner the channel lives on, and its helper is elsewhere. */
static void
say_goodbye(struct fy_mq_link *l)
{
	if (l->owner != fy_os_getpid())
		return;
	if (l->helped)
		fy_service_cancel(&l->item);
	if (l->out >= 0)
		(void)send_end(l, FY_PART_GONE);
	if (l->in < 0)
		return;
	(void)fy_os_unlock_byte(l->in, FY_MQ_RECEIVER);
	make_room(l);
}

void
fy_mq_close(struct ferry_link *link)
{
	const struct ferry_hooks *hooks;
	struct fy_mq_link *l;

	if (!link)
		return;
	l = mq_of(link);
	hooks = link->config.hooks;
	say_goodbye(l);
	fy_fd_close(&l->in);
	fy_fd_close(&l->out);
	fy_fd_close(&l->pidfd);
	fy_part_tx_fini(&l->tx);
	fy_part_rx_fini(&l->rx);
	fy_free(hooks, l);
}

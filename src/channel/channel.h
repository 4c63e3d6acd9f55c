/* SPDX-License-Identifier: MIT */
/*
 * A channel, as the files that make it up and rpc see it: channel.c (its life),
 * send.c, recv.c, wait.c, loop.c (foreign event loops), pair.c. What a
 * transport leaves to the layer above it: deadlines, waiting, fork.
 *
 * Two locks, .rx before .tx. Who waits in recv() holds .rx; nobody waits under
 * .tx but in a facility that has nothing to poll.
 */
#pragma once

#include <stdatomic.h>

#include <sys/types.h>

#include <ferry/arena.h>
#include <ferry/channel.h>
#include <ferry/transport.h>

#include "channel/address.h"
#include "channel/watch.h"
#include "core/compiler.h"
#include "core/lock.h"
#include "core/poll.h"
#include "core/process.h"
#include "transport/fds.h"

/**
 * struct fy_loop - the descriptor for a foreign event loop
 * @poll: the set that it is, .fd -1 until asked for
 * @lock: held while @watch changes
 * @bell: eventfd in it, readable while the channel itself holds more; -1 until
 *        it does so for the first time
 * @rung: that it holds more; .rx of the channel is held
 * @mute: it holds more and there is no bell; atomic, as whoever sends may read
 *        ahead while the loop's thread asks
 */
struct fy_loop {
	struct fy_poll poll;
	struct fy_lock lock;
	struct fy_watch watch;
	int bell;
	bool rung;
	bool mute;
};

/**
 * struct fy_ahead - what a sender has read while it waited for room
 * @message: taken from the link, as long as @held
 */
struct fy_ahead {
	struct ferry_bytes message;
	bool held;
};

/**
 * struct ferry_channel - one end of a link
 * @pid:      the process that it belongs to
 * @tx:       held for each act of sending; also by a receiver who flushes
 * @gatherer: the thread that holds .tx from one gathered message to the next;
 *            0: none
 * @missed:   somebody has wanted to flush, and found .tx held; atomic
 * @rx:       held for each act of receiving
 * @taken:    by ferry_channel_take()
 * @taker:    the thread that did, of a channel in a foreign loop; 0: none
 * @finished: by ferry_channel_finish()
 * @over:     how receiving has ended; .code FERRY_OK: it goes on
 * @fds:      descriptors of the message received last, or taken; of the thread
 *            that receives
 */
struct ferry_channel {
	struct ferry_link *link;
	pid_t pid;
	struct fy_lock tx;
	_Atomic(uintptr_t) gatherer;
	bool missed;
	struct fy_lock rx;
	bool taken;
	_Atomic(uintptr_t) taker;
	bool finished;
	struct ferry_error over;
	struct fy_ahead ahead;
	struct fy_fds fds;
	struct fy_loop loop;
};

/**
 * struct ferry_listener - where channels come from
 * @told: 1 << enum fy_refusal: what has been logged
 * @links: what they are shown as
 */
struct ferry_listener {
	struct ferry_port *port;
	pid_t pid;
	struct fy_rule rule;
	uint32_t told;
	enum fy_stats_kind links;
};

/** fy_channel_open() - as ferry_channel_open(), in place */
FY_MUST_CHECK ferry_err fy_channel_open(struct ferry_channel *ch,
					const struct fy_channel_config *config,
					const char *text,
					struct ferry_deadline until,
					struct ferry_error *why);

/** fy_channel_inner_config() - @config, or NULL, with its defaults filled in */
struct fy_channel_config
fy_channel_inner_config(const struct ferry_channel_config *config);

/** fy_shown_as() - what the links of @config are shown as */
enum fy_stats_kind fy_shown_as(const struct fy_channel_config *config);

/** fy_channel_init() - a channel over @take_link */
void fy_channel_init(struct ferry_channel *ch, struct ferry_link *take_link);

/** fy_channel_fini() - closes; harmless on a zeroed or closed channel */
void fy_channel_fini(struct ferry_channel *ch);

/** fy_fail_fork() - FERRY_EFORK: @pid has opened it */
FY_COLD ferry_err fy_fail_fork(pid_t pid, struct ferry_error *why);

/** fy_owner_check() - FERRY_EFORK unless @pid is this process */
FY_MUST_CHECK static inline ferry_err
fy_owner_check(pid_t pid, struct ferry_error *why)
{
	return FY_LIKELY(pid == fy_process_id()) ? FERRY_OK
						 : fy_fail_fork(pid, why);
}

/** fy_channel_own() - FERRY_EFORK in a child of the process that made it */
FY_MUST_CHECK static inline ferry_err
fy_channel_own(const struct ferry_channel *ch, struct ferry_error *why)
{
	return fy_owner_check(ch->pid, why);
}

/**
 * fy_channel_wait() - waits until the link's events in @mask say that it can go
 * on
 * @sends: not once all has left, which whoever receives may have seen to
 *
 * FERRY_OK, also where nothing can come any more; FERRY_ETIMEDOUT (FERRY_EAGAIN
 * for FERRY_NOW). Any one of the link's users.
 */
FY_MUST_CHECK ferry_err fy_channel_wait(const struct ferry_channel *ch,
					short mask, bool sends,
					struct ferry_deadline until,
					struct ferry_error *why);

/** fy_channel_polls() - whether there is something to wait at for both ways */
static inline bool
fy_channel_polls(const struct ferry_channel *ch)
{
	return !ch->link->ops->pollable;
}

/**
 * struct fy_pace - how long to wait for one thing before another is looked at,
 * where both cannot be waited for at once; all zero at the beginning
 */
struct fy_pace {
	int64_t ns;
};

/** fy_pace_next() - until when, each time longer, but not beyond @until */
struct ferry_deadline fy_pace_next(struct fy_pace *pace,
				   struct ferry_deadline until);

/** fy_stalled_until() - when to try again what ferry_events.stalled is about */
struct ferry_deadline fy_stalled_until(void);

/** fy_channel_gathers() - whether what was sent waits for more of it */
static inline bool
fy_channel_gathers(const struct ferry_channel *ch)
{
	return atomic_load_explicit(&ch->gatherer, memory_order_relaxed) != 0;
}

/**
 * fy_channel_try_flush() - sends what can leave, by whoever receives or polls
 *
 * FERRY_EAGAIN: something has not left, or another thread is sending; if that
 * is in here, it flushes once more.
 */
FY_MUST_CHECK ferry_err fy_channel_try_flush(struct ferry_channel *ch,
					     struct ferry_error *why);

/** fy_channel_has_more() - whether to receive may need no waiting; .rx held */
bool fy_channel_has_more(const struct ferry_channel *ch);

/**
 * fy_channel_read_ahead() - takes what has come, unless another thread receives
 *
 * At most one message, which the next receive gets. Return: whether more can be
 * taken when it comes.
 */
bool fy_channel_read_ahead(struct ferry_channel *ch);

/** fy_fail_late() - FERRY_ETIMEDOUT, or FERRY_EAGAIN for FERRY_NOW */
FY_COLD ferry_err fy_fail_late(struct ferry_deadline until,
			       struct ferry_error *why);

/** fy_link_pollable() - makes its events() complete; once, before any wait */
FY_MUST_CHECK ferry_err fy_link_pollable(struct ferry_link *link,
					 struct ferry_error *why);

/** fy_link_close() - ends a link, NULL is legal, which is shown no more */
void fy_link_close(struct ferry_link *link);

/** fy_loop_sent() - after an act of sending: tells the foreign loop */
void fy_loop_sent(struct ferry_channel *ch);

/** fy_loop_flushed() - after a flush, which has asked for room */
void fy_loop_flushed(struct ferry_channel *ch);

/**
 * fy_loop_emptied() - who receives found nothing, .rx held; before
 * fy_loop_received()
 */
void fy_loop_emptied(struct ferry_channel *ch);

/** fy_loop_received() - after an act of receiving, .rx held */
void fy_loop_received(struct ferry_channel *ch);

/** fy_loop_close() - harmless where none was asked for */
void fy_loop_close(struct fy_loop *loop);

/** fy_channel_can_listen() - whether the scheme of @text has listeners */
FY_MUST_CHECK ferry_err
fy_channel_can_listen(const struct fy_channel_config *config, const char *text,
		      bool *out, struct ferry_error *why);

/** fy_listener_open() - as ferry_listener_open(), in place */
FY_MUST_CHECK ferry_err fy_listener_open(struct ferry_listener *listener,
					 const struct fy_channel_config *config,
					 const char *text,
					 struct ferry_error *why);

/**
 * fy_listener_accept() - the next link that the rule admits
 *
 * FERRY_EAGAIN if nobody waits; FERRY_LATER: one was refused, and closed: ask
 * again, at once or after others had a turn.
 */
FY_MUST_CHECK ferry_err fy_listener_accept(struct ferry_listener *listener,
					   struct ferry_link **out,
					   struct ferry_error *why);

/** fy_listener_judge() - as fy_listener_accept(), of one that came otherwise */
FY_MUST_CHECK ferry_err fy_listener_judge(struct ferry_listener *listener,
					  struct ferry_link *link,
					  struct ferry_link **out);

/** fy_listener_fini() - stops; harmless on a zeroed or closed listener */
void fy_listener_fini(struct ferry_listener *listener);

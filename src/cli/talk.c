/* SPDX-License-Identifier: MIT */
#include "cli/talk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "cli/bridge.h"
#include "cli/process.h"
#include "cli/value.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "core/poll.h"

struct session {
	struct fy_bridge bridge; /* the first member: deliver() knows by it */
	const struct fy_talk *talk;
	struct fy_feed feed;
	struct fy_message_print print;
	struct ferry_deadline until;
	struct fy_poll poll;
	int signals;
	int signal; /* that came, or 0 */
	int fd;	    /* of the channel */
};

/* ---- what comes ---- */

static ferry_err
print(struct fy_bridge *bridge, struct ferry_bytes message,
      struct ferry_error *why)
{
	struct session *s = FY_CONTAINER(bridge, struct session, bridge);

	(void)why;
	return fy_message_print(&s->print, 0, NULL, message);
}

/* Taken all the same: a peer that cannot send would not receive either. */
static ferry_err
discard(struct fy_bridge *bridge, struct ferry_bytes message,
	struct ferry_error *why)
{
	(void)bridge;
	(void)message;
	(void)why;
	return FERRY_OK;
}

/* ---- the loop ---- */

static bool
has_enough(const struct session *s)
{
	return s->talk->count > 0 && s->bridge.received == s->talk->count;
}

/*
 * Who only sends waits for the peer's end, too. A close before that resets a TCP
 * connection on which an answer is coming, and what of ours has not arrived is
 * lost; over others the peer's answers fail while it still has messages to take.
 */
static bool
is_done(const struct session *s)
{
	if (s->signal || has_enough(s))
		return true;
	return s->bridge.ended && (!s->talk->sends || s->bridge.finished);
}

/* What is always readable, a file, cannot be in an epoll set: EPERM. */
static ferry_err
watch_feed(struct session *s, struct ferry_error *why)
{
	ferry_err err;

	if (!s->bridge.feed || s->feed.words)
		return FERRY_OK;
	err = fy_poll_add(&s->poll, s->feed.fd, EPOLLONESHOT, &s->feed, why);
	if (!err || why->sys_errno != EPERM)
		return err;
	s->feed.steady = true;
	s->feed.readable = true;
	return FERRY_OK;
}

/*
 * The channel tells of changes only: what it has is left there while a pump
 * cannot go on.
 */
static ferry_err
open_session(struct session *s, struct ferry_error *why)
{
	ferry_err err = fy_process_fill_low(false, why);

	if (!err)
		err = fy_process_signals(&s->signals, why);
	if (!err)
		err = ferry_channel_open(s->talk->addr, NULL, s->until,
					 &s->bridge.ch, why);
	if (!err)
		err = ferry_channel_fd(s->bridge.ch, &s->fd, why);
	if (!err)
		err = fy_poll_open(&s->poll, why);
	if (!err)
		err = fy_poll_add(&s->poll, s->fd, EPOLLIN | EPOLLET, &s->fd,
				  why);
	if (!err)
		err = fy_poll_add(&s->poll, s->signals, EPOLLIN, &s->signals,
				  why);
	if (s->until.ns == 0)
		s->until = FERRY_NEVER;
	return err ? err : watch_feed(s, why);
}

FY_COLD static ferry_err
fail_late(const struct session *s, struct ferry_error *why)
{
	if (s->bridge.lost.code) {
		*why = s->bridge.lost;
		return why->code;
	}
	return fy_fail(why, FERRY_ETIMEDOUT, "the time is up%s; --timeout TIME "
		       "allows more",
		       s->bridge.finished ? ": all was sent, but the peer has "
					    "not ended the channel" : "");
}

static ferry_err
wait_for_change(struct session *s, struct ferry_error *why)
{
	struct ferry_deadline until = s->until;
	struct ferry_deadline channel = ferry_channel_timeout(s->bridge.ch);
	struct fy_poll_event events[4];
	ferry_err err = FERRY_OK;
	size_t n;

	if (fy_bridge_wants_feed(&s->bridge))
		err = fy_poll_modify(&s->poll, s->feed.fd,
				     EPOLLIN | EPOLLONESHOT, &s->feed, why);
	if (channel.ns < until.ns)
		until = channel;
	if (s->bridge.busy)
		until = FERRY_NOW;
	if (!err)
		err = fy_poll_wait(&s->poll, events, 4, &n, until);
	if (err)
		return err;
	for (size_t i = 0; i < n; i++) {
		if (events[i].user == &s->feed)
			s->feed.readable = true;
		if (events[i].user == &s->signals)
			s->signal = fy_process_signal(s->signals);
	}
	if (n == 0 && fy_os_now_ns() >= s->until.ns)
		return fail_late(s, why);
	return FERRY_OK;
}

static ferry_err
run_loop(struct session *s, struct ferry_error *why)
{
	ferry_err err;

	while (!(err = fy_bridge_pump(&s->bridge, why)) && !is_done(s)) {
		if (!s->bridge.busy && fflush(stdout) != 0)
			return FERRY_ESYS;
		err = wait_for_change(s, why);
		if (err)
			break;
	}
	return err;
}

/* ---- the end ---- */

/* A child that is sent something may take its time over it. */
static ferry_err
wait_for_child(struct session *s, struct ferry_error *why)
{
	int status;
	ferry_err err;

	if (!(ferry_channel_caps(s->bridge.ch) & FERRY_CAP_CHILD) ||
	    s->signal || has_enough(s))
		return FERRY_OK;
	err = ferry_channel_status(s->bridge.ch, s->until, &status, why);
	if (err)
		return err;
	if (WIFSIGNALED(status))
		return fy_fail(why, FERRY_ESYS, "%.100s: signal %d ended it",
			       s->talk->addr, WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		return fy_fail(why, FERRY_ESYS, "%.100s: exit status %d",
			       s->talk->addr, WEXITSTATUS(status));
	return FERRY_OK;
}

static void
print_counters(const struct session *s)
{
	struct ferry_counters n;
	json_t *line;

	ferry_channel_counters(s->bridge.ch, &n);
	line = json_pack("{sI sI sI sI}", "sent", (json_int_t)n.sent,
			 "sent_bytes", (json_int_t)n.sent_bytes, "received",
			 (json_int_t)n.received, "received_bytes",
			 (json_int_t)n.received_bytes);
	if (!line || fy_value_print(line, FY_JSON_COMPACT, stdout))
		fy_cmd_complain("%s", ferry_strerror(FERRY_ENOMEM));
	json_decref(line);
}

static void
close_session(struct session *s)
{
	if (s->bridge.has_taken)
		ferry_channel_release(s->bridge.ch);
	(void)ferry_channel_close(s->bridge.ch, FERRY_NOW, NULL);
	fy_poll_close(&s->poll);
	fy_fd_close(&s->signals);
	fy_feed_fini(&s->feed);
}

/* What went wrong in a channel that is open does not say in which. */
static int
complain(const struct session *s, ferry_err err, const struct ferry_error *why)
{
	const char *addr = s->talk->addr;
	struct ferry_error named = *why;

	if (why->text[0] && !strstr(why->text, addr))
		(void)snprintf(named.text, sizeof(named.text), "%.80s: %.150s",
			       addr, why->text);
	return fy_message_complain(s->talk->options, err, &named);
}

int
fy_talk_run(const struct fy_talk *talk)
{
	struct session s = {
		.bridge.deliver = talk->prints ? print : discard,
		.bridge.most = talk->count,
		.talk = talk,
		.feed = { .words = talk->words, .fd = STDIN_FILENO,
			  .cut = fy_message_cut(talk->options, talk->addr) },
		.print = fy_message_print_of(talk->options, talk->addr),
		.until = talk->options->until,
		.poll.fd = -1,
		.signals = -1,
	};
	struct ferry_error why = { .text = "" };
	int status = 0;
	ferry_err err;

	s.bridge.feed = talk->sends ? &s.feed : NULL;
	err = open_session(&s, &why);
	if (!err)
		err = run_loop(&s, &why);
	if (!err)
		err = wait_for_child(&s, &why);
	if (!err && talk->sends && talk->options->as_json)
		print_counters(&s);
	if (err)
		status = complain(&s, err, &why);
	close_session(&s);
	if (s.signal)
		fy_process_end_by(s.signal);
	return status;
}

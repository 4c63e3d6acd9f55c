/* SPDX-License-Identifier: MIT */
#include "transport/stream.h"

#include <errno.h>
#include <poll.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/err.h"

static size_t
max_received(const struct ferry_link_config *config)
{
	size_t max = config->max_receive ? config->max_receive
					 : config->max_message;

	/* What struct ferry_bytes can say. */
	return max < UINT32_MAX ? max : UINT32_MAX;
}

void
fy_stream_init(struct fy_stream *s, const struct ferry_transport_ops *ops,
	       const struct ferry_link_config *config,
	       const struct fy_byte_ops *bytes, const int fds[2])
{
	s->link.ops = ops;
	s->link.config = *config;
	s->link.counters = &s->link.own;
	if (config->max_receive == 0)
		s->link.config.max_receive = config->max_message;
	s->bytes = bytes;
	s->fd_in = fds[0];
	atomic_init(&s->fd_out, fds[1]);
	s->fd_watch = -1;
	s->framing = fy_framing_of(config->frame);
	fy_frame_init(&s->rx.frame, s->framing, max_received(config));
	s->rx.drained = true;
	fy_alarm_init(&s->rx.alarm);
	atomic_init(&s->unsent, 0);
	atomic_init(&s->ended, false);
	atomic_init(&s->deaf, false);
	atomic_init(&s->stalled, false);
	atomic_init(&s->counted, false);
}

void
fy_stream_count_end(struct fy_stream *s, uint64_t *counter)
{
	if (!atomic_exchange_explicit(&s->counted, true, memory_order_relaxed))
		fy_count_any(counter, 1);
}

ferry_err
fy_stream_fail_lost(struct fy_stream *s, struct ferry_error *why,
		    const char *what)
{
	int error = errno;

	fy_stream_count_end(s, &s->link.counters->lost);
	errno = error;
	return fy_fail_errno_as(why, FERRY_ELOST, "%s", what);
}

static void
add_event(struct ferry_events *out, int fd, short events)
{
	if (out->n > 0 && out->fd[0] == fd) {
		out->events[0] |= events;
		return;
	}
	out->fd[out->n] = fd;
	out->events[out->n] = events;
	out->n++;
}

void
fy_stream_events(const struct ferry_link *link, struct ferry_events *out)
{
	const struct fy_stream *s = fy_const_stream_of(link);
	int fd_out;

	*out = (struct ferry_events){ .n = 0 };
	if (s->fd_in >= 0 &&
	    !atomic_load_explicit(&s->ended, memory_order_relaxed)) {
		add_event(out, s->fd_in, POLLIN);
		if (s->fd_watch >= 0)
			add_event(out, s->fd_watch, POLLIN);
	}
	fd_out = atomic_load_explicit(&s->fd_out, memory_order_relaxed);
	/* One that is deaf could always be written to, in vain. */
	if (fd_out < 0 || fy_stream_unsent(link) == 0 ||
	    atomic_load_explicit(&s->deaf, memory_order_relaxed))
		return;
	/* Nor does room tell whether descriptors may go. */
	out->stalled = atomic_load_explicit(&s->stalled, memory_order_relaxed);
	if (!out->stalled)
		add_event(out, fd_out, POLLOUT);
}

void
fy_stream_peer(const struct ferry_link *link, struct ferry_peer *out)
{
	*out = fy_const_stream_of(link)->peer;
}

void
fy_stream_close(struct ferry_link *link)
{
	const struct ferry_hooks *hooks;
	struct fy_stream *s;

	if (!link)
		return;
	s = fy_stream_of(link);
	hooks = link->config.hooks;
	s->bytes->close(s);
	fy_alarm_close(&s->rx.alarm);
	fy_fds_close(&s->tx.lent_fds);
	fy_fds_close(&s->tx.fds);
	fy_count(&s->link.counters->dropped_fds, fy_fds_close(&s->rx.fds));
	fy_count(&s->link.counters->dropped_fds, fy_fds_close(&s->rx.last_fds));
	fy_free(hooks, s->tx.buf);
	fy_free(hooks, s->rx.buf);
	fy_free(hooks, s);
}

/* SPDX-License-Identifier: MIT */
#include "channel/channel.h"

#include <poll.h>
#include <string.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/err.h"
#include "core/os.h"
#include "transport/table.h"

/* A message of so many bytes is handed over, a shorter one is copied. */
#define COPY_MOST 16384u

/* The transport and the parsed form of @text. */
static ferry_err
look_up(const struct fy_channel_config *config, const char *text,
	struct ferry_addr *addr, const struct ferry_transport_ops **ops,
	struct ferry_error *why)
{
	ferry_err err = ferry_addr_parse(text, addr, why);

	if (err)
		return err;
	return fy_transport_find(config->transports, addr->scheme, ops, why);
}

ferry_err
fy_channel_open(struct fy_channel *ch, const struct fy_channel_config *config,
		const char *text, struct ferry_deadline until,
		struct ferry_error *why)
{
	const struct ferry_transport_ops *ops;
	struct ferry_addr addr;
	struct ferry_link *link;
	ferry_err err;

	err = look_up(config, text, &addr, &ops, why);
	if (err)
		return err;
	if (!(ops->caps & FERRY_CAP_DIAL))
		return fy_fail(why, FERRY_ENOTSUP,
			       "%s: addresses cannot be dialled", ops->scheme);
	err = ops->dial(&config->link, &addr, until, &link, why);
	if (err)
		return err;
	ch->link = link;
	ch->pid = fy_os_getpid();
	return FERRY_OK;
}

static ferry_err
check_owner(pid_t pid, struct ferry_error *why)
{
	if (FY_LIKELY(pid == fy_os_getpid()))
		return FERRY_OK;
	return fy_fail(why, FERRY_EFORK,
		       "process %d has opened this: a child that was forked "
		       "has to open its own", pid);
}

ferry_err
fy_channel_own(const struct fy_channel *ch, struct ferry_error *why)
{
	return check_owner(ch->pid, why);
}

FY_COLD static ferry_err
fail_late(struct ferry_deadline until, struct ferry_error *why)
{
	if (until.ns == FERRY_NOW.ns)
		return fy_fail(why, FERRY_EAGAIN,
			       "nothing can be done without waiting");
	return fy_fail(why, FERRY_ETIMEDOUT,
		       "the deadline passed: the peer is slow, or allow more "
		       "time");
}

/* Waits for those of the link's events that are in @mask. */
static ferry_err
wait_for(const struct fy_channel *ch, short mask, struct ferry_deadline until,
	 struct ferry_error *why)
{
	struct ferry_events events;
	struct pollfd fds[2];
	nfds_t n_fds = 0;
	int n;

	ch->link->ops->events(ch->link, &events);
	for (uint32_t i = 0; i < events.n; i++) {
		short wanted = (short)(events.events[i] & mask);

		if (wanted)
			fds[n_fds++] = (struct pollfd){ events.fd[i], wanted,
							0 };
	}
	if (n_fds == 0)
		return FERRY_OK;
	n = fy_os_poll(fds, n_fds, until);
	if (n < 0)
		return fy_fail_errno(why, "wait for the peer");
	return n > 0 ? FERRY_OK : fail_late(until, why);
}

ferry_err
fy_channel_wait(const struct fy_channel *ch, struct ferry_deadline until,
		struct ferry_error *why)
{
	return wait_for(ch, POLLIN | POLLOUT, until, why);
}

/* @err of an operation: goes on waiting for @mask if that is what it says. */
static ferry_err
wait_if_again(const struct fy_channel *ch, ferry_err err, short mask,
	      struct ferry_deadline until, struct ferry_error *why)
{
	return err == FERRY_EAGAIN ? wait_for(ch, mask, until, why) : err;
}

ferry_err
fy_channel_flush(struct fy_channel *ch, struct ferry_deadline until,
		 struct ferry_error *why)
{
	ferry_err err = fy_channel_own(ch, why);
	ferry_err waited = err;

	while (!waited) {
		err = ch->link->ops->flush(ch->link, why);
		if (!err)
			return FERRY_OK;
		waited = wait_if_again(ch, err, POLLOUT, until, why);
	}
	return waited;
}

ferry_err
fy_channel_send(struct fy_channel *ch, struct ferry_bytes message,
		struct ferry_deadline until, struct ferry_error *why)
{
	const struct ferry_transport_ops *ops = ch->link->ops;
	ferry_err err = fy_channel_own(ch, why);
	uint8_t *room;

	while (!err) {
		err = ops->loan(ch->link, message.len, &room, why);
		if (!err)
			break;
		err = wait_if_again(ch, err, POLLOUT, until, why);
	}
	if (err)
		return err;
	if (message.len > 0)
		memcpy(room, message.data, message.len);
	return ops->commit(ch->link, why);
}

/*
 * The message taken becomes the arena's: a copy, or its very memory. It is
 * taken no more in any case.
 */
static ferry_err
keep_in(struct ferry_link *link, struct ferry_bytes taken,
	struct ferry_arena *mem, struct ferry_bytes *out)
{
	struct ferry_block block;
	uint8_t *copy;
	ferry_err err;

	if (taken.len <= COPY_MOST) {
		copy = ferry_arena_alloc(mem, taken.len);
		if (copy)
			memcpy(copy, taken.data, taken.len);
		link->ops->release(link);
		if (!copy)
			return FERRY_ENOMEM;
		*out = (struct ferry_bytes){ copy, taken.len };
		return FERRY_OK;
	}
	err = link->ops->keep(link, &block);
	if (err) {
		link->ops->release(link);
		return err;
	}
	err = fy_arena_adopt(mem, link->config.hooks, block.mem);
	if (err)
		fy_free(link->config.hooks, block.mem);
	else
		*out = block.data;
	return err;
}

ferry_err
fy_channel_recv(struct fy_channel *ch, struct ferry_arena *mem,
		struct ferry_bytes *out, struct ferry_deadline until,
		struct ferry_error *why)
{
	const struct ferry_transport_ops *ops = ch->link->ops;
	ferry_err err = fy_channel_own(ch, why);
	struct ferry_bytes taken;

	while (!err) {
		err = ops->take(ch->link, &taken, why);
		if (!err)
			break;
		err = wait_if_again(ch, err, POLLIN, until, why);
	}
	if (err)
		return err;
	err = keep_in(ch->link, taken, mem, out);
	if (err)
		return fy_fail_memory(why, taken.len);
	return FERRY_OK;
}

void
fy_channel_close(struct fy_channel *ch)
{
	if (ch->link)
		ch->link->ops->close(ch->link);
	ch->link = NULL;
}

ferry_err
fy_channel_can_listen(const struct fy_channel_config *config, const char *text,
		      bool *out, struct ferry_error *why)
{
	const struct ferry_transport_ops *ops;
	struct ferry_addr addr;
	ferry_err err = look_up(config, text, &addr, &ops, why);

	if (!err)
		*out = ops->caps & FERRY_CAP_LISTEN;
	return err;
}

ferry_err
fy_listener_open(struct fy_listener *listener,
		 const struct fy_channel_config *config, const char *text,
		 struct ferry_error *why)
{
	const struct ferry_transport_ops *ops;
	struct ferry_addr addr;
	struct ferry_port *port;
	ferry_err err;

	err = look_up(config, text, &addr, &ops, why);
	if (err)
		return err;
	if (!(ops->caps & FERRY_CAP_LISTEN))
		return fy_fail(why, FERRY_ENOTSUP,
			       "%s: addresses are one link: there is nothing "
			       "to listen at", ops->scheme);
	err = ops->listen(&config->link, &addr, &port, why);
	if (err)
		return err;
	listener->port = port;
	listener->pid = fy_os_getpid();
	return FERRY_OK;
}

ferry_err
fy_listener_accept(struct fy_listener *listener, struct fy_channel *out,
		   struct ferry_error *why)
{
	ferry_err err = check_owner(listener->pid, why);
	struct ferry_link *link;

	if (!err)
		err = listener->port->ops->accept(listener->port, &link, why);
	if (err)
		return err;
	out->link = link;
	out->pid = listener->pid;
	return FERRY_OK;
}

void
fy_listener_close(struct fy_listener *listener)
{
	if (listener->port)
		listener->port->ops->unlisten(listener->port);
	listener->port = NULL;
}

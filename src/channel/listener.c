/* SPDX-License-Identifier: MIT */
#include "channel/channel.h"

#include <poll.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/os.h"

ferry_err
fy_channel_can_listen(const struct fy_channel_config *config, const char *text,
		      bool *out, struct ferry_error *why)
{
	struct fy_address at;
	ferry_err err = fy_address_find(config, text, &at, why);

	if (!err)
		*out = at.ops->caps & FERRY_CAP_LISTEN;
	return err;
}

ferry_err
fy_listener_open(struct ferry_listener *listener,
		 const struct fy_channel_config *config, const char *text,
		 struct ferry_error *why)
{
	struct fy_address at;
	struct ferry_port *port;
	ferry_err err = fy_address_find(config, text, &at, why);

	if (err)
		return err;
	if (!(at.ops->caps & FERRY_CAP_LISTEN))
		return fy_fail(why, FERRY_ENOTSUP,
			       "%s: addresses are one link: there is nothing "
			       "to listen at", at.ops->scheme);
	err = at.ops->listen(&at.link, &at.addr, &port, why);
	if (err)
		return err;
	listener->port = port;
	listener->pid = fy_os_getpid();
	return FERRY_OK;
}

ferry_err
fy_listener_accept(struct ferry_listener *listener, struct ferry_link **out,
		   struct ferry_error *why)
{
	ferry_err err = fy_owner_check(listener->pid, why);

	if (!err)
		err = listener->port->ops->accept(listener->port, out, why);
	if (!err)
		listener->port->counters->accepted++;
	return err;
}

void
fy_listener_fini(struct ferry_listener *listener)
{
	if (listener->port)
		listener->port->ops->unlisten(listener->port);
	listener->port = NULL;
}

/* ---- the public face ---- */

ferry_err
ferry_listener_open(const char *addr,
		    const struct ferry_listener_config *config,
		    struct ferry_listener **out, struct ferry_error *why)
{
	static const struct ferry_listener_config defaults;
	struct fy_channel_config inner;
	struct ferry_listener *listener;
	ferry_err err;

	if (!config)
		config = &defaults;
	inner = fy_channel_inner_config(&config->channel);
	listener = fy_zalloc(inner.link.hooks, sizeof(*listener));
	if (!listener)
		return fy_fail_memory(why, sizeof(*listener));
	err = fy_listener_open(listener, &inner, addr, why);
	if (err)
		fy_free(inner.link.hooks, listener);
	else
		*out = listener;
	return err;
}

static ferry_err
wait_for_peer(struct ferry_listener *listener, struct ferry_deadline until,
	      struct ferry_error *why)
{
	struct pollfd fd = { .events = POLLIN };
	int n;

	fd.fd = listener->port->ops->port_fd(listener->port);
	n = fy_os_poll(&fd, 1, until);
	if (n < 0)
		return fy_fail_errno(why, "wait for a peer");
	return n > 0 ? FERRY_OK : fy_fail_late(until, why);
}

/* A link, by @until. */
static ferry_err
accept_link(struct ferry_listener *listener, struct ferry_deadline until,
	    struct ferry_link **out, struct ferry_error *why)
{
	const struct ferry_transport_ops *ops = listener->port->ops;
	ferry_err err = fy_listener_accept(listener, out, why);

	while (err == FERRY_EAGAIN) {
		if (ops->accept_until && until.ns != FERRY_NOW.ns)
			return ops->accept_until(listener->port, out, until,
						 why);
		err = wait_for_peer(listener, until, why);
		if (err)
			return err;
		err = fy_listener_accept(listener, out, why);
	}
	return err;
}

ferry_err
ferry_listener_accept(struct ferry_listener *listener,
		      struct ferry_deadline until, struct ferry_channel **out,
		      struct ferry_error *why)
{
	const struct ferry_hooks *hooks = listener->port->config.hooks;
	struct ferry_channel *ch = fy_zalloc(hooks, sizeof(*ch));
	struct ferry_link *link;
	ferry_err err;

	if (!ch)
		return fy_fail_memory(why, sizeof(*ch));
	err = accept_link(listener, until, &link, why);
	if (err) {
		fy_free(hooks, ch);
		return err;
	}
	fy_channel_init(ch, link);
	*out = ch;
	return FERRY_OK;
}

size_t
ferry_listener_addr(const struct ferry_listener *listener, char *buf,
		    size_t bytes)
{
	struct ferry_addr addr;

	listener->port->ops->port_addr(listener->port, &addr);
	return ferry_addr_format(&addr, buf, bytes);
}

void
ferry_listener_counters(const struct ferry_listener *listener,
			struct ferry_counters *out)
{
	*out = *listener->port->counters;
}

ferry_err
ferry_listener_fd(struct ferry_listener *listener, int *out,
		  struct ferry_error *why)
{
	const struct ferry_transport_ops *ops = listener->port->ops;
	ferry_err err = fy_owner_check(listener->pid, why);

	if (!err && ops->port_pollable)
		err = ops->port_pollable(listener->port, why);
	if (!err)
		*out = ops->port_fd(listener->port);
	return err;
}

short
ferry_listener_events(const struct ferry_listener *listener)
{
	(void)listener;
	return POLLIN;
}

struct ferry_deadline
ferry_listener_timeout(const struct ferry_listener *listener)
{
	(void)listener;
	return FERRY_NEVER;
}

ferry_err
ferry_listener_process(struct ferry_listener *listener, struct ferry_error *why)
{
	return fy_owner_check(listener->pid, why);
}

void
ferry_listener_close(struct ferry_listener *listener)
{
	const struct ferry_hooks *hooks;

	if (!listener)
		return;
	hooks = listener->port->config.hooks;
	fy_listener_fini(listener);
	fy_free(hooks, listener);
}

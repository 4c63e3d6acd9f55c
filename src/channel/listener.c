/* SPDX-License-Identifier: MIT */
#include "channel/channel.h"

#include <errno.h>
#include <poll.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/err.h"
#include "core/log.h"
#include "core/os.h"
#include "core/time.h"

/* Peers refused in a row before a deadline that has passed is looked at. */
#define REFUSED_MOST 64

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
	/* Those of the program are there already. */
	fy_rule_add(&listener->rule, &at.rule);
	err = fy_rule_possible(&listener->rule, at.ops, why);
	if (!err)
		err = at.ops->listen(&at.link, &at.addr, &port, why);
	if (err)
		return err;
	listener->port = port;
	listener->pid = fy_os_getpid();
	listener->links = fy_shown_as(config);
	fy_stats_enter_port(port, listener->links == FY_STATS_CHANNEL
					  ? FY_STATS_LISTENER
					  : FY_STATS_RPC_LISTENER);
	return FERRY_OK;
}

/* Each kind once: whoever comes again and again is not to fill a disk. */
static void
tell_refusal(struct ferry_listener *listener, const struct ferry_link *link,
	     enum fy_refusal kind)
{
	static const char *const reasons[] = {
		[FY_REFUSED_ID] = "is not in ?uid= or ?gid=",
		[FY_REFUSED_UNKNOWN] = "is not known to the kernel",
		[FY_REFUSED_OTHERS] =
			("is neither this user nor root: add it to ?uid= if "
			 "it may"),
	};
	const uint32_t bit = 1u << kind;
	struct ferry_peer peer;

	if (listener->told & bit)
		return;
	listener->told |= bit;
	link->ops->peer(link, &peer);
	fy_log(link->config.hooks, FERRY_LOG_WARNING,
	       "%s: a peer was refused, as others will be without a word: %s "
	       "%s", link->ops->scheme, peer.text, reasons[kind]);
}

/* From now @link is shown. */
static void
welcome(const struct ferry_listener *listener, struct ferry_link *link)
{
	struct ferry_addr addr;

	fy_address_of_port(listener->port, &addr);
	fy_stats_enter_link(link, listener->links, &addr);
}

ferry_err
fy_listener_judge(struct ferry_listener *listener, struct ferry_link *link,
		  struct ferry_link **out)
{
	struct ferry_port *port = listener->port;
	enum fy_refusal kind;

	if (FY_LIKELY(fy_rule_admits(&listener->rule, link, port->unguarded,
				     &kind))) {
		fy_count_any(&port->counters->accepted, 1);
		welcome(listener, link);
		*out = link;
		return FERRY_OK;
	}
	fy_count_any(&port->counters->refused, 1);
	tell_refusal(listener, link, kind);
	fy_link_close(link);
	return FERRY_LATER;
}

/* What accept() said that is not the peer's doing: there was no room for it. */
static ferry_err
count_starved(struct ferry_listener *listener, ferry_err err,
	      const struct ferry_error *why)
{
	if (err == FERRY_ENOMEM ||
	    (err == FERRY_ESYS && fy_is_starved(why->sys_errno)))
		fy_count_any(&listener->port->counters->starved, 1);
	return err;
}

ferry_err
fy_listener_accept(struct ferry_listener *listener, struct ferry_link **out,
		   struct ferry_error *why)
{
	struct ferry_error unwanted;
	struct ferry_link *link;
	ferry_err err = fy_owner_check(listener->pid, why);

	if (err)
		return err;
	if (!why)
		why = &unwanted;
	err = listener->port->ops->accept(listener->port, &link, why);
	if (FY_UNLIKELY(err))
		return err == FERRY_EAGAIN ? err
					   : count_starved(listener, err, why);
	return fy_listener_judge(listener, link, out);
}

void
fy_listener_fini(struct ferry_listener *listener)
{
	struct ferry_port *port = listener->port;

	if (!port)
		return;
	fy_stats_leave_port(port);
	port->ops->unlisten(port);
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
	listener->rule.uids.more = config->uids;
	listener->rule.uids.n_more = config->n_uids;
	listener->rule.gids.more = config->gids;
	listener->rule.gids.n_more = config->n_gids;
	err = fy_listener_open(listener, &inner, addr, why);
	if (err)
		fy_free(inner.link.hooks, listener);
	else
		*out = listener;
	return err;
}

/*
 * FERRY_LATER: somebody is there, ask again; else as fy_listener_accept().
 * @why: not NULL
 */
static ferry_err
await_peer(struct ferry_listener *listener, struct ferry_deadline until,
	   struct ferry_link **out, struct ferry_error *why)
{
	const struct ferry_transport_ops *ops = listener->port->ops;
	struct pollfd fd = { .events = POLLIN };
	struct ferry_link *link;
	ferry_err err;
	int n;

	if (until.ns == FERRY_NOW.ns)
		return fy_fail_late(until, why);
	if (ops->accept_until) {
		err = ops->accept_until(listener->port, &link, until, why);
		return err ? count_starved(listener, err, why)
			   : fy_listener_judge(listener, link, out);
	}
	fd.fd = ops->port_fd(listener->port);
	n = fy_os_poll(&fd, 1, until);
	if (n < 0)
		return fy_fail_errno(why, "wait for a peer");
	return n > 0 ? FERRY_LATER : fy_fail_late(until, why);
}

/* A link, by @until; a crowd that is refused does not hold it up for ever. */
static ferry_err
accept_link(struct ferry_listener *listener, struct ferry_deadline until,
	    struct ferry_link **out, struct ferry_error *why)
{
	for (unsigned int n = 0;
	     n < REFUSED_MOST || !fy_deadline_passed(until); n++) {
		ferry_err err = fy_listener_accept(listener, out, why);

		if (err == FERRY_EAGAIN)
			err = await_peer(listener, until, out, why);
		if (err != FERRY_LATER)
			return err;
	}
	return fy_fail_late(until, why);
}

ferry_err
ferry_listener_accept(struct ferry_listener *listener,
		      struct ferry_deadline until, struct ferry_channel **out,
		      struct ferry_error *why)
{
	const struct ferry_hooks *hooks = listener->port->config.hooks;
	struct ferry_error unwanted;
	struct ferry_channel *ch;
	struct ferry_link *link;
	ferry_err err = accept_link(listener, until, &link,
				    why ? why : &unwanted);

	if (err)
		return err;
	ch = fy_zalloc(hooks, sizeof(*ch));
	if (!ch) {
		fy_link_close(link);
		fy_count_any(&listener->port->counters->starved, 1);
		return fy_fail_memory(why, sizeof(*ch));
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

	fy_address_of_port(listener->port, &addr);
	return ferry_addr_format(&addr, buf, bytes);
}

void
ferry_listener_counters(const struct ferry_listener *listener,
			struct ferry_counters *out)
{
	fy_counters_read(listener->port->counters, out);
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

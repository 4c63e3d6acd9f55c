/* SPDX-License-Identifier: MIT */
#include "channel/channel.h"

#include "core/alloc.h"
#include "core/err.h"
#include "core/os.h"
#include "core/process.h"
#include "core/time.h"

/* For an opening whose deadline is not said. */
#define OPEN_DEFAULT_MS 10000

ferry_err
fy_fail_fork(pid_t pid, struct ferry_error *why)
{
	return fy_fail(why, FERRY_EFORK,
		       "process %d has opened this: a child that was forked "
		       "has to open its own", pid);
}

void
fy_channel_init(struct ferry_channel *ch, struct ferry_link *take_link)
{
	*ch = (struct ferry_channel){
		.link = take_link,
		.pid = fy_os_getpid(),
		.loop = { .poll.fd = -1, .bell = -1 },
	};
}

enum fy_stats_kind
fy_shown_as(const struct fy_channel_config *config)
{
	return config->shown_as ? config->shown_as : FY_STATS_CHANNEL;
}

/* As trusts() of struct ferry_link_config. */
static ferry_err
trusts(const void *trust, const struct ferry_peer *owner,
       struct ferry_error *why)
{
	const struct fy_address *at = trust;

	return fy_rule_check_owner(&at->rule, at->ops, owner, why);
}

ferry_err
fy_channel_open(struct ferry_channel *ch,
		const struct fy_channel_config *config, const char *text,
		struct ferry_deadline until, struct ferry_error *why)
{
	struct fy_address at;
	struct ferry_link *link;
	ferry_err err = fy_address_find(config, text, &at, why);

	if (err)
		return err;
	if (!(at.ops->caps & FERRY_CAP_DIAL))
		return fy_fail(why, FERRY_ENOTSUP,
			       "%s: addresses cannot be dialled",
			       at.ops->scheme);
	at.link.trusts = trusts;
	at.link.trust = &at;
	err = at.ops->dial(&at.link, &at.addr, until, &link, why);
	if (err)
		return err;
	link->config.trusts = NULL;
	link->config.trust = NULL;
	err = fy_rule_check_listener(&at.rule, link, why);
	if (err) {
		fy_link_close(link);
		return err;
	}
	fy_stats_enter_link(link, fy_shown_as(config), &at.addr);
	fy_channel_init(ch, link);
	return FERRY_OK;
}

void
fy_link_close(struct ferry_link *link)
{
	if (!link)
		return;
	fy_stats_leave_link(link);
	link->ops->close(link);
}

void
fy_channel_fini(struct ferry_channel *ch)
{
	if (!ch->link)
		return;
	fy_loop_close(&ch->loop);
	fy_fds_close(&ch->fds);
	fy_link_close(ch->link);
	ch->link = NULL;
}

struct fy_channel_config
fy_channel_inner_config(const struct ferry_channel_config *config)
{
	static const struct ferry_channel_config defaults;

	if (!config)
		config = &defaults;
	return (struct fy_channel_config){
		.link = {
			.hooks = config->hooks,
			.max_message = config->max_message
					       ? config->max_message
					       : FERRY_MESSAGE_DEFAULT,
			.max_fds = config->max_fds,
		},
		.transports = config->transports,
	};
}

ferry_err
ferry_channel_open(const char *addr, const struct ferry_channel_config *config,
		   struct ferry_deadline until, struct ferry_channel **out,
		   struct ferry_error *why)
{
	const struct fy_channel_config inner = fy_channel_inner_config(config);
	struct ferry_channel *ch = fy_zalloc(inner.link.hooks, sizeof(*ch));
	ferry_err err;

	if (!ch)
		return fy_fail_memory(why, sizeof(*ch));
	err = fy_channel_open(ch, &inner, addr,
			      fy_deadline_said(until, OPEN_DEFAULT_MS), why);
	if (err)
		fy_free(inner.link.hooks, ch);
	else
		*out = ch;
	return err;
}

/* What is lost if the channel is closed now. */
static ferry_err
drain_until(struct ferry_channel *ch, struct ferry_deadline drain,
	    size_t *unsent)
{
	ferry_err err;

	if (fy_channel_own(ch, NULL))
		return FERRY_OK;
	err = ferry_channel_flush(ch, drain, NULL);
	*unsent = ch->link->ops->unsent(ch->link);
	return err;
}

ferry_err
ferry_channel_close(struct ferry_channel *ch, struct ferry_deadline drain,
		    size_t *unsent)
{
	const struct ferry_hooks *hooks;
	size_t n_unsent = 0;
	ferry_err err = FERRY_OK;

	if (ch) {
		hooks = ch->link->config.hooks;
		err = drain_until(ch, drain, &n_unsent);
		fy_channel_fini(ch);
		fy_free(hooks, ch);
	}
	if (unsent)
		*unsent = n_unsent;
	return err;
}

void
ferry_channel_peer(const struct ferry_channel *ch, struct ferry_peer *out)
{
	ch->link->ops->peer(ch->link, out);
}

uint32_t
ferry_channel_caps(const struct ferry_channel *ch)
{
	return ch->link->ops->caps;
}

void
ferry_channel_counters(const struct ferry_channel *ch,
		       struct ferry_counters *out)
{
	fy_counters_read(ch->link->counters, out);
}

ferry_err
ferry_channel_status(struct ferry_channel *ch, struct ferry_deadline until,
		     int *out, struct ferry_error *why)
{
	ferry_err err = fy_channel_own(ch, why);

	if (err)
		return err;
	if (!ch->link->ops->status)
		return fy_fail(why, FERRY_ENOTSUP,
			       "%s: channels have no child to ask for",
			       ch->link->ops->scheme);
	return ch->link->ops->status(ch->link, until, out, why);
}

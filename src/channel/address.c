/* SPDX-License-Identifier: MIT */
#include "channel/address.h"

#include <stdio.h>
#include <string.h>

#include "core/err.h"
#include "transport/table.h"

static const char *const frames[] = {
	[FERRY_FRAME_RECORD] = "record", [FERRY_FRAME_LINE] = "line",
	[FERRY_FRAME_NUL] = "nul",	 [FERRY_FRAME_U32] = "u32",
	[FERRY_FRAME_RAW] = "raw",
};

/* The value of the option @key, which is the address's no more; or NULL. */
static bool
take_option(struct ferry_addr *addr, const char *key,
	    struct ferry_addr_option *out)
{
	for (size_t i = 0; i < addr->n_options; i++) {
		if (strcmp(addr->options[i].key, key) != 0)
			continue;
		*out = addr->options[i];
		addr->n_options--;
		memmove(&addr->options[i], &addr->options[i + 1],
			(addr->n_options - i) * sizeof(addr->options[0]));
		return true;
	}
	return false;
}

static ferry_err
read_frame(struct fy_address *address, bool is_rpc, struct ferry_error *why)
{
	struct ferry_addr_option option;

	if (!take_option(&address->addr, "frame", &option))
		return FERRY_OK;
	if (!(address->ops->caps & FERRY_CAP_STREAM))
		return fy_fail(why, FERRY_EADDR,
			       "%s: carries whole messages: leave ?frame= out",
			       address->ops->scheme);
	for (size_t i = 0; i < FY_ARRAY_LEN(frames); i++) {
		if (strcmp(frames[i], option.value) != 0)
			continue;
		address->link.frame = (enum ferry_frame)i;
		if (is_rpc && i != FERRY_FRAME_RECORD)
			return fy_fail(why, FERRY_EADDR,
				       "?frame=%s: calls travel in records "
				       "alone: leave ?frame= out", frames[i]);
		return FERRY_OK;
	}
	return fy_fail(why, FERRY_EADDR,
		       "?frame=%.40s: there are record, line, nul, u32 and raw",
		       option.value);
}

static ferry_err
read_rule(struct fy_address *address, struct ferry_error *why)
{
	struct ferry_addr_option option;
	ferry_err err = FERRY_OK;

	if (take_option(&address->addr, "uid", &option))
		err = fy_rule_read_uids(&address->rule, option.value, why);
	if (!err && take_option(&address->addr, "gid", &option))
		err = fy_rule_read_gids(&address->rule, option.value, why);
	return err ? err
		   : fy_rule_possible(&address->rule, address->ops, why);
}

static ferry_err
check_limits(const struct ferry_link_config *config, struct ferry_error *why)
{
	if (config->max_fds <= FERRY_FDS_MOST)
		return FERRY_OK;
	return fy_fail(why, FERRY_EINVAL,
		       "max_fds is %u: one message brings at most %u "
		       "descriptors", config->max_fds, FERRY_FDS_MOST);
}

ferry_err
fy_address_find(const struct fy_channel_config *config, const char *text,
		struct fy_address *out, struct ferry_error *why)
{
	struct fy_address found = { .link = config->link };
	ferry_err err = check_limits(&config->link, why);

	if (!err)
		err = ferry_addr_parse(text, &found.addr, why);
	if (!err)
		err = fy_transport_find(config->transports, found.addr.scheme,
					&found.ops, why);
	if (!err)
		err = read_frame(&found, config->is_rpc, why);
	if (!err)
		err = read_rule(&found, why);
	if (!err)
		*out = found;
	return err;
}

void
fy_address_of_port(const struct ferry_port *port, struct ferry_addr *out)
{
	struct ferry_addr_option *option;

	port->ops->port_addr(port, out);
	if (port->config.frame == FERRY_FRAME_RECORD)
		return;
	/* It was one of those that the listener's address had. */
	option = &out->options[out->n_options++];
	*option = (struct ferry_addr_option){ .key = "frame" };
	(void)snprintf(option->value, sizeof(option->value), "%s",
		       frames[port->config.frame]);
}

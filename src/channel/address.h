/* SPDX-License-Identifier: MIT */
/*
 * What an address means: its transport, and the options that are the same for
 * all of them. A transport sees its own options alone.
 */
#pragma once

#include <ferry/transport.h>

#include "channel/rule.h"
#include "channel/stats.h"
#include "core/compiler.h"

/**
 * struct fy_channel_config - a plain value
 * @transports: NULL-terminated, looked up before the built-in ones; or NULL
 * @shown_as:   what the links are to who looks on: FY_STATS_CHANNEL (or 0),
 *              FY_STATS_RPC_CLIENT or FY_STATS_RPC_CONNECTION
 * @is_rpc:     of the framings record marking alone will do
 */
struct fy_channel_config {
	struct ferry_link_config link;
	const struct ferry_transport_ops *const *transports;
	enum fy_stats_kind shown_as;
	bool is_rpc;
};

/**
 * struct fy_address - an address that was understood
 * @addr: without the options that are below
 * @ops:  its transport
 * @link: the configuration, with ?frame=
 * @rule: of ?uid= and ?gid=
 */
struct fy_address {
	struct ferry_addr addr;
	const struct ferry_transport_ops *ops;
	struct ferry_link_config link;
	struct fy_rule rule;
};

/** fy_address_find() - FERRY_EADDR: no address, or no such transport */
FY_MUST_CHECK ferry_err fy_address_find(const struct fy_channel_config *config,
					const char *text,
					struct fy_address *out,
					struct ferry_error *why);

/** fy_address_of_port() - what to dial, with the options of whoever dials */
void fy_address_of_port(const struct ferry_port *port, struct ferry_addr *out);

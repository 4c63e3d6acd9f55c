/* SPDX-License-Identifier: MIT */
/*
 * Who may be at the other end: user and group ids, of ?uid= and ?gid= and of
 * struct ferry_listener_config. Identity is what the kernel says of the peer,
 * never what the peer says. Whoever is in neither list is refused.
 */
#pragma once

#include <ferry/transport.h>

#include "core/compiler.h"

/* As many as the value of an option has room for. */
#define FY_RULE_IDS 56

/**
 * struct fy_ids - ids that may come
 * @more: of the program, @n_more of them; borrowed
 */
struct fy_ids {
	const uint32_t *more;
	size_t n_more;
	size_t n;
	uint32_t id[FY_RULE_IDS];
};

/** struct fy_rule - who may; all zero: whoever the facility lets in */
struct fy_rule {
	struct fy_ids uids;
	struct fy_ids gids;
};

/** enum fy_refusal - kinds of refusal, each logged once by a listener */
enum fy_refusal {
	FY_REFUSED_ID,	    /* in neither list */
	FY_REFUSED_UNKNOWN, /* the kernel does not tell who it is */
	FY_REFUSED_OTHERS,  /* no rule, and neither this user nor root */
};

/**
 * fy_rule_read_uids() - adds the ids of @text, numbers and names
 *
 * FERRY_EADDR: no such name, or no list. As fy_rule_read_gids().
 */
FY_MUST_CHECK ferry_err fy_rule_read_uids(struct fy_rule *rule,
					  const char *text,
					  struct ferry_error *why);
FY_MUST_CHECK ferry_err fy_rule_read_gids(struct fy_rule *rule,
					  const char *text,
					  struct ferry_error *why);

/** fy_rule_add() - those of an address beside those of the program */
void fy_rule_add(struct fy_rule *rule, const struct fy_rule *of_address);

/** fy_rule_is_set() - whether anybody is named */
bool fy_rule_is_set(const struct fy_rule *rule);

/**
 * fy_rule_possible() - FERRY_ENOTSUP for a rule where the transport never tells
 * who the peer is
 */
FY_MUST_CHECK ferry_err fy_rule_possible(const struct fy_rule *rule,
					 const struct ferry_transport_ops *ops,
					 struct ferry_error *why);

/**
 * fy_rule_admits() - whether the peer that came by @link may
 * @unguarded: as ferry_port.unguarded
 * @kind:      written when it may not
 */
bool fy_rule_admits(const struct fy_rule *rule, const struct ferry_link *link,
		    bool unguarded, enum fy_refusal *kind);

/**
 * fy_rule_check_owner() - whether @owner may listen at a name that anybody could
 * have taken; as fy_rule_check_listener()
 */
FY_MUST_CHECK ferry_err fy_rule_check_owner(
	const struct fy_rule *rule, const struct ferry_transport_ops *ops,
	const struct ferry_peer *owner, struct ferry_error *why);

/**
 * fy_rule_check_listener() - whether it is who @link was to reach
 *
 * FERRY_EACCES, which names both; FERRY_ENOTSUP: this peer is not known.
 */
FY_MUST_CHECK ferry_err fy_rule_check_listener(const struct fy_rule *rule,
					       const struct ferry_link *link,
					       struct ferry_error *why);

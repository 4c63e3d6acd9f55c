/* SPDX-License-Identifier: MIT */
#include "channel/rule.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/err.h"
#include "core/os.h"

/* ---- reading ---- */

/**
 * struct id_kind - what users and groups have of their own
 * @find: as fy_os_user_id()
 */
struct id_kind {
	const char *key;
	const char *noun;
	int (*find)(const char *name, uint32_t *out);
};

static const struct id_kind users = { "uid", "user", fy_os_user_id };
static const struct id_kind groups = { "gid", "group", fy_os_group_id };

/* -1 is no id: chown(2) and its kin take it for "leave it". */
static bool
read_number(const char *word, uint32_t *out)
{
	uint64_t number = 0;

	for (; *word >= '0' && *word <= '9'; word++) {
		number = number * 10 + (uint64_t)(*word - '0');
		if (number >= UINT32_MAX)
			return false;
	}
	*out = (uint32_t)number;
	return *word == '\0';
}

static ferry_err
read_id(const struct id_kind *kind, const char *word, uint32_t *out,
	struct ferry_error *why)
{
	if (word[0] >= '0' && word[0] <= '9') {
		if (read_number(word, out))
			return FERRY_OK;
		return fy_fail(why, FERRY_EADDR,
			       "?%s=: \"%.40s\" is not an id: write numbers or "
			       "names, with commas between", kind->key, word);
	}
	if (kind->find(word, out) == 0)
		return FERRY_OK;
	if (errno == ENOENT)
		return fy_fail(why, FERRY_EADDR,
			       "?%s=: there is no %s \"%.40s\" here: write a "
			       "name that there is, or a number",
			       kind->key, kind->noun, word);
	return fy_fail_errno(why, "look up the %s \"%.40s\"", kind->noun, word);
}

static ferry_err
read_ids(struct fy_ids *ids, const struct id_kind *kind, const char *text,
	 struct ferry_error *why)
{
	const char *end;

	for (;; text = end + 1) {
		char word[sizeof(((struct ferry_addr_option *)NULL)->value)];
		size_t len = strcspn(text, ",");
		ferry_err err;

		end = text + len;
		if (len == 0 || len >= sizeof(word) || ids->n == FY_RULE_IDS)
			return fy_fail(why, FERRY_EADDR,
				       "?%s=: write numbers or names, with "
				       "commas between", kind->key);
		memcpy(word, text, len);
		word[len] = '\0';
		err = read_id(kind, word, &ids->id[ids->n], why);
		if (err)
			return err;
		ids->n++;
		if (*end == '\0')
			return FERRY_OK;
	}
}

ferry_err
fy_rule_read_uids(struct fy_rule *rule, const char *text,
		  struct ferry_error *why)
{
	return read_ids(&rule->uids, &users, text, why);
}

ferry_err
fy_rule_read_gids(struct fy_rule *rule, const char *text,
		  struct ferry_error *why)
{
	return read_ids(&rule->gids, &groups, text, why);
}

static void
add_ids(struct fy_ids *ids, const struct fy_ids *more)
{
	memcpy(ids->id, more->id, sizeof(ids->id));
	ids->n = more->n;
}

void
fy_rule_add(struct fy_rule *rule, const struct fy_rule *of_address)
{
	add_ids(&rule->uids, &of_address->uids);
	add_ids(&rule->gids, &of_address->gids);
}

/* ---- judging ---- */

bool
fy_rule_is_set(const struct fy_rule *rule)
{
	return rule->uids.n + rule->uids.n_more + rule->gids.n +
		       rule->gids.n_more > 0;
}

ferry_err
fy_rule_possible(const struct fy_rule *rule,
		 const struct ferry_transport_ops *ops, struct ferry_error *why)
{
	const bool has_groups = rule->gids.n + rule->gids.n_more > 0;

	if (!fy_rule_is_set(rule))
		return FERRY_OK;
	if (has_groups && (ops->caps & FERRY_CAP_IDS) &&
	    !(ops->caps & FERRY_CAP_GID))
		return fy_fail(why, FERRY_ENOTSUP,
			       "%s: tells the user that the peer is, and not "
			       "its group: leave gid out, or use unix:",
			       ops->scheme);
	if (ops->caps & FERRY_CAP_IDS)
		return FERRY_OK;
	return fy_fail(why, FERRY_ENOTSUP,
		       "%s: does not tell which user the peer is: leave uid and "
		       "gid out, or use unix:", ops->scheme);
}

static bool
holds(const struct fy_ids *ids, uint32_t id)
{
	for (size_t i = 0; i < ids->n; i++) {
		if (ids->id[i] == id)
			return true;
	}
	for (size_t i = 0; i < ids->n_more; i++) {
		if (ids->more[i] == id)
			return true;
	}
	return false;
}

/**
 * struct judged - who is at the other end
 * @link: to him; NULL: there is none yet
 */
struct judged {
	const struct ferry_transport_ops *ops;
	const struct ferry_link *link;
	struct ferry_peer peer;
};

/* Its own group, or one of the others where the kernel tells them. */
static bool
holds_group_of(const struct fy_ids *ids, const struct judged *who)
{
	if (holds(ids, who->peer.gid))
		return true;
	if (!who->link || !who->ops->in_group)
		return false;
	for (size_t i = 0; i < ids->n; i++) {
		if (who->ops->in_group(who->link, ids->id[i]))
			return true;
	}
	for (size_t i = 0; i < ids->n_more; i++) {
		if (who->ops->in_group(who->link, ids->more[i]))
			return true;
	}
	return false;
}

/* By a rule, or for want of one by whose the name could be. */
static bool
may(const struct fy_rule *rule, const struct judged *who,
    enum fy_refusal *kind)
{
	const bool is_set = fy_rule_is_set(rule);

	*kind = FY_REFUSED_UNKNOWN;
	if (!who->peer.has_ids)
		return false;
	*kind = is_set ? FY_REFUSED_ID : FY_REFUSED_OTHERS;
	if (!is_set)
		return who->peer.uid == 0 || who->peer.uid == fy_os_geteuid();
	return holds(&rule->uids, who->peer.uid) ||
	       holds_group_of(&rule->gids, who);
}

static struct judged
judged_by(const struct ferry_link *link)
{
	struct judged who = { .ops = link->ops, .link = link };

	link->ops->peer(link, &who.peer);
	return who;
}

bool
fy_rule_admits(const struct fy_rule *rule, const struct ferry_link *link,
	       bool unguarded, enum fy_refusal *kind)
{
	struct judged who;

	if (!fy_rule_is_set(rule) && !unguarded)
		return true;
	who = judged_by(link);
	return may(rule, &who, kind);
}

/* "1000, 1001 or group 100"; as much as there is room for. */
static void
format_rule(const struct fy_rule *rule, char *out, size_t bytes)
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < rule->uids.n + rule->gids.n; i++) {
		bool is_user = i < rule->uids.n;
		uint32_t id = is_user ? rule->uids.id[i]
				      : rule->gids.id[i - rule->uids.n];
		int more = snprintf(out + n, bytes - n, "%s%s %u",
				    i ? " or " : "", is_user ? "uid" : "gid",
				    id);

		if (more < 0 || (size_t)more >= bytes - n)
			return;
		n += (size_t)more;
	}
}

/* "uid 1000 and gid 100", or "uid 1000". */
static void
format_ids(const struct ferry_peer *peer, char out[48])
{
	if (peer->gid == FERRY_NO_GID)
		(void)snprintf(out, 48, "uid %u", peer->uid);
	else
		(void)snprintf(out, 48, "uid %u and gid %u", peer->uid,
			       peer->gid);
}

static ferry_err
check(const struct fy_rule *rule, const struct judged *who,
      struct ferry_error *why)
{
	const char *scheme = who->ops->scheme;
	enum fy_refusal kind;
	char found[48], wanted[64];

	if (may(rule, who, &kind))
		return FERRY_OK;
	if (kind == FY_REFUSED_UNKNOWN)
		return fy_fail(why, FERRY_ENOTSUP,
			       "%s: the kernel does not tell which user this "
			       "peer is: leave ?uid= and ?gid= out", scheme);
	if (kind == FY_REFUSED_OTHERS)
		return fy_fail(why, FERRY_EACCES,
			       "%s: whoever listens has uid %u, and is neither "
			       "this user, uid %u, nor root: add ?uid=%u if it "
			       "is to be trusted", scheme,
			       who->peer.uid, fy_os_geteuid(), who->peer.uid);
	format_rule(rule, wanted, sizeof(wanted));
	format_ids(&who->peer, found);
	return fy_fail(why, FERRY_EACCES,
		       "%s: whoever listens has %s, and the address asks for "
		       "%s", scheme, found, wanted);
}

ferry_err
fy_rule_check_owner(const struct fy_rule *rule,
		    const struct ferry_transport_ops *ops,
		    const struct ferry_peer *owner, struct ferry_error *why)
{
	const struct judged who = { .ops = ops, .peer = *owner };

	return check(rule, &who, why);
}

ferry_err
fy_rule_check_listener(const struct fy_rule *rule,
		       const struct ferry_link *link, struct ferry_error *why)
{
	struct judged who;

	if (!fy_rule_is_set(rule) && !link->unguarded)
		return FERRY_OK;
	who = judged_by(link);
	return check(rule, &who, why);
}

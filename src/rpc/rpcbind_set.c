/* SPDX-License-Identifier: MIT */
/* Servers make themselves known to the rpcbind of this machine. */
#include <inttypes.h>
#include <string.h>

#include "core/err.h"
#include "rpc/rpcbind.h"

/* Who stands where @map would be; NULL if nobody does, or no list is given. */
static const struct ferry_rpcbind_entry *
find_holder(struct fy_rpcbind *rb, const struct fy_rpcbind_map *map)
{
	struct ferry_rpcbind_list list;
	const char *netid = map->uaddr.netid;

	if (fy_rpcbind_list(rb, &list, NULL))
		return NULL;
	for (uint32_t i = 0; i < list.n_entries; i++) {
		const struct ferry_rpcbind_entry *entry = &list.entries[i];

		if (entry->program == map->program &&
		    entry->version == map->version &&
		    (!netid || ferry_str_eq(entry->netid, netid)))
			return entry;
	}
	return NULL;
}

/* At most 60 bytes of it, without what a terminal would obey. */
static void
make_plain(struct ferry_str text, char out[64])
{
	uint32_t n = 0;

	for (; n < text.len && n < 60; n++)
		out[n] = text.data[n] >= ' ' && text.data[n] <= '~'
				 ? text.data[n]
				 : '?';
	out[n] = '\0';
}

static ferry_err
fail_held(const struct fy_rpcbind_map *map,
	  const struct ferry_rpcbind_entry *holder, const char *hint,
	  struct ferry_error *why)
{
	char uaddr[64], owner[64];

	make_plain(holder->uaddr, uaddr);
	make_plain(holder->owner, owner);
	return fy_fail(why, FERRY_EACCES,
		       "program %" PRIu32 " version %" PRIu32 " is registered "
		       "already, at %s%s%s: %s",
		       map->program, map->version, uaddr,
		       owner[0] ? " by " : "", owner, hint);
}

ferry_err
fy_rpcbind_set(struct fy_rpcbind *rb, const struct fy_rpcbind_map *map,
	       struct ferry_error *why)
{
	const struct ferry_rpcbind_entry *holder;
	bool done = false;
	ferry_err err = fy_rpcbind_ask_set(rb, map, &done, why);

	if (err || done)
		return err;
	holder = find_holder(rb, map);
	if (holder)
		return fail_held(map, holder, "unregister it first", why);
	return fy_fail(why, FERRY_EACCES,
		       "rpcbind at %s refuses to register program %" PRIu32
		       ": most take it through /run/rpcbind.sock alone",
		       rb->at, map->program);
}

ferry_err
fy_rpcbind_unset(struct fy_rpcbind *rb, const struct fy_rpcbind_map *map,
		 struct ferry_error *why)
{
	const struct ferry_rpcbind_entry *holder;
	bool done = false;
	ferry_err err = fy_rpcbind_ask_unset(rb, map, &done, why);

	if (err || done)
		return err;
	holder = find_holder(rb, map);
	if (holder)
		return fail_held(map, holder, "only its owner may take it back",
				 why);
	return fy_fail(why, FERRY_EPROG,
		       "program %" PRIu32 " version %" PRIu32
		       " is not registered with rpcbind at %s",
		       map->program, map->version, rb->at);
}

/* @map as 0.0.0.0 or :: has it. */
static ferry_err
map_at(const char *host, const struct fy_rpcbind_map *map,
       struct fy_rpcbind_map *out, struct ferry_error *why)
{
	struct ferry_addr addr;

	*out = *map;
	fy_uaddr_at_port(host, map->uaddr.port, &addr);
	return fy_uaddr_of(&addr, &out->uaddr, why);
}

/*
 * ferry's listeners at :: take IPv4 as well, so that who knows only IPv4 is to
 * find them; which is not to be half done.
 */
static ferry_err
set_both(struct fy_rpcbind *rb, const struct fy_rpcbind_map *map,
	 struct ferry_error *why)
{
	const struct ferry_rpcbind_entry *holder;
	struct fy_rpcbind_map ipv4, ipv6;
	bool done = false;
	ferry_err err = map_at("0.0.0.0", map, &ipv4, why);

	if (!err)
		err = map_at("::", map, &ipv6, why);
	if (err)
		return err;
	holder = find_holder(rb, &ipv6);
	if (holder && !ferry_str_eq(holder->uaddr, ipv6.uaddr.text))
		return fail_held(&ipv6, holder, "unregister it first", why);
	err = fy_rpcbind_set(rb, &ipv4, why);
	if (err)
		return err;
	/* Who took the former and not this, as version 2, has no IPv6. */
	err = fy_rpcbind_ask_set(rb, &ipv6, &done, why);
	return err == FERRY_ENOTSUP ? FERRY_OK : err;
}

ferry_err
ferry_rpcbind_register(uint32_t program, uint32_t version, const char *addr,
		       struct ferry_deadline until, struct ferry_error *why)
{
	struct fy_rpcbind_map map = { .program = program, .version = version };
	struct ferry_arena mem = { 0 };
	struct ferry_addr parsed;
	struct fy_rpcbind rb;
	ferry_err err = ferry_addr_parse(addr, &parsed, why);

	if (!err)
		err = fy_uaddr_of(&parsed, &map.uaddr, why);
	if (err)
		return err;
	err = fy_rpcbind_open(&rb, NULL, until, &mem, why);
	if (!err)
		err = map.uaddr.wild ? set_both(&rb, &map, why)
				     : fy_rpcbind_set(&rb, &map, why);
	fy_rpcbind_close(&rb);
	ferry_arena_fini(&mem);
	return err;
}

ferry_err
ferry_rpcbind_unregister(uint32_t program, uint32_t version,
			 struct ferry_deadline until, struct ferry_error *why)
{
	const struct fy_rpcbind_map map = { .program = program,
					    .version = version };
	struct ferry_arena mem = { 0 };
	struct fy_rpcbind rb;
	ferry_err err = fy_rpcbind_open(&rb, NULL, until, &mem, why);

	if (!err)
		err = fy_rpcbind_unset(&rb, &map, why);
	fy_rpcbind_close(&rb);
	ferry_arena_fini(&mem);
	return err;
}

/* SPDX-License-Identifier: MIT */
/* What an rpcbind is asked, in each version of its program. */
#include <inttypes.h>
#include <stdio.h>

#include "core/err.h"
#include "core/os.h"
#include "rpc/rpcbind.h"
#include "rpc/rpcbind_prot.h"

#define PORT_UADDR "0.0.0.0.%u.%u"
#define PORT_UADDR_BYTES sizeof("0.0.0.0.255.255")

/* One question and its answer, in the words of all versions. */
struct question {
	const struct fy_rpcbind_map *map;
	struct ferry_arena *mem;
	bool done;
	struct ferry_str uaddr;
	struct ferry_rpcbind_list list;
	char owner[12];
};

typedef ferry_err asker(struct ferry_call *call, uint32_t version,
			struct question *q);

/* An rpcbind asks the kernel who registers, and goes by @owner only if not. */
static struct fy_rpcb
rpcb_of(struct question *q)
{
	const struct fy_uaddr *uaddr = &q->map->uaddr;

	(void)snprintf(q->owner, sizeof(q->owner), "%" PRIu32,
		       (uint32_t)fy_os_geteuid());
	return (struct fy_rpcb){ .prog = q->map->program,
				  .vers = q->map->version,
				  .netid = ferry_str_of(uaddr->netid),
				  .addr = ferry_str_of(uaddr->text),
				  .owner = ferry_str_of(q->owner) };
}

static struct fy_pmap
pmap_of(const struct question *q)
{
	return (struct fy_pmap){ .prog = q->map->program,
				  .vers = q->map->version,
				  .prot = fy_PMAP_TCP,
				  .port = q->map->uaddr.port };
}

/* Of a port, which version 2 has in the place of addresses. */
static ferry_err
uaddr_of_port(struct question *q, uint32_t port, struct ferry_str *out)
{
	char *text;

	*out = ferry_str_of("");
	if (port == 0)
		return FERRY_OK;
	if (port > 65535)
		return FERRY_EDECODE;
	text = ferry_arena_alloc(q->mem, PORT_UADDR_BYTES);
	if (!text)
		return FERRY_ENOMEM;
	(void)snprintf(text, PORT_UADDR_BYTES, PORT_UADDR,
		       (port >> 8) & 0xff, port & 0xff);
	*out = ferry_str_of(text);
	return FERRY_OK;
}

static ferry_err
set(struct ferry_call *call, uint32_t version, struct question *q)
{
	struct fy_rpcb rpcb = rpcb_of(q);
	struct fy_pmap pmap = pmap_of(q);

	if (version == 4)
		return fy_set_4(call, &rpcb, &q->done);
	if (version == 3)
		return fy_set_3(call, &rpcb, &q->done);
	if (!ferry_str_eq(rpcb.netid, FY_UADDR_TCP))
		return fy_fail(&call->why, FERRY_ENOTSUP,
			       "it speaks version 2, which has ports of IPv4 "
			       "alone: \"%.80s\" of \"%s\" is none",
			       q->map->uaddr.text, q->map->uaddr.netid);
	return fy_set_2(call, &pmap, &q->done);
}

static ferry_err
unset(struct ferry_call *call, uint32_t version, struct question *q)
{
	struct fy_rpcb rpcb = rpcb_of(q);
	struct fy_pmap pmap = pmap_of(q);

	if (version == 4)
		return fy_unset_4(call, &rpcb, &q->done);
	if (version == 3)
		return fy_unset_3(call, &rpcb, &q->done);
	return fy_unset_2(call, &pmap, &q->done);
}

static ferry_err
get_addr(struct ferry_call *call, uint32_t version, struct question *q)
{
	struct fy_rpcb rpcb = rpcb_of(q);
	struct fy_pmap pmap = pmap_of(q);
	uint32_t port;
	ferry_err err;

	/* Whose it was is not asked. */
	rpcb.owner = ferry_str_of("");
	if (version == 4)
		return fy_getversaddr_4(call, &rpcb, &q->uaddr);
	if (version == 3)
		return fy_getaddr_3(call, &rpcb, &q->uaddr);
	err = fy_getport_2(call, &pmap, &port);
	if (err)
		return err;
	err = uaddr_of_port(q, port, &q->uaddr);
	if (err)
		return fy_fail(&call->why, err, "it gives the port %" PRIu32,
			       port);
	return FERRY_OK;
}

/* Room for @n entries, for the count of what has been decoded already. */
static ferry_err
make_room(struct question *q, uint32_t n)
{
	q->list.entries = ferry_arena_alloc(
		q->mem, n * sizeof(*q->list.entries));
	q->list.n_entries = 0;
	return q->list.entries ? FERRY_OK : FERRY_ENOMEM;
}

static ferry_err
take_pmaps(struct question *q, const struct fy_pmap_item *first)
{
	const struct fy_pmap_item *item;
	ferry_err err;
	uint32_t n = 0;

	for (item = first; item; item = item->next)
		n++;
	err = make_room(q, n);
	for (item = first; !err && item; item = item->next) {
		struct ferry_rpcbind_entry *entry =
			&q->list.entries[q->list.n_entries++];
		const char *netid = item->map.prot == fy_PMAP_TCP ? "tcp" :
				    item->map.prot == fy_PMAP_UDP ? "udp" : "";

		*entry = (struct ferry_rpcbind_entry){
			.program = item->map.prog,
			.version = item->map.vers,
			.netid = ferry_str_of(netid),
		};
		err = uaddr_of_port(q, item->map.port, &entry->uaddr);
	}
	return err;
}

static ferry_err
take_rpcbs(struct question *q, const struct fy_rpcb_item *first)
{
	const struct fy_rpcb_item *item;
	ferry_err err;
	uint32_t n = 0;

	for (item = first; item; item = item->next)
		n++;
	err = make_room(q, n);
	for (item = first; !err && item; item = item->next)
		q->list.entries[q->list.n_entries++] =
			(struct ferry_rpcbind_entry){
				.program = item->map.prog,
				.version = item->map.vers,
				.netid = item->map.netid,
				.uaddr = item->map.addr,
				.owner = item->map.owner,
			};
	return err;
}

static ferry_err
dump(struct ferry_call *call, uint32_t version, struct question *q)
{
	fy_rpcb_list rpcbs = NULL;
	fy_pmap_list pmaps = NULL;
	ferry_err err;

	if (version == 2)
		err = fy_dump_2(call, &pmaps);
	else if (version == 3)
		err = fy_dump_3(call, &rpcbs);
	else
		err = fy_dump_4(call, &rpcbs);
	if (err)
		return err;
	err = version == 2 ? take_pmaps(q, pmaps) : take_rpcbs(q, rpcbs);
	if (err)
		return fy_fail(&call->why, err, "its list: %s",
			       ferry_strerror(err));
	return FERRY_OK;
}

/* Asks in the version that is spoken, and in older ones if need be. */
static ferry_err
ask(struct fy_rpcbind *rb, asker *one, struct question *q,
    struct ferry_error *why)
{
	struct ferry_call call;
	ferry_err err;

	q->mem = rb->mem;
	for (;;) {
		call = ferry_call_to(rb->client, rb->until, rb->mem);
		err = one(&call, rb->version, q);
		if (!err)
			return FERRY_OK;
		if ((err != FERRY_EVERSION && err != FERRY_EPROC) ||
		    rb->version <= rb->oldest)
			break;
		rb->version--;
	}
	/* It is about rpcbind, not about the program that is looked up. */
	if (err == FERRY_EPROG || err == FERRY_EVERSION)
		err = FERRY_EPROTO;
	if (why) {
		*why = call.why;
		why->code = err;
		(void)snprintf(why->text, sizeof(why->text),
			       "rpcbind at %s: %.*s", rb->at,
			       (int)(sizeof(why->text) - sizeof(rb->at) - 16),
			       call.why.text);
	}
	return err;
}

ferry_err
fy_rpcbind_ask_set(struct fy_rpcbind *rb, const struct fy_rpcbind_map *map,
		   bool *out, struct ferry_error *why)
{
	struct question q = { .map = map };
	ferry_err err = ask(rb, set, &q, why);

	if (!err)
		*out = q.done;
	return err;
}

ferry_err
fy_rpcbind_ask_unset(struct fy_rpcbind *rb, const struct fy_rpcbind_map *map,
		     bool *out, struct ferry_error *why)
{
	struct question q = { .map = map };
	ferry_err err = ask(rb, unset, &q, why);

	if (!err)
		*out = q.done;
	return err;
}

ferry_err
fy_rpcbind_ask_addr(struct fy_rpcbind *rb, const struct fy_rpcbind_map *map,
		    struct ferry_str *out, struct ferry_error *why)
{
	struct question q = { .map = map };
	ferry_err err = ask(rb, get_addr, &q, why);

	if (!err)
		*out = q.uaddr;
	return err;
}

ferry_err
fy_rpcbind_ask_dump(struct fy_rpcbind *rb, struct ferry_rpcbind_list *out,
		    struct ferry_error *why)
{
	struct question q = { .done = false };
	ferry_err err = ask(rb, dump, &q, why);

	if (!err) {
		*out = q.list;
		out->spoken = rb->version;
	}
	return err;
}

/* SPDX-License-Identifier: MIT */
#include "channel/stats.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>

#include "channel/address.h"
#include "core/count.h"
#include "core/fd.h"
#include "core/lock.h"
#include "core/os.h"

#define MAP_BYTES ((size_t)FY_STATS_SLOT * (FY_STATS_SLOTS_MOST + 1))
/* With the header eight pages. */
#define FIRST_SLOTS 63u

_Static_assert(sizeof(struct fy_stats_header) <= FY_STATS_SLOT,
	       "the header is the first slot");
_Static_assert(sizeof(struct fy_stats_slot) == FY_STATS_SLOT,
	       "slots lie one behind the other");

/*
 * The exception to "no globals": stats.h has the reason.
 * @owner:    whose this is; minus that while he begins with it
 * @map:      MAP_BYTES from the start, more than there is memory for, because
 *            the seal forbids to map again; NULL: there is none
 * @file:     what @fd was. A program that closes all it does not know may have
 *            given the number to another file
 * @n_backed: slots that there is memory for
 * @n_used:   slots that have ever been in use
 * @free:     the first of those that are in use no more, from 1; 0: none
 */
static struct {
	_Atomic(pid_t) owner;
	struct fy_lock lock;
	uint8_t *map;
	int fd;
	struct stat file;
	uint32_t n_backed;
	uint32_t n_used;
	uint32_t free;
} shown;

/* Whether .fd is the memfd still. */
static bool
has_fd(void)
{
	struct stat file;

	return shown.map && fy_os_fstat(shown.fd, &file) == 0 &&
	       file.st_dev == shown.file.st_dev &&
	       file.st_ino == shown.file.st_ino;
}

/* Nothing is shown; what a parent shows stays mapped: links point into it. */
static void
begin(pid_t self)
{
	if (has_fd())
		fy_os_close(shown.fd);
	shown.lock = (struct fy_lock){ 0 };
	shown.map = NULL;
	shown.n_backed = 0;
	shown.n_used = 0;
	shown.free = 0;
	atomic_store(&shown.owner, self);
}

/*
 * Whether .lock is the caller's now. A child after fork begins anew, and who
 * comes while another of its threads does so goes without.
 */
static bool
lock_shown(void)
{
	const pid_t self = fy_os_getpid();
	pid_t owner = atomic_load(&shown.owner);

	if (owner != self) {
		if (owner == -self ||
		    !atomic_compare_exchange_strong(&shown.owner, &owner,
						    -self))
			return false;
		begin(self);
	}
	fy_lock(&shown.lock);
	return true;
}

/* As lock_shown(), where there is something in the memfd to be changed. */
static bool
lock_own(const struct ferry_counters *counters)
{
	const uint8_t *at = (const uint8_t *)counters;

	if (atomic_load(&shown.owner) != fy_os_getpid())
		return false;
	fy_lock(&shown.lock);
	if (shown.map && at > shown.map && at < shown.map + MAP_BYTES)
		return true;
	fy_unlock(&shown.lock);
	return false;
}

static struct fy_stats_header *
header(void)
{
	return (struct fy_stats_header *)(void *)shown.map;
}

/* @number from 1: the header is slot 0. */
static struct fy_stats_slot *
slot_of(uint32_t number)
{
	return (struct fy_stats_slot *)(void *)(shown.map +
						(size_t)number * FY_STATS_SLOT);
}

/* Others may look, and can neither write nor cut it off. */
static bool
make_memfd(void)
{
	FY_CLEANUP(fy_fd_close) int fd = fy_os_memfd(FY_STATS_NAME);
	struct stat file;
	uint8_t *map;

	if (fd < 0 || fy_os_fstat(fd, &file) < 0 ||
	    fy_os_grow(fd, (FIRST_SLOTS + 1) * FY_STATS_SLOT) < 0)
		return false;
	map = fy_os_map_shared(fd, 0, MAP_BYTES);
	if (!map)
		return false;
	if (fy_os_allow(map, (FIRST_SLOTS + 1) * FY_STATS_SLOT) < 0 ||
	    fy_os_add_seals(fd, F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE |
				F_SEAL_SEAL) < 0) {
		fy_os_unmap(map, MAP_BYTES);
		return false;
	}
	shown.map = map;
	shown.fd = fy_fd_take(&fd);
	shown.file = file;
	shown.n_backed = FIRST_SLOTS;
	*header() = (struct fy_stats_header){
		.magic = FY_STATS_MAGIC,
		.version = FY_STATS_VERSION,
		.slot_bytes = FY_STATS_SLOT,
		.pid = fy_os_getpid(),
	};
	return true;
}

/* By half of what there is: each page is asked for once, more or less. */
static bool
grow_memfd(void)
{
	uint32_t more = shown.n_backed + shown.n_backed / 2;
	size_t bytes;

	if (more > FY_STATS_SLOTS_MOST)
		more = FY_STATS_SLOTS_MOST;
	bytes = ((size_t)more + 1) * FY_STATS_SLOT;
	if (more == shown.n_backed || !has_fd() ||
	    fy_os_grow(shown.fd, bytes) < 0 ||
	    fy_os_allow(shown.map, bytes) < 0)
		return false;
	shown.n_backed = more;
	return true;
}

/*
 * What a reader sees between these two is not to be believed. An exchange is
 * what later stores cannot be seen before.
 */
static void
begin_change(struct fy_stats_slot *slot)
{
	(void)__atomic_exchange_n(&slot->generation, slot->generation + 1,
				  __ATOMIC_ACQ_REL);
}

static void
end_change(struct fy_stats_slot *slot)
{
	__atomic_store_n(&slot->generation, slot->generation + 1,
			 __ATOMIC_RELEASE);
}

/* The number of a slot that is the caller's; 0: there is none. */
static uint32_t
find_slot(void)
{
	uint32_t number = shown.free;

	if (!shown.map && !make_memfd())
		return 0;
	if (number) {
		shown.free = slot_of(number)->uid;
		return number;
	}
	if (shown.n_used == shown.n_backed && !grow_memfd())
		return 0;
	shown.n_used++;
	__atomic_store_n(&header()->n_slots, shown.n_used, __ATOMIC_RELAXED);
	return shown.n_used;
}

/* A slot that is the caller's, begin_change() done; NULL if there is none. */
static struct fy_stats_slot *
take_slot(void)
{
	uint32_t number;

	if (!lock_shown())
		return NULL;
	number = find_slot();
	fy_unlock(&shown.lock);
	if (number == 0)
		return NULL;
	begin_change(slot_of(number));
	return slot_of(number);
}

void
fy_counters_read(const struct ferry_counters *counters,
		 struct ferry_counters *out)
{
#define READ(name, text) out->name = fy_counted(&counters->name);
	FERRY_COUNTERS(READ)
#undef READ
}

/* Where to count from now: a slot that tells @kind, @peer and @addr; or @own */
static struct ferry_counters *
enter(struct ferry_counters *own, enum fy_stats_kind kind,
      const struct ferry_peer *peer, const struct ferry_addr *addr)
{
	struct fy_stats_slot *slot;

	slot = take_slot();
	if (!slot)
		return own;
	slot->kind = kind;
	slot->since_ns = fy_os_real_ns();
	slot->has = (peer->has_ids ? FY_STATS_HAS_IDS : 0) |
		    (peer->has_pid ? FY_STATS_HAS_PID : 0);
	slot->uid = peer->uid;
	slot->gid = peer->gid;
	slot->pid = peer->pid;
	_Static_assert(sizeof(slot->peer) == sizeof(peer->text), "as it is");
	memcpy(slot->peer, peer->text, sizeof(slot->peer));
	(void)ferry_addr_format(addr, slot->address, sizeof(slot->address));
	slot->counters = *own;
	end_change(slot);
	return &slot->counters;
}

/* @counters may be a slot's: its values go to @own, and the slot is free. */
static void
leave(struct ferry_counters *counters, struct ferry_counters *own)
{
	struct fy_stats_slot *slot;

	if (counters == own)
		return;
	fy_counters_read(counters, own);
	if (!lock_own(counters))
		return;
	slot = FY_CONTAINER(counters, struct fy_stats_slot, counters);
	begin_change(slot);
	slot->kind = FY_STATS_FREE;
	slot->uid = shown.free;
	end_change(slot);
	shown.free = (uint32_t)((size_t)((uint8_t *)slot - shown.map) /
				FY_STATS_SLOT);
	fy_unlock(&shown.lock);
}

void
fy_stats_enter_link(struct ferry_link *link, enum fy_stats_kind kind,
		    const struct ferry_addr *addr)
{
	struct ferry_peer peer;

	if (link->counters && link->counters != &link->own)
		return;
	link->ops->peer(link, &peer);
	link->counters = enter(&link->own, kind, &peer, addr);
}

void
fy_stats_inherit_link(struct ferry_link *link)
{
	const struct fy_stats_slot *parents;
	struct fy_stats_slot *slot, copy;

	if (link->counters == &link->own)
		return;
	parents = FY_CONTAINER(link->counters, struct fy_stats_slot, counters);
	slot = take_slot();
	if (!slot) {
		fy_stats_leave_link(link);
		return;
	}
	copy = *parents;
	copy.generation = slot->generation;
	*slot = copy;
	end_change(slot);
	link->counters = &slot->counters;
}

void
fy_stats_enter_port(struct ferry_port *port, enum fy_stats_kind kind)
{
	const struct ferry_peer nobody = { 0 };
	struct ferry_addr addr;

	if (port->counters && port->counters != &port->own)
		return;
	fy_address_of_port(port, &addr);
	port->counters = enter(&port->own, kind, &nobody, &addr);
}

void
fy_stats_leave_link(struct ferry_link *link)
{
	struct ferry_counters *counters = link->counters;

	leave(counters, &link->own);
	link->counters = &link->own;
}

void
fy_stats_leave_port(struct ferry_port *port)
{
	struct ferry_counters *counters = port->counters;

	leave(counters, &port->own);
	port->counters = &port->own;
}

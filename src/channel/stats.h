/* SPDX-License-Identifier: MIT */
/*
 * What a process shows of its channels and listeners: a memfd named
 * "ferry-stats" that whoever may open /proc/PID/fd reads and nobody else writes
 * to (stats_read.h reads it). The counters of a link lie in it, so that to
 * count costs what it costs anyway.
 *
 * There is one for the process, made when first needed: with the helper thread
 * of transport/service.h the one exception to "no globals", because the kernel
 * shows descriptors by process. It is never in the way: where none can be had,
 * links count for themselves alone. A child after fork makes its own.
 *
 *	header | slot 0 | slot 1 | ...	each FY_STATS_SLOT bytes
 */
#pragma once

#include <stdint.h>

#include <ferry/transport.h>

#include "core/compiler.h"

#define FY_STATS_NAME "ferry-stats"
#define FY_STATS_MAGIC UINT64_C(0x7374617466657279)
#define FY_STATS_VERSION 1
/* Bytes of a slot, and of the header. */
#define FY_STATS_SLOT 512u
/* Links beyond so many are not shown. */
#define FY_STATS_SLOTS_MOST 65535u

/* What a slot is about; in the memfd, so numbers stay. */
enum fy_stats_kind {
	FY_STATS_FREE = 0,
	FY_STATS_CHANNEL = 1,
	FY_STATS_LISTENER = 2,
	FY_STATS_RPC_CLIENT = 3,
	FY_STATS_RPC_CONNECTION = 4, /* of a server */
	FY_STATS_RPC_LISTENER = 5,
};

/**
 * struct fy_stats_header - the first FY_STATS_SLOT bytes; native byte order
 * @slot_bytes: FY_STATS_SLOT
 * @pid:        whose it is, in its own namespace: that of another process was
 *              inherited by fork, and says nothing of the one that holds it
 * @n_slots:    that have ever been in use
 */
struct fy_stats_header {
	uint64_t magic;
	uint32_t version;
	uint32_t slot_bytes;
	int32_t pid;
	uint32_t n_slots;
};

/* In struct fy_stats_slot: what of the peer the kernel vouches for. */
#define FY_STATS_HAS_IDS 1u
#define FY_STATS_HAS_PID 2u

/**
 * struct fy_stats_slot - a channel or listener
 * @generation: odd while the rest is written; changes with each use
 * @kind:       enum fy_stats_kind
 * @since_ns:   CLOCK_REALTIME of the opening
 * @address:    NUL-terminated, cut if need be: dialled, or listened at
 * @uid:        of a free slot the number of the next free one; 0: none
 * @peer:       NUL-terminated; of a listener empty
 * @counters:   change at any time, each 8 bytes whole
 */
struct fy_stats_slot {
	uint32_t generation;
	uint32_t kind;
	int64_t since_ns;
	uint32_t has;
	uint32_t uid;
	uint32_t gid;
	int32_t pid;
	char peer[80];
	char address[FY_STATS_SLOT - 112 - sizeof(struct ferry_counters)];
	struct ferry_counters counters;
};

/** fy_counters_read() - a copy, while others count */
void fy_counters_read(const struct ferry_counters *counters,
		      struct ferry_counters *out);

/**
 * fy_stats_enter_link() - shows @link until fy_stats_leave_link()
 *
 * Before its first message. Its counters are in the memfd from now; where none
 * can be had, in the link, also if its maker has said nothing of them.
 */
void fy_stats_enter_link(struct ferry_link *link, enum fy_stats_kind kind,
			 const struct ferry_addr *addr);

/** fy_stats_inherit_link() - a child shows what its parent did */
void fy_stats_inherit_link(struct ferry_link *link);

/** fy_stats_enter_port() - as fy_stats_enter_link(), of a listener */
void fy_stats_enter_port(struct ferry_port *port, enum fy_stats_kind kind);

/**
 * fy_stats_leave_link() - shows it no more; what it has counted is its own
 *
 * Harmless on one that is not shown. In a child of the process that shows it,
 * nothing of the parent's changes.
 */
void fy_stats_leave_link(struct ferry_link *link);

/** fy_stats_leave_port() - as fy_stats_leave_link(), of a listener */
void fy_stats_leave_port(struct ferry_port *port);

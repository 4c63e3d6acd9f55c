/* SPDX-License-Identifier: MIT */
/*
 * Reads what other processes show of their channels (stats.h), for the command:
 * by pread alone, never by mmap, and believing nothing: what is malformed is
 * left out. It is part of the command, not of the library.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <ferry/channel.h>

#include "channel/stats.h"
#include "core/compiler.h"

/**
 * struct fy_stats_process - who shows something
 * @pid:       as this process's /proc names it
 * @inner_pid: as it names itself, where it has a namespace of its own
 * @uid:       owner of the process
 * @name:      NUL-terminated, of /proc/PID/comm; any bytes: escape it
 */
struct fy_stats_process {
	int32_t pid;
	int32_t inner_pid;
	uint32_t uid;
	char name[32];
};

/**
 * struct fy_stats_entry - one channel or listener
 * @since_ns: CLOCK_REALTIME of the opening, as it says
 * @peer:     .text is empty for a listener; its claim, as all of this
 * @address:  NUL-terminated; any bytes, as @peer.text: escape them
 */
struct fy_stats_entry {
	enum fy_stats_kind kind;
	int64_t since_ns;
	struct ferry_peer peer;
	char address[sizeof(((struct fy_stats_slot *)0)->address)];
	struct ferry_counters counters;
};

/** fy_stats_visit - told of each entry; both are borrowed. False: enough */
typedef bool (*fy_stats_visit)(void *user,
			       const struct fy_stats_process *process,
			       const struct fy_stats_entry *entry);

/**
 * fy_stats_read_all() - what the processes show that this one may look at: the
 * user's own; with CAP_SYS_PTRACE all
 *
 * In the order of process ids. Processes that end meanwhile are left out.
 * FERRY_ESYS: there is no /proc.
 */
FY_MUST_CHECK ferry_err fy_stats_read_all(fy_stats_visit visit, void *user,
					  struct ferry_error *why);

/**
 * fy_stats_read_fd() - what the memfd @fd of @process shows
 *
 * False: @visit has had enough. A file that is none of version
 * FY_STATS_VERSION, sealed as stats.c seals it, shows nothing.
 */
bool fy_stats_read_fd(int fd, const struct fy_stats_process *process,
		      fy_stats_visit visit, void *user);

/** fy_stats_kind_name() - "channel", "listener", "rpc client" ...; or NULL */
const char *fy_stats_kind_name(enum fy_stats_kind kind);

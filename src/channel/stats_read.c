/* SPDX-License-Identifier: MIT */
#include "channel/stats_read.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"

/* A slot that changes all the time is left out after so many looks. */
#define LOOKS_MOST 8
/* Of one process: each copy of the library that it has shows its own. */
#define MEMFDS_MOST 4
/* Nobody else can write to what has these, or cut it off. */
#define SEALS (F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE)

const char *
fy_stats_kind_name(enum fy_stats_kind kind)
{
	static const char *const names[] = {
		[FY_STATS_CHANNEL] = "channel",
		[FY_STATS_LISTENER] = "listener",
		[FY_STATS_RPC_CLIENT] = "rpc client",
		[FY_STATS_RPC_CONNECTION] = "rpc connection",
		[FY_STATS_RPC_LISTENER] = "rpc listener",
	};

	return (size_t)kind < FY_ARRAY_LEN(names) ? names[kind] : NULL;
}

/* ---- one memfd ---- */

static bool
read_at(int fd, size_t at, void *out, size_t bytes)
{
	return fy_os_pread(fd, out, bytes, (off_t)at) == (ssize_t)bytes;
}

/* Slot @number, from 1, as it was at one moment. */
static bool
read_slot(int fd, uint32_t number, struct fy_stats_slot *out)
{
	const size_t at = (size_t)number * FY_STATS_SLOT;
	uint32_t generation;

	for (int looks = 0; looks < LOOKS_MOST; looks++) {
		if (!read_at(fd, at, out, sizeof(*out)) ||
		    !read_at(fd, at, &generation, sizeof(generation)))
			return false;
		if (generation == out->generation && generation % 2 == 0)
			return true;
	}
	return false;
}

/* Copies text that may lack its end. */
static void
copy_text(char *out, size_t bytes, const char *text)
{
	memcpy(out, text, bytes - 1);
	out[bytes - 1] = '\0';
}

/* False: the slot is not in use, or says what nobody knows. */
static bool
understand(const struct fy_stats_slot *slot, struct fy_stats_entry *out)
{
	if (!fy_stats_kind_name(slot->kind))
		return false;
	*out = (struct fy_stats_entry){
		.kind = slot->kind,
		.since_ns = slot->since_ns,
		.peer = {
			.has_ids = slot->has & FY_STATS_HAS_IDS,
			.has_pid = slot->has & FY_STATS_HAS_PID,
			.uid = slot->uid,
			.gid = slot->gid,
			.pid = slot->pid,
		},
		.counters = slot->counters,
	};
	copy_text(out->peer.text, sizeof(out->peer.text), slot->peer);
	copy_text(out->address, sizeof(out->address), slot->address);
	return true;
}

/* False: it is malformed, or another process's. */
static bool
read_header(int fd, const struct fy_stats_process *process,
	    struct fy_stats_header *out)
{
	const int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & SEALS) == SEALS &&
	       read_at(fd, 0, out, sizeof(*out)) &&
	       out->magic == FY_STATS_MAGIC &&
	       out->version == FY_STATS_VERSION &&
	       out->slot_bytes == FY_STATS_SLOT &&
	       out->pid == process->inner_pid &&
	       out->n_slots <= FY_STATS_SLOTS_MOST;
}

static bool
read_slots(int fd, uint32_t n, const struct fy_stats_process *process,
	   fy_stats_visit visit, void *user)
{
	struct fy_stats_slot slot;
	struct fy_stats_entry entry;

	for (uint32_t i = 1; i <= n; i++)
		if (read_slot(fd, i, &slot) && understand(&slot, &entry) &&
		    !visit(user, process, &entry))
			return false;
	return true;
}

bool
fy_stats_read_fd(int fd, const struct fy_stats_process *process,
		 fy_stats_visit visit, void *user)
{
	struct fy_stats_header header;

	return !read_header(fd, process, &header) ||
	       read_slots(fd, header.n_slots, process, visit, user);
}

/* ---- one process ---- */

/* What a small file of /proc holds, NUL-terminated, cut if need be. */
static bool
read_text(int folder, const char *name, char *out, size_t bytes)
{
	FY_CLEANUP(fy_fd_close)
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = fy_os_read(fd, out, bytes - 1);
	if (n < 0)
		return false;
	out[n] = '\0';
	return true;
}

/* The last of NSpid: what the process itself takes for its id. */
static int32_t
inner_pid(int folder, int32_t pid)
{
	char text[4096];
	const char *at;

	if (!read_text(folder, "status", text, sizeof(text)))
		return pid;
	at = strstr(text, "\nNSpid:");
	if (!at)
		return pid;
	for (at += strlen("\nNSpid:"); *at && *at != '\n';) {
		char *end;
		long one = strtol(at, &end, 10);

		if (end == at)
			break;
		pid = (int32_t)one;
		at = end;
	}
	return pid;
}

static bool
describe(int folder, int32_t pid, struct fy_stats_process *out)
{
	struct stat status;

	*out = (struct fy_stats_process){ .pid = pid };
	if (fy_os_fstat(folder, &status) < 0 ||
	    !read_text(folder, "comm", out->name, sizeof(out->name)))
		return false;
	out->name[strcspn(out->name, "\n")] = '\0';
	out->uid = status.st_uid;
	out->inner_pid = inner_pid(folder, pid);
	return true;
}

/*
 * A descriptor of the memfd that the entry @name of /proc/PID/fd is; -1 if it
 * is something else, which is not opened: that could wait, or do something.
 */
static int
open_memfd(int folder, const char *name)
{
	static const char wanted[] = "/memfd:" FY_STATS_NAME " (deleted)";
	char target[sizeof(wanted)];
	struct stat status;
	ssize_t n = readlinkat(folder, name, target, sizeof(target));

	if (n != sizeof(wanted) - 1 || memcmp(target, wanted, (size_t)n) != 0 ||
	    fstatat(folder, name, &status, 0) < 0 || !S_ISREG(status.st_mode))
		return -1;
	return openat(folder, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/* A folder beneath @parent, or it itself, to be read; NULL if it cannot be. */
static DIR *
open_folder(int parent, const char *name)
{
	FY_CLEANUP(fy_fd_close)
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (dir)
		(void)fy_fd_take(&fd);
	return dir;
}

static void
close_folder(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static bool
read_process(int proc, int32_t pid, fy_stats_visit visit, void *user)
{
	FY_CLEANUP(fy_fd_close) int folder = -1;
	FY_CLEANUP(close_folder) DIR *fds = NULL;
	struct fy_stats_process process = { .pid = 0 };
	struct fy_stats_header header;
	char name[16];
	int left = MEMFDS_MOST;
	bool more = true;

	(void)snprintf(name, sizeof(name), "%d", pid);
	folder = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fds = folder < 0 ? NULL : open_folder(folder, "fd");
	for (struct dirent *at;
	     more && left > 0 && fds && (at = readdir(fds));) {
		FY_CLEANUP(fy_fd_close)
		int fd = open_memfd(dirfd(fds), at->d_name);

		if (fd < 0 ||
		    (!process.pid && !describe(folder, pid, &process)) ||
		    !read_header(fd, &process, &header))
			continue;
		more = read_slots(fd, header.n_slots, &process, visit, user);
		left--;
	}
	return more;
}

/* ---- all processes ---- */

/* Process ids, in order. */
struct pids {
	int32_t *ids;
	size_t n;
	size_t cap;
};

static void
free_pids(struct pids *pids)
{
	free(pids->ids);
}

static int
compare_pids(const void *a, const void *b)
{
	const int32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool
add_pid(struct pids *pids, int32_t pid)
{
	if (pids->n == pids->cap) {
		size_t cap = pids->cap ? pids->cap * 2 : 256;
		int32_t *ids = realloc(pids->ids, cap * sizeof(*ids));

		if (!ids)
			return false;
		pids->ids = ids;
		pids->cap = cap;
	}
	pids->ids[pids->n++] = pid;
	return true;
}

static ferry_err
list_pids(DIR *proc, struct pids *out, struct ferry_error *why)
{
	for (struct dirent *at; (at = readdir(proc));)
		if (isdigit((unsigned char)at->d_name[0]) &&
		    !add_pid(out, atoi(at->d_name)))
			return fy_fail_memory(why, out->cap * 2);
	qsort(out->ids, out->n, sizeof(*out->ids), compare_pids);
	return FERRY_OK;
}

ferry_err
fy_stats_read_all(fy_stats_visit visit, void *user, struct ferry_error *why)
{
	FY_CLEANUP(close_folder) DIR *proc = open_folder(AT_FDCWD, "/proc");
	FY_CLEANUP(free_pids) struct pids pids = { NULL, 0, 0 };
	ferry_err err;

	if (!proc)
		return fy_fail_errno(why, "read /proc");
	err = list_pids(proc, &pids, why);
	for (size_t i = 0; i < pids.n && !err; i++)
		if (!read_process(dirfd(proc), pids.ids[i], visit, user))
			break;
	return err;
}

/* SPDX-License-Identifier: MIT */
#include "transport/sysv_note.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "transport/lockfile.h"
#include "transport/rundir.h"

#define NAME_BYTES 32
/* Another process that clears a note is done within this time. */
#define CLEARING_MS    1
#define CLEARING_TRIES 20

struct note_path {
	char text[PATH_MAX];
};

static ferry_err
path_of(key_t key, enum fy_sysv_role role, bool make, struct note_path *out,
	struct ferry_error *why)
{
	char name[NAME_BYTES];

	(void)snprintf(name, sizeof(name), "sysv.%08x.%c", (unsigned int)key,
		       (char)role);
	return fy_rundir_path(name, make, out->text, sizeof(out->text), why);
}

/* Whether there is a note, and whose life it is. */
static bool
read_note(const struct note_path *path, struct fy_life *out)
{
	struct fy_life life = { .pid = 0 };
	char text[80];
	ssize_t n = fy_os_readlink(path->text, text, sizeof(text) - 1);

	if (n < 0)
		return false;
	text[n] = '\0';
	if (sscanf(text, "%" SCNd32 ".%" SCNu64 ".%" SCNu64, &life.pid,
		   &life.start, &life.pid_ns) != 3)
		return false;
	*out = life;
	return true;
}

static bool
is_dead(const struct note_path *path)
{
	struct fy_life life;

	return read_note(path, &life) && fy_life_is_dead(&life);
}

/* Whether somebody who lives needs the queue: the one of the other note. */
static bool
other_lives(key_t key, enum fy_sysv_role role)
{
	struct note_path path;
	struct fy_life life;

	role = role == FY_SYSV_MAKER ? FY_SYSV_RECEIVER : FY_SYSV_MAKER;
	return !path_of(key, role, false, &path, NULL) &&
	       read_note(&path, &life) && !fy_life_is_dead(&life);
}

/* A stranger's queue that has got the same key since is left to him. */
static void
remove_queue(key_t key)
{
	const uid_t self = fy_os_geteuid();
	struct msqid_ds ds;
	int id = fy_os_msgget(key, 0);

	if (id >= 0 && fy_os_msgctl(id, IPC_STAT, &ds) == 0 &&
	    (ds.msg_perm.cuid == self || ds.msg_perm.uid == self))
		(void)fy_os_msgctl(id, IPC_RMID, NULL);
}

/*
 * Under a lock, because a new listener may note itself and make its queue as
 * soon as the note of the dead one is gone: nobody else is to remove that.
 */
static void
clear_if_dead(key_t key, enum fy_sysv_role role)
{
	FY_CLEANUP(fy_lockfile_give) struct fy_lockfile lock = { .fd = -1 };
	struct note_path path;

	if (path_of(key, role, false, &path, NULL) || !is_dead(&path) ||
	    !fy_lockfile_take(&lock, path.text) || !is_dead(&path))
		return;
	if (!other_lives(key, role))
		remove_queue(key);
	(void)fy_os_unlink(path.text);
}

ferry_err
fy_sysv_note(key_t key, enum fy_sysv_role role, const struct fy_life *life,
	     struct ferry_error *why)
{
	struct note_path path;
	char text[80];
	ferry_err err = path_of(key, role, true, &path, why);

	if (err)
		return err;
	(void)snprintf(text, sizeof(text), "%" PRId32 ".%" PRIu64 ".%" PRIu64,
		       life->pid, life->start, life->pid_ns);
	for (int i = 0; i < CLEARING_TRIES; i++) {
		if (fy_os_symlink(text, path.text) == 0)
			return FERRY_OK;
		if (errno != EEXIST)
			return fy_fail_errno(why, "make %s", path.text);
		if (i > 0)
			(void)fy_os_poll(NULL, 0, ferry_in_ms(CLEARING_MS));
		clear_if_dead(key, role);
	}
	return FERRY_EAGAIN;
}

void
fy_sysv_unnote(key_t key, enum fy_sysv_role role)
{
	struct note_path path;

	if (!path_of(key, role, false, &path, NULL))
		(void)fy_os_unlink(path.text);
}

/* What @name is the note of. */
static bool
parse_name(const char *name, key_t *key, enum fy_sysv_role *role)
{
	unsigned int number;
	char letter, again[NAME_BYTES];

	if (sscanf(name, "sysv.%8x.%c", &number, &letter) != 2)
		return false;
	(void)snprintf(again, sizeof(again), "sysv.%08x.%c", number, letter);
	*key = (key_t)number;
	*role = (enum fy_sysv_role)letter;
	return strcmp(name, again) == 0 &&
	       (*role == FY_SYSV_RECEIVER || *role == FY_SYSV_MAKER);
}

void
fy_sysv_sweep(void)
{
	char path[PATH_MAX];
	struct dirent *entry;
	enum fy_sysv_role role;
	key_t key;
	DIR *folder = NULL;
	int fd;

	if (fy_rundir_path("sysv", false, path, sizeof(path), NULL))
		return;
	*strrchr(path, '/') = '\0';
	fd = fy_os_open(path, O_RDONLY | O_DIRECTORY, 0);
	if (fd >= 0)
		folder = fy_os_list_open(fd);
	if (!folder) {
		fy_fd_close(&fd);
		return;
	}
	while ((entry = fy_os_list_next(folder))) {
		if (parse_name(entry->d_name, &key, &role))
			clear_if_dead(key, role);
	}
	fy_os_list_close(folder);
}

/* SPDX-License-Identifier: MIT */
#include "transport/sysv/note.h"

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

#define NAME_BYTES 64
/* Another process that clears a note is done within this time. */
#define CLEARING_MS    1
#define CLEARING_TRIES 20

struct note_path {
	char text[PATH_MAX];
};

/* The name of a note, without its folder. */
struct note_name {
	char text[NAME_BYTES];
};

/* Takes no descriptor: a queue is unnoted where there is none left. */
static ferry_err
own_namespace(uint64_t *out, struct ferry_error *why)
{
	static const char path[] = "/proc/self/ns/ipc";
	char text[64];
	ssize_t n = fy_os_readlink(path, text, sizeof(text) - 1);

	if (n < 0)
		return fy_fail_errno(why, "read %s", path);
	text[n] = '\0';
	if (sscanf(text, "ipc:[%" SCNu64 "]", out) != 1)
		return fy_fail(why, FERRY_ENOTSUP, "%s names no namespace",
			       path);
	return FERRY_OK;
}

static struct note_name
name_of(key_t key, uint64_t namespace)
{
	struct note_name name;

	(void)snprintf(name.text, sizeof(name.text), "sysv.%08x.%" PRIu64,
		       (unsigned int)key, namespace);
	return name;
}

static ferry_err
path_of(key_t key, bool make, struct note_path *out, struct ferry_error *why)
{
	uint64_t namespace;
	ferry_err err = own_namespace(&namespace, why);

	if (err)
		return err;
	return fy_rundir_path(name_of(key, namespace).text, make, out->text,
			      sizeof(out->text), why);
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
 * Return: whether there is no note any more.
 */
static bool
clear_if_dead(key_t key)
{
	struct note_path path;
	/* Given before the path has gone: what is declared last goes first. */
	FY_CLEANUP(fy_lockfile_give) struct fy_lockfile lock = { .fd = -1 };

	if (path_of(key, false, &path, NULL) || !is_dead(&path) ||
	    !fy_lockfile_take(&lock, path.text) || !is_dead(&path))
		return false;
	remove_queue(key);
	return fy_os_unlink(path.text) == 0;
}

void
fy_sysv_clear(key_t key)
{
	(void)clear_if_dead(key);
}

FY_COLD static ferry_err
fail_noted(const struct note_path *path, struct ferry_error *why)
{
	struct fy_life life;

	if (read_note(path, &life))
		return FERRY_EAGAIN;
	errno = EEXIST;
	return fy_fail_errno(why, "note a queue: %.500s is none of ferry's "
				  "notes; remove it", path->text);
}

ferry_err
fy_sysv_note(key_t key, const struct fy_life *life, struct ferry_error *why)
{
	struct note_path path;
	char text[80];
	ferry_err err = path_of(key, true, &path, why);

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
		(void)clear_if_dead(key);
	}
	return fail_noted(&path, why);
}

bool
fy_sysv_noted(key_t key, struct fy_life *out)
{
	struct note_path path;

	return !path_of(key, false, &path, NULL) && read_note(&path, out);
}

void
fy_sysv_unnote(key_t key)
{
	struct note_path path;

	if (!path_of(key, false, &path, NULL))
		(void)fy_os_unlink(path.text);
}

/*
 * What @name is the note of. @is_lock: or the lock of one. A queue of another
 * namespace cannot be seen from here: its note is left to those who can.
 */
static bool
parse_name(const char *name, uint64_t namespace, key_t *key, bool *is_lock)
{
	unsigned int number;
	struct note_name whole;
	size_t n;

	if (sscanf(name, "sysv.%8x", &number) != 1)
		return false;
	*key = (key_t)number;
	whole = name_of(*key, namespace);
	n = strlen(whole.text);
	if (strncmp(name, whole.text, n) != 0)
		return false;
	*is_lock = strcmp(name + n, FY_LOCKFILE_SUFFIX) == 0;
	return *is_lock || name[n] == '\0';
}

/* Of who was killed between the removal of a note and that of its lock. */
static void
clear_lock(key_t key)
{
	struct note_path path;
	FY_CLEANUP(fy_lockfile_give) struct fy_lockfile lock = { .fd = -1 };

	if (!path_of(key, false, &path, NULL))
		(void)!fy_lockfile_take(&lock, path.text);
}

/* NULL: there is none. */
static DIR *
list_notes(void)
{
	char path[PATH_MAX];
	DIR *folder = NULL;
	int fd;

	if (fy_rundir_path("sysv", false, path, sizeof(path), NULL))
		return NULL;
	*strrchr(path, '/') = '\0';
	fd = fy_os_open(path, O_RDONLY | O_DIRECTORY, 0);
	if (fd >= 0)
		folder = fy_os_list_open(fd);
	if (!folder)
		fy_fd_close(&fd);
	return folder;
}

size_t
fy_sysv_sweep(size_t most)
{
	DIR *folder = list_notes();
	struct dirent *entry;
	size_t n_left = 0;
	size_t n = 0;
	uint64_t namespace = 0;
	bool is_lock;
	key_t key;

	if (!folder)
		return 0;
	/* Unknown, it is that of no note. */
	(void)!own_namespace(&namespace, NULL);
	while (n < most && (entry = fy_os_list_next(folder))) {
		if (!parse_name(entry->d_name, namespace, &key, &is_lock))
			continue;
		if (is_lock)
			clear_lock(key);
		if (is_lock || clear_if_dead(key))
			n++;
		else
			n_left++;
	}
	fy_os_list_close(folder);
	return n < most ? n_left : 0;
}

/* SPDX-License-Identifier: MIT */
#include "transport/fifo/meeting.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "transport/fifo/hello.h"
#include "transport/lockfile.h"
#include "transport/rundir.h"

/* What a file's name may have, less what is put behind it here. */
#define NAME_MOST (NAME_MAX - sizeof(".takeover") + 1)

/*
 * How old a client's FIFO is that is taken for left, though it was not stamped:
 * that takes him microseconds. Whoever was stopped just then makes another.
 */
#define UNSTAMPED_S 10

/* How many names are looked at in one sweep among the living. */
#define LOOKS_MOST 128

/* What others than the owner must not have: reading names and hellos. */
#define OTHERS_READ 0044u

struct folder_path {
	char text[FY_MEETING_PATH + sizeof(".d")];
};

static struct folder_path
folder_of(const struct fy_meeting *m)
{
	struct folder_path path;

	(void)snprintf(path.text, sizeof(path.text), "%s.d", m->path);
	return path;
}

ferry_err
fy_meeting_path(const struct ferry_addr *addr, bool make,
		char out[FY_MEETING_PATH], struct ferry_error *why)
{
	const char *slash = strrchr(addr->body, '/');
	const char *name = slash ? slash + 1 : addr->body;

	if (name[0] == '\0')
		return fy_fail(why, FERRY_EADDR,
			       "\"fifo:%.80s\": the path or the name of a FIFO "
			       "must follow",
			       addr->body);
	if (strlen(name) > NAME_MOST)
		return fy_fail(why, FERRY_EADDR,
			       "\"fifo:...%.60s...\": a name has at most %zu "
			       "bytes: choose a shorter one",
			       name, NAME_MOST);
	if (!slash)
		return fy_rundir_path(name, make, out, FY_MEETING_PATH, why);
	(void)snprintf(out, FY_MEETING_PATH, "%s", addr->body);
	return FERRY_OK;
}

void
fy_meeting_close(struct fy_meeting *m)
{
	fy_fd_close(&m->fd);
	fy_fd_close(&m->folder);
}

/* ---- what it is ---- */

/*
 * A sum of what the folder is, as seconds and nanoseconds. Its number alone
 * would be another's as soon as it is removed.
 */
static struct timespec
stamp_of(const struct stat *folder, const struct timespec *birth)
{
	const uint64_t facts[4] = { folder->st_dev, folder->st_ino,
				    (uint64_t)birth->tv_sec,
				    (uint64_t)birth->tv_nsec };
	uint8_t buf[sizeof(facts)];
	uint64_t sum;

	for (size_t i = 0; i < sizeof(buf); i++)
		buf[i] = (uint8_t)(facts[i / 8] >> i % 8 * 8);
	sum = fy_hello_sum(buf, sizeof(buf));
	return (struct timespec){
		.tv_sec = (time_t)(sum & 0x7fffffff),
		.tv_nsec = (long)((sum >> 31) % 1000000000u),
	};
}

bool
fy_meeting_bears(const struct fy_meeting *m, const struct stat *st)
{
	/* Some file systems keep seconds alone. */
	return st->st_mtim.tv_sec == m->stamp.tv_sec &&
	       (st->st_mtim.tv_nsec == m->stamp.tv_nsec ||
		st->st_mtim.tv_nsec == 0);
}

static ferry_err
note_folder(struct fy_meeting *m, struct stat *st, struct ferry_error *why)
{
	struct timespec birth;

	if (fy_os_fstat(m->folder, st) < 0 ||
	    fy_os_birth(m->folder, &birth) < 0)
		return fy_fail_errno(why, "look at %.80s.d", m->path);
	m->stamp = stamp_of(st, &birth);
	if (st->st_uid == m->uid)
		return FERRY_OK;
	return fy_fail(
		why, FERRY_EACCES,
		"%.80s.d belongs to uid %u and not to uid %u: remove it, "
		"or see who made it",
		m->path, st->st_uid, m->uid);
}

static ferry_err
note_fifo(struct fy_meeting *m, struct ferry_error *why)
{
	struct stat st;

	if (fy_os_fstat(m->fd, &st) < 0)
		return fy_fail_errno(why, "look at %.80s", m->path);
	if (!S_ISFIFO(st.st_mode))
		return fy_fail(why, FERRY_ECONNECT,
			       "%.80s is no FIFO, nobody listens there: "
			       "choose another address",
			       m->path);
	if (st.st_mode & OTHERS_READ)
		return fy_fail(why, FERRY_EACCES,
			       "%.80s can be read by others than its owner, "
			       "who could answer in his place: is it a "
			       "listener's? For a plain named pipe write ?way=",
			       m->path);
	m->uid = st.st_uid;
	m->dev = st.st_dev;
	m->ino = st.st_ino;
	return FERRY_OK;
}

/* ---- a client's ---- */

FY_COLD static ferry_err
fail_find(const struct fy_meeting *m, struct ferry_error *why)
{
	switch (errno) {
	case ENXIO:
		return fy_fail_errno_as(why, FERRY_ECONNECT,
					"connect to fifo:%.80s: nobody listens",
					m->path);
	case ENOENT:
	case ENOTDIR:
	case EISDIR:
		return fy_fail_errno_as(why, FERRY_ECONNECT,
					"connect to fifo:%.80s", m->path);
	case ELOOP:
		return fy_fail_errno_as(why, FERRY_EACCES,
					"connect to fifo:%.80s, a symbolic "
					"link, which could lead anywhere",
					m->path);
	default:
		return fy_fail_errno(why, "connect to fifo:%.80s", m->path);
	}
}

static ferry_err
find(struct fy_meeting *m, struct ferry_error *why)
{
	struct stat st;
	ferry_err err;

	m->fd = fy_os_open(m->path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW, 0);
	if (m->fd < 0)
		return fail_find(m, why);
	err = note_fifo(m, why);
	if (err)
		return err;
	m->folder = fy_os_open(folder_of(m).text,
			       O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);
	if (m->folder < 0)
		return fail_find(m, why);
	err = note_folder(m, &st, why);
	if (!err && ((st.st_mode & OTHERS_READ) ||
		     ((st.st_mode & 0022) && !(st.st_mode & S_ISVTX))))
		err = fy_fail(why, FERRY_EACCES,
			      "%.80s.d has mode %o, by which others could take "
			      "the place of its owner",
			      m->path, st.st_mode & 07777);
	return err;
}

ferry_err
fy_meeting_find(struct fy_meeting *m, struct ferry_error *why)
{
	ferry_err err;

	m->fd = -1;
	m->folder = -1;
	err = find(m, why);
	if (err)
		fy_meeting_close(m);
	return err;
}

/* ---- a listener's ---- */

static bool
is_old(const struct stat *st)
{
	return fy_os_real_ns() / 1000000000 - st->st_mtim.tv_sec > UNSTAMPED_S;
}

void
fy_meeting_remove(const struct fy_meeting *m, const char *name)
{
	static const char last[] = { FY_HELLO_TO_CLIENT, FY_HELLO_TO_LISTENER };
	struct fy_hello_name one;

	memcpy(one.text, name, sizeof(one.text));
	/* A sweep finds what is left if the first goes last. */
	for (size_t i = 0; i < sizeof(last); i++) {
		one.text[2 * FY_HELLO_ID] = last[i];
		(void)fy_os_unlink_at(m->folder, one.text);
	}
}

/*
 * Whether the client who made the FIFO @name is gone. It is the one to which he
 * writes, the first that he makes: he reads it, too, from before he stamps it
 * until he is accepted. To open the other would end his waiting.
 */
static bool
is_left(const struct fy_meeting *m, const char *name)
{
	FY_CLEANUP(fy_fd_close)
	int fd = fy_os_open_at(m->folder, name, O_PATH | O_NOFOLLOW);
	FY_CLEANUP(fy_fd_close) int writer = -1;
	struct stat st;
	bool is_stamped;

	if (fd < 0 || fy_os_fstat(fd, &st) < 0 || !S_ISFIFO(st.st_mode))
		return false;
	is_stamped = fy_meeting_bears(m, &st);
	if (!is_stamped && !is_old(&st))
		return false;
	writer = fy_os_open_at(m->folder, name,
			       O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
	/* Before he stamps it he lets the listener open it. */
	return writer < 0 &&
	       (errno == ENXIO || (errno == EACCES && !is_stamped));
}

/* Whether a client made it, which is none of the other files. */
static bool
is_clients(const struct dirent *entry)
{
	return entry->d_type == DT_FIFO && fy_hello_is_name(entry->d_name);
}

static DIR *
list_names(int folder)
{
	int fd = fy_os_open_at(folder, ".", O_RDONLY | O_DIRECTORY);
	DIR *list = fd < 0 ? NULL : fy_os_list_open(fd);

	if (!list)
		fy_fd_close(&fd);
	return list;
}

/* Whoever left names here is a client of a listener that is gone. */
static void
sweep_all(int folder)
{
	DIR *list = list_names(folder);
	struct dirent *entry;

	while (list && (entry = fy_os_list_next(list)) != NULL) {
		if (is_clients(entry))
			(void)fy_os_unlink_at(folder, entry->d_name);
	}
	if (list)
		fy_os_list_close(list);
}

void
fy_meeting_sweep(const struct fy_meeting *m)
{
	DIR *list = list_names(m->folder);
	struct dirent *entry;

	for (int n = 0; list && n < LOOKS_MOST; n++) {
		entry = fy_os_list_next(list);
		if (!entry)
			break;
		if (is_clients(entry) &&
		    entry->d_name[2 * FY_HELLO_ID] == FY_HELLO_TO_LISTENER &&
		    is_left(m, entry->d_name))
			fy_meeting_remove(m, entry->d_name);
	}
	if (list)
		fy_os_list_close(list);
}

FY_COLD static ferry_err
fail_in_use(const struct fy_meeting *m, const char *reason,
	    struct ferry_error *why)
{
	errno = EADDRINUSE;
	return fy_fail_errno(why, "listen at fifo:%.80s: %s", m->path, reason);
}

FY_COLD static ferry_err
fail_foreign(const struct fy_meeting *m, uid_t uid, struct ferry_error *why)
{
	(void)fy_fail(why, FERRY_ESYS,
		      "cannot listen at fifo:%.80s: what is there is no FIFO, "
		      "and of uid %u: remove it, or choose another address",
		      m->path, uid);
	if (why)
		why->sys_errno = EADDRINUSE;
	return FERRY_ESYS;
}

static bool
is_free(const char *path)
{
	struct stat st;

	return fy_os_lstat(path, &st) < 0 && errno == ENOENT;
}

/* The lock is held and nobody listens. */
static void
remove_folder(const char *path)
{
	FY_CLEANUP(fy_fd_close)
	int fd = fy_os_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	struct stat st;

	if (fd < 0 || fy_os_fstat(fd, &st) < 0 || st.st_uid != fy_os_geteuid())
		return;
	sweep_all(fd);
	(void)fy_os_rmdir(path);
}

/*
 * Removes the folder if nobody listens. Whoever ends removes the FIFO first and
 * then tries for the lock, and whoever tries in vain to listen gives the lock
 * and then looks for the FIFO: of two that meet, one sees what the other did.
 */
static void
tidy(const struct fy_meeting *m)
{
	bool done = false;

	while (!done && is_free(m->path)) {
		FY_CLEANUP(fy_lockfile_give)
		struct fy_lockfile lock = { .fd = -1 };

		if (!fy_lockfile_take(&lock, m->path))
			return;
		done = is_free(m->path);
		if (done)
			remove_folder(folder_of(m).text);
	}
}

/* Whether a process has the FIFO open to read. */
static bool
is_read(const char *path)
{
	FY_CLEANUP(fy_fd_close)
	int fd = fy_os_open(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW, 0);

	return fd >= 0 || (errno != ENXIO && errno != ENOENT);
}

/*
 * What a dead listener left is removed. The lock is held, so that no other
 * listener is between making its FIFO and opening it.
 */
static ferry_err
clear_way(const struct fy_meeting *m, struct ferry_error *why)
{
	struct stat st;

	if (fy_os_lstat(m->path, &st) < 0) {
		if (errno == ENOENT)
			return FERRY_OK;
		return fy_fail_errno(why, "look at %.80s", m->path);
	}
	if (!S_ISFIFO(st.st_mode))
		return fail_foreign(m, st.st_uid, why);
	if (st.st_uid != fy_os_geteuid())
		return fy_fail(why, FERRY_EACCES,
			       "cannot listen at fifo:%.80s: the FIFO there "
			       "belongs to uid %u: choose another name",
			       m->path, st.st_uid);
	if (is_read(m->path))
		return fail_in_use(m, "somebody does", why);
	if (fy_os_unlink(m->path) < 0 && errno != ENOENT)
		return fy_fail_errno(why, "remove the stale %.80s", m->path);
	return FERRY_OK;
}

/* @made: whether it was not there before */
static ferry_err
open_folder(struct fy_meeting *m, struct stat *st, bool *made,
	    struct ferry_error *why)
{
	const struct folder_path path = folder_of(m);

	*made = fy_os_mkdir(path.text, 0700) == 0;
	if (!*made && errno != EEXIST)
		return fy_fail_errno(why, "make the folder %.80s", path.text);
	m->folder =
		fy_os_open(path.text, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (m->folder < 0 && errno == ENOTDIR)
		return fy_fail(why, FERRY_ESYS,
			       "cannot listen at fifo:%.80s: %.80s is in the "
			       "way and no folder: remove it",
			       m->path, path.text);
	if (m->folder < 0)
		return fy_fail_errno(why, "open the folder %.80s", path.text);
	return note_folder(m, st, why);
}

static ferry_err
set_folder(const struct fy_meeting *m, const struct stat *st,
	   const struct fy_access *access, struct ferry_error *why)
{
	const bool shared = access->mode & 0022;
	const mode_t mode = (shared ? 03700 : 02700) |
			    (access->mode & 0020 ? 0030 : 0) |
			    (access->mode & 0002 ? 0003 : 0);
	const gid_t gid = access->has_gid ? access->gid : fy_os_getegid();

	if (gid != st->st_gid && fy_os_fchown(m->folder, (uid_t)-1, gid) < 0)
		return fy_fail_errno(why,
				     "give %.80s.d to group %u, of which this "
				     "process must be a member",
				     m->path, gid);
	if (fy_os_fchmod(m->folder, mode) < 0)
		return fy_fail_errno(why, "set the mode of %.80s.d", m->path);
	return FERRY_OK;
}

static ferry_err
open_fifo(struct fy_meeting *m, const struct fy_access *access,
	  struct ferry_error *why)
{
	struct fy_access to_write = *access;
	ferry_err err;

	/* Its own writer, so that it never sees the end of the last client. */
	m->fd = fy_os_open(m->path, O_RDWR | O_NONBLOCK | O_NOFOLLOW, 0);
	if (m->fd < 0)
		return fy_fail_errno(why, "open %.80s", m->path);
	err = note_fifo(m, why);
	to_write.mode = 0600 | (access->mode & 0022);
	return err ? err : fy_access_set(m->fd, &to_write, m->path, why);
}

static ferry_err
make_fifo(struct fy_meeting *m, const struct fy_access *access,
	  struct ferry_error *why)
{
	ferry_err err;

	if (fy_os_mkfifo(m->path, 0600) < 0)
		return errno == EEXIST
			       ? fail_in_use(m, "somebody does", why)
			       : fy_fail_errno(why, "make the FIFO %.80s",
					       m->path);
	err = open_fifo(m, access, why);
	if (err)
		(void)fy_os_unlink(m->path);
	return err;
}

/* The folder is ready before anybody finds the FIFO. */
static ferry_err
make(struct fy_meeting *m, const struct fy_access *access,
     struct ferry_error *why)
{
	bool made = false;
	struct stat st;
	ferry_err err = open_folder(m, &st, &made, why);

	if (!err)
		err = set_folder(m, &st, access, why);
	if (!err) {
		sweep_all(m->folder);
		err = make_fifo(m, access, why);
	}
	if (err && made)
		(void)fy_os_rmdir(folder_of(m).text);
	return err;
}

static ferry_err
make_locked(struct fy_meeting *m, const struct fy_access *access,
	    struct ferry_error *why)
{
	FY_CLEANUP(fy_lockfile_give) struct fy_lockfile lock = { .fd = -1 };
	ferry_err err;

	if (!fy_lockfile_take(&lock, m->path))
		return errno == EAGAIN
			       ? fail_in_use(m, "somebody begins to", why)
			       : fy_fail_errno(why, "listen at fifo:%.80s",
					       m->path);
	err = clear_way(m, why);
	return err ? err : make(m, access, why);
}

ferry_err
fy_meeting_make(struct fy_meeting *m, const struct fy_access *access,
		struct ferry_error *why)
{
	ferry_err err;

	m->fd = -1;
	m->folder = -1;
	m->uid = fy_os_geteuid();
	m->owner = fy_os_getpid();
	err = make_locked(m, access, why);
	if (err) {
		fy_meeting_close(m);
		tidy(m);
	}
	return err;
}

static bool
is_its_own(const struct fy_meeting *m)
{
	struct stat st;

	return m->owner == fy_os_getpid() && fy_os_lstat(m->path, &st) == 0 &&
	       st.st_dev == m->dev && st.st_ino == m->ino;
}

void
fy_meeting_end(struct fy_meeting *m)
{
	const bool is_own = is_its_own(m);

	/* It is read until it is closed: nobody else removes or replaces it. */
	if (is_own)
		(void)fy_os_unlink(m->path);
	/* Who waits to be accepted learns that nobody will. */
	fy_meeting_close(m);
	if (is_own)
		tidy(m);
}

/* SPDX-License-Identifier: MIT */
#include "audit.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ferry/time.h>

/* There as long as the process: channel/stats.h. */
#define STATS "/memfd:ferry-stats"

#define BURIAL_MS 1000

/* The POSIX queues of fy_audit_alone(), in a folder without a name; or -1. */
static int queues = -1;

static DIR *
list_queues(void)
{
	int fd = openat(queues, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? NULL : fdopendir(fd);
}

static size_t
count_entries(DIR *dir)
{
	size_t n = 0;

	if (!dir)
		return 0;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* Lines of @path that have @word in them. */
static size_t
count_lines(const char *path, const char *word)
{
	FILE *f = fopen(path, "re");
	char line[1000];
	size_t n = 0;

	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f))
		n += strstr(line, word) != NULL;
	fclose(f);
	return n;
}

static bool
is_stats(int folder, const char *name)
{
	char target[64];
	ssize_t n = readlinkat(folder, name, target, sizeof(target) - 1);

	if (n < 0)
		return false;
	target[n] = '\0';
	return strncmp(target, STATS, strlen(STATS)) == 0;
}

size_t
fy_audit_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	if (!dir)
		return 0;
	for (struct dirent *at; (at = readdir(dir));)
		n += !is_stats(dirfd(dir), at->d_name);
	closedir(dir);
	return n;
}

size_t
fy_audit_children(void)
{
	size_t n = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		n++;
	return n;
}

static bool
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 &&
		    write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return done;
}

/* Who may not have namespaces may have one of users to have them in. */
static bool
take_namespaces(void)
{
	char uids[40];
	char gids[40];

	if (unshare(CLONE_NEWIPC | CLONE_NEWNS) == 0)
		return true;
	snprintf(uids, sizeof(uids), "%u %u 1", geteuid(), geteuid());
	snprintf(gids, sizeof(gids), "%u %u 1", getegid(), getegid());
	return unshare(CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWNS) == 0 &&
	       write_file("/proc/self/setgroups", "deny") &&
	       write_file("/proc/self/uid_map", uids) &&
	       write_file("/proc/self/gid_map", gids);
}

bool
fy_audit_alone(void)
{
	char place[] = "/tmp/ferry-test-XXXXXX";

	if (!take_namespaces() ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    !mkdtemp(place))
		return false;
	/* Without a name: nothing is left behind, whatever becomes of us. */
	if (mount("mqueue", place, "mqueue", 0, NULL) == 0) {
		int fd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		/* The low numbers are for tests: dash(1) knows 0 to 9. */
		queues = fcntl(fd, F_DUPFD_CLOEXEC, 100);
		close(fd);
		(void)umount2(place, MNT_DETACH);
	}
	(void)rmdir(place);
	return queues >= 0;
}

static void
remove_mqs(void)
{
	DIR *dir = list_queues();

	if (!dir)
		return;
	for (struct dirent *at; (at = readdir(dir));)
		(void)unlinkat(queues, at->d_name, 0);
	closedir(dir);
}

static void
remove_sysvs(void)
{
	FILE *f = fopen("/proc/sysvipc/msg", "re");
	char line[1000];
	int id;

	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*d %d", &id) == 1)
			msgctl(id, IPC_RMID, NULL);
	}
	fclose(f);
}

void
fy_audit_remove_queues(void)
{
	if (queues < 0)
		return;
	remove_mqs();
	remove_sysvs();
}

static void *
do_nothing(void *arg)
{
	return arg;
}

/* With a process's first thread a sanitizer may start one of its own. */
static void
start_what_starts_late(void)
{
	static bool started;
	pthread_t thread;

	if (started)
		return;
	started = true;
	if (pthread_create(&thread, NULL, do_nothing, NULL) == 0)
		pthread_join(thread, NULL);
}

void
fy_audit_take(struct fy_audit *out)
{
	start_what_starts_late();
	*out = (struct fy_audit){
		.fds = fy_audit_fds(),
		.threads = count_entries(opendir("/proc/self/task")),
		.maps = count_lines("/proc/self/maps", "/memfd:") -
			count_lines("/proc/self/maps", STATS) +
			count_lines("/proc/self/maps", "/dev/shm/"),
	};
	if (queues < 0)
		return;
	out->mqs = count_entries(list_queues());
	out->sysvs = count_lines("/proc/sysvipc/msg", "\n");
}

static bool
no_more(const char *what, size_t before, size_t now)
{
	if (now > before)
		fprintf(stderr, "left behind: %zu %s\n", now - before, what);
	return now <= before;
}

/* A thread that was joined is listed until the kernel has buried it. */
static void
take_when_threads_are_gone(const struct fy_audit *before, struct fy_audit *now)
{
	struct ferry_deadline end = ferry_in_ms(BURIAL_MS);

	do {
		sched_yield();
		fy_audit_take(now);
	} while (now->threads > before->threads &&
		 ferry_in_ms(0).ns < end.ns);
}

bool
fy_audit_same(const struct fy_audit *before)
{
	struct fy_audit now;
	bool same = no_more("children", 0, fy_audit_children());

	take_when_threads_are_gone(before, &now);
	same &= no_more("descriptors", before->fds, now.fds);
	same &= no_more("threads", before->threads, now.threads);
	same &= no_more("mappings", before->maps, now.maps);
	same &= no_more("POSIX message queues", before->mqs, now.mqs);
	same &= no_more("System V message queues", before->sysvs, now.sysvs);
	return same;
}

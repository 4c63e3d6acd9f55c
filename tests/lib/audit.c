/* SPDX-License-Identifier: MIT */
#include "audit.h"

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#define MQUEUE "/dev/mqueue"
/* There as long as the process: channel/stats.h. */
#define STATS "/memfd:ferry-stats"

static size_t
count_entries(const char *folder)
{
	DIR *dir = opendir(folder);
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

bool
fy_audit_alone(void)
{
	if (unshare(CLONE_NEWIPC | CLONE_NEWNS) < 0)
		return false;
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return false;
	/* The queues of the new namespace, where there is a place for them. */
	return access(MQUEUE, F_OK) < 0 ||
	       mount("mqueue", MQUEUE, "mqueue", 0, NULL) == 0;
}

/* Whether the queues that are there are of this program alone. */
static bool
is_alone(void)
{
	char ours[64] = "", theirs[64] = "", path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/ipc", getppid());
	(void)!readlink("/proc/self/ns/ipc", ours, sizeof(ours) - 1);
	(void)!readlink(path, theirs, sizeof(theirs) - 1);
	return strcmp(ours, theirs) != 0;
}

void
fy_audit_take(struct fy_audit *out)
{
	*out = (struct fy_audit){
		.fds = fy_audit_fds(),
		.threads = count_entries("/proc/self/task"),
		.maps = count_lines("/proc/self/maps", "/memfd:") -
			count_lines("/proc/self/maps", STATS) +
			count_lines("/proc/self/maps", "/dev/shm/"),
	};
	if (!is_alone())
		return;
	out->mqs = count_entries(MQUEUE);
	out->sysvs = count_lines("/proc/sysvipc/msg", "\n");
}

static bool
no_more(const char *what, size_t before, size_t now)
{
	if (now > before)
		fprintf(stderr, "left behind: %zu %s\n", now - before, what);
	return now <= before;
}

bool
fy_audit_same(const struct fy_audit *before)
{
	struct fy_audit now;
	bool same = no_more("children", 0, fy_audit_children());

	fy_audit_take(&now);
	same &= no_more("descriptors", before->fds, now.fds);
	same &= no_more("threads", before->threads, now.threads);
	same &= no_more("mappings", before->maps, now.maps);
	same &= no_more("POSIX message queues", before->mqs, now.mqs);
	same &= no_more("System V message queues", before->sysvs, now.sysvs);
	return same;
}

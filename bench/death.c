/* SPDX-License-Identifier: MIT */
/*
 * death [TIMES]: how long it takes until FERRY_EOF tells of a peer's death.
 *
 * The peer has memory of its own that it has written to, which the kernel has
 * to take apart. Who looks on is asleep, in a receive or in poll(2), when an
 * attendant sends the peer the signal; it has sent one message before. TIMES
 * of each (20), of core dumps 3.
 *
 *	killed   SIGKILL
 *	exits    it calls _exit
 *	crashes  SIGSEGV, without a core file
 *	dumps    SIGSEGV, with one: from the signal, then from its end
 *
 * All with shm: and a receive; who polls, and unix:, with a kill alone.
 */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <ferry/ferry.h>

#define MOST_TIMES 1000
#define CORE_TIMES 3
#define CORE_MIB 512
#define N_SIZES 3
#define PAGE 4096
#define SOON ferry_in_ms(60000)

/* What one row is about. */
struct row {
	const char *scheme;
	bool polled;
	const char *way;
	int signal;
	bool dumps;
	size_t mib;
};

/* Shared by the processes. */
struct times {
	int64_t signalled_ns;
	int64_t dumped_ns;
};

struct scene {
	const struct row *row;
	struct times *times;
	struct ferry_listener *listener;
	pid_t observer;
	char folder[40];
	char addr[200];
};

static _Noreturn void
fatal(const char *what)
{
	fprintf(stderr, "death: %s\n", what);
	exit(1);
}

static int64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* ---- who dies ---- */

static void
leave(int signal)
{
	(void)signal;
	_exit(0);
}

static void
grow_fat(size_t mib)
{
	size_t bytes = mib ? mib << 20 : PAGE;
	uint8_t *mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED)
		fatal("mmap");
	memset(mem, 1, bytes);
}

static _Noreturn void
live(const struct scene *s)
{
	const rlim_t core = s->row->dumps ? RLIM_INFINITY : 0;
	const struct ferry_bytes message = { (const uint8_t *)"alive", 5 };
	struct ferry_channel *ch;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)setrlimit(RLIMIT_CORE, &(struct rlimit){ core, core });
	(void)signal(SIGTERM, leave);
	if (chdir(s->folder) < 0)
		fatal("chdir");
	grow_fat(s->row->mib);
	if (ferry_channel_open(s->addr, NULL, SOON, &ch, NULL) ||
	    ferry_channel_send(ch, message, SOON, NULL))
		fatal("a peer cannot send");
	for (;;)
		(void)pause();
}

/* ---- who kills ---- */

static bool
sleeps(pid_t pid)
{
	char path[40], text[512];
	const char *after;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	text[n > 0 ? n : 0] = '\0';
	after = strrchr(text, ')');
	return after && after[2] == 'S';
}

/* The kernel closes the file when it has written all. */
static void
await_dump(int watch, struct times *times)
{
	struct pollfd fd = { .fd = watch, .events = POLLIN };

	if (poll(&fd, 1, 60000) <= 0)
		fatal("no core file was written");
	times->dumped_ns = now_ns();
}

static _Noreturn void
attend(const struct scene *s, int told)
{
	int watch = inotify_init1(IN_CLOEXEC);
	pid_t victim;
	char byte;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (inotify_add_watch(watch, s->folder, IN_CLOSE_WRITE) < 0)
		fatal("inotify");
	victim = fork();
	if (victim == 0)
		live(s);
	/* The message has been received. */
	if (read(told, &byte, 1) != 1)
		_exit(1);
	while (!sleeps(s->observer))
		(void)sched_yield();
	s->times->signalled_ns = now_ns();
	(void)kill(victim, s->row->signal);
	if (s->row->dumps)
		await_dump(watch, s->times);
	(void)waitpid(victim, NULL, 0);
	_exit(0);
}

/* ---- who looks on ---- */

static ferry_err
take(struct ferry_channel *ch, bool polled)
{
	struct ferry_bytes got;
	struct pollfd fd;
	ferry_err err;

	if (!polled) {
		err = ferry_channel_take(ch, &got, FERRY_NEVER, NULL);
	} else {
		if (ferry_channel_fd(ch, &fd.fd, NULL))
			fatal("no descriptor");
		while ((err = ferry_channel_take(ch, &got, FERRY_NOW, NULL)) ==
		       FERRY_EAGAIN) {
			fd.events = ferry_channel_events(ch);
			(void)poll(&fd, 1, -1);
			(void)!ferry_channel_process(ch, NULL);
		}
	}
	if (!err)
		ferry_channel_release(ch);
	return err;
}

/* Return: when the end was told. */
static int64_t
look_on(struct scene *s, int tell)
{
	struct ferry_channel *ch;
	int64_t told_ns;

	if (ferry_listener_accept(s->listener, SOON, &ch, NULL) ||
	    take(ch, s->row->polled) || write(tell, "r", 1) != 1)
		fatal("nobody came");
	if (take(ch, s->row->polled) != FERRY_EOF)
		fatal("another end than that");
	told_ns = now_ns();
	(void)!ferry_channel_close(ch, FERRY_NOW, NULL);
	return told_ns;
}

static void
remove_core(const struct scene *s)
{
	char command[100];

	snprintf(command, sizeof(command), "rm -f %s/core*", s->folder);
	if (s->row->dumps)
		(void)!system(command);
}

/* Return: microseconds. */
static double
die_once(struct scene *s, double *behind_dump)
{
	int64_t told_ns;
	int pipes[2];
	pid_t attendant;

	if (pipe(pipes) < 0)
		fatal("pipe");
	attendant = fork();
	if (attendant == 0)
		attend(s, pipes[0]);
	told_ns = look_on(s, pipes[1]);
	(void)waitpid(attendant, NULL, 0);
	close(pipes[0]);
	close(pipes[1]);
	remove_core(s);
	*behind_dump = (double)(told_ns - s->times->dumped_ns) / 1e3;
	return (double)(told_ns - s->times->signalled_ns) / 1e3;
}

/* ---- rows ---- */

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
print_times(const char *what, double *took, size_t n)
{
	qsort(took, n, sizeof(*took), by_size);
	printf("%s %9.0f %9.0f %9.0f", what, took[n / 2],
	       took[n * 99 / 100], took[n - 1]);
}

static void
print_row(struct scene *s, const struct row *row, size_t times)
{
	static double took[MOST_TIMES], behind_dump[MOST_TIMES];
	const size_t n = row->dumps ? CORE_TIMES : times;

	s->row = row;
	snprintf(s->addr, sizeof(s->addr), "%s:%s/s", row->scheme, s->folder);
	if (ferry_listener_open(s->addr, NULL, &s->listener, NULL))
		fatal("cannot listen");
	for (size_t i = 0; i < n; i++)
		took[i] = die_once(s, &behind_dump[i]);
	ferry_listener_close(s->listener);
	printf("%-5s %-8s %-8s %5zu", row->scheme,
	       row->polled ? "poll" : "receive", row->way, row->mib);
	print_times("", took, n);
	if (row->dumps)
		print_times("  behind the dump", behind_dump, n);
	printf("\n");
	fflush(stdout);
}

/* Where core files go to a program or another folder. */
static bool
dumps_here(void)
{
	char pattern[2] = { '|', '\0' };
	int fd = open("/proc/sys/kernel/core_pattern", O_RDONLY | O_CLOEXEC);

	(void)!read(fd, pattern, 1);
	(void)close(fd);
	return pattern[0] != '|' && pattern[0] != '/';
}

static void
print_rows_of(struct scene *s, const char *scheme, bool polled, size_t times)
{
	static const size_t sizes[N_SIZES] = { 0, 64, 1024 };
	static const struct row ways[] = {
		{ .way = "killed", .signal = SIGKILL },
		{ .way = "exits", .signal = SIGTERM },
		{ .way = "crashes", .signal = SIGSEGV },
		{ .way = "dumps", .signal = SIGSEGV, .dumps = true },
	};
	const bool told_by_word = strcmp(scheme, "shm") == 0 && !polled;
	const size_t n_ways = told_by_word ? sizeof(ways) / sizeof(ways[0]) : 1;

	for (size_t i = 0; i < n_ways; i++) {
		struct row row = ways[i];

		row.scheme = scheme;
		row.polled = polled;
		for (size_t k = 0; !row.dumps && k < N_SIZES; k++) {
			row.mib = sizes[k];
			print_row(s, &row, times);
		}
		row.mib = CORE_MIB;
		if (row.dumps && dumps_here())
			print_row(s, &row, times);
	}
}

int
main(int argc, char **argv)
{
	size_t times = argc > 1 ? strtoul(argv[1], NULL, 10) : 20;
	struct scene s = { .folder = "/tmp/ferry-bench-XXXXXX",
			   .observer = getpid() };

	if (times == 0 || times > MOST_TIMES)
		fatal("from 1 to 1000 times");
	s.times = mmap(NULL, sizeof(*s.times), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s.times == MAP_FAILED || !mkdtemp(s.folder))
		fatal("no memory or folder");
	printf("# us from a signal to the end; MiB of the dead; median, p99, "
	       "longest\n");
	print_rows_of(&s, "shm", false, times);
	print_rows_of(&s, "shm", true, times);
	print_rows_of(&s, "unix", false, times);
	rmdir(s.folder);
	return 0;
}

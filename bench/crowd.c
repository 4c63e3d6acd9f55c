/* SPDX-License-Identifier: MIT */
/*
 * crowd [SECONDS]: what each of many notices of the others.
 *
 *	visits   eight processes connect, send a word, get it back, and close,
 *		 as often as they can: how long a visit takes, and how many the
 *		 one had who had least, to the one who had most
 *	company  64 bytes there and back, alone and while the same process keeps
 *		 what another peer does not read
 *	memory   what each of a thousand channels takes of a process beyond the
 *		 rings of shared memory: opened, and after a message went both
 *		 ways
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <ferry/ferry.h>

#define VISITORS 8
#define MOST_VISITS 400000u
#define EXCHANGES 50000u
#define CHANNELS 1000u
#define SOON ferry_in_ms(30000)

static const uint8_t text[64];
static const struct ferry_bytes word = { text, sizeof(text) };
/* From the last visitor. */
static const struct ferry_bytes nothing = { text, 0 };

/* Nanoseconds of each. */
struct times {
	uint32_t n;
	uint32_t took[MOST_VISITS];
};

/* What the processes share. */
struct board {
	char addr[200];
	struct times visitors[VISITORS];
};

struct place {
	struct ferry_listener *listener;
	char folder[40];
	char addr[200];
};

static _Noreturn void
fatal(const char *what)
{
	fprintf(stderr, "crowd: %s\n", what);
	exit(1);
}

static void
must(ferry_err err, const struct ferry_error *why)
{
	if (err)
		fatal(why->text);
}

static void
open_place(struct place *p, const char *scheme)
{
	struct ferry_error why;
	char addr[100];

	snprintf(p->folder, sizeof(p->folder), "/tmp/ferry-bench-XXXXXX");
	if (!mkdtemp(p->folder))
		fatal("mkdtemp");
	if (strcmp(scheme, "tcp") == 0)
		snprintf(addr, sizeof(addr), "tcp:127.0.0.1:0");
	else if (strcmp(scheme, "mq") == 0)
		snprintf(addr, sizeof(addr), "mq:%s", strrchr(p->folder, '/'));
	else if (strcmp(scheme, "sysv") == 0)
		snprintf(addr, sizeof(addr), "sysv:0x47%06x",
			 (unsigned int)getpid() & 0xffffff);
	else
		snprintf(addr, sizeof(addr), "%s:%s/s", scheme, p->folder);
	must(ferry_listener_open(addr, NULL, &p->listener, &why), &why);
	ferry_listener_addr(p->listener, p->addr, sizeof(p->addr));
}

static void
close_place(struct place *p)
{
	ferry_listener_close(p->listener);
	rmdir(p->folder);
}

/* ---- visits ---- */

/* Return: the length of the message. */
static uint32_t
echo(struct ferry_channel *ch, struct ferry_error *why)
{
	struct ferry_bytes got;

	must(ferry_channel_take(ch, &got, SOON, why), why);
	must(ferry_channel_send(ch, got, SOON, why), why);
	ferry_channel_release(ch);
	return got.len;
}

static void
visit(const char *addr, struct ferry_bytes message)
{
	struct ferry_channel *ch;
	struct ferry_bytes got;
	struct ferry_error why;

	must(ferry_channel_open(addr, NULL, SOON, &ch, &why), &why);
	must(ferry_channel_send(ch, message, SOON, &why), &why);
	must(ferry_channel_take(ch, &got, SOON, &why), &why);
	ferry_channel_release(ch);
	(void)!ferry_channel_close(ch, FERRY_NOW, NULL);
}

static void
visit_until(const char *addr, struct times *times, struct ferry_deadline end)
{
	int64_t now = ferry_in_ms(0).ns, start;

	while (now < end.ns && times->n < MOST_VISITS) {
		start = now;
		visit(addr, word);
		now = ferry_in_ms(0).ns;
		times->took[times->n++] = (uint32_t)(now - start);
	}
}

/* In a process of its own. */
static void
serve(struct board *board, const char *scheme, int told)
{
	struct ferry_error why;
	struct place p;
	uint32_t len;

	open_place(&p, scheme);
	memcpy(board->addr, p.addr, sizeof(p.addr));
	if (write(told, "r", 1) != 1)
		fatal("write");
	do {
		struct ferry_channel *ch;

		must(ferry_listener_accept(p.listener, FERRY_NEVER, &ch, &why),
		     &why);
		len = echo(ch, &why);
		(void)!ferry_channel_close(ch, FERRY_NOW, NULL);
	} while (len > 0);
	close_place(&p);
}

static int
by_size(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The median, the 99th percentile and the longest, in us. */
static void
print_times(uint32_t *took, uint32_t n)
{
	qsort(took, n, sizeof(*took), by_size);
	printf(" %9.1f %9.1f %9.1f", took[n / 2] / 1e3,
	       took[(size_t)n * 99 / 100] / 1e3, took[n - 1] / 1e3);
}

static void
print_visits(const char *scheme, const struct board *board, double seconds)
{
	uint32_t *all = malloc(sizeof(board->visitors));
	uint32_t n = 0, least = UINT32_MAX, most = 1;

	if (!all)
		fatal("out of memory");
	for (int i = 0; i < VISITORS; i++) {
		const struct times *times = &board->visitors[i];

		memcpy(all + n, times->took, times->n * sizeof(*all));
		n += times->n;
		least = times->n < least ? times->n : least;
		most = times->n > most ? times->n : most;
	}
	if (n == 0)
		fatal("nobody came");
	printf("%-5s %9.0f", scheme, n / seconds);
	print_times(all, n);
	printf(" %9.2f\n", (double)least / most);
	free(all);
}

static pid_t
start(void)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0)
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	return child;
}

static void
await(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || status != 0)
		fatal("a process failed");
}

static void
visits(const char *scheme, unsigned long seconds)
{
	struct board *board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t visitors[VISITORS], server;
	struct ferry_deadline end;
	int told[2];
	char byte;

	if (board == MAP_FAILED || pipe(told) < 0)
		fatal("out of memory or descriptors");
	server = start();
	if (server == 0) {
		serve(board, scheme, told[1]);
		_exit(0);
	}
	close(told[1]);
	if (read(told[0], &byte, 1) != 1)
		fatal("the server does not listen");
	close(told[0]);
	end = ferry_in_ms((int64_t)seconds * 1000);
	for (int i = 0; i < VISITORS; i++) {
		visitors[i] = start();
		if (visitors[i] == 0) {
			visit_until(board->addr, &board->visitors[i], end);
			_exit(0);
		}
	}
	for (int i = 0; i < VISITORS; i++)
		await(visitors[i]);
	visit(board->addr, nothing);
	await(server);
	print_visits(scheme, board, (double)seconds);
	munmap(board, sizeof(*board));
}

/* ---- company ---- */

static void
open_both(const struct place *p, struct ferry_channel *ch[2])
{
	struct ferry_error why;

	must(ferry_channel_open(p->addr, NULL, SOON, &ch[0], &why), &why);
	must(ferry_listener_accept(p->listener, SOON, &ch[1], &why), &why);
}

static void
close_both(struct ferry_channel *ch[2])
{
	(void)!ferry_channel_close(ch[0], FERRY_NOW, NULL);
	(void)!ferry_channel_close(ch[1], FERRY_NOW, NULL);
}

/* Both ends are of this thread. */
static void
exchange(struct ferry_channel *ch[2])
{
	static uint32_t took[EXCHANGES];
	struct ferry_error why;

	for (uint32_t i = 0; i < EXCHANGES; i++) {
		int64_t start = ferry_in_ms(0).ns;
		struct ferry_bytes got;

		must(ferry_channel_send(ch[0], word, SOON, &why), &why);
		echo(ch[1], &why);
		must(ferry_channel_take(ch[0], &got, SOON, &why), &why);
		ferry_channel_release(ch[0]);
		took[i] = (uint32_t)(ferry_in_ms(0).ns - start);
	}
	print_times(took, EXCHANGES);
}

static void
company(const char *scheme)
{
	struct ferry_channel *good[2], *slow[2];
	struct ferry_error why;
	struct place p;

	open_place(&p, scheme);
	open_both(&p, good);
	open_both(&p, slow);
	printf("%-5s", scheme);
	exchange(good);
	while (ferry_channel_send(slow[0], word, FERRY_NOW, &why) == FERRY_OK)
		continue;
	exchange(good);
	printf("\n");
	close_both(slow);
	close_both(good);
	close_place(&p);
}

/* ---- memory ---- */

/*
 * KiB, but for the last. Slabs and shared memory are the machine's, for both
 * processes.
 */
struct memory {
	long own;
	long tables;
	long slabs;
	long shared;
	long fds;
};

/* "name:  123 kB" */
static long
field_kib(const char *path, const char *name)
{
	size_t len = strlen(name);
	char line[256];
	long kib = 0;
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, name, len) == 0 && line[len] == ':')
			kib = strtol(line + len + 1, NULL, 10);
	}
	if (file)
		fclose(file);
	return kib;
}

static long
count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	long n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

static struct memory
look(void)
{
	return (struct memory){
		.own = field_kib("/proc/self/status", "RssAnon"),
		.tables = field_kib("/proc/self/status", "VmPTE"),
		.slabs = field_kib("/proc/meminfo", "SUnreclaim"),
		.shared = field_kib("/proc/meminfo", "Shmem"),
		.fds = count_fds(),
	};
}

static void
print_growth(struct memory from, struct memory to)
{
	printf(" %6.2f %6.2f %6.2f %6.1f %5.2f",
	       (double)(to.own - from.own) / CHANNELS,
	       (double)(to.tables - from.tables) / CHANNELS,
	       (double)(to.slabs - from.slabs) / CHANNELS / 2,
	       (double)(to.shared - from.shared) / CHANNELS / 2,
	       (double)(to.fds - from.fds) / CHANNELS);
}

/* In a process of its own, until the first of them ends. */
static void
keep_many(const char *scheme, int told)
{
	static struct ferry_channel *kept[CHANNELS];
	struct ferry_bytes got;
	struct ferry_error why;
	struct place p;

	open_place(&p, scheme);
	if (write(told, p.addr, sizeof(p.addr)) != sizeof(p.addr))
		fatal("write");
	for (size_t i = 0; i < CHANNELS; i++)
		must(ferry_listener_accept(p.listener, SOON, &kept[i], &why),
		     &why);
	for (size_t i = 0; i < CHANNELS; i++)
		echo(kept[i], &why);
	if (ferry_channel_take(kept[0], &got, SOON, &why) != FERRY_EOF)
		fatal("another message than was expected");
	for (size_t i = 0; i < CHANNELS; i++)
		(void)!ferry_channel_close(kept[i], FERRY_NOW, NULL);
	close_place(&p);
}

static void
open_many(struct ferry_channel **channels, const char *addr)
{
	struct ferry_error why;

	for (size_t i = 0; i < CHANNELS; i++)
		must(ferry_channel_open(addr, NULL, SOON, &channels[i], &why),
		     &why);
}

static void
exchange_all(struct ferry_channel *const *channels)
{
	struct ferry_bytes got;
	struct ferry_error why;

	for (size_t i = 0; i < CHANNELS; i++) {
		must(ferry_channel_send(channels[i], word, SOON, &why), &why);
		must(ferry_channel_take(channels[i], &got, SOON, &why), &why);
		ferry_channel_release(channels[i]);
	}
}

static void
memory(const char *scheme)
{
	static struct ferry_channel *channels[CHANNELS];
	char addr[sizeof(((struct place *)0)->addr)];
	struct memory before, opened;
	pid_t keeper;
	int told[2];

	if (pipe(told) < 0)
		fatal("pipe");
	keeper = start();
	if (keeper == 0) {
		keep_many(scheme, told[1]);
		_exit(0);
	}
	close(told[1]);
	if (read(told[0], addr, sizeof(addr)) != sizeof(addr))
		fatal("nobody listens");
	close(told[0]);
	before = look();
	open_many(channels, addr);
	opened = look();
	exchange_all(channels);
	printf("%-5s", scheme);
	print_growth(before, opened);
	print_growth(before, look());
	printf("\n");
	for (size_t i = 0; i < CHANNELS; i++)
		(void)!ferry_channel_close(channels[i], FERRY_NOW, NULL);
	await(keeper);
}

/* As many descriptors as the system allows. */
static void
raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		fatal("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		fatal("setrlimit");
}

static void
memories(void)
{
	raise_limit();
	printf("\n%u channels of one process, KiB each of its own pages, page"
	       " tables, the kernel's\nslabs, and shared memory, rings and all;"
	       " descriptors; then the same when each has\nbeen used\n"
	       "%-5s %6s %6s %6s %6s %5s %6s %6s %6s %6s %5s\n", CHANNELS, "",
	       "pages", "tables", "slabs", "shared", "fds", "pages", "tables",
	       "slabs", "shared", "fds");
	memory("unix");
	memory("shm");
}

int
main(int argc, char **argv)
{
	static const char *const schemes[] = { "fifo", "mq", "shm", "sysv",
					       "tcp", "unix", NULL };
	unsigned long seconds = argc > 1 ? strtoul(argv[1], NULL, 10) : 2;

	if (seconds == 0)
		fatal("crowd [SECONDS]");
	printf("\n%d at once connect, send 64 bytes, get them back, and close\n"
	       "%-5s %9s %9s %9s %9s %9s\n", VISITORS, "", "visits/s",
	       "each, us", "p99", "longest", "fairness");
	for (const char *const *at = schemes; *at; at++)
		visits(*at, seconds);
	printf("\n64 B there and back, us; beside a peer that does not read\n"
	       "%-5s %9s %9s %9s %9s %9s %9s\n", "", "alone", "p99", "longest",
	       "beside", "p99", "longest");
	/* Who connects there need not wait for who accepts. */
	company("tcp");
	company("unix");
	memories();
	return 0;
}

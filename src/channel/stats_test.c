/* SPDX-License-Identifier: MIT */
/* What a process shows, and what a hostile one makes a reader believe. */
#include "channel/stats_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"

/* What was read of one process. */
struct seen {
	int32_t pid;
	size_t n;
	struct fy_stats_entry last;
	struct fy_stats_entry listener;
};

static bool
note(void *user, const struct fy_stats_process *process,
     const struct fy_stats_entry *entry)
{
	struct seen *seen = user;

	if (process->pid != seen->pid)
		return true;
	seen->n++;
	seen->last = *entry;
	if (entry->kind == FY_STATS_LISTENER)
		seen->listener = *entry;
	return true;
}

static struct seen
look_at(pid_t pid)
{
	struct seen seen = { .pid = pid };

	assert_int_equal(fy_stats_read_all(note, &seen, NULL), FERRY_OK);
	return seen;
}

static struct ferry_bytes
text(const char *s)
{
	return (struct ferry_bytes){ (const uint8_t *)s, (uint32_t)strlen(s) };
}

static void
channels_and_listeners_are_shown_while_they_live(void **state)
{
	struct ferry_listener *listener;
	struct ferry_channel *a, *b;
	struct ferry_counters counters;
	struct seen seen;
	char addr[100];

	(void)state;
	assert_int_equal(ferry_listener_open("tcp:127.0.0.1:0", NULL, &listener,
					     NULL), FERRY_OK);
	(void)ferry_listener_addr(listener, addr, sizeof(addr));
	assert_int_equal(ferry_channel_open(addr, NULL, FERRY_NEVER, &a, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_send(a, text("hello"), FERRY_NEVER,
					    NULL), FERRY_OK);
	seen = look_at(getpid());
	assert_int_equal(seen.n, 2);
	assert_string_equal(seen.listener.address, addr);
	assert_string_equal(seen.listener.peer.text, "");
	assert_int_equal(seen.last.kind, FY_STATS_CHANNEL);
	assert_string_equal(seen.last.address, addr);
	assert_true(seen.last.peer.text[0]);
	assert_int_equal(seen.last.counters.sent_bytes, 5);
	assert_true(seen.last.since_ns > 0);
	assert_int_equal(ferry_listener_accept(listener, FERRY_NEVER, &b, NULL),
			 FERRY_OK);
	seen = look_at(getpid());
	assert_int_equal(seen.n, 3);
	assert_int_equal(seen.listener.counters.accepted, 1);
	ferry_channel_counters(a, &counters);
	assert_int_equal(counters.sent, 1);
	ferry_channel_close(a, FERRY_NOW, NULL);
	ferry_channel_close(b, FERRY_NOW, NULL);
	assert_int_equal(look_at(getpid()).n, 1);
	ferry_listener_close(listener);
	assert_int_equal(look_at(getpid()).n, 0);
}

static void
close_pair(struct ferry_channel *ends[2])
{
	ferry_channel_close(ends[0], FERRY_NOW, NULL);
	ferry_channel_close(ends[1], FERRY_NOW, NULL);
}

static void
open_pair(struct ferry_channel *ends[2])
{
	assert_int_equal(ferry_channel_pair("fd", NULL, ends, NULL), FERRY_OK);
}

static void
many_are_shown_and_slots_are_used_again(void **state)
{
	enum { N = 150 };
	struct ferry_channel *ends[N][2];

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < N; i++)
			open_pair(ends[i]);
		assert_int_equal(look_at(getpid()).n, 2 * N);
		for (int i = 0; i < N; i++)
			close_pair(ends[i]);
		assert_int_equal(look_at(getpid()).n, 0);
	}
}

/* What the child of a fork shows, after it was told nothing of the parent's. */
static int
live_in_child(struct ferry_channel *parents[2])
{
	struct ferry_channel *ends[2];
	int wrong = look_at(getpid()).n != 0;

	open_pair(ends);
	wrong |= (look_at(getpid()).n != 2) << 1;
	ferry_channel_close(parents[0], FERRY_NOW, NULL);
	wrong |= (ferry_channel_claim(parents[1], NULL) != FERRY_OK) << 2;
	wrong |= (look_at(getpid()).n != 3) << 3;
	wrong |= (look_at(getppid()).n != 2) << 4;
	close_pair(ends);
	wrong |= (look_at(getpid()).n != 1) << 5;
	ferry_channel_close(parents[1], FERRY_NOW, NULL);
	wrong |= (look_at(getppid()).n != 2) << 6;
	return wrong;
}

static void
a_child_shows_its_own_and_leaves_the_parents_alone(void **state)
{
	struct ferry_channel *ends[2];
	int fds[2], wrong = -1;
	pid_t child;

	(void)state;
	open_pair(ends);
	assert_int_equal(pipe(fds), 0);
	child = fork();
	if (child == 0) {
		wrong = live_in_child(ends);
		_exit(write(fds[1], &wrong, sizeof(wrong)) < 0);
	}
	close(fds[1]);
	assert_int_equal(read(fds[0], &wrong, sizeof(wrong)), sizeof(wrong));
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(wrong, 0);
	assert_int_equal(look_at(getpid()).n, 2);
	close(fds[0]);
	close_pair(ends);
}

/* In a child that has made nothing yet. */
static int
count_without_memfd(void)
{
	const struct rlimit none = { 0, 0 };
	struct ferry_channel *ends[2];
	struct ferry_counters counters;

	if (setrlimit(RLIMIT_FSIZE, &none) < 0)
		return 1;
	open_pair(ends);
	if (ferry_channel_send(ends[0], text("x"), FERRY_NEVER, NULL))
		return 2;
	ferry_channel_counters(ends[0], &counters);
	if (look_at(getpid()).n != 0)
		return 3;
	close_pair(ends);
	return counters.sent == 1 ? 0 : 4;
}

static void
without_memory_for_it_each_counts_for_itself(void **state)
{
	pid_t child;
	int status;

	(void)state;
	child = fork();
	if (child == 0)
		_exit(count_without_memfd());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* ---- hostile ones ---- */

struct hostile {
	struct fy_stats_header header;
	struct fy_stats_slot slot;
	int seals;
	size_t bytes;
};

static const struct hostile harmless = {
	.header = { FY_STATS_MAGIC, FY_STATS_VERSION, FY_STATS_SLOT, 7, 1 },
	.slot = { .kind = FY_STATS_CHANNEL, .address = "unix:x" },
	.seals = F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE,
	.bytes = 2 * FY_STATS_SLOT,
};

static struct seen
read_hostile(const struct hostile *h)
{
	const struct fy_stats_process process = { .pid = 7, .inner_pid = 7 };
	struct seen seen = { .pid = 7 };
	int fd = memfd_create("x", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_true(pwrite(fd, &h->header, sizeof(h->header), 0) > 0);
	assert_true(pwrite(fd, &h->slot, sizeof(h->slot), FY_STATS_SLOT) > 0);
	assert_int_equal(ftruncate(fd, (off_t)h->bytes), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, h->seals), 0);
	assert_true(fy_stats_read_fd(fd, &process, note, &seen));
	close(fd);
	return seen;
}

static void
what_is_malformed_is_left_out(void **state)
{
	struct hostile h = harmless;

	(void)state;
	assert_int_equal(read_hostile(&h).n, 1);
	h.header.magic++;
	assert_int_equal(read_hostile(&h).n, 0);
	h = harmless;
	h.header.version++;
	assert_int_equal(read_hostile(&h).n, 0);
	h = harmless;
	h.header.slot_bytes = 0;
	assert_int_equal(read_hostile(&h).n, 0);
	h = harmless;
	h.header.pid = 8;
	assert_int_equal(read_hostile(&h).n, 0);
	h = harmless;
	h.slot.kind = 77;
	assert_int_equal(read_hostile(&h).n, 0);
	h = harmless;
	h.slot.generation = 3;
	assert_int_equal(read_hostile(&h).n, 0);
	h = harmless;
	h.seals = F_SEAL_SHRINK;
	assert_int_equal(read_hostile(&h).n, 0);
	h = harmless;
	h.bytes = 2 * FY_STATS_SLOT - 1;
	assert_int_equal(read_hostile(&h).n, 0);
	h.bytes = 3;
	assert_int_equal(read_hostile(&h).n, 0);
}

static void
more_slots_than_there_are_end_where_the_file_does(void **state)
{
	struct hostile h = harmless;

	(void)state;
	h.header.n_slots = FY_STATS_SLOTS_MOST;
	assert_int_equal(read_hostile(&h).n, 1);
	h.header.n_slots = UINT32_MAX;
	assert_int_equal(read_hostile(&h).n, 0);
}

static void
texts_without_an_end_get_one(void **state)
{
	struct hostile h = harmless;
	struct seen seen;

	(void)state;
	memset(h.slot.address, 0xff, sizeof(h.slot.address));
	memset(h.slot.peer, 0x1b, sizeof(h.slot.peer));
	seen = read_hostile(&h);
	assert_int_equal(seen.n, 1);
	assert_int_equal(strlen(seen.last.address),
			 sizeof(seen.last.address) - 1);
	assert_int_equal(strlen(seen.last.peer.text),
			 sizeof(seen.last.peer.text) - 1);
}

static bool
stop(void *user, const struct fy_stats_process *process,
     const struct fy_stats_entry *entry)
{
	(void)process;
	(void)entry;
	++*(int *)user;
	return false;
}

/* This process's own, and what it is called. */
static int
find_memfd(char *path, size_t bytes)
{
	for (int i = 0; i < 64; i++) {
		char target[64] = "";

		(void)snprintf(path, bytes, "/proc/self/fd/%d", i);
		if (readlink(path, target, sizeof(target) - 1) > 0 &&
		    strstr(target, FY_STATS_NAME))
			return i;
	}
	fail_msg("it shows nothing");
	return -1;
}

/* Who looks would be busy for as long as it pleases another. */
static void
what_a_process_shows_over_and_over_is_read_a_few_times(void **state)
{
	struct ferry_channel *ends[2];
	char path[64];
	int fds[20];
	int memfd;

	(void)state;
	open_pair(ends);
	memfd = find_memfd(path, sizeof(path));
	for (size_t i = 0; i < FY_ARRAY_LEN(fds); i++)
		fds[i] = dup(memfd);
	assert_in_range(look_at(getpid()).n, 2, 8);
	for (size_t i = 0; i < FY_ARRAY_LEN(fds); i++)
		close(fds[i]);
	assert_int_equal(look_at(getpid()).n, 2);
	close_pair(ends);
}

static void
nobody_else_can_write_to_it_and_who_has_enough_says_so(void **state)
{
	struct ferry_channel *ends[2];
	char path[64];
	int n = 0, found;

	(void)state;
	open_pair(ends);
	(void)find_memfd(path, sizeof(path));
	found = open(path, O_RDWR);
	assert_true(found >= 0);
	assert_true(write(found, "x", 1) < 0);
	assert_true(ftruncate(found, 0) < 0);
	assert_true(mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, found, 0) ==
		    MAP_FAILED);
	close(found);
	assert_int_equal(fy_stats_read_all(stop, &n, NULL), FERRY_OK);
	assert_int_equal(n, 1);
	close_pair(ends);
}

static void
every_kind_has_a_name(void **state)
{
	(void)state;
	for (int kind = FY_STATS_CHANNEL; kind <= FY_STATS_RPC_LISTENER; kind++)
		assert_non_null(fy_stats_kind_name((enum fy_stats_kind)kind));
	assert_null(fy_stats_kind_name(FY_STATS_FREE));
	assert_null(fy_stats_kind_name((enum fy_stats_kind)99));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_memory_for_it_each_counts_for_itself),
		cmocka_unit_test(
			channels_and_listeners_are_shown_while_they_live),
		cmocka_unit_test(many_are_shown_and_slots_are_used_again),
		cmocka_unit_test(
			a_child_shows_its_own_and_leaves_the_parents_alone),
		cmocka_unit_test(what_is_malformed_is_left_out),
		cmocka_unit_test(
			more_slots_than_there_are_end_where_the_file_does),
		cmocka_unit_test(texts_without_an_end_get_one),
		cmocka_unit_test(
			what_a_process_shows_over_and_over_is_read_a_few_times),
		cmocka_unit_test(
			nobody_else_can_write_to_it_and_who_has_enough_says_so),
		cmocka_unit_test(every_kind_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

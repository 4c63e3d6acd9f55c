/* SPDX-License-Identifier: MIT */
/* Ten thousand ends of channels in one process, one thread, one epoll set. */
#include <ferry/ferry.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "audit.h"

#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||           \
	__has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

enum { N_PAIRS = 5000, N_ENDS = 2 * N_PAIRS, N_ROUNDS = 3 };
/* Pairs with two messages at a time. */
#define N_TWICE 50
/* The ends; the sets that the descriptors of half of them are; and some. */
#define N_FDS (N_ENDS + N_PAIRS + N_TWICE + 100)
/* What a channel may keep, all told, when nothing happens. */
#define IDLE_BYTES 16384

static struct ferry_channel *ends[N_ENDS];

static size_t
resident_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%*u %lu", &pages), 1);
	fclose(file);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Sanitizers and MALLOC_PERTURB_ write to all that is asked for. */
static bool
is_memory_as_ever(void)
{
	const char *perturb = getenv("MALLOC_PERTURB_");

	return !SANITIZED && (!perturb || strcmp(perturb, "0") == 0);
}

static size_t
count_threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	size_t n = 0;

	assert_non_null(dir);
	for (struct dirent *at; (at = readdir(dir));)
		n += at->d_name[0] != '.';
	closedir(dir);
	return n;
}

static void
watch(int set, uint32_t i)
{
	struct epoll_event event = { EPOLLIN, { .u32 = i } };
	int fd;

	assert_int_equal(ferry_channel_fd(ends[i], &fd, NULL), FERRY_OK);
	assert_int_equal(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event), 0);
}

/* Pair by pair, because a listener's queue has an end. */
static void
open_all(struct ferry_listener *listener)
{
	char addr[200];

	(void)ferry_listener_addr(listener, addr, sizeof(addr));
	for (uint32_t i = 0; i < N_ENDS; i += 2) {
		assert_int_equal(ferry_channel_open(addr, NULL,
						    ferry_in_ms(10000),
						    &ends[i], NULL), FERRY_OK);
		assert_int_equal(ferry_listener_accept(listener,
						       ferry_in_ms(10000),
						       &ends[i + 1], NULL),
				 FERRY_OK);
	}
}

/* Sends back all that end @i has. */
static uint32_t
serve(uint32_t i)
{
	struct ferry_bytes got;
	uint32_t n = 0;

	assert_int_equal(ferry_channel_process(ends[i], NULL), FERRY_OK);
	while (ferry_channel_take(ends[i], &got, FERRY_NOW, NULL) == FERRY_OK) {
		assert_int_equal(ferry_channel_send(ends[i], got, FERRY_NOW,
						    NULL), FERRY_OK);
		ferry_channel_release(ends[i]);
		n++;
	}
	return n;
}

/*
 * What some send second has been read already when the first is taken. One more
 * descriptor tells a loop of that: not all ends can have it.
 */
static uint32_t
messages_of(uint32_t i)
{
	return i < 2 * N_TWICE ? 2 : 1;
}

static void
ask(uint32_t i)
{
	uint32_t words[25] = { i };
	struct ferry_bytes m = { (const uint8_t *)words, sizeof(words) };

	for (uint32_t n = 0; n < messages_of(i); n++)
		assert_int_equal(ferry_channel_send(ends[i], m, FERRY_NOW,
						    NULL), FERRY_OK);
}

static void
expect_answer(uint32_t i)
{
	struct ferry_bytes got;

	for (uint32_t n = 0; n < messages_of(i); n++) {
		assert_int_equal(ferry_channel_take(ends[i], &got, FERRY_NOW,
						    NULL), FERRY_OK);
		assert_int_equal(got.len, 100);
		assert_memory_equal(got.data, &i, sizeof(i));
		ferry_channel_release(ends[i]);
	}
}

/* Messages from every end that was opened, and back from its peer. */
static void
exchange(int set)
{
	struct epoll_event events[256];
	uint32_t n_served = 0;

	for (uint32_t i = 0; i < N_ENDS; i += 2)
		ask(i);
	while (n_served < N_PAIRS + N_TWICE) {
		int n = epoll_wait(set, events, 256, 20000);

		assert_true(n > 0);
		for (int i = 0; i < n; i++)
			n_served += serve(events[i].data.u32);
	}
	for (uint32_t i = 0; i < N_ENDS; i += 2)
		expect_answer(i);
	/* Nobody is told of anything any more. */
	assert_int_equal(epoll_wait(set, events, 256, 0), 0);
}

static void
ten_thousand_ends_share_one_thread(void **state)
{
	char folder[] = "/tmp/ferry-many-XXXXXX";
	char addr[100];
	struct ferry_listener *listener;
	size_t n_threads = count_threads(), before, opened, idle;
	int set = epoll_create1(EPOLL_CLOEXEC);

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(addr, sizeof(addr), "unix:%s/s", folder);
	assert_int_equal(ferry_listener_open(addr, NULL, &listener, NULL),
			 FERRY_OK);
	before = resident_bytes();
	open_all(listener);
	for (uint32_t i = 1; i < N_ENDS; i += 2)
		watch(set, i);
	opened = resident_bytes() - before;
	for (int i = 0; i < N_ROUNDS; i++)
		exchange(set);
	idle = resident_bytes() - before;
	assert_int_equal(count_threads(), n_threads);
	printf("%zu bytes for each end that is open, %zu after use\n",
	       opened / N_ENDS, idle / N_ENDS);
	for (uint32_t i = 0; i < N_ENDS; i++)
		assert_int_equal(ferry_channel_close(ends[i], FERRY_NOW, NULL),
				 FERRY_OK);
	ferry_listener_close(listener);
	close(set);
	rmdir(folder);
	if (is_memory_as_ever())
		assert_in_range(idle / N_ENDS, 1, IDLE_BYTES);
}

static void
none_of_them_leaves_anything_behind(void **state)
{
	(void)state;
	/* The three of a test's own, and what the first test had open. */
	assert_in_range(fy_audit_fds(), 1, 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_thousand_ends_share_one_thread),
		cmocka_unit_test(none_of_them_leaves_anything_behind),
	};
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_max < N_FDS) {
		printf("skipped: %d descriptors are needed\n", N_FDS);
		return 77;
	}
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

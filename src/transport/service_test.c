/* SPDX-License-Identifier: MIT */
#include "transport/service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/os.h"
#include "core/time.h"

/* No test waits for so long unless it is about to fail. */
#define FAIL_MS 20000

/* There in a build with ThreadSanitizer, which a fork of threads confuses. */
extern void __tsan_init(void) __attribute__((weak));

/* An item that counts how often it ran, and writes to a descriptor then. */
struct counted {
	struct fy_service_item item;
	int bell;
	atomic_uint n_ready;
	atomic_uint n_late;
};

static void
count(struct fy_service_item *item, enum fy_service_reason reason)
{
	struct counted *c = FY_CONTAINER(item, struct counted, item);
	const uint64_t one = 1;

	atomic_fetch_add(reason == FY_SERVICE_LATE ? &c->n_late : &c->n_ready,
			 1);
	(void)!fy_os_write(c->bell, &one, sizeof(one));
}

static void
add(struct counted *c, int fd, struct ferry_deadline until)
{
	memset(c, 0, sizeof(*c));
	c->item.run = count;
	c->item.fd = fd;
	c->item.until = until;
	c->bell = fy_os_eventfd(0, EFD_NONBLOCK);
	assert_int_equal(fy_service_add(&c->item, NULL), FERRY_OK);
}

static void
end(struct counted *c)
{
	fy_service_cancel(&c->item);
	fy_os_close(c->bell);
}

/* Waits until it has run once more. */
static void
await(struct counted *c)
{
	struct pollfd fd = { c->bell, POLLIN, 0 };
	uint64_t n;

	assert_int_equal(fy_os_poll(&fd, 1, ferry_in_ms(FAIL_MS)), 1);
	assert_int_equal(fy_os_read(c->bell, &n, sizeof(n)), sizeof(n));
}

static void
ring(int fd)
{
	const uint64_t one = 1;

	assert_int_equal(fy_os_write(fd, &one, sizeof(one)), sizeof(one));
}

static unsigned int
count_threads(void)
{
	DIR *folder = opendir("/proc/self/task");
	unsigned int n = 0;

	assert_non_null(folder);
	while (readdir(folder))
		n++;
	closedir(folder);
	return n;
}

static void
a_descriptor_that_is_readable_is_told_once(void **state)
{
	int fd = fy_os_eventfd(0, EFD_NONBLOCK);
	struct counted watched, later;

	(void)state;
	add(&watched, fd, FERRY_NEVER);
	ring(fd);
	await(&watched);
	/* The helper has gone round once more when this one has run. */
	add(&later, -1, ferry_in_ms(1));
	await(&later);
	assert_int_equal(watched.n_ready, 1);
	assert_int_equal(watched.n_late, 0);
	end(&later);
	end(&watched);
	fy_os_close(fd);
}

static void
count_again(struct fy_service_item *item, enum fy_service_reason reason)
{
	count(item, reason);
	fy_service_again(item);
}

static void
what_is_always_ready_leaves_others_their_turn(void **state)
{
	int fd = fy_os_eventfd(1, EFD_NONBLOCK);
	struct counted always = { .item = { .run = count_again, .fd = fd,
					    .until = FERRY_NEVER },
				  .bell = fy_os_eventfd(0, EFD_NONBLOCK) };
	struct counted later;

	(void)state;
	assert_int_equal(fy_service_add(&always.item, NULL), FERRY_OK);
	await(&always);
	await(&always);
	add(&later, -1, ferry_in_ms(1));
	await(&later);
	end(&later);
	end(&always);
	fy_os_close(fd);
}

static void
a_time_that_is_past_is_told_once_and_never_early(void **state)
{
	struct ferry_deadline until = ferry_in_ms(5);
	struct counted first, second;

	(void)state;
	add(&first, -1, until);
	await(&first);
	assert_true(fy_deadline_passed(until));
	add(&second, -1, ferry_in_ms(1));
	await(&second);
	assert_int_equal(first.n_late, 1);
	until = ferry_in_ms(1);
	fy_service_until(&first.item, until);
	await(&first);
	assert_true(fy_deadline_passed(until));
	assert_int_equal(first.n_late, 2);
	assert_int_equal(first.n_ready, 0);
	end(&second);
	end(&first);
}

static void
an_earlier_time_wakes_the_helper(void **state)
{
	struct counted c;

	(void)state;
	add(&c, -1, ferry_in_ms(10 * FAIL_MS));
	fy_service_until(&c.item, ferry_in_ms(1));
	await(&c);
	end(&c);
}

static void
a_time_that_was_taken_back_is_not_told(void **state)
{
	struct counted c, later;

	(void)state;
	add(&c, -1, ferry_in_ms(10 * FAIL_MS));
	fy_service_until(&c.item, FERRY_NEVER);
	add(&later, -1, ferry_in_ms(2));
	await(&later);
	assert_int_equal(c.n_late, 0);
	end(&c);
	end(&later);
}

/* Blocks inside run() until the test lets it go. */
struct slow {
	struct fy_service_item item;
	int begun;
	int go_on;
	atomic_bool ended;
};

static void
run_slowly(struct fy_service_item *item, enum fy_service_reason reason)
{
	struct slow *slow = FY_CONTAINER(item, struct slow, item);
	struct pollfd fd = { slow->go_on, POLLIN, 0 };

	(void)reason;
	ring(slow->begun);
	assert_int_equal(fy_os_poll(&fd, 1, ferry_in_ms(FAIL_MS)), 1);
	atomic_store(&slow->ended, true);
}

static void *
let_go(void *arg)
{
	struct slow *slow = arg;

	/* Some time in which cancel has to wait. */
	(void)fy_os_poll(NULL, 0, ferry_in_ms(20));
	ring(slow->go_on);
	return NULL;
}

static void
cancel_waits_for_what_runs(void **state)
{
	struct slow slow = {
		.item = { .run = run_slowly, .fd = -1, .until = FERRY_NOW }
	};
	struct pollfd fd = { .events = POLLIN };
	pthread_t thread;

	(void)state;
	slow.begun = fy_os_eventfd(0, 0);
	slow.go_on = fy_os_eventfd(0, 0);
	assert_int_equal(fy_service_add(&slow.item, NULL), FERRY_OK);
	fd.fd = slow.begun;
	assert_int_equal(fy_os_poll(&fd, 1, ferry_in_ms(FAIL_MS)), 1);
	assert_int_equal(fy_os_thread_start(&thread, let_go, &slow), 0);
	fy_service_cancel(&slow.item);
	assert_true(atomic_load(&slow.ended));
	fy_os_thread_join(thread);
	fy_os_close(slow.begun);
	fy_os_close(slow.go_on);
}

/* Adds and cancels items that are about to run: after cancel none may. */
static void *
race(void *arg)
{
	(void)arg;
	for (int i = 0; i < 300; i++) {
		struct counted *c = calloc(1, sizeof(*c));
		int fd = fy_os_eventfd(i % 2 == 0, EFD_NONBLOCK);

		assert_non_null(c);
		add(c, fd, ferry_in_ns(i * 100));
		fy_service_until(&c->item, ferry_in_ns(i * 50));
		end(c);
		fy_os_close(fd);
		free(c);
	}
	return NULL;
}

static void
cancel_races_with_what_is_due(void **state)
{
	pthread_t threads[3];

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(threads); i++)
		assert_int_equal(fy_os_thread_start(&threads[i], race, NULL),
				 0);
	for (size_t i = 0; i < FY_ARRAY_LEN(threads); i++)
		fy_os_thread_join(threads[i]);
}

static void
the_helper_ends_with_the_last_item(void **state)
{
	unsigned int before = count_threads();
	struct counted one, other;

	(void)state;
	add(&one, -1, FERRY_NEVER);
	add(&other, -1, FERRY_NEVER);
	assert_int_equal(count_threads(), before + 1);
	end(&one);
	assert_int_equal(count_threads(), before + 1);
	end(&other);
	fy_service_cancel(&other.item);
	assert_int_equal(count_threads(), before);
}

static void
a_signal_finds_another_thread_than_the_helper(void **state)
{
	struct counted c;
	char line[200];
	FILE *status = NULL;
	struct dirent *entry;
	DIR *folder;

	(void)state;
	add(&c, -1, FERRY_NEVER);
	folder = opendir("/proc/self/task");
	assert_non_null(folder);
	while ((entry = readdir(folder))) {
		char path[300];

		if (entry->d_name[0] == '.' || atoi(entry->d_name) == getpid())
			continue;
		snprintf(path, sizeof(path), "/proc/self/task/%s/status",
			 entry->d_name);
		status = fopen(path, "r");
		assert_non_null(status);
		while (fgets(line, sizeof(line), status)) {
			/* The classic 31, but for SIGKILL and SIGSTOP. */
			if (strncmp(line, "SigBlk:", 7) == 0)
				assert_int_equal(strtoull(line + 7, NULL, 16) &
							 0x7fffffffu,
						 0x7ffbfeffu);
		}
		fclose(status);
	}
	closedir(folder);
	end(&c);
}

static void
a_child_of_a_fork_starts_its_own(void **state)
{
	struct counted parents, childs;
	int status = -1;
	pid_t pid;

	(void)state;
	if (__tsan_init)
		skip();
	add(&parents, -1, FERRY_NEVER);
	pid = fork();
	if (pid == 0) {
		alarm(FAIL_MS / 1000);
		/* Its parent's item is not its own, and harmless. */
		end(&parents);
		add(&childs, -1, ferry_in_ms(1));
		await(&childs);
		end(&childs);
		_exit(childs.n_late == 1 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	fy_service_until(&parents.item, ferry_in_ms(1));
	await(&parents);
	end(&parents);
}

static void
a_process_may_end_while_items_are_watched(void **state)
{
	static struct counted left;
	int status = -1;
	pid_t pid;

	(void)state;
	if (__tsan_init)
		skip();
	pid = fork();
	if (pid == 0) {
		add(&left, -1, ferry_in_ns(100000));
		exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_descriptor_that_is_readable_is_told_once),
		cmocka_unit_test(what_is_always_ready_leaves_others_their_turn),
		cmocka_unit_test(
			a_time_that_is_past_is_told_once_and_never_early),
		cmocka_unit_test(an_earlier_time_wakes_the_helper),
		cmocka_unit_test(a_time_that_was_taken_back_is_not_told),
		cmocka_unit_test(cancel_waits_for_what_runs),
		cmocka_unit_test(cancel_races_with_what_is_due),
		cmocka_unit_test(the_helper_ends_with_the_last_item),
		cmocka_unit_test(a_signal_finds_another_thread_than_the_helper),
		cmocka_unit_test(a_child_of_a_fork_starts_its_own),
		cmocka_unit_test(a_process_may_end_while_items_are_watched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

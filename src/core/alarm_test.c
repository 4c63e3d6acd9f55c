/* SPDX-License-Identifier: MIT */
#include "core/alarm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/os.h"
#include "core/time.h"

#define MS 1000000

struct fixture {
	struct fy_alarm alarm;
	struct pollfd fds[1];
	int to;
};

static struct fixture
open_it(void)
{
	struct fixture f = { .to = -1 };
	int fds[2];

	assert_int_equal(fy_os_pipe(fds, 0), 0);
	fy_alarm_init(&f.alarm);
	f.fds[0] = (struct pollfd){ fds[0], POLLIN, 0 };
	f.to = fds[1];
	return f;
}

static void
close_it(struct fixture *f)
{
	fy_alarm_close(&f->alarm);
	close(f->fds[0].fd);
	close(f->to);
}

static int
wait_until(struct fixture *f, struct ferry_deadline until)
{
	int n = fy_alarm_poll(&f->alarm, f->fds, 1, until);

	if (n == 0)
		assert_true(fy_deadline_passed(until));
	return n;
}

static void
nothing_comes_before_the_deadline(void **state)
{
	struct fixture f = open_it();

	(void)state;
	assert_int_equal(wait_until(&f, FERRY_NOW), 0);
	assert_int_equal(wait_until(&f, ferry_in_ms(1)), 0);
	assert_int_equal(f.alarm.timer, -1);
	assert_int_equal(wait_until(&f, ferry_in_ms(30)), 0);
	assert_int_not_equal(f.alarm.timer, -1);
	assert_int_equal(wait_until(&f, ferry_in_ms(30)), 0);
	close_it(&f);
}

static void
what_is_ready_is_told_at_once(void **state)
{
	struct fixture f = open_it();

	(void)state;
	assert_int_equal(write(f.to, "x", 1), 1);
	assert_int_equal(wait_until(&f, FERRY_NOW), 1);
	assert_int_equal(wait_until(&f, FERRY_NEVER), 1);
	assert_int_equal(wait_until(&f, ferry_in_ms(60000)), 1);
	close_it(&f);
}

static void
a_later_deadline_does_not_touch_the_timer(void **state)
{
	struct fixture f = open_it();
	struct ferry_deadline first = ferry_in_ms(60000);

	(void)state;
	assert_int_equal(write(f.to, "x", 1), 1);
	assert_int_equal(wait_until(&f, first), 1);
	assert_true(f.alarm.at == first.ns);
	assert_int_equal(wait_until(&f, ferry_in_ms(90000)), 1);
	assert_true(f.alarm.at == first.ns);
	assert_int_equal(wait_until(&f, ferry_in_ms(30000)), 1);
	assert_true(f.alarm.at < first.ns);
	close_it(&f);
}

static void
a_timer_that_fires_early_is_started_again(void **state)
{
	struct fixture f = open_it();
	struct ferry_deadline late = ferry_in_ms(80);
	char x;

	(void)state;
	assert_int_equal(write(f.to, "x", 1), 1);
	assert_int_equal(wait_until(&f, ferry_in_ms(20)), 1);
	assert_int_equal(read(f.fds[0].fd, &x, 1), 1);
	/* It fires after 20 ms, and once more. */
	assert_int_equal(wait_until(&f, late), 0);
	assert_true(fy_os_now_ns() < late.ns + 1000 * (int64_t)MS);
	close_it(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_comes_before_the_deadline),
		cmocka_unit_test(what_is_ready_is_told_at_once),
		cmocka_unit_test(a_later_deadline_does_not_touch_the_timer),
		cmocka_unit_test(a_timer_that_fires_early_is_started_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

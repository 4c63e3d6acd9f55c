/* SPDX-License-Identifier: MIT */
/* exec: beyond what tests/conformance asks of all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "channel/channel.h"
#include "core/time.h"

static const struct fy_channel_config config = { .link.max_message = 1000 };

static void
a_command_that_is_not_there_is_named(void **state)
{
	struct ferry_channel ch = { 0 };
	struct ferry_error why;

	(void)state;
	assert_int_equal(fy_channel_open(&ch, &config,
					 "exec:no-such-ferry-program x",
					 FERRY_NEVER, &why),
			 FERRY_ECONNECT);
	assert_non_null(strstr(why.text, "no-such-ferry-program"));
	assert_int_equal(fy_channel_open(&ch, &config, "exec:/etc/passwd",
					 FERRY_NEVER, &why),
			 FERRY_EACCES);
	assert_int_equal(fy_channel_open(&ch, &config, "exec:'", FERRY_NEVER,
					 &why),
			 FERRY_EADDR);
}

static void
a_child_that_does_not_end_is_ended_within_a_second(void **state)
{
	struct ferry_channel ch = { 0 };
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	struct ferry_deadline until;

	(void)state;
	/* It writes an empty message when it ignores SIGTERM. */
	assert_int_equal(fy_channel_open(&ch, &config,
					 "exec:sh -c 'trap \"\" TERM; "
					 "printf \"\\\\200\\\\0\\\\0\\\\0\"; "
					 "exec sleep 100'",
					 FERRY_NEVER, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_recv(&ch, &mem, &got, ferry_in_ms(20000),
					 NULL),
			 FERRY_OK);
	until = ferry_in_ms(1900);
	fy_channel_fini(&ch);
	assert_false(fy_deadline_passed(until));
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	ferry_arena_fini(&mem);
}

static struct ferry_channel *
open_child(const char *addr, const struct ferry_hooks *hooks)
{
	const struct ferry_channel_config with = { .hooks = hooks };
	struct ferry_channel *ch;

	assert_int_equal(ferry_channel_open(addr, &with, FERRY_NEVER, &ch,
					    NULL),
			 FERRY_OK);
	return ch;
}

/* The text of the end of @addr, which must come. */
static struct ferry_error
end_of(const char *addr)
{
	struct ferry_channel *ch = open_child(addr, NULL);
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	struct ferry_error why = { .code = FERRY_OK };

	assert_int_equal(ferry_channel_recv(ch, &mem, &got, ferry_in_ms(20000),
					    &why),
			 FERRY_EOF);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	ferry_arena_fini(&mem);
	return why;
}

static void
the_end_says_how_the_child_ended(void **state)
{
	struct ferry_error why;

	(void)state;
	why = end_of("exec:sh -c 'exit 127'");
	assert_string_equal(why.text, "exec:sh ended with status 127");
	why = end_of("exec:sh -c 'kill -9 $$'");
	assert_string_equal(why.text, "exec:sh was killed by signal 9");
	why = end_of("exec:sh -c 'exec >&-; read line'");
	assert_string_equal(why.text, "exec:sh closed its output");
}

/* Who does not wait is told what is known by then, at once. */
static void
who_does_not_wait_is_told_of_an_end_at_once(void **state)
{
	struct ferry_channel *ch =
		open_child("exec:sh -c 'exec >&-; read line'", NULL);
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	struct ferry_error why;
	struct pollfd fd = { .events = POLLIN };
	struct ferry_deadline until;

	(void)state;
	assert_int_equal(ferry_channel_fd(ch, &fd.fd, NULL), FERRY_OK);
	assert_int_equal(poll(&fd, 1, 20000), 1);
	until = ferry_in_ms(15);
	assert_int_equal(ferry_channel_recv(ch, &mem, &got, FERRY_NOW, &why),
			 FERRY_EOF);
	assert_false(fy_deadline_passed(until));
	ferry_channel_close(ch, FERRY_NOW, NULL);
	ferry_arena_fini(&mem);
}

static void
a_status_is_waited_for_and_stays(void **state)
{
	struct ferry_channel *ch = open_child("exec:sh -c 'cat; exit 3'", NULL);
	int status = -1;

	(void)state;
	assert_int_equal(ferry_channel_status(ch, FERRY_NOW, &status, NULL),
			 FERRY_EAGAIN);
	assert_int_equal(ferry_channel_status(ch, ferry_in_ms(1), &status,
					      NULL),
			 FERRY_ETIMEDOUT);
	assert_int_equal(status, -1);
	/* cat ends with its input. */
	assert_int_equal(ferry_channel_finish(ch, FERRY_NEVER, NULL), FERRY_OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ferry_channel_status(ch, ferry_in_ms(20000),
						      &status, NULL),
				 FERRY_OK);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 3);
	}
	ferry_channel_close(ch, FERRY_NOW, NULL);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* What the program has waited for is known to nobody else. */
static void
a_program_may_wait_for_all_its_children(void **state)
{
	struct ferry_channel *ch = open_child("exec:true", NULL);
	struct ferry_error why;
	int status;

	(void)state;
	assert_true(wait(NULL) > 0);
	assert_int_equal(ferry_channel_status(ch, FERRY_NEVER, &status, &why),
			 FERRY_ESYS);
	assert_int_equal(why.sys_errno, ECHILD);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < 20; i++) {
		why = end_of("exec:true");
		assert_non_null(strstr(why.text, "exec:true ended"));
	}
	signal(SIGCHLD, SIG_DFL);
}

/* Lines that were logged, each with a newline, by the helper thread. */
struct lines {
	pthread_mutex_t lock;
	char text[4096];
	size_t longest;
};

static void
keep_line(void *ctx, enum ferry_log_level level, const char *line)
{
	struct lines *lines = ctx;

	(void)level;
	pthread_mutex_lock(&lines->lock);
	if (strlen(line) > lines->longest)
		lines->longest = strlen(line);
	if (strlen(lines->text) + strlen(line) + 2 <= sizeof(lines->text)) {
		strcat(lines->text, line);
		strcat(lines->text, "\n");
	}
	pthread_mutex_unlock(&lines->lock);
}

static bool
holds(struct lines *lines, const char *text)
{
	bool found;

	pthread_mutex_lock(&lines->lock);
	found = strcmp(lines->text, text) == 0;
	pthread_mutex_unlock(&lines->lock);
	return found;
}

static void
what_it_says_of_errors_is_logged(void **state)
{
	struct lines lines = { .lock = PTHREAD_MUTEX_INITIALIZER };
	const struct ferry_hooks hooks = { .log = keep_line, .ctx = &lines };
	struct ferry_channel *ch =
		open_child("exec:sh -c 'echo one >&2; printf \"t\\033wo\" >&2; "
			   "cat'?stderr=log", &hooks);
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	const struct ferry_bytes hello = { (const uint8_t *)"hello", 5 };

	(void)state;
	/* Nobody has to do anything for it. */
	while (!holds(&lines, "exec:sh: one\n"))
		sched_yield();
	/* cat sends it back. */
	assert_int_equal(ferry_channel_send(ch, hello, FERRY_NEVER, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_recv(ch, &mem, &got, ferry_in_ms(20000),
					    NULL),
			 FERRY_OK);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	assert_string_equal(lines.text, "exec:sh: one\nexec:sh: t wo\n");
	ferry_arena_fini(&mem);
}

static void
a_line_without_an_end_is_logged_in_parts(void **state)
{
	struct lines lines = { .lock = PTHREAD_MUTEX_INITIALIZER };
	const struct ferry_hooks hooks = { .log = keep_line, .ctx = &lines };
	struct ferry_channel *ch = open_child(
		"exec:sh -c 'head -c 200000 /dev/zero | tr \"\\0\" x >&2'"
		"?stderr=log", &hooks);
	int status = -1;

	(void)state;
	/* More than a pipe holds: it ends because somebody reads. */
	assert_int_equal(ferry_channel_status(ch, ferry_in_ms(20000), &status,
					      NULL),
			 FERRY_OK);
	assert_int_equal(status, 0);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	assert_in_range(lines.longest, 200, 300);
}

/* It says much after a message that is not received. */
static void
who_only_sends_is_not_held_up_by_what_it_says(void **state)
{
	struct lines lines = { .lock = PTHREAD_MUTEX_INITIALIZER };
	const struct ferry_hooks hooks = { .log = keep_line, .ctx = &lines };
	struct ferry_channel *ch = open_child(
		"exec:sh -c 'printf \"\\200\\0\\0\\1x\"; "
		"head -c 200000 /dev/zero | tr \"\\0\" x >&2; "
		"exec cat >/dev/null'?stderr=log", &hooks);
	const struct ferry_bytes large = { calloc(1, 1000000), 1000000 };

	(void)state;
	assert_int_equal(ferry_channel_send(ch, large, ferry_in_ms(20000),
					    NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_close(ch, FERRY_NOW, NULL), FERRY_OK);
	free((void *)(uintptr_t)large.data);
}

static void
what_it_says_of_errors_can_go_nowhere(void **state)
{
	struct ferry_error why;

	(void)state;
	why = end_of("exec:sh -c 'test \"$(readlink /proc/self/fd/2)\" = "
		     "/dev/null'?stderr=null");
	assert_non_null(strstr(why.text, "status 0"));
	why = end_of("exec:sh -c 'test \"$(readlink /proc/self/fd/2)\" != "
		     "/dev/null'?stderr=inherit");
	assert_non_null(strstr(why.text, "status"));
	assert_int_equal(ferry_channel_open("exec:true?stderr=file", NULL,
					    FERRY_NEVER,
					    (struct ferry_channel *[1]){ NULL },
					    &why),
			 FERRY_EADDR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_that_is_not_there_is_named),
		cmocka_unit_test(
			a_child_that_does_not_end_is_ended_within_a_second),
		cmocka_unit_test(the_end_says_how_the_child_ended),
		cmocka_unit_test(who_does_not_wait_is_told_of_an_end_at_once),
		cmocka_unit_test(a_status_is_waited_for_and_stays),
		cmocka_unit_test(a_program_may_wait_for_all_its_children),
		cmocka_unit_test(what_it_says_of_errors_is_logged),
		cmocka_unit_test(a_line_without_an_end_is_logged_in_parts),
		cmocka_unit_test(who_only_sends_is_not_held_up_by_what_it_says),
		cmocka_unit_test(what_it_says_of_errors_can_go_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

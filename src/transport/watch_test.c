/* SPDX-License-Identifier: MIT */
/*
 * unix:...?watch=process: the end of the peer's process is the end of the
 * channel, though a child of it holds the socket.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ferry/channel.h>

#include "audit.h"

#define SOON_MS 10000

/* Of deaths; the one argument of the program. */
static long n_rounds = 100;

static const struct ferry_bytes last = { (const uint8_t *)"last words", 10 };

/* @hold: the child of the child lives until its end [1] is closed. */
struct family {
	struct ferry_listener *listener;
	char addr[100];
	int hold[2];
	pid_t child;
};

static int
open_family(void **state)
{
	struct family *f = calloc(1, sizeof(*f));
	char folder[] = "/tmp/ferry-test-XXXXXX";

	if (!f || !mkdtemp(folder))
		return -1;
	snprintf(f->addr, sizeof(f->addr), "unix:%s/s?watch=process", folder);
	*state = f;
	return ferry_listener_open(f->addr, NULL, &f->listener, NULL) ? -1 : 0;
}

static int
close_family(void **state)
{
	struct family *f = *state;
	int result;

	ferry_listener_close(f->listener);
	*strrchr(f->addr, '/') = '\0';
	result = rmdir(f->addr + strlen("unix:"));
	free(f);
	return result;
}

/*
 * A child that connects and has a child of its own, which holds the socket;
 * then it sends, and ends by itself or waits for the end.
 */
static void
child_runs(const struct family *f, bool is_killed)
{
	struct ferry_channel *ch;
	char byte;

	close(f->hold[1]);
	if (ferry_channel_open(f->addr, NULL, FERRY_NEVER, &ch, NULL))
		_exit(1);
	if (fork() == 0) {
		/* Until the test closes its end. */
		(void)!read(f->hold[0], &byte, 1);
		_exit(0);
	}
	if (ferry_channel_send(ch, last, FERRY_NEVER, NULL))
		_exit(2);
	if (is_killed)
		pause();
	_exit(0);
}

static struct ferry_channel *
accept_child(struct family *f, bool is_killed)
{
	struct ferry_channel *ch;

	assert_int_equal(pipe(f->hold), 0);
	f->child = fork();
	if (f->child == 0)
		child_runs(f, is_killed);
	assert_int_equal(ferry_listener_accept(f->listener,
					       ferry_in_ms(SOON_MS), &ch, NULL),
			 FERRY_OK);
	return ch;
}

/* The end of the child, of the one it left, and of @ch. */
static void
end(struct family *f, struct ferry_channel *ch)
{
	ferry_channel_close(ch, FERRY_NOW, NULL);
	close(f->hold[0]);
	close(f->hold[1]);
	/* The child of the child has become this one's. */
	while (wait(NULL) > 0)
		continue;
}

static void
receive_all(struct ferry_channel *ch, pid_t to_kill)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;

	assert_int_equal(ferry_channel_recv(ch, &mem, &got,
					    ferry_in_ms(SOON_MS), NULL),
			 FERRY_OK);
	assert_int_equal(got.len, last.len);
	assert_memory_equal(got.data, last.data, last.len);
	if (to_kill)
		assert_int_equal(kill(to_kill, SIGKILL), 0);
	assert_int_equal(ferry_channel_recv(ch, &mem, &got,
					    ferry_in_ms(SOON_MS), NULL),
			 FERRY_EOF);
	ferry_arena_fini(&mem);
}

static void
what_a_process_sent_comes_before_its_end(void **state)
{
	struct family *f = *state;
	size_t n_fds = fy_audit_fds();

	for (long i = 0; i < n_rounds; i++) {
		bool is_killed = i % 2;
		struct ferry_channel *ch = accept_child(f, is_killed);

		/* Every fourth has long ended, and its parent knows. */
		if (i % 4 == 0)
			assert_int_equal(waitpid(f->child, NULL, 0), f->child);
		receive_all(ch, is_killed ? f->child : 0);
		end(f, ch);
	}
	assert_int_equal(fy_audit_fds(), n_fds);
}

static void
a_foreign_loop_hears_of_the_end(void **state)
{
	struct family *f = *state;
	struct ferry_channel *ch = accept_child(f, true);
	struct pollfd fd = { .events = POLLIN };
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;

	assert_int_equal(ferry_channel_recv(ch, &mem, &got,
					    ferry_in_ms(SOON_MS), NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_fd(ch, &fd.fd, NULL), FERRY_OK);
	assert_int_equal(ferry_channel_recv(ch, &mem, &got, FERRY_NOW, NULL),
			 FERRY_EAGAIN);
	assert_int_equal(poll(&fd, 1, 0), 0);
	assert_int_equal(kill(f->child, SIGKILL), 0);
	assert_int_equal(poll(&fd, 1, SOON_MS), 1);
	assert_int_equal(ferry_channel_recv(ch, &mem, &got, FERRY_NOW, NULL),
			 FERRY_EOF);
	ferry_arena_fini(&mem);
	end(f, ch);
}

static void
without_the_option_the_child_of_the_peer_keeps_it_open(void **state)
{
	struct family *f = *state;
	struct ferry_channel *ch;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;

	ferry_listener_close(f->listener);
	*strchr(f->addr, '?') = '\0';
	assert_int_equal(ferry_listener_open(f->addr, NULL, &f->listener, NULL),
			 FERRY_OK);
	ch = accept_child(f, false);
	assert_int_equal(waitpid(f->child, NULL, 0), f->child);
	assert_int_equal(ferry_channel_recv(ch, &mem, &got,
					    ferry_in_ms(SOON_MS), NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_recv(ch, &mem, &got, FERRY_NOW, NULL),
			 FERRY_EAGAIN);
	ferry_arena_fini(&mem);
	end(f, ch);
}

static void
listener_runs(const struct family *f, int told)
{
	struct ferry_listener *own;
	struct ferry_channel *ch;
	char byte;

	close(f->hold[1]);
	if (ferry_listener_open(f->addr, NULL, &own, NULL) ||
	    write(told, "l", 1) != 1 ||
	    ferry_listener_accept(own, FERRY_NEVER, &ch, NULL))
		_exit(1);
	if (fork() == 0) {
		(void)!read(f->hold[0], &byte, 1);
		_exit(0);
	}
	if (ferry_channel_send(ch, last, FERRY_NEVER, NULL))
		_exit(2);
	pause();
	_exit(0);
}

/* The listener's process is the peer of who connects. */
static void
who_connects_hears_of_the_end_of_the_listener(void **state)
{
	struct family *f = *state;
	struct ferry_channel *ch;
	int told[2];
	char byte;
	pid_t child;

	ferry_listener_close(f->listener);
	f->listener = NULL;
	assert_int_equal(pipe(told), 0);
	assert_int_equal(pipe(f->hold), 0);
	child = fork();
	if (child == 0)
		listener_runs(f, told[1]);
	assert_int_equal(read(told[0], &byte, 1), 1);
	assert_int_equal(ferry_channel_open(f->addr, NULL, FERRY_NEVER, &ch,
					    NULL),
			 FERRY_OK);
	receive_all(ch, child);
	close(told[0]);
	close(told[1]);
	end(f, ch);
	/* What is left of a killed one goes with the next listener. */
	assert_int_equal(ferry_listener_open(f->addr, NULL, &f->listener, NULL),
			 FERRY_OK);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, open_family, close_family)

/* SO_PEERPIDFD, Linux 6.5. */
static bool
kernel_tells(void)
{
	int fds[2], process;
	socklen_t bytes = sizeof(process);
	bool tells;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0)
		return false;
	tells = getsockopt(fds[0], SOL_SOCKET, 77, &process, &bytes) == 0;
	if (tells)
		close(process);
	close(fds[0]);
	close(fds[1]);
	return tells;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(what_a_process_sent_comes_before_its_end),
		TEST(a_foreign_loop_hears_of_the_end),
		TEST(without_the_option_the_child_of_the_peer_keeps_it_open),
		TEST(who_connects_hears_of_the_end_of_the_listener),
	};

	/* Orphans become this one's children, so that it can wait for them. */
	if (!kernel_tells() || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return 77;
	if (argc > 1)
		n_rounds = atol(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * The peer publishes a message and dies, all behind one instruction of ours,
 * whichever of those that receiving begins with: the message comes, then the
 * end. With argv[1] also later ones, and where we poll, or go to sleep.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kill.h"
#include "kill_single.h"

/* Long enough to go to sleep. */
#define SLEEP_MS 2
/* More instructions than that has none of these. */
#define MOST 5000
/* Those in which we look for a message, and for the peer's life. */
#define FIRST 500

enum how { LOOKS, POLLS, SLEEPS };

/**
 * struct between - of two processes
 * @page: .listening; .marks: the first try to receive is over
 * @go:   a pipe: the peer is to publish and die
 */
struct between {
	struct kill_page *page;
	enum how how;
	char addr[60];
	int go[2];
};

/* ---- the peer ---- */

static int
publish_and_die(struct between *b)
{
	const struct ferry_bytes last = { (const uint8_t *)"last", 4 };
	struct ferry_listener *listener;
	struct ferry_channel *ch;
	char word;

	if (ferry_listener_open(b->addr, NULL, &listener, NULL))
		return 1;
	b->page->listening = 1;
	kill_tell(b->page);
	if (ferry_listener_accept(listener, ferry_in_ms(KILL_STUCK_MS), &ch,
				  NULL) ||
	    read(b->go[0], &word, 1) != 1 ||
	    ferry_channel_send(ch, last, FERRY_NEVER, NULL))
		return 1;
	(void)kill(getpid(), SIGKILL);
	return 2;
}

/* ---- the one that is stepped through ---- */

static bool
comes_later(ferry_err err)
{
	return err == FERRY_EAGAIN || err == FERRY_ETIMEDOUT;
}

static ferry_err
take_at_last(struct between *b, struct ferry_channel *ch, int fd,
	     struct ferry_bytes *got)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	ferry_err err;

	if (b->how != POLLS)
		return ferry_channel_take(ch, got, ferry_in_ms(KILL_STUCK_MS),
					  NULL);
	while (comes_later(err = ferry_channel_take(ch, got, FERRY_NOW,
						    NULL))) {
		if (poll(&wait, 1, KILL_STUCK_MS) != 1)
			return FERRY_ETIMEDOUT;
		(void)!ferry_channel_process(ch, NULL);
	}
	return err;
}

/* Return: 0, or what was wrong. */
static int
receive_all(struct between *b, struct ferry_channel *ch)
{
	struct ferry_bytes got;
	ferry_err err;
	int fd = -1;

	if (b->how == POLLS && ferry_channel_fd(ch, &fd, NULL))
		return 11;
	kill_mark();
	err = ferry_channel_take(ch, &got,
				 b->how == SLEEPS ? ferry_in_ms(SLEEP_MS)
						  : FERRY_NOW, NULL);
	b->page->marks++;
	if (comes_later(err))
		err = take_at_last(b, ch, fd, &got);
	if (err)
		return 12;
	if (got.len != 4 || memcmp(got.data, "last", 4) != 0)
		return 13;
	ferry_channel_release(ch);
	return take_at_last(b, ch, fd, &got) == FERRY_EOF ? 0 : 14;
}

static int
meet_and_receive(struct between *b)
{
	struct ferry_channel *ch;

	while (!b->page->listening)
		kill_hear(b->page, 0);
	if (ferry_channel_open(b->addr, NULL, ferry_in_ms(KILL_STUCK_MS), &ch,
			       NULL))
		return 10;
	return receive_all(b, ch);
}

/* ---- both ---- */

static pid_t
start(struct between *b, int (*be)(struct between *b))
{
	pid_t test = getpid();
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	_exit(getppid() == test ? be(b) : 3);
}

static int
end_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* Return: how many instructions it was let do; fewer than @at: it was done. */
static uint32_t
step(struct between *b, pid_t pid, uint32_t at)
{
	uint32_t n = 0;
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSTOPPED(status));
	while (n < at && !b->page->marks) {
		assert_int_equal(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSTOPPED(status));
		n++;
	}
	return n;
}

static uint32_t
die_behind(struct between *b, uint32_t at)
{
	pid_t peer, pid;
	uint32_t n;
	int status;

	memset(b->page, 0, sizeof(*b->page));
	peer = start(b, publish_and_die);
	pid = start(b, meet_and_receive);
	n = step(b, pid, at);
	assert_int_equal(write(b->go[1], "x", 1), 1);
	status = end_of(peer);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_int_equal(ptrace(PTRACE_DETACH, pid, NULL, NULL), 0);
	status = end_of(pid);
	if (status != 0)
		print_message("behind instruction %u: %d\n", n,
			      WEXITSTATUS(status));
	assert_int_equal(status, 0);
	return n;
}

static bool all;

static void
die_behind_each(struct between *b, enum how how, const char *what)
{
	const uint32_t most = all ? MOST : FIRST;
	uint32_t done = 0;

	b->how = how;
	for (uint32_t at = 1; at <= most; at += at < FIRST ? 1 : at / 16) {
		done = die_behind(b, at);
		if (done < at)
			break;
	}
	assert_in_range(done, 50, most - all);
	printf("%5u instructions: %s\n", done, what);
}

static void
what_was_published_comes_before_the_end_whenever(void **state)
{
	char folder[] = "/tmp/ferry-test-XXXXXX";
	struct ferry_listener *next;
	struct between b;

	(void)state;
	if (!kill_can_single())
		skip();
	fflush(stdout);
	assert_non_null(mkdtemp(folder));
	snprintf(b.addr, sizeof(b.addr), "shm:%s/p", folder);
	assert_int_equal(pipe(b.go), 0);
	b.page = mmap(NULL, sizeof(*b.page), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(b.page != MAP_FAILED);
	die_behind_each(&b, LOOKS, "to receive, at once");
	if (all) {
		die_behind_each(&b, POLLS, "to receive, at once, polled");
		die_behind_each(&b, SLEEPS, "to receive, and to sleep");
	}
	assert_int_equal(ferry_listener_open(b.addr, NULL, &next, NULL),
			 FERRY_OK);
	ferry_listener_close(next);
	assert_int_equal(rmdir(folder), 0);
	munmap(b.page, sizeof(*b.page));
	close(b.go[0]);
	close(b.go[1]);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_was_published_comes_before_the_end_whenever),
	};

	(void)argv;
	all = argc > 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

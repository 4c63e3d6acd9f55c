/* SPDX-License-Identifier: MIT */
/*
 * Each system call of sysv: fails at each place. The other end is in a child,
 * where nothing fails. Of a queue that the system does not let go the note is
 * left as well, for who comes after this process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit.h"
#include "channel/channel.h"
#include "core/compiler.h"
#include "core/os.h"
#include "os_fault.h"
#include "transport/sysv/queue.h"
#include "sysv_world.h"

/* No part needs so many calls of one kind. */
#define CALLS_MOST 60

/* There in a build with ThreadSanitizer, which a fork of threads confuses. */
extern void __tsan_init(void) __attribute__((weak));

static const enum fy_os_call calls[] = {
	FY_OS_open,	 FY_OS_read,	   FY_OS_fstat,	    FY_OS_lstat,
	FY_OS_mkdir,	 FY_OS_symlink,	   FY_OS_list_open, FY_OS_msgget,
	FY_OS_msgsnd,	 FY_OS_msgrcv,	   FY_OS_eventfd,   FY_OS_epoll_create,
	FY_OS_epoll_ctl, FY_OS_pidfd_open, FY_OS_at_fork,   FY_OS_thread_start,
	FY_OS_random,	 FY_OS_msgctl,	   FY_OS_unlink,    FY_OS_readlink,
	FY_OS_flock,
};

static const int errors[] = { EIO, EMFILE, ENOSPC, EACCES };

#define NOTES_MOST 32

struct notes {
	key_t keys[NOTES_MOST];
	size_t n;
};

static bool
is_among(const struct notes *notes, key_t key)
{
	size_t i = 0;

	while (i < notes->n && notes->keys[i] != key)
		i++;
	return i < notes->n;
}

/* This process's. */
static struct notes
list_notes(const struct world *w)
{
	struct notes notes = { .n = 0 };
	char inner[80];
	struct dirent *entry;
	struct fy_life life;
	unsigned int key;
	DIR *folder;

	snprintf(inner, sizeof(inner), "%s/ferry", w->folder);
	folder = opendir(inner);
	while (folder && (entry = readdir(folder))) {
		if (sscanf(entry->d_name, "sysv.%8x", &key) == 1 &&
		    fy_sysv_noted((key_t)key, &life) && life.pid == getpid() &&
		    !is_among(&notes, (key_t)key)) {
			assert_true(notes.n < NOTES_MOST);
			notes.keys[notes.n++] = (key_t)key;
		}
	}
	if (folder)
		closedir(folder);
	return notes;
}

/* As whoever comes after this process: that is what notes are for. */
static void
sweep_what_did_not_go(const struct world *w, const struct notes *before)
{
	struct notes now = list_notes(w);

	for (size_t i = 0; i < now.n; i++) {
		struct fy_sysv_queue queue = { .key = now.keys[i] };

		if (is_among(before, queue.key))
			continue;
		queue.id = msgget(queue.key, 0);
		fy_sysv_remove(&queue);
		fy_sysv_unnote(queue.key);
	}
}

/*
 * Tries @act with each call failing at each place, until it is not reached.
 * @act: whether it came to an end, good or bad, that leaves nothing behind
 */
static void
fail_each(struct world *w, void (*act)(struct world *w))
{
	for (size_t i = 0; i < FY_ARRAY_LEN(calls); i++) {
		uint32_t reached = 1;

		for (uint32_t at = 1; at <= reached && at < CALLS_MOST; at++) {
			int n_queues = world_queues();
			size_t n_fds = fy_audit_fds();
			struct notes notes = list_notes(w);

			fy_os_fault_set(&(struct fy_os_fault){
				.call = calls[i],
				.at = at,
				.error = errors[at % 4] });
			act(w);
			reached = fy_os_fault_count(calls[i]);
			fy_os_fault_clear();
			/* A child may have been killed. */
			(void)fy_sysv_sweep(SIZE_MAX);
			sweep_what_did_not_go(w, &notes);
			assert_int_equal(world_queues(), n_queues);
			assert_int_equal(fy_audit_fds(), n_fds);
		}
	}
}

static void
try_to_listen(struct world *w)
{
	struct ferry_listener *listener;
	struct ferry_error why = { .text = "" };

	if (!ferry_listener_open(w->addr, NULL, &listener, &why)) {
		int fd;

		if (ferry_listener_fd(listener, &fd, &why))
			assert_string_not_equal(why.text, "");
		ferry_listener_close(listener);
	} else {
		assert_string_not_equal(why.text, "");
	}
}

static void
a_listener_that_cannot_be_made_leaves_nothing(void **state)
{
	struct world *w = *state;

	fail_each(w, try_to_listen);
	world_connect(w);
}

/* ---- the client ---- */

static pid_t
start_listener(struct world *w)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		alarm(FAIL_MS / 1000 * 3);
		if (ferry_listener_open(w->addr, NULL, &w->listener, NULL) ||
		    write(ready[1], "x", 1) != 1)
			_exit(1);
		for (;;) {
			struct ferry_channel *ch;

			if (ferry_listener_accept(w->listener, FERRY_NEVER, &ch,
						  NULL))
				continue;
			(void)world_error(ch, FERRY_NEVER);
			ferry_channel_close(ch, FERRY_NOW, NULL);
		}
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void
try_to_dial(struct world *w)
{
	struct ferry_channel *ch;
	struct ferry_error why = { .text = "" };

	if (!ferry_channel_open(w->addr, NULL, ferry_in_ms(1000), &ch, &why)) {
		/* The end comes when the listener's queue has gone. */
		(void)!ferry_channel_finish(ch, FERRY_NOW, NULL);
		while (world_error(ch, ferry_in_ms(FAIL_MS)) == FERRY_OK)
			continue;
		ferry_channel_close(ch, FERRY_NOW, NULL);
	} else {
		assert_string_not_equal(why.text, "");
	}
}

/* The listener's end may be there for a moment more. */
static void
dial_and_settle(struct world *w)
{
	int n_queues = 1;

	try_to_dial(w);
	for (int i = 0; i < FAIL_MS && world_queues() != w->n_queues + n_queues;
	     i++)
		(void)poll(NULL, 0, 1);
}

static void
a_client_that_fails_leaves_nothing(void **state)
{
	struct world *w = *state;
	pid_t pid;

	if (__tsan_init)
		skip();
	pid = start_listener(w);
	fail_each(w, dial_and_settle);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	world_connect(w);
}

/* ---- the listener that accepts ---- */

/* A client that comes again until it was let in, where nothing fails. */
static pid_t
start_client(const struct world *w)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct ferry_channel *ch;

		alarm(FAIL_MS / 1000);
		fy_os_fault_clear();
		/* One that cannot be looked at is not answered. */
		while (ferry_channel_open(w->addr, NULL,
					  ferry_in_ms(5 * SOON_MS), &ch, NULL))
			continue;
		(void)!ferry_channel_send(ch, world_bytes("x"), FERRY_NOW,
					  NULL);
		(void)world_error(ch, FERRY_NEVER);
		ferry_channel_close(ch, FERRY_NOW, NULL);
		_exit(0);
	}
	return pid;
}

static void
try_to_accept(struct world *w)
{
	struct ferry_channel *ch;
	struct ferry_error why = { .text = "" };
	pid_t pid = start_client(w);
	int fd;

	if (!ferry_listener_accept(w->listener, FERRY_NEVER, &ch, &why)) {
		why.text[0] = '\0';
		if (ferry_channel_fd(ch, &fd, &why))
			assert_string_not_equal(why.text, "");
		ferry_channel_close(ch, FERRY_NOW, NULL);
	} else {
		assert_string_not_equal(why.text, "");
	}
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
a_listener_that_cannot_accept_leaves_nothing(void **state)
{
	struct world *w = *state;

	if (__tsan_init)
		skip();
	world_listen(w);
	try_to_accept(w);
	(void)fy_sysv_sweep(SIZE_MAX);
	fail_each(w, try_to_accept);
	/* What was killed may be in the queue still. */
	world_connect(w);
}

/* The message that wakes it finds no memory. */
static void
a_deadline_comes_though_memory_is_short(void **state)
{
	struct world *w = *state;
	struct ferry_channel *ch;

	world_listen(w);
	for (int i = 0; i < 2; i++) {
		fy_os_fault_set(&(struct fy_os_fault){
			.call = FY_OS_msgsnd,
			.at = 1,
			.error = ENOMEM,
		});
		alarm(FAIL_MS / 1000);
		assert_int_equal(ferry_listener_accept(w->listener,
						       ferry_in_ms(SOON_MS),
						       &ch, NULL),
				 FERRY_ETIMEDOUT);
		alarm(0);
		fy_os_fault_clear();
	}
}

static void
short_memory_at(uint32_t at)
{
	fy_os_fault_set(&(struct fy_os_fault){
		.call = FY_OS_msgsnd,
		.at = at,
		.error = ENOMEM,
	});
}

/* The same of a channel, both ways, which goes on then. */
static void
a_channels_deadline_comes_though_memory_is_short(void **state)
{
	struct world *w = *state;

	world_connect(w);
	for (int i = 0; i < 2; i++) {
		short_memory_at(1);
		assert_int_equal(world_error(w->b, ferry_in_ms(SOON_MS)),
				 FERRY_ETIMEDOUT);
		assert_true(fy_os_fault_count(FY_OS_msgsnd) > 1);
		fy_os_fault_clear();
	}
	world_send(w->a, "x");
	world_expect(w->b, "x", ferry_in_ms(FAIL_MS));
	world_fill(w->a);
	/* It tries, asks for room, and is woken. */
	short_memory_at(3);
	assert_int_equal(w->a->link->ops->flush_until(w->a->link,
						      ferry_in_ms(SOON_MS),
						      NULL),
			 FERRY_ETIMEDOUT);
	assert_true(fy_os_fault_count(FY_OS_msgsnd) > 3);
	fy_os_fault_clear();
	while (!world_error(w->b, ferry_in_ms(SOON_MS)))
		continue;
	assert_int_equal(ferry_channel_flush(w->a, ferry_in_ms(FAIL_MS), NULL),
			 FERRY_OK);
}

/* Neither where the bell is, nor that it rings, is lost. */
static void
who_polls_is_told_though_memory_is_short(void **state)
{
	struct world *w = *state;
	struct pollfd fd = { .events = POLLIN };

	world_connect(w);
	short_memory_at(1);
	assert_int_equal(ferry_channel_fd(w->b, &fd.fd, NULL), FERRY_OK);
	for (int i = 0; i < 5; i++) {
		world_send(w->a, "x");
		assert_int_equal(fy_os_poll(&fd, 1, ferry_in_ms(FAIL_MS)), 1);
		world_expect(w->b, "x", FERRY_NOW);
		assert_int_equal(world_error(w->b, FERRY_NOW), FERRY_EAGAIN);
		/* Longer than it takes to tell again. */
		(void)fy_os_poll(NULL, 0, ferry_in_ms(2 * SOON_MS));
		/* The message, and the bell behind it. */
		short_memory_at(2);
	}
	assert_int_equal(fy_os_fault_count(FY_OS_msgsnd), 0);
	fy_os_fault_clear();
}

static void
an_end_that_finds_no_memory_is_told_again(void **state)
{
	struct world *w = *state;

	world_connect(w);
	short_memory_at(1);
	assert_int_equal(ferry_channel_finish(w->a, FERRY_NOW, NULL),
			 FERRY_ENOMEM);
	fy_os_fault_clear();
	/* The channel is as good as before. */
	world_send(w->a, "x");
	assert_int_equal(ferry_channel_finish(w->a, FERRY_NOW, NULL),
			 FERRY_OK);
	world_expect(w->b, "x", ferry_in_ms(FAIL_MS));
	assert_int_equal(world_error(w->b, ferry_in_ms(FAIL_MS)), FERRY_EOF);
}

/* While this process lives nobody but who closes tells. */
static void
a_close_is_told_though_memory_is_short(void **state)
{
	struct world *w = *state;
	struct pollfd fd = { .events = POLLIN };

	world_listen(w);
	for (int i = 0; i < 4; i++) {
		world_connect(w);
		if (i >= 2) {
			assert_int_equal(ferry_channel_fd(w->b, &fd.fd, NULL),
					 FERRY_OK);
			/* The sender knows of the bell. */
			world_send(w->a, "x");
			world_expect(w->b, "x", ferry_in_ms(FAIL_MS));
		}
		fy_os_fault_set(&(struct fy_os_fault){
			.call = FY_OS_msgsnd,
			.at = 1,
			.for_ever = i % 2,
			.error = ENOMEM,
		});
		ferry_channel_close(w->a, FERRY_NOW, NULL);
		w->a = NULL;
		fy_os_fault_clear();
		if (i == 2)
			assert_int_equal(fy_os_poll(&fd, 1,
						    ferry_in_ms(FAIL_MS)),
					 1);
		assert_int_equal(world_error(w->b, ferry_in_ms(FAIL_MS)),
				 i % 2 ? FERRY_ELOST : FERRY_EOF);
		ferry_channel_close(w->b, FERRY_NOW, NULL);
		w->b = NULL;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_listener_that_cannot_be_made_leaves_nothing),
		TEST(a_client_that_fails_leaves_nothing),
		TEST(a_listener_that_cannot_accept_leaves_nothing),
		TEST(a_deadline_comes_though_memory_is_short),
		TEST(a_channels_deadline_comes_though_memory_is_short),
		TEST(who_polls_is_told_though_memory_is_short),
		TEST(an_end_that_finds_no_memory_is_told_again),
		TEST(a_close_is_told_though_memory_is_short),
	};

	if (!world_begin())
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

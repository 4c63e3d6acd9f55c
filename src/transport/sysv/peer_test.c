/* SPDX-License-Identifier: MIT */
/* sysv: who dies, who lies, and who is another user. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"
#include "core/os.h"
#include "transport/sysv/meet.h"
#include "transport/sysv/note.h"
#include "sysv_world.h"

/* There in a build with ThreadSanitizer, which a fork of threads confuses. */
extern void __tsan_init(void) __attribute__((weak));

/* ---- other processes ---- */

/* A child that connects, and then waits to be killed after @act. */
static pid_t
start_client(struct world *w, void (*act)(struct ferry_channel *ch))
{
	pid_t pid = fork();

	if (pid == 0) {
		struct ferry_channel *ch;

		alarm(FAIL_MS / 1000);
		if (ferry_channel_open(w->addr, NULL, ferry_in_ms(FAIL_MS), &ch,
				       NULL))
			_exit(1);
		act(ch);
		(void)fy_os_poll(NULL, 0, FERRY_NEVER);
		_exit(1);
	}
	return pid;
}

static void
reap(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
send_two(struct ferry_channel *ch)
{
	if (ferry_channel_send(ch, world_bytes("one"), FERRY_NEVER, NULL) ||
	    ferry_channel_send(ch, world_bytes("two"), FERRY_NEVER, NULL))
		_exit(1);
}

static void
send_too_much(struct ferry_channel *ch)
{
	static uint8_t bytes[100000];
	const struct ferry_bytes message = { bytes, sizeof(bytes) };

	/* Of the second just the beginning leaves. */
	if (ferry_channel_send(ch, world_bytes("one"), FERRY_NEVER, NULL) ||
	    ferry_channel_send(ch, message, FERRY_NOW, NULL))
		_exit(1);
}

static void
do_nothing(struct ferry_channel *ch)
{
	(void)ch;
}

static void
who_is_killed_has_said_what_he_has_said(void **state)
{
	struct world *w = *state;
	struct ferry_peer peer;
	pid_t pid;
	int fd;

	if (__tsan_init)
		skip();
	world_listen(w);
	for (int i = 0; i < 2; i++) {
		pid = start_client(w, send_two);
		world_accept(w);
		ferry_channel_peer(w->b, &peer);
		assert_true(peer.has_pid);
		assert_int_equal(peer.pid, pid);
		assert_int_equal(peer.uid, geteuid());
		world_expect(w->b, "one", FERRY_NEVER);
		if (i == 1)
			assert_int_equal(ferry_channel_fd(w->b, &fd, NULL),
					 FERRY_OK);
		/* "two" has been sent behind. */
		while (world_error(w->b, ferry_in_ms(SOON_MS)) ==
		       FERRY_ETIMEDOUT)
			continue;
		reap(pid);
		assert_int_equal(world_error(w->b, FERRY_NEVER), FERRY_EOF);
		ferry_channel_close(w->b, FERRY_NOW, NULL);
		w->b = NULL;
	}
}

static void
who_is_killed_in_the_middle_of_a_message_is_lost(void **state)
{
	struct world *w = *state;
	pid_t pid;
	int fd;

	if (__tsan_init)
		skip();
	world_listen(w);
	for (int i = 0; i < 2; i++) {
		pid = start_client(w, send_too_much);
		world_accept(w);
		world_expect(w->b, "one", FERRY_NEVER);
		if (i == 1)
			assert_int_equal(ferry_channel_fd(w->b, &fd, NULL),
					 FERRY_OK);
		(void)fy_os_poll(NULL, 0, ferry_in_ms(SOON_MS));
		reap(pid);
		assert_int_equal(world_error(w->b, FERRY_NEVER), FERRY_ELOST);
		ferry_channel_close(w->b, FERRY_NOW, NULL);
		w->b = NULL;
	}
}

struct victim {
	pid_t pid;
};

static void *
kill_soon(void *arg)
{
	struct victim *victim = arg;

	(void)fy_os_poll(NULL, 0, ferry_in_ms(SOON_MS));
	kill(victim->pid, SIGKILL);
	return NULL;
}

static void
a_death_frees_who_waits_to_send_or_to_receive(void **state)
{
	struct world *w = *state;

	if (__tsan_init)
		skip();
	world_listen(w);
	for (int i = 0; i < 5; i++) {
		struct victim victim = { start_client(w, do_nothing) };
		struct ferry_deadline until =
			i % 2 ? FERRY_NEVER : ferry_in_ms(FAIL_MS);
		ferry_err err = FERRY_OK;
		pthread_t thread;
		int fd;

		world_accept(w);
		if (i == 4)
			assert_int_equal(ferry_channel_fd(w->b, &fd, NULL),
					 FERRY_OK);
		if (i >= 2)
			world_fill(w->b);
		assert_int_equal(
			fy_os_thread_start(&thread, kill_soon, &victim), 0);
		while (i >= 2 && !err)
			err = ferry_channel_send(w->b, world_bytes("x"), until,
						 NULL);
		assert_int_equal(err, i >= 2 ? FERRY_ELOST : FERRY_OK);
		assert_int_equal(world_error(w->b, until), FERRY_EOF);
		fy_os_thread_join(thread);
		reap(victim.pid);
		ferry_channel_close(w->b, FERRY_NOW, NULL);
		w->b = NULL;
	}
}

static void
the_listeners_death_frees_who_dials(void **state)
{
	struct world *w = *state;
	struct victim victim;
	struct ferry_error why;
	pthread_t thread;
	int ready[2];
	char byte;

	if (__tsan_init)
		skip();
	assert_int_equal(pipe(ready), 0);
	victim.pid = fork();
	if (victim.pid == 0) {
		alarm(FAIL_MS / 1000);
		if (ferry_listener_open(w->addr, NULL, &w->listener, NULL) ||
		    write(ready[1], "x", 1) != 1)
			_exit(1);
		(void)fy_os_poll(NULL, 0, FERRY_NEVER);
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(fy_os_thread_start(&thread, kill_soon, &victim), 0);
	assert_int_equal(
		ferry_channel_open(w->addr, NULL, FERRY_NEVER, &w->a, &why),
		FERRY_ECONNECT);
	fy_os_thread_join(thread);
	reap(victim.pid);
	/* The queue is there still, and nobody at it. */
	assert_int_equal(
		ferry_channel_open(w->addr, NULL, FERRY_NEVER, &w->a, &why),
		FERRY_ECONNECT);
	close(ready[0]);
	close(ready[1]);
	world_connect(w);
}

/* A client that connects and talks over and over, until it is killed. */
static void
run_client(const struct world *w)
{
	alarm(FAIL_MS / 1000);
	for (;;) {
		struct ferry_channel *ch;

		if (ferry_channel_open(w->addr, NULL, ferry_in_ms(1000), &ch,
				       NULL))
			continue;
		(void)!ferry_channel_send(ch, world_bytes("x"), FERRY_NOW,
					  NULL);
		ferry_channel_close(ch, FERRY_NOW, NULL);
	}
}

static void
run_listener(struct world *w)
{
	alarm(FAIL_MS / 1000);
	for (;;) {
		struct ferry_channel *ch;

		if (!w->listener &&
		    ferry_listener_open(w->addr, NULL, &w->listener, NULL))
			continue;
		for (int i = 0; i < 3; i++) {
			if (ferry_listener_accept(w->listener, ferry_in_ms(100),
						  &ch, NULL))
				continue;
			(void)world_error(ch, ferry_in_ms(100));
			ferry_channel_close(ch, FERRY_NOW, NULL);
		}
		ferry_listener_close(w->listener);
		w->listener = NULL;
	}
}

static void
the_next_listener_clears_what_the_killed_left(void **state)
{
	struct world *w = *state;
	pid_t pids[3];

	if (__tsan_init)
		skip();
	for (int i = 0; i < 60; i++) {
		for (size_t j = 0; j < FY_ARRAY_LEN(pids); j++) {
			pids[j] = fork();
			if (pids[j] == 0 && j == 0)
				run_listener(w);
			if (pids[j] == 0)
				run_client(w);
		}
		(void)fy_os_poll(NULL, 0, ferry_in_ns(2000000 + i * 150000));
		for (size_t j = 0; j < FY_ARRAY_LEN(pids); j++)
			reap(pids[(j + (size_t)i) % 3]);
		world_connect(w);
		world_send(w->a, "x");
		world_expect(w->b, "x", FERRY_NEVER);
		world_disconnect(w);
		assert_int_equal(world_queues(), w->n_queues);
	}
}

#define N_NOTES 300

/* How many notes in the folder there are of keys up to N_NOTES. */
static int
count_notes(const struct world *w)
{
	char path[160];
	char text[80];
	int n = 0;

	for (int i = 1; i <= N_NOTES; i++) {
		world_note_path(w, (unsigned int)i, path);
		n += readlink(path, text, sizeof(text)) > 0;
	}
	return n;
}

static void
much_that_the_killed_left_is_cleared_little_by_little(void **state)
{
	struct world *w = *state;
	struct fy_life life;
	int n;

	/* So that the folder is there. */
	world_listen(w);
	assert_int_equal(fy_life_self(&life, NULL), FERRY_OK);
	life.start++;
	for (int i = 1; i <= N_NOTES; i++)
		assert_int_equal(fy_sysv_note(i, &life, NULL), FERRY_OK);
	world_disconnect(w);
	world_listen(w);
	n = count_notes(w);
	assert_true(n > 0 && n < N_NOTES);
	for (int i = 0; i < N_NOTES && count_notes(w) > 0; i++) {
		world_connect(w);
		ferry_channel_close(w->a, FERRY_NOW, NULL);
		ferry_channel_close(w->b, FERRY_NOW, NULL);
		w->a = NULL;
		w->b = NULL;
		assert_true(count_notes(w) >= n - 16);
		n = count_notes(w);
	}
	assert_int_equal(count_notes(w), 0);
}

/* What is not a note of a dead process is not said to be a queue. */
static void
what_has_the_name_of_the_note_is_told(void **state)
{
	struct world *w = *state;
	struct ferry_error why = { .text = "" };
	unsigned int key = (unsigned int)strtoul(w->addr + 5, NULL, 16);
	char path[160];
	struct fy_life life;

	world_listen(w);
	world_disconnect(w);
	(void)snprintf(path, sizeof(path), "%s/ferry", w->folder);
	(void)mkdir(path, 0700);
	world_note_path(w, key, path);
	assert_int_equal(symlink("garbage", path), 0);
	assert_int_equal(ferry_listener_open(w->addr, NULL, &w->listener, &why),
			 FERRY_ESYS);
	assert_non_null(strstr(why.text, path));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(fy_life_self(&life, NULL), FERRY_OK);
	assert_int_equal(fy_sysv_note((key_t)key, &life, NULL), FERRY_OK);
	assert_int_equal(ferry_listener_open(w->addr, NULL, &w->listener, &why),
			 FERRY_ESYS);
	assert_null(strstr(why.text, "ipcrm"));
	assert_non_null(strstr(why.text, "which lives"));
	fy_sysv_unnote((key_t)key);
}

/* Containers of one user may share the folder; each has keys of its own. */
static void
another_namespace_has_the_same_keys(void **state)
{
	struct world *w = *state;
	int status;
	pid_t child;

	if (!world_is_alone() || __tsan_init)
		skip();
	world_listen(w);
	child = fork();
	if (child == 0) {
		struct ferry_listener *same = NULL;

		if (unshare(CLONE_NEWIPC) < 0 ||
		    ferry_listener_open(w->addr, NULL, &same, NULL))
			_exit(1);
		ferry_listener_close(same);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	world_connect(w);
	world_disconnect(w);
}

/* ---- threads of a listener ---- */

static void *
accept_one(void *arg)
{
	world_accept(arg);
	return NULL;
}

/* The kernel notes a thread as the last receiver, which is gone by then. */
static void
a_listener_is_found_though_its_thread_has_ended(void **state)
{
	struct world *w = *state;

	world_listen(w);
	for (int i = 0; i < 20; i++) {
		pthread_t thread;

		assert_int_equal(fy_os_thread_start(&thread, accept_one, w), 0);
		assert_int_equal(ferry_channel_open(w->addr, NULL,
						    ferry_in_ms(FAIL_MS), &w->a,
						    NULL),
				 FERRY_OK);
		fy_os_thread_join(thread);
		ferry_channel_close(w->a, FERRY_NOW, NULL);
		ferry_channel_close(w->b, FERRY_NOW, NULL);
		w->a = NULL;
		w->b = NULL;
	}
}

static void
a_listener_with_a_descriptor_is_found_as_well(void **state)
{
	struct world *w = *state;
	struct pollfd fd = { .events = POLLIN };

	world_listen(w);
	assert_int_equal(ferry_listener_fd(w->listener, &fd.fd, NULL),
			 FERRY_OK);
	for (int i = 0; i < 20; i++) {
		world_connect(w);
		ferry_channel_close(w->a, FERRY_NOW, NULL);
		ferry_channel_close(w->b, FERRY_NOW, NULL);
		w->a = NULL;
		w->b = NULL;
	}
	assert_int_equal(fy_os_poll(&fd, 1, FERRY_NOW), 0);
}

/* ---- those who do not keep to the rules ---- */

static int
meeting_of(const struct world *w)
{
	return msgget((key_t)strtoul(w->addr + 5, NULL, 16), 0);
}

static void *
dial_in_vain(void *arg)
{
	struct world *w = arg;

	return (void *)(uintptr_t)ferry_channel_open(
		w->addr, NULL, ferry_in_ms(FAIL_MS), &w->a, NULL);
}

/* Those too whom the thread has taken from the queue, and those behind them. */
static void
who_waits_is_told_that_the_listener_closes(void **state)
{
	struct world *w = *state;
	struct pollfd wait = { .events = POLLIN };
	pthread_t threads[8];
	void *err;

	for (int i = 0; i < 2; i++) {
		world_listen(w);
		if (i == 1)
			assert_int_equal(ferry_listener_fd(w->listener,
							   &wait.fd, NULL),
					 FERRY_OK);
		for (size_t j = 0; j < FY_ARRAY_LEN(threads); j++)
			assert_int_equal(fy_os_thread_start(&threads[j],
							    dial_in_vain, w),
					 0);
		if (i == 1)
			assert_int_equal(poll(&wait, 1, FAIL_MS), 1);
		else
			(void)fy_os_poll(NULL, 0, ferry_in_ms(SOON_MS));
		ferry_listener_close(w->listener);
		w->listener = NULL;
		for (size_t j = 0; j < FY_ARRAY_LEN(threads); j++) {
			assert_int_equal(pthread_join(threads[j], &err), 0);
			assert_int_equal((uintptr_t)err, FERRY_ECONNECT);
		}
	}
}

static void
garbage_in_the_meeting_queue_is_counted(void **state)
{
	struct world *w = *state;
	struct ferry_counters counters;
	struct {
		long type;
		uint8_t bytes[8192];
	} msg;
	int id;

	world_listen(w);
	id = meeting_of(w);
	for (int i = 0; i < 300; i++) {
		size_t bytes =
			i % 3 ? sizeof(struct fy_sysv_hello) : (size_t)i * 7;

		assert_int_equal(fy_os_random(&msg, 200), 0);
		msg.type = i % 2 ? FY_SYSV_HELLO : (msg.type & 0xffff) + 1;
		if (i % 5 == 0) /* as right as can be guessed */
			memcpy(msg.bytes, "\x79\x72\x72\x66\3\0\0\0", 8);
		if (msgsnd(id, &msg, bytes, IPC_NOWAIT) < 0)
			break;
	}
	world_connect(w);
	world_send(w->a, "x");
	world_expect(w->b, "x", FERRY_NEVER);
	ferry_listener_counters(w->listener, &counters);
	assert_true(counters.failed > 10);
}

/* ---- other users ---- */

#define SOMEBODY 65534

static void
be_somebody(const char *folder)
{
	setenv("XDG_RUNTIME_DIR", folder, 1);
	if (setregid(SOMEBODY, SOMEBODY) < 0 ||
	    setreuid(SOMEBODY, SOMEBODY) < 0)
		_exit(9);
}

/* In a child: what has gone wrong, by number, or 0. */
static int
try_without_threads(struct world *w)
{
	struct ferry_error why = { .text = "" };
	struct rlimit none, before;
	int fd;

	world_connect(w);
	if (getrlimit(RLIMIT_NPROC, &before) < 0)
		return 1;
	none = before;
	none.rlim_cur = 0;
	if (setrlimit(RLIMIT_NPROC, &none) < 0)
		return 2;
	if (ferry_channel_fd(w->b, &fd, &why) != FERRY_ESYS ||
	    why.sys_errno != EAGAIN || !strstr(why.text, "thread"))
		return 3;
	world_send(w->a, "x");
	world_expect(w->b, "x", ferry_in_ms(FAIL_MS));
	world_send(w->b, "x");
	world_expect(w->a, "x", ferry_in_ms(FAIL_MS));
	if (setrlimit(RLIMIT_NPROC, &before) < 0 ||
	    ferry_channel_fd(w->b, &fd, NULL))
		return 4;
	world_send(w->a, "y");
	world_expect(w->b, "y", ferry_in_ms(FAIL_MS));
	world_disconnect(w);
	return 0;
}

static void
where_no_thread_may_be_started_the_channel_works_without(void **state)
{
	struct world *w = *state;
	char folder[] = "/tmp/ferry-test-XXXXXX";
	char inner[64];
	int status = -1;
	pid_t pid;

	if (__tsan_init || geteuid() != 0)
		skip();
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chown(folder, SOMEBODY, SOMEBODY), 0);
	pid = fork();
	if (pid == 0) {
		alarm(FAIL_MS / 1000);
		be_somebody(folder);
		_exit(try_without_threads(w));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	snprintf(inner, sizeof(inner), "%s/ferry", folder);
	(void)rmdir(inner);
	assert_int_equal(rmdir(folder), 0);
}

/* A child of another user's: the error that it gets. */
static int
dial_as_somebody(const struct world *w, const char *query)
{
	char addr[128];
	char folder[] = "/tmp/ferry-test-XXXXXX";
	char inner[64];
	int status = -1;
	pid_t pid;

	assert_non_null(mkdtemp(folder));
	assert_int_equal(chown(folder, SOMEBODY, SOMEBODY), 0);
	snprintf(addr, sizeof(addr), "%s%s", w->addr, query);
	pid = fork();
	if (pid == 0) {
		struct ferry_channel *ch;
		ferry_err err;

		alarm(FAIL_MS / 1000);
		be_somebody(folder);
		err = ferry_channel_open(addr, NULL, ferry_in_ms(FAIL_MS), &ch,
					 NULL);
		if (!err)
			err = ferry_channel_send(ch, world_bytes("x"),
						 FERRY_NOW, NULL);
		if (!err)
			err = world_error(ch, FERRY_NEVER) == FERRY_EOF
				      ? FERRY_OK
				      : FERRY_ESYS;
		if (!err)
			ferry_channel_close(ch, FERRY_NOW, NULL);
		_exit((int)err);
	}
	if (w->listener && query[0] == '\0') {
		struct ferry_channel *ch;
		struct ferry_peer peer;

		assert_int_equal(ferry_listener_accept(w->listener,
						       ferry_in_ms(FAIL_MS),
						       &ch, NULL),
				 FERRY_OK);
		ferry_channel_peer(ch, &peer);
		assert_true(peer.has_ids);
		assert_int_equal(peer.uid, SOMEBODY);
		assert_int_equal(peer.gid, SOMEBODY);
		assert_int_equal(peer.pid, pid);
		world_expect(ch, "x", FERRY_NEVER);
		ferry_channel_close(ch, FERRY_NOW, NULL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	snprintf(inner, sizeof(inner), "%s/ferry", folder);
	rmdir(inner);
	assert_int_equal(rmdir(folder), 0);
	return WEXITSTATUS(status);
}

static void
another_user_comes_just_where_the_mode_lets_him(void **state)
{
	struct world *w = *state;
	char addr[128];

	if (geteuid() != 0 || __tsan_init)
		skip();
	world_listen(w);
	assert_int_equal(dial_as_somebody(w, "?uid=0"), FERRY_EACCES);
	ferry_listener_close(w->listener);
	w->listener = NULL;
	snprintf(addr, sizeof(addr), "%s?mode=0666", w->addr);
	assert_int_equal(ferry_listener_open(addr, NULL, &w->listener, NULL),
			 FERRY_OK);
	assert_int_equal(dial_as_somebody(w, ""), FERRY_OK);
}

/* The queue that it names is another user's: his, who is not asked. */
static void
nobody_hands_in_the_queue_of_another(void **state)
{
	struct world *w = *state;
	struct fy_sysv_hello_msg msg = {
		.type = FY_SYSV_HELLO,
		.hello = { .magic = 0x66727279, .version = 3 },
	};
	struct ferry_channel *ch;
	struct msqid_ds ds;

	world_listen(w);
	msg.hello.to_client = msgget(IPC_PRIVATE, 0600);
	assert_int_equal(fy_life_self(&msg.hello.life, NULL), FERRY_OK);
	assert_true(fy_sysv_post(msg.hello.to_client, FY_SYSV_DATA));
	assert_int_equal(msgsnd(meeting_of(w), &msg, sizeof(msg.hello), 0), 0);
	assert_int_equal(ferry_listener_accept(w->listener,
					       ferry_in_ms(SOON_MS), &ch, NULL),
			 FERRY_ETIMEDOUT);
	/* It was not touched. */
	assert_int_equal(msgctl(msg.hello.to_client, IPC_STAT, &ds), 0);
	assert_int_equal(ds.msg_qnum, 1);
	msgctl(msg.hello.to_client, IPC_RMID, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_is_killed_has_said_what_he_has_said),
		TEST(who_is_killed_in_the_middle_of_a_message_is_lost),
		TEST(a_death_frees_who_waits_to_send_or_to_receive),
		TEST(the_listeners_death_frees_who_dials),
		TEST(the_next_listener_clears_what_the_killed_left),
		TEST(much_that_the_killed_left_is_cleared_little_by_little),
		TEST(what_has_the_name_of_the_note_is_told),
		TEST(another_namespace_has_the_same_keys),
		TEST(a_listener_is_found_though_its_thread_has_ended),
		TEST(a_listener_with_a_descriptor_is_found_as_well),
		TEST(who_waits_is_told_that_the_listener_closes),
		TEST(garbage_in_the_meeting_queue_is_counted),
		TEST(where_no_thread_may_be_started_the_channel_works_without),
		TEST(another_user_comes_just_where_the_mode_lets_him),
		TEST(nobody_hands_in_the_queue_of_another),
	};

	if (!world_begin())
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Each system call of mq: fails at each place. Where there is another end that
 * waits it is in a child, where nothing fails. What an error leaves behind the
 * next listener clears.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit.h"
#include "core/compiler.h"
#include "os_fault.h"
#include "mq_pair.h"
#include "transport/mq/slot.h"

/* No part needs so many calls of one kind. */
#define CALLS_MOST 60
#define SECOND ferry_in_ms(1000)
#define LONG ferry_in_ms(20000)
/* What was lost does not come. */
#define SOON ferry_in_ms(2)

/* There in a build with ThreadSanitizer, which a fork of threads confuses. */
extern void __tsan_init(void) __attribute__((weak));

static const enum fy_os_call calls[] = {
	FY_OS_open,	      FY_OS_read,	 FY_OS_fstat,
	FY_OS_lstat,	      FY_OS_fchmod,	 FY_OS_fchown,
	FY_OS_mq_open,	      FY_OS_mq_getattr,	 FY_OS_mq_send,
	FY_OS_mq_unlink,      FY_OS_mq_try_send,
	FY_OS_mq_receive,     FY_OS_lock_byte,	 FY_OS_unlock_byte,
	FY_OS_mq_try_receive, FY_OS_is_byte_locked,
	FY_OS_set_flags,      FY_OS_poll,	 FY_OS_eventfd,
	FY_OS_epoll_create,   FY_OS_epoll_ctl,	 FY_OS_pidfd_open,
	FY_OS_at_fork,	      FY_OS_thread_start, FY_OS_random,
};

static const int errors[] = { EIO, EMFILE, ENOSPC, EACCES };

/**
 * struct trial - what is tried
 * @begin: where nothing fails; or NULL
 * @act:   where a call fails: comes to an end, good or bad
 * @end:   where nothing fails; or NULL
 * @left:  so many queues have names then
 */
struct trial {
	void (*begin)(struct mq_pair *pair);
	void (*act)(struct mq_pair *pair);
	void (*end)(struct mq_pair *pair);
	int left;
};

/* Return: how often @call was reached. */
static uint32_t
fail_one(struct mq_pair *pair, const struct trial *trial,
	 enum fy_os_call call, uint32_t at)
{
	const size_t n_fds = fy_audit_fds();
	uint32_t reached;

	if (trial->begin)
		trial->begin(pair);
	fy_os_fault_set(&(struct fy_os_fault){ .call = call,
					       .at = at,
					       .error = errors[at % 4] });
	trial->act(pair);
	reached = fy_os_fault_count(call);
	fy_os_fault_clear();
	if (trial->end)
		trial->end(pair);
	if (mq_n_left(pair) != trial->left || fy_audit_fds() != n_fds)
		fail_msg("call %d, time %u: %d queues, %zu descriptors, there "
			 "were %zu", (int)call, at, mq_n_left(pair),
			 fy_audit_fds(), n_fds);
	return reached;
}

/* With each call failing at each place, until it is not reached. */
static void
fail_each(struct mq_pair *pair, const struct trial *trial)
{
	for (size_t i = 0; i < FY_ARRAY_LEN(calls); i++) {
		uint32_t reached = 1;

		for (uint32_t at = 1; at <= reached && at < CALLS_MOST; at++)
			reached = fail_one(pair, trial, calls[i], at);
	}
}

/* ---- the listener that is made ---- */

static void
try_to_listen(struct mq_pair *pair)
{
	struct ferry_error why = { .text = "" };

	if (!ferry_listener_open(pair->addr, NULL, &pair->listener, &why))
		ferry_listener_close(pair->listener);
	else
		assert_string_not_equal(why.text, "");
}

/* What a listener could not lock or remove, the next one takes over. */
static void
listen_again(struct mq_pair *pair)
{
	if (ferry_listener_open(pair->addr, NULL, &pair->listener, NULL))
		fail_msg("the name cannot be had any more");
	ferry_listener_close(pair->listener);
}

static void
a_listener_that_cannot_be_made_leaves_nothing(void **state)
{
	static const struct trial trial = { .act = try_to_listen,
					    .end = listen_again };
	struct mq_pair pair;

	(void)state;
	mq_name(&pair);
	fail_each(&pair, &trial);
	mq_connect(&pair);
	mq_close_all(&pair);
}

/* ---- the client ---- */

static ferry_err
take_and_forget(struct ferry_channel *ch, struct ferry_deadline until)
{
	struct ferry_bytes got;
	struct ferry_error why = { .text = "" };
	ferry_err err = ferry_channel_take(ch, &got, until, &why);

	if (!err)
		ferry_channel_release(ch);
	else if (err != FERRY_EAGAIN)
		assert_string_not_equal(why.text, "");
	return err;
}

static void
serve(struct mq_pair *pair, int ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (ferry_listener_open(pair->addr, NULL, &pair->listener, NULL) ||
	    write(ready, "x", 1) != 1)
		_exit(1);
	for (;;) {
		struct ferry_channel *ch;

		if (ferry_listener_accept(pair->listener, FERRY_NEVER, &ch,
					  NULL))
			continue;
		(void)take_and_forget(ch, FERRY_NEVER);
		(void)!ferry_channel_close(ch, FERRY_NOW, NULL);
	}
}

static pid_t
start_listener(struct mq_pair *pair)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		serve(pair, ready[1]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void
stop_child(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
try_to_dial(struct mq_pair *pair)
{
	struct ferry_channel *ch;
	struct ferry_error why = { .text = "" };

	if (ferry_channel_open(pair->addr, NULL, SECOND, &ch, &why)) {
		assert_string_not_equal(why.text, "");
		return;
	}
	(void)!ferry_channel_finish(ch, FERRY_NOW, NULL);
	(void)take_and_forget(ch, SOON);
	(void)!ferry_channel_close(ch, FERRY_NOW, NULL);
}

/* As the next listener does. */
static void
sweep(struct mq_pair *pair)
{
	struct fy_mq_name meeting;

	snprintf(meeting.text, sizeof(meeting.text), "%s", pair->name);
	fy_mq_slot_sweep(&meeting);
}

static void
a_client_that_fails_leaves_nothing(void **state)
{
	static const struct trial trial = { .act = try_to_dial,
					    .end = sweep,
					    .left = 1 };
	struct mq_pair pair;
	pid_t pid;

	(void)state;
	if (__tsan_init)
		skip();
	mq_name(&pair);
	pid = start_listener(&pair);
	fail_each(&pair, &trial);
	stop_child(pid);
	listen_again(&pair);
	assert_int_equal(mq_n_left(&pair), 0);
}

/* ---- the listener that accepts ---- */

static pid_t client;

/* It comes again until it was let in. */
static void
start_client(struct mq_pair *pair)
{
	struct ferry_channel *ch;

	client = fork();
	assert_true(client >= 0);
	if (client > 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (ferry_channel_open(pair->addr, NULL, LONG, &ch, NULL))
		continue;
	(void)take_and_forget(ch, FERRY_NEVER);
	_exit(0);
}

static void
try_to_accept(struct mq_pair *pair)
{
	struct ferry_error why = { .text = "" };

	if (ferry_listener_accept(pair->listener, LONG, &pair->b, &why)) {
		assert_int_not_equal(why.code, FERRY_ETIMEDOUT);
		assert_string_not_equal(why.text, "");
		return;
	}
	(void)!ferry_channel_close(pair->b, FERRY_NOW, NULL);
}

static void
stop_client(struct mq_pair *pair)
{
	stop_child(client);
	sweep(pair);
}

static void
a_listener_that_cannot_accept_stays(void **state)
{
	static const struct trial trial = { start_client, try_to_accept,
					    stop_client, 1 };
	struct mq_pair pair;

	(void)state;
	if (__tsan_init)
		skip();
	mq_listen(&pair, "");
	fail_each(&pair, &trial);
	mq_accept(&pair);
	mq_close_all(&pair);
}

/* There was no descriptor for him, and others have filled the queue since. */
static void
who_does_not_fit_back_into_the_queue_is_kept(void **state)
{
	struct mq_dialler d;
	struct mq_pair pair;

	(void)state;
	mq_listen(&pair, "");
	mq_dial_start(&d, pair.addr);
	fy_os_fault_set(&(struct fy_os_fault){ .call = FY_OS_mq_try_send,
					       .at = 1,
					       .error = EAGAIN });
	mq_accept_starved(&pair);
	assert_int_equal(fy_os_fault_count(FY_OS_mq_try_send), 1);
	fy_os_fault_clear();
	assert_int_equal(ferry_listener_accept(pair.listener, SECOND, &pair.b,
					       NULL), FERRY_OK);
	assert_int_equal(mq_dial_end(&d), FERRY_OK);
	pair.a = d.ch;
	mq_close_all(&pair);
}

/* ---- messages ---- */

/* One that is more than the queue has room for, and one of a part. */
static void
try_to_talk(struct mq_pair *pair)
{
	static uint8_t data[FY_MQ_BYTES * (FY_MQ_DEPTH + 3)];
	static const uint32_t lengths[] = { 5, sizeof(data), 0 };
	struct ferry_error why = { .text = "" };
	ferry_err err = FERRY_OK;

	for (size_t i = 0; i < FY_ARRAY_LEN(lengths) && !err; i++) {
		err = ferry_channel_send(
			pair->a, (struct ferry_bytes){ data, lengths[i] },
			FERRY_NOW, &why);
		while (!err && take_and_forget(pair->b, SOON) == FERRY_OK)
			err = ferry_channel_flush(pair->a, FERRY_NOW, &why);
		if (err == FERRY_EAGAIN)
			err = FERRY_OK;
	}
	if (err)
		assert_string_not_equal(why.text, "");
	(void)!ferry_channel_finish(pair->a, SOON, NULL);
	while (!take_and_forget(pair->b, SOON))
		continue;
	(void)!ferry_channel_close(pair->a, FERRY_NOW, NULL);
	/* Whatever failed: that is the end. */
	do
		err = take_and_forget(pair->b, SECOND);
	while (!err);
	if (err != FERRY_EOF && err != FERRY_ELOST && err != FERRY_ESYS)
		fail_msg("the end is %s", ferry_err_name(err));
	(void)!ferry_channel_close(pair->b, FERRY_NOW, NULL);
}

static void
an_end_that_fails_says_so_and_leaves_nothing(void **state)
{
	static const struct trial trial = { .begin = mq_accept,
					    .act = try_to_talk,
					    .left = 1 };
	struct mq_pair pair;

	(void)state;
	mq_listen(&pair, "");
	fail_each(&pair, &trial);
	mq_accept(&pair);
	mq_close_all(&pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_listener_that_cannot_be_made_leaves_nothing),
		cmocka_unit_test(a_client_that_fails_leaves_nothing),
		cmocka_unit_test(a_listener_that_cannot_accept_stays),
		cmocka_unit_test(who_does_not_fit_back_into_the_queue_is_kept),
		cmocka_unit_test(an_end_that_fails_says_so_and_leaves_nothing),
	};

	mq_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

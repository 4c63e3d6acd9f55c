/* SPDX-License-Identifier: MIT */
/* mq: what a peer may do to a queue that is his, and whom that hurts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"
#include "core/os.h"
#include "mq_pair.h"
#include "os_fault.h"
#include "transport/mq/link.h"
#include "transport/mq/queue.h"

#define SECOND ferry_in_ms(10000)
#define SHORT_MS 20
#define FLOOD 5000

static ferry_err
take(struct ferry_channel *ch, struct ferry_deadline until)
{
	struct ferry_bytes got;
	ferry_err err = ferry_channel_take(ch, &got, until, NULL);

	if (!err)
		ferry_channel_release(ch);
	return err;
}

static struct fy_mq_link *
link_of(struct ferry_channel *ch)
{
	return FY_CONTAINER(ch->link, struct fy_mq_link, link);
}

/* ---- thieves ---- */

/* Who sleeps first is served first: from the second theft on that is he. */
static void
steal(int q)
{
	static uint8_t room[FY_MQ_BYTES];

	alarm(60);
	(void)fy_os_set_flags(q, O_RDWR);
	while (fy_os_mq_receive(q, room, sizeof(room), NULL) >= 0)
		continue;
	_exit(1);
}

/* A client that has a thief steal what comes to the listener; ends with @out */
static void
dial_and_steal(const struct mq_pair *pair, int out)
{
	struct ferry_channel *ch;
	pid_t thief;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (mq_become_stranger() < 0 ||
	    ferry_channel_open(pair->addr, NULL, SECOND, &ch, NULL))
		_exit(1);
	thief = fork();
	if (thief == 0)
		steal(link_of(ch)->out);
	if (thief < 0 || write(out, &thief, sizeof(thief)) != sizeof(thief))
		_exit(2);
	for (;;)
		pause();
}

static void
a_thief_of_wakes_holds_up_nobody(void **state)
{
	struct mq_pair pair;
	pid_t client, thief;
	int told[2];

	(void)state;
	if (geteuid() != 0)
		skip();
	mq_listen(&pair, "?mode=0666");
	assert_int_equal(pipe(told), 0);
	client = fork();
	assert_true(client >= 0);
	if (client == 0)
		dial_and_steal(&pair, told[1]);
	close(told[1]);
	assert_int_equal(ferry_listener_accept(pair.listener, SECOND, &pair.b,
					       NULL), FERRY_OK);
	assert_int_equal(read(told[0], &thief, sizeof(thief)), sizeof(thief));
	close(told[0]);
	for (int i = 0; i < 5; i++)
		assert_int_equal(take(pair.b, ferry_in_ms(SHORT_MS)),
				 FERRY_ETIMEDOUT);
	assert_int_equal(kill(client, SIGKILL), 0);
	assert_int_equal(take(pair.b, FERRY_NEVER), FERRY_EOF);
	assert_int_equal(waitpid(client, NULL, 0), client);
	assert_int_equal(kill(thief, SIGKILL), 0);
	mq_close_all(&pair);
}

static void
nobody_blocks_in_a_queue_that_others_can_open(void **state)
{
	struct mq_pair pair;
	int q;

	(void)state;
	mq_connect(&pair);
	q = link_of(pair.a)->in;
	assert_true(fy_mq_is_private(q));
	assert_false(link_of(pair.a)->shared || link_of(pair.b)->shared);
	assert_int_equal(fchmod(q, 0660), 0);
	assert_false(fy_mq_is_private(q));
	assert_int_equal(fchmod(q, 0602), 0);
	assert_false(fy_mq_is_private(q));
	assert_int_equal(fchmod(q, 0600), 0);
	if (geteuid() == 0) {
		assert_int_equal(fchown(q, 65534, (gid_t)-1), 0);
		assert_false(fy_mq_is_private(q));
	}
	assert_false(fy_mq_is_private(-1));
	mq_close_all(&pair);
}

/* ---- floods ---- */

/* What a handler of signals can get at. */
static volatile sig_atomic_t flooded, whole, left;

/* A queue is never empty: as often as it is looked at something comes. */
static void
flood(int unused)
{
	const bool first = !whole || left == whole;
	const uint32_t head[] = { first ? FY_PART_FIRST : 0, (uint32_t)left };
	char part[FY_PART_HEAD + 1] = "";

	(void)unused;
	if (left == 0)
		return;
	memcpy(part, head, sizeof(head));
	(void)!mq_send(flooded, part, whole || left == 1 ? sizeof(part) : 0, 0);
	left--;
}

/* @bytes: of a message in parts of one each; 0: @n that are none, then one */
static void
start_flood(struct ferry_channel *ch, int n, int bytes)
{
	const struct sigaction action = { .sa_handler = flood };

	flooded = link_of(ch)->in;
	whole = bytes;
	left = bytes ? bytes : n;
	flood(SIGUSR1);
	assert_int_equal(sigaction(SIGUSR1, &action, NULL), 0);
	fy_os_fault_set(&(struct fy_os_fault){ .call = FY_OS_mq_try_receive,
					       .at = 1,
					       .for_ever = true,
					       .signal = SIGUSR1 });
}

static void
who_does_not_wait_is_not_kept_by_what_is_no_message(void **state)
{
	struct pollfd wait = { .events = POLLIN };
	struct mq_pair pair;
	int n = 0;

	(void)state;
	mq_connect(&pair);
	assert_int_equal(ferry_channel_fd(pair.b, &wait.fd, NULL), FERRY_OK);
	start_flood(pair.b, FLOOD, 0);
	while (take(pair.b, FERRY_NOW) == FERRY_EAGAIN) {
		n++;
		/* There is more, and the descriptor says so. */
		assert_int_equal(poll(&wait, 1, 0), 1);
	}
	fy_os_fault_clear();
	assert_true(left <= 0);
	assert_in_range(n, 2, 10);
	mq_close_all(&pair);
}

/* Whether it waits in mq_receive(3) or in poll(2). */
static void
a_deadline_holds_in_a_flood(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct mq_pair pair;

		mq_connect(&pair);
		link_of(pair.b)->shared = i % 2;
		start_flood(pair.b, INT32_MAX, i < 2 ? 0 : 1 << 20);
		assert_int_equal(take(pair.b, ferry_in_ms(SHORT_MS)),
				 FERRY_ETIMEDOUT);
		fy_os_fault_clear();
		mq_close_all(&pair);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thief_of_wakes_holds_up_nobody),
		cmocka_unit_test(nobody_blocks_in_a_queue_that_others_can_open),
		cmocka_unit_test(
			who_does_not_wait_is_not_kept_by_what_is_no_message),
		cmocka_unit_test(a_deadline_holds_in_a_flood),
	};

	mq_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

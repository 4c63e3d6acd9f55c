/* SPDX-License-Identifier: MIT */
/* What is promised of links and listeners: whose they are, and what fails. */
#include "cases.h"

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
#include <sys/wait.h>
#include <unistd.h>

#include "audit.h"
#include "core/os.h"
#include "os_fault.h"
#include "talk.h"
#include "ways.h"

/* ---- who and whose ---- */

static void
the_kernel_names_the_peer(void **state)
{
	struct world *w = fy_talk_connected(state);
	struct ferry_peer a, b;

	w->a.link->ops->peer(w->a.link, &a);
	w->b.link->ops->peer(w->b.link, &b);
	assert_true(a.text[0] != '\0' && b.text[0] != '\0');
	assert_int_equal(a.has_ids, w->way->ids);
	assert_int_equal(b.has_ids, w->way->ids);
	if (w->way->ids) {
		assert_int_equal(a.uid, geteuid());
		assert_int_equal(b.gid, getegid());
		assert_int_equal(b.pid, getpid());
	}
	assert_int_equal(a.has_pid, w->way->ids || w->way->slow);
}

/* In a forked child: 0 if handles are refused and closing them is harmless. */
static int
try_in_child(struct world *w)
{
	struct ferry_link *accepted;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	uint8_t byte = 0;

	if (fy_channel_own(&w->a, NULL) != FERRY_EFORK)
		return 1;
	if (ferry_channel_send(&w->a, (struct ferry_bytes){ &byte, 1 }, FERRY_NOW,
			    NULL) != FERRY_EFORK)
		return 2;
	if (ferry_channel_recv(&w->b, &mem, &got, FERRY_NEVER, NULL) !=
	    FERRY_EFORK)
		return 3;
	if (ferry_channel_flush(&w->a, FERRY_NOW, NULL) != FERRY_EFORK)
		return 4;
	if (w->listener.port && fy_listener_accept(&w->listener, &accepted,
						   NULL) != FERRY_EFORK)
		return 5;
	fy_world_disconnect(w);
	return 0;
}

static void
a_forked_child_cannot_use_the_link_nor_harm_it(void **state)
{
	struct world *w = fy_talk_connected(state);
	uint8_t buf[20];
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		_exit(try_in_child(w));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	fy_talk_send(&w->a, fy_talk_message(buf, 20, 1));
	fy_talk_expect(&w->a, &w->b, fy_talk_message(buf, 20, 1));
	if (!w->listener.port)
		return;
	fy_channel_fini(&w->a);
	assert_int_equal(fy_world_dial(w), FERRY_OK);
}

/* ---- listeners ---- */

static void
nobody_waits_at_first(void **state)
{
	struct world *w = *state;
	struct ferry_link *none;

	assert_int_equal(fy_world_listen(w), FERRY_OK);
	assert_int_equal(fy_listener_accept(&w->listener, &none, NULL),
			 FERRY_EAGAIN);
	assert_int_equal(fy_world_dial(w), FERRY_OK);
	struct pollfd ready = { w->listener.port->ops->port_fd(
					w->listener.port),
				POLLIN, 0 };

	assert_int_equal(fy_os_poll(&ready, 1, ferry_in_ms(FY_TALK_MS)), 1);
}

static void
a_closed_listener_is_not_found_and_its_links_live(void **state)
{
	struct world *w = fy_talk_connected(state);
	struct ferry_channel first = w->a;
	struct ferry_addr addr;
	char text[2048];
	uint8_t buf[10];

	w->listener.port->ops->port_addr(w->listener.port, &addr);
	ferry_addr_format(&addr, text, sizeof(text));
	fy_listener_fini(&w->listener);
	assert_int_equal(fy_channel_open(&w->a, &w->config, text,
					 ferry_in_ms(FY_TALK_MS), &w->why),
			 FERRY_ECONNECT);
	assert_true(strlen(w->why.text) > 20);
	fy_talk_send(&first, fy_talk_message(buf, 10, 1));
	fy_talk_expect(&first, &w->b, fy_talk_message(buf, 10, 1));
}

static void
a_second_listener_is_refused(void **state)
{
	struct world *w = *state;
	struct ferry_listener second = { 0 };
	struct ferry_addr addr;
	char text[2048];

	assert_int_equal(fy_world_listen(w), FERRY_OK);
	w->listener.port->ops->port_addr(w->listener.port, &addr);
	ferry_addr_format(&addr, text, sizeof(text));
	assert_int_equal(fy_listener_open(&second, &w->config, text, &w->why),
			 FERRY_ESYS);
	assert_int_equal(w->why.sys_errno, EADDRINUSE);
	assert_int_equal(fy_world_dial(w), FERRY_OK);
}

/* ---- what fails ---- */

/*
 * A whole life: connects, a message there and back, the end. Whatever fails is
 * the end of it, too.
 */
static ferry_err
live(struct world *w)
{
	struct ferry_arena mem;
	struct ferry_bytes got;
	uint8_t buf[20000];
	struct ferry_bytes m = { buf, w->way->tiny ? 60 : sizeof(buf) };
	ferry_err err = fy_world_connect(w);

	ferry_arena_init(&mem, &w->heap.hooks);
	fy_talk_fill(buf, sizeof(buf), 1);
	if (!err)
		err = ferry_channel_send(&w->a, m, FERRY_NOW, NULL);
	if (!err)
		err = fy_talk_pass(&w->a, &w->b, &mem, &got);
	if (!err)
		err = ferry_channel_send(&w->b, got, FERRY_NOW, NULL);
	if (!err)
		err = fy_talk_pass(&w->b, &w->a, &mem, &got);
	if (!err && (got.len != m.len || memcmp(got.data, buf, m.len) != 0))
		err = FERRY_EPROTO;
	ferry_arena_fini(&mem);
	fy_world_disconnect(w);
	return err;
}

static void
expect_clean(struct world *w)
{
	fy_os_fault_clear();
	/* What unlink was not allowed to remove. */
	char path[100];

	snprintf(path, sizeof(path), "%s/s", w->folder);
	unlink(path);
	/* Nor may kill or waitpid have worked: a child ends with its input. */
	while (waitpid(-1, NULL, 0) > 0)
		continue;
	assert_int_equal(w->heap.n_live, 0);
	assert_int_equal(fy_audit_fds(), w->n_fds);
}

static void
memory_may_fail_at_any_time(void **state)
{
	struct world *w = *state;
	size_t n;

	assert_int_equal(live(w), FERRY_OK);
	n = w->heap.n_asked;
	for (size_t i = 1; i <= n; i++) {
		for (int for_ever = 0; for_ever < 2; for_ever++) {
			w->heap.n_asked = 0;
			w->heap.fail_at = i;
			w->heap.for_ever = for_ever;
			if (live(w) == FERRY_OK)
				assert_true(w->heap.n_asked < i);
			expect_clean(w);
		}
	}
	w->heap.fail_at = 0;
	assert_int_equal(live(w), FERRY_OK);
}

static void
every_system_call_may_fail_at_any_time(void **state)
{
	static const int errors[] = { EIO, EMFILE, ENOMEM };
	struct world *w = *state;
	uint32_t n;

	fy_os_fault_clear();
	assert_int_equal(live(w), FERRY_OK);
	n = fy_os_fault_count(FY_OS_any);
	for (uint32_t i = 1; i <= n; i++) {
		for (int for_ever = 0; for_ever < 2; for_ever++) {
			fy_os_fault_set(&(struct fy_os_fault){
				.at = i,
				.for_ever = for_ever,
				.error = errors[i % 3] });
			(void)live(w);
			expect_clean(w);
		}
	}
	assert_int_equal(live(w), FERRY_OK);
}

static void
short_reads_and_writes_lose_nothing(void **state)
{
	struct world *w = *state;

	fy_os_fault_set(&(struct fy_os_fault){ .io_most = 3 });
	assert_int_equal(live(w), FERRY_OK);
}

const struct fy_case fy_life_cases[] = {
	FY_CASE(the_kernel_names_the_peer, FY_WAYS_EVERY),
	FY_CASE(a_forked_child_cannot_use_the_link_nor_harm_it, FY_WAYS_EVERY),
	FY_CASE(nobody_waits_at_first, FY_WAYS_LISTENERS),
	FY_CASE(a_closed_listener_is_not_found_and_its_links_live,
		FY_WAYS_LISTENERS),
	FY_CASE(a_second_listener_is_refused, FY_WAYS_LISTENERS),
	FY_CASE(memory_may_fail_at_any_time, FY_WAYS_EVERY),
	FY_CASE(every_system_call_may_fail_at_any_time, FY_WAYS_EVERY),
	FY_CASE(short_reads_and_writes_lose_nothing, FY_WAYS_PLAIN),
	{ NULL, NULL, FY_WAYS_EVERY },
};

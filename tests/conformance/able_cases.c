/* SPDX-License-Identifier: MIT */
/*
 * What some facilities can do and others cannot, by the flags of enum
 * ferry_caps; and RPC, which none may refuse.
 */
#include "cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "os_fault.h"
#include "words.h"

/* ---- who ---- */

static void
the_kernel_names_the_peers_user(struct fy_world *w)
{
	struct ferry_peer peer;

	fy_world_meet(w);
	ferry_channel_peer(w->us, &peer);
	assert_true(peer.has_ids);
	assert_int_equal(peer.uid, geteuid());
	assert_true(peer.text[0] != '\0');
}

static void
the_kernel_names_the_peers_group(struct fy_world *w)
{
	struct ferry_peer peer;

	fy_world_meet(w);
	ferry_channel_peer(w->us, &peer);
	assert_true(peer.has_ids);
	assert_int_equal(peer.gid, getegid());
}

static void
an_unknown_group_is_said_to_be_unknown(struct fy_world *w)
{
	struct ferry_peer peer;

	fy_world_meet(w);
	ferry_channel_peer(w->us, &peer);
	assert_true(!peer.has_ids || peer.gid == FERRY_NO_GID);
}

static void
an_unknown_user_is_said_to_be_unknown(struct fy_world *w)
{
	struct ferry_peer peer;

	fy_world_meet(w);
	ferry_channel_peer(w->us, &peer);
	assert_false(peer.has_ids);
	assert_true(peer.text[0] != '\0');
}

static void
the_kernel_names_the_peers_process(struct fy_world *w)
{
	struct ferry_peer peer;

	fy_world_meet(w);
	ferry_channel_peer(w->us, &peer);
	assert_true(peer.has_pid);
	assert_int_equal(peer.pid, w->peer.pid);
}

static void
an_unknown_process_is_said_to_be_unknown(struct fy_world *w)
{
	const char *said;
	struct ferry_peer peer;

	fy_world_meet(w);
	ferry_channel_peer(w->us, &peer);
	assert_false(peer.has_pid);
	said = strstr(peer.text, "pid");
	assert_true(!said || strcmp(said, "pid unknown") == 0);
	assert_true(peer.text[0] != '\0');
}

static void
only_those_who_may_come_are_let_in(struct fy_world *w)
{
	const uint32_t others[] = { geteuid() + 1, geteuid() + 2 };
	const uint32_t ours[] = { geteuid() };
	struct ferry_counters counters;
	struct ferry_channel *none;
	struct fy_caller caller;

	if (!w->way->listen) {
		/* A pair has no door: the rule is the opener's own. */
		fy_world_connect(w);
		return;
	}
	w->config.uids = others;
	w->config.n_uids = 2;
	assert_int_equal(fy_world_listen(w), FERRY_OK);
	fy_caller_start(&caller, w, ferry_in_ms(200));
	assert_int_equal(ferry_listener_accept(w->listener, ferry_in_ms(200),
					       &none, NULL),
			 FERRY_ETIMEDOUT);
	/* He may be told, or just find that the channel has ended. */
	if (fy_caller_join(&caller, &w->us) == FERRY_OK)
		assert_int_not_equal(fy_recv_once(w->us, ferry_in_ms(200)),
				     FERRY_OK);
	ferry_listener_counters(w->listener, &counters);
	assert_int_equal(counters.refused, 1);
	assert_int_equal(counters.accepted, 0);
	fy_world_disconnect(w);
	w->config.uids = ours;
	w->config.n_uids = 1;
	fy_world_connect(w);
	fy_exchange(w->us, w->them);
}

static void
rules_by_user_are_refused(struct fy_world *w)
{
	const uint32_t ours[] = { geteuid() };

	if (!w->way->listen) {
		fy_world_connect(w);
		return;
	}
	w->config.uids = ours;
	w->config.n_uids = 1;
	assert_int_equal(fy_world_listen(w), FERRY_ENOTSUP);
	fy_assert_said(&w->why, FERRY_ENOTSUP);
}

static void
only_those_of_a_group_are_let_in(struct fy_world *w)
{
	const uint32_t ours[] = { getegid() };

	if (w->way->listen) {
		w->config.gids = ours;
		w->config.n_gids = 1;
	}
	fy_world_connect(w);
}

static void
rules_by_group_are_refused(struct fy_world *w)
{
	const uint32_t ours[] = { getegid() };

	if (!w->way->listen) {
		fy_world_connect(w);
		return;
	}
	w->config.gids = ours;
	w->config.n_gids = 1;
	assert_int_equal(fy_world_listen(w), FERRY_ENOTSUP);
	fy_assert_said(&w->why, FERRY_ENOTSUP);
}

/* ---- descriptors ---- */

static ino_t
inode(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_ino;
}

static void
descriptors_are_passed(struct fy_world *w)
{
	struct ferry_counters counters;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	uint8_t buf[10];
	int sent[3], fds[5];

	fy_world_connect(w);
	for (int i = 0; i < 3; i++)
		sent[i] = open(i ? "/dev/null" : "/", O_RDONLY | O_CLOEXEC);
	assert_int_equal(ferry_channel_send_fds(w->us, fy_filled(buf, 10, 1),
						sent, 3, FERRY_NEVER, NULL),
			 FERRY_OK);
	assert_int_equal(fy_pass(w->us, w->them, &mem, &got), FERRY_OK);
	assert_true(fy_is_filled(got, 10, 1));
	assert_int_equal(ferry_channel_fds(w->them, fds, 5), 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(inode(fds[i]), inode(sent[i]));
		assert_true(fcntl(fds[i], F_GETFD) & FD_CLOEXEC);
		close(fds[i]);
	}
	/* What nobody fetches is closed. */
	assert_int_equal(ferry_channel_send_fds(w->us, fy_filled(buf, 0, 1),
						sent, 3, FERRY_NEVER, NULL),
			 FERRY_OK);
	fy_expect(w->us, w->them, fy_filled(buf, 0, 1));
	fy_exchange(w->us, w->them);
	ferry_channel_counters(w->them, &counters);
	assert_int_equal(counters.received_fds, 6);
	for (int i = 0; i < 3; i++)
		close(sent[i]);
	ferry_arena_fini(&mem);
}

static void
descriptors_are_refused(struct fy_world *w)
{
	uint8_t buf[10];
	int fd = 0;

	fy_world_connect(w);
	assert_int_equal(ferry_channel_send_fds(w->us, fy_filled(buf, 10, 1),
						&fd, 1, FERRY_NEVER, &w->why),
			 FERRY_ENOTSUP);
	fy_assert_said(&w->why, FERRY_ENOTSUP);
	fy_exchange(w->us, w->them);
}

/* So many small messages that some have not left. */
static uint32_t
leave_some_unsent(struct fy_world *w, struct ferry_bytes m)
{
	uint32_t n = 0;

	do {
		fy_send(w->us, m);
		n++;
	} while (ferry_channel_flush(w->us, FERRY_NOW, NULL) == FERRY_OK);
	return n;
}

/* Waits for what may not go: now and then it is tried again. */
static void
expect_a_stall(struct fy_world *w)
{
	const struct ferry_deadline until = ferry_in_ms(35);
	struct pollfd p = { .events = POLLIN };

	assert_int_equal(ferry_channel_fd(w->us, &p.fd, NULL), FERRY_OK);
	assert_int_equal(ferry_channel_flush(w->us, until, NULL),
			 FERRY_ETIMEDOUT);
	fy_assert_punctual(until);
	assert_int_equal(ferry_channel_process(w->us, NULL), FERRY_OK);
	assert_int_equal(poll(&p, 1, 0), 0);
	assert_true(ferry_channel_timeout(w->us).ns <
		    ferry_in_ms(FY_LATE_MS).ns);
}

static void
expect_descriptor(struct fy_world *w, struct ferry_bytes m)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	int fds[2];

	assert_int_equal(fy_pass(w->us, w->them, &mem, &got), FERRY_OK);
	assert_int_equal(got.len, m.len);
	assert_int_equal(ferry_channel_fds(w->them, fds, 2), 1);
	close(fds[0]);
	ferry_arena_fini(&mem);
}

/* Too many of this user's descriptors are on their way already. */
static void
descriptors_that_may_not_go_yet_are_not_lost(struct fy_world *w)
{
	const struct fy_os_fault too_many = { .call = FY_OS_sendmsg,
					      .at = 1,
					      .for_ever = true,
					      .error = ETOOMANYREFS };
	uint8_t *buf = test_malloc(60000);
	struct ferry_bytes large = fy_filled(buf, 60000, 1);
	int fd = open("/", O_RDONLY | O_CLOEXEC);
	uint8_t text[10];
	uint32_t n;

	fy_world_connect(w);
	n = leave_some_unsent(w, large);
	assert_int_equal(ferry_channel_send_fds(w->us, fy_filled(text, 10, 1),
						&fd, 1, FERRY_NOW, NULL),
			 FERRY_OK);
	fy_send(w->us, fy_filled(text, 9, 2));
	fy_os_fault_set(&too_many);
	while (n-- > 0)
		fy_expect(w->us, w->them, large);
	fy_os_fault_set(&too_many);
	expect_a_stall(w);
	assert_in_range(fy_os_fault_count(FY_OS_sendmsg), 2, 10);
	fy_os_fault_clear();
	expect_descriptor(w, fy_filled(text, 10, 1));
	fy_expect(w->us, w->them, fy_filled(text, 9, 2));
	close(fd);
	test_free(buf);
}

/* ---- children ---- */

static void
the_status_of_the_child_is_told(struct fy_world *w)
{
	struct ferry_channel *ch;
	int status = -1;

	(void)w;
	assert_int_equal(ferry_channel_open("exec:sh -c 'read x; exit 7'",
					    &w->config.channel,
					    ferry_in_ms(FY_TEST_MS), &ch,
					    &w->why),
			 FERRY_OK);
	w->us = ch;
	assert_int_equal(ferry_channel_status(ch, FERRY_NOW, &status, NULL),
			 FERRY_EAGAIN);
	assert_int_equal(
		ferry_channel_status(ch, ferry_in_ms(5), &status, NULL),
		FERRY_ETIMEDOUT);
	assert_int_equal(
		ferry_channel_finish(ch, ferry_in_ms(FY_TEST_MS), NULL),
		FERRY_OK);
	assert_int_equal(ferry_channel_status(ch, ferry_in_ms(FY_TEST_MS),
					      &status, NULL),
			 FERRY_OK);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
}

static void
there_is_no_child_to_ask_for(struct fy_world *w)
{
	int status;

	fy_world_connect(w);
	assert_int_equal(
		ferry_channel_status(w->us, FERRY_NOW, &status, &w->why),
		FERRY_ENOTSUP);
	fy_assert_said(&w->why, FERRY_ENOTSUP);
}

/* ---- forks ---- */

/* The child's part: claims one end, closes the other, sends and receives. */
static int
claim_in_child(struct fy_world *w)
{
	struct ferry_bytes m = { (const uint8_t *)"claimed", 7 };

	if (ferry_channel_claim(w->us, NULL) ||
	    ferry_channel_close(w->them, FERRY_NOW, NULL))
		return 1;
	if (ferry_channel_send(w->us, m, ferry_in_ms(FY_TEST_MS), NULL) ||
	    fy_recv_once(w->us, ferry_in_ms(FY_TEST_MS)) ||
	    ferry_channel_close(w->us, ferry_in_ms(FY_TEST_MS), NULL))
		return 2;
	return 0;
}

static void
a_child_can_claim_an_end(struct fy_world *w)
{
	int status = -1;
	uint8_t buf[9];
	pid_t child;

	fy_world_connect(w);
	child = fork();
	if (child == 0)
		_exit(claim_in_child(w));
	ferry_channel_close(w->us, FERRY_NOW, NULL);
	w->us = NULL;
	fy_expect(NULL, w->them,
		  (struct ferry_bytes){ (const uint8_t *)"claimed", 7 });
	fy_send(w->them, fy_filled(buf, 9, 1));
	assert_int_equal(fy_recv_once(w->them, ferry_in_ms(FY_TEST_MS)),
			 FERRY_EOF);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
a_claim_is_refused(struct fy_world *w)
{
	fy_world_connect(w);
	assert_int_equal(ferry_channel_claim(w->us, &w->why), FERRY_ENOTSUP);
	fy_assert_said(&w->why, FERRY_ENOTSUP);
	fy_exchange(w->us, w->them);
}

/* ---- addresses ---- */

static void
options_that_nobody_knows_are_refused(struct fy_world *w)
{
	char text[300], at[256] = "exec:true";
	ferry_err err;

	if (w->way->listen)
		fy_world_listen_addr(w, at, sizeof(at));
	else if (strcmp(w->way->scheme, "pipe") == 0)
		snprintf(at, sizeof(at), "pipe:0,1");
	snprintf(text, sizeof(text), "%s?nosuch=1", at);
	err = ferry_channel_open(text, NULL, FERRY_NOW, &w->us, &w->why);
	assert_int_equal(err, FERRY_EADDR);
	fy_assert_said(&w->why, FERRY_EADDR);
	assert_non_null(strstr(w->why.text, "nosuch"));
	if (w->base >= 0)
		close(atoi(at + strlen("fd:")));
}

static void
frames_are_refused_where_messages_are_whole(struct fy_world *w)
{
	char text[300], at[256];

	fy_world_listen_addr(w, at, sizeof(at));
	snprintf(text, sizeof(text), "%s?frame=line", at);
	assert_int_equal(
		ferry_channel_open(text, NULL, FERRY_NOW, &w->us, &w->why),
		FERRY_EADDR);
	fy_assert_said(&w->why, FERRY_EADDR);
}

static void
a_stream_can_be_framed_otherwise(struct fy_world *w)
{
	static const char *const frames[] = { "line", "nul", "u32", "record" };
	struct ferry_bytes text = { (const uint8_t *)"some text", 9 };

	for (size_t i = 0; i < 4; i++) {
		snprintf(w->options, sizeof(w->options), "frame=%s", frames[i]);
		fy_world_connect(w);
		for (int n = 0; n < 3; n++) {
			fy_send(w->us, text);
			fy_send(w->us, (struct ferry_bytes){ NULL, 0 });
			fy_expect(w->us, w->them, text);
			fy_expect(w->us, w->them,
				  (struct ferry_bytes){ NULL, 0 });
			fy_send(w->them, text);
			fy_expect(w->them, w->us, text);
		}
		fy_world_disconnect(w);
	}
}

/* What one read finds is a message: the next is sent when it was read. */
static void
raw_bytes_come_as_they_are(struct fy_world *w)
{
	struct ferry_bytes text = { (const uint8_t *)"some\0\ntext", 10 };

	snprintf(w->options, sizeof(w->options), "frame=raw");
	fy_world_connect(w);
	for (int i = 0; i < 3; i++) {
		fy_send(w->us, text);
		fy_expect(w->us, w->them, text);
		fy_send(w->them, text);
		fy_expect(w->them, w->us, text);
	}
	ferry_channel_close(w->them, ferry_in_ms(FY_TEST_MS), NULL);
	w->them = NULL;
	fy_expect_end(w->us);
}

/* ---- one way ---- */

static void
open_half(struct fy_world *w, const char *address, const char *way,
	  const char *frame, struct ferry_channel **out)
{
	char text[FY_ADDR];

	assert_in_range(snprintf(text, sizeof(text), "%s%sframe=%s", address,
				 way, frame), 1, sizeof(text) - 1);
	if (ferry_channel_open(text, &w->config.channel,
			       ferry_in_ms(FY_TEST_MS), out, &w->why))
		fail_msg("%s", w->why.text);
}

/* .us sends, .them receives. */
static void
connect_one_way(struct fy_world *w, const char *frame)
{
	char in[FY_ADDR], out[FY_ADDR];
	int fds[2];

	if (w->way->listen) {
		snprintf(in, sizeof(in), "fifo:%s/s", w->folder);
		assert_int_equal(mkfifo(in + strlen("fifo:"), 0600), 0);
		open_half(w, in, "?way=in&", frame, &w->them);
		open_half(w, in, "?way=out&", frame, &w->us);
		unlink(in + strlen("fifo:"));
		return;
	}
	assert_int_equal(pipe(fds), 0);
	snprintf(in, sizeof(in), "pipe:%d,", fds[0]);
	snprintf(out, sizeof(out), "pipe:,%d", fds[1]);
	open_half(w, in, "?", frame, &w->them);
	open_half(w, out, "?", frame, &w->us);
}

static void
one_direction_may_be_missing(struct fy_world *w)
{
	static const char *const frames[] = { "record", "line", "nul", "u32",
					      "raw" };
	struct ferry_bytes text = { (const uint8_t *)"some text", 9 };

	for (size_t i = 0; i < 5; i++) {
		connect_one_way(w, frames[i]);
		for (int n = 0; n < 3; n++) {
			fy_send(w->us, text);
			fy_expect(w->us, w->them, text);
		}
		assert_int_equal(
			ferry_channel_send(w->them, text, FERRY_NOW, &w->why),
			FERRY_ENOTSUP);
		fy_assert_said(&w->why, FERRY_ENOTSUP);
		assert_int_equal(fy_recv_once(w->us, FERRY_NOW), FERRY_ENOTSUP);
		ferry_channel_close(w->us, ferry_in_ms(FY_TEST_MS), NULL);
		w->us = NULL;
		fy_expect_end(w->them);
		fy_world_disconnect(w);
	}
}

static void
both_directions_are_always_there(struct fy_world *w)
{
	char text[FY_ADDR + 10], at[FY_ADDR] = "exec:true";

	if (w->way->listen)
		fy_world_listen_addr(w, at, sizeof(at));
	snprintf(text, sizeof(text), "%s?way=in", at);
	assert_int_equal(
		ferry_channel_open(text, NULL, FERRY_NOW, &w->us, &w->why),
		FERRY_EADDR);
	fy_assert_said(&w->why, FERRY_EADDR);
	if (w->base >= 0)
		close(atoi(at + strlen("fd:")));
}

/* ---- RPC ---- */

/* A server for one client: @out is what that has to open. */
static void
serve(struct fy_world *w, struct host *host, char out[FY_ADDR])
{
	char at[FY_ADDR];

	fy_world_addrs(w, out, at);
	if (ferry_server_listen(host->server, at, &w->why))
		fail_msg("%s", w->why.text);
	if (out[0] == '\0')
		ferry_server_addr(host->server, 0, out, FY_ADDR);
	host_run(host);
}

static void
a_call_is_answered(struct fy_world *w)
{
	struct host *host = test_malloc(sizeof(*host));
	struct ferry_arena mem = { 0 };
	struct ferry_client *client;
	struct ferry_bytes got;
	uint8_t buf[3000];
	char at[FY_ADDR];

	host_init(host, NULL, 1);
	serve(w, host, at);
	if (ferry_client_open(at, NULL, ferry_in_ms(FY_TEST_MS), &client,
			      &w->why))
		fail_msg("%s", w->why.text);
	for (uint32_t i = 0; i < 5; i++) {
		struct ferry_call call = { .client = client,
					   .until = ferry_in_ms(FY_TEST_MS),
					   .mem = &mem };

		assert_int_equal(
			echo_1_call(&call, fy_filled(buf, 3000, i), &got),
			FERRY_OK);
		assert_true(fy_is_filled(got, 3000, i));
	}
	ferry_client_free(client);
	host_end(host, true);
	host_fini(host);
	ferry_arena_fini(&mem);
	test_free(host);
}

const struct fy_case fy_able_cases[] = {
	FY_MUST(a_call_is_answered, FY_PLAIN | FY_ONCE),
	FY_MUST(options_that_nobody_knows_are_refused, FY_PLAIN | FY_ONCE),
	FY_CAN(the_kernel_names_the_peers_user, IDS,
	       an_unknown_user_is_said_to_be_unknown, FY_PLAIN),
	FY_CAN(the_kernel_names_the_peers_group, GID,
	       an_unknown_group_is_said_to_be_unknown, FY_PLAIN),
	FY_CAN(the_kernel_names_the_peers_process, PID,
	       an_unknown_process_is_said_to_be_unknown, FY_PLAIN),
	FY_CAN(only_those_who_may_come_are_let_in, IDS,
	       rules_by_user_are_refused, FY_PLAIN | FY_ONCE | FY_NAMED),
	FY_CAN(only_those_of_a_group_are_let_in, GID,
	       rules_by_group_are_refused, FY_PLAIN | FY_ONCE | FY_NAMED),
	FY_CAN(descriptors_are_passed, FDS, descriptors_are_refused, FY_PLAIN),
	FY_CAN(descriptors_that_may_not_go_yet_are_not_lost, FDS,
	       descriptors_are_refused, FY_PLAIN),
	FY_CAN(a_stream_can_be_framed_otherwise, STREAM,
	       frames_are_refused_where_messages_are_whole, FY_PLAIN | FY_ONCE),
	FY_CAN(raw_bytes_come_as_they_are, STREAM,
	       frames_are_refused_where_messages_are_whole, FY_PLAIN | FY_ONCE),
	FY_CAN(one_direction_may_be_missing, ONE_WAY,
	       both_directions_are_always_there, FY_PLAIN | FY_ONCE),
	FY_CAN(a_child_can_claim_an_end, CLAIM, a_claim_is_refused, FY_PLAIN),
	FY_CAN(the_status_of_the_child_is_told, CHILD,
	       there_is_no_child_to_ask_for, FY_PLAIN),
	{ .sentence = NULL },
};

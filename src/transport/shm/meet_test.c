/* SPDX-License-Identifier: MIT */
/* How the two ends meet, and what becomes of peers that do not know how. */
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
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ferry/arena.h>
#include <ferry/channel.h>

#include "audit.h"
#include "shm_raw.h"

/* Half met there are at most so many. */
#define HALF_MET_MOST 16

struct place {
	char folder[40];
	char path[60];
	char addr[70];
	struct fy_audit before;
};

static int
open_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	*state = place;
	strcpy(place->folder, "/tmp/ferry-test-XXXXXX");
	if (!mkdtemp(place->folder))
		return -1;
	snprintf(place->path, sizeof(place->path), "%s/s", place->folder);
	snprintf(place->addr, sizeof(place->addr), "shm:%s", place->path);
	fy_audit_take(&place->before);
	return 0;
}

static int
close_place(void **state)
{
	struct place *place = *state;
	int result = fy_audit_same(&place->before) ? rmdir(place->folder) : -1;

	free(place);
	return result;
}

/* ---- both ends in one process ---- */

struct opener {
	const char *addr;
	struct ferry_channel *ch;
	struct ferry_error why;
	ferry_err err;
	pthread_t thread;
};

static void *
open_there(void *arg)
{
	struct opener *o = arg;

	o->err = ferry_channel_open(o->addr, NULL, ferry_in_ms(10000), &o->ch,
				    &o->why);
	return NULL;
}

static void
begin_open(struct opener *o, const char *addr)
{
	*o = (struct opener){ .addr = addr };
	assert_int_equal(pthread_create(&o->thread, NULL, open_there, o), 0);
}

static struct ferry_listener *
listen_at(const char *addr)
{
	struct ferry_listener *listener = NULL;
	struct ferry_error why;

	assert_int_equal(ferry_listener_open(addr, NULL, &listener, &why),
			 FERRY_OK);
	return listener;
}

static void
pass(struct ferry_channel *from, struct ferry_channel *to, const char *text)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;

	assert_int_equal(ferry_channel_send(from,
					    (struct ferry_bytes){
						    (const uint8_t *)text,
						    (uint32_t)strlen(text) },
					    ferry_in_ms(10000), NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_recv(to, &mem, &got, ferry_in_ms(10000),
					    NULL),
			 FERRY_OK);
	assert_int_equal(got.len, strlen(text));
	assert_memory_equal(got.data, text, got.len);
	ferry_arena_fini(&mem);
}

static void
meet(struct ferry_listener *listener, const char *addr)
{
	struct ferry_channel *ch = NULL;
	struct opener o;

	begin_open(&o, addr);
	assert_int_equal(ferry_listener_accept(listener, ferry_in_ms(10000),
					       &ch, NULL),
			 FERRY_OK);
	assert_int_equal(pthread_join(o.thread, NULL), 0);
	assert_int_equal(o.err, FERRY_OK);
	pass(o.ch, ch, "there");
	pass(ch, o.ch, "and back");
	ferry_channel_close(o.ch, FERRY_NOW, NULL);
	ferry_channel_close(ch, FERRY_NOW, NULL);
}

static void
both_ends_choose_their_rings(void **state)
{
	static const char *const options[] = {
		"", "?ring=4k", "?ring=1m&trust=peer", "?ring=65536",
	};
	struct place *place = *state;

	for (size_t i = 0; i < 4; i++) {
		char addr[100], other[100];
		struct ferry_listener *listener;

		snprintf(addr, sizeof(addr), "%s%s", place->addr, options[i]);
		snprintf(other, sizeof(other), "%s%s", place->addr,
			 options[3 - i]);
		listener = listen_at(addr);
		meet(listener, other);
		ferry_listener_close(listener);
	}
}

static void
options_that_mean_nothing_are_refused(void **state)
{
	static const char *const wrong[] = {
		"?ring=", "?ring=0", "?ring=2k", "?ring=4095", "?ring=12k",
		"?ring=2g", "?ring=1t", "?ring=4kk", "?ring=k", "?ring=-4k",
		"?ring=18446744073709555712", "?trust=", "?trust=me",
		"?watch=process", "?frame=line",
	};
	struct place *place = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct ferry_listener *listener;
		struct ferry_channel *ch;
		struct ferry_error why;
		char addr[120];

		snprintf(addr, sizeof(addr), "%s%s", place->addr, wrong[i]);
		assert_int_equal(ferry_listener_open(addr, NULL, &listener,
						     &why),
				 FERRY_EADDR);
		assert_int_equal(ferry_channel_open(addr, NULL, FERRY_NOW, &ch,
						    &why),
				 FERRY_EADDR);
	}
}

static void
shm_and_unix_are_never_mistaken_for_each_other(void **state)
{
	struct place *place = *state;
	char addr[2][100];

	snprintf(addr[0], sizeof(addr[0]), "%s", place->addr);
	snprintf(addr[1], sizeof(addr[1]), "unix:%s", place->path);
	for (int i = 0; i < 2; i++) {
		struct ferry_listener *listener = listen_at(addr[i]), *second;
		struct ferry_channel *ch;
		struct ferry_error why;

		assert_int_equal(ferry_channel_open(addr[1 - i], NULL,
						    FERRY_NOW, &ch, &why),
				 FERRY_ECONNECT);
		assert_non_null(strstr(why.text,
				       i == 0 ? "speaks shm:, not unix:"
					      : "speaks unix:, not shm:"));
		assert_non_null(strstr(why.text, addr[1 - i]));
		assert_int_equal(ferry_listener_open(addr[1 - i], NULL,
						     &second, &why),
				 FERRY_ESYS);
		assert_int_equal(why.sys_errno, EADDRINUSE);
		ferry_listener_close(listener);
	}
}

/* ---- clients that do not know how ---- */

/**
 * struct wrong - a hello that is none
 * @at, @byte: what is changed of a good one; nothing, if @at is -1
 * @bytes:     that are sent
 * @n_fds:     of the memory, each the same
 */
struct wrong {
	int at;
	uint8_t byte;
	size_t bytes;
	int seals;
	size_t n_fds;
	const char *says;
};

#define AT(member) (int)offsetof(struct fy_raw_packet, member)

static const struct wrong hellos[] = {
	{ -1, 0, 1, FY_RAW_SEALS, 1, "does not speak shm:" },
	{ -1, 0, 255, FY_RAW_SEALS, 1, "does not speak shm:" },
	{ -1, 0, 257, FY_RAW_SEALS, 1, "does not speak shm:" },
	{ -1, 0, 60000, FY_RAW_SEALS, 1, "does not speak shm:" },
	{ AT(magic), 'f', 256, FY_RAW_SEALS, 1, "does not speak shm:" },
	{ AT(version), 2, 256, FY_RAW_SEALS, 1, "speaks version 2 of shm:" },
	{ AT(zero), 1, 256, FY_RAW_SEALS, 1, "does not know" },
	{ AT(kind), FY_RAW_WELCOME, 256, FY_RAW_SEALS, 1, "should not: 2" },
	{ AT(kind), 9, 256, FY_RAW_SEALS, 1, "should not: 9" },
	{ AT(kind), FY_RAW_REFUSAL, 256, FY_RAW_SEALS, 1, "refuses" },
	{ AT(ring), 1, 256, FY_RAW_SEALS, 1, "power of two" },
	{ AT(ring) + 7, 1, 256, FY_RAW_SEALS, 1, "power of two" },
	{ AT(ring) + 2, 2, 256, FY_RAW_SEALS, 1, "shorter" },
	{ -1, 0, 256, FY_RAW_SEALS, 0, "sent no memory" },
	{ -1, 0, 256, FY_RAW_SEALS, 2, "more than one descriptor" },
	{ -1, 0, 256, FY_RAW_SEALS, 30, "more than one descriptor" },
	{ -1, 0, 256, 0, 1, "is not sealed" },
	{ -1, 0, 256, FY_RAW_SEALS & ~F_SEAL_FUTURE_WRITE, 1,
	  "written by others" },
};

static void
say_wrong(int fd, const struct wrong *w)
{
	static uint8_t room[60000];
	const struct fy_raw_packet p = fy_raw_packet(FY_RAW_HELLO, FY_RAW_RING);
	int fds[30];

	memcpy(room, &p, sizeof(p));
	if (w->at >= 0)
		room[w->at] = w->byte;
	for (size_t i = 0; i < w->n_fds; i++)
		fds[i] = i == 0 ? fy_raw_memory(w->seals) : dup(fds[0]);
	fy_raw_send(fd, room, w->bytes, fds, w->n_fds);
}

static uint64_t
count_failed(const struct ferry_listener *listener)
{
	struct ferry_counters counters;

	ferry_listener_counters(listener, &counters);
	return counters.failed;
}

static void
who_says_no_hello_is_told_what_is_wrong(void **state)
{
	struct place *place = *state;
	struct ferry_listener *listener = listen_at(place->addr);
	struct ferry_channel *ch;

	for (size_t i = 0; i < sizeof(hellos) / sizeof(hellos[0]); i++) {
		int fd = fy_raw_socket(place->path, connect);
		struct fy_raw_packet got;

		say_wrong(fd, &hellos[i]);
		assert_int_equal(ferry_listener_accept(listener, FERRY_NOW,
						       &ch, NULL),
				 FERRY_EAGAIN);
		assert_int_equal(count_failed(listener), i + 1);
		assert_int_equal(recv(fd, &got, sizeof(got), MSG_DONTWAIT),
				 sizeof(got));
		assert_int_equal(got.kind, FY_RAW_REFUSAL);
		assert_non_null(strstr(got.text, hellos[i].says));
		assert_int_equal(recv(fd, &got, sizeof(got), MSG_DONTWAIT), 0);
		close(fd);
	}
	meet(listener, place->addr);
	ferry_listener_close(listener);
}

static void
who_comes_and_goes_is_counted(void **state)
{
	struct place *place = *state;
	struct ferry_listener *listener = listen_at(place->addr);
	struct ferry_channel *ch;
	int fd = fy_raw_socket(place->path, connect);
	int half = fy_raw_socket(place->path, connect);

	close(fd);
	assert_int_equal(ferry_listener_accept(listener, FERRY_NOW, &ch, NULL),
			 FERRY_EAGAIN);
	assert_int_equal(count_failed(listener), 1);
	close(half);
	assert_int_equal(ferry_listener_accept(listener, FERRY_NOW, &ch, NULL),
			 FERRY_EAGAIN);
	assert_int_equal(count_failed(listener), 2);
	ferry_listener_close(listener);
}

static bool
has_hung_up(int fd)
{
	struct pollfd poll_fd = { fd, 0, 0 };

	return poll(&poll_fd, 1, 0) == 1;
}

static void
the_silent_keep_nobody_out_and_are_not_many(void **state)
{
	struct place *place = *state;
	struct ferry_listener *listener = listen_at(place->addr);
	struct ferry_channel *ch;
	int fds[HALF_MET_MOST + 3];
	size_t n = sizeof(fds) / sizeof(fds[0]);

	for (size_t i = 0; i < n; i++)
		fds[i] = fy_raw_socket(place->path, connect);
	while (ferry_listener_accept(listener, FERRY_NOW, &ch, NULL) !=
	       FERRY_EAGAIN)
		continue;
	for (size_t i = 0; i < n; i++)
		assert_int_equal(has_hung_up(fds[i]), i < 3);
	assert_int_equal(count_failed(listener), 3);
	meet(listener, place->addr);
	/* Who says hello late is met still. */
	fy_raw_send(fds[n - 1], &(struct fy_raw_packet){ .kind = FY_RAW_HELLO },
		 sizeof(struct fy_raw_packet), NULL, 0);
	assert_int_equal(ferry_listener_accept(listener, FERRY_NOW, &ch, NULL),
			 FERRY_EAGAIN);
	assert_true(has_hung_up(fds[n - 1]));
	ferry_listener_close(listener);
	for (size_t i = 0; i < n; i++) {
		assert_true(has_hung_up(fds[i]));
		close(fds[i]);
	}
}

/* Level-triggered, as who waits with poll(2) and epoll(7) has to see it. */
static void
a_listener_tells_when_a_hello_has_come(void **state)
{
	struct place *place = *state;
	struct ferry_listener *listener = listen_at(place->addr);
	struct pollfd tells = { .events = POLLIN };
	const struct fy_raw_packet p = fy_raw_packet(FY_RAW_HELLO, FY_RAW_RING);
	struct ferry_channel *ch = NULL;
	int fd, mem = fy_raw_memory(FY_RAW_SEALS);

	assert_int_equal(ferry_listener_fd(listener, &tells.fd, NULL),
			 FERRY_OK);
	assert_int_equal(poll(&tells, 1, 0), 0);
	fd = fy_raw_socket(place->path, connect);
	assert_int_equal(poll(&tells, 1, 1000), 1);
	assert_int_equal(ferry_listener_accept(listener, FERRY_NOW, &ch, NULL),
			 FERRY_EAGAIN);
	assert_int_equal(poll(&tells, 1, 0), 0);
	fy_raw_send(fd, &p, sizeof(p), &mem, 1);
	assert_int_equal(poll(&tells, 1, 1000), 1);
	assert_int_equal(ferry_listener_accept(listener, FERRY_NOW, &ch, NULL),
			 FERRY_OK);
	assert_int_equal(poll(&tells, 1, 0), 0);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	ferry_listener_close(listener);
	close(fd);
}

/* ---- listeners that do not know how ---- */

/* Answers the next client, whose hello is read, with @w. */
static void
answer_wrong(int listener, const struct wrong *w)
{
	int fd = accept(listener, NULL, NULL);
	struct fy_raw_packet got;

	assert_true(fd >= 0);
	assert_int_equal(recv(fd, &got, sizeof(got), 0), sizeof(got));
	assert_int_equal(got.kind, FY_RAW_HELLO);
	if (w)
		say_wrong(fd, w);
	close(fd);
}

static void
who_answers_wrongly_is_left(void **state)
{
	static const struct wrong answers[] = {
		{ AT(kind), FY_RAW_HELLO, 256, FY_RAW_SEALS, 1, "should not" },
		{ AT(magic), 'f', 256, FY_RAW_SEALS, 1, "does not speak shm:" },
		{ AT(kind), FY_RAW_WELCOME, 256, FY_RAW_SEALS, 0, "no memory" },
		{ AT(kind), FY_RAW_WELCOME, 256, FY_RAW_SEALS, 2, "more than" },
		{ AT(kind), FY_RAW_WELCOME, 256, 0, 1, "is not sealed" },
		{ -1, 0, 100, FY_RAW_SEALS, 0, "does not speak shm:" },
	};
	struct place *place = *state;
	int fd = fy_raw_socket(place->path, bind);
	struct opener o;

	assert_int_equal(listen(fd, 5), 0);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		begin_open(&o, place->addr);
		answer_wrong(fd, &answers[i]);
		assert_int_equal(pthread_join(o.thread, NULL), 0);
		assert_int_equal(o.err, FERRY_EPROTO);
		assert_non_null(strstr(o.why.text, answers[i].says));
	}
	begin_open(&o, place->addr);
	answer_wrong(fd, NULL);
	assert_int_equal(pthread_join(o.thread, NULL), 0);
	assert_int_equal(o.err, FERRY_ECONNECT);
	close(fd);
	assert_int_equal(unlink(place->path), 0);
}

static void
a_refusal_is_told_and_cannot_write_to_a_terminal(void **state)
{
	struct place *place = *state;
	struct fy_raw_packet p = fy_raw_packet(FY_RAW_REFUSAL, 0);
	int fd = fy_raw_socket(place->path, bind), peer;
	struct opener o;

	memset(p.text, '\33', sizeof(p.text));
	memcpy(p.text, "no\nroom", 7);
	assert_int_equal(listen(fd, 5), 0);
	begin_open(&o, place->addr);
	peer = accept(fd, NULL, NULL);
	fy_raw_send(peer, &p, sizeof(p), NULL, 0);
	assert_int_equal(pthread_join(o.thread, NULL), 0);
	assert_int_equal(o.err, FERRY_ECONNECT);
	assert_non_null(strstr(o.why.text, "refuses: no?room???"));
	assert_null(strchr(o.why.text, '\33'));
	close(peer);
	close(fd);
	assert_int_equal(unlink(place->path), 0);
}

static void
who_never_answers_is_waited_for_until_the_deadline(void **state)
{
	struct place *place = *state;
	int fd = fy_raw_socket(place->path, bind);
	struct ferry_deadline until;
	struct ferry_channel *ch;
	struct ferry_error why;

	assert_int_equal(listen(fd, 5), 0);
	assert_int_equal(ferry_channel_open(place->addr, NULL, FERRY_NOW, &ch,
					    &why),
			 FERRY_EAGAIN);
	until = ferry_in_ms(20);
	assert_int_equal(ferry_channel_open(place->addr, NULL, until, &ch,
					    &why),
			 FERRY_ETIMEDOUT);
	assert_non_null(strstr(why.text, place->addr));
	close(fd);
	/* ... and the end of a listener is noticed. */
	assert_int_equal(ferry_channel_open(place->addr, NULL, FERRY_NEVER,
					    &ch, &why),
			 FERRY_ECONNECT);
	assert_int_equal(unlink(place->path), 0);
}

/* In a child that is another user: listens, and is told when to end. */
static pid_t
listen_as_other(const char *name, int *end)
{
	int ready[2], go[2];
	pid_t child;
	char byte;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go), 0);
	child = fork();
	if (child == 0) {
		struct sockaddr_un addr = { .sun_family = AF_UNIX };
		int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0), peer;

		close(go[1]);
		strcpy(addr.sun_path + 1, name);
		if (setgid(61001) < 0 || setuid(61001) < 0 ||
		    bind(fd, (struct sockaddr *)&addr,
			 (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				     1 + strlen(name))) < 0 ||
		    listen(fd, 5) < 0 || write(ready[1], "r", 1) != 1)
			_exit(1);
		/* The client has left: has he said anything before? */
		(void)!read(go[0], &byte, 1);
		peer = accept(fd, NULL, NULL);
		_exit(recv(peer, &byte, 1, 0) > 0 ? 2 : 0);
	}
	close(ready[1]);
	close(go[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	*end = go[1];
	return child;
}

static void
nothing_is_sent_to_who_may_not_have_an_abstract_name(void **state)
{
	struct ferry_channel *ch;
	struct ferry_error why;
	char name[40], addr[60];
	int end, status;
	pid_t child;

	(void)state;
	if (geteuid() != 0)
		skip();
	snprintf(name, sizeof(name), "ferry-test-%d", getpid());
	snprintf(addr, sizeof(addr), "shm:@%s", name);
	child = listen_as_other(name, &end);
	assert_int_equal(ferry_channel_open(addr, NULL, ferry_in_ms(5000), &ch,
					    &why),
			 FERRY_EACCES);
	close(end);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* ---- want ---- */

static rlim_t
limit_fds(rlim_t most)
{
	struct rlimit limit;
	rlim_t before;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	before = limit.rlim_cur;
	limit.rlim_cur = most;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	return before;
}

/* With so few more descriptors: what accept says, again and again. */
static void
expect_want(struct ferry_listener *listener, int n_left)
{
	int lowest = dup(0);
	struct ferry_channel *ch;
	struct ferry_error why;
	rlim_t before;

	close(lowest);
	before = limit_fds((rlim_t)(lowest + n_left));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ferry_listener_accept(listener, FERRY_NOW,
						       &ch, &why),
				 FERRY_ESYS);
		assert_int_equal(why.sys_errno, EMFILE);
	}
	limit_fds(before);
}

static void
expect_met(struct ferry_listener *listener)
{
	struct ferry_channel *ch = NULL;

	assert_int_equal(ferry_listener_accept(listener, FERRY_NOW, &ch, NULL),
			 FERRY_OK);
	ferry_channel_close(ch, FERRY_NOW, NULL);
}

static void
who_comes_when_no_descriptor_is_left_is_met_later(void **state)
{
	struct place *place = *state;
	struct ferry_listener *listener = listen_at(place->addr);
	const struct fy_raw_packet p = fy_raw_packet(FY_RAW_HELLO, FY_RAW_RING);
	struct ferry_channel *ch;

	for (int n_left = -1; n_left < 2; n_left++) {
		int fd = fy_raw_socket(place->path, connect);
		int mem = fy_raw_memory(FY_RAW_SEALS);

		/* Once one who is half met already. */
		if (n_left < 0)
			assert_int_equal(ferry_listener_accept(listener,
							       FERRY_NOW, &ch,
							       NULL),
					 FERRY_EAGAIN);
		fy_raw_send(fd, &p, sizeof(p), &mem, 1);
		expect_want(listener, n_left < 0 ? 0 : n_left);
		expect_met(listener);
		close(fd);
	}
	assert_int_equal(count_failed(listener), 0);
	ferry_listener_close(listener);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, open_place, close_place)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(both_ends_choose_their_rings),
		TEST(options_that_mean_nothing_are_refused),
		TEST(shm_and_unix_are_never_mistaken_for_each_other),
		TEST(who_says_no_hello_is_told_what_is_wrong),
		TEST(who_comes_and_goes_is_counted),
		TEST(the_silent_keep_nobody_out_and_are_not_many),
		TEST(a_listener_tells_when_a_hello_has_come),
		TEST(who_answers_wrongly_is_left),
		TEST(a_refusal_is_told_and_cannot_write_to_a_terminal),
		TEST(who_never_answers_is_waited_for_until_the_deadline),
		TEST(nothing_is_sent_to_who_may_not_have_an_abstract_name),
		TEST(who_comes_when_no_descriptor_is_left_is_met_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* What channels add to links; tests/conformance has what all links promise. */
#include "channel/channel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct fy_channel_config config = { .link.max_message = 1000000 };

/* The two ends of a socket pair. */
struct ends {
	struct ferry_channel a;
	struct ferry_channel b;
};

static void
open_end(struct ferry_channel *ch, int fd)
{
	char text[32];

	snprintf(text, sizeof(text), "fd:%d", fd);
	assert_int_equal(fy_channel_open(ch, &config, text, FERRY_NEVER, NULL),
			 FERRY_OK);
}

static int
open_ends(void **state)
{
	struct ends *ends = test_calloc(1, sizeof(*ends));
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	open_end(&ends->a, fds[0]);
	open_end(&ends->b, fds[1]);
	*state = ends;
	return 0;
}

static int
close_ends(void **state)
{
	struct ends *ends = *state;

	fy_channel_fini(&ends->a);
	fy_channel_fini(&ends->b);
	test_free(ends);
	return 0;
}

static void
messages_short_and_long_live_as_long_as_the_arena(void **state)
{
	static const uint32_t sizes[] = { 0, 1, 16384, 16385, 100000 };
	struct ends *ends = *state;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got[5];
	uint8_t *buf = test_malloc(100000);

	for (int i = 0; i < 5; i++) {
		memset(buf, 'a' + i, sizes[i]);
		assert_int_equal(
			ferry_channel_send(&ends->a,
					(struct ferry_bytes){ buf, sizes[i] },
					FERRY_NEVER, NULL),
			FERRY_OK);
		assert_int_equal(ferry_channel_recv(&ends->b, &mem, &got[i],
						 FERRY_NEVER, NULL),
				 FERRY_OK);
	}
	fy_channel_fini(&ends->b);
	for (int i = 0; i < 5; i++) {
		memset(buf, 'a' + i, sizes[i]);
		assert_int_equal(got[i].len, sizes[i]);
		assert_memory_equal(got[i].data, buf, sizes[i]);
	}
	ferry_arena_fini(&mem);
	test_free(buf);
}

static void
what_a_scheme_cannot_do_is_said(void **state)
{
	static const struct ferry_transport_ops mute = {
		.version = FERRY_TRANSPORT_VERSION, .scheme = "mute"
	};
	const struct ferry_transport_ops *own[] = { &mute, NULL };
	const struct fy_channel_config c = { .link = config.link,
					     .transports = own };
	struct ferry_listener listener = { 0 };
	struct ferry_channel ch = { 0 };
	struct ferry_error why;
	bool can = true;

	(void)state;
	assert_int_equal(fy_channel_open(&ch, &c, "mute:x", FERRY_NOW, &why),
			 FERRY_ENOTSUP);
	assert_non_null(strstr(why.text, "mute"));
	assert_int_equal(fy_listener_open(&listener, &c, "mute:x", &why),
			 FERRY_ENOTSUP);
	assert_int_equal(fy_channel_can_listen(&c, "mute:x", &can, &why),
			 FERRY_OK);
	assert_false(can);
	assert_int_equal(fy_channel_can_listen(&c, "tcp:*:0", &can, &why),
			 FERRY_OK);
	assert_true(can);
	assert_int_equal(fy_channel_open(&ch, &c, "tpc:x:1", FERRY_NOW, &why),
			 FERRY_EADDR);
	assert_non_null(strstr(why.text, "\"tpc\""));
	fy_channel_fini(&ch);
	fy_listener_fini(&listener);
}

/* ---- a listener that has nothing to poll, nor a descriptor left ---- */

static const struct ferry_transport_ops starving;

static ferry_err
starving_listen(const struct ferry_link_config *with,
		const struct ferry_addr *addr, struct ferry_port **out,
		struct ferry_error *why)
{
	struct ferry_port *port = test_calloc(1, sizeof(*port));

	(void)addr;
	(void)why;
	port->ops = &starving;
	port->config = *with;
	port->counters = &port->own;
	*out = port;
	return FERRY_OK;
}

static ferry_err
starving_accept(struct ferry_port *port, struct ferry_link **out,
		struct ferry_error *why)
{
	(void)port;
	(void)out;
	(void)why;
	return FERRY_EAGAIN;
}

static ferry_err
starving_accept_until(struct ferry_port *port, struct ferry_link **out,
		      struct ferry_deadline until, struct ferry_error *why)
{
	(void)port;
	(void)out;
	(void)until;
	if (why)
		*why = (struct ferry_error){ .code = FERRY_ESYS,
					     .sys_errno = EMFILE };
	return FERRY_ESYS;
}

static void
starving_addr(const struct ferry_port *port, struct ferry_addr *out)
{
	(void)port;
	*out = (struct ferry_addr){ .scheme = "starving", .body = "x" };
}

static void
starving_unlisten(struct ferry_port *port)
{
	test_free(port);
}

static const struct ferry_transport_ops starving = {
	.version = FERRY_TRANSPORT_VERSION,
	.scheme = "starving",
	.caps = FERRY_CAP_LISTEN,
	.listen = starving_listen,
	.accept = starving_accept,
	.accept_until = starving_accept_until,
	.port_addr = starving_addr,
	.unlisten = starving_unlisten,
};

static void
who_waits_for_a_peer_that_there_is_no_room_for_counts_it(void **state)
{
	const struct ferry_transport_ops *own[] = { &starving, NULL };
	const struct ferry_listener_config with = { .channel.transports = own };
	struct ferry_listener *listener;
	struct ferry_counters counters;
	struct ferry_channel *ch;

	(void)state;
	assert_int_equal(ferry_listener_open("starving:x", &with, &listener,
					     NULL),
			 FERRY_OK);
	assert_int_equal(ferry_listener_accept(listener, FERRY_NEVER, &ch,
					       NULL),
			 FERRY_ESYS);
	ferry_listener_counters(listener, &counters);
	assert_int_equal(counters.starved, 1);
	ferry_listener_close(listener);
}

static void
a_deadline_that_passes_leaves_what_is_to_be_written_alone(void **state)
{
	struct ends *ends = *state;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got = { NULL, 7 };

	assert_int_equal(ferry_channel_recv(&ends->a, &mem, &got, FERRY_NOW,
					    NULL), FERRY_EAGAIN);
	assert_int_equal(ferry_channel_recv(&ends->a, &mem, &got,
					    ferry_in_ms(1), NULL),
			 FERRY_ETIMEDOUT);
	assert_int_equal(got.len, 7);
	assert_int_equal(fy_channel_wait(&ends->a, POLLIN | POLLOUT, false,
					 FERRY_NOW, NULL), FERRY_EAGAIN);
	/* The receiver may have let leave what the sender would wait for. */
	assert_int_equal(fy_channel_wait(&ends->a, POLLIN | POLLOUT, true,
					 ferry_in_ms(10000), NULL), FERRY_OK);
	fy_channel_fini(&ends->b);
	assert_int_equal(fy_channel_wait(&ends->a, POLLIN | POLLOUT, false,
					 FERRY_NEVER, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_recv(&ends->a, &mem, &got, FERRY_NEVER,
					 NULL),
			 FERRY_EOF);
	/* There is nothing to wait for any more. */
	assert_int_equal(fy_channel_wait(&ends->a, POLLIN | POLLOUT, false,
					 FERRY_NEVER, NULL),
			 FERRY_OK);
}

/* In a child: how often the handles of its parent say FERRY_EFORK. */
static int
count_refusals(struct ends *ends, struct ferry_listener *listener)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes none = { NULL, 0 };
	struct ferry_link *link;
	int n = 0;

	n += fy_channel_own(&ends->a, NULL) == FERRY_EFORK;
	n += ferry_channel_send(&ends->a, none, FERRY_NOW, NULL) == FERRY_EFORK;
	n += ferry_channel_flush(&ends->a, FERRY_NOW, NULL) == FERRY_EFORK;
	n += ferry_channel_recv(&ends->a, &mem, &none, FERRY_NOW, NULL) ==
	     FERRY_EFORK;
	n += fy_listener_accept(listener, &link, NULL) == FERRY_EFORK;
	fy_channel_fini(&ends->a);
	fy_listener_fini(listener);
	return n;
}

static void
handles_belong_to_the_process_that_made_them(void **state)
{
	struct ends *ends = *state;
	struct ferry_listener listener = { 0 };
	uint8_t n_refused = 0;
	int fds[2];
	pid_t child;

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(fy_listener_open(&listener, &config, "tcp:127.0.0.1:0",
					  NULL),
			 FERRY_OK);
	child = fork();
	if (child == 0) {
		/* Its status is the leak checker's, where one runs. */
		n_refused = (uint8_t)count_refusals(ends, &listener);
		_exit(write(fds[1], &n_refused, 1) != 1);
	}
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(fds[1]);
	assert_int_equal(read(fds[0], &n_refused, 1), 1);
	assert_int_equal(n_refused, 5);
	close(fds[0]);
	assert_int_equal(fy_channel_own(&ends->a, NULL), FERRY_OK);
	fy_listener_fini(&listener);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_ends, close_ends)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(messages_short_and_long_live_as_long_as_the_arena),
		cmocka_unit_test(what_a_scheme_cannot_do_is_said),
		cmocka_unit_test(
			who_waits_for_a_peer_that_there_is_no_room_for_counts_it),
		TEST(a_deadline_that_passes_leaves_what_is_to_be_written_alone),
		TEST(handles_belong_to_the_process_that_made_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

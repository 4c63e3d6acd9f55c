/* SPDX-License-Identifier: MIT */
/* pipe:, fd: and tcp: beyond what tests/conformance asks of all. */
#include "transport/inherit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel/channel.h"
#include "transport/table.h"

static const struct fy_channel_config config = { .link.max_message = 1000 };
static const struct ferry_bytes hello = { (const uint8_t *)"hello", 5 };

static ferry_err
open_pipe(struct ferry_channel *ch, const char *format, int a, int b)
{
	char text[64] = "pipe:";
	char number[16];

	for (; *format; format++) {
		if (*format == ',') {
			strcat(text, ",");
			continue;
		}
		snprintf(number, sizeof(number), "%d", *format == 'a' ? a : b);
		strcat(text, number);
	}
	return fy_channel_open(ch, &config, text, FERRY_NEVER, NULL);
}

static void
a_one_way_pipe_goes_one_way(void **state)
{
	struct ferry_channel in = { 0 }, out = { 0 };
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	struct ferry_events e;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(open_pipe(&in, "a,", fds[0], 0), FERRY_OK);
	assert_int_equal(open_pipe(&out, ",b", 0, fds[1]), FERRY_OK);
	out.link->ops->events(out.link, &e);
	assert_int_equal(e.n, 0);
	assert_int_equal(ferry_channel_send(&out, hello, FERRY_NOW, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_recv(&in, &mem, &got, FERRY_NOW, NULL),
			 FERRY_OK);
	assert_memory_equal(got.data, "hello", 5);
	assert_int_equal(ferry_channel_recv(&out, &mem, &got, FERRY_NOW, NULL),
			 FERRY_ENOTSUP);
	assert_int_equal(ferry_channel_send(&in, hello, FERRY_NOW, NULL),
			 FERRY_ENOTSUP);
	fy_channel_fini(&out);
	fy_channel_fini(&in);
	ferry_arena_fini(&mem);
}

static void
a_pipe_shared_with_others_goes_on_blocking_for_them(void **state)
{
	struct ferry_channel ch = { 0 };
	int fds[2], shared;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	shared = dup(fds[0]);
	assert_int_equal(open_pipe(&ch, "a,", fds[0], 0), FERRY_OK);
	assert_int_equal(fcntl(shared, F_GETFL) & O_NONBLOCK, 0);
	/* The number is the link's now, and closed. */
	assert_int_equal(fcntl(fds[0], F_GETFD), -1);
	fy_channel_fini(&ch);
	close(shared);
	close(fds[1]);
}

static void
what_is_no_pipe_is_refused_and_left_open(void **state)
{
	struct ferry_channel ch = { 0 };
	int file = open("/dev/null", O_RDWR);
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(open_pipe(&ch, "a,b", file, fds[1]), FERRY_EADDR);
	assert_int_equal(open_pipe(&ch, "b,a", fds[0], fds[1]), FERRY_EADDR);
	assert_int_equal(open_pipe(&ch, "a,b", fds[0], 9999), FERRY_EADDR);
	assert_int_equal(open_pipe(&ch, ",", 0, 0), FERRY_EADDR);
	assert_int_equal(open_pipe(&ch, "a", 0, 0), FERRY_EADDR);
	assert_int_equal(open_pipe(&ch, "a,b,", 0, 0), FERRY_EADDR);
	assert_int_equal(close(fds[0]), 0);
	assert_int_equal(close(fds[1]), 0);
	assert_int_equal(close(file), 0);
}

static int
listening_socket(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(fd, 5), 0);
	return fd;
}

static void
an_inherited_listener_is_listened_at(void **state)
{
	struct ferry_listener listener = { 0 };
	struct ferry_channel a = { 0 }, b = { 0 };
	struct ferry_link *link;
	struct ferry_addr addr;
	char text[64];
	int fd = listening_socket();

	(void)state;
	snprintf(text, sizeof(text), "fd:%d", fd);
	assert_int_equal(fy_channel_open(&a, &config, text, FERRY_NEVER, NULL),
			 FERRY_EADDR);
	assert_int_equal(fy_listener_open(&listener, &config, text, NULL),
			 FERRY_OK);
	listener.port->ops->port_addr(listener.port, &addr);
	assert_string_equal(addr.scheme, "tcp");
	ferry_addr_format(&addr, text, sizeof(text));
	assert_int_equal(fy_listener_accept(&listener, &link, NULL),
			 FERRY_EAGAIN);
	assert_int_equal(fy_channel_open(&a, &config, text, FERRY_NEVER, NULL),
			 FERRY_OK);
	assert_int_equal(fy_listener_accept(&listener, &link, NULL), FERRY_OK);
	fy_channel_init(&b, link);
	fy_channel_fini(&a);
	fy_channel_fini(&b);
	fy_listener_fini(&listener);
}

static void
a_connected_socket_is_no_listener(void **state)
{
	struct ferry_listener listener = { 0 };
	char text[64];
	int fds[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	snprintf(text, sizeof(text), "fd:%d", fds[0]);
	assert_int_equal(fy_listener_open(&listener, &config, text, NULL),
			 FERRY_ENOTSUP);
	assert_int_equal(fy_listener_open(&listener, &config, "pipe:0,1", NULL),
			 FERRY_ENOTSUP);
	close(fds[0]);
	close(fds[1]);
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
	snprintf(text, sizeof(text), "fd:%d", fds[0]);
	assert_int_equal(fy_listener_open(&listener, &config, text, NULL),
			 FERRY_EADDR);
	close(fds[0]);
	close(fds[1]);
}

static void
a_socket_without_a_peer_is_no_link(void **state)
{
	const int families[] = { AF_UNIX, AF_INET };
	struct ferry_channel ch = { 0 };
	struct ferry_error why;
	char text[64];

	(void)state;
	for (int i = 0; i < 2; i++) {
		int fd = socket(families[i], SOCK_STREAM, 0);

		snprintf(text, sizeof(text), "fd:%d", fd);
		assert_int_equal(fy_channel_open(&ch, &config, text,
						 FERRY_NEVER, &why),
				 FERRY_ECONNECT);
		assert_non_null(strstr(why.text, text));
		assert_int_equal(close(fd), 0);
	}
}

/* In a child: a network of its own, with four ports for clients. */
static bool
take_a_small_network(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd, range;
	bool made;

	if (unshare(CLONE_NEWNET) < 0)
		return false;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	range = open("/proc/sys/net/ipv4/ip_local_port_range", O_WRONLY);
	made = ioctl(fd, SIOCSIFFLAGS, &lo) == 0 &&
	       write(range, "40000 40003", 11) == 11;
	close(range);
	close(fd);
	return made;
}

#define NO_NETWORK 77

static int
dial_nobody(void)
{
	struct ferry_channel ch = { 0 };

	if (!take_a_small_network())
		return NO_NETWORK;
	for (int i = 0; i < 100; i++) {
		if (fy_channel_open(&ch, &config, "tcp:127.0.0.1:40000",
				    FERRY_NEVER, NULL) != FERRY_ECONNECT)
			return 1;
	}
	return 0;
}

static void
who_dials_where_nobody_listens_does_not_meet_himself(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0)
		_exit(dial_nobody());
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WEXITSTATUS(status) == NO_NETWORK)
		skip();
	assert_int_equal(status, 0);
}

/* No permissions keep anybody from one, whoever has bound it. */
static void
an_abstract_name_that_was_inherited_is_nobody_elses(void **state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct ferry_listener listener = { 0 };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char text[32];

	(void)state;
	/* The kernel chooses an abstract name. */
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(sa_family_t)),
			 0);
	assert_int_equal(listen(fd, 1), 0);
	snprintf(text, sizeof(text), "fd:%d", fd);
	assert_int_equal(fy_listener_open(&listener, &config, text, NULL),
			 FERRY_OK);
	assert_true(listener.port->unguarded);
	fy_listener_fini(&listener);
}

/* In a child: what it prints must not reach the peer of its link. */
static int
serve_standard_input(void)
{
	struct ferry_channel ch = { 0 };
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;

	if (fy_channel_open(&ch, &config, "pipe:0,1", FERRY_NEVER, NULL))
		return 1;
	printf("noise\n");
	fflush(stdout);
	if (ferry_channel_recv(&ch, &mem, &got, FERRY_NEVER, NULL) ||
	    ferry_channel_send(&ch, got, FERRY_NEVER, NULL))
		return 2;
	return 0;
}

static void
a_server_that_prints_does_not_disturb_its_link(void **state)
{
	struct ferry_channel ch = { 0 };
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	char text[32];
	int status = -1;
	int fds[2];
	pid_t child;

	(void)state;
	fflush(stdout);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	child = fork();
	if (child == 0) {
		dup2(fds[1], 0);
		dup2(fds[1], 1);
		close(fds[0]);
		close(fds[1]);
		_exit(serve_standard_input());
	}
	close(fds[1]);
	snprintf(text, sizeof(text), "fd:%d", fds[0]);
	assert_int_equal(fy_channel_open(&ch, &config, text, FERRY_NEVER, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_send(&ch, hello, FERRY_NOW, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_recv(&ch, &mem, &got, ferry_in_ms(20000),
					 NULL),
			 FERRY_OK);
	assert_memory_equal(got.data, "hello", 5);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	fy_channel_fini(&ch);
	ferry_arena_fini(&mem);
}

static void
a_programs_own_transport_comes_first(void **state)
{
	static const struct ferry_transport_ops own = {
		.version = FERRY_TRANSPORT_VERSION, .scheme = "unix"
	};
	static const struct ferry_transport_ops old = { .version = 99,
							.scheme = "old" };
	const struct ferry_transport_ops *list[] = { &own, &old, NULL };
	const struct ferry_transport_ops *found;

	(void)state;
	assert_int_equal(fy_transport_find(list, "unix", &found, NULL), 0);
	assert_ptr_equal(found, &own);
	assert_int_equal(fy_transport_find(list, "tcp", &found, NULL), 0);
	assert_string_equal(found->scheme, "tcp");
	assert_int_equal(fy_transport_find(list, "old", &found, NULL),
			 FERRY_ENOTSUP);
	assert_int_equal(fy_transport_find(NULL, "old", &found, NULL),
			 FERRY_EADDR);
}

static void
addresses_of_tcp_are_host_and_port(void **state)
{
	static const char *const wrong[] = {
		"tcp:x",	"tcp:x:",     "tcp::1",	     "tcp:x:65536",
		"tcp:x:-1",	"tcp:x:1x",   "tcp:::1:80",  "tcp:[]:80",
		"tcp:x:000001", "tcp:x:80?a=b", "tcp://x:80",  "tcp: x:80",
	};
	struct ferry_listener listener = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(fy_listener_open(&listener, &config, wrong[i],
						  NULL),
				 FERRY_EADDR);
	assert_int_equal(fy_listener_open(&listener, &config, "tcp:*:0", NULL),
			 FERRY_OK);
	fy_listener_fini(&listener);
}

static bool
has_ipv6(void)
{
	struct ferry_listener listener = { 0 };
	ferry_err err = fy_listener_open(&listener, &config, "tcp:[::1]:0",
					 NULL);

	fy_listener_fini(&listener);
	return !err;
}

/* A link from @text to @listener; false where this machine has no such way. */
static bool
meets(struct ferry_listener *listener, const char *text, const char *peer)
{
	struct ferry_channel a = { 0 }, b = { 0 };
	struct ferry_link *link;
	struct ferry_peer who;

	if (fy_channel_open(&a, &config, text, FERRY_NEVER, NULL))
		return false;
	assert_int_equal(fy_listener_accept(listener, &link, NULL), FERRY_OK);
	fy_channel_init(&b, link);
	b.link->ops->peer(b.link, &who);
	assert_ptr_equal(strstr(who.text, peer), who.text);
	fy_channel_fini(&a);
	fy_channel_fini(&b);
	return true;
}

static void
a_star_is_every_address_of_the_machine(void **state)
{
	struct ferry_listener listener = { 0 };
	struct ferry_addr addr;
	char four[64], six[64];
	const char *port;

	(void)state;
	assert_int_equal(fy_listener_open(&listener, &config, "tcp:*:0", NULL),
			 FERRY_OK);
	listener.port->ops->port_addr(listener.port, &addr);
	port = strrchr(addr.body, ':');
	snprintf(four, sizeof(four), "tcp:127.0.0.1%s", port);
	snprintf(six, sizeof(six), "tcp:[::1]%s", port);
	assert_true(meets(&listener, four, "127.0.0.1:"));
	assert_true(meets(&listener, six, "[::1]:") || !has_ipv6());
	fy_listener_fini(&listener);
}

static void
an_address_that_failed_before_another_is_not_told(void **state)
{
	struct ferry_listener listener = { 0 };
	struct ferry_error why = { .sys_errno = -7 };
	struct ferry_channel ch = { 0 };
	struct ferry_addr addr;
	char text[64];

	(void)state;
	/* ::1 refuses where there is IPv6, before 127.0.0.1 is tried. */
	assert_int_equal(fy_listener_open(&listener, &config,
					  "tcp:127.0.0.1:0", NULL),
			 FERRY_OK);
	listener.port->ops->port_addr(listener.port, &addr);
	snprintf(text, sizeof(text), "tcp:*%s", strrchr(addr.body, ':'));
	assert_int_equal(fy_channel_open(&ch, &config, text, FERRY_NEVER, &why),
			 FERRY_OK);
	assert_int_equal(why.sys_errno, -7);
	fy_channel_fini(&ch);
	fy_listener_fini(&listener);
	assert_int_equal(fy_channel_open(&ch, &config, text, FERRY_NEVER, &why),
			 FERRY_ECONNECT);
	assert_int_equal(why.sys_errno, ECONNREFUSED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_one_way_pipe_goes_one_way),
		cmocka_unit_test(
			a_pipe_shared_with_others_goes_on_blocking_for_them),
		cmocka_unit_test(what_is_no_pipe_is_refused_and_left_open),
		cmocka_unit_test(an_inherited_listener_is_listened_at),
		cmocka_unit_test(a_connected_socket_is_no_listener),
		cmocka_unit_test(a_socket_without_a_peer_is_no_link),
		cmocka_unit_test(
			who_dials_where_nobody_listens_does_not_meet_himself),
		cmocka_unit_test(
			an_abstract_name_that_was_inherited_is_nobody_elses),
		cmocka_unit_test(
			a_server_that_prints_does_not_disturb_its_link),
		cmocka_unit_test(a_programs_own_transport_comes_first),
		cmocka_unit_test(addresses_of_tcp_are_host_and_port),
		cmocka_unit_test(a_star_is_every_address_of_the_machine),
		cmocka_unit_test(
			an_address_that_failed_before_another_is_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

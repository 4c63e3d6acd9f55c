/* SPDX-License-Identifier: MIT */
/* Each case is a service of a small manager: a child that has what it says. */
#include "transport/activation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ferry/channel.h>

/*
 * @pid_off: LISTEN_PID is that much off
 * @names:   LISTEN_FDNAMES; NULL: there is none
 * @want:    of fy_activation_find("web"), with .number or .text
 */
struct service {
	const char *fds;
	const char *names;
	int pid_off;
	ferry_err want;
	int number;
	const char *text;
};

static void
say(const struct service *service)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", getpid() + service->pid_off);
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", service->fds, 1);
	if (service->names)
		setenv("LISTEN_FDNAMES", service->names, 1);
	else
		unsetenv("LISTEN_FDNAMES");
}

static void
a_descriptor_is_found_by_its_name(void **state)
{
	static const struct service services[] = {
		{ "1", "web", 0, FERRY_OK, 3, "" },
		{ "2", "db:web", 0, FERRY_OK, 4, "" },
		{ "3", "db::web", 0, FERRY_OK, 5, "" },
		/* No more than LISTEN_FDS says. */
		{ "1", "db:web", 0, FERRY_EADDR, 0, "db is fd:3" },
		{ "2", "webs:we", 0, FERRY_EADDR, 0,
		  "webs is fd:3, we is fd:4" },
		{ "2", "web:web", 0, FERRY_EADDR, 0, "several" },
		{ "2", "", 0, FERRY_EADDR, 0, "no descriptor has that name" },
		{ "2", NULL, 0, FERRY_EADDR, 0, "3 to 4" },
		{ "1", "web", 1, FERRY_EADDR, 0, "to the process" },
		{ "0", "web", 0, FERRY_EADDR, 0, "no LISTEN_FDS" },
		{ "x", "web", 0, FERRY_EADDR, 0, "no LISTEN_FDS" },
		{ "-1", "web", 0, FERRY_EADDR, 0, "no LISTEN_FDS" },
		{ "1x", "web", 0, FERRY_EADDR, 0, "no LISTEN_FDS" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		struct ferry_error why = { .code = FERRY_OK };
		int number = 0;

		say(&services[i]);
		assert_int_equal(fy_activation_find("web", &number, &why),
				 services[i].want);
		assert_int_equal(number, services[i].number);
		assert_non_null(strstr(why.text, services[i].text));
	}
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
}

static void
without_a_manager_there_is_none(void **state)
{
	struct ferry_listener *listener;
	struct ferry_error why;

	(void)state;
	assert_int_equal(ferry_listener_open("fd:web", NULL, &listener, &why),
			 FERRY_EADDR);
	assert_non_null(strstr(why.text, "fd:web"));
}

/* The two sockets are 3 and 4, and named. Return: 0 if it served one call. */
static int
run_service(int idle, int web)
{
	const struct service service = { .fds = "2", .names = "idle:web" };
	struct ferry_listener *listener, *second;
	struct ferry_channel *ch;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;

	/* Out of the way of the numbers first. */
	idle = dup(dup(dup(idle)));
	web = dup(web);
	if (dup2(idle, 3) != 3 || dup2(web, 4) != 4)
		return 1;
	say(&service);
	if (ferry_listener_open("fd:web", NULL, &listener, NULL) ||
	    ferry_listener_accept(listener, ferry_in_ms(20000), &ch, NULL) ||
	    ferry_channel_recv(ch, &mem, &got, ferry_in_ms(20000), NULL) ||
	    ferry_channel_send(ch, got, FERRY_NEVER, NULL))
		return 2;
	/* It has been taken over: the name stands for nothing now. */
	if (ferry_listener_open("fd:web", NULL, &second, NULL) != FERRY_EADDR)
		return 3;
	ferry_listener_close(listener);
	ferry_arena_fini(&mem);
	return ferry_channel_close(ch, ferry_in_ms(20000), NULL) ? 4 : 0;
}

static int
listen_on_loopback(struct sockaddr_in *addr)
{
	socklen_t bytes = sizeof(*addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	*addr = (struct sockaddr_in){ .sin_family = AF_INET };
	addr->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)addr, sizeof(*addr)), 0);
	assert_int_equal(listen(fd, 5), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)addr, &bytes), 0);
	return fd;
}

static void
a_service_serves_at_the_socket_that_it_was_given(void **state)
{
	struct sockaddr_in other, addr;
	int idle = listen_on_loopback(&other);
	int web = listen_on_loopback(&addr);
	const struct ferry_bytes hello = { (const uint8_t *)"hello", 5 };
	struct ferry_channel *ch;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	char text[40];
	int status;
	pid_t child;

	(void)state;
	/* Who comes before it has begun waits in the socket. */
	snprintf(text, sizeof(text), "tcp:127.0.0.1:%u", ntohs(addr.sin_port));
	assert_int_equal(ferry_channel_open(text, NULL, FERRY_NEVER, &ch, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_send(ch, hello, FERRY_NEVER, NULL),
			 FERRY_OK);
	child = fork();
	if (child == 0)
		_exit(run_service(idle, web));
	assert_int_equal(ferry_channel_recv(ch, &mem, &got, ferry_in_ms(20000),
					    NULL),
			 FERRY_OK);
	assert_int_equal(got.len, 5);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	ferry_arena_fini(&mem);
	close(idle);
	close(web);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_descriptor_is_found_by_its_name),
		cmocka_unit_test(without_a_manager_there_is_none),
		cmocka_unit_test(
			a_service_serves_at_the_socket_that_it_was_given),
	};

	unsetenv("LISTEN_PID");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

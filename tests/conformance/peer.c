/* SPDX-License-Identifier: MIT */
#include "peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/fd.h"
#include "os_fault.h"
#include "words.h"
#include "world.h"

void
fy_peer_socket(struct fy_peer *peer, int *theirs)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	assert_int_equal(fcntl(fds[0], F_SETFD, FD_CLOEXEC), 0);
	peer->ctl = fds[0];
	*theirs = fds[1];
}

void
fy_peer_hello(struct fy_peer *peer, int theirs)
{
	char line[FY_PEER_LINE];

	close(theirs);
	fy_peer_answer(peer, line);
	assert_int_equal(sscanf(line, "hello %d", &peer->pid), 1);
}

void
fy_peer_start(struct fy_peer *peer)
{
	char program[] = FY_PEER_PROGRAM, number[16];
	char *argv[] = { program, (char[]){ "--peer" }, number, NULL };
	int theirs;
	pid_t pid;

	fy_peer_socket(peer, &theirs);
	snprintf(number, sizeof(number), "%d", theirs);
	assert_int_equal(posix_spawn(&pid, program, NULL, NULL, argv, environ),
			 0);
	peer->child = true;
	peer->pid = pid;
	fy_peer_hello(peer, theirs);
}

static void
tell(struct fy_peer *peer, const char *format, va_list args)
{
	char line[FY_PEER_LINE];
	int n = vsnprintf(line, sizeof(line), format, args);

	assert_true(n > 0 && (size_t)n < sizeof(line));
	assert_int_equal(send(peer->ctl, line, (size_t)n + 1, MSG_NOSIGNAL),
			 n + 1);
}

void
fy_peer_tell(struct fy_peer *peer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell(peer, format, args);
	va_end(args);
}

/* 0 or -1: there is no peer any more. */
static ssize_t
receive_line(struct fy_peer *peer, char *out)
{
	struct pollfd fd = { peer->ctl, POLLIN, 0 };
	ssize_t n;
	int ready;

	do
		ready = poll(&fd, 1, 2 * FY_TEST_MS);
	while (ready < 0 && errno == EINTR);
	assert_int_equal(ready, 1);
	n = recv(peer->ctl, out, FY_PEER_LINE - 1, 0);
	out[n > 0 ? n : 0] = '\0';
	return n;
}

void
fy_peer_answer(struct fy_peer *peer, char *out)
{
	assert_true(receive_line(peer, out) > 0);
}

bool
fy_peer_lives(struct fy_peer *peer)
{
	char line[FY_PEER_LINE];

	return receive_line(peer, line) > 0;
}

void
fy_peer_expect(struct fy_peer *peer, const char *expected)
{
	char line[FY_PEER_LINE];

	fy_peer_answer(peer, line);
	assert_string_equal(line, expected);
}

void
fy_peer_do(struct fy_peer *peer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell(peer, format, args);
	va_end(args);
	fy_peer_expect(peer, "ok");
}

void
fy_peer_signal(struct fy_peer *peer, int signal)
{
	siginfo_t info;

	assert_int_equal(kill(peer->pid, signal), 0);
	if (signal == SIGSTOP)
		assert_int_equal(
			waitid(P_PID, (id_t)peer->pid, &info, WSTOPPED), 0);
}

/* It ends by itself when nobody tells it anything, unless it cannot. */
static void
wait_for_end(const struct fy_peer *peer)
{
	int fd = (int)syscall(SYS_pidfd_open, peer->pid, 0);
	struct pollfd ended = { fd, POLLIN, 0 };

	if (fd < 0)
		return;
	if (poll(&ended, 1, FY_TEST_MS / 4) != 1)
		(void)kill(peer->pid, SIGKILL);
	close(fd);
}

void
fy_peer_dismiss(struct fy_peer *peer)
{
	if (peer->ctl < 0)
		return;
	/* Before it ends: a sanitizer stops it for a while then. */
	(void)kill(peer->pid, SIGCONT);
	fy_fd_close(&peer->ctl);
}

void
fy_peer_end(struct fy_peer *peer)
{
	if (peer->pid == 0)
		return;
	fy_peer_dismiss(peer);
	if (peer->held)
		(void)kill(peer->held, SIGKILL);
	wait_for_end(peer);
	if (peer->child)
		(void)waitpid(peer->pid, NULL, 0);
	*peer = (struct fy_peer){ .ctl = -1 };
}

/* ---- what the process does ---- */

/* The state of the process. */
struct end {
	int ctl;
	struct ferry_listener *listener;
	struct ferry_channel *ch;
	struct ferry_arena mem;
	char *args;
};

static const struct ferry_listener_config config = {
	.channel = { .transports = fy_test_transports,
		     .max_message = FY_LIMIT,
		     .max_fds = FERRY_FDS_MOST },
};

static void
say(const struct end *end, const char *text)
{
	(void)!send(end->ctl, text, strlen(text) + 1, MSG_NOSIGNAL);
}

static void
say_err(const struct end *end, ferry_err err, const struct ferry_error *why)
{
	char line[FY_PEER_LINE];

	if (!err) {
		say(end, "ok");
		return;
	}
	snprintf(line, sizeof(line), "%s: %s", ferry_err_name(err),
		 why ? why->text : "");
	say(end, line);
}

static void
do_listen(struct end *end)
{
	char line[FY_PEER_LINE] = "ok ";
	struct ferry_error why = { .code = FERRY_OK };
	ferry_err err =
		ferry_listener_open(end->args, &config, &end->listener, &why);

	if (err) {
		say_err(end, err, &why);
		return;
	}
	ferry_listener_addr(end->listener, line + 3, sizeof(line) - 3);
	say(end, line);
}

static void
do_accept(struct end *end)
{
	struct ferry_error why = { .code = FERRY_OK };

	say_err(end,
		ferry_listener_accept(end->listener, ferry_in_ms(FY_TEST_MS),
				      &end->ch, &why),
		&why);
}

static void
do_open(struct end *end)
{
	struct ferry_error why = { .code = FERRY_OK };

	say_err(end,
		ferry_channel_open(end->args, &config.channel,
				   ferry_in_ms(FY_TEST_MS), &end->ch, &why),
		&why);
}

/* The two numbers of a line; the second is @otherwise where there is none. */
static void
numbers(const struct end *end, unsigned long out[2], unsigned long otherwise)
{
	char *next;

	out[0] = strtoul(end->args, &next, 10);
	out[1] = *next ? strtoul(next, NULL, 10) : otherwise;
}

static ferry_err
send_some(struct end *end, const unsigned long *n, struct ferry_error *why)
{
	struct ferry_deadline until = ferry_in_ms(FY_TEST_MS);
	uint8_t *buf = malloc(n[1] + 1);
	ferry_err err = buf ? FERRY_OK : FERRY_ENOMEM;

	for (unsigned long i = 0; i < n[0] && !err; i++)
		err = ferry_channel_send(
			end->ch, fy_filled(buf, n[1], (uint32_t)i), until, why);
	free(buf);
	return err ? err : ferry_channel_flush(end->ch, until, why);
}

static void
do_send(struct end *end)
{
	struct ferry_error why = { .code = FERRY_OK };
	unsigned long n[2];

	numbers(end, n, 10);
	say_err(end, send_some(end, n, &why), &why);
}

static void
do_last(struct end *end)
{
	struct ferry_error why = { .code = FERRY_OK };
	unsigned long n[2];
	ferry_err err;

	numbers(end, n, 10);
	err = send_some(end, n, &why);
	ferry_channel_close(end->ch, ferry_in_ms(FY_TEST_MS), NULL);
	end->ch = NULL;
	say_err(end, err, &why);
}

static void
do_flood(struct end *end)
{
	unsigned long n[2];

	numbers(end, n, 10);
	n[0] = UINT32_MAX;
	say(end, "ok");
	(void)send_some(end, n, NULL);
}

/* The next message; of those of send, the @i-th with @bytes. */
static ferry_err
recv_one(struct end *end, unsigned long bytes, uint32_t i,
	 struct ferry_error *why)
{
	struct ferry_bytes got;
	ferry_err err = ferry_channel_recv(end->ch, &end->mem, &got,
					   ferry_in_ms(FY_TEST_MS), why);

	if (!err && bytes != ULONG_MAX && !fy_is_filled(got, bytes, i))
		err = FERRY_EPROTO;
	ferry_arena_reset(&end->mem);
	return err;
}

static void
do_recv(struct end *end)
{
	struct ferry_error why = { .code = FERRY_OK };
	ferry_err err = FERRY_OK;
	unsigned long n[2];

	numbers(end, n, 10);
	for (unsigned long i = 0; i < n[0] && !err; i++)
		err = recv_one(end, n[1], (uint32_t)i, &why);
	say_err(end, err, &why);
}

static void
do_drain(struct end *end)
{
	ferry_err err = FERRY_OK;
	unsigned long n[2];

	numbers(end, n, 10);
	say(end, "ok");
	for (unsigned long i = 0; (n[0] == 0 || i < n[0]) && !err; i++)
		err = recv_one(end, ULONG_MAX, 0, NULL);
	say_err(end, err, NULL);
}

static void
do_echo(struct end *end)
{
	struct ferry_deadline until = ferry_in_ms(FY_TEST_MS);
	struct ferry_error why = { .code = FERRY_OK };
	ferry_err err = FERRY_OK;
	struct ferry_bytes got;
	unsigned long n[2];

	numbers(end, n, 10);
	for (unsigned long i = 0; i < n[0] && !err; i++) {
		err = ferry_channel_recv(end->ch, &end->mem, &got, until, &why);
		if (!err)
			err = ferry_channel_send(end->ch, got, until, &why);
		ferry_arena_reset(&end->mem);
	}
	if (!err)
		err = ferry_channel_flush(end->ch, until, &why);
	say_err(end, err, &why);
}

static void
do_end(struct end *end)
{
	ferry_err err = recv_one(end, ULONG_MAX, 0, NULL);

	say(end, ferry_err_name(err) + strlen("FERRY_"));
}

static void
do_finish(struct end *end)
{
	struct ferry_error why = { .code = FERRY_OK };

	say_err(end,
		ferry_channel_finish(end->ch, ferry_in_ms(FY_TEST_MS), &why),
		&why);
}

static void
do_close(struct end *end)
{
	ferry_err err =
		ferry_channel_close(end->ch, ferry_in_ms(FY_TEST_MS), NULL);

	end->ch = NULL;
	say_err(end, err, NULL);
}

static void
do_unlisten(struct end *end)
{
	ferry_listener_close(end->listener);
	end->listener = NULL;
	say(end, "ok");
}

static void
do_drop(struct end *end)
{
	close(atoi(end->args));
	say(end, "ok");
}

static void
do_die(struct end *end)
{
	say(end, "ok");
	fy_os_fault_set(&(struct fy_os_fault){
		.at = (uint32_t)strtoul(end->args, NULL, 10),
		.signal = SIGKILL });
}

static void
do_hold(struct end *end)
{
	char line[40];
	pid_t pid = fork();

	while (pid == 0)
		pause();
	snprintf(line, sizeof(line), "ok %d", pid);
	say(end, line);
}

static const struct verb {
	const char *name;
	void (*run)(struct end *end);
} verbs[] = {
	{ "accept", do_accept }, { "close", do_close },
	{ "die", do_die },	 { "drain", do_drain },
	{ "drop", do_drop },	 { "echo", do_echo },
	{ "end", do_end },	 { "finish", do_finish },
	{ "flood", do_flood },	 { "hold", do_hold },
	{ "last", do_last },	 { "listen", do_listen },
	{ "open", do_open },	 { "recv", do_recv },
	{ "send", do_send },	 { "unlisten", do_unlisten },
};

static void
obey(struct end *end, char *line)
{
	size_t n = strcspn(line, " ");

	end->args = line + n + (line[n] != '\0');
	line[n] = '\0';
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].name, line) == 0) {
			verbs[i].run(end);
			return;
		}
	}
	say(end, "what?");
}

int
fy_peer_main(int ctl)
{
	struct end end = { .ctl = ctl };
	char line[FY_PEER_LINE];
	ssize_t n;

	fcntl(ctl, F_SETFD, FD_CLOEXEC);
	snprintf(line, sizeof(line), "hello %d", getpid());
	say(&end, line);
	while ((n = recv(ctl, line, sizeof(line) - 1, 0)) > 0) {
		line[n] = '\0';
		obey(&end, line);
	}
	ferry_channel_close(end.ch, FERRY_NOW, NULL);
	ferry_listener_close(end.listener);
	ferry_arena_fini(&end.mem);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * date-server [--register] ADDRESS...: tells the time at each address until
 * SIGTERM.
 *
 *	date-server unix:/tmp/date.sock tcp:127.0.0.1:0
 *
 * prints the addresses that it serves, one a line. With --register the rpcbind
 * of this machine knows them while it runs. As a child of its client it is
 * date-server pipe:0,1, and prints nothing: stdout is the pipe.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <ferry/ferry.h>

#include "date.h"

/* Under which rpcbind knows it: as in date.x. */
enum { DATE = 0x20000d47, DATE_1 = 1 };

/* For the signal handler alone. */
static struct ferry_server *served;

static void
stop(int signal)
{
	(void)signal;
	ferry_server_stop(served);
}

static ferry_err
now(struct ferry_call *call, struct moment *out)
{
	char *text = ferry_arena_alloc(call->mem, 64);
	struct timespec at;
	struct tm utc;

	if (!text)
		return FERRY_ENOMEM;
	clock_gettime(CLOCK_REALTIME, &at);
	gmtime_r(&at.tv_sec, &utc);
	strftime(text, 64, "%A, %d %B %Y, %H:%M:%S UTC", &utc);

	out->seconds = at.tv_sec;
	out->nanoseconds = (uint32_t)at.tv_nsec;
	out->text = ferry_str_of(text);
	return FERRY_OK;
}

/* One that was killed is registered still. */
static void
unregister(void)
{
	if (ferry_rpcbind_unregister(DATE, DATE_1, ferry_in_ms(2000), NULL))
		return;
}

/* A server that rpcbind does not know can be called all the same. */
static void
announce(const char *addr, bool registers)
{
	struct ferry_error why;

	printf("%s\n", addr);
	if (registers && ferry_rpcbind_register(DATE, DATE_1, addr,
						ferry_in_ms(2000), &why))
		fprintf(stderr, "date-server: %s\n", why.text);
}

static ferry_err
serve(struct ferry_server *server, char **addrs, bool registers,
      struct ferry_error *why)
{
	static const struct date_1_ops ops = { .now = now };
	struct sigaction action = { .sa_handler = stop };
	char addr[256];
	ferry_err err = date_1_serve(server, &ops, NULL);

	for (size_t i = 0; !err && addrs[i]; i++)
		err = ferry_server_listen(server, addrs[i], why);
	if (err)
		return err;

	served = server;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	if (registers)
		unregister();
	/* With the port that a tcp:HOST:0 got; a pipe has no address. */
	for (size_t i = 0; addrs[i]; i++)
		if (ferry_server_addr(server, i, addr, sizeof(addr)) > 0)
			announce(addr, registers);
	fflush(stdout);
	err = ferry_server_run(server, 1, why);
	if (registers)
		unregister();
	return err;
}

int
main(int argc, char **argv)
{
	struct ferry_server *server = NULL;
	struct ferry_error why = { .text = "" };
	bool registers = argc > 1 && strcmp(argv[1], "--register") == 0;
	ferry_err err;

	if (argc < 2 + registers) {
		fprintf(stderr, "usage: date-server [--register] ADDRESS...\n");
		return 2;
	}
	err = ferry_server_new(NULL, &server, &why);
	if (!err)
		err = serve(server, argv + 1 + registers, registers, &why);
	if (err)
		fprintf(stderr, "date-server: %s\n",
			why.text[0] ? why.text : ferry_strerror(err));
	ferry_server_free(server);
	return ferry_err_status(err);
}

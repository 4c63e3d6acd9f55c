/* SPDX-License-Identifier: MIT */
#include "echo.h"

#include <stdio.h>
#include <stdlib.h>

#include <poll.h>
#include <sys/resource.h>

/* Messages of one channel before the next one's. */
#define AT_ONCE 16
/* After an accept that failed for want of a descriptor. */
#define REST_MS 10

/* Each channel is two or three: its own, the one for the loop. */
static void
allow_many_descriptors(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return;
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
}

struct ferry_listener *
echo_listen(int argc, char **argv)
{
	struct ferry_listener *listener;
	struct ferry_error why;
	char addr[200];

	if (argc != 2) {
		fprintf(stderr, "usage: %s ADDRESS\n", argv[0]);
		exit(2);
	}
	allow_many_descriptors();
	if (ferry_listener_open(argv[1], NULL, &listener, &why)) {
		fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	(void)ferry_listener_addr(listener, addr, sizeof(addr));
	printf("%s\n", addr);
	fflush(stdout);
	return listener;
}

struct ferry_channel *
echo_accept(struct ferry_listener *listener)
{
	struct ferry_channel *ch;
	struct ferry_error why;
	ferry_err err = ferry_listener_process(listener, &why);

	if (!err)
		err = ferry_listener_accept(listener, FERRY_NOW, &ch, &why);
	if (!err)
		return ch;
	if (err != FERRY_EAGAIN) {
		fprintf(stderr, "%s\n", why.text);
		/* He waits still: without a rest the loop did nothing else. */
		(void)poll(NULL, 0, REST_MS);
	}
	return NULL;
}

int
echo_fd(struct ferry_channel *ch)
{
	struct ferry_error why;
	int fd;

	if (ferry_channel_fd(ch, &fd, &why) == FERRY_OK)
		return fd;
	fprintf(stderr, "%s\n", why.text);
	return -1;
}

bool
echo_serve(struct ferry_channel *ch)
{
	struct ferry_bytes message;
	ferry_err err = ferry_channel_process(ch, NULL);

	/* What is left keeps the descriptor readable: others have their turn.
	 */
	for (int i = 0; i < AT_ONCE && !err; i++) {
		err = ferry_channel_take(ch, &message, FERRY_NOW, NULL);
		if (err)
			break;
		/* Who sends, and does not read, is not served any longer. */
		if (ferry_channel_send(ch, message, FERRY_NOW, NULL))
			err = FERRY_ECLOSED;
		ferry_channel_release(ch);
	}
	return err == FERRY_OK || err == FERRY_EAGAIN;
}

int
echo_timeout(const struct ferry_channel *ch)
{
	struct ferry_deadline at = ferry_channel_timeout(ch);
	int64_t ns = at.ns - ferry_in_ns(0).ns;

	if (at.ns == FERRY_NEVER.ns)
		return -1;
	return ns > 0 ? (int)(ns / 1000000) + 1 : 0;
}

/* SPDX-License-Identifier: MIT */
#include "fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cmocka.h>

#include <ferry/xdr.h>

/* Mark, xid, REPLY, MSG_ACCEPTED, an empty verifier: then accept_stat. */
#define ACCEPT_STAT 24
#define PROG_MISMATCH 2

void
fake_word(struct fake_reply *reply, uint32_t word)
{
	if (reply->n + 4 > sizeof(reply->bytes))
		return;
	ferry_store_u32(reply->bytes + reply->n, word);
	reply->n += 4;
}

void
fake_text(struct fake_reply *reply, const char *text, size_t len)
{
	size_t padded = (len + 3) & ~(size_t)3;

	fake_word(reply, (uint32_t)len);
	if (reply->n + padded > sizeof(reply->bytes))
		return;
	memset(reply->bytes + reply->n, 0, padded);
	memcpy(reply->bytes + reply->n, text, len);
	reply->n += padded;
}

void
fake_refuse(struct fake_reply *reply, uint32_t accept_stat)
{
	reply->n = ACCEPT_STAT;
	fake_word(reply, accept_stat);
}

void
fake_mismatch(struct fake_reply *reply, uint32_t low, uint32_t high)
{
	fake_refuse(reply, PROG_MISMATCH);
	fake_word(reply, low);
	fake_word(reply, high);
}

/* One whole record of at most @max bytes. Return: 0 at the end. */
static size_t
receive(int fd, uint8_t *buf, size_t max)
{
	uint8_t mark[4];
	size_t n;

	if (recv(fd, mark, 4, MSG_WAITALL) != 4)
		return 0;
	n = ferry_load_u32(mark) & 0x7fffffff;
	if (n > max || recv(fd, buf, n, MSG_WAITALL) != (ssize_t)n)
		return 0;
	return n;
}

static bool
send_reply(struct fake *fake, int fd, struct fake_reply *reply)
{
	size_t n = reply->n;
	uint32_t len = fake->announced;

	if (len == 0)
		len = (uint32_t)(n - 4);
	ferry_store_u32(reply->bytes, 0x80000000u | len);
	if (fake->most > 0 && n > fake->most)
		n = fake->most;
	return send(fd, reply->bytes, n, MSG_NOSIGNAL) == (ssize_t)reply->n;
}

static void
serve(struct fake *fake, int fd)
{
	uint8_t call[1024];
	bool goes_on = true;

	while (goes_on && receive(fd, call, sizeof(call)) >= 24) {
		struct fake_reply reply = { .n = 4 };

		atomic_fetch_add(&fake->n_calls, 1);
		if (!fake->answer)
			continue;
		fake_word(&reply, ferry_load_u32(call)); /* xid */
		fake_word(&reply, 1);			 /* REPLY */
		for (int i = 0; i < 4; i++)
			fake_word(&reply, 0); /* up to SUCCESS */
		fake->answer(fake, &reply, ferry_load_u32(call + 16),
			     ferry_load_u32(call + 20));
		goes_on = send_reply(fake, fd, &reply);
	}
}

static void *
run(void *arg)
{
	struct fake *fake = arg;
	int fd;

	while ((fd = accept(fake->listener, NULL, NULL)) >= 0) {
		atomic_fetch_add(&fake->n_links, 1);
		serve(fake, fd);
		close(fd);
	}
	return NULL;
}

void
fake_start(struct fake *fake, fake_answer *answer, const void *ctx)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t bytes = sizeof(at);

	*fake = (struct fake){ .answer = answer, .ctx = ctx };
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fake->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fake->listener, (struct sockaddr *)&at, bytes),
			 0);
	assert_int_equal(listen(fake->listener, 8), 0);
	assert_int_equal(getsockname(fake->listener, (struct sockaddr *)&at,
				     &bytes), 0);
	(void)snprintf(fake->addr, sizeof(fake->addr), "tcp:127.0.0.1:%u",
		       ntohs(at.sin_port));
	assert_int_equal(pthread_create(&fake->thread, NULL, run, fake), 0);
}

void
fake_stop(struct fake *fake)
{
	shutdown(fake->listener, SHUT_RDWR);
	pthread_join(fake->thread, NULL);
	close(fake->listener);
}

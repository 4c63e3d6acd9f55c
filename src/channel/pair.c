/* SPDX-License-Identifier: MIT */
/* Both ends of a channel in one process: for two threads, or across a fork. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "channel/channel.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"

/* The descriptors of two ends that nobody has taken over. */
struct ends {
	int fd[4];
};

static void
close_ends(struct ends *ends)
{
	for (int i = 0; i < 4; i++)
		fy_fd_close(&ends->fd[i]);
}

/* fd[0], fd[1]: what the first end reads from and writes to; then the second */
static ferry_err
make_pipes(struct ends *ends, struct ferry_error *why)
{
	int there[2], back[2];

	if (fy_os_pipe(there, 0) < 0)
		return fy_fail_errno(why, "make a pipe");
	ends->fd[1] = there[1];
	ends->fd[2] = there[0];
	if (fy_os_pipe(back, 0) < 0)
		return fy_fail_errno(why, "make a pipe");
	ends->fd[0] = back[0];
	ends->fd[3] = back[1];
	return FERRY_OK;
}

static ferry_err
make_sockets(struct ends *ends, struct ferry_error *why)
{
	int fds[2];

	if (fy_os_socketpair(AF_UNIX, SOCK_STREAM, fds) < 0)
		return fy_fail_errno(why, "make a pair of sockets");
	ends->fd[0] = fds[0];
	ends->fd[2] = fds[1];
	return FERRY_OK;
}

/* The end @i becomes a channel, which has its descriptors from then on. */
static ferry_err
open_end(struct ends *ends, int i, const struct ferry_channel_config *config,
	 struct ferry_channel **out, struct ferry_error *why)
{
	int *in = &ends->fd[2 * i];
	int *to = in + 1;
	char text[64];
	ferry_err err;

	if (*to < 0)
		(void)snprintf(text, sizeof(text), "fd:%d", *in);
	else
		(void)snprintf(text, sizeof(text), "pipe:%d,%d", *in, *to);
	err = ferry_channel_open(text, config, FERRY_NEVER, out, why);
	if (err)
		return err;
	*in = -1;
	*to = -1;
	return FERRY_OK;
}

ferry_err
ferry_channel_pair(const char *scheme,
		   const struct ferry_channel_config *config,
		   struct ferry_channel *out[2], struct ferry_error *why)
{
	FY_CLEANUP(close_ends) struct ends ends = { { -1, -1, -1, -1 } };
	struct ferry_channel *first;
	ferry_err err;

	if (strcmp(scheme, "pipe") == 0)
		err = make_pipes(&ends, why);
	else if (strcmp(scheme, "fd") == 0)
		err = make_sockets(&ends, why);
	else
		err = fy_fail(why, FERRY_EINVAL,
			      "\"%.20s\" makes no pair: write pipe or fd",
			      scheme);
	if (!err)
		err = open_end(&ends, 0, config, &first, why);
	if (err)
		return err;
	err = open_end(&ends, 1, config, &out[1], why);
	if (err)
		ferry_channel_close(first, FERRY_NOW, NULL);
	else
		out[0] = first;
	return err;
}

/*
 * What a link of these two schemes is made of, descriptors alone,
 * survives a fork.
 */
ferry_err
ferry_channel_claim(struct ferry_channel *ch, struct ferry_error *why)
{
	if (!(ch->link->ops->caps & FERRY_CAP_CLAIM))
		return fy_fail(why, FERRY_ENOTSUP,
			       "%s: channels do not survive a fork: the child "
			       "has to open its own", ch->link->ops->scheme);
	if (ch->pid == fy_os_getpid())
		return FERRY_OK;
	fy_stats_inherit_link(ch->link);
	/* The set of descriptors is the parent's, which polls it. */
	fy_loop_close(&ch->loop);
	/* Whichever thread held them does not exist here. */
	ch->tx = (struct fy_lock){ 0 };
	atomic_store_explicit(&ch->gatherer, 0, memory_order_relaxed);
	ch->rx = (struct fy_lock){ .word = ch->taken };
	atomic_store_explicit(&ch->taker, 0, memory_order_relaxed);
	ch->loop.lock = (struct fy_lock){ 0 };
	ch->pid = fy_os_getpid();
	return FERRY_OK;
}

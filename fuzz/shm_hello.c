/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the packet by which a peer of shm: would be met, by a listener
 * or by who dials. The first byte says which, and what comes along. Nothing is
 * left open, whatever it is.
 */
#include "transport/shm/meet.h"

#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>
#include <unistd.h>

#include "target.h"
#include "transport/fds.h"

#define RING 4096u

static void
check(bool promise)
{
	if (!promise)
		abort();
}

/* The lowest that is free: the same as long as nothing is left. */
static int
lowest(void)
{
	int fd = dup(STDIN_FILENO);

	if (fd >= 0)
		close(fd);
	return fd;
}

/* @n times a memory as it should be. */
static void
say(int socket, const uint8_t *data, size_t size, uint32_t n)
{
	struct fy_fds fds = { .n = 0 };
	struct fy_shm_area area = { .size = 0 };

	while (fds.n < n && !fy_shm_area_make(RING, &area, &fds.fd[fds.n],
					      NULL)) {
		fds.n++;
		fy_shm_area_close(&area);
	}
	(void)fy_fds_send(socket, data, size, &fds);
	fy_fds_close(&fds);
}

static ferry_err
meet(struct fy_shm_link *l, bool dials)
{
	const struct fy_meet_terms terms = { .ring = RING };
	struct ferry_error why = { .code = FERRY_OK };
	ferry_err err;

	if (dials)
		err = fy_meet_ask(l, &terms, "here", FERRY_NOW, &why);
	else
		err = fy_meet_answer(l, &terms, &why);
	check(!err || err == FERRY_EAGAIN || why.text[0] != '\0');
	check(!err == (l->tx.ring.own != NULL && l->view.page != NULL));
	return err;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ferry_link_config config = { .max_message = 1000 };
	const int before = lowest();
	struct fy_shm_link *l;
	int fds[2];

	if (size == 0 || size > 4096 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC,
		       0, fds) < 0)
		return 0;
	l = fy_shm_link_new(&config, NULL);
	if (l) {
		l->socket = fds[0];
		l->peer.uid = geteuid();
		say(fds[1], data + 1, size - 1, data[0] >> 1 & 3);
		(void)meet(l, data[0] & 1);
		fy_shm_close(&l->link);
	}
	close(fds[1]);
	check(lowest() == before);
	return 0;
}

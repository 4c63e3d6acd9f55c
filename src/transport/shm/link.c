/* SPDX-License-Identifier: MIT */
/* A link from its beginning to its end, and what it tells event loops. */
#include "transport/shm/link.h"

#include <poll.h>

#include "core/alloc.h"
#include "core/fd.h"
#include "core/os.h"
#include "transport/shm/half.h"
#include "transport/shm/step.h"
#include "transport/sock.h"

/* So that the length of a message has 32 bits wherever it is counted. */
#define MESSAGE_MOST ((size_t)INT32_MAX)

static size_t
limit(size_t bytes)
{
	return bytes < MESSAGE_MOST ? bytes : MESSAGE_MOST;
}

struct fy_shm_link *
fy_shm_link_new(const struct ferry_link_config *config,
		const struct ferry_transport_ops *ops)
{
	struct fy_shm_link *l = fy_zalloc(config->hooks, sizeof(*l));

	if (!l)
		return NULL;
	l->link.ops = ops;
	l->link.config = *config;
	l->link.counters = &l->link.own;
	l->link.config.max_message = limit(config->max_message);
	l->link.config.max_receive = limit(config->max_receive
						   ? config->max_receive
						   : config->max_message);
	l->socket = -1;
	l->pidfd = -1;
	l->owner = fy_os_getpid();
	return l;
}

void
fy_shm_link_start(struct fy_shm_link *l)
{
	struct fy_shm_page *own = l->own.page;
	const struct fy_shm_page *peer = l->view.page;

	l->tx.ring = (struct fy_ring_tx){
		.own = own,
		.peer = peer,
		.ring = l->own.ring,
		.size = l->own.size,
	};
	l->tx.bell = (struct fy_shm_bell){ &peer->await_data, &own->tail,
					   l->socket, 0 };
	l->tx.room = (struct fy_shm_wait){
		.await = &own->await_room,
		.word = &peer->head,
		.peer = peer,
		.socket = l->socket,
		.pidfd = -1,
	};
	l->rx.ring = (struct fy_ring_rx){
		.own = own,
		.peer = peer,
		.ring = l->view.ring,
		.size = l->view.size,
	};
	l->rx.bell = (struct fy_shm_bell){ &peer->await_room, &own->head,
					   l->socket, 0 };
	l->rx.data = (struct fy_shm_wait){
		.await = &own->await_data,
		.word = &peer->tail,
		.peer = peer,
		.socket = l->socket,
		.pidfd = -1,
	};
	fy_shm_tell_cpu(l);
}

/* ---- descriptors ---- */

ferry_err
fy_shm_pollable(struct ferry_link *link, struct ferry_error *why)
{
	struct fy_shm_link *l = fy_shm_of(link);

	(void)why;
	if (l->polled)
		return FERRY_OK;
	/* Where there is none the socket tells of most ends. */
	l->pidfd = fy_sock_process(l->socket);
	l->rx.data.pidfd = l->pidfd;
	l->polled = true;
	return FERRY_OK;
}

void
fy_shm_events(const struct ferry_link *link, struct ferry_events *out)
{
	const struct fy_shm_link *l = fy_const_shm_of(link);

	*out = (struct ferry_events){
		.n = l->pidfd < 0 ? 1 : 2,
		.fd = { l->socket, l->pidfd },
		.events = { POLLIN, POLLIN },
		.both = true,
	};
}

void
fy_shm_peer(const struct ferry_link *link, struct ferry_peer *out)
{
	*out = fy_const_shm_of(link)->peer;
}

/* ---- the end ---- */

static void
say_end(struct fy_shm_link *l)
{
	fy_ring_finish(&l->tx.ring);
	fy_shm_wake(&l->tx.bell);
	fy_ring_refuse(&l->rx.ring);
	fy_shm_wake(&l->rx.bell);
}

void
fy_shm_close(struct ferry_link *link)
{
	const struct ferry_hooks *hooks;
	struct fy_shm_link *l;

	if (!link)
		return;
	l = fy_shm_of(link);
	hooks = link->config.hooks;
	/* A child has none of the memory, and is not the one who ends. */
	if (l->owner == fy_os_getpid()) {
		if (l->tx.ring.own)
			say_end(l);
		fy_alive_end(&l->alive);
		FY_SHM_STEP(CLOSE_UNLINKED);
		fy_shm_area_close(&l->own);
		fy_shm_view_close(&l->view);
		FY_SHM_STEP(CLOSE_UNMAPPED);
	}
	fy_fd_close(&l->pidfd);
	fy_fd_close(&l->socket);
	fy_free(hooks, l->tx.mem);
	fy_free(hooks, l->rx.mem);
	fy_free(hooks, l);
}

/* SPDX-License-Identifier: MIT */
/* Who comes: the listeners of a server, and links that were there already. */
#include <stddef.h>
#include <stdio.h>

#include <sys/epoll.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/log.h"
#include "rpc/server.h"

/* Connections accepted at a stretch before others have a turn. */
#define AT_A_STRETCH 64
#define CONNECT_MS 10000

/* ---- accepting ---- */

/*
 * There is no descriptor, or no memory. The role is kept until a connection
 * has been closed or the sweep comes by, so that nobody tries in a loop.
 */
static void
pause_door(struct fy_door *door, const struct ferry_error *why)
{
	struct ferry_server *server = door->source.server;

	/* A pause is many attempts, of which the first is worth a line. */
	if (!door->told)
		fy_log(server->config.hooks, FERRY_LOG_ERROR,
		       "accepting pauses: %s", why->text);
	door->told = true;
	fy_lock(&server->lock);
	door->paused = true;
	__atomic_store_n(&server->has_paused, true, __ATOMIC_RELAXED);
	fy_unlock(&server->lock);
	fy_server_need_sweep(server);
}

void
fy_server_resume_doors(struct ferry_server *server)
{
	fy_lock(&server->lock);
	__atomic_store_n(&server->has_paused, false, __ATOMIC_RELAXED);
	for (struct fy_door *door = server->doors; door; door = door->next) {
		if (!door->paused)
			continue;
		door->paused = false;
		fy_source_ready(&door->source);
	}
	fy_unlock(&server->lock);
}

static bool
is_full(struct ferry_server *server)
{
	bool full;

	fy_lock(&server->lock);
	full = server->n_conns >= server->config.max_links;
	fy_unlock(&server->lock);
	return full;
}

static void
welcome(struct ferry_server *server, struct ferry_link *take_link)
{
	struct ferry_error why = { .code = FERRY_OK };

	if (is_full(server))
		fy_fail(&why, FERRY_ETOOBIG,
			"there are %u connections already, the most allowed",
			server->config.max_links);
	else if (!fy_conn_open(server, take_link, &why))
		return;
	fy_log(server->config.hooks, FERRY_LOG_WARNING,
	       "a connection was closed at once: %s", why.text);
	fy_link_close(take_link);
}

static bool
door_read(struct fy_source *source)
{
	struct fy_door *door = FY_CONTAINER(source, struct fy_door, source);
	struct ferry_server *server = source->server;

	for (int i = 0; i < AT_A_STRETCH; i++) {
		struct ferry_error why = { .code = FERRY_OK };
		struct ferry_link *link;
		ferry_err err;

		if (fy_server_stopping(server))
			return false;
		err = fy_listener_accept(&door->listener, &link, &why);
		if (!err) {
			door->told = false;
			welcome(server, link);
		} else if (err == FERRY_LATER) {
			continue; /* one was refused: on to the next */
		} else if (err != FERRY_EAGAIN) {
			pause_door(door, &why);
			return false;
		} else if (fy_source_leave(source)) {
			return false;
		}
	}
	fy_source_ready(source);
	return false;
}

static void
door_event(struct fy_source *source, uint32_t events)
{
	(void)events;
	if (fy_source_claim(source))
		(void)door_read(source);
}

static const struct fy_source_ops door_source = {
	.event = door_event,
	.read = door_read,
};

/* ---- opening ---- */

static ferry_err
open_listener(struct fy_door *door, const struct fy_channel_config *config,
	      const char *text, struct ferry_error *why)
{
	struct ferry_server *server = door->source.server;
	struct ferry_port *port;
	ferry_err err = fy_listener_open(&door->listener, config, text, why);

	if (err)
		return err;
	port = door->listener.port;
	port->ops->port_addr(port, &door->addr);
	if (port->ops->port_pollable)
		err = port->ops->port_pollable(port, why);
	if (!err)
		err = fy_poll_add(&server->poll, port->ops->port_fd(port),
				  EPOLLIN | EPOLLET, &door->source, why);
	if (err)
		fy_listener_fini(&door->listener);
	else
		server->n_listeners++;
	return err;
}

static ferry_err
open_link(struct fy_door *door, const struct fy_channel_config *config,
	  const char *text, struct ferry_error *why)
{
	struct ferry_channel ch;
	ferry_err err = ferry_addr_parse(text, &door->addr, why);

	if (err)
		return err;
	err = fy_channel_open(&ch, config, text, ferry_in_ms(CONNECT_MS), why);
	if (err)
		return err;
	err = fy_conn_open(door->source.server, ch.link, why);
	if (err)
		fy_channel_fini(&ch);
	return err;
}

static void
add_door(struct ferry_server *server, struct fy_door *door)
{
	struct fy_door **end = &server->doors;

	while (*end)
		end = &(*end)->next;
	*end = door;
}

ferry_err
fy_door_open(struct ferry_server *server, const char *text,
	     struct ferry_error *why)
{
	const struct fy_channel_config config = {
		.link = { .hooks = server->config.hooks,
			  .max_message = server->config.max_reply,
			  .max_receive = server->config.max_record },
		.transports = server->config.transports,
		.shown_as = FY_STATS_RPC_CONNECTION,
		.is_rpc = true,
	};
	struct fy_door *door;
	bool listens;
	ferry_err err = fy_channel_can_listen(&config, text, &listens, why);

	if (err)
		return err;
	door = fy_zalloc(server->config.hooks, sizeof(*door));
	if (!door)
		return fy_fail_memory(why, sizeof(*door));
	door->source.ops = &door_source;
	door->source.server = server;
	door->source.state = FY_SOURCE_IDLE;
	/* A scheme that has listeners may have single links as well: fd. */
	err = listens ? open_listener(door, &config, text, why)
		      : FERRY_ENOTSUP;
	if (err == FERRY_ENOTSUP)
		err = open_link(door, &config, text, why);
	if (err)
		fy_free(server->config.hooks, door);
	else
		add_door(server, door);
	return err;
}

void
fy_door_close(struct fy_door *door)
{
	struct ferry_server *server = door->source.server;

	/* Closing the descriptor ends the watching. */
	fy_listener_fini(&door->listener);
	fy_free(server->config.hooks, door);
}

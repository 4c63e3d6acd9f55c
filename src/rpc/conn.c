/* SPDX-License-Identifier: MIT */
/* The life of one connection of a server. */
#include <sys/epoll.h>

#include "core/alloc.h"
#include "core/err.h"
#include "rpc/server.h"

/* ---- the server's list ---- */

static struct fy_conn *
take_spare(struct ferry_server *server)
{
	struct fy_conn *conn;

	fy_lock(&server->lock);
	conn = server->spare_conns;
	if (conn)
		server->spare_conns = conn->next;
	fy_unlock(&server->lock);
	return conn;
}

static void
enlist(struct ferry_server *server, struct fy_conn *conn)
{
	fy_lock(&server->lock);
	conn->before = NULL;
	conn->next = server->conns;
	if (conn->next)
		conn->next->before = conn;
	server->conns = conn;
	server->n_conns++;
	fy_unlock(&server->lock);
}

/* Return: how many connections are left. */
static uint32_t
delist(struct ferry_server *server, struct fy_conn *conn)
{
	uint32_t n_left;

	fy_lock(&server->lock);
	if (conn->next)
		conn->next->before = conn->before;
	if (conn->before)
		conn->before->next = conn->next;
	else
		server->conns = conn->next;
	conn->next = server->spare_conns;
	server->spare_conns = conn;
	n_left = --server->n_conns;
	fy_unlock(&server->lock);
	return n_left;
}

/* ---- open ---- */

/* What stays the same however often it is used: stale events look at that. */
static struct fy_conn *
new_conn(struct ferry_server *server)
{
	struct fy_conn *conn = fy_zalloc(server->config.hooks, sizeof(*conn));

	if (!conn)
		return NULL;
	conn->source.ops = &fy_conn_source;
	conn->source.server = server;
	return conn;
}

/* Another thread may hold .send of a spare one for a moment: a stale event. */
static void
init(struct fy_conn *conn, struct ferry_link *link)
{
	struct ferry_events events;

	fy_lock(&conn->send);
	__atomic_store_n(&conn->hung_up, false, __ATOMIC_RELAXED);
	__atomic_store_n(&conn->doomed, false, __ATOMIC_RELAXED);
	__atomic_store_n(&conn->crowded, false, __ATOMIC_RELAXED);
	__atomic_store_n(&conn->hears_room, false, __ATOMIC_RELAXED);
	conn->last = false;
	conn->quiet_since_ns = 0;
	conn->link = link;
	conn->watch = (struct fy_watch){ .set.n = 0 };
	conn->n_calls = 0;
	link->ops->events(link, &events);
	conn->both = events.both;
	conn->parked = false;
	conn->sending = false;
	conn->unsent = NULL;
	conn->unsent_end = &conn->unsent;
	link->ops->peer(link, &conn->peer);
	fy_unlock(&conn->send);
}

static void
uninit(struct fy_conn *conn)
{
	fy_lock(&conn->send);
	conn->link = NULL;
	fy_unlock(&conn->send);
}

ferry_err
fy_conn_open(struct ferry_server *server, struct ferry_link *take_link,
	     struct ferry_error *why)
{
	ferry_err err = fy_link_pollable(take_link, why);
	struct fy_conn *conn;

	if (err)
		return err;
	conn = take_spare(server);
	if (!conn)
		conn = new_conn(server);
	if (!conn)
		return fy_fail_memory(why, sizeof(*conn));
	init(conn, take_link);
	enlist(server, conn);
	/* The role is ours until the connection is watched. */
	__atomic_store_n(&conn->source.state, FY_SOURCE_BUSY, __ATOMIC_RELEASE);
	fy_lock(&conn->send);
	err = fy_watch_open(&conn->watch, &server->poll, take_link,
			    EPOLLRDHUP | EPOLLET, &conn->source, why);
	fy_unlock(&conn->send);
	if (err) {
		uninit(conn);
		__atomic_store_n(&conn->source.state, FY_SOURCE_CLOSED,
				 __ATOMIC_RELEASE);
		delist(server, conn);
		return err;
	}
	if (server->config.idle_ms)
		fy_server_need_sweep(server);
	/* What has come before it was watched, some links do not tell. */
	if ((conn->both && take_link->ops->pending(take_link)) ||
	    !fy_source_leave(&conn->source))
		fy_source_ready(&conn->source);
	return FERRY_OK;
}

/* ---- close ---- */

bool
fy_conn_is_over(const struct fy_conn *conn)
{
	return !conn->link && conn->n_calls == 0;
}

void
fy_conn_recycle(struct fy_conn *conn)
{
	struct ferry_server *server = conn->source.server;
	uint32_t n_left = delist(server, conn);

	if (n_left == 0 && server->n_listeners == 0)
		ferry_server_stop(server);
}

void
fy_conn_close(struct fy_conn *conn)
{
	struct ferry_server *server = conn->source.server;
	struct fy_served *unsent;
	struct fy_served *next;
	bool over;

	fy_lock(&conn->send);
	unsent = fy_conn_take_unsent(conn);
	if (conn->sending)
		fy_server_unbusy(server);
	conn->sending = false;
	fy_watch_close(&conn->watch, &server->poll);
	fy_link_close(conn->link);
	conn->link = NULL;
	__atomic_store_n(&conn->source.state, FY_SOURCE_CLOSED,
			 __ATOMIC_RELEASE);
	over = fy_conn_is_over(conn);
	fy_unlock(&conn->send);

	for (; unsent; unsent = next) {
		next = unsent->next;
		fy_served_unref(unsent);
	}
	if (over)
		fy_conn_recycle(conn);
	if (__atomic_load_n(&server->has_paused, __ATOMIC_RELAXED))
		fy_server_resume_doors(server);
}

void
fy_conn_doom_locked(struct fy_conn *conn)
{
	__atomic_store_n(&conn->doomed, true, __ATOMIC_RELEASE);
	if (conn->parked) {
		conn->parked = false;
		fy_source_ready(&conn->source);
	} else if (fy_source_claim(&conn->source)) {
		fy_source_ready(&conn->source);
	}
}

void
fy_conn_doom(struct fy_conn *conn)
{
	fy_lock(&conn->send);
	if (conn->link)
		fy_conn_doom_locked(conn);
	fy_unlock(&conn->send);
}

/* Whether there is a reason left to wait before reading on, or ending. */
static bool
must_wait(const struct fy_conn *conn)
{
	if (__atomic_load_n(&conn->doomed, __ATOMIC_RELAXED))
		return false;
	if (conn->last)
		return conn->n_calls > 0 || conn->sending || conn->unsent;
	return conn->unsent ||
	       conn->n_calls >= conn->source.server->config.max_calls;
}

void
fy_conn_grew(struct fy_conn *conn)
{
	if (FY_UNLIKELY(must_wait(conn)))
		__atomic_store_n(&conn->crowded, true, __ATOMIC_RELAXED);
}

void
fy_conn_changed(struct fy_conn *conn)
{
	if (FY_LIKELY(!conn->parked) || must_wait(conn))
		return;
	conn->parked = false;
	fy_source_ready(&conn->source);
}

bool
fy_conn_park(struct fy_conn *conn)
{
	bool parked;

	fy_lock(&conn->send);
	parked = must_wait(conn);
	conn->parked = parked;
	fy_unlock(&conn->send);
	return parked;
}

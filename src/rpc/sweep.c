/* SPDX-License-Identifier: MIT */
/*
 * What happens by the clock, and nothing else does: records that have begun
 * and are not whole in time, connections without a call, doors that had no
 * descriptor. An idle server sweeps only where it has been told to close idle
 * connections.
 */
#include "core/log.h"
#include "rpc/server.h"

#define NS_PER_MS 1000000

static bool
is_partial(const struct fy_conn *conn)
{
	return conn->link->ops->partial &&
	       conn->link->ops->partial(conn->link);
}

/* By the reading role. How long, in ms, it may go on like this; 0: for ever. */
static uint32_t
patience_ms(struct fy_conn *conn, int64_t now_ns)
{
	const struct ferry_server_config *config = &conn->source.server->config;
	uint32_t n_messages = __atomic_load_n(&conn->n_messages,
					      __ATOMIC_RELAXED);
	bool partial = is_partial(conn);

	if (conn->quiet_since_ns == 0 || n_messages != conn->n_seen ||
	    partial != conn->was_partial)
		conn->quiet_since_ns = now_ns;
	conn->n_seen = n_messages;
	conn->was_partial = partial;
	return partial ? config->record_ms : config->idle_ms;
}

/* Return: whether it is to be looked at again. @late: time is up. */
static bool
look_at(struct fy_conn *conn, int64_t now_ns, bool *late)
{
	uint32_t ms = patience_ms(conn, now_ns);

	*late = ms > 0 &&
		now_ns - conn->quiet_since_ns >= (int64_t)ms * NS_PER_MS;
	return ms > 0;
}

static bool
is_open(const struct fy_conn *conn)
{
	return __atomic_load_n(&conn->source.state, __ATOMIC_RELAXED) !=
	       FY_SOURCE_CLOSED;
}

/* Without the server's lock: those whose role is now ours, linked. */
static void
close_late(struct fy_source *late)
{
	struct fy_source *source;

	while ((source = late)) {
		struct fy_conn *conn = FY_CONTAINER(source, struct fy_conn,
						    source);
		bool answering;

		late = source->next_ready;
		fy_lock(&conn->send);
		answering = conn->n_calls > 0 || conn->sending;
		fy_unlock(&conn->send);
		if (answering && !conn->was_partial) {
			conn->quiet_since_ns = 0;
			if (!fy_source_leave(source))
				fy_source_ready(source);
			continue;
		}
		fy_log(source->server->config.hooks, FERRY_LOG_WARNING,
		       "%s: connection closed: %s", conn->peer.text,
		       conn->was_partial ? "a call took too long to arrive"
					 : "idle for too long");
		fy_conn_close(conn);
	}
}

bool
fy_server_sweep(struct ferry_server *server, int64_t now_ns)
{
	struct fy_source *late = NULL;
	bool again = server->config.idle_ms > 0;
	bool is_late;

	fy_lock(&server->lock);
	for (struct fy_conn *conn = server->conns; conn; conn = conn->next) {
		if (!fy_source_try(&conn->source)) {
			/* Being read: nobody can say yet. Closed: no more. */
			again |= is_open(conn);
			continue;
		}
		if (look_at(conn, now_ns, &is_late))
			again = true;
		if (is_late) {
			conn->source.next_ready = late;
			late = &conn->source;
		} else if (!fy_source_leave(&conn->source)) {
			fy_source_ready(&conn->source);
		}
	}
	again = again && server->conns;
	fy_unlock(&server->lock);
	close_late(late);
	if (__atomic_load_n(&server->has_paused, __ATOMIC_RELAXED))
		fy_server_resume_doors(server);
	return again;
}

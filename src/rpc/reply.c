/* SPDX-License-Identifier: MIT */
/* Answers go out: calls being served, their replies, what has not left. */
#include <stddef.h>
#include <string.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/log.h"
#include "rpc/server.h"

/* Spare call objects; each keeps at most one chunk of its arena. */
#define SPARE_CALLS 128

/* ---- calls ---- */

static struct fy_served *
served_of(struct ferry_call *call)
{
	return FY_CONTAINER(call, struct fy_served, call);
}

static struct fy_served *
take_spare(struct ferry_server *server)
{
	struct fy_served *served;

	fy_lock(&server->pool_lock);
	served = server->spare_calls;
	if (served) {
		server->spare_calls = served->next;
		server->n_spare_calls--;
	}
	fy_unlock(&server->pool_lock);
	return served;
}

struct fy_served *
fy_served_new(struct fy_conn *conn)
{
	struct ferry_server *server = conn->source.server;
	struct fy_served *served = take_spare(server);

	if (!served) {
		served = fy_zalloc(server->config.hooks, sizeof(*served));
		if (!served)
			return NULL;
		ferry_arena_init(&served->arena, server->config.hooks);
	}
	served->call.until = FERRY_NEVER;
	served->call.mem = &served->arena;
	served->call.fy_block = NULL;
	served->conn = conn;
	served->next = NULL;
	served->reply = FY_REPLY_NONE;
	served->refs = 2;
	fy_lock(&conn->send);
	conn->n_calls++;
	fy_conn_grew(conn);
	fy_unlock(&conn->send);
	__atomic_add_fetch(&server->busy, 1, __ATOMIC_SEQ_CST);
	return served;
}

static void
put_spare(struct ferry_server *server, struct fy_served *served)
{
	bool kept;

	fy_free(server->config.hooks, served->call.fy_block);
	ferry_arena_reset(&served->arena);
	fy_lock(&server->pool_lock);
	kept = server->n_spare_calls < SPARE_CALLS;
	if (kept) {
		served->next = server->spare_calls;
		server->spare_calls = served;
		server->n_spare_calls++;
	}
	fy_unlock(&server->pool_lock);
	if (kept)
		return;
	ferry_arena_fini(&served->arena);
	fy_free(server->config.hooks, served);
}

void
fy_served_unref(struct fy_served *served)
{
	struct fy_conn *conn = served->conn;
	struct ferry_server *server = conn->source.server;
	bool over;

	if (__atomic_sub_fetch(&served->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	put_spare(server, served);
	fy_lock(&conn->send);
	conn->n_calls--;
	fy_conn_changed(conn);
	over = fy_conn_is_over(conn);
	fy_unlock(&conn->send);
	if (over)
		fy_conn_recycle(conn);
	fy_server_unbusy(server);
}

static void
unref_all(struct fy_served *list)
{
	struct fy_served *served;

	while ((served = list)) {
		list = served->next;
		fy_served_unref(served);
	}
}

void
ferry_call_peer(const struct ferry_call *call, struct ferry_peer *out)
{
	const struct fy_served *served = (const void *)call;

	*out = served->conn->peer;
}

const struct ferry_auth_sys *
ferry_call_auth_sys(const struct ferry_call *call)
{
	const struct fy_served *served = (const void *)call;

	return served->claim.flavor == FERRY_AUTH_SYS ? &served->claim.sys
						      : NULL;
}

/* ---- the sending side of a connection; .send is held ---- */

/*
 * Where the descriptor is the same for both directions, who reads may have
 * heard of room when the link's flush has asked to be told of it, and must know
 * that before.
 */
static ferry_err
flush_link(struct fy_conn *conn)
{
	if (conn->both)
		__atomic_store_n(&conn->hears_room, true, __ATOMIC_SEQ_CST);
	return conn->link->ops->flush(conn->link, NULL);
}

/* Whether something has not left: then the event core has to tell. */
static void
note_sending(struct fy_conn *conn)
{
	struct ferry_server *server = conn->source.server;
	bool is_left = conn->unsent || conn->link->ops->unsent(conn->link) > 0;

	if (FY_UNLIKELY(conn->hears_room) && !is_left)
		__atomic_store_n(&conn->hears_room, false, __ATOMIC_RELAXED);
	if (FY_LIKELY(is_left == conn->sending))
		return;
	conn->sending = is_left;
	if (is_left)
		__atomic_add_fetch(&server->busy, 1, __ATOMIC_SEQ_CST);
	else
		fy_server_unbusy(server);
	if (fy_watch_sync(&conn->watch, &server->poll, conn->link, NULL))
		fy_conn_doom_locked(conn);
}

/* Something was committed, and may have left. */
static void
note_sent(struct fy_conn *conn)
{
	ferry_err err = FERRY_OK;

	if (FY_UNLIKELY(conn->both &&
			conn->link->ops->unsent(conn->link) > 0))
		err = flush_link(conn);
	if (err && err != FERRY_EAGAIN)
		fy_conn_doom_locked(conn);
	note_sending(conn);
}

/*
 * Room on the link, which is there. FERRY_EAGAIN, too, while replies wait
 * beside it: one that overtook them could leave the link empty, and then no
 * event would ever tell that they can go on.
 */
static ferry_err
borrow(struct fy_conn *conn, size_t bytes, uint8_t **out)
{
	if (FY_UNLIKELY(conn->unsent != NULL))
		return FERRY_EAGAIN;
	return conn->link->ops->loan(conn->link, bytes, out, NULL);
}

static ferry_err
send_stored(struct fy_conn *conn, struct ferry_bytes reply)
{
	struct ferry_link *link = conn->link;
	uint8_t *room;
	ferry_err err = link->ops->loan(link, reply.len, &room, NULL);

	if (err)
		return err;
	memcpy(room, reply.data, reply.len);
	return link->ops->commit(link, NULL);
}

/* Those for which there is room, in front of @sent. FERRY_EAGAIN: not all. */
static ferry_err
send_unsent(struct fy_conn *conn, struct fy_served **sent)
{
	struct fy_served *served;
	ferry_err err;

	while ((served = conn->unsent)) {
		err = send_stored(conn, served->call.fy_message);
		if (err)
			return err;
		conn->unsent = served->next;
		if (!conn->unsent)
			conn->unsent_end = &conn->unsent;
		served->next = *sent;
		*sent = served;
	}
	return FERRY_OK;
}

/* Return: the replies that have become the link's, to be given back. */
static struct fy_served *
flush(struct fy_conn *conn)
{
	struct fy_served *sent = NULL;
	bool refused;
	ferry_err err;

	/* A loan that is refused is told of no room: flush() is. */
	do {
		err = flush_link(conn);
		refused = !err;
		if (!err)
			err = send_unsent(conn, &sent);
	} while (err == FERRY_EAGAIN && refused);
	if (err && err != FERRY_EAGAIN)
		fy_conn_doom_locked(conn);
	note_sending(conn);
	fy_conn_changed(conn);
	return sent;
}

static struct fy_served *
append(struct fy_conn *conn, struct fy_served *served)
{
	served->next = NULL;
	*conn->unsent_end = served;
	conn->unsent_end = &served->next;
	fy_conn_grew(conn);
	/* The link may have got room since it was asked. */
	return flush(conn);
}

struct fy_served *
fy_conn_take_unsent(struct fy_conn *conn)
{
	struct fy_served *list = conn->unsent;

	conn->unsent = NULL;
	conn->unsent_end = &conn->unsent;
	return list;
}

/* ---- the sending side, from outside ---- */

void
fy_conn_flush(struct fy_conn *conn)
{
	struct fy_served *sent = NULL;

	fy_lock(&conn->send);
	/* While nobody reads, the link hears what rang here; then it looks. */
	if (conn->link && conn->parked && conn->both)
		(void)conn->link->ops->pending(conn->link);
	if (conn->link)
		sent = flush(conn);
	fy_unlock(&conn->send);
	unref_all(sent);
}

/* The reply is in .fy_message; leaves as soon as there is room. */
static void
send_later(struct fy_served *served)
{
	struct fy_conn *conn = served->conn;
	struct fy_served *sent = NULL;
	bool gone;

	fy_lock(&conn->send);
	gone = !conn->link;
	if (!gone)
		sent = append(conn, served);
	fy_unlock(&conn->send);
	unref_all(sent);
	if (gone)
		fy_served_unref(served);
}

/* FERRY_OK: sent, or nobody is there; FERRY_EAGAIN: no room. */
static ferry_err
send_header(struct fy_conn *conn, const struct fy_msg_reply *reply)
{
	size_t bytes = fy_msg_reply_bytes(reply);
	struct ferry_encoder e;
	uint8_t *room;
	ferry_err err = FERRY_OK;

	fy_lock(&conn->send);
	if (conn->link) {
		err = borrow(conn, bytes, &room);
		if (!err) {
			e = ferry_encoder_on(room, bytes);
			fy_msg_put_reply(&e, reply);
			err = conn->link->ops->commit(conn->link, NULL);
			note_sent(conn);
		}
		if (err && err != FERRY_EAGAIN) {
			fy_conn_doom_locked(conn);
			err = FERRY_OK;
		}
	}
	fy_unlock(&conn->send);
	return err;
}

/* Consumes one reference. */
static void
store_header(struct fy_served *served, const struct fy_msg_reply *reply)
{
	size_t bytes = fy_msg_reply_bytes(reply);
	struct ferry_encoder e = ferry_encoder_on(served->call.fy_small, bytes);

	fy_msg_put_reply(&e, reply);
	served->call.fy_message = (struct ferry_bytes){ served->call.fy_small,
							(uint32_t)bytes };
	send_later(served);
}

void
fy_conn_answer(struct fy_conn *conn, const struct fy_msg_reply *reply)
{
	struct fy_served *served;

	if (FY_LIKELY(send_header(conn, reply) != FERRY_EAGAIN))
		return;
	served = fy_served_new(conn);
	if (!served) {
		fy_conn_doom(conn);
		return;
	}
	served->refs = 1;
	store_header(served, reply);
}

/* ---- the reply of one call ---- */

static void
answer(struct fy_served *served, struct fy_msg_reply *reply)
{
	reply->xid = served->call.fy_xid;
	served->reply = FY_REPLY_SENT;
	if (send_header(served->conn, reply) == FERRY_EAGAIN)
		store_header(served, reply);
	else
		fy_served_unref(served);
}

static void
answer_system_err(struct fy_served *served, ferry_err err)
{
	struct fy_msg_reply reply = { .state = FY_MSG_SYSTEM_ERR };

	fy_log(served->conn->source.server->config.hooks, FERRY_LOG_WARNING,
	       "%s: %s of %s answered SYSTEM_ERR: %s", served->conn->peer.text,
	       served->procedure->name, served->service->version->name,
	       ferry_strerror(err));
	answer(served, &reply);
}

/* What a handler returns, as RFC 5531 section 9 has it. */
static void
answer_error(struct fy_served *served, ferry_err err)
{
	struct fy_msg_reply reply = { 0 };

	switch (err) {
	case FERRY_EPROC:
		/* RFC 5531 section 12.1: procedure 0 is always there. */
		if (served->procedure->number != 0)
			reply.state = FY_MSG_PROC_UNAVAIL;
		break;
	case FERRY_EARGS:
		reply.state = FY_MSG_GARBAGE_ARGS;
		break;
	case FERRY_EAUTH:
		reply.state = FY_MSG_AUTH_ERROR;
		reply.auth_stat = FERRY_AUTH_TOOWEAK;
		break;
	default:
		answer_system_err(served, err);
		return;
	}
	answer(served, &reply);
}

void
ferry_call_fail(struct ferry_call *call, ferry_err err)
{
	answer_error(served_of(call), err);
}

void
fy_served_run(struct fy_served *served)
{
	const struct fy_service *service = served->service;
	ferry_err err = service->version->serve(&served->call,
						served->procedure, service->ops,
						&served->call.fy_decoder);

	/* Whoever answers later may have done so, and the call may be gone. */
	if (err != FERRY_LATER && served->reply == FY_REPLY_NONE)
		answer_error(served, err);
	fy_served_unref(served);
}

/* A reply for which the link has no room waits in the call's memory. */
static ferry_err
store(struct fy_served *served, size_t bytes)
{
	uint8_t *room = ferry_arena_alloc(&served->arena, bytes);

	if (!room)
		return FERRY_ENOMEM;
	served->call.fy_room = room;
	served->reply = FY_REPLY_STORED;
	return FERRY_OK;
}

/* FERRY_OK: .fy_room has @bytes, on the link or beside it. */
static ferry_err
make_room(struct fy_served *served, size_t bytes)
{
	struct fy_conn *conn = served->conn;
	ferry_err err;

	fy_lock(&conn->send);
	if (!conn->link) {
		fy_unlock(&conn->send);
		served->reply = FY_REPLY_GONE;
		return FERRY_ECLOSED;
	}
	err = borrow(conn, bytes, &served->call.fy_room);
	if (FY_LIKELY(!err)) {
		served->reply = FY_REPLY_LENT;
		return FERRY_OK;
	}
	served->reply = FY_REPLY_BROKEN;
	if (err != FERRY_EAGAIN && err != FERRY_ENOMEM &&
	    err != FERRY_ETOOBIG) {
		served->reply = FY_REPLY_GONE;
		fy_conn_doom_locked(conn);
	}
	fy_unlock(&conn->send);
	return err == FERRY_EAGAIN ? store(served, bytes) : err;
}

static ferry_err
begin(struct fy_served *served, size_t bytes)
{
	size_t max = served->conn->source.server->config.max_reply;
	struct fy_msg_reply success = { .xid = served->call.fy_xid };
	struct ferry_encoder header;
	ferry_err err;

	served->reply = FY_REPLY_BROKEN;
	if (bytes == SIZE_MAX)
		return FERRY_EENCODE;
	if (max < FY_MSG_SUCCESS_BYTES || bytes > max - FY_MSG_SUCCESS_BYTES)
		return FERRY_ETOOBIG;
	err = make_room(served, FY_MSG_SUCCESS_BYTES + bytes);
	if (err)
		return err;
	header = ferry_encoder_on(served->call.fy_room, FY_MSG_SUCCESS_BYTES);
	fy_msg_put_reply(&header, &success);
	served->call.fy_encoder = ferry_encoder_on(header.at, bytes);
	return FERRY_OK;
}

struct ferry_encoder *
ferry_reply_begin(struct ferry_call *call, size_t bytes)
{
	struct fy_served *served = served_of(call);
	ferry_err err = FERRY_EINVAL;

	call->fy_encoder = ferry_encoder_on(call->fy_small, 0);
	if (served->reply == FY_REPLY_NONE)
		err = begin(served, bytes);
	if (err)
		call->fy_encoder.err = err;
	return &call->fy_encoder;
}

/* What was encoded is whole. */
static ferry_err
encoded(const struct ferry_encoder *e)
{
	if (e->err)
		return e->err;
	return e->at == e->end ? FERRY_OK : FERRY_EENCODE;
}

/* .send is held since the loan, until here. */
static void
end_loan(struct fy_served *served, ferry_err err)
{
	struct fy_conn *conn = served->conn;

	if (err)
		conn->link->ops->cancel(conn->link);
	else if (conn->link->ops->commit(conn->link, NULL))
		fy_conn_doom_locked(conn);
	else
		note_sent(conn);
	fy_unlock(&conn->send);
}

ferry_err
ferry_reply_send(struct ferry_call *call)
{
	struct fy_served *served = served_of(call);
	enum fy_reply_state state = served->reply;
	ferry_err err = encoded(&call->fy_encoder);

	if (state == FY_REPLY_NONE || state == FY_REPLY_SENT)
		return FERRY_EINVAL;
	if (state == FY_REPLY_LENT)
		end_loan(served, err);
	served->reply = FY_REPLY_SENT;
	if (state == FY_REPLY_GONE) {
		fy_served_unref(served);
		return FERRY_OK;
	}
	if (err) {
		answer_system_err(served, err);
		return err;
	}
	if (state == FY_REPLY_STORED) {
		call->fy_message.data = call->fy_room;
		call->fy_message.len = (uint32_t)(call->fy_encoder.end -
						  call->fy_room);
		send_later(served);
		return FERRY_OK;
	}
	fy_served_unref(served);
	return FERRY_OK;
}

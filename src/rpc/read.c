/* SPDX-License-Identifier: MIT */
/* Calls come in: one connection's messages, each to whom it is for. */
#include <stddef.h>
#include <string.h>

#include <sys/epoll.h>

#include "core/err.h"
#include "core/log.h"
#include "core/os.h"
#include "rpc/server.h"

/* Messages that one thread answers at a stretch before others have a turn. */
#define AT_A_STRETCH 16
/*
 * The same where it waits for them itself; or so long, if that is sooner, with
 * so many between two looks at the clock.
 */
#define LINGER_STRETCH 64
#define LINGER_NS 250000
#define LINGER_LOOK 4
/* Nobody is waited for while so many others have something to be read. */
#define CROWD 4
/* Messages up to this are copied, longer ones are taken over. */
#define COPY_MAX 4096

static struct fy_conn *
conn_of(struct fy_source *source)
{
	return FY_CONTAINER(source, struct fy_conn, source);
}

/* ---- one call ---- */

/*
 * The private copy that the call owns. The message is not the link's any more
 * when this succeeds, and still taken when not.
 */
static ferry_err
own_message(struct fy_served *served, struct ferry_bytes message)
{
	struct ferry_link *link = served->conn->link;
	struct ferry_block block;
	uint8_t *copy;
	ferry_err err;

	if (message.len > COPY_MAX) {
		err = link->ops->keep(link, &block);
		if (err)
			return err;
		served->call.fy_block = block.mem;
		served->call.fy_message = block.data;
		return FERRY_OK;
	}
	copy = ferry_arena_alloc(&served->arena, message.len);
	if (!copy)
		return FERRY_ENOMEM;
	memcpy(copy, message.data, message.len);
	link->ops->release(link);
	served->call.fy_message = (struct ferry_bytes){ copy, message.len };
	return FERRY_OK;
}

/* What was a view of the link's buffer is one of the call's own copy. */
static void
rebase_claim(struct fy_served *served, struct ferry_bytes message)
{
	struct ferry_str *machine = &served->claim.sys.machine;

	if (served->claim.flavor == FERRY_AUTH_SYS && machine->len > 0)
		machine->data = (const char *)served->call.fy_message.data +
				((const uint8_t *)machine->data - message.data);
}

/* A call with what was found out about it so far. */
struct incoming {
	struct ferry_bytes message;
	struct fy_msg_call header;
	struct fy_auth_claim claim;
	const struct fy_service *service;
	const struct ferry_procedure *procedure;
	size_t args; /* where in the message they begin */
};

static struct fy_served *
serve_it(struct fy_conn *conn, const struct incoming *in)
{
	struct fy_served *served = fy_served_new(conn);

	if (!served)
		return NULL;
	if (own_message(served, in->message)) {
		served->refs = 1;
		fy_served_unref(served);
		return NULL;
	}
	served->service = in->service;
	served->procedure = in->procedure;
	served->claim = in->claim;
	rebase_claim(served, in->message);
	served->call.ctx = in->service->ctx;
	served->call.fy_version = in->service->version;
	served->call.fy_procedure = in->header.procedure;
	served->call.fy_xid = in->header.xid;
	served->call.fy_decoder = ferry_decoder_on(
		served->call.fy_message.data + in->args,
		in->message.len - in->args, &served->arena);
	return served;
}

/* Who has asked the link about messages may have heard of room. */
static void
flush_if_heard(struct fy_conn *conn)
{
	if (FY_UNLIKELY(__atomic_load_n(&conn->hears_room, __ATOMIC_SEQ_CST)))
		fy_conn_flush(conn);
}

/* Whether to read on, though no event may come. */
static bool
may_have_more(struct fy_conn *conn)
{
	bool pending = conn->link->ops->pending(conn->link);

	flush_if_heard(conn);
	return pending || conn->source.again ||
	       __atomic_load_n(&conn->hung_up, __ATOMIC_RELAXED);
}

/*
 * Others, if there are any, may read while the handler runs, at once if there
 * is more. Return: whether the role is not ours any more.
 */
static bool
let_others_read(struct fy_conn *conn)
{
	if (conn->source.server->n_threads == 1)
		return false;
	if (may_have_more(conn) || !fy_source_leave(&conn->source))
		fy_source_ready(&conn->source);
	return true;
}

/* ---- waiting for the next one ---- */

static bool
may_linger(const struct fy_conn *conn)
{
	const struct ferry_server *server = conn->source.server;

	return !fy_server_stopping(server) &&
	       !__atomic_load_n(&conn->hears_room, __ATOMIC_RELAXED) &&
	       __atomic_load_n(&server->n_ready, __ATOMIC_RELAXED) < CROWD;
}

/* A message has been seen to. Return: whether to read on; else the role is not
 * ours any more. */
static bool
go_on(struct fy_conn *conn)
{
	struct ferry_link *link = conn->link;

	if (!link->ops->linger)
		return may_have_more(conn) || !fy_source_leave(&conn->source);
	/* Whatever it says: take() knows better, and has descriptors tell. */
	if (may_linger(conn))
		(void)link->ops->linger(link);
	return true;
}

/* ---- one message ---- */

enum outcome {
	ANSWERED, /* the role is still ours */
	HANDED,	  /* it is not: a handler has run */
	GARBAGE,  /* not a call */
};

/* FERRY_OK: @in is whole; FERRY_EPROTO: not a call; else answer by @reply. */
static ferry_err
understand(const struct ferry_server *server, struct incoming *in,
	   struct fy_msg_reply *reply)
{
	struct ferry_decoder d = ferry_decoder_on(in->message.data,
						  in->message.len, NULL);
	enum ferry_auth_stat stat;
	ferry_err err = fy_msg_get_call(&d, &in->header, reply);

	if (err)
		return err;
	reply->xid = in->header.xid;
	in->args = (size_t)(d.at - in->message.data);
	stat = fy_auth_check(&in->header, &in->claim);
	if (stat) {
		reply->state = FY_MSG_AUTH_ERROR;
		reply->auth_stat = stat;
		return FERRY_EAUTH;
	}
	if (!fy_programs_find(&server->programs, &in->header, &in->service,
			      &in->procedure, reply))
		return FERRY_EPROG;
	return FERRY_OK;
}

/* No handler hears of it: who looks for a call that got lost finds it here. */
static void
log_refusal(const struct fy_conn *conn, const struct fy_msg_call *call,
	    const struct fy_msg_reply *reply)
{
	static const char *const reasons[] = {
		[FY_MSG_PROG_UNAVAIL] = "PROG_UNAVAIL",
		[FY_MSG_PROG_MISMATCH] = "PROG_MISMATCH",
		[FY_MSG_PROC_UNAVAIL] = "PROC_UNAVAIL",
		[FY_MSG_AUTH_ERROR] = "AUTH_ERROR",
	};

	fy_log(conn->source.server->config.hooks, FERRY_LOG_INFO,
	       "%s: a call of program %u, version %u, procedure %u, is refused: "
	       "%s", conn->peer.text, call->program, call->version,
	       call->procedure, reasons[reply->state]);
}

static enum outcome
answer(struct fy_conn *conn, const struct fy_msg_reply *reply)
{
	conn->link->ops->release(conn->link);
	fy_conn_answer(conn, reply);
	return ANSWERED;
}

static enum outcome
one_message(struct fy_conn *conn, struct ferry_bytes message)
{
	struct fy_msg_reply reply = { 0 };
	struct incoming in;
	struct fy_served *served;
	bool handed;
	ferry_err err;

	in.message = message;
	in.procedure = NULL;
	err = understand(conn->source.server, &in, &reply);
	if (err == FERRY_EPROTO) {
		conn->link->ops->release(conn->link);
		return GARBAGE;
	}
	if (err == FERRY_EPROG || err == FERRY_EAUTH)
		log_refusal(conn, &in.header, &reply);
	if (err || !in.procedure)
		return answer(conn, &reply);
	served = serve_it(conn, &in);
	if (FY_UNLIKELY(!served)) {
		reply.state = FY_MSG_SYSTEM_ERR;
		return answer(conn, &reply);
	}
	handed = let_others_read(conn);
	fy_served_run(served);
	return handed ? HANDED : ANSWERED;
}

/* ---- the reading role ---- */

static void
close_because(struct fy_conn *conn, enum ferry_log_level level,
	      const char *reason)
{
	fy_log(conn->source.server->config.hooks, level,
	       "%s: connection closed: %s", conn->peer.text, reason);
	fy_conn_close(conn);
}

/* No more calls come; the connection ends when the last has been answered. */
static void
end(struct fy_conn *conn)
{
	fy_lock(&conn->send);
	conn->last = true;
	fy_unlock(&conn->send);
	if (!fy_conn_park(conn))
		fy_conn_close(conn);
}

/* There was no message. Return: whether the role is not ours any more. */
static bool
without_message(struct fy_conn *conn, ferry_err err, const char *reason)
{
	struct ferry_link *link = conn->link;

	switch (err) {
	case FERRY_EAGAIN:
		conn->source.again = false;
		if (link->ops->partial && link->ops->partial(link))
			fy_server_need_sweep(conn->source.server);
		return fy_source_leave(&conn->source);
	case FERRY_EOF:
		end(conn);
		return true;
	case FERRY_ELOST:
		close_because(conn, FERRY_LOG_INFO, reason);
		return true;
	default:
		close_because(conn, FERRY_LOG_WARNING, reason);
		return true;
	}
}

/* Whether it is to be closed, or not to be read for the time being. */
static bool
is_barred(struct fy_conn *conn)
{
	if (conn->last ||
	    FY_UNLIKELY(__atomic_load_n(&conn->doomed, __ATOMIC_ACQUIRE))) {
		fy_conn_close(conn);
		return true;
	}
	if (FY_LIKELY(!__atomic_load_n(&conn->crowded, __ATOMIC_RELAXED)))
		return false;
	__atomic_store_n(&conn->crowded, false, __ATOMIC_RELAXED);
	return fy_conn_park(conn);
}

/* Takes a message and sees to it. Return: whether the role is still ours. */
static bool
read_one(struct fy_conn *conn)
{
	struct ferry_link *link = conn->link;
	struct ferry_error why;
	bool lingers = link->ops->linger != NULL;
	struct ferry_bytes message;
	ferry_err err;

	fy_error_none(&why);
	err = link->ops->take(link, &message, &why);
	flush_if_heard(conn);
	if (err)
		return !without_message(conn, err, why.text);
	__atomic_store_n(&conn->n_messages, conn->n_messages + 1,
			 __ATOMIC_RELAXED);
	switch (one_message(conn, message)) {
	case ANSWERED:
		return go_on(conn);
	case GARBAGE:
		close_because(conn, FERRY_LOG_WARNING, "that was not a call");
		return false;
	case HANDED:
		break;
	}
	/* If nobody else reads it; it may be another connection by now. */
	return lingers && fy_source_try(&conn->source) && go_on(conn);
}

/* ---- turns ---- */

/**
 * struct turn - what of a connection is read at a stretch
 * @n:        messages, roughly
 * @lingers:  its link is waited for without the event core
 * @since_ns: the first look at the clock; 0: none yet
 */
struct turn {
	uint32_t n;
	bool lingers;
	int64_t since_ns;
};

static bool
has_taken_long(struct turn *turn)
{
	int64_t now_ns;

	if (turn->n % LINGER_LOOK)
		return false;
	now_ns = fy_os_now_ns();
	if (turn->since_ns == 0)
		turn->since_ns = now_ns;
	return turn->n >= LINGER_STRETCH ||
	       now_ns - turn->since_ns >= LINGER_NS;
}

/* Whether others are to have theirs. */
static bool
is_over(struct turn *turn, const struct ferry_server *server)
{
	turn->n++;
	if (!turn->lingers)
		return turn->n >= AT_A_STRETCH;
	if (FY_LIKELY(!has_taken_long(turn)))
		return false;
	/* Who sleeps hears of others, and goes to them. */
	if (!fy_server_is_alone(server))
		*turn = (struct turn){ .lingers = true };
	return turn->n > 0;
}

static bool
conn_read(struct fy_source *source)
{
	struct fy_conn *conn = conn_of(source);
	struct turn turn = { .lingers = conn->link->ops->linger != NULL };
	bool ours;

	do {
		/* A doomed one is closed, or stopping would wait for it. */
		if (is_barred(conn))
			return false;
		/* No more calls; one that is doomed later needs the role. */
		if (FY_UNLIKELY(fy_server_stopping(source->server)))
			ours = !fy_source_leave(source);
		else
			ours = read_one(conn);
		if (!ours)
			return turn.lingers;
	} while (!is_over(&turn, source->server));
	fy_source_ready(source);
	return turn.lingers;
}

static void
conn_event(struct fy_source *source, uint32_t events)
{
	struct fy_conn *conn = conn_of(source);

	if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
		__atomic_store_n(&conn->hung_up, true, __ATOMIC_RELAXED);
	if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) ||
	    __atomic_load_n(&conn->hears_room, __ATOMIC_SEQ_CST))
		fy_conn_flush(conn);
	if ((events & ~(uint32_t)EPOLLOUT) && fy_source_claim(source))
		(void)conn_read(source);
}

const struct fy_source_ops fy_conn_source = {
	.event = conn_event,
	.read = conn_read,
};

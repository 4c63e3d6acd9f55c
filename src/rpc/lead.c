/* SPDX-License-Identifier: MIT */
/* Who reads a client's link, and how replies find their calls. */
#include <errno.h>
#include <string.h>

#include <sys/eventfd.h>

#include "core/err.h"
#include "core/log.h"
#include "core/os.h"
#include "core/time.h"
#include "rpc/client.h"

/* Results up to this are copied into the arena of the reader's own call. */
#define COPY_MAX 4096
/* Messages that are read at a stretch for others. */
#define AT_A_STRETCH 256
/* So long a sender without room leaves it to others to read. */
#define ASIDE_NS 10000000

/* ---- the end of a call ---- */

/*
 * The one place where a call in flight becomes a finished one. Its memory may
 * be gone as soon as the state is stored; waking a word that is nobody's any
 * more is harmless. @own: its thread is this one, and so does not sleep.
 */
static void
complete(struct ferry_call *call, bool own)
{
	if (own)
		__atomic_store_n(&call->fy_state, FY_CALL_DONE,
				 __ATOMIC_RELEASE);
	else if (__atomic_exchange_n(&call->fy_state, FY_CALL_DONE,
				__ATOMIC_ACQ_REL) == FY_CALL_SLEEP)
		fy_os_futex_wake(&call->fy_state, 1);
}

/* What a reply without results says. */
static ferry_err
fail_by(struct ferry_call *call, const struct fy_msg_reply *reply)
{
	struct ferry_error *why = &call->why;
	ferry_err err;

	switch (reply->state) {
	case FY_MSG_PROG_UNAVAIL:
		return fy_fail(why, FERRY_EPROG,
			       "the server does not have program %u (%s)",
			       call->fy_version->program,
			       call->fy_version->name);
	case FY_MSG_PROG_MISMATCH:
		err = fy_fail(why, FERRY_EVERSION,
			      "the server has versions %u to %u of program %u "
			      "(%s), not %u",
			      reply->low, reply->high,
			      call->fy_version->program,
			      call->fy_version->name,
			      call->fy_version->version);
		break;
	case FY_MSG_PROC_UNAVAIL:
		return fy_fail(why, FERRY_EPROC,
			       "the server does not have procedure %u of "
			       "program %u (%s), version %u",
			       call->fy_procedure, call->fy_version->program,
			       call->fy_version->name,
			       call->fy_version->version);
	case FY_MSG_GARBAGE_ARGS:
		return fy_fail(why, FERRY_EARGS,
			       "the server could not decode the arguments: "
			       "compare the interface files of both sides");
	case FY_MSG_RPC_MISMATCH:
		err = fy_fail(why, FERRY_ERPCVERS,
			      "the server speaks versions %u to %u of the RPC "
			      "protocol, not 2",
			      reply->low, reply->high);
		break;
	case FY_MSG_AUTH_ERROR:
		err = fy_fail(why, FERRY_EAUTH,
			      "the server refused the credential: auth_stat %u "
			      "of RFC 5531",
			      reply->auth_stat);
		break;
	default:
		return fy_fail(why, FERRY_ESERVER,
			       "the server failed to run the call "
			       "(SYSTEM_ERR); its log may say why");
	}
	why->low = reply->low;
	why->high = reply->high;
	why->auth_stat = reply->auth_stat;
	return err;
}

/* ---- replies ---- */

/*
 * Gives @call, which only this thread knows, its results: @d stands at them in
 * @message, which has been taken from the link. Without a copy where they are
 * long. An arena is its own thread's alone: @own says whether that is this one.
 */
static ferry_err
give_results(struct ferry_client *client, struct ferry_call *call,
	     const struct ferry_decoder *d, struct ferry_bytes message,
	     bool own)
{
	uint32_t n = (uint32_t)(d->end - d->at);
	uint8_t *to = call->fy_small;
	struct ferry_block block;

	call->fy_block = NULL;
	if (n > sizeof(call->fy_small) && own && call->mem && n <= COPY_MAX)
		to = ferry_arena_alloc(call->mem, n);
	else if (n > sizeof(call->fy_small))
		to = NULL;
	if (to) {
		memcpy(to, d->at, n);
		call->fy_message = (struct ferry_bytes){ to, n };
		client->ch.link->ops->release(client->ch.link);
		return FERRY_OK;
	}
	if (client->ch.link->ops->keep(client->ch.link, &block)) {
		client->ch.link->ops->release(client->ch.link);
		return fy_fail_memory(&call->why, n);
	}
	call->fy_block = block.mem;
	call->fy_message = (struct ferry_bytes){
		block.data.data + (d->at - message.data), n
	};
	return FERRY_OK;
}

/*
 * Who waits for the reply in @message, now this thread's; NULL: nobody. A leader
 * whose own it is goes on to step down, so he keeps the lock.
 */
static struct ferry_call *
take_call(struct ferry_client *client, struct ferry_bytes message,
	  const struct ferry_call *own)
{
	struct ferry_call *call;

	if (message.len < 4)
		return NULL;
	fy_lock(&client->lock);
	call = fy_calls_take(&client->calls, ferry_load_u32(message.data));
	client->holds = call && call == own;
	if (!client->holds)
		fy_unlock(&client->lock);
	return call;
}

/*
 * The message that was taken: to its call, or dropped. What is not a reply
 * fails at most the call whose id it has; the records around it are whole.
 */
static void
deliver(struct ferry_client *client, struct ferry_bytes message,
	const struct ferry_call *own)
{
	struct ferry_decoder d = ferry_decoder_on(message.data, message.len,
						  NULL);
	struct ferry_link *link = client->ch.link;
	struct ferry_call *call = take_call(client, message, own);
	struct fy_msg_reply reply;

	if (!call) {
		fy_log(client->hooks, FERRY_LOG_DEBUG,
		       "dropped a reply that no call waits for, %u bytes",
		       message.len);
		link->ops->release(link);
		return;
	}
	if (fy_msg_get_reply(&d, &reply)) {
		link->ops->release(link);
		call->fy_err = fy_fail(&call->why, FERRY_EPROTO,
				       "the server's answer is not an RPC "
				       "reply (RFC 5531 section 9)");
	} else if (reply.state != FY_MSG_SUCCESS) {
		link->ops->release(link);
		call->fy_err = fail_by(call, &reply);
	} else {
		call->fy_err = give_results(client, call, &d, message,
					    call == own);
	}
	complete(call, call == own);
}

/* ---- the end of the link ---- */

static void
ring(struct ferry_client *client)
{
	uint64_t one = 1;

	if (client->room_wanted && client->bell >= 0 &&
	    fy_os_write(client->bell, &one, sizeof(one)) < 0)
		fy_log(client->hooks, FERRY_LOG_ERROR,
		       "cannot wake a sender that waits");
}

static void
note_end(struct ferry_client *client, const struct ferry_error *why)
{
	if (client->ended.code)
		return;
	client->ended = *why;
	ring(client);
}

void
fy_client_end(struct ferry_client *client, const struct ferry_error *why)
{
	fy_lock(&client->lock);
	note_end(client, why);
	fy_unlock(&client->lock);
}

/* Nothing more can be received: every call in flight fails, once. */
void
fy_client_lose(struct ferry_client *client, const struct ferry_error *why)
{
	struct ferry_call *lost = NULL;
	struct ferry_call *call;
	uint32_t chain = 0;

	fy_lock(&client->lock);
	note_end(client, why);
	while ((call = fy_calls_take_next(&client->calls, &chain))) {
		call->fy_next = lost;
		lost = call;
	}
	fy_unlock(&client->lock);

	while ((call = lost)) {
		lost = call->fy_next;
		call->fy_next = NULL;
		call->fy_err = fy_fail(&call->why, FERRY_ELOST,
				       "the connection broke and the outcome "
				       "of the call is unknown: %.120s",
				       why->text);
		call->why.sys_errno = why->sys_errno;
		complete(call, false);
	}
}

/* ---- a foreign loop ---- */

void
fy_client_tell_loop(struct ferry_client *client)
{
	int bell = __atomic_load_n(&client->loop_bell, __ATOMIC_ACQUIRE);
	uint64_t one = 1;

	if (bell >= 0 && fy_os_write(bell, &one, sizeof(one)) < 0)
		fy_log(client->hooks, FERRY_LOG_ERROR,
		       "cannot wake the event loop of a client");
}

/* ---- reading ---- */

/* A child that was the server has its own end told. */
static void
explain(const struct ferry_link *link, struct ferry_error *why, ferry_err err)
{
	if (err == FERRY_EOF && !link->ops->status)
		fy_fail(why, err, "the server closed the connection");
	else if (why->code == FERRY_OK)
		fy_fail(why, err, "%s", ferry_strerror(err));
}

static ferry_err
lose(struct ferry_client *client, ferry_err err, struct ferry_error *why)
{
	explain(client->ch.link, why, err);
	fy_client_lose(client, why);
	return err;
}

/*
 * Takes and delivers one message. FERRY_EAGAIN: none; FERRY_ENOMEM: it is
 * still there. Any other ends the link.
 */
static ferry_err
read_one(struct ferry_client *client, const struct ferry_call *own)
{
	struct ferry_link *link = client->ch.link;
	struct ferry_error why;
	struct ferry_bytes message;
	ferry_err err;

	fy_error_none(&why);
	err = link->ops->take(link, &message, &why);
	if (FY_LIKELY(err == FERRY_OK))
		deliver(client, message, own);
	else if (err != FERRY_EAGAIN && err != FERRY_ENOMEM)
		lose(client, err, &why);
	return err;
}

/* As read_one(), and waits for it in the link. FERRY_ETIMEDOUT. */
static ferry_err
await_one(struct ferry_client *client, const struct ferry_call *own)
{
	struct ferry_link *link = client->ch.link;
	struct ferry_error why;
	struct ferry_bytes message;
	ferry_err err;

	fy_error_none(&why);
	err = link->ops->take_until(link, &message, own->fy_until, &why);
	if (FY_LIKELY(err == FERRY_OK))
		deliver(client, message, own);
	else if (err == FERRY_EAGAIN && fy_deadline_passed(own->fy_until))
		err = FERRY_ETIMEDOUT;
	else if (err != FERRY_EAGAIN && err != FERRY_ENOMEM &&
		 err != FERRY_ETIMEDOUT)
		lose(client, err, &why);
	return err;
}

/* The leader sends what has not left, unless somebody else is sending. */
static void
flush(struct ferry_client *client)
{
	struct ferry_link *link = client->ch.link;
	struct ferry_error why;
	ferry_err err;

	if (!fy_lock_try(&client->send))
		return;
	fy_error_none(&why);
	err = link->ops->flush(link, &why);
	fy_unlock(&client->send);
	if (err && err != FERRY_EAGAIN)
		lose(client, err, &why);
}

/* FERRY_OK: something happened; FERRY_ETIMEDOUT. */
static ferry_err
poll_link(struct ferry_client *client, struct ferry_deadline until,
	  struct ferry_error *why)
{
	struct ferry_events events;
	struct pollfd fds[FERRY_EVENTS_MOST];
	bool out_ready = false;
	int n;

	client->ch.link->ops->events(client->ch.link, &events);
	for (uint32_t i = 0; i < events.n; i++)
		fds[i] = (struct pollfd){ events.fd[i], events.events[i], 0 };
	n = fy_os_poll(fds, events.n, until);
	if (FY_UNLIKELY(n < 0))
		return fy_fail_errno(why, "wait for a reply");
	if (n == 0)
		return FERRY_ETIMEDOUT;
	/* A pipe that nobody reads any more tells an error and no room. */
	for (uint32_t i = 0; i < events.n; i++)
		out_ready |= (fds[i].revents & POLLOUT) ||
			     (fds[i].revents && fds[i].events == POLLOUT);
	if (FY_UNLIKELY(out_ready))
		flush(client);
	return FERRY_OK;
}

ferry_err
fy_client_read(struct ferry_client *client)
{
	ferry_err err = FERRY_OK;

	for (int i = 0; i < AT_A_STRETCH && !err; i++)
		err = read_one(client, NULL);
	return err == FERRY_EAGAIN || err == FERRY_ENOMEM ? FERRY_OK : err;
}

/* ---- leading and following: the client's lock is held ---- */

static bool
is_done(const struct ferry_call *call)
{
	return fy_call_state(call) == FY_CALL_DONE;
}

/* If nobody leads, somebody who could must not sleep. */
static void
pass_on(struct ferry_client *client)
{
	struct ferry_link *link = client->ch.link;
	struct ferry_call *next = client->waiters;
	uint32_t expected = FY_CALL_SLEEP;

	if (client->led)
		return;
	if (FY_UNLIKELY(client->room_wanted))
		ring(client);
	if (!next) {
		if (FY_UNLIKELY(client->poll.fd >= 0) &&
		    (link->ops->pending(link) ||
		     (client->both && link->ops->unsent(link) > 0)))
			fy_client_tell_loop(client);
		return;
	}
	/* Otherwise he is awake already, and comes here before he leaves. */
	if (__atomic_compare_exchange_n(&next->fy_state, &expected,
					FY_CALL_FLIGHT, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		fy_os_futex_wake(&next->fy_state, 1);
}

/*
 * Out of the table, or if somebody is just delivering to it, until he is done.
 */
static void
withdraw(struct ferry_client *client, struct ferry_call *call)
{
	if (fy_calls_take(&client->calls, call->fy_xid))
		return;
	fy_unlock(&client->lock);
	while (!is_done(call)) {
		uint32_t expected = FY_CALL_FLIGHT;

		__atomic_compare_exchange_n(&call->fy_state, &expected,
					    FY_CALL_SLEEP, false,
					    __ATOMIC_ACQ_REL,
					    __ATOMIC_ACQUIRE);
		fy_os_futex_wait(&call->fy_state, FY_CALL_SLEEP, FERRY_NEVER);
	}
	fy_lock(&client->lock);
}

/* Ends @call with @err unless it is done by then. */
static void
give_up(struct ferry_client *client, struct ferry_call *call, ferry_err err,
	const struct ferry_error *why)
{
	withdraw(client, call);
	if (is_done(call))
		return;
	call->fy_err = err;
	if (err == FERRY_ETIMEDOUT)
		fy_fail(&call->why, err,
			"no reply came before the deadline; whether the call "
			"ran is unknown");
	else if (why->code)
		call->why = *why;
	else
		fy_fail(&call->why, err, "%s", ferry_strerror(err));
	__atomic_store_n(&call->fy_state, FY_CALL_DONE, __ATOMIC_RELEASE);
}

/* A message was read, and it was not for @call. FERRY_ETIMEDOUT. */
static ferry_err
go_on(struct ferry_client *client, const struct ferry_call *call)
{
	fy_client_tell_loop(client);
	return fy_deadline_passed(call->fy_until) ? FERRY_ETIMEDOUT : FERRY_OK;
}

/* Whether to wait in the link, which is cheaper than to poll. */
static bool
can_block(const struct ferry_client *client)
{
	const struct ferry_link *link = client->ch.link;

	/* Something that has not left is to be polled for as well. */
	return link->ops->take_until && link->ops->unsent(link) == 0;
}

/* There was no message, and something has not left, or nothing blocks. */
static ferry_err
wait_for_more(struct ferry_client *client, struct ferry_deadline until,
	      struct ferry_error *why)
{
	/* What was read may have told of room. */
	if (client->both)
		flush(client);
	return can_block(client) ? FERRY_OK : poll_link(client, until, why);
}

/* Reads once, for @call and others, or waits. FERRY_OK: go on. */
static ferry_err
lead_on(struct ferry_client *client, struct ferry_call *call,
	struct ferry_error *why)
{
	const bool blocks = can_block(client);
	ferry_err err;

	/*
	 * Reading comes first: on one processor the server has often run, and
	 * answered, before the sender's write returns.
	 */
	err = blocks ? await_one(client, call) : read_one(client, call);
	if (err == FERRY_EAGAIN)
		return blocks ? FERRY_OK
			      : wait_for_more(client, call->fy_until, why);
	return err || FY_LIKELY(is_done(call)) ? err : go_on(client, call);
}

/* Reads until @call is done. FERRY_ETIMEDOUT, or why it cannot go on. */
static ferry_err
lead(struct ferry_client *client, struct ferry_call *call,
     struct ferry_error *why)
{
	ferry_err err = FERRY_OK;

	client->led = true;
	fy_unlock(&client->lock);
	while (!err && !is_done(call))
		err = lead_on(client, call, why);
	if (!client->holds)
		fy_lock(&client->lock);
	client->holds = false;
	client->led = false;
	return err;
}

static void
unlink_waiter(struct ferry_client *client, struct ferry_call *call)
{
	struct ferry_call *next = call->fy_waiters[0];
	struct ferry_call *before = call->fy_waiters[1];

	if (next)
		next->fy_waiters[1] = before;
	if (before)
		before->fy_waiters[0] = next;
	else
		client->waiters = next;
}

static void
link_waiter(struct ferry_client *client, struct ferry_call *call)
{
	call->fy_waiters[0] = client->waiters;
	call->fy_waiters[1] = NULL;
	if (client->waiters)
		client->waiters->fy_waiters[1] = call;
	client->waiters = call;
}

/* Sleeps until @call is done, or may lead. FERRY_ETIMEDOUT. */
static ferry_err
follow(struct ferry_client *client, struct ferry_call *call)
{
	uint32_t expected = FY_CALL_FLIGHT;
	bool late = false;

	link_waiter(client, call);
	if (__atomic_compare_exchange_n(&call->fy_state, &expected,
					FY_CALL_SLEEP, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		fy_unlock(&client->lock);
		late = fy_os_futex_wait(&call->fy_state, FY_CALL_SLEEP,
					call->fy_until) < 0 &&
		       errno == ETIMEDOUT;
		fy_lock(&client->lock);
		expected = FY_CALL_SLEEP;
		__atomic_compare_exchange_n(&call->fy_state, &expected,
					    FY_CALL_FLIGHT, false,
					    __ATOMIC_ACQ_REL,
					    __ATOMIC_ACQUIRE);
	}
	unlink_waiter(client, call);
	return late ? FERRY_ETIMEDOUT : FERRY_OK;
}

void
fy_client_step_down(struct ferry_client *client)
{
	fy_lock(&client->lock);
	client->led = false;
	pass_on(client);
	fy_unlock(&client->lock);
}

void
fy_client_await(struct ferry_client *client, struct ferry_call *call)
{
	struct ferry_error why;
	ferry_err err = FERRY_OK;

	fy_error_none(&why);
	fy_lock(&client->lock);
	while (!err && !is_done(call)) {
		if (client->led)
			err = follow(client, call);
		else
			err = lead(client, call, &why);
	}
	if (!is_done(call))
		give_up(client, call, err, &why);
	pass_on(client);
	fy_unlock(&client->lock);
}

void
fy_client_forget(struct ferry_client *client, struct ferry_call *call)
{
	fy_lock(&client->lock);
	withdraw(client, call);
	fy_unlock(&client->lock);
}

/* ---- a sender without room ---- */

/* Now leads, or has a bell to hear when nobody does. */
static ferry_err
want_room(struct ferry_client *client, bool *leads, struct ferry_error *why)
{
	ferry_err err = FERRY_OK;

	fy_lock(&client->lock);
	if (client->ended.code) {
		err = client->ended.code;
		if (why)
			*why = client->ended;
	} else if (!client->led) {
		client->led = true;
		*leads = true;
	} else if (!client->both) {
		if (client->bell < 0)
			client->bell = fy_os_eventfd(0, EFD_NONBLOCK);
		if (client->bell < 0)
			err = fy_fail_errno(why, "make an eventfd");
		else
			client->room_wanted = true;
	}
	fy_unlock(&client->lock);
	return err;
}

static void
unwant_room(struct ferry_client *client, bool leads)
{
	fy_lock(&client->lock);
	client->room_wanted = false;
	fy_unlock(&client->lock);
	if (leads)
		fy_client_step_down(client);
}

static ferry_err
fail_room(struct ferry_error *why)
{
	return fy_fail(why, FERRY_ETIMEDOUT,
		       "the server takes no more calls: there was no room to "
		       "send before the deadline");
}

/* Waits for room, for replies if they are this thread's, else for the bell. */
static ferry_err
poll_room(struct ferry_client *client, bool leads, struct ferry_deadline until,
	  struct ferry_error *why)
{
	struct ferry_events events;
	struct pollfd fds[FERRY_EVENTS_MOST + 1];
	nfds_t n_fds = 0;
	uint64_t rung;
	int n;

	client->ch.link->ops->events(client->ch.link, &events);
	for (uint32_t i = 0; i < events.n; i++) {
		short wanted = events.events[i];

		if (!leads)
			wanted = (short)(wanted & POLLOUT);
		if (wanted)
			fds[n_fds++] = (struct pollfd){ events.fd[i], wanted,
							0 };
	}
	if (!leads)
		fds[n_fds++] = (struct pollfd){ client->bell, POLLIN, 0 };
	n = fy_os_poll(fds, n_fds, until);
	if (n < 0)
		return fy_fail_errno(why, "wait for room to send");
	if (n == 0)
		return fail_room(why);
	/* Only counts; whether anything was there is of no interest. */
	if (!leads && fy_os_read(client->bell, &rung, sizeof(rung)) < 0)
		rung = 0;
	return FERRY_OK;
}

static ferry_err
read_for_all(struct ferry_client *client)
{
	ferry_err err = fy_client_read(client);

	fy_client_tell_loop(client);
	return err;
}

/*
 * While another thread leads, which may hear what rings for this one: so it
 * waits in the link, and looks now and then whether that has changed.
 */
static ferry_err
wait_aside(struct ferry_client *client, struct ferry_deadline until,
	   struct ferry_error *why)
{
	struct ferry_link *link = client->ch.link;
	struct ferry_deadline step = ferry_in_ns(ASIDE_NS);
	ferry_err err;

	if (until.ns < step.ns)
		step = until;
	err = link->ops->flush_until(link, step, why);
	if (err != FERRY_ETIMEDOUT && err != FERRY_EAGAIN)
		return err;
	return fy_deadline_passed(until) ? fail_room(why) : FERRY_OK;
}

/* While this thread leads: until there is room, or something was read. */
static ferry_err
wait_leading(struct ferry_client *client, struct ferry_deadline until,
	     struct ferry_error *why)
{
	struct ferry_link *link = client->ch.link;
	ferry_err err = read_for_all(client);

	if (err)
		return err;
	if (link->ops->pending(link))
		return fy_deadline_passed(until) ? fail_room(why) : FERRY_OK;
	/* Last: who asks about messages may hear of room. */
	if (client->both)
		err = link->ops->flush(link, why);
	if (client->both && err != FERRY_EAGAIN)
		return err;
	err = poll_room(client, true, until, why);
	return err ? err : read_for_all(client);
}

ferry_err
fy_client_make_room(struct ferry_client *client, struct ferry_deadline until,
		    struct ferry_error *why)
{
	struct ferry_link *link = client->ch.link;
	bool leads = false;
	ferry_err err = want_room(client, &leads, why);

	if (err)
		return err;
	if (leads)
		err = wait_leading(client, until, why);
	else if (client->both)
		err = wait_aside(client, until, why);
	else
		err = poll_room(client, false, until, why);
	unwant_room(client, leads);
	if (err)
		return err;
	err = link->ops->flush(link, why);
	return err == FERRY_EAGAIN ? FERRY_OK : err;
}

/* SPDX-License-Identifier: MIT */
/* What a victim does until it dies: no asserts, it notes what is wrong. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kill.h"
#include "kill_single.h"

/* Messages that are corked at a time. */
#define CORKED 16
/* ... and those that are asked before any is answered. */
#define ASKED 3

/**
 * struct victim - the state of one
 * @of:     the page's part for the channel
 * @seen:   operations of the kind that is to be stepped through
 */
struct victim {
	struct kill_page *page;
	const struct kill_plan *plan;
	struct kill_progress *of;
	struct ferry_listener *listener;
	struct ferry_channel *ch;
	struct ferry_arena arena;
	uint8_t *mem;
	uint32_t random;
	uint32_t seen;
};

/* ---- notes ---- */

static bool
is_wrong(struct victim *v, const char *what, ferry_err err)
{
	if (!v->page->wrong) {
		v->page->wrong_err = (uint32_t)err;
		v->page->wrong = what;
	}
	return false;
}

static void
begin(struct victim *v, enum kill_op op)
{
	v->page->op = op;
	if (v->plan->end != KILL_SINGLY || v->plan->step != op ||
	    v->seen++ != v->plan->warm)
		return;
	/* Until the survivor is asleep. */
	kill_spin_all(v->plan->pause_ns);
	kill_mark();
}

static void
end(struct victim *v)
{
	v->page->op = KILL_OUTSIDE;
	v->page->marks++;
}

static void
die_by_time(struct victim *v)
{
	struct sigevent how = { .sigev_notify = SIGEV_SIGNAL,
				.sigev_signo = SIGKILL };
	int64_t end_ns = kill_now_ns() + v->plan->after_ns;
	const struct itimerspec when = {
		.it_value = { .tv_sec = end_ns / 1000000000,
			      .tv_nsec = end_ns % 1000000000 },
	};
	timer_t timer;

	v->page->ended_ns = end_ns;
	if (timer_create(CLOCK_MONOTONIC, &how, &timer) < 0 ||
	    timer_settime(timer, TIMER_ABSTIME, &when, NULL) < 0)
		is_wrong(v, "there is no timer", FERRY_ESYS);
}

/* ---- messages ---- */

static ferry_err
send_lent(struct victim *v, uint32_t number)
{
	uint32_t bytes = kill_message_bytes(v->plan, number);
	uint8_t *room;
	ferry_err err = ferry_channel_loan(v->ch, bytes, &room, FERRY_NEVER,
					   NULL);

	if (err)
		return err;
	(void)kill_message(v->plan, number, room);
	return ferry_channel_commit(v->ch, FERRY_NEVER, NULL);
}

static bool
send_one(struct victim *v, uint32_t number)
{
	struct kill_progress *of = v->of;
	struct ferry_bytes m = { NULL, 0 };
	ferry_err err;

	if (v->plan->way != KILL_LENDS)
		m = kill_message(v->plan, number, v->mem);
	of->published = v->page->passed[FY_STEP_SEND_PUBLISHED];
	of->begun = number + 1;
	begin(v, KILL_IN_SEND);
	if (v->plan->way == KILL_LENDS)
		err = send_lent(v, number);
	else
		err = ferry_channel_send(v->ch, m, FERRY_NEVER, NULL);
	if (err)
		return is_wrong(v, "it could not send", err);
	of->done = number + 1;
	if (v->plan->way != KILL_CORKS)
		of->left = number + 1;
	end(v);
	return true;
}

/* What is corked leaves before the victim does something else. */
static bool
flush(struct victim *v)
{
	ferry_err err;

	if (v->plan->way != KILL_CORKS)
		return true;
	begin(v, KILL_IN_SEND);
	err = ferry_channel_flush(v->ch, FERRY_NEVER, NULL);
	if (err)
		return is_wrong(v, "it could not flush", err);
	v->of->left = v->of->done;
	end(v);
	return true;
}

static bool
is_message(struct victim *v, struct ferry_bytes got, uint32_t number)
{
	struct ferry_bytes m = kill_message(v->plan, number, v->mem);

	if (got.len == m.len && memcmp(got.data, m.data, m.len) == 0)
		return true;
	return is_wrong(v, "it received another message", FERRY_OK);
}

/* FERRY_EOF: it is no error. */
static ferry_err
receive_one(struct victim *v, uint32_t number)
{
	bool copies = v->plan->way == KILL_COPIES;
	struct ferry_bytes got;
	ferry_err err;

	begin(v, KILL_IN_RECV);
	if (copies)
		err = ferry_channel_recv(v->ch, &v->arena, &got, FERRY_NEVER,
					 NULL);
	else
		err = ferry_channel_take(v->ch, &got, FERRY_NEVER, NULL);
	if (err)
		return err;
	end(v);
	if (!is_message(v, got, number))
		err = FERRY_EPROTO;
	v->of->took = number + 1;
	begin(v, KILL_IN_RECV);
	if (copies)
		ferry_arena_reset(&v->arena);
	else
		ferry_channel_release(v->ch);
	end(v);
	return err;
}

/* ---- what it does with a channel ---- */

static void
rest(struct victim *v)
{
	if (v->plan->end != KILL_SINGLY)
		kill_spin(&v->random, v->plan->pause_ns);
}

static bool
send_all(struct victim *v)
{
	for (uint32_t i = 0; i < v->plan->n; i++) {
		rest(v);
		if (!send_one(v, i))
			return false;
		if (i % CORKED == CORKED - 1 && !flush(v))
			return false;
	}
	return flush(v);
}

static bool
receive_all(struct victim *v)
{
	ferry_err err = FERRY_OK;

	for (uint32_t i = 0; !err; i++) {
		rest(v);
		err = receive_one(v, i);
	}
	v->page->op = KILL_OUTSIDE;
	if (err != FERRY_EOF)
		return is_wrong(v, "it could not receive", err);
	if (v->of->took != v->plan->n)
		return is_wrong(v, "it did not receive all", err);
	return true;
}

static bool
ask_all(struct victim *v)
{
	uint32_t n = v->plan->n;

	for (uint32_t i = 0; i < n;) {
		uint32_t to = n - i < ASKED || v->plan->way == KILL_PARTS
				      ? i + 1 : i + ASKED;
		ferry_err err = FERRY_OK;

		rest(v);
		for (uint32_t at = i; at < to; at++) {
			if (!send_one(v, at))
				return false;
		}
		if (!flush(v))
			return false;
		for (; i < to && !err; i++)
			err = receive_one(v, i);
		if (err)
			return is_wrong(v, "it got no answer", err);
	}
	return true;
}

static bool
use(struct victim *v)
{
	if (v->plan->way == KILL_CORKS)
		ferry_channel_cork(v->ch);
	switch (v->plan->role) {
	case KILL_SENDS:
		return send_all(v);
	case KILL_RECEIVES:
		return receive_all(v);
	default:
		return ask_all(v);
	}
}

static bool
meet(struct victim *v, const char *addr)
{
	const struct ferry_deadline until = ferry_in_ms(KILL_STUCK_MS);
	ferry_err err;

	begin(v, v->listener ? KILL_ACCEPTS : KILL_OPENS);
	if (v->listener)
		err = ferry_listener_accept(v->listener, until, &v->ch, NULL);
	else
		err = ferry_channel_open(addr, NULL, until, &v->ch, NULL);
	if (err)
		return is_wrong(v, "it got no channel", err);
	v->of->open = 1;
	end(v);
	return true;
}

static bool
part(struct victim *v)
{
	ferry_err err;

	begin(v, KILL_CLOSES);
	err = ferry_channel_close(v->ch, FERRY_NEVER, NULL);
	if (err)
		return is_wrong(v, "it could not close", err);
	v->of->closed = 1;
	end(v);
	return true;
}

static bool
have_channels(struct victim *v, const char *addr)
{
	for (uint32_t i = 0; i < v->plan->n_channels; i++) {
		v->of = &v->page->of[i];
		if (!meet(v, addr))
			return false;
		if (i == 0) {
			v->page->met_ns = kill_now_ns() - v->page->born_ns;
			if (v->plan->end == KILL_BY_TIME &&
			    !v->plan->from_start)
				die_by_time(v);
		}
		if (!use(v) || !part(v))
			return false;
	}
	return true;
}

static bool
listen_at(struct victim *v, const char *addr)
{
	ferry_err err = ferry_listener_open(addr, NULL, &v->listener, NULL);

	if (err)
		return is_wrong(v, "it could not listen", err);
	v->page->listening = 1;
	kill_tell(v->page);
	return true;
}

int
kill_be_victim(struct kill_page *page, const char *its, const char *at)
{
	struct victim v = { .page = page, .plan = &page->plan,
			    .random = page->plan.seed,
			    .mem = malloc(KILL_BYTES_MOST) };
	char addr[100];
	bool done;

	if (v.plan->end == KILL_BY_TIME && v.plan->from_start)
		die_by_time(&v);
	kill_address(v.plan, v.plan->listens ? its : at, addr, sizeof(addr));
	done = v.mem && (!v.plan->listens || listen_at(&v, addr)) &&
	       have_channels(&v, addr);
	ferry_listener_close(v.listener);
	ferry_arena_fini(&v.arena);
	free(v.mem);
	return done ? 0 : 1;
}

/* SPDX-License-Identifier: MIT */
/* What the one at the other end of a victim does, and what it has to find. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "kill.h"

/* How long one may wait at a time for a victim that may be dead. */
#define SLICE_MS 1

/**
 * struct survivor - one of one victim
 * @of:     what the victim says of this channel
 * @got:    messages, all as they should be; @sent: those that it took over
 * @end:    of receiving, told at @told_ns
 * @until_ns: when the call has to return that was made last
 * @polled_ns: when it went to poll last; 0: it did not
 */
struct survivor {
	struct kill_world *w;
	const struct kill_plan *plan;
	struct kill_page *page;
	struct kill_progress *of;
	struct ferry_channel *ch;
	uint32_t got;
	uint32_t sent;
	ferry_err end;
	int64_t told_ns;
	int64_t until_ns;
	int64_t polled_ns;
};

/* ---- what is wrong ---- */

static void
expect(const struct survivor *s, bool is_so, const char *what)
{
	if (is_so)
		return;
	kill_say(s->page);
	print_message("the survivor: got %u, sent %u, end %s: %s\n", s->got,
		      s->sent, ferry_err_name(s->end), what);
	fail();
}

/* ---- waiting ---- */

static struct ferry_deadline
stuck(void)
{
	return ferry_in_ms(KILL_STUCK_MS);
}

/* What goes on while the victim is stopped. */
static void
meanwhile(const struct survivor *s)
{
	if (s->w->meanwhile && s->page->stopped && !s->page->resumed)
		kill_other_answers(s->w);
}

static ferry_err
wait_polling(struct survivor *s)
{
	struct pollfd fd = { .fd = -1 };
	ferry_err err = ferry_channel_fd(s->ch, &fd.fd, NULL);
	int n;

	expect(s, err == FERRY_OK, "there is no descriptor");
	fd.events = ferry_channel_events(s->ch);
	s->polled_ns = kill_now_ns();
	n = poll(&fd, 1, s->w->meanwhile ? SLICE_MS : KILL_STUCK_MS);
	if (n > 0)
		return ferry_channel_process(s->ch, NULL);
	expect(s, n == 0 && s->w->meanwhile, "it polls for ever");
	return FERRY_OK;
}

/* By when the next call has to return. */
static struct ferry_deadline
until(struct survivor *s)
{
	struct ferry_deadline by = stuck();

	if (s->w->meanwhile || s->plan->waits != KILL_ASLEEP)
		by = ferry_in_ms(SLICE_MS);
	s->until_ns = by.ns;
	return s->plan->waits == KILL_ASLEEP ? by : FERRY_NOW;
}

/* Return: whether @err says to try again. */
static bool
waits(struct survivor *s, ferry_err err, struct ferry_deadline late)
{
	if (err != FERRY_ETIMEDOUT && err != FERRY_EAGAIN)
		return false;
	expect(s, kill_now_ns() < late.ns, "it is stuck");
	expect(s, kill_now_ns() < s->until_ns + KILL_TOLD_NS,
	       "a deadline did not hold");
	meanwhile(s);
	/* What process returns is told again by the operation itself. */
	if (s->plan->waits == KILL_POLLING)
		(void)!wait_polling(s);
	return true;
}

/* ---- messages ---- */

static ferry_err
receive_one(struct survivor *s)
{
	const struct ferry_deadline late = stuck();
	struct ferry_bytes got, m;
	ferry_err err;

	do
		err = ferry_channel_take(s->ch, &got, until(s), NULL);
	while (waits(s, err, late));
	if (err)
		return err;
	m = kill_message(s->plan, s->got, s->w->mem);
	expect(s, got.len == m.len && memcmp(got.data, m.data, m.len) == 0,
	       "the message is another");
	ferry_channel_release(s->ch);
	s->got++;
	return FERRY_OK;
}

static ferry_err
send_one(struct survivor *s)
{
	const struct ferry_deadline late = stuck();
	struct ferry_bytes m = kill_message(s->plan, s->sent, s->w->out);
	ferry_err err;

	do
		err = ferry_channel_send(s->ch, m, until(s), NULL);
	while (waits(s, err, late));
	if (!err)
		s->sent++;
	return err;
}

/* The half-close of the survivor, behind all that it has sent. */
static ferry_err
finish(struct survivor *s)
{
	const struct ferry_deadline late = stuck();
	ferry_err err;

	do
		err = ferry_channel_finish(s->ch, until(s), NULL);
	while (waits(s, err, late));
	return err;
}

/* ---- a channel ---- */

static void
receive_all(struct survivor *s, bool answers)
{
	ferry_err sending = FERRY_OK;

	do {
		kill_spin(&s->w->random, s->plan->slow_ns);
		s->end = receive_one(s);
		if (!s->end && answers && !sending)
			sending = send_one(s);
	} while (!s->end);
	expect(s, sending == FERRY_OK || sending == FERRY_ELOST,
	       "it cannot send");
}

/* Return: how sending ended. */
static void
send_all(struct survivor *s)
{
	ferry_err err = FERRY_OK;

	while (!err && s->sent < s->plan->n) {
		kill_spin(&s->w->random, s->plan->slow_ns);
		err = send_one(s);
	}
	if (!err)
		err = finish(s);
	expect(s, err == FERRY_OK || err == FERRY_ELOST, "it cannot send");
	/* There is nothing to come but the end. */
	s->end = receive_one(s);
	expect(s, s->got == 0, "what comes nobody has sent");
}

/* Who goes on after the end is told of it again. */
static void
expect_to_be_told(struct survivor *s)
{
	struct ferry_bytes got;
	ferry_err err = ferry_channel_take(s->ch, &got, FERRY_NOW, NULL);

	expect(s, err == s->end, "the end is another one the second time");
	if (s->plan->role == KILL_RECEIVES)
		return;
	err = ferry_channel_send(s->ch, (struct ferry_bytes){ s->w->out, 8 },
				 FERRY_NOW, NULL);
	expect(s, err == FERRY_ELOST, "it can send to a dead one");
}

static void
use(struct survivor *s)
{
	int fd;

	if (s->plan->waits == KILL_POLLING)
		expect(s, ferry_channel_fd(s->ch, &fd, NULL) == FERRY_OK,
		       "there is no descriptor");
	if (s->plan->role == KILL_RECEIVES)
		send_all(s);
	else
		receive_all(s, s->plan->role == KILL_ASKS);
	s->told_ns = kill_now_ns();
}

static void
leave(struct survivor *s)
{
	(void)ferry_channel_close(s->ch, FERRY_NOW, NULL);
	s->ch = NULL;
}

/* ---- meeting ---- */

static void
listen_again(struct kill_world *w, const struct kill_plan *plan)
{
	static char at[100];
	char addr[100];

	kill_address(plan, w->at, addr, sizeof(addr));
	if (w->listener && strcmp(at, addr) == 0)
		return;
	ferry_listener_close(w->listener);
	assert_int_equal(ferry_listener_open(addr, NULL, &w->listener, NULL),
			 FERRY_OK);
	memcpy(at, addr, sizeof(at));
}

/* Return: whether the victim came; else it is dead. */
static bool
accept_victim(struct survivor *s)
{
	const struct ferry_deadline late = stuck();
	bool last = false;
	ferry_err err;

	for (;;) {
		err = ferry_listener_accept(s->w->listener,
					    last ? FERRY_NOW
						 : ferry_in_ms(SLICE_MS),
					    &s->ch, NULL);
		if (!err)
			return true;
		expect(s, err == FERRY_ETIMEDOUT || err == FERRY_EAGAIN,
		       "it cannot accept");
		if (last)
			return false;
		expect(s, kill_now_ns() < late.ns, "nobody comes");
		meanwhile(s);
		/* It may have come before it died. */
		last = kill_is_dead(s->w);
	}
}

static bool
dial_victim(struct survivor *s)
{
	const struct ferry_deadline late = stuck();
	char addr[100];
	ferry_err err;

	for (;;) {
		uint32_t seen = s->page->news;

		if (s->page->listening)
			break;
		if (kill_is_dead(s->w))
			return false;
		expect(s, kill_now_ns() < late.ns, "nobody listens");
		meanwhile(s);
		kill_hear(s->page, seen);
	}
	kill_address(s->plan, s->w->its, addr, sizeof(addr));
	err = ferry_channel_open(addr, NULL, stuck(), &s->ch, NULL);
	if (!err)
		return true;
	/* Its own status is not there yet: it dies. */
	expect(s, err == FERRY_ECONNECT, "it cannot open");
	return false;
}

/* ---- what has to be ---- */

static void
check_victim(const struct survivor *s)
{
	int status = s->page->status;

	expect(s, !s->page->wrong, "the victim says that something is wrong");
	if (WIFEXITED(status))
		expect(s, WEXITSTATUS(status) == 0, "the victim failed");
	else
		expect(s, WTERMSIG(status) == SIGKILL, "another signal");
}

/* Whether there are parts of a message that it was sending when it died. */
static bool
is_cut(const struct survivor *s)
{
	const struct kill_progress *of = s->of;

	return s->plan->way != KILL_CORKS && of->begun > s->got &&
	       s->page->passed[FY_STEP_SEND_PUBLISHED] > of->published;
}

/* What the victim had sent of one channel; after its death. */
static void
check_channel(const struct survivor *s)
{
	const struct kill_progress *of = s->of;
	bool sends = s->plan->role != KILL_RECEIVES;

	if (s->end == FERRY_ELOST) {
		expect(s, sends && s->plan->way == KILL_PARTS &&
				  of->begun == s->got + 1 &&
				  of->done == s->got,
		       "lost what was whole");
	} else {
		expect(s, s->end == FERRY_EOF, "the end is no clear one");
		expect(s, !sends || !is_cut(s), "a clear end in the middle");
	}
	if (sends)
		expect(s, s->got >= of->left && s->got <= of->begun,
		       "not all, or more than was sent");
	expect(s, of->took <= s->sent, "it received what nobody sent");
	if (of->closed)
		expect(s, s->end == FERRY_EOF &&
				  s->got == (sends ? s->plan->n : 0),
		       "not all of what was closed");
}

static enum kill_wait
how_it_waited(const struct survivor *s)
{
	const int64_t ended_ns = s->page->ended_ns;
	struct kill_sleep sleep = kill_last_sleep();

	if (s->plan->waits == KILL_POLLING)
		return s->polled_ns <= ended_ns ? KILL_POLLING : KILL_AWAKE;
	if (sleep.from_ns <= ended_ns && ended_ns <= sleep.to_ns)
		return KILL_ASLEEP;
	return KILL_AWAKE;
}

/* Of the channel that the victim died with. */
static void
check_told(const struct survivor *s, struct kill_end_of *out)
{
	const int64_t late_ns = s->told_ns - s->page->ended_ns;

	if (s->of->closed)
		return;
	expect(s, late_ns >= 0 || s->page->op == KILL_CLOSES,
	       "the end was told before it was");
	expect(s, late_ns < KILL_TOLD_NS, "the end was told late");
	if (late_ns < 0)
		return;
	out->told_ns = late_ns;
	out->waited = how_it_waited(s);
}

static bool
meet(struct survivor *s)
{
	return s->plan->listens ? dial_victim(s) : accept_victim(s);
}

/* Return: how many channels it had with the victim: those in @s. */
static uint32_t
meet_and_use(struct survivor s[KILL_CHANNELS_MOST])
{
	uint32_t met = 0;

	while (met < s->plan->n_channels && meet(&s[met])) {
		if (met > 0)
			leave(&s[met - 1]);
		use(&s[met++]);
	}
	return met;
}

static void
check_all(struct survivor s[KILL_CHANNELS_MOST], struct kill_end_of *out)
{
	check_victim(s);
	for (uint32_t i = 0; i < out->met; i++)
		check_channel(&s[i]);
	for (uint32_t i = out->met; i < s->plan->n_channels; i++)
		expect(&s[i], s[i].of->left == 0 && s[i].of->took == 0,
		       "nobody met it, and it talked");
	if (out->met == 0)
		return;
	expect_to_be_told(&s[out->met - 1]);
	if (out->killed)
		check_told(&s[out->met - 1], out);
	leave(&s[out->met - 1]);
}

struct kill_end_of
kill_survive(struct kill_world *w, const struct kill_plan *plan)
{
	struct kill_end_of out = { .told_ns = -1 };
	struct survivor s[KILL_CHANNELS_MOST];

	for (uint32_t i = 0; i < KILL_CHANNELS_MOST; i++)
		s[i] = (struct survivor){ .w = w, .plan = &w->page->plan,
					  .page = w->page,
					  .of = &w->page->of[i] };
	if (!plan->listens)
		listen_again(w, plan);
	kill_start(w, plan);
	out.met = meet_and_use(s);
	kill_bury(w);
	out.killed = WIFSIGNALED(w->page->status);
	check_all(s, &out);
	return out;
}

/* SPDX-License-Identifier: MIT */
#include "cli/listen.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <ferry/addr.h>

#include "cli/guest.h"
#include "cli/process.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "idl/mem.h"

/* When to try again after nothing was left for one more peer. */
#define RETRY_MS 100
#define EVENTS 64

/* One address. */
struct place {
	struct fy_guest_watch watch; /* the first member; .guest is NULL */
	struct fy_guest_config config;
	struct ferry_listener *listener; /* NULL: it was one channel */
	int fd;
};

struct house {
	const struct fy_listen *listen;
	struct ferry_arena mem;
	struct fy_poll poll;
	struct fy_guest_watch signals_watch;
	int signals;
	struct place *places;
	bool is_open; /* places are watched */
	bool stopping;
	struct ferry_deadline retry; /* do not open them before */
	bool told_short;
	const struct place *waits_at; /* NULL: nobody does */
	struct ferry_channel *waits;  /* accepted, and there is no room yet */
	struct ferry_deadline patience; /* the first of a guest's */
	struct ferry_deadline end;   /* of all, or of the stopping */
	struct fy_guest *guests;
	uint64_t n_guests;
	uint64_t n_accepted;
	struct fy_guest *due;
};

/* ---- guests ---- */

static void
make_due(struct house *house, struct fy_guest *guest)
{
	if (guest->is_due)
		return;
	guest->is_due = true;
	guest->next_due = house->due;
	house->due = guest;
}

static void
unlink_guest(struct house *house, struct fy_guest *guest)
{
	if (guest->prev)
		guest->prev->next = guest->next;
	else
		house->guests = guest->next;
	if (guest->next)
		guest->next->prev = guest->prev;
	house->n_guests--;
}

/* Those who come wait where they are, for others to end. */
static void
fall_short(struct house *house, const struct ferry_error *why)
{
	house->retry = ferry_in_ms(RETRY_MS);
	if (!house->told_short)
		fy_cmd_complain("%s; who comes waits until another channel "
				"has ended", why->text);
	house->told_short = true;
}

static void
add_guest(struct house *house, struct fy_guest *guest)
{
	guest->next = house->guests;
	if (guest->next)
		guest->next->prev = guest;
	house->guests = guest;
	house->n_guests++;
	make_due(house, guest);
}

/* Nobody else will come or go, and the limit is this process's own. */
static bool
is_hopeless(const struct house *house, const struct ferry_error *why)
{
	return house->n_guests == 0 && why->sys_errno == EMFILE;
}

/* One who fails is told of, and is no failure here. */
static void
welcome(struct house *house, const struct place *place,
	struct ferry_channel *take_ch)
{
	struct ferry_error why = { .text = "" };
	struct fy_guest *guest;
	ferry_err err = fy_guest_new(&place->config, take_ch,
				     house->n_accepted, &guest, &why);

	house->waits = NULL;
	if (!err) {
		add_guest(house, guest);
	} else if (err == FERRY_EAGAIN && !is_hopeless(house, &why)) {
		fall_short(house, &why);
		house->waits = take_ch;
		house->waits_at = place;
	} else {
		fy_cmd_complain("%s", why.text);
		(void)ferry_channel_close(take_ch, FERRY_NOW, NULL);
	}
}

static void
welcome_late(struct house *house)
{
	if (!house->waits || fy_os_now_ns() < house->retry.ns)
		return;
	house->retry.ns = 0;
	welcome(house, house->waits_at, house->waits);
}

static void
turn_away(struct house *house)
{
	(void)ferry_channel_close(house->waits, FERRY_NOW, NULL);
	house->waits = NULL;
}

/* Those that are busy are due again, behind what else has happened. */
static ferry_err
pump_due(struct house *house)
{
	struct fy_guest *guest = house->due;
	struct fy_guest *next;
	ferry_err err = FERRY_OK;

	for (house->due = NULL; guest; guest = next) {
		next = guest->next_due;
		guest->is_due = false;
		if (!err)
			err = fy_guest_pump(guest);
		if (guest->patience.ns < house->patience.ns)
			house->patience = guest->patience;
		if (guest->over) {
			unlink_guest(house, guest);
			fy_guest_free(guest);
			house->retry.ns = 0;
		} else if (guest->bridge.busy) {
			make_due(house, guest);
		}
	}
	return err;
}

/* Seldom, and so without an order among them. */
static void
hurry_guests(struct house *house)
{
	if (fy_os_now_ns() < house->patience.ns)
		return;
	house->patience = FERRY_NEVER;
	for (struct fy_guest *guest = house->guests; guest;
	     guest = guest->next) {
		fy_guest_hurry(guest);
		make_due(house, guest);
	}
}

static void
stop(struct house *house, int signal)
{
	house->end = ferry_in_ms(FY_GUEST_GRACE_MS);
	house->stopping = true;
	turn_away(house);
	for (struct fy_guest *guest = house->guests; guest;
	     guest = guest->next) {
		fy_guest_stop(guest, signal);
		make_due(house, guest);
	}
}

/* ---- places ---- */

static bool
may_come(const struct house *house)
{
	const struct fy_listen *listen = house->listen;

	return !house->stopping && !house->waits &&
	       house->n_guests < listen->max_channels &&
	       (listen->count == 0 || house->n_accepted < listen->count);
}

static ferry_err
accept_all(struct house *house, const struct place *place,
	   struct ferry_error *why)
{
	struct ferry_channel *ch;
	ferry_err err = ferry_listener_process(place->listener, why);

	while (!err && may_come(house)) {
		err = ferry_listener_accept(place->listener, FERRY_NOW, &ch,
					    why);
		if (err)
			break;
		house->n_accepted++;
		welcome(house, place, ch);
	}
	if (fy_process_is_short(err, why)) {
		fall_short(house, why);
		return FERRY_OK;
	}
	return err == FERRY_EAGAIN ? FERRY_OK : err;
}

static ferry_err
set_open(struct house *house, bool open, struct ferry_error *why)
{
	ferry_err err = FERRY_OK;

	for (size_t i = 0; !err && i < house->listen->n_addrs; i++) {
		struct place *place = &house->places[i];

		if (!place->listener)
			continue;
		if (open)
			err = fy_poll_add(&house->poll, place->fd, EPOLLIN,
					  &place->watch, why);
		else
			fy_poll_remove(&house->poll, place->fd);
	}
	house->is_open = open;
	return err;
}

/* Places are watched while somebody may come. */
static ferry_err
update_places(struct house *house, struct ferry_error *why)
{
	bool open;

	if (house->retry.ns > 0 && fy_os_now_ns() >= house->retry.ns)
		house->retry.ns = 0;
	open = may_come(house) && house->retry.ns == 0;
	return open == house->is_open ? FERRY_OK
				      : set_open(house, open, why);
}

/* An address that is one channel has nobody else to come. */
static ferry_err
open_channel(struct house *house, const struct place *place,
	     struct ferry_error *why)
{
	struct ferry_channel *ch;
	ferry_err err = ferry_channel_open(place->config.addr, NULL,
					   house->listen->options->until, &ch,
					   why);

	if (err)
		return err;
	house->n_accepted++;
	welcome(house, place, ch);
	return FERRY_OK;
}

static ferry_err
open_place(struct house *house, struct place *place, const char *addr,
	   struct ferry_error *why)
{
	const struct fy_message_options *options = house->listen->options;
	char text[FERRY_ADDR_BODY + 256];
	ferry_err err;

	place->config = (struct fy_guest_config){
		.options = options,
		.addr = addr,
		.command = house->listen->command,
		.poll = &house->poll,
		.print = fy_message_print_of(options, addr),
	};
	err = ferry_listener_open(addr, NULL, &place->listener, why);
	if (err == FERRY_ENOTSUP)
		return open_channel(house, place, why);
	if (!err)
		err = ferry_listener_fd(place->listener, &place->fd, why);
	if (err)
		return err;
	ferry_listener_addr(place->listener, text, sizeof(text));
	place->config.addr = fy_text(&house->mem, text, strlen(text));
	fprintf(stderr, "%s\n", text);
	return place->config.addr ? FERRY_OK : FERRY_ENOMEM;
}

static ferry_err
open_house(struct house *house, struct ferry_error *why)
{
	const struct fy_listen *listen = house->listen;
	ferry_err err = fy_process_fill_low(true, why);

	if (!err)
		err = fy_process_signals(&house->signals, why);
	if (!err)
		err = fy_poll_open(&house->poll, why);
	if (!err)
		err = fy_poll_add(&house->poll, house->signals, EPOLLIN,
				  &house->signals_watch, why);
	house->places = fy_new(&house->mem,
			       listen->n_addrs * sizeof(*house->places));
	if (!err && !house->places)
		err = FERRY_ENOMEM;
	for (size_t i = 0; !err && i < listen->n_addrs; i++)
		err = open_place(house, &house->places[i], listen->addrs[i],
				 why);
	return err;
}

static bool
has_listener(const struct house *house)
{
	for (size_t i = 0; i < house->listen->n_addrs; i++) {
		if (house->places[i].listener)
			return true;
	}
	return false;
}

/* ---- the loop ---- */

static ferry_err
handle(struct house *house, const struct fy_guest_watch *watch,
       struct ferry_error *why)
{
	if (watch->guest) {
		fy_guest_event(watch);
		make_due(house, watch->guest);
		return FERRY_OK;
	}
	if (watch == &house->signals_watch) {
		if (fy_process_signal(house->signals))
			stop(house, house->stopping ? SIGKILL : SIGTERM);
		return FERRY_OK;
	}
	return accept_all(house, FY_CONTAINER(watch, struct place, watch), why);
}

static struct ferry_deadline
sooner(struct ferry_deadline a, struct ferry_deadline b)
{
	return a.ns < b.ns ? a : b;
}

/*
 * Channels are not asked for their timeouts, however many there are: it is but
 * what a channel holds that they tell of, and a pump leaves nothing there unless
 * it is due again, or holds a message until its command reads.
 */
static struct ferry_deadline
next_deadline(const struct house *house)
{
	struct ferry_deadline until = sooner(house->end, house->patience);

	if (house->due)
		return FERRY_NOW;
	if (house->retry.ns > 0)
		until = sooner(until, house->retry);
	for (size_t i = 0; i < house->listen->n_addrs; i++)
		if (house->places[i].listener)
			until = sooner(until, ferry_listener_timeout(
				house->places[i].listener));
	return until;
}

static ferry_err
turn(struct house *house, struct ferry_error *why)
{
	struct fy_poll_event events[EVENTS];
	size_t n;
	ferry_err err;

	welcome_late(house);
	hurry_guests(house);
	err = update_places(house, why);
	if (!err && !house->due && fflush(stdout) != 0)
		err = FERRY_ESYS;
	if (!err)
		err = fy_poll_wait(&house->poll, events, EVENTS, &n,
				   next_deadline(house));
	if (err)
		return err;
	for (size_t i = 0; !err && i < n; i++)
		err = handle(house, events[i].user, why);
	return err ? err : pump_due(house);
}

static bool
is_done(const struct house *house)
{
	if (house->n_guests > 0 || house->waits)
		return false;
	if (house->stopping || !has_listener(house))
		return true;
	return house->listen->count > 0 &&
	       house->n_accepted >= house->listen->count;
}

/* The end of the time is that of a stop, or the beginning of one. */
static ferry_err
run_loop(struct house *house, struct ferry_error *why)
{
	bool late = false;
	ferry_err err = FERRY_OK;

	while (!err && !is_done(house)) {
		err = turn(house, why);
		if (err || fy_os_now_ns() < house->end.ns)
			continue;
		late |= !house->stopping;
		stop(house, house->stopping ? SIGKILL : SIGTERM);
	}
	if (!err && late)
		err = fy_fail(why, FERRY_ETIMEDOUT,
			      "the time is up; --timeout TIME allows more");
	return err;
}

static void
close_house(struct house *house)
{
	turn_away(house);
	while (house->guests) {
		struct fy_guest *guest = house->guests;

		unlink_guest(house, guest);
		fy_guest_free(guest);
	}
	for (size_t i = 0; house->places && i < house->listen->n_addrs; i++)
		ferry_listener_close(house->places[i].listener);
	fy_poll_close(&house->poll);
	fy_fd_close(&house->signals);
	ferry_arena_fini(&house->mem);
}

int
fy_listen_run(const struct fy_listen *listen)
{
	struct house house = {
		.listen = listen,
		.poll.fd = -1,
		.signals = -1,
		.patience = FERRY_NEVER,
		.end = FERRY_NEVER,
	};
	struct ferry_error why = { .text = "" };
	int status = 0;
	ferry_err err;

	if (listen->options->until.ns)
		house.end = listen->options->until;
	err = open_house(&house, &why);
	if (!err)
		err = run_loop(&house, &why);
	if (err)
		status = fy_message_complain(listen->options, err, &why);
	close_house(&house);
	return status;
}

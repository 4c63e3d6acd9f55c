/* SPDX-License-Identifier: MIT */
/*
 * One peer of ferry listen: its messages are printed, or a command of its own
 * has them as lines at its standard input, and what that prints is sent back.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "cli/bridge.h"
#include "cli/message.h"
#include "cli/piped.h"
#include "core/compiler.h"
#include "core/poll.h"

struct fy_guest;

/*
 * How long a command has to end by itself once its peer broke off; then again
 * after SIGTERM, before SIGKILL.
 */
#define FY_GUEST_GRACE_MS 2000

/* What of a guest an event is about: its user pointer is one of these. */
enum fy_guest_part {
	FY_GUEST_CHANNEL,
	FY_GUEST_IN,
	FY_GUEST_OUT,
	FY_GUEST_PIDFD,
	FY_N_GUEST_PARTS,
};

struct fy_guest_watch {
	struct fy_guest *guest; /* NULL: this is of somebody else */
	enum fy_guest_part part;
};

/**
 * struct fy_guest_config - what guests of one address have in common; borrowed
 * @addr:    where they came to
 * @command: NULL-terminated; NULL: messages are printed
 * @poll:    where their descriptors are
 */
struct fy_guest_config {
	const struct fy_message_options *options;
	const char *addr;
	char **command;
	const struct fy_poll *poll;
	struct fy_message_print print;
};

/**
 * struct fy_guest - a peer
 * @bridge:   the first member
 * @told:     its command was sent a signal: how it ends is no news
 * @patience: when fy_guest_hurry() is to be called
 * @over:     nothing more is to be done: it can be freed
 * @next:     of the owner's list of all, as @prev
 * @next_due: of the owner's list of those to be pumped soon
 */
struct fy_guest {
	struct fy_bridge bridge;
	const struct fy_guest_config *config;
	uint64_t number;
	struct ferry_peer peer;
	bool told;
	struct ferry_deadline patience;
	bool over;
	bool is_due;
	struct fy_guest *next, *prev;
	struct fy_guest *next_due;

	struct fy_guest_watch watches[FY_N_GUEST_PARTS];
	struct fy_feed feed;
	struct fy_piped child; /* descriptors are -1 once closed */
	size_t written;	       /* of the message that is being delivered */
	size_t thrown_away;    /* of what the command printed */
};

/**
 * fy_guest_new() - begins to serve @take_ch
 * @number: counted from 1
 *
 * Return: FERRY_OK; FERRY_EAGAIN: for want of descriptors, processes or memory,
 * and nothing was begun; FERRY_ENOMEM; FERRY_ESYS: the command does not run, say.
 */
FY_MUST_CHECK ferry_err fy_guest_new(const struct fy_guest_config *config,
				     struct ferry_channel *take_ch,
				     uint64_t number, struct fy_guest **out,
				     struct ferry_error *why);

/** fy_guest_free() - one that is over; or at once, if need be by SIGKILL */
void fy_guest_free(struct fy_guest *guest);

/** fy_guest_event() - something has happened to a part of it; pump it then */
void fy_guest_event(const struct fy_guest_watch *watch);

/**
 * fy_guest_pump() - does what can be done without waiting
 *
 * What goes wrong ends this guest, after a message. Return: FERRY_OK;
 * FERRY_ESYS: standard output is gone.
 */
FY_MUST_CHECK ferry_err fy_guest_pump(struct fy_guest *guest);

/** fy_guest_hurry() - its command has had time enough, or has still some */
void fy_guest_hurry(struct fy_guest *guest);

/** fy_guest_stop() - asks it to end: a command by @signal */
void fy_guest_stop(struct fy_guest *guest, int signal);

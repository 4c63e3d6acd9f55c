/* SPDX-License-Identifier: MIT */
/*
 * Messages at the command line: the options of all commands that have a
 * channel, and how a message is printed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <ferry/err.h>
#include <ferry/str.h>
#include <ferry/time.h>

#include "cli/feed.h"
#include "cli/load.h"
#include "core/compiler.h"

/* These stand in a command's getopt_long(3) list beside its own. */
#define FY_MESSAGE_LONG                                                        \
	{ "frame", required_argument, NULL, FY_MESSAGE_FRAME },                \
	{ "json", no_argument, NULL, FY_MESSAGE_JSON },                        \
	{ "null", no_argument, NULL, FY_MESSAGE_NULL },                        \
	{ "timeout", required_argument, NULL, FY_MESSAGE_TIMEOUT },            \
	{ "whole", no_argument, NULL, FY_MESSAGE_WHOLE }

enum {
	FY_MESSAGE_FRAME = FY_LOAD_FIRST_FREE,
	FY_MESSAGE_JSON,
	FY_MESSAGE_NULL,
	FY_MESSAGE_TIMEOUT,
	FY_MESSAGE_WHOLE,
	FY_MESSAGE_FIRST_FREE, /* from here on a command has its own */
};

/**
 * struct fy_message_options - what the user said; all zero is nothing
 * @until: when all must have ended; all zero: not said
 */
struct fy_message_options {
	const char *frame;
	bool has_cut;
	enum fy_cut cut;
	bool as_json;
	struct ferry_deadline until;
};

/**
 * fy_message_option() - takes one option of FY_MESSAGE_LONG
 *
 * Return: 0; an exit status after a message; FY_LOAD_NOT_MINE.
 */
FY_MUST_CHECK int fy_message_option(struct fy_message_options *options,
				    const struct fy_command *command,
				    int option);

/**
 * fy_message_count() - the value of an option that takes a number
 *
 * Return: 0; an exit status after a message.
 */
FY_MUST_CHECK int fy_message_count(const struct fy_command *command,
				   const char *option, uint64_t *out);

/**
 * fy_message_addr() - an address, with the --frame that there may be
 * @text: as the user wrote it; what is wrong with it is left to its opening
 * @out:  @text, or another one in @mem
 *
 * Return: 0; an exit status after a message.
 */
FY_MUST_CHECK int fy_message_addr(const struct fy_message_options *options,
				  const struct fy_command *command,
				  const char *text, struct ferry_arena *mem,
				  const char **out);

/**
 * fy_message_cut() - how messages at @addr are parted in what is read and
 * printed: as the user said, else by lines, but not at all with ?frame=raw
 */
enum fy_cut fy_message_cut(const struct fy_message_options *options,
			   const char *addr);

/** fy_message_separator() - what ends a message in text; its length is @len */
const char *fy_message_separator(enum fy_cut cut, size_t *len);

/**
 * struct fy_message_print - how messages are printed on standard output
 * @shows: it is a terminal, which no message may control
 */
struct fy_message_print {
	enum fy_cut cut;
	bool as_json;
	bool shows;
};

/** fy_message_print_of() - by the options, for what comes from @addr */
struct fy_message_print
fy_message_print_of(const struct fy_message_options *options, const char *addr);

/**
 * fy_message_print() - prints a message
 * @channel: its number and who is at the other end, for JSON; or 0 and NULL
 *
 * It may stay in the buffer of stdout. Return: FERRY_OK; FERRY_ESYS: it cannot
 * be written, as main() will complain; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err fy_message_print(const struct fy_message_print *print,
					 uint64_t channel, const char *peer,
					 struct ferry_bytes message);

/**
 * fy_message_complain() - says what went wrong, in JSON if so asked, on standard
 * error
 *
 * Return: the exit status.
 */
int fy_message_complain(const struct fy_message_options *options, ferry_err err,
			const struct ferry_error *why);

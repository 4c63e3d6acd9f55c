/* SPDX-License-Identifier: MIT */
/* The commands: what each file of cmd-*.c ends in, and what they share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/err.h>

#include "core/compiler.h"

/* The exit status when a file has errors or could not be read or written. */
#define FY_EXIT_FAILED 1
/* The exit status when the command line makes no sense. */
#define FY_EXIT_USAGE 2

struct fy_cmdline;
struct option;

/**
 * struct fy_command - one command
 * @name:         as in ferry NAME
 * @info:         one line for the list of commands
 * @usage:        what ferry help NAME prints, newline at the end
 * @shorts:       its options as getopt(3) has them, see cli/cmdline.h
 * @longs:        and as getopt_long(3) has them
 * @takes_values: a number below zero is a word, no option
 * @run:          Return: the exit status, or FY_CMDLINE_DONE
 */
struct fy_command {
	const char *name;
	const char *info;
	const char *usage;
	const char *shorts;
	const struct option *longs;
	bool takes_values;
	int (*run)(struct fy_cmdline *line);
};

extern const struct fy_command fy_cmd_call;
extern const struct fy_command fy_cmd_check;
extern const struct fy_command fy_cmd_decode;
extern const struct fy_command fy_cmd_describe;
extern const struct fy_command fy_cmd_diff;
extern const struct fy_command fy_cmd_encode;
extern const struct fy_command fy_cmd_fmt;
extern const struct fy_command fy_cmd_gen;
extern const struct fy_command fy_cmd_help;
extern const struct fy_command fy_cmd_lint;
extern const struct fy_command fy_cmd_listen;
extern const struct fy_command fy_cmd_ls;
extern const struct fy_command fy_cmd_recv;
extern const struct fy_command fy_cmd_send;
extern const struct fy_command fy_cmd_serve;
extern const struct fy_command fy_cmd_services;

/** fy_commands() - all there are; ends with a NULL pointer */
const struct fy_command *const *fy_commands(void);

/** fy_command_find() - by its name; NULL if there is none */
const struct fy_command *fy_command_find(const char *name);

/** fy_cmd_misused() - says how @command is used. Return: FY_EXIT_USAGE */
FY_PRINTF(2, 3) int
fy_cmd_misused(const struct fy_command *command, const char *format, ...);

/**
 * fy_cmd_timeout() - the value of @command's --timeout
 *
 * Return: 0, or an exit status after a message.
 */
FY_MUST_CHECK int fy_cmd_timeout(const struct fy_command *command,
				 const char *text, int64_t *ns);

/**
 * fy_cmd_show() - text of others on standard error: '?' stands for each byte
 * of what is no UTF-8 and of what controls a terminal
 */
void fy_cmd_show(const char *text, size_t len);

/** fy_cmd_complain() - one line on standard error. Return: FY_EXIT_FAILED */
FY_PRINTF(1, 2) int fy_cmd_complain(const char *format, ...);

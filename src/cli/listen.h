/* SPDX-License-Identifier: MIT */
/* What ferry listen does: one loop for all addresses and all who come. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "cli/message.h"
#include "core/compiler.h"

/* Channels at a time, unless the user says otherwise. */
#define FY_LISTEN_CHANNELS 1000

/**
 * struct fy_listen - what is to be done
 * @addrs:        where
 * @command:      NULL-terminated, run for each channel; NULL: messages are
 *                printed
 * @count:        channels to accept before the end; 0: any number
 * @max_channels: at a time; at least 1
 */
struct fy_listen {
	const struct fy_message_options *options;
	const char *const *addrs;
	size_t n_addrs;
	char **command;
	uint64_t count;
	uint64_t max_channels;
};

/** fy_listen_run() - does it. Return: the exit status, after a message */
FY_MUST_CHECK int fy_listen_run(const struct fy_listen *listen);

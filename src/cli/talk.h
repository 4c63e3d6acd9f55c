/* SPDX-License-Identifier: MIT */
/* A channel that a command opens: send and recv, from beginning to end. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "cli/message.h"
#include "core/compiler.h"

/**
 * struct fy_talk - what is to be done with the channel
 * @addr:   of the peer
 * @sends:  @words, or if that is NULL standard input; then the half-close
 * @prints: what comes back; else it is thrown away. Both until the peer's end
 * @count:  print so many messages and end; 0: any number
 */
struct fy_talk {
	const struct fy_message_options *options;
	const char *addr;
	bool sends;
	char **words;
	bool prints;
	uint64_t count;
};

/** fy_talk_run() - does it. Return: the exit status, after a message */
FY_MUST_CHECK int fy_talk_run(const struct fy_talk *talk);

/* SPDX-License-Identifier: MIT */
/* What tests of channels say to each other. What goes wrong fails a test. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "channel/channel.h"

struct world;

/* No test waits for so long unless it is about to fail. */
#define FY_TALK_MS 20000

/** fy_talk_fill() - bytes that tell their place and @seed */
void fy_talk_fill(uint8_t *buf, size_t bytes, uint32_t seed);

/** fy_talk_message() - @buf, filled so, as a message */
struct ferry_bytes fy_talk_message(uint8_t *buf, size_t bytes, uint32_t seed);

/** fy_talk_raw() - sends bytes as they are, without a mark */
void fy_talk_raw(struct ferry_channel *ch, const void *bytes, size_t n);

/** fy_talk_wait() - for what either of two waits for; false after @until */
bool fy_talk_wait(struct ferry_channel *x, struct ferry_channel *y,
		  struct ferry_deadline until);

/** fy_talk_pass() - next message at @to, while what @from has unsent leaves */
ferry_err fy_talk_pass(struct ferry_channel *from, struct ferry_channel *to,
		       struct ferry_arena *mem, struct ferry_bytes *out);

/** fy_talk_send() - sends without waiting */
void fy_talk_send(struct ferry_channel *ch, struct ferry_bytes message);

/** fy_talk_expect() - the next message at @to must be @sent */
void fy_talk_expect(struct ferry_channel *from, struct ferry_channel *to,
		    struct ferry_bytes sent);

/** fy_talk_error() - how receiving ends */
ferry_err fy_talk_error(struct ferry_channel *ch);

/** fy_talk_connected() - the world of a test, its .a and .b connected */
struct world *fy_talk_connected(void **state);

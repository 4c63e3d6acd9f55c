/* SPDX-License-Identifier: MIT */
/* What the ends of a channel say to each other in tests. It asserts. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/ferry.h>

struct fy_world;

/** fy_fill() - bytes that tell their place and @seed */
void fy_fill(uint8_t *buf, size_t bytes, uint32_t seed);

/** fy_filled() - @buf, filled so, as a message */
struct ferry_bytes fy_filled(uint8_t *buf, size_t bytes, uint32_t seed);

/** fy_is_filled() - whether @got is what fy_filled() would make */
bool fy_is_filled(struct ferry_bytes got, size_t bytes, uint32_t seed);

/** fy_pass() - the next message at @to, while what @from has unsent leaves;
 *  @from may be NULL */
ferry_err fy_pass(struct ferry_channel *from, struct ferry_channel *to,
		  struct ferry_arena *mem, struct ferry_bytes *out);

/** fy_send() - sends one, without waiting: who receives may be this thread */
void fy_send(struct ferry_channel *ch, struct ferry_bytes message);

/** fy_send_off() - sends one, to another process: it has left */
void fy_send_off(struct ferry_channel *ch, struct ferry_bytes message);

/** fy_expect() - the next message at @to is @sent */
void fy_expect(struct ferry_channel *from, struct ferry_channel *to,
	       struct ferry_bytes sent);

/** fy_exchange() - a message there and one back: the channel is good */
void fy_exchange(struct ferry_channel *x, struct ferry_channel *y);

/** fy_recv_end() - how receiving ends, after no matter how many messages */
ferry_err fy_recv_end(struct ferry_channel *ch, uint32_t *n_messages);

/** fy_recv_once() - what one receive returns, the message dropped */
ferry_err fy_recv_once(struct ferry_channel *ch, struct ferry_deadline until);

/** fy_expect_end() - receiving ends, without a loss, for good */
void fy_expect_end(struct ferry_channel *ch);

/** fy_fill_up() - sends @message until there is no room: how many went */
uint32_t fy_fill_up(const struct fy_world *w, struct ferry_channel *ch,
		    struct ferry_bytes message);

/** fy_assert_punctual() - @until has passed, and not for long */
void fy_assert_punctual(struct ferry_deadline until);

/** fy_assert_said() - @why has a code and a sentence */
void fy_assert_said(const struct ferry_error *why, ferry_err code);

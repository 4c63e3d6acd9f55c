/* SPDX-License-Identifier: MIT */
/*
 * How the two ends of a channel in shared memory meet: by two packets over the
 * socket that they are connected by, each with the memory of who sends it.
 *
 *	client: HELLO + memory    listener: WELCOME + memory, or REFUSAL
 *
 * Each makes its memory, the other checks it before it maps it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <ferry/err.h>
#include <ferry/time.h>

#include "core/compiler.h"
#include "transport/shm/link.h"

/**
 * struct fy_meet_terms - what this side brings; a plain value
 * @ring:   bytes of its ring
 * @trusts: ?trust=peer
 */
struct fy_meet_terms {
	uint32_t ring;
	bool trusts;
};

/**
 * fy_meet_ask() - the client's part, by @until
 * @l:    with .socket and .peer; begun when it succeeds
 * @text: of the address, for messages
 *
 * FERRY_ECONNECT: the listener refused or left; FERRY_EPROTO: it is none of
 * ferry's; FERRY_ETIMEDOUT (FERRY_EAGAIN for FERRY_NOW). Others are this side's
 * or those of fy_shm_view_open().
 */
FY_MUST_CHECK ferry_err fy_meet_ask(struct fy_shm_link *l,
				    const struct fy_meet_terms *terms,
				    const char *text,
				    struct ferry_deadline until,
				    struct ferry_error *why);

/**
 * fy_meet_answer() - the listener's part, at once
 * @l:   with .socket and .peer; begun when it succeeds
 * @why: not NULL
 *
 * FERRY_EAGAIN: no hello has come. Any other: the client has been told, if it
 * is there, and @l is to be closed.
 */
FY_MUST_CHECK ferry_err fy_meet_answer(struct fy_shm_link *l,
				       const struct fy_meet_terms *terms,
				       struct ferry_error *why);

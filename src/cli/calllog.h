/* SPDX-License-Identifier: MIT */
/* What a server by hand says of each call: one line of JSON. */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include <ferry/auth.h>
#include <ferry/peer.h>

/**
 * struct fy_call_record - one call that has been answered; all borrowed
 * @procedure: "PROGRAM.VERSION.PROCEDURE"
 * @auth:      the claim of the caller, NULL if there was none
 * @args:      NULL if they were not what is declared
 * @status:    accept_stat of RFC 5531 section 9
 * @error:     a sentence on what went wrong, or NULL
 */
struct fy_call_record {
	const char *procedure;
	const struct ferry_peer *peer;
	const struct ferry_auth_sys *auth;
	json_t *args;
	const char *status;
	const char *error;
	int64_t micros;
};

/** fy_calllog_write() - one line, whole, whichever thread it comes from */
void fy_calllog_write(FILE *to, const struct fy_call_record *record);

/* SPDX-License-Identifier: MIT */
/*
 * What a command says, kept for its tests: in the place of cli/cmd.c and
 * cli/message.c, which print it.
 */
#pragma once

#include <stddef.h>

#include <ferry/err.h>

/**
 * struct heard - since heard_nothing()
 * @n_complaints: of fy_cmd_complain()
 * @complaint:    the last of them
 * @code:         what fy_message_complain() was told
 * @printed:      the messages, each with a newline behind it; cut if need be
 */
struct heard {
	size_t n_complaints;
	char complaint[300];
	ferry_err code;
	char printed[300];
};

extern struct heard heard;

/** heard_nothing() - begins anew */
void heard_nothing(void);

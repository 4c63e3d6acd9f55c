/* SPDX-License-Identifier: MIT */
/*
 * Values of the command line: the JSON that a word stands for, JSON on standard
 * output, and what is said when a value is not of its type.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include <ferry/arena.h>
#include <ferry/str.h>

#include "cli/cmd.h"
#include "core/compiler.h"
#include "json/json.h"

/**
 * fy_value_load() - the bytes that a word stands for
 * @word: "@FILE": what is in the file; "-" or NULL: what standard input has,
 *        to its end; anything else: itself
 * @out:  in @mem, or @word itself
 *
 * Return: 0; an exit status after a message.
 */
FY_MUST_CHECK int fy_value_load(const char *word, struct ferry_arena *mem,
				struct ferry_str *out);

/** fy_value_name() - what to call a word's bytes in messages */
const char *fy_value_name(const char *word);

/**
 * fy_value_read() - the JSON value that a word stands for
 * @word: as fy_value_load()
 * @out:  a new reference
 *
 * Return: 0; an exit status after a message that shows the place.
 */
FY_MUST_CHECK int fy_value_read(const char *word, json_t **out);

/**
 * fy_value_parse() - the JSON value in @text, which holds nothing else
 * @name: what to call it in messages: a file, or "the output of CMD"
 * @out:  a new reference
 *
 * Return: as fy_value_read().
 */
FY_MUST_CHECK int fy_value_parse(struct ferry_str text, const char *name,
				 json_t **out);

/* A text of several JSON values. */
struct fy_value_text {
	const char *name; /* what to call it in messages */
	struct ferry_str all;
	size_t at; /* where the next value begins */
};

/**
 * fy_value_next() - the next value
 * @out: a new reference; NULL if there is nothing left but white space
 *
 * Return: as fy_value_read().
 */
FY_MUST_CHECK int fy_value_next(struct fy_value_text *text, json_t **out);

/** fy_value_print() - @value and a newline. Return: 0 or an exit status */
FY_MUST_CHECK int fy_value_print(const json_t *value,
				 enum fy_json_style style, FILE *to);

/**
 * fy_value_misfit() - says where a value and its type part, and prints the
 * declaration of what was expected there
 * @name:      what to call the value: "the arguments", "the result"
 * @err:       what mapping it returned
 * @procedure: whose value it is, or NULL: printed if a type that nobody declared
 *             was expected
 *
 * Return: the exit status of @err.
 */
int fy_value_misfit(const char *name, ferry_err err,
		    const struct fy_json_fault *fault,
		    const struct fy_procedure *procedure);

/* SPDX-License-Identifier: MIT */
/* A source file in pieces: each token, comment and line of its own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/arena.h>
#include <ferry/err.h>
#include <ferry/str.h>

#include "core/compiler.h"
#include "idl/lex.h"

enum fy_item_kind {
	FY_ITEM_TOKEN,
	FY_ITEM_COMMENT,
	FY_ITEM_PASS,	/* the lines of a %, with it */
	FY_ITEM_IF,	/* lines of the preprocessor */
	FY_ITEM_ELSE,
	FY_ITEM_ENDIF,
	FY_ITEM_OTHER_LINE,
};

struct fy_item {
	enum fy_item_kind kind;
	int token; /* as fy_token.kind */
	struct ferry_str text;
	uint32_t line;
	uint32_t last_line;
	bool spaced; /* something stands between it and the one before */
};

struct fy_items {
	struct fy_item *list;
	size_t n;
	size_t cap;
};

/** fy_item_is_line() - whether it has its lines to itself, byte for byte */
bool fy_item_is_line(const struct fy_item *item);

/**
 * fy_item_may_join() - whether two tokens are signs that would be another one
 * if nothing parted them
 */
bool fy_item_may_join(const struct fy_item *a, const struct fy_item *b);

/**
 * fy_items_read() - takes a text apart
 * @text: its lines end in \n alone
 *
 * Both branches of an #if are there. Return: FERRY_OK, even if diagnostics
 * were made; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err fy_items_read(struct fy_items *items, const char *path,
				      struct ferry_str text,
				      struct fy_diag *diag);

/** fy_items_same() - whether both are the same but for white space */
bool fy_items_same(const struct fy_items *a, const struct fy_items *b);

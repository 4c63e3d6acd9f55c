/* SPDX-License-Identifier: MIT */
/*
 * The preprocessor: it turns a file and what it includes into one stream of
 * tokens, each with the place where it stands, or where the macro that gave it
 * was used, or that a #line says.
 *
 * It is C99's, with what gcc's cpp adds: #warning, #elifdef, named and absent
 * arguments of variadic macros, the marks of another cpp; anything may stand
 * behind #else and #endif. #pragma (but once), #ident and #sccs are passed
 * over. No macro is defined but the view's, __LINE__, __FILE__ and the user's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/compiler.h"
#include "idl/idl.h"
#include "idl/lex.h"

struct fy_tokens {
	struct fy_token *list;
	size_t n;
	size_t cap;
};

/* A % line. */
struct fy_pass {
	struct fy_pass *next;
	struct fy_token token;
	size_t before; /* the token that follows it */
};

struct fy_stream {
	struct fy_tokens tokens; /* the last is FY_TOKEN_END */
	struct fy_comment *comments;
	size_t n_comments;
	size_t comments_cap;
	struct fy_pass *passes;
	struct fy_pass **passes_tail;
	bool incomplete; /* a file or a macro failed: names may be missing */
	bool asks_view;	 /* names RPC_HDR or the like: views may differ */
};

/**
 * fy_preproc() - the tokens of @path as @view sees it
 *
 * Return: FERRY_OK, even if diagnostics were made; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_preproc(struct fy_idl *idl, const char *path, enum fy_view view,
	   struct fy_stream *out);

/** fy_stream_same() - whether the parser could not tell @a from @b */
bool fy_stream_same(const struct fy_stream *a, const struct fy_stream *b);

/**
 * fy_preproc_text() - the tokens of @text, which is in no file
 * @name: stands for the file in diagnostics
 */
FY_MUST_CHECK ferry_err
fy_preproc_text(struct fy_idl *idl, const char *name, const char *text,
		struct fy_stream *out);

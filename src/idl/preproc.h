/* SPDX-License-Identifier: MIT */
/*
 * The preprocessor: #include, #if and #define, built in. It turns a file and
 * what it includes into one stream of tokens, each with the place where it
 * stands or where the macro that gave it was used.
 *
 * What it knows of cpp: #include "x" and <x>; #define without arguments and
 * #undef; #if, #ifdef, #ifndef, #elif, #else, #endif; #error. #pragma, #ident,
 * #sccs, #line and #warning are passed over, as is what follows #else and
 * #endif on their line.
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
	bool incomplete; /* an #include failed: names may be missing */
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

/**
 * fy_preproc_text() - the tokens of @text, which is in no file
 * @name: stands for the file in diagnostics
 */
FY_MUST_CHECK ferry_err
fy_preproc_text(struct fy_idl *idl, const char *name, const char *text,
		struct fy_stream *out);

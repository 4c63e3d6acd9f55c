/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the preprocessor share:
 *
 *	preproc.c	the stream of tokens, and what begins one
 *	directive.c	lines that begin with #, and those of one act
 *	condition.c	#if and what belongs to it
 *	include.c	files: #include, #line and the marks of another cpp
 *	macro.c		the table of macros, #define;  expand.c  their use
 *	percent.c	macros in % lines
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idl/macro.h"
#include "idl/preproc.h"

/* An #if that is open. */
struct fy_condition {
	struct fy_condition *outer;
	struct fy_span at;
	bool active; /* this part is read */
	bool taken;  /* this part or one before it was */
	bool in_else;
};

/* A file that is being read, and the one that included it. */
struct fy_frame {
	struct fy_frame *outer;
	struct fy_condition *conditions; /* that were open when it began */
	const char *path;		 /* where it was read from */
	struct fy_source *source;	 /* NULL: it is no file */
	uint32_t n_marked; /* files that it includes, by its marks, here */
	struct fy_lexer lex;
};

/* A file with #pragma once. */
struct fy_once {
	struct fy_once *next;
	const struct fy_source *source;
};

struct fy_pp {
	struct fy_idl *idl;
	struct ferry_arena *mem;
	struct fy_diag *diag;
	struct fy_stream *out;
	struct fy_frame *frame;
	struct fy_condition *conditions;
	struct fy_macros macros;
	struct fy_macro_source of_file; /* arguments of macros */
	struct fy_macro_source of_line; /* the same in a directive */
	struct fy_once *once;
	unsigned int depth;
	size_t n_includes;
	bool percent_comment; /* the % lines so far leave one open */
	bool too_big;	      /* reported */
	ferry_err err;
};

/* ---- preproc.c ---- */

/* Keeps the first error that ends all. */
void fy_pp_latch(struct fy_pp *pp, ferry_err err);

/* Whether an #if leaves out what stands here. */
bool fy_pp_skipping(const struct fy_pp *pp);

/* The next token of the file or of the directive's line, not expanded. */
struct fy_token fy_pp_next(struct fy_pp *pp);

/* Takes the name behind @directive, or reports that there is none. */
bool fy_pp_name(struct fy_pp *pp, const struct fy_token *directive,
		struct fy_token *out);

/* Appends what is left of the directive's line to @to, macros expanded. */
void fy_pp_expand_line(struct fy_pp *pp, struct fy_tokens *to);

/* ---- directive.c ---- */

/* From behind the # to the end of the line. */
void fy_pp_directive(struct fy_pp *pp);

/* Defines what is left of the directive's line, or of one like it. */
void fy_pp_define(struct fy_pp *pp, const struct fy_token *name);

/* ---- condition.c ---- */

void fy_pp_if(struct fy_pp *pp, const struct fy_token *directive);
void fy_pp_ifdef(struct fy_pp *pp, const struct fy_token *directive);
void fy_pp_else(struct fy_pp *pp, const struct fy_token *directive);
void fy_pp_endif(struct fy_pp *pp, const struct fy_token *directive);

/* ---- include.c ---- */

/* Begins to read @text. @source: that it is from, or NULL */
void fy_pp_push(struct fy_pp *pp, const char *name, struct ferry_str text,
		struct fy_source *source);

/* Ends a file: what it opened, it closes. */
void fy_pp_pop(struct fy_pp *pp);

void fy_pp_include(struct fy_pp *pp, const struct fy_token *directive);
void fy_pp_line(struct fy_pp *pp, const struct fy_token *directive);
void fy_pp_pragma(struct fy_pp *pp, const struct fy_token *directive);

/* ---- percent.c ---- */

/* Puts what macros come to into the % line @pass. */
void fy_pp_percent(struct fy_pp *pp, struct fy_token *pass);

/* SPDX-License-Identifier: MIT */
/*
 * The lexer: one file's bytes into tokens, with % lines, comments and the
 * lines of the preprocessor told apart.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/str.h>

#include "idl/diag.h"

/* Other kinds are the character itself: '{', '=' ... */
enum fy_token_kind {
	FY_TOKEN_END = 0,  /* of the file, or of a directive's line */
	FY_TOKEN_NAME = 256,
	FY_TOKEN_NUMBER,   /* not looked into: 0x1f, 1.5, 08 */
	FY_TOKEN_TEXT,	   /* "...", with its quotes */
	FY_TOKEN_CHAR,	   /* 'a', with its quotes */
	FY_TOKEN_PASS,	   /* a % line, without the % */
	FY_TOKEN_DIRECTIVE /* the # that begins one */
};

/*
 * @text: without the backslashes and newlines that join lines, so it need not
 * be a part of the source
 */
struct fy_token {
	int kind;
	bool included;	/* from a file brought by #include */
	bool spaced;	/* blanks, comments or a newline stand before it */
	bool joined;	/* a joined line ends before it, and nothing else */
	bool no_expand; /* the name of a macro, met inside that macro */
	struct ferry_str text;
	struct fy_span at;
	uint32_t n_comments; /* that stand before it in the stream */
	uint32_t param;	     /* in a macro's body: its parameter, from 1 */
};

/* A comment, with its markers. */
struct fy_comment {
	struct ferry_str text;
	struct fy_place place;
	uint32_t last_line;
	bool own_line; /* nothing stands before it on its line */
};

/* Told of each comment, in order; false: no memory. */
typedef bool (*fy_comment_fn)(void *ctx, const struct fy_comment *comment);

struct fy_lexer {
	const char *at;
	const char *end;
	const char *line_start;
	const char *file;
	uint32_t line;
	bool fresh;	   /* nothing but blanks and comments on this line */
	bool in_directive; /* a newline ends it */
	bool quiet;	   /* neither comments nor warnings are told */
	struct fy_diag *diag;
	fy_comment_fn comment;
	void *ctx;
	bool comment_open; /* the text ended in a comment */
	bool failed;	   /* out of memory */
};

/**
 * fy_lex_init() - at the start of @text, read from @file; all borrowed
 *
 * What is joined of several lines is copied to @diag->mem.
 */
void fy_lex_init(struct fy_lexer *lex, const char *file, struct ferry_str text,
		 struct fy_diag *diag);

/**
 * fy_lex_next() - the next token
 *
 * Bytes that can stand nowhere are reported and left out. While
 * lex->in_directive, a newline gives FY_TOKEN_END.
 */
struct fy_token fy_lex_next(struct fy_lexer *lex);

/** fy_lex_end_directive() - skips the rest of the directive's line */
void fy_lex_end_directive(struct fy_lexer *lex);

/**
 * fy_lex_rest() - the rest of the directive's line as it stands, but blanks at
 * its ends; it is skipped
 */
struct ferry_str fy_lex_rest(struct fy_lexer *lex);

/** fy_lex_sees() - whether @c is next, behind blanks and comments; not taken */
bool fy_lex_sees(const struct fy_lexer *lex, char c);

/** fy_lex_sees_name() - the same of a name */
bool fy_lex_sees_name(const struct fy_lexer *lex);

/**
 * fy_lex_skip() - skips what an #if leaves out, up to the next directive
 *
 * Return: FY_TOKEN_DIRECTIVE or FY_TOKEN_END.
 */
struct fy_token fy_lex_skip(struct fy_lexer *lex);

/** fy_lex_header_name() - the rest of an #include: "name" or <name> */
bool fy_lex_header_name(struct fy_lexer *lex, struct fy_token *out);

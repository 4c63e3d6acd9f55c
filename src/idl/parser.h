/* SPDX-License-Identifier: MIT */
/* What the two halves of the parser share: definitions and declarations. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/compiler.h"
#include "idl/ast.h"
#include "idl/preproc.h"

struct fy_parser {
	struct ferry_arena *mem;
	struct fy_diag *diag;
	const struct fy_stream *stream;
	size_t at;	    /* index of the next token */
	unsigned int depth; /* of types declared in place */
	bool lost;	    /* recovery went past the end of the definition */
	ferry_err err;	    /* FERRY_ENOMEM */
};

/* The next token, and the one @ahead of it. */
const struct fy_token *fy_parser_peek(const struct fy_parser *p, size_t ahead);

/* Whether the next token is the word or the character. */
bool fy_parser_at_word(const struct fy_parser *p, const char *word);
bool fy_parser_at(const struct fy_parser *p, char c);

/* Takes the next token if it is the word or the character. */
bool fy_parser_accept_word(struct fy_parser *p, const char *word);
bool fy_parser_accept(struct fy_parser *p, char c);

/*
 * Takes @c or reports that it is missing. @after: behind what it is expected,
 * "the procedure's number".
 */
bool fy_parser_expect(struct fy_parser *p, char c, const char *after);

/* Takes a name that is no word of the language. @what: "a type's name" */
bool fy_parser_name(struct fy_parser *p, const char *what,
		    struct fy_ast_name *out);

/* Takes a number or the name of one. @what: "a length" */
bool fy_parser_value(struct fy_parser *p, const char *what,
		     struct fy_ast_value *out);

/* Reports that something else than @what stands here. */
struct fy_message *fy_parser_unexpected(struct fy_parser *p, const char *what);

/*
 * After an error in what began at token @from: goes behind its ';' or before
 * the '}' around it. Whether that was found, and parsing can go on.
 */
bool fy_parser_recover(struct fy_parser *p, size_t from);

/* Zeroed memory; NULL latches p->err. */
void *fy_parser_new(struct fy_parser *p, size_t bytes);

/* The comments of what began at token @from and ended with the last one. */
const char *fy_parser_doc(const struct fy_parser *p, size_t from);

/* "int *x", "opaque x<8>", "void": reports what is wrong. */
bool fy_parser_decl(struct fy_parser *p, struct fy_ast_decl *out);

/* A type of a procedure: no name, nothing around it. */
bool fy_parser_bare_type(struct fy_parser *p, struct fy_ast_decl *out);

/* From the '{', or the switch of a union, to the '}'. @kind: which body */
struct fy_ast_body *fy_parser_body(struct fy_parser *p, enum fy_kind kind);

/**
 * fy_parse() - the tree of a stream of tokens
 *
 * Return: FERRY_OK, even if diagnostics were made: the tree has what could be
 * read; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_parse(const struct fy_stream *stream, struct ferry_arena *mem,
	 struct fy_diag *diag, struct fy_ast *out);

/* SPDX-License-Identifier: MIT */
/* What the two halves of the parser share: definitions and declarations. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/compiler.h"
#include "idl/ast.h"
#include "idl/preproc.h"
#include "idl/words.h"

struct fy_parser {
	struct ferry_arena *mem;
	struct fy_diag *diag;
	const struct fy_stream *stream;
	size_t at;	    /* index of the next token */
	unsigned int depth; /* of types declared in place */
	bool in_bound;	    /* where '>' is the end */
	struct fy_names namespaces; /* all that the file has */
	bool namespaces_known;
	struct fy_open_namespace *open; /* the innermost */
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

/* The same where it is used: "space::name" comes out as "name". */
bool fy_parser_reference(struct fy_parser *p, const char *what,
			 struct fy_ast_name *out);

/* How many tokens a name with all its "space::" takes, if one is here. */
size_t fy_parser_name_len(const struct fy_parser *p);

/* Takes a number, the name of one, or an expression. @what: "a length" */
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

/*
 * The comments of what began at token @from and ended with the last one;
 * @otherwise if there are none, which may be NULL.
 */
const char *fy_parser_doc(struct fy_parser *p, size_t from,
			  const char *otherwise);

/* Takes the '}' of a list, and what stray ';' stand before it. */
bool fy_parser_end(struct fy_parser *p);

/*
 * Takes what only dialects have where a definition could stand: the two ends of
 * a namespace, and pragma. False: there is none of these.
 */
bool fy_parser_dialect(struct fy_parser *p);

/* Reports namespaces that are not closed. */
void fy_parser_end_dialect(struct fy_parser *p);

/* Takes [attributes]; what [doc("text")] says, or NULL. */
const char *fy_parser_attributes(struct fy_parser *p);

/* "int *x", "opaque x<8>", "void": reports what is wrong. */
bool fy_parser_decl(struct fy_parser *p, struct fy_ast_decl *out);

/* The same behind typedef: "pair int[2]" is possible too. */
bool fy_parser_typedef(struct fy_parser *p, struct fy_ast_decl *out);

/* What a procedure takes and gives: types, with a name at most. */
bool fy_parser_argument(struct fy_parser *p, struct fy_ast_decl *out);
bool fy_parser_result(struct fy_parser *p, struct fy_ast_decl *out);

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

/* SPDX-License-Identifier: MIT */
/* Macros as C99 6.10.3 has them: what they are, and what they expand to. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/compiler.h"
#include "idl/names.h"
#include "idl/preproc.h"

/* What stands in a macro's body, beside what a file has. */
enum fy_body_kind {
	FY_BODY_PARAM = 0x200, /* parameter .param */
	FY_BODY_TEXT,	       /* # and the parameter: its argument as text */
	FY_BODY_PASTE,	       /* ## */
};

enum fy_macro_kind {
	FY_MACRO_OBJECT,
	FY_MACRO_FUNCTION,
	FY_MACRO_LINE, /* __LINE__ */
	FY_MACRO_FILE, /* __FILE__ */
};

struct fy_macro {
	enum fy_macro_kind kind;
	bool variadic; /* the last parameter takes all that is left */
	bool pastes;   /* there is a ## in the body */
	bool busy;     /* being expanded: not again inside itself */
	uint32_t n_params;
	struct fy_token name;
	struct fy_tokens params; /* their names */
	struct fy_tokens body;
};

/*
 * Where the arguments come from that stand behind the macro's name in a file.
 * What expands to the name of a macro may have them there too.
 */
struct fy_macro_source {
	/* Whether a ( is next, behind blanks; nothing is taken. */
	bool (*sees_call)(void *ctx);
	/* The next token; false at the end of what may hold arguments. */
	bool (*next)(void *ctx, struct fy_token *out);
	void *ctx;
};

/**
 * struct fy_macros - all zero but @mem is valid and empty
 * @source:	  NULL: arguments stand in what is expanded or nowhere
 * @diag:	  NULL: what is wrong is not reported
 * @in_condition: "defined NAME" gives 1 or 0
 * @hides_view:  a body or a ## has a name that begins with RPC_, which nobody
 *		  else gets to see
 */
struct fy_macros {
	struct ferry_arena *mem;
	struct fy_names names; /* struct binding */
	const struct fy_macro_source *source;
	struct fy_diag *diag;
	bool in_condition;
	bool hides_view;
	uint64_t filter; /* of names that were ever bound */
	size_t n_bytes;	 /* of the files that use them, so far */
	size_t n_steps;	 /* of all expansions together */
	struct fy_level *spare;
};

/** fy_tokens_add() - appends @token */
FY_MUST_CHECK ferry_err
fy_tokens_add(struct fy_tokens *tokens, struct ferry_arena *mem,
	      const struct fy_token *token);

/** fy_macros_maybe_view() - whether @name begins as RPC_HDR does */
bool fy_macros_maybe_view(struct ferry_str name);

/** fy_macros_find() - the macro @name; NULL if it is not defined */
struct fy_macro *
fy_macros_find(const struct fy_macros *macros, struct ferry_str name);

/** fy_macros_define() - a macro without a body yet, in place of any other */
FY_MUST_CHECK ferry_err
fy_macros_define(struct fy_macros *macros, struct ferry_str name,
		 struct fy_macro **out);

/** fy_macros_undefine() - @name is no macro any more, if it was one */
void fy_macros_undefine(struct fy_macros *macros, struct ferry_str name);

/**
 * fy_macros_read() - defines @name as what is left of the line says
 * @lex: right behind the name; ends at the end of the line
 *
 * Reports what is no macro, which is not defined then, and one that differs
 * from what the name was.
 * Return: FERRY_OK, even then; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_macros_read(struct fy_macros *macros, const struct fy_token *name,
	       struct fy_lexer *lex);

/** fy_macros_wants() - whether fy_macros_expand() has anything to do */
bool fy_macros_wants(const struct fy_macros *macros,
		     const struct fy_token *token);

/**
 * fy_macros_expand() - appends to @out what the name @use stands for
 *
 * Every token gets the place of @use, and those of an argument too.
 * Return: FERRY_OK, even if something was reported; FERRY_ETOOBIG: the macros
 * of this file give more tokens than any interface needs, and @out has a part;
 * FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_macros_expand(struct fy_macros *macros, const struct fy_token *use,
		 struct fy_tokens *out);

/* SPDX-License-Identifier: MIT */
/*
 * The syntax tree: an interface file as it is written. What parse cannot know
 * (which definition a name means, what a constant is worth) check fills in.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idl/diag.h"
#include "idl/lex.h"
#include "idl/model.h"
#include "idl/names.h"
#include "idl/number.h"

struct fy_ast_body;
struct fy_ast_constant;
struct fy_ast_decl;
struct fy_ast_def;
struct fy_ast_expr;
struct fy_ast_program;

struct fy_ast_name {
	const char *text; /* NULL: none */
	struct fy_span at;
};

enum fy_ast_value_kind {
	FY_AST_NO_VALUE,
	FY_AST_NUMBER,
	FY_AST_NAME,
	FY_AST_EXPR, /* 1 + 2, (A | B) << 3 */
	FY_AST_TEXT, /* of a const alone */
};

struct fy_ast_value {
	enum fy_ast_value_kind kind;
	struct fy_span at;
	const char *spelled;
	struct fy_number number; /* NUMBER; NAME and EXPR: by check */
	bool known;		 /* number is right */
	struct fy_ast_constant *constant; /* NAME: by check, or NULL */
	struct fy_ast_expr *expr; /* EXPR */
};

/* A constant expression: its tokens, and what the names among them mean. */
struct fy_ast_expr {
	const struct fy_token *tokens;
	size_t n;
	size_t n_seen; /* tokens whose names are looked up, by check */
	struct fy_ast_constant **constants; /* of each token, by check */
};

enum fy_ast_progress {
	FY_AST_FRESH,
	FY_AST_BUSY,
	FY_AST_GOOD,
	FY_AST_BAD, /* reported: say no more about what depends on it */
};

/* A const or an enumerator: a name for a value. */
struct fy_ast_constant {
	struct fy_ast_constant *next; /* enumerator of the same enum */
	struct fy_ast_constant *previous;
	struct fy_ast_name name;
	const char *doc;
	/* NO_VALUE: one more than .previous, 0 without one. */
	struct fy_ast_value value;
	const struct fy_ast_body *owner; /* the enum; NULL for a const */
	struct fy_ast_def *def;		 /* the const; NULL for an enumerator */
	bool is_mark; /* neither: a program's, version's or procedure's name */
	enum fy_ast_progress progress;
	struct fy_number number;
	struct fy_ast_constant *waits; /* while BUSY: whose value needs it */
};

enum fy_ast_type_kind {
	FY_AST_BASIC,
	FY_AST_NAMED,
	FY_AST_BODY, /* declared in place */
};

struct fy_ast_type {
	enum fy_ast_type_kind kind;
	struct fy_span at;
	enum fy_kind basic;	  /* BASIC; by check, NAMED without .def */
	enum fy_kind tag;	  /* NAMED by "struct foo": STRUCT; else VOID */
	struct fy_ast_name name;  /* NAMED */
	struct fy_ast_body *body; /* BODY */
	struct fy_ast_def *def;	  /* by check, NAMED: what it means */
};

enum fy_ast_shape {
	FY_AST_VOID,
	FY_AST_PLAIN,
	FY_AST_OPTIONAL, /* *x */
	FY_AST_ARRAY,	 /* x[n] */
	FY_AST_LIST,	 /* x<n> */
	FY_AST_STRING,
	FY_AST_OPAQUE, /* opaque x[n] */
	FY_AST_BYTES,  /* opaque x<n> */
};

struct fy_ast_decl {
	struct fy_ast_decl *next;
	enum fy_ast_shape shape;
	struct fy_span at;
	struct fy_ast_type type; /* of PLAIN to LIST */
	struct fy_ast_name name; /* none for VOID and in a procedure */
	struct fy_ast_value bound;
	const char *doc;
};

struct fy_ast_label {
	struct fy_ast_label *next;
	struct fy_ast_value value;
};

struct fy_ast_arm {
	struct fy_ast_arm *next;
	struct fy_span at;
	size_t n_labels;
	struct fy_ast_label *labels;
	bool is_default; /* it may have labels too, which change nothing */
	struct fy_span default_at;
	struct fy_ast_decl decl;
};

/* What stands between the braces of a struct, union or enum. */
struct fy_ast_body {
	enum fy_kind kind;
	struct fy_span at;
	size_t n_items; /* of the one list that it has */
	struct fy_ast_constant *enumerators;
	struct fy_ast_decl *fields;
	struct fy_ast_decl *discriminant;
	struct fy_ast_arm *arms;
	struct fy_names values; /* of an enum, by check: each as 8 bytes */
	bool lacks_values;	/* one that check found to be wrong */
};

struct fy_ast_procedure {
	struct fy_ast_procedure *next;
	struct fy_ast_name name;
	const char *doc;
	struct fy_ast_value value;
	struct fy_ast_decl result;
	size_t n_args;
	struct fy_ast_decl *args; /* none for void; .name if it has one */
};

struct fy_ast_version {
	struct fy_ast_version *next;
	struct fy_ast_name name;
	const char *doc;
	struct fy_ast_value value;
	size_t n_procedures;
	bool is_partial; /* a procedure is missing, which was reported */
	struct fy_ast_procedure *procedures;
};

enum fy_ast_def_kind {
	FY_AST_CONST,
	FY_AST_TYPE,	/* struct, union, enum, and typedef of one in place */
	FY_AST_TYPEDEF, /* any other */
	FY_AST_PROGRAM,
	FY_AST_FOREIGN, /* made by check: %#include brings it */
	FY_AST_BROKEN, /* reported; its name is known and that is all */
	FY_AST_NOTHING, /* typedef struct x x; */
};

struct fy_ast_def {
	struct fy_ast_def *next;
	enum fy_ast_def_kind kind;
	struct fy_ast_name name;
	const char *doc;
	const char *tag; /* FOREIGN: "struct" or the like; NULL: none */
	bool included;
	bool built_in; /* from <rpc/rpc.h>: only there if it is used */
	bool standard; /* built in, and the RFC has it */
	bool used;
	size_t last; /* index of its last token */
	struct fy_ast_constant *constant;
	struct fy_ast_body *body;
	struct fy_ast_decl *decl; /* TYPEDEF */
	size_t n_versions;
	struct fy_ast_version *versions;
	bool is_partial; /* a version is missing, which was reported */
	struct fy_ast_value number; /* PROGRAM */
	/* TYPEDEF that is another name: what it comes down to, by check. */
	const struct fy_ast_type *base;
	const struct fy_ast_def *walked; /* by whose chain, in check */
	struct fy_type *model;
};

struct fy_ast {
	struct fy_ast_def *defs;
	struct fy_ast_def **tail;
};

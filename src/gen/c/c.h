/* SPDX-License-Identifier: MIT */
/*
 * The C back-end, for its own files. A plan is made first: what each thing is
 * called (plan.c, procedure.c), how large it is in memory and how its codec
 * recurses (layout.c). Then types.c emits the header's definitions, codec.c
 * the tables by which the library moves them, code.c the code of what is to be
 * faster than a table, client.c and server.c the stubs; they decide nothing.
 *
 * A type is "a record" if C has a struct for it and a codec of its own; the
 * base of a type (fy_c_base) is what is left of it without typedefs in C's
 * way: a scalar, a string, a declarator, or a record.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gen/emit.h"
#include "gen/gen.h"
#include "gen/names.h"

/* An array or a union's arm that takes more memory becomes a pointer. */
#define FY_C_INLINE_BYTES 64
/* What has more members than this is not worth code of its own. */
#define FY_C_CODE_ITEMS 24
/* What has less, if all of it is of fixed size, but no array has many of it. */
#define FY_C_SINGLE_ITEMS 6
/* Members side by side, of a node of a linked list, that are worth code. */
#define FY_C_PART_ITEMS 2
/* Strings and opaque data that one run takes together. */
#define FY_C_RUN_TEXTS 8

/* What a codec does, as in _size, _put and _get. */
enum fy_c_mode {
	FY_C_SIZE,
	FY_C_PUT,
	FY_C_GET,
	FY_C_N_MODES,
};

/**
 * struct fy_c_type - what C makes of a type that has a name
 * @wanted:   before the prefix, of what a procedure declares in place
 * @name:     in C, prefix and all
 * @spelled:  "struct entry", "enum color", "count", "struct ferry_str"
 * @function: the public functions: entry_size, entry_put, entry_get
 * @codec:    the table of its own; of a built-in type the library's
 * @rows:     static, what @codec consists of; of an enum its values
 * @cases:    static, of a union
 * @code:     static, of what is code: put_entry and its like, then the table
 * @members:  of a struct's fields, a union's arms
 * @counts:   of fields that are lists
 * @same:     what C takes for the same type, and which has the codec
 * @bytes:    in memory, as on a machine of 64 bits
 * @deep:     its codec comes back to itself
 * @is_item:  an array has many of it
 * @is_code:  it is moved by code
 * @declared: the header has it by now
 */
struct fy_c_type {
	const struct fy_type *type;
	const char *wanted;
	const char *name;
	const char *spelled;
	const char *function[FY_C_N_MODES];
	const char *codec;
	const char *rows;
	const char *cases;
	const char *code[FY_C_N_MODES + 1];
	const char *discriminant;
	const char **members;
	const char **counts;
	const struct fy_c_type *same;
	uint64_t bytes;
	uint64_t align;
	bool is_next; /* its last member is the next of a linked list */
	bool deep;
	bool is_item;
	bool is_code;
	bool early;
	bool declared;
};

/* An enumerator or a constant. */
struct fy_c_value {
	const char *wanted; /* as in the interface file */
	const char *name;
	bool is_int; /* a constant expression that fits int */
	bool declared;
};

struct fy_c_procedure {
	const struct fy_procedure *procedure;
	const char *name; /* list_1 */
	const char *start;
	const char *finish;
	const char *reply;
	const char *member;	  /* of the ops: list */
	const char *args_tag;	  /* of several arguments: list_1_args */
	const char *args_codec;	  /* of no type with a name */
	const char *result_codec; /* the same */
	const char **args;
};

struct fy_c_version {
	const struct fy_program *program;
	const struct fy_version *version;
	const char *table;	/* static: dir_1_version */
	const char *procedures; /* static: dir_1_procedures */
	const char *enter;	/* static: enter_dir_1 */
	const char *ops;	/* dir_1_ops */
	const char *serve;	/* dir_1_serve */
	struct fy_c_procedure *items; /* as in the file */
};

/* One run of the back-end. */
struct fy_c {
	struct fy_gen *gen;
	struct ferry_arena *mem;
	const struct fy_model *model; /* the header's view */
	const char *prefix;
	bool (*reserved)(const char *name); /* what @scope cannot have */
	bool (*reserved_tag)(const char *name);
	struct fy_scope scope;	  /* all names at file level */
	struct fy_scope ordinary; /* those that are not tags */
	struct fy_c_type builtin[FY_KIND_VOID];
	size_t n_types; /* as model->types, then model->foreign */
	struct fy_c_type *types;
	struct fy_c_type **by_type; /* sorted by address */
	size_t n_values;
	struct fy_c_value *values; /* in the order of the file */
	struct fy_c_value **by_wanted; /* sorted */
	size_t n_versions; /* of all programs */
	struct fy_c_version *versions;
	struct fy_emit header;
	struct fy_emit source;
};

extern const struct fy_backend fy_backend_c;

/* keywords.c: whether C, C++, the headers or generated code have the name */
bool fy_c_reserved(const char *name);
bool fy_c_reserved_tag(const char *name);
bool fy_c_reserved_member(const char *name);
/* The same two for whoever asks for the prefix fy_, as the library's own do. */
bool fy_c_reserved_own(const char *name);
bool fy_c_reserved_own_tag(const char *name);

/* plan.c */
FY_MUST_CHECK ferry_err fy_c_plan(struct fy_c *c);
/** fy_c_find() - the plan of a type with a name, or of a built-in one */
struct fy_c_type *fy_c_find(struct fy_c *c, const struct fy_type *type);
/** fy_c_value() - the plan of a constant or enumerator; NULL: none such */
struct fy_c_value *fy_c_value(struct fy_c *c, const char *wanted);
/** fy_c_claim() - a name made of @name, which has the prefix; never NULL */
const char *fy_c_claim(struct fy_c *c, const char *before, const char *name,
		       const char *after);

/* layout.c */
FY_MUST_CHECK ferry_err fy_c_layout(struct fy_c *c);
const struct fy_type *fy_c_base(const struct fy_type *type);
bool fy_c_is_scalar(const struct fy_type *base);
bool fy_c_is_record(const struct fy_type *base);
bool fy_c_is_fixed(const struct fy_type *type);
/** fy_c_by_pointer() - whether C holds an array, or a union's arm, elsewhere */
bool fy_c_by_pointer(struct fy_c *c, const struct fy_type *type, bool is_arm);

/* text.c: words and expressions of C */
/** fy_c_keep() - @text; of NULL, for lack of memory, "", and output is lost */
const char *fy_c_keep(struct fy_c *c, const char *text);
/** fy_c_join() - two to four texts as one (NULL: none); never NULL */
const char *fy_c_join(struct fy_c *c, const char *a, const char *b,
		      const char *third, const char *fourth);
/** fy_c_u64() - a decimal number; never NULL */
const char *fy_c_u64(struct fy_c *c, uint64_t n);
/** fy_c_i64() - a number as C has it, the lowest of its type among them */
const char *fy_c_i64(struct fy_c *c, int64_t n);
/** fy_c_fixed() - a size that is known: a number, or UINT32_MAX from there on */
const char *fy_c_fixed(struct fy_c *c, uint64_t bytes);
/** fy_c_bound() - a bound as C has it: a constant's name or a number */
const char *fy_c_bound(struct fy_c *c, const struct fy_type *type);
/** fy_c_spell() - the C type of a value, of what has been declared so far */
const char *fy_c_spell(struct fy_c *c, const struct fy_type *type);
/** fy_c_declare() - "int x", "char *x": a type and a name */
const char *fy_c_declare(struct fy_c *c, const char *spelled, const char *name);

/* views.c: how the file's readings for header and codec differ */
FY_MUST_CHECK ferry_err fy_c_compare_views(struct fy_c *c);
/** fy_c_pass_lines() - the % lines that only the source is to have */
void fy_c_pass_lines(struct fy_c *c);

/* types.c: the definitions of the header, with % lines among them */
void fy_c_types(struct fy_c *c);

/* functions.c: what users call of codecs, all in the header */
void fy_c_functions(struct fy_c *c);

/* codec.c: tables */
void fy_c_codecs(struct fy_c *c);
/** fy_c_has_codec() - of its own, which the header declares */
bool fy_c_has_codec(const struct fy_c_type *t);
/** fy_c_codec() - "&entry_codec"; "NULL": of void */
const char *fy_c_codec(struct fy_c *c, const struct fy_type *type);
/** fy_c_procedure_codecs() - of arguments and results without a type */
void fy_c_procedure_codecs(struct fy_c *c, const struct fy_c_procedure *p);
/** fy_c_args_codec() - "&path_codec": of all arguments; "NULL": of none */
const char *fy_c_args_codec(struct fy_c *c, const struct fy_c_procedure *p);
const char *fy_c_result_codec(struct fy_c *c, const struct fy_c_procedure *p);

/* code.c */
/** fy_c_can_be_code() - whether members of fixed size and text are all */
bool fy_c_can_be_code(struct fy_c *c, const struct fy_c_type *t);
void fy_c_emit_code(struct fy_c *c, const struct fy_c_type *t);
/** fy_c_find_part() - how many fields from @first on shall be code together */
size_t fy_c_find_part(struct fy_c *c, const struct fy_c_type *t, size_t first);
/** struct fy_c_part - its struct ferry_code; @wire: 0 if it is not fixed */
struct fy_c_part {
	const char *code;
	uint64_t wire;
};
struct fy_c_part fy_c_emit_part(struct fy_c *c, const struct fy_c_type *t,
				size_t first, size_t n);

/* procedure.c: what client and server share */
FY_MUST_CHECK ferry_err fy_c_name_versions(struct fy_c *c);
/** fy_c_name_in_place() - names of types that procedures declare */
void fy_c_name_in_place(struct fy_c *c);
/** fy_c_params() - "(struct ferry_call *call, ...)"; @out: "struct a *", "" */
const char *fy_c_params(struct fy_c *c, const struct fy_c_procedure *p,
			bool with_args, const char *out);
/** fy_c_out() - what a result is written to: "struct a *"; "" if it is void */
const char *fy_c_out(struct fy_c *c, const struct fy_c_procedure *p);
/** fy_c_param() - "const struct entry *", "uint32_t": the type of one */
const char *fy_c_param(struct fy_c *c, const struct fy_type *type);
bool fy_c_is_arg_pointer(const struct fy_type *type);

/* server.c, client.c */
void fy_c_server_prototypes(struct fy_c *c, const struct fy_c_version *v);
void fy_c_server(struct fy_c *c, const struct fy_c_version *v);
void fy_c_client_prototypes(struct fy_c *c, const struct fy_c_version *v);
void fy_c_client(struct fy_c *c, const struct fy_c_version *v);

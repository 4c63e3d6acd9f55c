/* SPDX-License-Identifier: MIT */
/*
 * The C back-end, for its own files. A plan is made first (plan.c): what each
 * thing is called, how large it is in memory, how its codec recurses. Then
 * types.c, codec.c, server.c and client.c emit and decide nothing.
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
/* A nested struct of fixed size with more items than this is called. */
#define FY_C_FLAT_ITEMS 16

/* Strings and opaque data that one run, or one function, takes together. */
#define FY_C_RUN_TEXTS 8
#define FY_C_MAX_TEXTS 64

/**
 * struct fy_c_type - what C makes of a type that has a name
 * @wanted:   before the prefix, of what a procedure declares in place
 * @name:     in C, prefix and all
 * @spelled:  "struct entry", "enum color", "count", "struct ferry_str"
 * @size:     the public functions, @put and @get too; of a built-in type
 *            static ones
 * @size_in:  static ones for this file, @put_in and @get_in too, of a record
 *            that is an array's item, or whose size counts its depth
 * @is:       of an enum: tells declared values; @load and @store move one
 * @members:  of a struct's fields, a union's arms
 * @counts:   of a struct's fields that are lists; else NULL
 * @bytes:    in memory, where pointers take 8 bytes
 * @same:     it is declared and coded as this other type; else NULL
 * @deep:     its codec calls itself, however far around
 * @counts_depth: and takes one level each time
 * @tail:     a list: its last field points at the next of its own kind
 * @is_item:  arrays hold it by value: its codec is inlined into their loops
 * @often:    its codec loops, or is called by one that does
 * @careful:  it holds what is deep, a list or huge, or is it: a size may be
 *            wrong
 * @used:     of a built-in type: its codec is called
 * @loaded:   of a char or short: its @load is called
 * @early:    its codec is called by one that stands before it
 * @declared: in the header so far
 */
struct fy_c_type {
	const struct fy_type *type;
	const char *wanted;
	const char *name;
	const char *spelled;
	const char *size;
	const char *put;
	const char *get;
	const char *size_in;
	const char *put_in;
	const char *get_in;
	const char *is;
	const char *load;
	const char *store;
	const char *discriminant;
	const char **members;
	const char **counts;
	const struct fy_c_type *same;
	uint64_t bytes;
	uint64_t align;
	bool deep;
	bool counts_depth;
	bool tail;
	bool is_item;
	bool often;
	bool careful;
	bool used;
	bool loaded;
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
	const char *serve;  /* static: serve_list_1 */
	const char *member; /* of the ops: list */
	const char **args;
};

struct fy_c_version {
	const struct fy_program *program;
	const struct fy_version *version;
	const char *table;	/* static: dir_1_version */
	const char *procedures; /* static: dir_1_procedures */
	const char *enter;	/* static: serve_dir_1 */
	const char *ops;	/* dir_1_ops */
	const char *serve;	/* dir_1_serve */
	struct fy_c_procedure *items; /* as in the file */
};

/* One run of the back-end. */
struct fy_c {
	struct fy_gen *gen;
	struct ferry_arena *mem;
	const struct fy_model *model; /* the header's view */
	const char *add_size;	      /* static: adds, and sees cycles */
	const char *prefix;
	struct fy_scope scope;	  /* all names at file level */
	struct fy_scope ordinary; /* those that are not tags */
	struct fy_c_type builtin[FY_KIND_VOID];
	size_t n_types; /* as model->types */
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

/* plan.c, layout.c */
FY_MUST_CHECK ferry_err fy_c_plan(struct fy_c *c);
FY_MUST_CHECK ferry_err fy_c_name_versions(struct fy_c *c);
/** fy_c_name_in_place() - names of types that procedures declare */
void fy_c_name_in_place(struct fy_c *c);
FY_MUST_CHECK ferry_err fy_c_layout(struct fy_c *c);
/** fy_c_find() - the plan of a type with a name, or of a built-in one */
struct fy_c_type *fy_c_find(struct fy_c *c, const struct fy_type *type);
/** fy_c_value() - the plan of a constant or enumerator; NULL: none such */
struct fy_c_value *fy_c_value(struct fy_c *c, const char *wanted);
const struct fy_type *fy_c_base(const struct fy_type *type);
bool fy_c_is_scalar(const struct fy_type *base);
bool fy_c_is_record(const struct fy_type *base);
bool fy_c_is_fixed(const struct fy_type *type);
/** fy_c_by_pointer() - whether C holds an array, or a union's arm, elsewhere */
bool fy_c_by_pointer(struct fy_c *c, const struct fy_type *type, bool is_arm);
/** fy_c_spell() - the C type of a value, of what has been declared so far */
const char *fy_c_spell(struct fy_c *c, const struct fy_type *type);
/** fy_c_u64() - a decimal number; never NULL */
const char *fy_c_u64(struct fy_c *c, uint64_t n);
/** fy_c_fixed() - a size that is known: a number, or SIZE_MAX from 4 GiB on */
const char *fy_c_fixed(struct fy_c *c, uint64_t bytes);
/** fy_c_bound() - a bound as C has it: a constant's name or a number */
const char *fy_c_bound(struct fy_c *c, const struct fy_type *type);
/** fy_c_join() - two to four texts as one (NULL: none); never NULL */
const char *fy_c_join(struct fy_c *c, const char *a, const char *b,
		      const char *third, const char *fourth);
/** fy_c_declare() - "int x", "char *x": a type and a name */
const char *fy_c_declare(struct fy_c *c, const char *spelled, const char *name);

/* views.c: how the file's readings for header and codec differ */
FY_MUST_CHECK ferry_err fy_c_compare_views(struct fy_c *c);
/** fy_c_pass_lines() - the % lines that only the source is to have */
void fy_c_pass_lines(struct fy_c *c);

/* types.c: the definitions of the header, with % lines among them */
void fy_c_types(struct fy_c *c);

/* codec.c */
void fy_c_codec_prototypes(struct fy_c *c);
void fy_c_codecs(struct fy_c *c);
/* scalar.c */
/** fy_c_helpers() - codecs of built-in types, those that were asked for */
void fy_c_helpers(struct fy_c *c, struct fy_emit *e);

/* items.c: the members of a record, merged to runs */

enum fy_c_mode {
	FY_C_SIZE,
	FY_C_PUT,
	FY_C_GET,
};

enum fy_c_item_kind {
	FY_C_FIXED, /* in a run */
	FY_C_TEXT,  /* string<>, opaque<>: in a run when encoding */
	FY_C_MORE,  /* the word that tells whether optional data follows */
	FY_C_PART,  /* code of its own */
};

struct fy_c_item {
	enum fy_c_item_kind kind;
	const struct fy_type *type;
	const char *path;
	const char *count; /* of a list: the path of its length */
	uint64_t wire;	   /* bytes of a run; of TEXT those of the length */
	bool is_arm;
};

/**
 * struct fy_c_code - the body of a function, while it is made
 * @self:    whose codec it is; NULL: of no record
 * @careful: SIZE: what is added may be a cycle
 * @often:   it is to be fast: strings share the check of a run
 * @body:   its statements; what it turned out to need stands in the flags
 * @sum:    SIZE: what the sum starts with; NULL: not known
 */
struct fy_c_code {
	struct fy_c *c;
	enum fy_c_mode mode;
	const struct fy_c_type *self;
	struct fy_emit body;
	struct fy_c_item *items; /* a stack */
	size_t n_items;
	size_t room;
	size_t n_texts;
	bool is_bytes[FY_C_MAX_TEXTS]; /* the type of s0, s1 ... */
	const char *sum;
	bool careful;
	bool often;
	bool uses_p;
	bool uses_n;
	bool uses_more;
	bool uses_bad;
};

/* code.c: the frame of a function */
struct fy_c_code fy_c_start(struct fy_c *c, enum fy_c_mode mode,
			    const struct fy_c_type *t);
/** fy_c_finish() - emits locals, body, and the end, behind the "{" */
void fy_c_finish(struct fy_c_code *code);
/** fy_c_head() - "void\nname(struct ferry_encoder *e, const int32_t *v" */
const char *fy_c_head(struct fy_c *c, enum fy_c_mode mode, const char *name,
		      const char *spelled);
/** fy_c_name() - the function of a type: entry_put */
const char *fy_c_name(const struct fy_c_type *t, enum fy_c_mode mode);
/** fy_c_has_inner() - whether a static function of this file does the work */
bool fy_c_has_inner(const struct fy_c_type *t, enum fy_c_mode mode);
/** fy_c_inner_name() - that function: put_entry */
const char *fy_c_inner_name(const struct fy_c_type *t, enum fy_c_mode mode);
/** fy_c_inner_head() - "static inline void\nput_entry(...)" */
const char *fy_c_inner_head(struct fy_c *c, enum fy_c_mode mode,
			    const struct fy_c_type *t);

/* record.c, scalar.c */
void fy_c_emit_record(struct fy_c *c, const struct fy_c_type *t,
		      enum fy_c_mode mode);
void fy_c_emit_enum(struct fy_c *c, const struct fy_c_type *t);

/** fy_c_collect() - pushes what the value at @path consists of */
void fy_c_collect(struct fy_c_code *code, const struct fy_type *type,
		  const char *path, const char *count, bool is_arm);
/** fy_c_emit_items() - emits items from @first to the top, and pops them */
void fy_c_emit_items(struct fy_c_code *code, size_t first);
/** fy_c_emit_value() - collects and emits */
void fy_c_emit_value(struct fy_c_code *code, const struct fy_type *type,
		     const char *path, bool is_arm);

/* parts.c: what is neither of fixed size nor text */
void fy_c_emit_part(struct fy_c_code *code, const struct fy_c_item *item);
/** fy_c_add_size() - emits that @expression is added to the size */
void fy_c_add_size(struct fy_c_code *code, const char *expression);

/** fy_c_address() - of what stands at @path: "&v->a", and "v" of "*v" */
const char *fy_c_address(struct fy_c *c, const char *path);
/** fy_c_dot() - a member of what stands at @path: "a.len", and "v->len" */
const char *fy_c_dot(struct fy_c *c, const char *path, const char *member);

/* call.c: what client and server share */
/** fy_c_params() - "(struct ferry_call *call, ...)"; @out: "struct a *", "" */
const char *fy_c_params(struct fy_c *c, const struct fy_c_procedure *p,
			bool with_args, const char *out);
/** fy_c_out() - what a result is written to: "struct a *"; "" if it is void */
const char *fy_c_out(struct fy_c *c, const struct fy_c_procedure *p);
/** fy_c_arg() - the value of an argument as an expression: "name", "*name" */
const char *fy_c_arg(struct fy_c *c, const struct fy_c_procedure *p, size_t i);
/** fy_c_size_of() - an expression: the size of the value at @path */
const char *fy_c_size_of(struct fy_c *c, const struct fy_type *type,
			 const char *path);
/** fy_c_put_of() - a statement that encodes the value at @path */
const char *fy_c_put_of(struct fy_c *c, const struct fy_type *type,
			const char *path);
/** fy_c_get_of() - a statement that decodes it */
const char *fy_c_get_of(struct fy_c *c, const struct fy_type *type,
			const char *path);
bool fy_c_is_arg_pointer(const struct fy_type *type);

/* server.c, client.c */
void fy_c_server_prototypes(struct fy_c *c, const struct fy_c_version *v);
void fy_c_server(struct fy_c *c, const struct fy_c_version *v);
void fy_c_client_prototypes(struct fy_c *c, const struct fy_c_version *v);
void fy_c_client(struct fy_c *c, const struct fy_c_version *v);

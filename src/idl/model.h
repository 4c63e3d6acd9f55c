/* SPDX-License-Identifier: MIT */
/*
 * The model: all that a back-end sees of an interface file. Types resolved,
 * constants evaluated, wire sizes computed, every rule checked. Read-only,
 * one arena, no pointers into the syntax tree but for text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a wire size is when there is no bound. */
#define FY_WIRE_UNBOUNDED UINT64_MAX
/* The bound of T<>, opaque<> and string<>. */
#define FY_NO_BOUND UINT32_MAX

enum fy_kind {
	/* On the wire 4 bytes each. */
	FY_KIND_INT,
	FY_KIND_UINT,
	FY_KIND_CHAR,	/* rpcgen's: 4 bytes on the wire, must fit its C type */
	FY_KIND_UCHAR,
	FY_KIND_SHORT,
	FY_KIND_USHORT,
	FY_KIND_BOOL,
	FY_KIND_FLOAT,
	/* 8 bytes. */
	FY_KIND_HYPER,
	FY_KIND_UHYPER,
	FY_KIND_DOUBLE,
	/* 16 bytes. */
	FY_KIND_QUADRUPLE,
	FY_KIND_VOID,
	/* With members of their own. */
	FY_KIND_ENUM,
	FY_KIND_STRUCT,
	FY_KIND_UNION,
	FY_KIND_ALIAS,	   /* a typedef: .element is what it stands for */
	/*
	 * A name that the file does not define while a %#include may: it is
	 * known by .name alone (and .tag, where the file says "struct NAME"),
	 * its wire size from 0 without a bound. No union switches on it. Its C
	 * codec is the owner's: NAME_size(), NAME_put() and NAME_get().
	 */
	FY_KIND_FOREIGN,
	/* Made by a declarator around .element (but string and opaque). */
	FY_KIND_STRING,	   /* string<bound> */
	FY_KIND_OPAQUE,	   /* opaque[bound] */
	FY_KIND_BYTES,	   /* opaque<bound> */
	FY_KIND_ARRAY,	   /* T[bound] */
	FY_KIND_LIST,	   /* T<bound> */
	FY_KIND_OPTIONAL,  /* *T */
};

/* A place in a source file; .file is the path as given, for messages. */
struct fy_place {
	const char *file;
	uint32_t line;	 /* from 1 */
	uint32_t column; /* from 1, in bytes */
};

struct fy_enumerator {
	const char *name;
	const char *doc; /* or NULL */
	struct fy_place place;
	int32_t value;
};

struct fy_field {
	const char *name;
	const char *doc;
	struct fy_place place;
	const struct fy_type *type;
};

/*
 * A case label, its value and how it is written (name or number).
 *
 * Of a union on an enum it may be a value that the enum does not declare
 * (-Wcase-value): rpcgen's C takes that from the wire, as a case and not as an
 * error.
 */
struct fy_label {
	int64_t value;
	const char *name; /* the enumerator's or constant's name, or NULL */
};

/* An arm may bear the name of the discriminant (-Warm-name). */
struct fy_arm {
	size_t n_labels; /* 0: the default arm */
	const struct fy_label *labels;
	const char *doc;
	struct fy_place place;
	const char *name; /* NULL: void */
	const struct fy_type *type;
};

struct fy_type {
	enum fy_kind kind;
	/*
	 * The name in the interface file, NULL for one without. What was
	 * declared in place (`struct { int a; } point;` in struct line) has
	 * .name NULL, and .owner and .owner_member say where; if it is an
	 * argument or result, .owner is NULL and only its procedure has it.
	 */
	const char *name;
	const struct fy_type *owner;
	const char *owner_member;
	const char *tag; /* FOREIGN: "struct", "union", "enum" or NULL */
	const char *doc;
	struct fy_place place;

	uint64_t wire_min;  /* bytes, padding included */
	uint64_t wire_max;  /* or FY_WIRE_UNBOUNDED */
	bool recursive;	    /* part of a cycle: codecs count its depth */

	/*
	 * STRING OPAQUE BYTES ARRAY LIST; 0 is possible. The name is that of a
	 * constant above which is worth as much, or NULL.
	 */
	uint32_t bound;
	const char *bound_name;
	const struct fy_type *element;	/* ALIAS ARRAY LIST OPTIONAL */

	size_t n_enumerators; /* ENUM */
	const struct fy_enumerator *enumerators;

	size_t n_fields; /* STRUCT */
	const struct fy_field *fields;

	/*
	 * UNION. What its discriminant comes down to is INT, UINT, BOOL or
	 * ENUM, 4 bytes each; by dialect (-Wdiscriminant) also CHAR, UCHAR,
	 * SHORT, USHORT, and HYPER and UHYPER, which take their 8 bytes.
	 */
	const char *discriminant_name;
	const struct fy_type *discriminant;
	/* The default arm, if any, is the last, wherever the file has it. */
	size_t n_arms;
	const struct fy_arm *arms;
	bool has_default;
};

struct fy_const {
	const char *name;
	const char *doc;
	struct fy_place place;
	int64_t value;	     /* the bits, if is_unsigned */
	bool is_unsigned;    /* above INT64_MAX */
	/* As written: "0x20", or the other constant; of an expression its
	   value: "3" for 1 + 2. */
	const char *spelled;
	const char *text; /* const S = "x": as written, quotes and all; .value
			     is 0. NULL for a number */
};

struct fy_procedure {
	const char *name;
	const char *doc;
	struct fy_place place;
	uint32_t number;
	const struct fy_type *result; /* VOID for none */
	size_t n_args;
	const struct fy_type *const *args;
	const char *const *arg_names; /* each NULL, unless the file says it */
};

struct fy_version {
	const char *name;
	const char *doc;
	struct fy_place place;
	uint32_t number;
	size_t n_procedures; /* as in the file */
	const struct fy_procedure *procedures;
};

struct fy_program {
	const char *name;
	const char *doc;
	struct fy_place place;
	uint32_t number;
	size_t n_versions;
	const struct fy_version *versions;
};

enum fy_def_kind {
	FY_DEF_PASS,  /* a % line: .text without the % */
	FY_DEF_CONST,
	FY_DEF_TYPE,
	FY_DEF_PROGRAM,
};

/*
 * One definition or % line, in the order of the file. What a file uses of the
 * names that rpcgen's C has from <rpc/rpc.h> (netobj, des_block ...) stands
 * first, like the file's own, with .place.file "<rpc/rpc.h>".
 */
struct fy_def {
	enum fy_def_kind kind;
	struct fy_place place;
	bool included; /* it stands in a file brought by #include */
	const char *text;
	const struct fy_const *constant;
	const struct fy_type *type;
	const struct fy_program *program;
};

/*
 * Which of rpcgen's outputs the preprocessor was told it works for: the same
 * file may read differently in each.
 */
enum fy_view {
	FY_VIEW_HDR,
	FY_VIEW_XDR,
	FY_VIEW_CLNT,
	FY_VIEW_SVC,
	FY_VIEW_TBL,
	FY_N_VIEWS,
};

struct fy_model {
	const char *file; /* its last component: "dir.x" */
	const char *stem; /* without .x: "dir" */
	size_t n_defs;
	const struct fy_def *defs;
	/*
	 * All enums, structs, unions and typedefs, nested and unnamed ones
	 * too, each after those that it holds by value and after the typedefs
	 * and enums that it points at: declarations of structs and unions are
	 * all that C needs before them.
	 */
	size_t n_types;
	const struct fy_type *const *types;
	/* All FOREIGN types, each name once. */
	size_t n_foreign;
	const struct fy_type *const *foreign;
};

/* SPDX-License-Identifier: MIT */
/*
 * Warnings: what ferry takes although RFC 5531 and RFC 4506 do not have it,
 * each under a name that -W takes.
 *
 * A kind of warning is shown at its first place, with how often it comes again;
 * all places if -Wname asks for it. --strict makes errors of all that is not
 * said otherwise by name, of the quiet ones too.
 */
#pragma once

#include <stdbool.h>

#include <ferry/arena.h>

#include "core/compiler.h"

/*
 * X(id, name, whether it is on when nothing is said, one line for the manual)
 *
 * Off are those that nearly every file in use would earn.
 */
#define FY_WARNINGS(X)                                                         \
	X(ARGUMENT_NAME, "argument-name", true,                                \
	  "names of a procedure's arguments")                                  \
	X(ARM_NAME, "arm-name", true,                                          \
	  "an arm of a union that has the name of its discriminant")           \
	X(ATTRIBUTE, "attribute", true, "[attributes]")                        \
	X(BARE_UNSIGNED, "bare-unsigned", true,                                \
	  "'unsigned' alone; the RFC writes 'unsigned int'")                   \
	X(BUILT_IN, "built-in", true,                                          \
	  "names that only rpcgen's C knows: netobj, des_block")               \
	X(C_TYPE, "c-type", true,                                              \
	  "types of C: char, short, long, u_int, uint32_t")                    \
	X(CAPITAL_HEX, "capital-hex", true,                                    \
	  "numbers that begin with 0X; the RFC writes 0x")                     \
	X(CASE_VALUE, "case-value", true,                                      \
	  "a case that the union's enum does not have")                        \
	X(DEFAULT_PLACE, "default-place", true,                                \
	  "a default that is not the last arm, or shares one with a case")     \
	X(DISCRIMINANT, "discriminant", true,                                  \
	  "unions that switch on hyper, char or short")                        \
	X(EMPTY_ARGUMENTS, "empty-arguments", true, "() instead of (void)")    \
	X(EMPTY_VERSION, "empty-version", true,                                \
	  "versions without a procedure")                                      \
	X(ENUM_COMMA, "enum-comma", true,                                      \
	  "a comma behind the last enumerator")                                \
	X(EXPRESSION, "expression", true,                                      \
	  "1 + 2, or 'a', where a number could stand")                         \
	X(EXTRA_SEMICOLON, "extra-semicolon", true, "a ';' behind nothing")    \
	X(FOREIGN_TYPE, "foreign-type", true,                                  \
	  "types that a %#include must bring; each is named")                  \
	X(IMPLICIT_VALUE, "implicit-value", true,                              \
	  "enumerators without '= value'")                                     \
	X(INDENTED_PASS, "indented-pass", true,                                \
	  "a % behind blanks; rpcgen knows it as the first of its line")       \
	X(LEADING_UNDERSCORE, "leading-underscore", false,                     \
	  "names that begin with _; the RFC wants a letter")                   \
	X(LINE_COMMENT, "line-comment", true, "comments that begin with //")   \
	X(MACRO_REDEFINED, "macro-redefined", true,                            \
	  "a second #define of a name, which says something else")             \
	X(NAMED_CONSTANT, "named-constant", false,                             \
	  "const NAME = OTHER; the RFC has a number there")                    \
	X(NAMED_NUMBER, "named-number", true,                                  \
	  "constants as numbers of programs, versions and procedures")         \
	X(NAMESPACE, "namespace", true,                                        \
	  "namespaces, whose names come out as if there were none")            \
	X(ONEWAY, "oneway", true,                                              \
	  "Solaris' word for a call without an answer")                        \
	X(PASS_LINE, "pass-line", false, "lines that begin with %")            \
	X(PASSED_CONSTANT, "passed-constant", true,                            \
	  "constants that only a % line defines")                              \
	X(POINTER_ARGUMENT, "pointer-argument", true,                          \
	  "pointers as arguments and results")                                 \
	X(PRAGMA, "pragma", true, "the pragma of the kernel's compiler")       \
	X(PREPROCESSOR, "preprocessor", false, "lines that begin with #")      \
	X(PROGRAM_CONSTANT, "program-constant", true,                          \
	  "names of programs, versions and procedures as constants")           \
	X(PROGRAM_NUMBER, "program-number", false,                             \
	  "program numbers that nobody gives out")                             \
	X(REVERSED_TYPEDEF, "reversed-typedef", true,                          \
	  "typedef NAME TYPE instead of TYPE NAME")                            \
	X(STRING_ARGUMENT, "string-argument", true,                            \
	  "string as an argument or result")                                   \
	X(STRING_BOUND, "string-bound", true, "string without <>")             \
	X(TAGGED_TYPE, "tagged-type", true,                                    \
	  "'struct NAME' where NAME is enough")                                \
	X(TEXT_CONSTANT, "text-constant", true, "const NAME = \"text\"")       \
	X(USER, "user", true, "what a #warning of the file says")              \
	X(WRAPPED_NUMBER, "wrapped-number", true,                              \
	  "numbers of which rpcgen's C keeps the low 32 bits")

enum fy_warning {
#define FY_WARNING_ID_(id, name, on, text) FY_WARN_##id,
	FY_WARNINGS(FY_WARNING_ID_)
#undef FY_WARNING_ID_
	FY_N_WARNINGS,
};

/* What is done about a kind of warning. */
enum fy_warn_level {
	FY_LEVEL_DEFAULT, /* as the table says; an error under --strict */
	FY_LEVEL_OFF,	  /* -Wno-name */
	FY_LEVEL_ALL,	  /* -Wname: at each place */
	FY_LEVEL_ERROR,	  /* -Werror=name */
};

/**
 * struct fy_warn_levels - what the user asked for; all zero is nothing
 * @strict:   refuse what the RFC does not have
 * @is_error: -Werror: every warning that is shown is an error
 */
struct fy_warn_levels {
	enum fy_warn_level of[FY_N_WARNINGS];
	bool strict;
	bool is_error;
};

struct fy_warn_kind {
	const char *name;
	bool on;
	const char *text;
};

/** fy_warn_kind() - what the table says of @warning */
const struct fy_warn_kind *fy_warn_kind(enum fy_warning warning);

/** fy_warn_is_on() - whether @warning is shown */
bool fy_warn_is_on(const struct fy_warn_levels *levels,
		   enum fy_warning warning);

/** fy_warn_is_error() - whether it is an error */
bool fy_warn_is_error(const struct fy_warn_levels *levels,
		      enum fy_warning warning);

/**
 * fy_warn_set() - takes what follows -W: "name", "no-name", "error=name",
 * "error", "all", "none"
 *
 * Return: false if there is no such warning, and nothing changed.
 */
bool fy_warn_set(struct fy_warn_levels *levels, const char *word);

/** fy_warn_like() - the warning that @word may have meant; NULL: none */
const char *fy_warn_like(const char *word, struct ferry_arena *mem);

/* SPDX-License-Identifier: MIT */
/*
 * What the commands that read interface files share: the options of the front
 * end, the loading, and the report of what was wrong.
 */
#pragma once

#include <getopt.h>
#include <stdbool.h>

#include "cli/cmd.h"
#include "core/compiler.h"
#include "idl/idl.h"

/* These stand in a command's getopt_long(3) lists beside its own. */
#define FY_LOAD_SHORT "D:I:U:W:"
#define FY_LOAD_LONG                                                           \
	{ "color", required_argument, NULL, FY_LOAD_COLOR },                   \
	{ "strict", no_argument, NULL, FY_LOAD_STRICT }

enum {
	FY_LOAD_COLOR = 0x100,
	FY_LOAD_STRICT,
	FY_LOAD_FIRST_FREE, /* from here on a command has its own */
};

/* And this in its usage. */
#define FY_LOAD_USAGE                                                          \
	"  -I DIR           look there for #include; may be given again\n"     \
	"  -D NAME[=VALUE]  define a macro;  -U NAME  do not\n"                \
	"  -W WORD          NAME, no-NAME, error=NAME, error, all or none: see\n"\
	"                   ferry-idl(5) for the names of warnings\n"          \
	"  --strict         refuse what RFC 5531 does not have\n"             \
	"  --color WHEN     always, never or auto: on a terminal\n"

#define FY_LOAD_NOT_MINE (-1)

enum fy_colour {
	FY_COLOUR_AUTO,
	FY_COLOUR_ALWAYS,
	FY_COLOUR_NEVER,
};

/**
 * struct fy_load_options - what the user said; all zero is nothing
 * @mem:     of the lists; fy_load_options_fini() frees it
 * @as_json: diagnostics as JSON, on standard output
 */
struct fy_load_options {
	struct ferry_arena mem;
	const char **dirs;
	size_t n_dirs;
	size_t dirs_cap;
	struct fy_define *defines;
	size_t n_defines;
	size_t defines_cap;
	struct fy_warn_levels levels;
	enum fy_colour colour;
	bool as_json;
};

/**
 * fy_load_options_quiet() - no warnings but those that -W asks for: who wants a
 * value or an answer does not want to hear how the file is written
 */
void fy_load_options_quiet(struct fy_load_options *options);

void fy_load_options_fini(struct fy_load_options *options);

/**
 * fy_load_option() - takes one option of FY_LOAD_SHORT or FY_LOAD_LONG
 * @option: what getopt_long(3) returned; its value is in optarg
 *
 * Return: 0; an exit status after a message; FY_LOAD_NOT_MINE.
 */
FY_MUST_CHECK int fy_load_option(struct fy_load_options *options,
				 const struct fy_command *command, int option);

/**
 * struct fy_load - one file and what it includes
 *
 * All that is made of it lives until fy_load_fini().
 */
struct fy_load {
	struct ferry_arena mem;
	struct fy_idl idl;
	const struct fy_load_options *options; /* borrowed */
};

/**
 * fy_load_init() - ready to load; looks for what is included in the folders of
 * -I, then in /usr/include
 */
FY_MUST_CHECK ferry_err fy_load_init(struct fy_load *load,
				     const struct fy_load_options *options);

/** fy_load_fini() - all zero is legal */
void fy_load_fini(struct fy_load *load);

/**
 * fy_load_views() - @path as each of rpcgen's outputs sees it
 *
 * Return: FERRY_OK; FERRY_EINVAL when the file has errors; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_load_views(struct fy_load *load, const char *path,
	      const struct fy_model *views[FY_N_VIEWS]);

/**
 * fy_load_model() - @path as the header sees it: the view that all languages
 * but C go by. Return: as fy_load_views().
 */
FY_MUST_CHECK ferry_err fy_load_model(struct fy_load *load, const char *path,
				      const struct fy_model **out);

/**
 * fy_load_findings() - prints remarks on standard output, all of them
 * @as_json: as fy_report_json() has them
 */
FY_MUST_CHECK ferry_err fy_load_findings(struct fy_load *load,
					 struct fy_diag *findings,
					 bool as_json);

/**
 * fy_load_report() - prints errors and warnings, or why there are none
 * @err: what loading or generating returned
 *
 * Return: the exit status, 0 if there are but warnings.
 */
int fy_load_report(struct fy_load *load, ferry_err err);

/* SPDX-License-Identifier: MIT */
#include "cli/load.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/report.h"
#include "idl/mem.h"

/* More are counted, not shown: the first ones explain the others. */
#define MAX_SHOWN 20

void
fy_load_options_quiet(struct fy_load_options *options)
{
	bool known = fy_warn_set(&options->levels, "none");

	assert(known);
	(void)known;
}

void
fy_load_options_fini(struct fy_load_options *options)
{
	ferry_arena_fini(&options->mem);
}

static int
add_dir(struct fy_load_options *options, const char *dir)
{
	const char **list = fy_grow(&options->mem, options->dirs,
				    options->n_dirs, &options->dirs_cap,
				    sizeof(*list));

	if (!list)
		return fy_cmd_complain("%s", ferry_strerror(FERRY_ENOMEM));
	options->dirs = list;
	options->dirs[options->n_dirs++] = dir;
	return 0;
}

static int
add_define(struct fy_load_options *options, const char *text, bool undefined)
{
	struct fy_define *list = fy_grow(&options->mem, options->defines,
					 options->n_defines,
					 &options->defines_cap, sizeof(*list));

	if (!list)
		return fy_cmd_complain("%s", ferry_strerror(FERRY_ENOMEM));
	options->defines = list;
	options->defines[options->n_defines++] =
		(struct fy_define){ text, undefined };
	return 0;
}

static int
set_warning(struct fy_load_options *options, const struct fy_command *command,
	    const char *word)
{
	const char *like;

	if (fy_warn_set(&options->levels, word))
		return 0;
	like = fy_warn_like(word, &options->mem);
	if (like)
		return fy_cmd_misused(command,
				      "-W knows no '%s': did you mean '%s'?",
				      word, like);
	return fy_cmd_misused(command, "-W knows no '%s'", word);
}

static int
set_colour(struct fy_load_options *options, const struct fy_command *command,
	   const char *when)
{
	static const char *const words[] = {
		[FY_COLOUR_AUTO] = "auto",
		[FY_COLOUR_ALWAYS] = "always",
		[FY_COLOUR_NEVER] = "never",
	};

	for (size_t i = 0; i < FY_ARRAY_LEN(words); i++) {
		if (strcmp(when, words[i]) == 0) {
			options->colour = (enum fy_colour)i;
			return 0;
		}
	}
	return fy_cmd_misused(command,
			      "--color takes always, never or auto, not '%s'",
			      when);
}

int
fy_load_option(struct fy_load_options *options,
	       const struct fy_command *command, int option)
{
	switch (option) {
	case 'I':
		return add_dir(options, optarg);
	case 'D':
		return add_define(options, optarg, false);
	case 'U':
		return add_define(options, optarg, true);
	case 'W':
		return set_warning(options, command, optarg);
	case FY_LOAD_COLOR:
		return set_colour(options, command, optarg);
	case FY_LOAD_STRICT:
		options->levels.strict = true;
		return 0;
	default:
		return FY_LOAD_NOT_MINE;
	}
}

ferry_err
fy_load_init(struct fy_load *load, const struct fy_load_options *options)
{
	const char **dirs;

	*load = (struct fy_load){ .options = options };
	fy_idl_init(&load->idl, &load->mem, &fy_reader_files);
	load->idl.include_reader = &fy_reader_plain_files;
	load->idl.diag.levels = options->levels;
	load->idl.defines = options->defines;
	load->idl.n_defines = options->n_defines;
	dirs = fy_new(&load->mem, (options->n_dirs + 1) * sizeof(*dirs));
	if (!dirs)
		return FERRY_ENOMEM;
	if (options->n_dirs > 0)
		memcpy(dirs, options->dirs, options->n_dirs * sizeof(*dirs));
	dirs[options->n_dirs] = "/usr/include";
	load->idl.dirs = dirs;
	load->idl.n_dirs = options->n_dirs + 1;
	load->idl.n_system_dirs = 1;
	return FERRY_OK;
}

void
fy_load_fini(struct fy_load *load)
{
	ferry_arena_fini(&load->mem);
}

/* Goes on after errors, so that those of all views come out together. */
ferry_err
fy_load_views(struct fy_load *load, const char *path,
	      const struct fy_model *views[FY_N_VIEWS])
{
	ferry_err result = FERRY_OK;

	for (unsigned int view = 0; view < FY_N_VIEWS; view++) {
		ferry_err err = fy_idl_load(&load->idl, path,
					    (enum fy_view)view, &views[view]);

		if (err && err != FERRY_EINVAL)
			return err;
		if (err)
			result = err;
	}
	return result;
}

ferry_err
fy_load_model(struct fy_load *load, const char *path,
	      const struct fy_model **out)
{
	return fy_idl_load(&load->idl, path, FY_VIEW_HDR, out);
}

static bool
wants_colour(enum fy_colour colour, int fd)
{
	const char *term = getenv("TERM");

	if (colour != FY_COLOUR_AUTO)
		return colour == FY_COLOUR_ALWAYS;
	return isatty(fd) && !getenv("NO_COLOR") && term &&
	       strcmp(term, "dumb") != 0;
}

static ferry_err
print(struct fy_load *load)
{
	const char *text;
	ferry_err err;

	if (load->options->as_json)
		return fy_report_json(&load->idl.diag, stdout);
	err = fy_diag_text(&load->idl.diag, MAX_SHOWN,
			   wants_colour(load->options->colour,
					STDERR_FILENO), &text);
	if (!err)
		fputs(text, stderr);
	return err;
}

ferry_err
fy_load_findings(struct fy_load *load, struct fy_diag *findings, bool as_json)
{
	const char *text;
	ferry_err err;

	if (as_json)
		return fy_report_json(findings, stdout);
	err = fy_diag_text(findings, SIZE_MAX,
			   wants_colour(load->options->colour, STDOUT_FILENO),
			   &text);
	if (!err)
		fputs(text, stdout);
	return err;
}

int
fy_load_report(struct fy_load *load, ferry_err err)
{
	ferry_err printed = FERRY_OK;

	if (!err || err == FERRY_EINVAL)
		printed = print(load);
	if (printed || (err && err != FERRY_EINVAL))
		return fy_cmd_complain("%s", ferry_strerror(printed ? printed
								    : err));
	return err ? FY_EXIT_FAILED : 0;
}

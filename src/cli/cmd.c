/* SPDX-License-Identifier: MIT */
#include "cli/cmd.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "idl/mem.h"

/* More are counted, not shown: the first ones explain the others. */
#define MAX_SHOWN 20

static const struct fy_command *const commands[] = {
	&fy_cmd_check,
	&fy_cmd_gen,
	&fy_cmd_help,
	NULL,
};

const struct fy_command *const *
fy_commands(void)
{
	return commands;
}

const struct fy_command *
fy_command_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

int
fy_cmd_misused(const struct fy_command *command, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "ferry %s: ", command->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n%s", command->usage);
	return FY_EXIT_USAGE;
}

int
fy_cmd_bad_option(const struct fy_command *command, int answer, char **argv)
{
	const char *option = argv[optind - 1];

	if (answer == ':')
		return fy_cmd_misused(command, "%s needs a value", option);
	if (optopt > 0 && strncmp(option, "--", 2) != 0)
		return fy_cmd_misused(command, "there is no option -%c",
				      optopt);
	return fy_cmd_misused(command, "there is no option %s", option);
}

int
fy_cmd_complain(const char *format, ...)
{
	va_list args;

	fputs("ferry: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return FY_EXIT_FAILED;
}

ferry_err
fy_dirs_add(struct fy_dirs *dirs, struct ferry_arena *mem, const char *dir)
{
	const char **list =
		fy_grow(mem, dirs->list, dirs->n, &dirs->cap, sizeof(*list));

	if (!list)
		return FERRY_ENOMEM;
	dirs->list = list;
	dirs->list[dirs->n++] = dir;
	return FERRY_OK;
}

ferry_err
fy_cmd_open(struct fy_idl *idl, struct ferry_arena *mem, struct fy_dirs *dirs)
{
	ferry_err err = fy_dirs_add(dirs, mem, "/usr/include");

	fy_idl_init(idl, mem, &fy_reader_files);
	idl->dirs = dirs->list;
	idl->n_dirs = dirs->n;
	return err;
}

/* Goes on after errors, so that those of all views come out together. */
ferry_err
fy_cmd_load(struct fy_idl *idl, const char *path,
	    const struct fy_model *views[FY_N_VIEWS])
{
	ferry_err result = FERRY_OK;

	for (unsigned int view = 0; view < FY_N_VIEWS; view++) {
		ferry_err err = fy_idl_load(idl, path, (enum fy_view)view,
					    &views[view]);

		if (err && err != FERRY_EINVAL)
			return err;
		if (err)
			result = err;
	}
	return result;
}

int
fy_cmd_report(struct fy_idl *idl, ferry_err err)
{
	const char *text = "";

	if (err == FERRY_EINVAL)
		err = fy_diag_text(&idl->diag, MAX_SHOWN, &text);
	else if (!err)
		return 0;
	if (err)
		return fy_cmd_complain("%s", ferry_strerror(err));
	fputs(text, stderr);
	return FY_EXIT_FAILED;
}

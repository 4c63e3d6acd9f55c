/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cmdline.h"
#include "cli/output.h"
#include "schema/format.h"

/* The exit status when --check finds a file that would change. */
#define EXIT_WOULD_CHANGE 3

/* More are counted, not shown. */
#define MAX_SHOWN 20

enum mode {
	MODE_PRINT,
	MODE_CHECK,
	MODE_WRITE,
};

enum {
	OPTION_CHECK = FY_LOAD_FIRST_FREE,
	OPTION_WRITE,
};

static const struct option options[] = {
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ "write", no_argument, NULL, OPTION_WRITE },
	FY_CMDLINE_LONG,
};

/* Whether somebody wrote to the file since it was read. */
static bool
has_changed(const struct fy_reformat *f)
{
	struct ferry_error ignored;
	struct ferry_str text;

	return fy_reader_plain_files.read(NULL, f->path, f->mem, &text,
					  &ignored) != FERRY_OK ||
	       text.len != f->text.len ||
	       memcmp(text.data, f->text.data, text.len) != 0;
}

/*
 * Nobody else can read what is being written; then it is given the owner and
 * the mode of what it takes the place of. Who may not give it away keeps it.
 */
static int
replace(const char *real, struct ferry_str text, const struct stat *st,
	struct ferry_arena *mem)
{
	const struct fy_gen_file file = { real, text.data, text.len };
	struct ferry_error why = { .code = FERRY_OK };
	mode_t before = umask(077);
	ferry_err err = fy_output_write(".", &file, 1, mem, &why);

	umask(before);
	if (err)
		return fy_cmd_complain("%s", why.text);
	if (chown(real, st->st_uid, st->st_gid) != 0 && errno != EPERM)
		return fy_cmd_complain("cannot give %s to its owner: %s", real,
				       strerror(errno));
	if (chmod(real, st->st_mode & 07777) != 0)
		return fy_cmd_complain("cannot give %s its mode: %s", real,
				       strerror(errno));
	return 0;
}

/* Puts the text where the file is, links followed. */
static int
write_back(const struct fy_reformat *f)
{
	char *real = realpath(f->path, NULL);
	struct stat st;
	int status;

	if (!real || stat(real, &st) != 0)
		status = fy_cmd_complain("cannot write %s: %s", f->path,
					 strerror(errno));
	else if (!S_ISREG(st.st_mode))
		status = fy_cmd_complain("cannot write %s back: it is no plain "
					 "file", f->path);
	else if (has_changed(f))
		status = fy_cmd_complain("%s changed while it was formatted, "
					 "and is left alone", f->path);
	else
		status = replace(real, f->out, &st, f->mem);
	free(real);
	return status;
}

static int
finish(const struct fy_reformat *f, enum mode mode, bool is_stdin)
{
	bool same = f->text.len == f->out.len &&
		    memcmp(f->text.data, f->out.data, f->out.len) == 0;

	if (mode == MODE_PRINT || (mode == MODE_WRITE && is_stdin)) {
		fwrite(f->out.data, 1, f->out.len, stdout);
		return 0;
	}
	if (same)
		return 0;
	if (mode == MODE_WRITE)
		return write_back(f);
	printf("%s\n", f->path);
	return EXIT_WOULD_CHANGE;
}

static int
complain(struct fy_reformat *f, ferry_err err)
{
	const char *text;

	if (err == FERRY_EINVAL)
		err = fy_diag_text(&f->idl.diag, MAX_SHOWN, false, &text);
	if (err)
		return fy_cmd_complain("%s", ferry_strerror(err));
	fputs(text, stderr);
	return FY_EXIT_FAILED;
}

static int
format_file(const char *path, enum mode mode)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct ferry_arena mem = { .at = NULL };
	struct ferry_error why = { .code = FERRY_OK };
	struct fy_reformat f = {
		.mem = &mem,
		.path = is_stdin ? "(standard input)" : path,
	};
	int status;

	if (fy_reader_files.read(NULL, is_stdin ? "/dev/stdin" : path, &mem,
				 &f.text, &why) != FERRY_OK) {
		status = fy_cmd_complain("%s", why.text);
	} else {
		ferry_err err = fy_reformat(&f);

		status = err ? complain(&f, err) : finish(&f, mode, is_stdin);
	}
	ferry_arena_fini(&mem);
	return status;
}

/* The worst of all files: an error rather than a change. */
static int
format_files(int n, char **paths, enum mode mode)
{
	int worst = 0;

	for (int i = 0; i < n; i++) {
		int status = format_file(paths[i], mode);

		if (status == FY_EXIT_FAILED || worst == 0)
			worst = status;
	}
	return worst;
}

/* Return: 0, or an exit status after a message. */
static int
set_mode(enum mode *mode, enum mode wanted)
{
	if (*mode != MODE_PRINT)
		return fy_cmd_misused(&fy_cmd_fmt,
				      "--check or --write, not both");
	*mode = wanted;
	return 0;
}

static int
run_fmt(struct fy_cmdline *line)
{
	enum mode mode = MODE_PRINT;
	int option;

	while ((option = fy_cmdline_next(line)) != 0)
		line->status = set_mode(&mode, option == OPTION_CHECK
						       ? MODE_CHECK
						       : MODE_WRITE);
	if (line->status)
		return line->status;
	if (line->n_words == 0)
		return fy_cmd_misused(&fy_cmd_fmt, "which file?");
	return format_files(line->n_words, line->words, mode);
}

const struct fy_command fy_cmd_fmt = {
	.name = "fmt",
	.info = "brings interface files into one style",
	.usage = "usage: ferry fmt [--check|--write] FILE.x...\n"
		 "\n"
		 "Prints each file in one style: tabs, one declaration a line; "
		 "comments, % lines and\n"
		 "lines of the preprocessor stay as they are. A - is standard "
		 "input.\n"
		 "\n"
		 "  --check          print the names of files that would "
		 "change\n"
		 "  --write          change the files\n"
		 "\n"
		 "The exit status is 0 if all is well, 1 if a file has errors "
		 "or could not be read\n"
		 "or written, 3 if --check found a file that would change, 2 "
		 "if this command was\n"
		 "called wrongly.\n",
	.shorts = FY_CMDLINE_SHORT,
	.longs = options,
	.run = run_fmt,
};

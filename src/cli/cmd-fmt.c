/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cmd.h"
#include "cli/load.h"
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
	OPTION_CHECK = 0x100,
	OPTION_WRITE,
};

static const struct option options[] = {
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ "help", no_argument, NULL, 'h' },
	{ "write", no_argument, NULL, OPTION_WRITE },
	{ NULL, 0, NULL, 0 },
};

/* Puts the text where the file is, links followed and its mode kept. */
static int
write_back(const char *path, struct ferry_str text, struct ferry_arena *mem)
{
	char *real = realpath(path, NULL);
	char *slash = real ? strrchr(real, '/') : NULL;
	struct ferry_error why = { .code = FERRY_OK };
	struct fy_gen_file file = { NULL, text.data, text.len };
	struct stat st;
	int status = 0;

	if (!slash || stat(real, &st) != 0) {
		free(real);
		return fy_cmd_complain("cannot write %s: %s", path,
				       strerror(errno));
	}
	*slash = '\0';
	file.name = slash + 1;
	if (fy_output_write(slash == real ? "/" : real, &file, 1, mem, &why))
		status = fy_cmd_complain("%s", why.text);
	*slash = '/';
	if (!status && chmod(real, st.st_mode & 07777) != 0)
		status = fy_cmd_complain("cannot write %s: %s", path,
					 strerror(errno));
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
		return write_back(f->path, f->out, f->mem);
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

static int
run_fmt(int argc, char **argv)
{
	enum mode mode = MODE_PRINT;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == 'h')
			return fy_cmd_help.run(
				2, (char *[]){ argv[0], argv[0], NULL });
		if (option != OPTION_CHECK && option != OPTION_WRITE)
			return fy_cmd_bad_option(&fy_cmd_fmt, option, argv);
		if (mode != MODE_PRINT)
			return fy_cmd_misused(&fy_cmd_fmt,
					      "--check or --write, not both");
		mode = option == OPTION_CHECK ? MODE_CHECK : MODE_WRITE;
	}
	if (optind == argc)
		return fy_cmd_misused(&fy_cmd_fmt, "which file?");
	return format_files(argc - optind, argv + optind, mode);
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
	.run = run_fmt,
};

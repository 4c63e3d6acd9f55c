/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>

#include "cli/cmdline.h"
#include "cli/depfile.h"
#include "cli/load.h"
#include "cli/output.h"
#include "gen/gen.h"

struct request {
	const char *language;
	const char *dir;
	const char *depfile; /* or NULL */
	const char *prefix;
	const char *path;
	struct fy_load_options *with;
};

enum {
	OPTION_JSON = FY_LOAD_FIRST_FREE,
	OPTION_DEPFILE,
};

static const struct option options[] = {
	FY_LOAD_LONG,
	{ "depfile", required_argument, NULL, OPTION_DEPFILE },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "prefix", required_argument, NULL, 'p' },
	FY_CMDLINE_LONG,
};

/* A prefix begins every name, so it must be able to begin one. */
static bool
is_prefix(const char *text)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	static const char other[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

	return *text == '\0' || (strchr(first, *text) &&
				 strspn(text, other) == strlen(text));
}

static void
take_option(struct request *request, int option)
{
	switch (option) {
	case 'l':
		request->language = optarg;
		break;
	case 'o':
		request->dir = optarg;
		break;
	case 'p':
		request->prefix = optarg;
		break;
	case OPTION_DEPFILE:
		request->depfile = optarg;
		break;
	case OPTION_JSON:
		request->with->as_json = true;
		break;
	}
}

/* Return: 0, or an exit status after a message. */
static int
check_request(const struct request *request, int n_files)
{
	if (!request->language)
		return fy_cmd_misused(&fy_cmd_gen,
				      "which language? -l c, for instance");
	if (!fy_backend_find(request->language))
		return fy_cmd_misused(&fy_cmd_gen,
				      "there is no language '%s'",
				      request->language);
	if (request->dir[0] == '\0')
		return fy_cmd_misused(&fy_cmd_gen, "-o needs a folder");
	if (request->depfile && request->depfile[0] == '\0')
		return fy_cmd_misused(&fy_cmd_gen, "--depfile needs a file");
	if (!is_prefix(request->prefix))
		return fy_cmd_misused(&fy_cmd_gen,
				      "no name can begin with '%s'",
				      request->prefix);
	if (n_files != 1)
		return fy_cmd_misused(&fy_cmd_gen, n_files == 0
						? "which file?"
						: "one file at a time");
	return 0;
}

static ferry_err
generate(const struct request *request, struct fy_load *load,
	 struct fy_gen *gen)
{
	ferry_err err = fy_load_views(load, request->path, gen->views);

	if (err)
		return err;
	gen->mem = &load->mem;
	gen->diag = &load->idl.diag;
	gen->prefix = request->prefix;
	return fy_backend_find(request->language)->generate(gen);
}

/* What the folder of the output does not hold is named by a path. */
static const char *
path_of(const char *name, struct ferry_arena *mem)
{
	size_t len = strlen(name);
	char *path;

	if (strchr(name, '/'))
		return name;
	path = ferry_arena_alloc(mem, len + 3);
	if (path) {
		memcpy(path, "./", 2);
		memcpy(path + 2, name, len + 1);
	}
	return path;
}

/* Return: 0, or an exit status after a message. */
static int
write_files(const struct request *request, struct fy_load *load,
	    const struct fy_gen *gen)
{
	struct fy_gen_file files[FY_OUTPUT_FILES];
	struct ferry_error why = { .code = FERRY_OK };
	size_t n = gen->n_files;
	ferry_err err = FERRY_OK;

	memcpy(files, gen->files, n * sizeof(*files));
	if (request->depfile) {
		files[n].name = path_of(request->depfile, &load->mem);
		err = files[n].name ? fy_depfile_make(request->dir, gen,
						      &load->idl.sources,
						      &load->mem, &files[n])
				    : FERRY_ENOMEM;
		n++;
	}
	if (err == FERRY_EINVAL)
		return fy_cmd_complain("no makefile can name a file with a "
				       "newline in its name");
	if (err)
		return fy_cmd_complain("%s", ferry_strerror(err));
	err = fy_output_write(request->dir, files, n, &load->mem, &why);
	return err ? fy_cmd_complain("%s", why.text) : 0;
}

static int
run_request(const struct request *request)
{
	struct fy_gen gen = { .n_files = 0 };
	struct fy_load load;
	ferry_err err = fy_load_init(&load, request->with);
	int status;

	if (!err)
		err = generate(request, &load, &gen);
	status = fy_load_report(&load, err);
	if (!status)
		status = write_files(request, &load, &gen);
	fy_load_fini(&load);
	return status;
}

static int
run_gen(struct fy_cmdline *line)
{
	struct request request = {
		.dir = ".",
		.prefix = "",
		.with = &line->with,
	};
	int option, status;

	while ((option = fy_cmdline_next(line)) != 0)
		take_option(&request, option);
	if (line->status)
		return line->status;
	status = check_request(&request, line->n_words);
	if (status)
		return status;
	request.path = line->words[0];
	return run_request(&request);
}

const struct fy_command fy_cmd_gen = {
	.name = "gen",
	.info = "makes source code from an interface file",
	.usage = "usage: ferry gen -l LANGUAGE [-o DIR] [--prefix P] "
		 "[OPTION]... FILE.x\n"
		 "\n"
		 "Makes the types, the codec, the client and the server of an "
		 "interface.\n"
		 "\n"
		 "  -l LANGUAGE      c, or json: the model, for tools\n"
		 "  -o DIR           where to write; the current folder if "
		 "not given\n"
		 "  --prefix P       goes before every name that is made\n"
		 "  --depfile FILE   write there, for make, which files were "
		 "read\n"
		 FY_LOAD_USAGE
		 "  --json           errors and warnings as JSON, on standard "
		 "output\n"
		 "\n"
		 "If anything is wrong no file is touched. A file that would "
		 "not change is left\n"
		 "alone.\n"
		 "\n"
		 "The exit status is 0 if all is well, 1 if the file has "
		 "errors or the output\n"
		 "could not be written, 2 if this command was called "
		 "wrongly.\n",
	.shorts = FY_CMDLINE_SHORT FY_LOAD_SHORT "l:o:",
	.longs = options,
	.run = run_gen,
};

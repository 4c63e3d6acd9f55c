/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmdline.h"
#include "gen/gen.h"
#include "gen/json/text.h"
#include "idl/utf8.h"
#include "schema/about.h"
#include "schema/summary.h"

struct request {
	const struct fy_load_options *with;
	const char *path;
	const char *name; /* NULL: all */
	bool as_json;
	bool names_only;
	bool wants_types;
};

enum {
	OPTION_JSON = FY_LOAD_FIRST_FREE,
	OPTION_NAMES,
};

static const struct option options[] = {
	FY_LOAD_LONG,
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "names", no_argument, NULL, OPTION_NAMES },
	FY_CMDLINE_LONG,
};

/* ---- as JSON ---- */

static json_t *
wire_json(struct fy_wire wire)
{
	return json_pack("{so so}", "wire_min", fy_model_unsigned(wire.min),
			 "wire_max", fy_model_wire(wire.max));
}

static void
put_procedure(json_t *to, const struct fy_about *about, ferry_err *err)
{
	if (about->program)
		fy_member(to, "program", fy_model_text(about->program->name),
			  err);
	if (about->version)
		fy_member(to, "version", fy_model_text(about->version->name),
			  err);
	if (!about->procedure)
		return;
	fy_member(to, "arguments", wire_json(about->wire), err);
	fy_member(to, "result", wire_json(about->result), err);
}

static json_t *
about_json(const struct fy_about *about, ferry_err *err)
{
	json_t *to = json_pack("{si ss so so so so}", "ferry_about", 1, "kind",
			       about->kind, "name",
			       fy_model_text(about->name), "declaration",
			       fy_model_text(about->declaration), "doc",
			       fy_model_text(about->doc), "place",
			       fy_model_place(&about->place,
					      about->place.file));

	if (about->has_number)
		fy_member(to, "number", fy_model_signed(about->number), err);
	if (about->type)
		fy_member(to, "wire", wire_json(about->wire), err);
	put_procedure(to, about, err);
	return to;
}

static ferry_err
print_json(json_t *take_value, ferry_err err)
{
	if (!err && (!take_value ||
		     json_dumpf(take_value, stdout, JSON_INDENT(1)) != 0))
		err = FERRY_ENOMEM;
	if (!err)
		fputc('\n', stdout);
	json_decref(take_value);
	return err;
}

/* ---- as text ---- */

/* Words of the file, which may not control a terminal; its lines are lines. */
static void
show(const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = fy_utf8_shown_len(text + i, len - i);

		if (n == 0 && (text[i] == '\n' || text[i] == '\t'))
			n = 1;
		if (n == 0)
			putchar('?');
		else
			fwrite(text + i, 1, n, stdout);
		i += n > 0 ? n : 1;
	}
}

static void
print_doc(const char *doc)
{
	if (doc)
		printf("/*\n");
	while (doc && *doc) {
		size_t len = strcspn(doc, "\n");

		printf(" *%s", len > 0 ? " " : "");
		show(doc, len);
		putchar('\n');
		doc += len + (doc[len] == '\n');
	}
	if (doc)
		printf(" */\n");
}

static ferry_err
print_wire(const char *what, struct fy_wire wire, struct ferry_arena *mem)
{
	const char *text;
	ferry_err err = fy_about_wire(wire, mem, &text);

	if (!err)
		printf("%s: %s\n", what, text);
	return err;
}

static ferry_err
print_about(const struct fy_about *about, struct ferry_arena *mem)
{
	ferry_err err = FERRY_OK;

	print_doc(about->doc);
	show(about->declaration, strlen(about->declaration));
	printf("\n%s, declared in ", about->kind);
	show(about->place.file, strlen(about->place.file));
	printf(":%" PRIu32 "\n", about->place.line);
	if (about->has_number)
		printf("number: %" PRId64 " (0x%" PRIx64 ")\n", about->number,
		       (uint64_t)about->number);
	if (about->version)
		printf("program: %s = 0x%08" PRIx32 " (%" PRIu32 ")\n",
		       about->program->name, about->program->number,
		       about->program->number);
	if (about->procedure)
		printf("version: %s = %" PRIu32 "\n", about->version->name,
		       about->version->number);
	if (about->type)
		err = print_wire("on the wire", about->wire, mem);
	if (about->procedure && !err)
		err = print_wire("arguments", about->wire, mem);
	if (about->procedure && !err)
		err = print_wire("result", about->result, mem);
	return err;
}

/* ---- the command ---- */

static ferry_err
describe_name(const struct fy_model *model, const char *name, bool as_json,
	      struct ferry_arena *mem, struct ferry_error *why)
{
	struct fy_about about;
	ferry_err err = fy_about(model, name, mem, &about, why);
	json_t *value;

	if (err)
		return err;
	if (!as_json)
		return print_about(&about, mem);
	value = about_json(&about, &err);
	return print_json(value, err);
}

/* All of it for machines is the model, as ferry gen -l json writes it. */
static ferry_err
describe_model(struct fy_load *load, const struct fy_model *model)
{
	struct fy_gen gen = {
		.mem = &load->mem,
		.diag = &load->idl.diag,
		.views = { [FY_VIEW_HDR] = model },
		.prefix = "",
	};
	ferry_err err = fy_backend_find("json")->generate(&gen);

	if (!err)
		fputs(gen.files[0].text, stdout);
	return err;
}

static ferry_err
describe(const struct request *request, struct fy_load *load,
	 const struct fy_model *model, struct ferry_error *why)
{
	const char *text;
	ferry_err err;

	if (request->names_only)
		err = fy_summary_names(model, request->wants_types, &load->mem,
				       &text);
	else if (request->name)
		return describe_name(model, request->name, request->as_json,
				     &load->mem, why);
	else if (request->as_json)
		return describe_model(load, model);
	else
		err = fy_summary_text(model, &load->mem, &text);
	if (!err)
		show(text, strlen(text));
	return err;
}

static int
run_request(const struct request *request)
{
	struct ferry_error why = { .code = FERRY_OK };
	const struct fy_model *model;
	struct fy_load load;
	ferry_err err = fy_load_init(&load, request->with);
	int status;

	if (!err)
		err = fy_load_model(&load, request->path, &model);
	status = err || !request->names_only ? fy_load_report(&load, err) : 0;
	if (!status) {
		err = describe(request, &load, model, &why);
		if (err)
			fy_cmd_complain("%s", why.code ? why.text
						       : ferry_strerror(err));
		status = ferry_err_status(err);
	}
	fy_load_fini(&load);
	return status;
}

static bool
ends_in_x(const char *word)
{
	size_t len = strlen(word);

	return len > 2 && strcmp(word + len - 2, ".x") == 0;
}

/* Return: 0, or an exit status after a message. */
static int
take_words(struct request *request, char **words, int n)
{
	if (n == 0)
		return fy_cmd_misused(&fy_cmd_describe, "which file?");
	if (n > 2)
		return fy_cmd_misused(&fy_cmd_describe, "one name at a time");
	request->path = words[0];
	request->name = words[1];
	if (strchr(words[0], ':') && !ends_in_x(words[0])) {
		fy_cmd_complain("no reflection yet: give the interface file");
		return ferry_err_status(FERRY_ENOTSUP);
	}
	if (!request->names_only || !request->name)
		return 0;
	request->wants_types = strcmp(request->name, "types") == 0;
	if (!request->wants_types && strcmp(request->name, "procedures") != 0)
		return fy_cmd_misused(&fy_cmd_describe,
				      "--names lists procedures or types, "
				      "not '%s'", request->name);
	return 0;
}

static int
run_describe(struct fy_cmdline *line)
{
	struct request request = { .with = &line->with };
	int option, status;

	while ((option = fy_cmdline_next(line)) != 0) {
		request.as_json |= option == OPTION_JSON;
		request.names_only |= option == OPTION_NAMES;
	}
	if (line->status)
		return line->status;
	status = take_words(&request, line->words, line->n_words);
	return status ? status : run_request(&request);
}

const struct fy_command fy_cmd_describe = {
	.name = "describe",
	.info = "says what an interface file declares",
	.usage = "usage: ferry describe [OPTION]... FILE.x [NAME]\n"
		 "       ferry describe --names FILE.x [procedures|types]\n"
		 "\n"
		 "Without NAME, all programs, constants and types. NAME is a "
		 "type, constant,\n"
		 "enumerator, program or version, or a procedure: LIST, "
		 "DIR_V1.LIST, 1.LIST,\n"
		 "DIR.DIR_V1.LIST.\n"
		 "\n"
		 "  --json           for machines; without NAME the model, as "
		 "ferry gen -l json\n"
		 "  --names          names alone, one on a line, for "
		 "completion\n"
		 FY_LOAD_USAGE
		 "\n"
		 "The exit status is 0 if all is well, 1 if the file has "
		 "errors or cannot be read,\n"
		 "2 if there is no such name or this command was called "
		 "wrongly.\n",
	.shorts = FY_CMDLINE_SHORT FY_LOAD_SHORT,
	.longs = options,
	.run = run_describe,
};

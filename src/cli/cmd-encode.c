/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/coding.h"
#include "json/notation.h"

static const struct option options[] = {
	FY_LOAD_LONG,
	{ "hex", no_argument, NULL, FY_CODING_HEX },
	{ "many", no_argument, NULL, FY_CODING_MANY },
	FY_CMDLINE_LONG,
};

static void
print_hex(struct ferry_bytes wire)
{
	for (uint32_t i = 0; i < wire.len; i++) {
		char digits[2];

		fy_hex(digits, wire.data + i, 1);
		fwrite(digits, 1, sizeof(digits), stdout);
	}
	fputc('\n', stdout);
}

/* @number: from 1 of several values, 0 of a single one */
static int
encode_value(const struct fy_coding_job *job, const json_t *value,
	     size_t number)
{
	struct ferry_arena mem = { 0 };
	struct fy_json_fault fault;
	struct ferry_bytes wire;
	char name[40];
	ferry_err err;
	int status = 0;

	snprintf(name, sizeof(name), number > 0 ? "value %zu" : "the value",
		 number);
	err = job->type ? fy_json_put(value, job->type, &mem, &wire, &fault)
			: fy_json_put_args(value, job->procedure, &mem, &wire,
					   &fault);
	if (err)
		status = fy_value_misfit(name, err, &fault, job->procedure);
	else if (job->hex)
		print_hex(wire);
	else
		fwrite(wire.data, 1, wire.len, stdout);
	ferry_arena_fini(&mem);
	return status;
}

static int
encode_many(const struct fy_coding_job *job, struct ferry_str text)
{
	struct fy_value_text in = { .name = fy_value_name(job->word),
				    .all = text };

	for (size_t number = 1;; number++) {
		json_t *value;
		int status = fy_value_next(&in, &value);

		if (status || !value)
			return status;
		status = encode_value(job, value, number);
		json_decref(value);
		if (status)
			return status;
	}
}

static int
encode_one(const struct fy_coding_job *job, struct ferry_str text)
{
	json_t *value;
	int status = fy_value_parse(text, fy_value_name(job->word), &value);

	if (status)
		return status;
	status = encode_value(job, value, 0);
	json_decref(value);
	return status;
}

static int
encode(const struct fy_coding_job *job)
{
	struct ferry_arena mem = { 0 };
	struct ferry_str text;
	int status;

	if (!job->hex && isatty(STDOUT_FILENO))
		return fy_cmd_misused(job->command,
				      "bytes are not for a terminal: --hex, or "
				      "> FILE");
	status = fy_value_load(job->word, &mem, &text);
	if (!status)
		status = job->many ? encode_many(job, text)
				   : encode_one(job, text);
	ferry_arena_fini(&mem);
	return status;
}

static int
run_encode(struct fy_cmdline *line)
{
	return fy_coding_run(line, encode);
}

const struct fy_command fy_cmd_encode = {
	.name = "encode",
	.info = "turns a JSON value into the bytes of a type",
	.usage = "usage: ferry encode [OPTION]... FILE.x TYPE "
		 "[JSON|@FILE|-]\n"
		 "\n"
		 "Writes the XDR of a value to standard output. TYPE is the "
		 "name of a struct, union,\n"
		 "enum or typedef, or PROCEDURE:args or PROCEDURE:result. "
		 "Without a value, and with\n"
		 "-, it is read from standard input.\n"
		 "\n"
		 "  --hex            writes hex digits and a newline instead\n"
		 "  --many           takes one value after another\n"
		 FY_LOAD_USAGE
		 "\n"
		 "The exit status is 0 if all is well, 1 if the file has "
		 "errors or cannot be read,\n"
		 "2 if this command was called wrongly or the value is no "
		 "JSON, 5 if the value is\n"
		 "none of this type.\n",
	.shorts = FY_CMDLINE_SHORT FY_LOAD_SHORT,
	.longs = options,
	.takes_values = true,
	.run = run_encode,
};

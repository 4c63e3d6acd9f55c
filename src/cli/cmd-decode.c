/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/coding.h"
#include "json/notation.h"

static const struct option options[] = {
	FY_LOAD_LONG,
	{ "compact", no_argument, NULL, FY_CODING_COMPACT },
	{ "hex", no_argument, NULL, FY_CODING_HEX },
	{ "many", no_argument, NULL, FY_CODING_MANY },
	FY_CMDLINE_LONG,
};

/* Hex digits with any white space between them become bytes. */
static int
take_hex(const struct fy_coding_job *job, struct ferry_arena *mem,
	 struct ferry_str *text)
{
	char *digits = ferry_arena_alloc(mem, text->len);
	uint8_t *bytes = ferry_arena_alloc(mem, text->len);
	size_t n = 0, len;

	if (!digits || !bytes)
		return fy_cmd_complain("%s", ferry_strerror(FERRY_ENOMEM));
	for (uint32_t i = 0; i < text->len; i++)
		if (!isspace((unsigned char)text->data[i]))
			digits[n++] = text->data[i];
	if (!fy_notation_hex.len(digits, n, &len) ||
	    !fy_notation_hex.decode(digits, n, bytes)) {
		fy_cmd_complain("%s is not an even number of hex digits",
				fy_value_name(job->word));
		return FY_EXIT_USAGE;
	}
	*text = (struct ferry_str){ (const char *)bytes, (uint32_t)len };
	return 0;
}

static int
decode_value(const struct fy_coding_job *job, struct ferry_decoder *from,
	     const uint8_t *start)
{
	size_t before = (size_t)(from->at - start);
	struct fy_json_fault fault;
	json_t *value;
	char name[40];
	ferry_err err;
	int status;

	err = job->type ? fy_json_get(from, job->type, &value, &fault)
			: fy_json_get_args(from, job->procedure, &value,
					   &fault);
	if (err) {
		snprintf(name, sizeof(name), "byte %zu", before + fault.at);
		return fy_value_misfit(name, err, &fault, job->procedure);
	}
	status = fy_value_print(value, job->compact ? FY_JSON_COMPACT
						    : FY_JSON_LINES, stdout);
	json_decref(value);
	return status;
}

static int
complain_left(size_t n, const char *what)
{
	fflush(stdout);
	fy_cmd_complain("%zu byte%s left behind the value%s", n,
			n == 1 ? " is" : "s are", what);
	return ferry_err_status(FERRY_EDECODE);
}

static int
decode_bytes(const struct fy_coding_job *job, struct ferry_bytes wire)
{
	struct ferry_decoder from =
		ferry_decoder_on(wire.data, wire.len, NULL);
	int status;

	do {
		const uint8_t *start = from.at;

		status = decode_value(job, &from, wire.data);
		if (!status && job->many && from.at == start)
			return complain_left((size_t)(from.end - from.at),
					     ", which takes none");
	} while (!status && job->many && from.at < from.end);
	if (!status && from.at < from.end)
		return complain_left((size_t)(from.end - from.at), "");
	return status;
}

static int
decode(const struct fy_coding_job *job)
{
	struct ferry_arena mem = { 0 };
	struct ferry_str text;
	int status;

	if (job->word && !job->hex && *job->word != '@' &&
	    strcmp(job->word, "-") != 0)
		return fy_cmd_misused(job->command,
				      "'%s' is neither @FILE nor -, and no "
				      "bytes without --hex", job->word);
	status = fy_value_load(job->word, &mem, &text);
	if (!status && job->hex)
		status = take_hex(job, &mem, &text);
	if (!status && (text.len > 0 || !job->many))
		status = decode_bytes(job, (struct ferry_bytes){
						   (const uint8_t *)text.data,
						   text.len });
	ferry_arena_fini(&mem);
	return status;
}

static int
run_decode(struct fy_cmdline *line)
{
	return fy_coding_run(line, decode);
}

const struct fy_command fy_cmd_decode = {
	.name = "decode",
	.info = "turns the bytes of a type into JSON",
	.usage = "usage: ferry decode [OPTION]... FILE.x TYPE [@FILE|-]\n"
		 "       ferry decode --hex [OPTION]... FILE.x TYPE "
		 "[DIGITS|@FILE|-]\n"
		 "\n"
		 "Prints a value that is there as XDR. TYPE is the name of a "
		 "struct, union, enum or\n"
		 "typedef, or PROCEDURE:args or PROCEDURE:result. Without "
		 "bytes, and with -, they\n"
		 "are read from standard input.\n"
		 "\n"
		 "  --compact        prints the value on one line\n"
		 "  --hex            takes hex digits; white space is "
		 "skipped\n"
		 "  --many           takes one value after another\n"
		 FY_LOAD_USAGE
		 "\n"
		 "The exit status is 0 if all is well, 1 if the file has "
		 "errors or cannot be read,\n"
		 "2 if this command was called wrongly, 5 if the bytes are no "
		 "value of this type or\n"
		 "some are left behind it.\n",
	.shorts = FY_CMDLINE_SHORT FY_LOAD_SHORT,
	.longs = options,
	.takes_values = true,
	.run = run_decode,
};

/* SPDX-License-Identifier: MIT */
#include "cli/message.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ferry/addr.h>

#include "cli/cmdline.h"
#include "cli/value.h"
#include "idl/mem.h"
#include "idl/utf8.h"
#include "json/notation.h"

/* ---- options ---- */

static int
set_cut(struct fy_message_options *options, const struct fy_command *command,
	enum fy_cut cut)
{
	if (options->has_cut && options->cut != cut)
		return fy_cmd_misused(command, "--null and --whole exclude "
				      "each other");
	options->has_cut = true;
	options->cut = cut;
	return 0;
}

static int
set_timeout(struct fy_message_options *options,
	    const struct fy_command *command)
{
	int64_t ns;
	int status = fy_cmd_timeout(command, optarg, &ns);

	if (!status)
		options->until = ferry_in_ns(ns);
	return status;
}

int
fy_message_option(struct fy_message_options *options,
		  const struct fy_command *command, int option)
{
	switch (option) {
	case FY_MESSAGE_FRAME:
		options->frame = optarg;
		return 0;
	case FY_MESSAGE_JSON:
		options->as_json = true;
		return 0;
	case FY_MESSAGE_NULL:
		return set_cut(options, command, FY_CUT_NULS);
	case FY_MESSAGE_TIMEOUT:
		return set_timeout(options, command);
	case FY_MESSAGE_WHOLE:
		return set_cut(options, command, FY_CUT_WHOLE);
	default:
		return FY_LOAD_NOT_MINE;
	}
}

int
fy_message_count(const struct fy_command *command, const char *option,
		 uint64_t *out)
{
	char *end;
	uint64_t n;

	errno = 0;
	n = strtoul(optarg, &end, 10);
	if (optarg[0] < '1' || optarg[0] > '9' || *end != '\0' || errno != 0)
		return fy_cmd_misused(command, "%s takes a number from 1, not "
				      "'%s'", option, optarg);
	*out = n;
	return 0;
}

/* ---- addresses ---- */

/* The value of ?frame=, or NULL: there is none, or no address. */
static const char *
frame_of(const char *text, struct ferry_addr *addr)
{
	struct ferry_error why;

	if (ferry_addr_parse(text, addr, &why))
		return NULL;
	for (size_t i = 0; i < addr->n_options; i++) {
		if (strcmp(addr->options[i].key, "frame") == 0)
			return addr->options[i].value;
	}
	return NULL;
}

int
fy_message_addr(const struct fy_message_options *options,
		const struct fy_command *command, const char *text,
		struct ferry_arena *mem, const char **out)
{
	struct ferry_addr addr;
	const char *frame;
	size_t bytes;
	char *framed;

	*out = text;
	if (!options->frame)
		return 0;
	frame = frame_of(text, &addr);
	if (frame)
		return fy_cmd_misused(command, "%s has ?frame=%s: leave "
				      "--frame out", text, frame);
	bytes = strlen(text) + strlen(options->frame) + sizeof("?frame=");
	framed = fy_new(mem, bytes);
	if (!framed)
		return fy_cmd_complain("%s", ferry_strerror(FERRY_ENOMEM));
	/* In a body a question mark is escaped. */
	(void)snprintf(framed, bytes, "%s%cframe=%s", text,
		       strchr(text, '?') ? '&' : '?', options->frame);
	*out = framed;
	return 0;
}

enum fy_cut
fy_message_cut(const struct fy_message_options *options, const char *addr)
{
	struct ferry_addr parsed;
	const char *frame = frame_of(addr, &parsed);

	if (options->has_cut)
		return options->cut;
	return frame && strcmp(frame, "raw") == 0 ? FY_CUT_PIECES
						  : FY_CUT_LINES;
}

const char *
fy_message_separator(enum fy_cut cut, size_t *len)
{
	*len = cut == FY_CUT_LINES || cut == FY_CUT_NULS;
	return cut == FY_CUT_LINES ? "\n" : "";
}

/* ---- printing ---- */

struct fy_message_print
fy_message_print_of(const struct fy_message_options *options, const char *addr)
{
	return (struct fy_message_print){
		.cut = fy_message_cut(options, addr),
		.as_json = options->as_json,
		.shows = isatty(STDOUT_FILENO) == 1,
	};
}

/* A string if it is UTF-8. Return: NULL if it is not, or if there is no memory. */
static json_t *
text_of(struct ferry_bytes message)
{
	return json_stringn((const char *)message.data, message.len);
}

static json_t *
hex_of(struct ferry_bytes message)
{
	size_t len = 2 * (size_t)message.len;
	char *hex = malloc(len + 1);
	json_t *value;

	if (!hex)
		return NULL;
	fy_hex(hex, message.data, message.len);
	value = json_stringn(hex, len);
	free(hex);
	return value;
}

static ferry_err
print_json(uint64_t channel, const char *peer, struct ferry_bytes message)
{
	json_t *line = json_object();
	json_t *text = text_of(message);
	int failed = 0;
	int status = FY_EXIT_FAILED;

	if (peer) {
		failed |= json_object_set_new(
			line, "channel", json_integer((json_int_t)channel));
		failed |= json_object_set_new(line, "peer", json_string(peer));
	}
	failed |= json_object_set_new(line, "bytes", json_integer(message.len));
	if (text)
		failed |= json_object_set_new(line, "text", text);
	else
		failed |= json_object_set_new(line, "hex", hex_of(message));
	if (!failed)
		status = fy_value_print(line, FY_JSON_COMPACT, stdout);
	json_decref(line);
	return status ? FERRY_ENOMEM : FERRY_OK;
}

/* For people: '?' in place of what would control the terminal. */
static void
show(struct ferry_bytes message)
{
	const char *text = (const char *)message.data;

	for (size_t i = 0; i < message.len;) {
		size_t n = fy_utf8_shown_len(text + i, message.len - i);

		if (n == 0 && (text[i] == '\n' || text[i] == '\t'))
			n = 1;
		if (n == 0)
			fputc('?', stdout);
		else
			fwrite(text + i, 1, n, stdout);
		i += n > 0 ? n : 1;
	}
}

ferry_err
fy_message_print(const struct fy_message_print *print, uint64_t channel,
		 const char *peer, struct ferry_bytes message)
{
	size_t len;
	const char *end = fy_message_separator(print->cut, &len);
	ferry_err err = FERRY_OK;

	if (print->as_json) {
		err = print_json(channel, peer, message);
	} else if (print->shows) {
		show(message);
		fwrite(end, 1, len, stdout);
	} else {
		fwrite(message.data, 1, message.len, stdout);
		fwrite(end, 1, len, stdout);
	}
	return !err && ferror(stdout) ? FERRY_ESYS : err;
}

int
fy_message_complain(const struct fy_message_options *options, ferry_err err,
		    const struct ferry_error *why)
{
	const char *text = why->text[0] ? why->text : ferry_strerror(err);
	json_t *line;

	if (ferror(stdout))
		return FY_EXIT_FAILED;
	if (!options->as_json) {
		fy_cmd_complain("%s", text);
		return ferry_err_status(err);
	}
	line = json_pack("{ss si ss}", "error", ferry_err_name(err), "status",
			 ferry_err_status(err), "text", text);
	if (!line || fy_value_print(line, FY_JSON_COMPACT, stderr))
		fy_cmd_complain("%s", text);
	json_decref(line);
	return ferry_err_status(err);
}

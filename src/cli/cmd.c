/* SPDX-License-Identifier: MIT */
#include "cli/cmd.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/duration.h"
#include "idl/utf8.h"

static const struct fy_command *const commands[] = {
	&fy_cmd_call,
	&fy_cmd_check,
	&fy_cmd_decode,
	&fy_cmd_describe,
	&fy_cmd_diff,
	&fy_cmd_encode,
	&fy_cmd_fmt,
	&fy_cmd_gen,
	&fy_cmd_help,
	&fy_cmd_lint,
	&fy_cmd_listen,
	&fy_cmd_ls,
	&fy_cmd_recv,
	&fy_cmd_send,
	&fy_cmd_serve,
	&fy_cmd_services,
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

void
fy_cmd_show(const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = fy_utf8_shown_len(text + i, len - i);

		if (n == 0)
			fputc('?', stderr);
		else
			fwrite(text + i, 1, n, stderr);
		i += n > 0 ? n : 1;
	}
}

/* One line, with words of whoever wrote the command, a file or a reply. */
static FY_PRINTF(1, 0) void
show_line(const char *format, va_list args)
{
	char *text;
	int len = vasprintf(&text, format, args);

	if (len < 0) {
		fputs("out of memory\n", stderr);
		return;
	}
	fy_cmd_show(text, (size_t)len);
	fputc('\n', stderr);
	free(text);
}

int
fy_cmd_misused(const struct fy_command *command, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "ferry %s: ", command->name);
	va_start(args, format);
	show_line(format, args);
	va_end(args);
	fputs(command->usage, stderr);
	return FY_EXIT_USAGE;
}

int
fy_cmd_timeout(const struct fy_command *command, const char *text, int64_t *ns)
{
	if (fy_duration_parse(text, ns))
		return 0;
	return fy_cmd_misused(command, "--timeout takes a time as 250ms, 2s or "
			      "1m, not '%s'", text);
}

int
fy_cmd_complain(const char *format, ...)
{
	va_list args;

	/* One line, whole, whichever thread it comes from. */
	flockfile(stderr);
	fputs("ferry: ", stderr);
	va_start(args, format);
	show_line(format, args);
	va_end(args);
	funlockfile(stderr);
	return FY_EXIT_FAILED;
}

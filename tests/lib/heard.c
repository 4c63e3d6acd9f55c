/* SPDX-License-Identifier: MIT */
#include "heard.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/message.h"

struct heard heard;

void
heard_nothing(void)
{
	heard = (struct heard){ .code = FERRY_OK };
}

int
fy_cmd_complain(const char *format, ...)
{
	va_list args;

	heard.n_complaints++;
	va_start(args, format);
	(void)vsnprintf(heard.complaint, sizeof(heard.complaint), format, args);
	va_end(args);
	return FY_EXIT_FAILED;
}

const char *
fy_message_separator(enum fy_cut cut, size_t *len)
{
	*len = cut == FY_CUT_LINES;
	return "\n";
}

struct fy_message_print
fy_message_print_of(const struct fy_message_options *options, const char *addr)
{
	(void)options;
	(void)addr;
	return (struct fy_message_print){ .cut = FY_CUT_LINES };
}

ferry_err
fy_message_print(const struct fy_message_print *print, uint64_t channel,
		 const char *peer, struct ferry_bytes message)
{
	const size_t len = strlen(heard.printed);

	(void)print;
	(void)channel;
	(void)peer;
	(void)snprintf(heard.printed + len, sizeof(heard.printed) - len,
		       "%.*s\n", (int)message.len, (const char *)message.data);
	return FERRY_OK;
}

int
fy_message_complain(const struct fy_message_options *options, ferry_err err,
		    const struct ferry_error *why)
{
	(void)options;
	heard.code = err;
	(void)fy_cmd_complain("%s", why->text);
	return ferry_err_status(err);
}

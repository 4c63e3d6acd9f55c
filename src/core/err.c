/* SPDX-License-Identifier: MIT */
#include "core/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct row {
	const char *name;
	const char *text;
	int status;
};

#define ROW(name, value, status, text)                                         \
	[value] = { "FERRY_" #name, text, status },
static const struct row rows[] = { FERRY_ERRORS(ROW) };

/* What to do about an errno, where there is more to say than its text. */
static const struct {
	int error;
	const char *advice;
} advices[] = {
	{ EACCES, "; check owner and mode, or who runs this" },
	{ EPERM, "; check owner and mode, or who runs this" },
	{ EMFILE, "; raise the process's limit (ulimit -n)" },
	{ ENFILE, "; the whole system is out of descriptors" },
	{ EADDRINUSE, "; stop who listens there or choose another address" },
	{ ECONNREFUSED, "; nobody listens there: start the server first" },
	{ ENOENT, "; check the spelling of the name" },
	{ ENOTDIR, "; check the spelling of the name" },
	{ EISDIR, "; choose another name" },
	{ ELOOP, "; name what the link leads to" },
	{ ENAMETOOLONG, "; choose a shorter name" },
	{ ENOSPC, "; make room there" },
	{ EROFS, "; choose another folder" },
	{ EDQUOT, "; remove what is not needed" },
};

/* A code that a handler made up is nobody's: it has the row of ESERVER. */
static const struct row *
row_of(ferry_err err)
{
	unsigned int at = (unsigned int)err;

	return &rows[at < FY_ARRAY_LEN(rows) ? at : FERRY_ESERVER];
}

const char *
ferry_strerror(ferry_err err)
{
	return row_of(err)->text;
}

const char *
ferry_err_name(ferry_err err)
{
	return row_of(err)->name;
}

int
ferry_err_status(ferry_err err)
{
	return row_of(err)->status;
}

static const char *
advice_for(int error)
{
	for (size_t i = 0; i < FY_ARRAY_LEN(advices); i++) {
		if (advices[i].error == error)
			return advices[i].advice;
	}
	return "";
}

static ferry_err
code_of(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return FERRY_EACCES;
	case ENOMEM:
		return FERRY_ENOMEM;
	default:
		return FERRY_ESYS;
	}
}

static void
start(struct ferry_error *why, ferry_err code, int error)
{
	*why = (struct ferry_error){ .code = code, .sys_errno = error };
}

ferry_err
fy_fail(struct ferry_error *why, ferry_err code, const char *format, ...)
{
	va_list args;

	if (!why)
		return code;
	start(why, code, 0);
	va_start(args, format);
	(void)vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return code;
}

FY_PRINTF(4, 0) static ferry_err
fail_errno(struct ferry_error *why, ferry_err code, int error,
	   const char *format, va_list args)
{
	char what[sizeof(why->text)];
	const char *text = strerrordesc_np(error);

	if (!why)
		return code;
	start(why, code, error);
	(void)vsnprintf(what, sizeof(what), format, args);
	/* A long name is cut, the reason is not. */
	(void)snprintf(why->text, sizeof(why->text), "cannot %.120s: %s%s",
		       what, text ? text : "unknown error", advice_for(error));
	return code;
}

ferry_err
fy_fail_errno(struct ferry_error *why, const char *format, ...)
{
	int error = errno;
	va_list args;
	ferry_err err;

	va_start(args, format);
	err = fail_errno(why, code_of(error), error, format, args);
	va_end(args);
	return err;
}

ferry_err
fy_fail_errno_as(struct ferry_error *why, ferry_err code, const char *format,
		 ...)
{
	int error = errno;
	va_list args;
	ferry_err err;

	va_start(args, format);
	err = fail_errno(why, code, error, format, args);
	va_end(args);
	return err;
}

bool
fy_is_starved(int sys_errno)
{
	return sys_errno == EMFILE || sys_errno == ENFILE ||
	       sys_errno == ENOBUFS || sys_errno == ENOMEM;
}

ferry_err
fy_fail_memory(struct ferry_error *why, size_t bytes)
{
	return fy_fail(why, FERRY_ENOMEM,
		       "out of memory: %zu bytes are not to be had", bytes);
}

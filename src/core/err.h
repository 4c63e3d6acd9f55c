/* SPDX-License-Identifier: MIT */
/* How the library says why: one place that fills a struct ferry_error. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <ferry/err.h>

#include "core/compiler.h"

/**
 * fy_fail() - says why and returns @code
 * @why:    or NULL
 * @format: a whole sentence with what to do, as printf(3); cut if too long
 */
FY_COLD FY_PRINTF(3, 4) ferry_err
fy_fail(struct ferry_error *why, ferry_err code, const char *format, ...);

/**
 * fy_error_none() - @why says nothing: FERRY_OK, and an empty text
 *
 * What is on the way of each call does not clear all of its bytes.
 */
static inline void
fy_error_none(struct ferry_error *why)
{
	why->code = FERRY_OK;
	why->text[0] = '\0';
}

/**
 * fy_fail_errno() - says why a system call failed, by errno
 * @format: what was tried: "open %s" gives "cannot open /x: ..."
 *
 * Return: FERRY_EACCES for EACCES and EPERM, FERRY_ENOMEM for ENOMEM, else
 * FERRY_ESYS.
 */
FY_COLD FY_PRINTF(2, 3) ferry_err
fy_fail_errno(struct ferry_error *why, const char *format, ...);

/** fy_fail_errno_as() - as fy_fail_errno(), with the code of the caller */
FY_COLD FY_PRINTF(3, 4) ferry_err
fy_fail_errno_as(struct ferry_error *why, ferry_err code, const char *format,
		 ...);

/**
 * fy_is_starved() - whether an errno says that this process or the machine has
 * no descriptor or memory left: nobody else's fault, and it may do later
 */
bool fy_is_starved(int sys_errno);

/** fy_fail_memory() - FERRY_ENOMEM, with the bytes that were asked for */
FY_COLD ferry_err fy_fail_memory(struct ferry_error *why, size_t bytes);

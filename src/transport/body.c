/* SPDX-License-Identifier: MIT */
#include "transport/body.h"

#include <limits.h>

#include "core/err.h"

ferry_err
fy_body_options(const struct ferry_addr *addr, struct ferry_error *why)
{
	if (addr->n_options == 0)
		return FERRY_OK;
	return fy_fail(why, FERRY_EADDR,
		       "%s: addresses take no option \"%s\": leave out what "
		       "follows the question mark",
		       addr->scheme, addr->options[0].key);
}

int
fy_body_fd(const char **at)
{
	const char *p = *at;
	int number = 0;

	if (*p < '0' || *p > '9')
		return -1;
	for (; *p >= '0' && *p <= '9'; p++) {
		if (number > (INT_MAX - 9) / 10)
			return -1;
		number = number * 10 + (*p - '0');
	}
	*at = p;
	return number;
}

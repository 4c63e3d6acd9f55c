/* SPDX-License-Identifier: MIT */
#include "transport/body.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

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

static bool
is_among(const char *key, const char *const keys[])
{
	while (*keys && strcmp(*keys, key) != 0)
		keys++;
	return *keys != NULL;
}

ferry_err
fy_body_options_but(const struct ferry_addr *addr, const char *const keys[],
		    struct ferry_error *why)
{
	for (size_t i = 0; i < addr->n_options; i++) {
		if (!is_among(addr->options[i].key, keys))
			return fy_fail(why, FERRY_EADDR,
				       "%s: addresses take no option \"%s\": "
				       "leave it out, or see "
				       "docs/transports.md for those they take",
				       addr->scheme, addr->options[i].key);
	}
	return FERRY_OK;
}

const char *
fy_body_option(const struct ferry_addr *addr, const char *key)
{
	for (size_t i = 0; i < addr->n_options; i++) {
		if (strcmp(addr->options[i].key, key) == 0)
			return addr->options[i].value;
	}
	return NULL;
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

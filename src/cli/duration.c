/* SPDX-License-Identifier: MIT */
#include "cli/duration.h"

#include <stddef.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
#define MOST (10000 * 3600 * SECOND)

static int64_t
unit_ns(const char *unit)
{
	static const struct {
		const char *name;
		int64_t ns;
	} units[] = {
		{ "", SECOND },		{ "us", 1000 },
		{ "ms", 1000000 },	{ "s", SECOND },
		{ "m", 60 * SECOND },	{ "h", 3600 * SECOND },
	};

	for (size_t i = 0; i < FY_ARRAY_LEN(units); i++) {
		if (strcmp(unit, units[i].name) == 0)
			return units[i].ns;
	}
	return 0;
}

bool
fy_duration_parse(const char *text, int64_t *ns)
{
	size_t whole = strspn(text, "0123456789");
	const char *point = text + whole;
	size_t digits = *point == '.' ? strspn(point + 1, "0123456789") : 0;
	int64_t unit = unit_ns(digits > 0 ? point + 1 + digits : point);
	int64_t sum = 0;
	int64_t share = unit;

	if (whole == 0 || unit == 0)
		return false;
	for (const char *c = text; c < point; c++) {
		sum = sum * 10 + (*c - '0') * unit;
		if (sum > MOST)
			return false;
	}
	for (size_t i = 1; i <= digits; i++) {
		share /= 10;
		sum += (point[i] - '0') * share;
	}
	if (sum > MOST)
		return false;
	*ns = sum;
	return true;
}

/* SPDX-License-Identifier: MIT */
#include "gen/gen.h"

#include <string.h>

#include "gen/c/c.h"
#include "gen/json/json.h"

static const struct fy_backend *const backends[] = {
	&fy_backend_c,
	&fy_backend_json,
	NULL,
};

const struct fy_backend *const *
fy_backends(void)
{
	return backends;
}

const struct fy_backend *
fy_backend_find(const char *name)
{
	for (size_t i = 0; backends[i]; i++)
		if (strcmp(backends[i]->name, name) == 0)
			return backends[i];
	return NULL;
}

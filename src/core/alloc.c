/* SPDX-License-Identifier: MIT */
#include "core/alloc.h"

#include <stdlib.h>
#include <string.h>

void *
fy_resize(const struct ferry_hooks *hooks, void *mem, size_t bytes)
{
	if (hooks && hooks->resize)
		return hooks->resize(hooks->ctx, mem, bytes);
	return realloc(mem, bytes);
}

void *
fy_alloc(const struct ferry_hooks *hooks, size_t bytes)
{
	return fy_resize(hooks, NULL, bytes);
}

void *
fy_zalloc(const struct ferry_hooks *hooks, size_t bytes)
{
	void *mem = fy_alloc(hooks, bytes);

	if (mem)
		memset(mem, 0, bytes);
	return mem;
}

void
fy_free(const struct ferry_hooks *hooks, void *mem)
{
	if (!mem)
		return;
	if (hooks && hooks->resize)
		hooks->resize(hooks->ctx, mem, 0);
	else
		free(mem);
}

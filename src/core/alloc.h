/* SPDX-License-Identifier: MIT */
/* Memory through a program's hooks. @hooks may be NULL: the C library's. */
#pragma once

#include <stddef.h>

#include <ferry/hooks.h>

/** fy_alloc() - @bytes (at least 1) of memory, not zeroed; NULL if none */
void *fy_alloc(const struct ferry_hooks *hooks, size_t bytes);

/** fy_zalloc() - as fy_alloc(), zeroed */
void *fy_zalloc(const struct ferry_hooks *hooks, size_t bytes);

/** fy_resize() - as realloc(3) with @bytes at least 1; NULL leaves @mem */
void *fy_resize(const struct ferry_hooks *hooks, void *mem, size_t bytes);

/** fy_free() - gives back what any of the above gave; NULL is legal */
void fy_free(const struct ferry_hooks *hooks, void *mem);

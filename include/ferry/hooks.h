/* SPDX-License-Identifier: MIT */
/*
 * Hooks: where the library takes memory from and whom it tells what it did.
 * It has no globals, so whoever makes an object hands the hooks in; NULL means
 * the C library's allocator and silence.
 */
#pragma once

#include <stddef.h>

#include <ferry/visibility.h>

enum ferry_log_level {
	FERRY_LOG_ERROR = 0,
	FERRY_LOG_WARNING = 1,
	FERRY_LOG_INFO = 2,
	FERRY_LOG_DEBUG = 3,
};

/**
 * struct ferry_hooks - a program's allocator and log
 * @resize: as realloc(3): @mem may be NULL, @bytes 0 frees and returns NULL;
 *          must be safe to call from any thread. NULL: realloc and free
 * @log:    told whole lines without a newline, from any thread; must return soon
 *          and call nothing of the library. NULL: silence
 * @ctx:    handed to both
 *
 * Borrowed: must outlive every object made with it.
 */
struct ferry_hooks {
	void *(*resize)(void *ctx, void *mem, size_t bytes);
	void (*log)(void *ctx, enum ferry_log_level level, const char *line);
	void *ctx;
};

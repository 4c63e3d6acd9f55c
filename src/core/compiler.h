/* SPDX-License-Identifier: MIT */
/* What is the compiler's and not C11's, behind names. */
#pragma once

/* Calls @destructor with the variable's address when it leaves its scope. */
#define FY_CLEANUP(destructor) __attribute__((cleanup(destructor)))
#define FY_MUST_CHECK __attribute__((warn_unused_result))
#define FY_PRINTF(text, first) __attribute__((format(printf, text, first)))
#define FY_LIKELY(x) __builtin_expect(!!(x), 1)
#define FY_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define FY_COLD __attribute__((cold, noinline))

#define FY_ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

/* The struct @type whose member @member is at @ptr. */
#define FY_CONTAINER(ptr, type, member)                                        \
	((type *)(void *)((char *)(ptr)-offsetof(type, member)))

/* SPDX-License-Identifier: MIT */
/* The two paths of x86, for tests that compare them. */
#pragma once

#include "xdr/words.h"

extern const struct fy_words fy_words_sse2; /* x86-64 always has it */
extern const struct fy_words fy_words_avx2;

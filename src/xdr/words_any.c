/* SPDX-License-Identifier: MIT */
/* Bulk words on hosts for which nothing was written by hand. */
#include "xdr/words.h"

const struct fy_words *const fy_words_ways[] = { &fy_words_portable, NULL };

/* SPDX-License-Identifier: MIT */
/* A value of every type of every.x, at the edges of what it can hold. */
#pragma once

#include "every.h"

/**
 * sample_make() - fills *@out
 * @mem: holds what *@out points at
 */
void sample_make(struct everything *out, struct ferry_arena *mem);

/** sample_encode() - the wire form of the sample, in @mem */
struct ferry_bytes sample_encode(struct ferry_arena *mem);

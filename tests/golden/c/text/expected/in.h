/*
 * in.h: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#pragma once

#include <ferry/codec.h>
#include <ferry/rpc.h>

/* Text that C would read otherwise: ? ?/ begins a trigraph. */
static const char PLAIN[] = "a \"quoted\" \\ text";
static const char QUESTIONS[] = "what?\?/ why?\?) \?\?\?";
/* Numbers of more bits than a char has, and digits right behind a number. */
static const char NUMBERS[] = "\000 \064 \0008 xg \001a\3777";

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif

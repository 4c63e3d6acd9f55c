/* SPDX-License-Identifier: MIT */
/* What every fuzz target is: libFuzzer's entry, also called by replay.c. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Takes any bytes; aborts if a promise is broken. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

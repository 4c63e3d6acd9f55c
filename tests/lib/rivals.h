/* SPDX-License-Identifier: MIT */
/* Processes that all want to listen at one address. */
#pragma once

#include <stdbool.h>

#define FY_RIVALS 6

/**
 * struct fy_rivals - those who listen do until they are stopped
 * @go: ends for them then
 */
struct fy_rivals {
	int go;
};

/**
 * fy_rivals_start() - Return: how many of them listen; -1: they could not be
 * started or did not tell
 */
int fy_rivals_start(struct fy_rivals *rivals, const char *addr);

/** fy_rivals_stop() - Return: whether all ended as they should */
bool fy_rivals_stop(struct fy_rivals *rivals);

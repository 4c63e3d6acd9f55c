/* SPDX-License-Identifier: MIT */
/* Command lines with values: a number below zero is a word, not an option. */
#pragma once

#include <getopt.h>

/**
 * fy_words_option() - the next option, as getopt_long(3) returns it
 * @shorts: begins with "-:"
 * @n:      words so far, at first 0; they move to @argv[1] and the next ones
 *
 * Return: -1 when there are no more: then @argv[1 + *@n] is NULL.
 */
int fy_words_option(int argc, char **argv, const char *shorts,
		    const struct option *options, int *n);

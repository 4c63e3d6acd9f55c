/* SPDX-License-Identifier: MIT */
#include "cli/words.h"

#include <stdbool.h>
#include <stddef.h>

/* What getopt_long(3) returns for a word, if the short ones begin with "-". */
#define WORD 1

static bool
is_below_zero(const char *word)
{
	return word[0] == '-' && word[1] >= '0' && word[1] <= '9';
}

static int
next(int argc, char **argv, const char *shorts, const struct option *options)
{
	if (optind >= argc || !is_below_zero(argv[optind]))
		return getopt_long(argc, argv, shorts, options, NULL);
	optarg = argv[optind++];
	return WORD;
}

int
fy_words_option(int argc, char **argv, const char *shorts,
		const struct option *options, int *n)
{
	int option;

	while ((option = next(argc, argv, shorts, options)) == WORD)
		argv[1 + (*n)++] = optarg;
	if (option != -1)
		return option;
	while (optind < argc)
		argv[1 + (*n)++] = argv[optind++];
	argv[1 + *n] = NULL;
	return option;
}

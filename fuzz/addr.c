/* SPDX-License-Identifier: MIT */
/* Any text as an address. What parses must be the same after a round trip. */
#include <ferry/addr.h>

#include <stdlib.h>
#include <string.h>

#include "target.h"

static void
round_trip(const struct ferry_addr *addr)
{
	struct ferry_addr again;
	char text[8192];

	if (ferry_addr_format(addr, text, sizeof(text)) != strlen(text))
		abort();
	if (ferry_addr_parse(text, &again, NULL))
		abort();
	if (strcmp(again.scheme, addr->scheme) != 0 ||
	    strcmp(again.body, addr->body) != 0 ||
	    again.n_options != addr->n_options)
		abort();
	for (size_t i = 0; i < addr->n_options; i++) {
		if (strcmp(again.options[i].key, addr->options[i].key) != 0 ||
		    strcmp(again.options[i].value, addr->options[i].value) != 0)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ferry_addr addr;
	struct ferry_error why = { .code = FERRY_OK };
	char *text = malloc(size + 1);
	ferry_err err;

	if (!text)
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	err = ferry_addr_parse(text, &addr, &why);
	if (err == FERRY_OK)
		round_trip(&addr);
	else if (err != FERRY_EADDR || why.code != err || why.text[0] == '\0')
		abort();
	free(text);
	return 0;
}

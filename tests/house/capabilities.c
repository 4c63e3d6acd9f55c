/* SPDX-License-Identifier: MIT */
/* Prints, for each scheme of the library, its line in docs/transports.md. */
#include <stdio.h>

#include "core/compiler.h"
#include "transport/table.h"

static const uint32_t columns[] = {
	FERRY_CAP_DIAL, FERRY_CAP_LISTEN, FERRY_CAP_LOCAL,  FERRY_CAP_IDS,
	FERRY_CAP_GID,	FERRY_CAP_PID,	  FERRY_CAP_STREAM, FERRY_CAP_FDS,
	FERRY_CAP_WATCH, FERRY_CAP_ONE_WAY, FERRY_CAP_CHILD,  FERRY_CAP_CLAIM,
};

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const struct ferry_transport_ops *ops;
		uint32_t known = 0;

		if (fy_transport_find(NULL, argv[i], &ops, NULL))
			return 1;
		printf("| `%s` |", argv[i]);
		for (size_t c = 0; c < FY_ARRAY_LEN(columns); c++) {
			known |= columns[c];
			printf(" %s |", ops->caps & columns[c] ? "yes" : "-");
		}
		printf("\n");
		if (ops->caps & ~known)
			return 1;
	}
	return 0;
}

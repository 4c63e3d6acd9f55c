/* SPDX-License-Identifier: MIT */
/* Prints every sample as libtirpc writes it here: one line of hex each. */
#include <stdio.h>

#include "wire/tirpc.h"

int
main(void)
{
	uint8_t wire[SAMPLE_MOST];

	for (size_t i = 0; i < n_samples; i++) {
		size_t n = tirpc_put(&samples[i], wire, sizeof(wire));

		if (n == 0) {
			fprintf(stderr, "libtirpc refuses %s\n",
				samples[i].name);
			return 1;
		}
		for (size_t k = 0; k < n; k++)
			printf("%02x", wire[k]);
		printf("\n");
	}
	return 0;
}

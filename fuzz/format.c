/* SPDX-License-Identifier: MIT */
/*
 * The formatter, from memory: any bytes are refused, or come out so that
 * formatting them once more changes nothing.
 */
#include "target.h"

#include <stdlib.h>
#include <string.h>

#include "schema/format.h"

static ferry_err
reformat(struct ferry_arena *mem, struct ferry_str text, struct ferry_str *out)
{
	struct fy_reformat f = { .mem = mem, .path = "in.x", .text = text };
	ferry_err err = fy_reformat(&f);

	if (err && err != FERRY_EINVAL)
		abort();
	if (err && f.idl.diag.n_errors == 0)
		abort();
	*out = f.out;
	return err;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Of its own size, so that reading past its end is seen. */
	char *copy = malloc(size + (size == 0));
	struct ferry_str text = { copy, (uint32_t)size };
	struct ferry_arena mem = { .at = NULL };
	struct ferry_str once, twice;

	if (!copy)
		return 0;
	if (size > 0)
		memcpy(copy, data, size);
	if (reformat(&mem, text, &once) == FERRY_OK &&
	    (reformat(&mem, once, &twice) != FERRY_OK ||
	     once.len != twice.len ||
	     memcmp(once.data, twice.data, once.len) != 0))
		abort();
	ferry_arena_fini(&mem);
	free(copy);
	return 0;
}

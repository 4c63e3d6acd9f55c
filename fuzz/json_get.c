/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as any type: the first byte of the input chooses the type, the rest
 * is the wire. What becomes JSON must become the same bytes again, by way of
 * its text.
 */
#include <stdlib.h>
#include <string.h>

#include "../tests/json/kinds.h"
#include "../tests/lib/model.h"
#include "json/json.h"
#include "target.h"

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static json_t *
through_text(const json_t *value, struct ferry_arena *mem)
{
	struct ferry_str text;
	json_t *again;

	must(fy_json_text(value, FY_JSON_LINES, mem, &text) == FERRY_OK);
	again = json_loadb(text.data, text.len, FY_JSON_PARSE, NULL);
	must(again != NULL);
	return again;
}

static void
check_value(const json_t *value, const struct fy_type *type,
	    const uint8_t *wire, size_t len, struct ferry_arena *mem)
{
	json_t *again = through_text(value, mem);
	struct ferry_bytes made;

	must(fy_json_put(again, type, mem, &made, NULL) == FERRY_OK);
	must(made.len == len && memcmp(made.data, wire, len) == 0);
	json_decref(again);
}

/* The types. Made once: they would be most of the work of each run. */
static const struct fy_type *
type_of(uint8_t number)
{
	static struct ferry_arena mem;
	static const struct fy_model *model;

	if (!model)
		model = test_model(kinds_x, &mem);
	return model->types[number % model->n_types];
}

/* Whether thousands of items without a byte are announced: slow, and dull. */
static bool
is_dull(const struct fy_type *type, const uint8_t *wire, size_t len)
{
	while (type->kind == FY_KIND_ALIAS)
		type = type->element;
	return type->kind == FY_KIND_LIST && type->element->wire_min == 0 &&
	       len >= 4 && ferry_load_u32(wire) > 1000;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ferry_arena mem = { 0 };
	struct fy_json_fault fault;
	const struct fy_type *type;
	struct ferry_decoder d;
	json_t *value;
	ferry_err err;

	if (size > 0 && !is_dull(type_of(data[0]), data + 1, size - 1)) {
		type = type_of(data[0]);
		d = ferry_decoder_on(data + 1, size - 1, NULL);
		err = fy_json_get(&d, type, &value, &fault);
		must(err == d.err);
		if (err == FERRY_OK) {
			check_value(value, type, data + 1,
				    (size_t)(d.at - data) - 1, &mem);
			json_decref(value);
		} else {
			must(err == FERRY_EDECODE || err == FERRY_ETOOBIG);
			must(fault.text[0] != '\0' && fault.at < size);
		}
	}
	ferry_arena_fini(&mem);
	return 0;
}

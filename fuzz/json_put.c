/* SPDX-License-Identifier: MIT */
/*
 * Any JSON as any type: the first byte of the input chooses the type, the rest
 * is the text. What becomes XDR must be decoded to a value that becomes the
 * same XDR; and every value that can be parsed must survive its own text.
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

static void
check_text(const json_t *value, enum fy_json_style style,
	   struct ferry_arena *mem)
{
	struct ferry_str text;
	json_t *again;

	must(fy_json_text(value, style, mem, &text) == FERRY_OK);
	again = json_loadb(text.data, text.len, FY_JSON_PARSE, NULL);
	must(again && json_equal(value, again));
	json_decref(again);
}

static void
check_wire(struct ferry_bytes wire, const struct fy_type *type,
	   struct ferry_arena *mem)
{
	struct ferry_decoder d = ferry_decoder_on(wire.data, wire.len, NULL);
	struct ferry_bytes again;
	json_t *value;

	must(wire.len % 4 == 0 && wire.len >= type->wire_min &&
	     wire.len <= type->wire_max);
	must(fy_json_get(&d, type, &value, NULL) == FERRY_OK);
	must(ferry_get_end(&d) == FERRY_OK);
	must(fy_json_put(value, type, mem, &again, NULL) == FERRY_OK);
	must(again.len == wire.len &&
	     memcmp(again.data, wire.data, wire.len) == 0);
	json_decref(value);
}

static void
check_value(const json_t *value, const struct fy_type *type,
	    struct ferry_arena *mem)
{
	struct fy_json_fault fault;
	struct ferry_bytes wire;
	ferry_err err = fy_json_put(value, type, mem, &wire, &fault);

	check_text(value, FY_JSON_LINES, mem);
	check_text(value, FY_JSON_COMPACT, mem);
	if (err == FERRY_OK) {
		check_wire(wire, type, mem);
		return;
	}
	must(err == FERRY_EENCODE || err == FERRY_ETOOBIG);
	must(fault.text[0] != '\0' &&
	     strlen(fault.text) < sizeof(fault.text) &&
	     strlen(fault.where) < sizeof(fault.where));
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ferry_arena mem = { 0 };
	json_t *value;

	if (size == 0)
		return 0;
	value = json_loadb((const char *)data + 1, size - 1, FY_JSON_PARSE,
			   NULL);
	if (!value)
		return 0;
	check_value(value, type_of(data[0]), &mem);
	json_decref(value);
	ferry_arena_fini(&mem);
	return 0;
}

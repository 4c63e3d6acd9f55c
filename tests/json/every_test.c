/* SPDX-License-Identifier: MIT */
/* Beside the C that ferry generates of the same file: the same bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../generated/sample.h"
#include "idl/idl.h"
#include "json/json.h"
#include "model.h"

static const struct fy_type *
everything(struct ferry_arena *mem)
{
	const struct fy_model *model;
	struct fy_idl idl;

	fy_idl_init(&idl, mem, &fy_reader_files);
	assert_int_equal(fy_idl_load(&idl, EVERY_X, FY_VIEW_HDR, &model),
			 FERRY_OK);
	return test_type(model, "everything");
}

/* The value that generated C made, by way of its text. */
static json_t *
sample_value(const struct fy_type *type, struct ferry_bytes wire,
	     struct ferry_arena *mem)
{
	struct ferry_decoder d = ferry_decoder_on(wire.data, wire.len, NULL);
	struct fy_json_fault fault;
	struct ferry_str text;
	json_t *value;

	if (fy_json_get(&d, type, &value, &fault) != FERRY_OK)
		fail_msg("%s: %s", fault.where, fault.text);
	assert_int_equal(ferry_get_end(&d), FERRY_OK);
	assert_int_equal(fy_json_text(value, FY_JSON_LINES, mem, &text),
			 FERRY_OK);
	json_decref(value);
	value = json_loadb(text.data, text.len, FY_JSON_PARSE, NULL);
	assert_non_null(value);
	return value;
}

static void
bytes_of_generated_code_come_back_alike(void **state)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes wire = sample_encode(&mem), again;
	const struct fy_type *type = everything(&mem);
	json_t *value = sample_value(type, wire, &mem);

	(void)state;
	assert_int_equal(fy_json_put(value, type, &mem, &again, NULL),
			 FERRY_OK);
	assert_int_equal(again.len, wire.len);
	assert_memory_equal(again.data, wire.data, wire.len);
	json_decref(value);
	ferry_arena_fini(&mem);
}

static void
values_are_those_that_generated_code_encoded(void **state)
{
	struct ferry_arena mem = { 0 };
	json_t *value = sample_value(everything(&mem), sample_encode(&mem),
				     &mem);
	const char *c, *d, *i, *p;
	double r;
	int a;

	(void)state;
	assert_int_equal(json_unpack(value, "{s:{s:i,s:s,s:s,s:s,s:F}}", "a",
				     "a", &a, "c", &c, "d", &d, "i", &i, "r",
				     &r), 0);
	assert_int_equal(a, INT32_MIN);
	assert_string_equal(c, "-9223372036854775808");
	assert_string_equal(d, "18446744073709551615");
	assert_string_equal(i, "BLUE");
	assert_true(r == 36.6);
	assert_int_equal(json_unpack(value, "{s:{s:s}}", "b", "b", &p), 0);
	assert_string_equal(p, "3132333435");
	assert_int_equal(json_array_size(json_object_get(value, "j")), 2);
	json_decref(value);
	ferry_arena_fini(&mem);
}

/* What either decoder refuses or accepts of spoilt bytes, the other does. */
static void
spoilt_bytes_mean_the_same_to_generated_code(void **state)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes wire = sample_encode(&mem);
	const struct fy_type *type = everything(&mem);
	uint8_t *spoilt = malloc(wire.len);
	size_t n_accepted = 0;

	(void)state;
	memcpy(spoilt, wire.data, wire.len);
	for (size_t i = 0; i < (size_t)wire.len * 2; i++) {
		uint8_t bit = (uint8_t)(i % 2 ? 1 : 0x80);
		struct ferry_arena room = { 0 };
		struct ferry_decoder c, d;
		struct everything v;
		json_t *value = NULL;
		ferry_err err;

		spoilt[i / 2] ^= bit;
		c = ferry_decoder_on(spoilt, wire.len, &room);
		d = ferry_decoder_on(spoilt, wire.len, NULL);
		everything_get(&c, &v);
		err = fy_json_get(&d, type, &value, NULL);
		assert_int_equal(err == FERRY_OK, c.err == FERRY_OK);
		if (!err)
			assert_ptr_equal(c.at, d.at);
		n_accepted += !err;
		json_decref(value);
		ferry_arena_fini(&room);
		spoilt[i / 2] ^= bit;
	}
	assert_true(n_accepted > 1000);
	free(spoilt);
	ferry_arena_fini(&mem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_of_generated_code_come_back_alike),
		cmocka_unit_test(values_are_those_that_generated_code_encoded),
		cmocka_unit_test(spoilt_bytes_mean_the_same_to_generated_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

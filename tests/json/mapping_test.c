/* SPDX-License-Identifier: MIT */
/* Each kind both ways, what else is read, and what is refused and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json/notation.h"
#include "json/json.h"
#include "kinds.h"
#include "model.h"

#define MAX_WIRE 256

struct world {
	struct ferry_arena mem;
	const struct fy_model *model;
};

static int
set_up(void **state)
{
	static struct world world;

	world = (struct world){ .model = NULL };
	world.model = test_model(kinds_x, &world.mem);
	*state = &world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;

	ferry_arena_fini(&world->mem);
	return 0;
}

static json_t *
parse(const char *text)
{
	json_error_t error;
	json_t *value = json_loads(text, FY_JSON_PARSE, &error);

	if (!value)
		fail_msg("%s: %s", text, error.text);
	return value;
}

static ferry_err
put(struct world *world, const char *type, const char *text,
    struct ferry_bytes *out, struct fy_json_fault *fault)
{
	json_t *value = parse(text);
	ferry_err err = fy_json_put(value, test_type(world->model, type),
				    &world->mem, out, fault);

	json_decref(value);
	return err;
}

static size_t
bytes_of(const char *hex, uint8_t out[MAX_WIRE])
{
	size_t len;

	assert_true(fy_notation_hex.len(hex, strlen(hex), &len));
	assert_true(len <= MAX_WIRE);
	assert_true(fy_notation_hex.decode(hex, strlen(hex), out));
	return len;
}

static void
assert_wire(struct ferry_bytes wire, const char *hex)
{
	char text[2 * MAX_WIRE + 1];

	assert_true(wire.len <= MAX_WIRE);
	fy_hex(text, wire.data, wire.len);
	text[2 * wire.len] = '\0';
	assert_string_equal(text, hex);
}

static void
assert_text(struct world *world, const json_t *value, const char *json)
{
	struct ferry_str text;

	assert_int_equal(fy_json_text(value, FY_JSON_COMPACT, &world->mem,
				      &text), FERRY_OK);
	assert_string_equal(ferry_str_dup(&world->mem, text), json);
}

/* ---- both ways ---- */

static void
json_becomes_the_bytes_of_the_type(void **state)
{
	for (const struct kinds_value *v = kinds_values; v->type; v++) {
		struct fy_json_fault fault;
		struct ferry_bytes wire;
		ferry_err err = put(*state, v->type, v->json, &wire, &fault);

		if (err)
			fail_msg("%s %s: %s: %s", v->type, v->json,
				 fault.where, fault.text);
		assert_wire(wire, v->wire);
		assert_string_equal(fault.text, "");
	}
}

static void
bytes_become_the_json_they_were_made_of(void **state)
{
	struct world *world = *state;

	for (const struct kinds_value *v = kinds_values; v->type; v++) {
		uint8_t wire[MAX_WIRE];
		size_t len = bytes_of(v->wire, wire);
		struct ferry_decoder d = ferry_decoder_on(wire, len, NULL);
		struct fy_json_fault fault;
		json_t *value;
		ferry_err err = fy_json_get(&d, test_type(world->model,
							  v->type),
					    &value, &fault);

		if (err)
			fail_msg("%s %s: %s: %s", v->type, v->wire,
				 fault.where, fault.text);
		assert_text(world, value, v->json);
		assert_int_equal(ferry_get_end(&d), FERRY_OK);
		json_decref(value);
	}
}

static void
a_value_that_is_cut_at_any_byte_is_refused(void **state)
{
	struct world *world = *state;

	for (const struct kinds_value *v = kinds_values; v->type; v++) {
		uint8_t wire[MAX_WIRE];
		size_t len = bytes_of(v->wire, wire);

		for (size_t cut = 0; cut < len; cut++) {
			/* Of its own size, so that reading past it is seen. */
			uint8_t *copy = malloc(cut + (cut == 0));
			struct fy_json_fault fault;
			struct ferry_decoder d;
			json_t *value = NULL;

			memcpy(copy, wire, cut);
			d = ferry_decoder_on(copy, cut, NULL);
			assert_int_equal(fy_json_get(&d,
						     test_type(world->model,
							       v->type),
						     &value, &fault),
					 FERRY_EDECODE);
			assert_null(value);
			assert_int_equal(d.err, FERRY_EDECODE);
			assert_true(fault.text[0] != '\0');
			free(copy);
		}
	}
}

/* ---- what else is read ---- */

static void
other_forms_of_a_value_are_read_too(void **state)
{
	static const struct kinds_value others[] = {
		{ "h", "-1", "ffffffffffffffff" },
		{ "h", "\"0x7fffffffffffffff\"", "7fffffffffffffff" },
		{ "h", "\"-0x1\"", "ffffffffffffffff" },
		{ "uh", "9223372036854775807", "7fffffffffffffff" },
		{ "uh", "\"0xffffffffffffffff\"", "ffffffffffffffff" },
		{ "f", "1", "3f800000" },
		{ "d", "-3", "c008000000000000" },
		{ "f", "0.1000000001", "3dcccccd" },
		{ "d", "\"NaN(0x7ff8000000000000)\"", "7ff8000000000000" },
		{ "color", "5", "00000005" },
		{ "color", "\"AZURE\"", "ffffffff" },
		{ "color", "-1", "ffffffff" },
		{ "text", "{\"text\": \"ab\"}", "0000000261620000" },
		{ "text", "{\"base64\": \"YWI=\"}", "0000000261620000" },
		{ "blob", "{\"text\": \"h\\u00e9\"}", "0000000368c3a900" },
		{ "blob", "{\"base64\": \"\"}", "00000000" },
		{ "blob", "{\"base64\": \"/+8=\"}", "00000002ffef0000" },
		{ "blob", "{\"base64\": \"/+8A\"}", "00000003ffef0000" },
		{ "blob", "{\"hex\": \"FfE0\"}", "00000002ffe00000" },
		{ "fixed", "\"00017F80FF\"", "00017f80ff000000" },
		{ "holder", "{\"at\": {\"y\": 1, \"x\": 0}}",
		  "00000000000000010000000000000000" },
		{ "nodes", "null", "00000000" },
		{ "of_nodes", "{\"first\": [{\"value\": 1}]}",
		  "00000001000000000000000000000000" },
		{ "on_enum", "{\"kind\": -1}", "ffffffff00000000" },
		{ "on_enum", "{\"m\": 1, \"kind\": \"AZURE\"}",
		  "ffffffff0000000100000001" },
	};

	for (size_t i = 0; i < FY_ARRAY_LEN(others); i++) {
		struct fy_json_fault fault;
		struct ferry_bytes wire;
		ferry_err err = put(*state, others[i].type, others[i].json,
				    &wire, &fault);

		if (err)
			fail_msg("%s %s: %s", others[i].type, others[i].json,
				 fault.text);
		assert_wire(wire, others[i].wire);
	}
}

/* ---- what is refused ---- */

struct refusal {
	const char *type;
	const char *value;
	const char *where;
	const char *text; /* a part of it */
	const char *expected; /* the name of the type */
};

static void
assert_refused(const struct refusal *r, const struct fy_json_fault *fault)
{
	if (strcmp(fault->where, r->where) != 0 ||
	    !strstr(fault->text, r->text) || !fault->expected ||
	    strcmp(fault->expected->name, r->expected) != 0)
		fail_msg("%s %s: at '%s': %s: by %s", r->type, r->value,
			 fault->where, fault->text,
			 fault->expected ? fault->expected->name : "nothing");
}

static const struct refusal json_refusals[] = {
	{ "i", "2147483648", "", "2147483648 is out of range", "i" },
	{ "i", "1.0", "", "without fraction and exponent, not 1.0", "i" },
	{ "i", "1e3", "", "without fraction and exponent", "i" },
	{ "i", "\"1\"", "", "an int takes a number, not \"1\"", "i" },
	{ "u", "-1", "", "from 0 to 4294967295", "u" },
	{ "c", "128", "", "a char is from -128 to 127", "c" },
	{ "us", "65536", "", "an unsigned short is from 0", "us" },
	{ "h", "1.0", "", "without fraction", "h" },
	{ "h", "\"9223372036854775808\"", "", "-2^63 to 2^63 - 1", "h" },
	{ "h", "\"-9223372036854775809\"", "", "-2^63 to 2^63 - 1", "h" },
	{ "h", "\"\"", "", "a hyper takes", "h" },
	{ "h", "\"-\"", "", "a hyper takes", "h" },
	{ "h", "\"0x\"", "", "a hyper takes", "h" },
	{ "h", "\" 1\"", "", "a hyper takes", "h" },
	{ "h", "\"+1\"", "", "a hyper takes", "h" },
	{ "h", "\"1\\u0000\"", "", "a hyper takes", "h" },
	{ "uh", "-1", "", "0 to 2^64 - 1, not -1", "uh" },
	{ "uh", "\"-1\"", "", "0 to 2^64 - 1", "uh" },
	{ "uh", "\"18446744073709551616\"", "", "0 to 2^64 - 1", "uh" },
	{ "b", "1", "", "a bool takes true or false, not 1", "b" },
	{ "f", "1e39", "", "too large for a float", "f" },
	{ "f", "3.4028236e38", "", "too large for a float", "f" },
	{ "f", "\"1.0\"", "", "a float takes a number", "f" },
	{ "f", "\"NaN(0x7f800000)\"", "", "a float takes a number", "f" },
	{ "f", "\"NaN(0x7fc0000)\"", "", "a float takes a number", "f" },
	{ "d", "\"nan\"", "", "NaN(0x7ff8000000000001)", "d" },
	{ "d", "true", "", "a double takes a number", "d" },
	{ "q", "1.5", "", "32 hex digits", "q" },
	{ "q", "\"0x3fff\"", "", "32 hex digits", "q" },
	{ "color", "\"GREN\"", "", "did you mean 'GREEN'?", "color" },
	{ "color", "2", "", "the enum has no value 2", "color" },
	{ "color", "null", "", "an enum takes a name, not null", "color" },
	{ "color", "\"RED\\u0000\"", "", "the enum has no", "color" },
	{ "text", "\"12345678901\"", "", "11 bytes are more than 10", "text" },
	{ "text", "5", "", "a string takes a string, not 5", "text" },
	{ "text", "{\"hex\": \"f\"}", "", "this is not hex", "text" },
	{ "text", "{\"hex\": \"ff\", \"text\": \"\"}", "",
	  "has one string, under", "text" },
	{ "fixed", "\"0001\"", "", "it takes 5 bytes, not 2", "fixed" },
	{ "blob", "\"hello\"", "", "write {\"text\": ...}", "blob" },
	{ "blob", "\"hell\"", "", "write {\"text\": ...}", "blob" },
	{ "blob", "{\"base64\": \"YWI\"}", "", "not base64", "blob" },
	{ "blob", "{\"base64\": \"YWJ=\"}", "", "not base64", "blob" },
	{ "blob", "{\"base64\": \"Y===\"}", "", "not base64", "blob" },
	{ "blob", "{\"base64\": \"Y W=\"}", "", "not base64", "blob" },
	{ "three", "[1, 2]", "", "it takes 3 items, not 2", "three" },
	{ "three", "[1, 2, null]", "[2]", "an int takes", "three" },
	{ "list", "[1,2,3,4,5]", "", "5 items are more than 4", "list" },
	{ "list", "5", "", "an array takes an array, not 5", "list" },
	{ "lists", "[[1], [2, true]]", "[1][1]", "not true", "list" },
	{ "perhaps", "5", "", "null or [value]", "perhaps" },
	{ "perhaps", "[]", "", "null or [value]", "perhaps" },
	{ "deep", "[[true]]", "[0][0]", "not true", "maybe" },
	{ "maybe", "true", "", "an int takes", "maybe" },
	{ "point", "{\"x\": 1}", "", "the field 'y' is missing", "point" },
	{ "point", "{\"x\": 1, \"yy\": 2}", "",
	  "there is no field 'yy'", "point" },
	{ "holder", "{\"at\": {\"x\": 1, \"y\": 2}, \"lft\": null}", "",
	  "there is no field 'lft': did you mean 'left'?", "holder" },
	{ "point", "{\"x\": 1, \"y\": 2, \"z\": 3}", "",
	  "there is no field 'z'", "point" },
	{ "point", "{\"x\": 1, \"y\": 2, \"\\u009b\\u001b\\u007f\": 3}", "",
	  "no field '\?\?\?\?'", "point" },
	{ "point", "{\"x\": 1, \"y\": \"\\u009b\\u001b\\u0000\"}", "y",
	  "a number, not \"\?\?\?", "point" },
	{ "point", "[1, 2]", "", "a struct takes an object", "point" },
	{ "holder", "{\"at\": {\"x\": 0, \"y\": 0.5}}", "at.y", "not 0.5",
	  "point" },
	{ "holder", "{\"at\": {\"x\":0,\"y\":0}, \"to\": {\"x\": 0}}", "to",
	  "'y' is missing", "point" },
	{ "node", "[]", "", "one node or more", "node" },
	{ "node", "{\"value\": 1}", "", "an array of its nodes", "node" },
	{ "nodes", "[{\"value\": 1}, {\"value\": 2, \"next\": null}]", "[1]",
	  "there is no field 'next'", "node" },
	{ "nodes", "[{\"value\": 1}, {\"value\": \"x\"}]", "[1].value",
	  "an int takes", "node" },
	{ "on_enum", "{}", "", "'kind' is missing", "on_enum" },
	{ "on_enum", "{\"kind\": \"RED\", \"number\": 1}", "",
	  "with 'kind' \"RED\" there is no 'number'", "on_enum" },
	{ "on_enum", "{\"kind\": \"GREEN\"}", "", "'number' is missing",
	  "on_enum" },
	{ "on_enum", "{\"kind\": \"GREEN\", \"number\": null}", "number",
	  "an int takes", "on_enum" },
	{ "on_enum", "{\"kind\": \"BLACK\"}", "kind", "the enum has no",
	  "color" },
	{ "on_int", "{\"code\": 1, \"l\": [1, \"\"]}", "l[1]", "an int",
	  "list" },
	{ "on_int", "5", "", "a union takes an object, not 5", "on_int" },
	{ "on_stray", "{\"kind\": 8}", "kind", "no value 8", "color" },
	{ "on_hyper", "{\"value\": 4}", "", "no case for 'value' 4",
	  "on_hyper" },
	{ "on_char", "{\"c\": 0}", "", "no case for 'c' 0", "on_char" },
	{ "foreign", "{\"n\": 1, \"x\": 1}", "x", "only its owner's code",
	  "foreign" },
	{ "inner", "{\"in\": {\"a\": 1}, \"un\": {\"ok\": true}}", "un",
	  "'o' is missing", NULL },
};

static void
json_that_does_not_fit_is_refused_with_its_place(void **state)
{
	for (size_t i = 0; i < FY_ARRAY_LEN(json_refusals); i++) {
		const struct refusal *r = &json_refusals[i];
		struct fy_json_fault fault;
		struct ferry_bytes wire = { NULL, 77 };
		ferry_err err = put(*state, r->type, r->value, &wire, &fault);

		if (err != FERRY_EENCODE)
			fail_msg("%s %s: %s", r->type, r->value,
				 ferry_err_name(err));
		assert_int_equal(wire.len, 77);
		if (r->expected)
			assert_refused(r, &fault);
	}
}

#define Z4 "00000000"

static const struct refusal wire_refusals[] = {
	{ "c", "00000080", "", "0x00000080 is out of the range", "c" },
	{ "c", "0000ff80", "", "out of the range of a char", "c" },
	{ "uc", "ffffffff", "", "out of the range", "uc" },
	{ "s", "00008000", "", "out of the range", "s" },
	{ "us", "00010000", "", "out of the range", "us" },
	{ "b", "00000002", "", "a bool is 0 or 1, not 0x00000002", "b" },
	{ "color", "00000001", "", "the enum has no value 1", "color" },
	{ "hue", "00000001", "", "the enum has no value 1", "color" },
	{ "text", "0000000b6161616161616161616161" Z4, "",
	  "11 bytes are more than 10", "text" },
	{ "any", "fffffffc" Z4, "", "4294967292 bytes are announced, 4",
	  "any" },
	{ "any", "ffffffff" Z4, "", "bytes are announced, 4", "any" },
	{ "any", "0000000161000001", "", "padding is not zero", "any" },
	{ "fixed", "0001020304000100", "", "padding is not zero", "fixed" },
	{ "list", "00000005", "", "5 items are more than 4", "list" },
	{ "lists", "40000000" Z4, "", "items take at least 4 bytes", "lists" },
	{ "lists", "00000002" Z4 "00000003", "[1]", "items take at least",
	  "list" },
	{ "maybe", "00000002", "", "mark of an optional is 0 or 1", "maybe" },
	{ "nodes", "00000001" Z4 "00000003", "", "mark of an optional",
	  "node" },
	{ "nodes", "00000001" Z4 "00000001", "[1].value", "the bytes end here",
	  "node" },
	{ "on_enum", "00000007", "kind", "the enum has no value 7", "color" },
	{ "on_stray", "00000008", "kind", "no value 8", "color" },
	{ "on_hyper", Z4 "00000004", "", "no case for 'value' 4",
	  "on_hyper" },
	{ "foreign", Z4, "x", "'other_t' is stands in no interface file",
	  "foreign" },
	{ "on_bool", "00000003", "is", "a bool is 0 or 1", "on_bool" },
};

static void
bytes_that_do_not_fit_are_refused_with_their_place(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; i < FY_ARRAY_LEN(wire_refusals); i++) {
		const struct refusal *r = &wire_refusals[i];
		uint8_t wire[MAX_WIRE];
		size_t len = bytes_of(r->value, wire);
		struct ferry_decoder d = ferry_decoder_on(wire, len, NULL);
		struct fy_json_fault fault;
		json_t *value = NULL;
		ferry_err err = fy_json_get(&d, test_type(world->model,
							  r->type),
					    &value, &fault);

		if (err != FERRY_EDECODE)
			fail_msg("%s %s: %s", r->type, r->value,
				 ferry_err_name(err));
		assert_null(value);
		assert_refused(r, &fault);
		assert_true(fault.at <= len);
	}
}

static void
bytes_that_do_not_fit_are_told_by_their_offset(void **state)
{
	static const struct {
		const char *type;
		const char *wire;
		size_t at;
	} rows[] = {
		{ "b", "00000002", 0 },
		{ "point", Z4 "0000", 4 },
		{ "lists", "00000002" Z4 "00000005", 8 },
		{ "list", "00000002" Z4 "00", 0 },
		{ "any", "0000000161000001", 4 },
		{ "on_int", "fffffffe" Z4, 8 },
		{ "on_hyper", Z4 "00000004", 0 },
		{ "foreign", Z4, 4 },
	};
	struct world *world = *state;

	for (size_t i = 0; i < FY_ARRAY_LEN(rows); i++) {
		uint8_t wire[MAX_WIRE];
		size_t len = bytes_of(rows[i].wire, wire);
		struct ferry_decoder d = ferry_decoder_on(wire, len, NULL);
		struct fy_json_fault fault;
		json_t *value;

		assert_int_equal(fy_json_get(&d, test_type(world->model,
							   rows[i].type),
					     &value, &fault), FERRY_EDECODE);
		if (fault.at != rows[i].at)
			fail_msg("%s %s: byte %zu: %s", rows[i].type,
				 rows[i].wire, fault.at, fault.text);
	}
}

/* ---- arguments ---- */

static const struct fy_procedure *
procedure(const struct fy_model *model, size_t i)
{
	const struct fy_def *last = &model->defs[model->n_defs - 1];

	return &last->program->versions[0].procedures[i];
}

static void
arguments_are_null_or_a_value_or_an_array(void **state)
{
	static const struct {
		size_t i;
		const char *json;
		const char *wire;
	} rows[] = {
		{ 0, "null", "" },
		{ 1, "[1,2]", "000000020000000100000002" },
		{ 2, "[\"a\",null]", "000000016100000000000000" },
	};
	struct world *world = *state;

	for (size_t i = 0; i < FY_ARRAY_LEN(rows); i++) {
		const struct fy_procedure *p =
			procedure(world->model, rows[i].i);
		json_t *args = parse(rows[i].json), *got;
		struct ferry_decoder d;
		struct ferry_bytes wire;

		assert_int_equal(fy_json_put_args(args, p, &world->mem, &wire,
						  NULL), FERRY_OK);
		assert_wire(wire, rows[i].wire);
		d = ferry_decoder_on(wire.data, wire.len, NULL);
		assert_int_equal(fy_json_get_args(&d, p, &got, NULL),
				 FERRY_OK);
		assert_int_equal(ferry_get_end(&d), FERRY_OK);
		assert_text(world, got, rows[i].json);
		json_decref(got);
		json_decref(args);
	}
}

static void
arguments_that_are_too_many_or_none_are_refused(void **state)
{
	struct world *world = *state;
	struct ferry_bytes wire;
	struct fy_json_fault fault;
	json_t *one = parse("[1]");

	assert_int_equal(fy_json_put_args(NULL, procedure(world->model, 0),
					  &world->mem, &wire, &fault),
			 FERRY_OK);
	assert_int_equal(fy_json_put_args(one, procedure(world->model, 0),
					  &world->mem, &wire, &fault),
			 FERRY_EENCODE);
	assert_non_null(strstr(fault.text, "takes no arguments"));
	assert_int_equal(fy_json_put_args(NULL, procedure(world->model, 1),
					  &world->mem, &wire, &fault),
			 FERRY_EENCODE);
	assert_int_equal(fy_json_put_args(one, procedure(world->model, 2),
					  &world->mem, &wire, &fault),
			 FERRY_EENCODE);
	assert_non_null(strstr(fault.text, "an array of its 2 arguments"));
	json_decref(one);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(json_becomes_the_bytes_of_the_type),
		TEST(bytes_become_the_json_they_were_made_of),
		TEST(a_value_that_is_cut_at_any_byte_is_refused),
		TEST(other_forms_of_a_value_are_read_too),
		TEST(json_that_does_not_fit_is_refused_with_its_place),
		TEST(bytes_that_do_not_fit_are_refused_with_their_place),
		TEST(bytes_that_do_not_fit_are_told_by_their_offset),
		TEST(arguments_are_null_or_a_value_or_an_array),
		TEST(arguments_that_are_too_many_or_none_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

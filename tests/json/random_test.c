/* SPDX-License-Identifier: MIT */
/*
 * Interface files and values by chance: what is made of a value gives the
 * value again, and what is accepted of spoilt bytes gives the same bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json/notation.h"
#include "json/json.h"
#include "json/real.h"
#include "json/shape.h"
#include "model.h"

#define N_FILES 300
#define N_VALUES 4
#define N_SPOILT 8
#define N_TYPES 8

/* Numbers that follow from the seed alone. */
struct dice {
	uint64_t state;
};

static uint64_t
roll(struct dice *dice)
{
	/* splitmix64 */
	uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* From 0 to @n - 1. */
static uint32_t
up_to(struct dice *dice, uint32_t n)
{
	return (uint32_t)(roll(dice) % n);
}

/* ---- an interface file ---- */

struct file {
	char text[16384];
	size_t len;
};

static void __attribute__((format(printf, 2, 3)))
say(struct file *file, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(file->text + file->len, sizeof(file->text) - file->len,
		      format, args);
	va_end(args);
	assert_true(n >= 0 && (size_t)n < sizeof(file->text) - file->len);
	file->len += (size_t)n;
}

static const char *const basics[] = {
	"int", "unsigned int", "hyper", "unsigned hyper", "float", "double",
	"quadruple", "bool", "char", "unsigned char", "short",
	"unsigned short", "shade",
};

/*
 * A declaration of @name, which stands in type number @self. Only behind
 * pointers and lists, in the first @n_far of the types, may it hold itself.
 */
static void
declare(struct file *file, struct dice *dice, uint32_t self, uint32_t n_far,
	const char *name)
{
	uint32_t n = 1 + up_to(dice, 5);

	switch (n_far > 0 ? up_to(dice, 12) : 9) {
	case 0:
		say(file, "string %s<%u>", name, n * 3);
		return;
	case 1:
		say(file, "opaque %s[%u]", name, n);
		return;
	case 2:
		say(file, "opaque %s<>", name);
		return;
	case 3:
		say(file, "t%u *%s", up_to(dice, n_far), name);
		return;
	case 4:
		say(file, "t%u %s<%u>", up_to(dice, n_far), name, n);
		return;
	case 5:
		say(file, "%s %s[%u]", basics[up_to(dice, 13)], name, n);
		return;
	case 6:
		say(file, "%s *%s", basics[up_to(dice, 13)], name);
		return;
	case 7:
		say(file, "%s %s<>", basics[up_to(dice, 13)], name);
		return;
	case 8:
		if (self > 0) {
			say(file, "t%u %s", up_to(dice, self), name);
			return;
		}
		/* fall through */
	default:
		say(file, "%s %s", basics[up_to(dice, 13)], name);
	}
}

static void
declare_struct(struct file *file, struct dice *dice, uint32_t self)
{
	uint32_t n = 1 + up_to(dice, 4);
	char name[16];

	say(file, "struct t%u { ", self);
	for (uint32_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "f%u", i);
		declare(file, dice, self, N_TYPES, name);
		say(file, "; ");
	}
	if (up_to(dice, 2) == 0)
		say(file, "t%u *next; ", self);
	say(file, "};\n");
}

static void
declare_union(struct file *file, struct dice *dice, uint32_t self)
{
	static const char *const switches[][3] = {
		{ "shade", "RED", "BLUE" }, { "int", "-7", "12" },
		{ "unsigned", "0", "0xffffffff" }, { "bool", "TRUE", "FALSE" },
	};
	uint32_t kind = up_to(dice, 4);

	say(file, "union t%u switch (%s s) { case %s: ", self,
	    switches[kind][0], switches[kind][1]);
	declare(file, dice, self, N_TYPES, "one");
	say(file, "; case %s: void; ", switches[kind][2]);
	if (kind < 3 && up_to(dice, 2) == 0) {
		say(file, "default: ");
		declare(file, dice, self, N_TYPES, "other");
		say(file, "; ");
	}
	say(file, "};\n");
}

static void
make_file(struct file *file, struct dice *dice)
{
	file->len = 0;
	say(file, "enum shade { RED = -3, GREEN, BLUE = 70000 };\n");
	for (uint32_t self = 0; self < N_TYPES; self++) {
		char name[8];

		switch (up_to(dice, 5)) {
		case 0:
			declare_union(file, dice, self);
			break;
		case 1:
			snprintf(name, sizeof(name), "t%u", self);
			say(file, "typedef ");
			declare(file, dice, self, self, name);
			say(file, ";\n");
			break;
		default:
			declare_struct(file, dice, self);
		}
	}
}

/* ---- a value ---- */

static json_t *make_value(struct dice *dice, const struct fy_type *type,
			  int depth);

static json_t *
made(json_t *value)
{
	assert_non_null(value);
	return value;
}

static json_t *
make_bytes(struct dice *dice, const struct fy_type *type)
{
	bool is_string = type->kind == FY_KIND_STRING;
	uint32_t most = type->bound < 9 ? type->bound : 9;
	uint32_t len = type->kind == FY_KIND_OPAQUE ? type->bound
						    : up_to(dice, most + 1);
	uint8_t bytes[16];
	char hex[32];
	json_t *text = NULL;

	for (uint32_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(up_to(dice, 8) ? up_to(dice, 128)
						    : up_to(dice, 256));
	if (is_string)
		text = json_stringn((char *)bytes, len);
	if (text)
		return text;
	fy_hex(hex, bytes, len);
	text = made(json_stringn(hex, 2 * len));
	return is_string ? json_pack("{so}", "hex", text) : text;
}

static json_t *
make_items(struct dice *dice, const struct fy_type *type, uint32_t n,
	   int depth)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(list, make_value(dice, type->element,
						       depth));
	return list;
}

static json_t *
make_fields(struct dice *dice, const struct fy_type *type, size_t n, int depth)
{
	json_t *object = json_object();

	for (size_t i = 0; i < n; i++)
		json_object_set_new(object, type->fields[i].name,
				    make_value(dice, type->fields[i].type,
					       depth));
	return object;
}

static json_t *
make_chain(struct dice *dice, const struct fy_type *type, uint32_t least,
	   int depth)
{
	uint32_t n = least + (depth > 0 ? up_to(dice, 4) : 0);
	json_t *list = json_array();

	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(list, make_fields(dice, type,
							type->n_fields - 1,
							depth));
	return list;
}

static json_t *
make_union(struct dice *dice, const struct fy_type *type, int depth)
{
	const struct fy_type *base = fy_json_base(type->discriminant);
	const struct fy_arm *arm = &type->arms[up_to(
		dice, (uint32_t)type->n_arms)];
	int64_t value = arm->n_labels > 0 ? arm->labels[0].value : -2;
	json_t *object = json_object(), *chosen = NULL;

	if (arm->n_labels == 0 && base->kind == FY_KIND_UINT)
		value = 99;
	if (base->kind == FY_KIND_BOOL)
		chosen = json_boolean(value);
	else if (base->kind != FY_KIND_ENUM)
		chosen = json_integer(value);
	for (size_t i = 0; i < base->n_enumerators; i++)
		if (base->enumerators[i].value == value)
			chosen = json_string(base->enumerators[i].name);
	json_object_set_new(object, type->discriminant_name, made(chosen));
	if (arm->name)
		json_object_set_new(object, arm->name,
				    make_value(dice, arm->type, depth));
	return object;
}

static json_t *
make_optional(struct dice *dice, const struct fy_type *type, int depth)
{
	const struct fy_type *element = fy_json_base(type->element);

	if (fy_json_is_chain(element))
		return make_chain(dice, element, 0, depth);
	if (depth <= 0 || up_to(dice, 3) == 0)
		return json_null();
	if (fy_json_is_wrapped(type))
		return json_pack("[o]",
				 make_value(dice, type->element, depth));
	return make_value(dice, type->element, depth);
}

static json_t *
make_real(struct dice *dice, enum fy_kind kind)
{
	uint64_t bits = roll(dice) << (up_to(dice, 2) ? 0 : up_to(dice, 60));
	struct ferry_quadruple q = { bits, roll(dice) };
	char text[FY_REAL_TEXT];
	double number;

	if (kind == FY_KIND_QUADRUPLE) {
		fy_real128_text(&q, text);
		return json_string(text);
	}
	if (kind == FY_KIND_FLOAT
		    ? fy_real32_number((uint32_t)(bits >> 32), &number, text)
		    : fy_real64_number(bits, &number, text))
		return json_real(number);
	return json_string(text);
}

static json_t *
make_scalar(struct dice *dice, const struct fy_type *type)
{
	int64_t n = (int64_t)(roll(dice) >> up_to(dice, 64));
	char text[24];

	switch (type->kind) {
	case FY_KIND_INT:
		return json_integer((int32_t)n);
	case FY_KIND_UINT:
		return json_integer((uint32_t)n);
	case FY_KIND_CHAR:
		return json_integer((int8_t)n);
	case FY_KIND_UCHAR:
		return json_integer((uint8_t)n);
	case FY_KIND_SHORT:
		return json_integer((int16_t)n);
	case FY_KIND_USHORT:
		return json_integer((uint16_t)n);
	case FY_KIND_HYPER:
		snprintf(text, sizeof(text), "%lld", (long long)n);
		return json_string(text);
	case FY_KIND_UHYPER:
		snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
		return json_string(text);
	case FY_KIND_BOOL:
		return json_boolean(n & 1);
	case FY_KIND_ENUM:
		return json_string(type->enumerators[up_to(
			dice, (uint32_t)type->n_enumerators)].name);
	default:
		return make_real(dice, type->kind);
	}
}

static json_t *
make_value(struct dice *dice, const struct fy_type *type, int depth)
{
	type = fy_json_base(type);
	depth--;
	switch (type->kind) {
	case FY_KIND_STRING:
	case FY_KIND_OPAQUE:
	case FY_KIND_BYTES:
		return make_bytes(dice, type);
	case FY_KIND_ARRAY:
		return make_items(dice, type, type->bound, depth);
	case FY_KIND_LIST:
		return make_items(dice, type,
				  depth > 0 ? up_to(dice, type->bound < 4
							  ? type->bound + 1
							  : 4)
					    : 0, depth);
	case FY_KIND_OPTIONAL:
		return make_optional(dice, type, depth);
	case FY_KIND_STRUCT:
		return fy_json_is_chain(type)
			       ? make_chain(dice, type, 1, depth)
			       : make_fields(dice, type, type->n_fields,
					     depth);
	case FY_KIND_UNION:
		return make_union(dice, type, depth);
	default:
		return made(make_scalar(dice, type));
	}
}

/* ---- round trips ---- */

/* Through the text too, as a user would. */
static json_t *
through_text(json_t *value, enum fy_json_style style, struct ferry_arena *mem)
{
	struct ferry_str text;
	json_t *again;

	assert_int_equal(fy_json_text(value, style, mem, &text), FERRY_OK);
	again = json_loadb(text.data, text.len, FY_JSON_PARSE, NULL);
	assert_non_null(again);
	assert_true(json_equal(value, again));
	json_decref(again);
	again = json_loadb(text.data, text.len, FY_JSON_PARSE, NULL);
	json_decref(value);
	return again;
}

static struct ferry_bytes
check_value(json_t *value, const struct fy_type *type,
	    struct ferry_arena *mem)
{
	struct fy_json_fault fault;
	struct ferry_bytes wire = { NULL, 0 };
	struct ferry_decoder d;
	json_t *again;

	if (fy_json_put(value, type, mem, &wire, &fault) != FERRY_OK)
		fail_msg("%s: %s", fault.where, fault.text);
	assert_true(wire.len % 4 == 0);
	assert_true(wire.len >= type->wire_min && wire.len <= type->wire_max);
	d = ferry_decoder_on(wire.data, wire.len, NULL);
	if (fy_json_get(&d, type, &again, &fault) != FERRY_OK)
		fail_msg("%s: %s", fault.where, fault.text);
	assert_int_equal(ferry_get_end(&d), FERRY_OK);
	assert_true(json_equal(value, again));
	json_decref(again);
	return wire;
}

/* Return: whether the spoilt bytes are a value all the same. */
static bool
check_spoilt(struct dice *dice, struct ferry_bytes wire,
	     const struct fy_type *type, struct ferry_arena *mem)
{
	uint8_t *spoilt = malloc(wire.len);
	struct ferry_bytes again = { NULL, 0 };
	struct ferry_decoder d;
	struct fy_json_fault fault;
	json_t *value;
	bool accepted;

	memcpy(spoilt, wire.data, wire.len);
	spoilt[up_to(dice, wire.len)] ^= (uint8_t)(1u << up_to(dice, 8));
	d = ferry_decoder_on(spoilt, wire.len, NULL);
	accepted = fy_json_get(&d, type, &value, &fault) == FERRY_OK;
	if (accepted) {
		size_t len = (size_t)(d.at - spoilt);

		assert_int_equal(fy_json_put(value, type, mem, &again, &fault),
				 FERRY_OK);
		assert_int_equal(again.len, len);
		if (len > 0)
			assert_memory_equal(again.data, spoilt, len);
		json_decref(value);
	}
	free(spoilt);
	return accepted;
}

static void
check_file(const struct file *file, struct dice *dice, size_t *n_accepted)
{
	struct ferry_arena mem = { 0 };
	const struct fy_model *model = test_model(file->text, &mem);

	for (uint32_t i = 0; i < N_TYPES * N_VALUES; i++) {
		char name[8];
		const struct fy_type *type;
		struct ferry_bytes wire;
		json_t *value;

		snprintf(name, sizeof(name), "t%u", i % N_TYPES);
		type = test_type(model, name);
		value = make_value(dice, type, 6);
		value = through_text(value, FY_JSON_LINES, &mem);
		value = through_text(value, FY_JSON_COMPACT, &mem);
		wire = check_value(value, type, &mem);
		for (int j = 0; j < N_SPOILT && wire.len > 0; j++)
			*n_accepted += check_spoilt(dice, wire, type, &mem);
		json_decref(value);
	}
	ferry_arena_fini(&mem);
}

static void
any_value_of_any_type_survives_both_ways(void **state)
{
	size_t n_accepted = 0;

	(void)state;
	for (uint64_t seed = 0; seed < N_FILES; seed++) {
		struct dice dice = { seed };
		static struct file file;

		make_file(&file, &dice);
		check_file(&file, &dice, &n_accepted);
	}
	/* Neither all that is spoilt is refused, nor all accepted. */
	assert_true(n_accepted > N_FILES);
	assert_true(n_accepted < (size_t)N_FILES * N_TYPES * N_VALUES *
					 N_SPOILT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_value_of_any_type_survives_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* What is long, deep or announces much: it takes what it is worth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "heap.h"
#include "json/json.h"
#include "json/path.h"
#include "model.h"

#define N_NODES 1000000
#define N_LEVELS 200
/* What a refusal may take at its worst: the largest is one of empty items. */
#define MAX_HEAP ((size_t)16 << 20)

static const char limits_x[] =
	"typedef int list<>; typedef opaque blob<>; typedef string text<>;\n"
	"typedef list lists<>; typedef int big[1000000000];\n"
	"typedef opaque none[0]; typedef none nones<>; typedef nones bomb<>;\n"
	"typedef none many[100000]; typedef big bigs<>;\n"
	"typedef int number;\n"
	"struct node { int value; node *next; };\n"
	"struct tree { int key; tree *left; tree *right; };\n"
	"struct dir { dir kids<>; };\n"
	"typedef a l1<>; typedef l1 l2<>; typedef l2 l3<>; typedef l3 l4<>;\n"
	"typedef l4 l5<>; typedef l5 l6<>; typedef l6 l7<>; typedef l7 l8<>;\n"
	"typedef l8 l9<>; typedef l9 l10<>; typedef l10 l11<>;\n"
	"struct a { l11 next; };\n";

struct world {
	struct ferry_arena mem;
	const struct fy_model *model;
};

static int
set_up(void **state)
{
	static struct world world;

	world = (struct world){ .model = NULL };
	world.model = test_model(limits_x, &world.mem);
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

static ferry_err
get(struct world *world, const char *type, struct ferry_bytes wire,
    json_t **out, struct fy_json_fault *fault)
{
	struct ferry_decoder d = ferry_decoder_on(wire.data, wire.len, NULL);
	ferry_err err = fy_json_get(&d, test_type(world->model, type), out,
				    fault);

	return err ? err : ferry_get_end(&d);
}

static ferry_err
put(struct world *world, const char *type, const json_t *value,
    struct ferry_bytes *out, struct fy_json_fault *fault)
{
	return fy_json_put(value, test_type(world->model, type), &world->mem,
			   out, fault);
}

/* ---- how much memory ---- */

/* What jansson has taken; its hooks have no context. */
static size_t heap_live, heap_peak;

static void *
counted_alloc(size_t bytes)
{
	size_t *block = malloc(bytes + 16);

	if (!block)
		return NULL;
	*block = bytes;
	heap_live += bytes;
	if (heap_live > heap_peak)
		heap_peak = heap_live;
	return (char *)block + 16;
}

static void
counted_free(void *mem)
{
	size_t *block = (void *)((char *)mem - 16);

	if (!mem)
		return;
	heap_live -= *block;
	free(block);
}

static void
announced_lengths_take_no_memory(void **state)
{
	static const struct {
		const char *type;
		uint32_t words[3];
		uint32_t n;
	} bombs[] = {
		{ "list", { 0xffffffff, 0 }, 2 },
		{ "list", { 0x40000000, 0 }, 2 },
		{ "blob", { 0xfffffffc, 0 }, 2 },
		{ "text", { 0xffffffff, 0 }, 2 },
		{ "lists", { 2, 0xffffffff }, 2 },
		{ "nones", { 0xffffffff, 0 }, 2 },
		{ "bomb", { 2, 65000, 65000 }, 3 },
		{ "bomb", { 0x40000000, 0 }, 2 },
		{ "many", { 0 }, 0 },
		{ "big", { 0, 0 }, 2 },
		{ "bigs", { 1, 0 }, 2 },
	};

	for (size_t i = 0; i < FY_ARRAY_LEN(bombs); i++) {
		uint8_t wire[12];
		struct fy_json_fault fault;
		json_t *value = NULL;
		ferry_err err;

		for (uint32_t j = 0; j < bombs[i].n; j++)
			ferry_store_u32(wire + 4 * j, bombs[i].words[j]);
		json_set_alloc_funcs(counted_alloc, counted_free);
		heap_live = heap_peak = 0;
		err = get(*state, bombs[i].type,
			  (struct ferry_bytes){ wire, 4 * bombs[i].n },
			  &value, &fault);
		json_set_alloc_funcs(malloc, free);
		assert_true(err == FERRY_EDECODE || err == FERRY_ETOOBIG);
		assert_null(value);
		assert_true(heap_live == 0);
		if (heap_peak > MAX_HEAP)
			fail_msg("%s: %zu bytes", bombs[i].type, heap_peak);
		assert_true(fault.text[0] != '\0');
	}
}

static void
items_without_bytes_are_limited_both_ways(void **state)
{
	json_t *list = json_array();
	uint8_t wire[4];
	struct fy_json_fault fault;
	struct ferry_bytes out;
	json_t *value;

	for (uint32_t i = 0; i < 65536; i++)
		assert_int_equal(json_array_append_new(list, json_string("")),
				 0);
	assert_int_equal(put(*state, "nones", list, &out, &fault), FERRY_OK);
	assert_int_equal(get(*state, "nones", out, &value, &fault), FERRY_OK);
	assert_true(json_equal(list, value));
	json_decref(value);

	json_array_append_new(list, json_string(""));
	assert_int_equal(put(*state, "nones", list, &out, &fault),
			 FERRY_ETOOBIG);
	assert_non_null(strstr(fault.text, "take no bytes"));
	ferry_store_u32(wire, 65537);
	assert_int_equal(get(*state, "nones", (struct ferry_bytes){ wire, 4 },
			     &value, &fault), FERRY_ETOOBIG);
	json_decref(list);
}

static void
more_than_64_mib_are_refused(void **state)
{
	size_t len = FY_JSON_MAX_WIRE - 4;
	char *text = malloc(len + 1);
	struct fy_json_fault fault;
	struct ferry_bytes out;
	json_t *value;

	assert_non_null(text);
	memset(text, 'x', len + 1);
	value = json_stringn(text, len);
	assert_int_equal(put(*state, "text", value, &out, &fault), FERRY_OK);
	assert_int_equal(out.len, FY_JSON_MAX_WIRE);
	json_decref(value);
	value = json_stringn(text, len + 1);
	assert_int_equal(put(*state, "text", value, &out, &fault),
			 FERRY_ETOOBIG);
	assert_non_null(strstr(fault.text, "more than 67108864 bytes"));
	json_decref(value);
	free(text);
}

/* Else values would be made that nobody can send back. */
static void
more_than_64_mib_are_not_taken_either(void **state)
{
	uint32_t len = (uint32_t)FY_JSON_MAX_WIRE;
	uint8_t *wire = calloc(1, len + 4);
	struct fy_json_fault fault;
	json_t *value;

	assert_non_null(wire);
	ferry_store_u32(wire, len);
	assert_int_equal(get(*state, "text",
			     (struct ferry_bytes){ wire, len + 4 }, &value,
			     &fault), FERRY_ETOOBIG);
	assert_non_null(strstr(fault.text, "more than 67108864 bytes"));
	free(wire);
}

/* A value of @type in @from's member @name until there is no memory left. */
static size_t
count_affordable(struct world *world, const char *type, const char *name,
		 struct fy_json_fault *fault)
{
	struct fy_json_path path = fy_json_path_of(fault, FERRY_EDECODE);
	const struct fy_type *asked = test_type(world->model, type), *base;
	ferry_err err = FERRY_OK;
	size_t n = 0;

	path.heap = 10000;
	for (; !err; n++) {
		struct fy_json_step step = { .name = name };

		err = fy_json_go(&path, asked, &step);
		if (err)
			break;
		err = fy_json_arrive(&path, asked, &base);
		fy_json_back(&path);
	}
	assert_int_equal(err, FERRY_ETOOBIG);
	assert_non_null(strstr(fault->text, "of memory"));
	return n;
}

/* Of 16 MiB of small objects jansson would make 1.4 GB. */
static void
what_json_takes_in_memory_is_limited(void **state)
{
	char name[2000];
	struct fy_json_fault fault;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_in_range(count_affordable(*state, "number", NULL, &fault), 150,
			250);
	assert_in_range(count_affordable(*state, "text", NULL, &fault), 90,
			120);
	assert_in_range(count_affordable(*state, "list", NULL, &fault), 50,
			80);
	assert_in_range(count_affordable(*state, "big", NULL, &fault), 50, 80);
	assert_in_range(count_affordable(*state, "tree", NULL, &fault), 30,
			50);
	assert_in_range(count_affordable(*state, "node", NULL, &fault), 15,
			30);
	assert_in_range(count_affordable(*state, "tree", "n", &fault), 25,
			40);
	assert_in_range(count_affordable(*state, "tree", name, &fault), 3, 6);
}

/* ---- long ---- */

static void
a_list_of_a_million_nodes_takes_no_stack(void **state)
{
	uint8_t *wire = malloc((size_t)N_NODES * 8);
	struct ferry_bytes in = { wire, N_NODES * 8 }, out;
	struct world *world = *state;
	struct ferry_str text;
	json_t *value, *again;

	assert_non_null(wire);
	for (uint32_t i = 0; i < N_NODES; i++) {
		ferry_store_u32(wire + 8 * (size_t)i, i);
		ferry_store_u32(wire + 8 * (size_t)i + 4, i + 1 < N_NODES);
	}
	assert_int_equal(get(world, "node", in, &value, NULL), FERRY_OK);
	assert_int_equal(json_array_size(value), N_NODES);
	assert_int_equal(fy_json_text(value, FY_JSON_LINES, &world->mem,
				      &text), FERRY_OK);
	json_decref(value);
	again = json_loadb(text.data, text.len, FY_JSON_PARSE, NULL);
	assert_non_null(again);
	assert_int_equal(put(world, "node", again, &out, NULL), FERRY_OK);
	assert_int_equal(out.len, in.len);
	assert_memory_equal(out.data, wire, out.len);
	json_decref(again);
	free(wire);
}

/* ---- deep ---- */

/* A tree that goes right n times below its top. */
static json_t *
make_tree(size_t n)
{
	json_t *tree = json_pack("{si s n s n}", "key", 0, "left", "right");

	while (n-- > 0)
		tree = json_pack("{si s n s o}", "key", 0, "left", "right",
				 tree);
	return tree;
}

static void
a_type_holds_itself_200_times_and_not_more(void **state)
{
	json_t *fits = make_tree(N_LEVELS - 1), *deeper = make_tree(N_LEVELS);
	uint8_t wire[12 * (N_LEVELS + 1)];
	struct fy_json_fault fault;
	struct ferry_bytes out;
	json_t *value;

	assert_int_equal(put(*state, "tree", fits, &out, &fault), FERRY_OK);
	assert_int_equal(get(*state, "tree", out, &value, &fault), FERRY_OK);
	assert_true(json_equal(fits, value));
	json_decref(value);
	assert_int_equal(put(*state, "tree", deeper, &out, &fault),
			 FERRY_ETOOBIG);
	assert_non_null(strstr(fault.text, "holds itself"));
	assert_true(strncmp(fault.where, "...", 3) == 0);
	assert_non_null(strstr(fault.where, ".right.right"));

	memset(wire, 0, sizeof(wire));
	for (size_t i = 0; i < N_LEVELS; i++)
		wire[12 * i + 11] = 1;
	out = (struct ferry_bytes){ wire, sizeof(wire) };
	assert_int_equal(get(*state, "tree", out, &value, &fault),
			 FERRY_ETOOBIG);
	json_decref(fits);
	json_decref(deeper);
}

static void
indents_are_no_more_than_what_they_indent(void **state)
{
	struct world *world = *state;
	json_t *value = json_array();
	struct ferry_str text;

	for (size_t i = 0; i < 1000; i++)
		json_array_append_new(value, json_integer(123456));
	for (size_t i = 0; i < 1000; i++)
		value = json_pack("[o]", value);
	assert_int_equal(fy_json_text(value, FY_JSON_LINES, &world->mem,
				      &text), FERRY_OK);
	assert_true(text.len < (1000 + 2 * 1000) * 100);
	json_decref(value);
}

/* Each level of the struct is twelve of JSON: 170 reach jansson's 2048. */
static void
no_more_levels_are_made_than_can_be_parsed(void **state)
{
	uint8_t wire[4 * 12 * N_LEVELS];
	struct world *world = *state;
	struct fy_json_fault fault;
	struct ferry_str text;
	size_t n = 0;
	json_t *value;

	for (;; n++) {
		struct ferry_bytes in = { wire, (uint32_t)(44 * n + 4) };

		for (size_t i = 0; i < 11 * n; i++)
			ferry_store_u32(wire + 4 * i, 1);
		ferry_store_u32(wire + 44 * n, 0);
		if (get(world, "a", in, &value, &fault) != FERRY_OK)
			break;
		assert_int_equal(fy_json_text(value, FY_JSON_COMPACT,
					      &world->mem, &text), FERRY_OK);
		json_decref(value);
		value = json_loadb(text.data, text.len, FY_JSON_PARSE, NULL);
		assert_non_null(value);
		assert_int_equal(put(world, "a", value, &in, &fault),
				 FERRY_OK);
		json_decref(value);
	}
	assert_int_equal(n, FY_JSON_MAX_STEPS / 12);
	assert_non_null(strstr(fault.text, "deeper than"));
}

/* ---- no memory ---- */

/* From which request on there is nothing; 0: there always is. */
static size_t heap_fails_at, heap_n;

static void *
failing_alloc(size_t bytes)
{
	return ++heap_n >= heap_fails_at ? NULL : counted_alloc(bytes);
}

static void
without_memory_nothing_is_made_and_nothing_leaks(void **state)
{
	static const uint8_t wire[] = {
		0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0,
		0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0,
	};
	struct ferry_bytes in = { wire, sizeof(wire) };
	ferry_err err = FERRY_ENOMEM;

	json_set_alloc_funcs(failing_alloc, counted_free);
	for (heap_fails_at = 1; err == FERRY_ENOMEM; heap_fails_at++) {
		json_t *value = NULL;

		heap_n = heap_live = 0;
		err = get(*state, "tree", in, &value, NULL);
		assert_true(err == FERRY_OK || !value);
		json_decref(value);
		assert_true(heap_live == 0);
	}
	json_set_alloc_funcs(malloc, free);
	assert_int_equal(err, FERRY_OK);
	assert_true(heap_fails_at > 10);
}

static void
bytes_and_text_without_memory_are_neither(void **state)
{
	struct world *world = *state;
	const struct fy_type *type = test_type(world->model, "text");
	json_t *value = json_sprintf("%1000d", 0);
	ferry_err put_err = FERRY_ENOMEM, text_err = FERRY_ENOMEM;
	struct fy_test_heap heap;

	for (size_t n = 1; put_err || text_err; n++) {
		struct ferry_bytes wire;
		struct ferry_str text;
		struct ferry_arena mem;

		fy_test_heap_init(&heap);
		heap.fail_at = n;
		heap.for_ever = true;
		ferry_arena_init(&mem, &heap.hooks);
		put_err = fy_json_put(value, type, &mem, &wire, NULL);
		text_err = fy_json_text(value, FY_JSON_LINES, &mem, &text);
		assert_true(!put_err || put_err == FERRY_ENOMEM);
		assert_true(!text_err || text_err == FERRY_ENOMEM);
		ferry_arena_fini(&mem);
		assert_true(heap.live == 0);
		assert_true(n < 100);
	}
	json_decref(value);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(announced_lengths_take_no_memory),
		TEST(items_without_bytes_are_limited_both_ways),
		TEST(more_than_64_mib_are_refused),
		TEST(more_than_64_mib_are_not_taken_either),
		TEST(what_json_takes_in_memory_is_limited),
		TEST(indents_are_no_more_than_what_they_indent),
		TEST(a_list_of_a_million_nodes_takes_no_stack),
		TEST(a_type_holds_itself_200_times_and_not_more),
		TEST(no_more_levels_are_made_than_can_be_parsed),
		TEST(without_memory_nothing_is_made_and_nothing_leaks),
		TEST(bytes_and_text_without_memory_are_neither),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

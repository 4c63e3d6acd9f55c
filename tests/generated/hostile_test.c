/* SPDX-License-Identifier: MIT */
/* What generated codecs do with bytes and values that nobody should send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "heap.h"
#include "sample.h"

#define DEPTH 100000

/*
 * Decodes @n bytes, copied so that a read past them is seen, and lets the value
 * be walked through by its size. What it takes is in proportion to the bytes.
 */
static ferry_err
decode(const uint8_t *wire, size_t n)
{
	struct fy_test_heap heap;
	struct ferry_arena mem;
	uint8_t *copy = malloc(n + !n);
	struct ferry_decoder d;
	struct everything v;
	ferry_err err;

	assert_non_null(copy);
	memcpy(copy, wire, n);
	fy_test_heap_init(&heap);
	ferry_arena_init(&mem, &heap.hooks);
	d = ferry_decoder_on(copy, n, &mem);
	memset(&v, 0xa5, sizeof(v));
	everything_get(&d, &v);
	err = ferry_get_end(&d);
	assert_true(everything_size(&v) > 0);
	assert_true(heap.peak <= n * 32 + ((size_t)128 << 10));
	ferry_arena_fini(&mem);
	assert_int_equal(heap.n_live, 0);
	free(copy);
	return err;
}

static void
every_truncation_is_refused(void **state)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes wire = sample_encode(&mem);

	(void)state;
	assert_int_equal(decode(wire.data, wire.len), FERRY_OK);
	for (size_t n = 0; n < wire.len; n++)
		assert_int_not_equal(decode(wire.data, n), FERRY_OK);
	ferry_arena_fini(&mem);
}

static void
no_word_that_lies_breaks_anything(void **state)
{
	static const uint32_t lies[] = { 0x7fffffff, 0x80000000, 0xffffffff, 2,
					 0x10000 };
	struct ferry_arena mem = { 0 };
	struct ferry_bytes wire = sample_encode(&mem);
	uint8_t *bad = malloc(wire.len);
	size_t n_refused = 0;

	(void)state;
	assert_non_null(bad);
	for (size_t at = 0; at < wire.len; at += 4) {
		for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
			memcpy(bad, wire.data, wire.len);
			ferry_store_u32(bad + at, lies[i]);
			n_refused += decode(bad, wire.len) != FERRY_OK;
		}
	}
	assert_true(n_refused > 100);
	free(bad);
	ferry_arena_fini(&mem);
}

/* What T_get says of these words. */
#define REFUSED(type, ...)                                                     \
	do {                                                                   \
		static const uint32_t words[] = { __VA_ARGS__ };               \
		uint8_t wire[sizeof(words)] = { 0 };                           \
		struct ferry_arena mem = { 0 };                                \
		struct ferry_decoder d =                                       \
			ferry_decoder_on(wire, sizeof(wire), &mem);            \
		struct type v;                                                 \
		for (size_t i = 0; i < sizeof(words) / 4; i++)                 \
			ferry_store_u32(wire + 4 * i, words[i]);               \
		type##_get(&d, &v);                                            \
		assert_int_equal(ferry_get_end(&d), FERRY_EDECODE);            \
		ferry_arena_fini(&mem);                                        \
	} while (0)

static void
decoding_is_strict(void **state)
{
	(void)state;
	REFUSED(yes, 2, 0, 0);		   /* a bool */
	REFUSED(result, 7);		   /* an enum */
	REFUSED(nothing, 0);		   /* no step, whatever the default */
	REFUSED(odd, 0x01020304, 0x05060701); /* padding */
	REFUSED(node, 0, 1, 0x61000001, 0); /* a string's padding */
	REFUSED(node, 0, 0, 2);		   /* presence */
	REFUSED(other, 0, 21, 0, 0, 0, 0, 0, 0); /* a bound */
	REFUSED(ints, 0x7fffffff, 1);	   /* a count beyond the bytes */
	REFUSED(point, 1, 2, 3);	   /* a word too many */
}

static ferry_err
encode_other(const struct other *v)
{
	uint8_t room[1024];
	struct ferry_encoder e = ferry_encoder_on(room, sizeof(room));

	other_put(&e, v);
	return e.err;
}

static ferry_err
encode_result(const struct result *v)
{
	uint8_t room[1024];
	struct ferry_encoder e = ferry_encoder_on(room, sizeof(room));

	result_put(&e, v);
	return e.err;
}

static void
encoding_is_strict(void **state)
{
	struct other other = { .code = 0 };
	struct result result = { .kind = (enum color)7 };

	(void)state;
	assert_int_equal(encode_result(&result), FERRY_EENCODE);
	other.u.text = ferry_str_of("more than twenty bytes");
	assert_int_equal(encode_other(&other), FERRY_EENCODE);
	other = (struct other){ .code = 1, .u.list.n_items = 1 };
	assert_int_equal(encode_other(&other), FERRY_EENCODE);
	other = (struct other){ .code = 4 };
	assert_int_equal(encode_other(&other), FERRY_EENCODE);
	other = (struct other){ .code = 1000 };
	assert_int_equal(encode_other(&other), FERRY_OK);
}

static void
a_tree_of_great_depth_is_refused(void **state)
{
	struct ferry_arena mem = { 0 };
	size_t bytes = (size_t)DEPTH * 8;
	uint8_t *wire = malloc(bytes);
	struct ferry_decoder d = ferry_decoder_on(wire, bytes, &mem);
	struct tree *nodes = calloc(DEPTH, sizeof(*nodes));
	struct ferry_encoder e;
	struct tree v;

	(void)state;
	assert_non_null(wire);
	assert_non_null(nodes);
	for (size_t i = 0; i < DEPTH; i++) {
		ferry_store_u32(wire + i * 8, 0);
		ferry_store_u32(wire + i * 8 + 4, 1);
		nodes[i].left = i + 1 < DEPTH ? &nodes[i + 1] : NULL;
	}
	tree_get(&d, &v);
	assert_int_equal(d.err, FERRY_ETOOBIG);
	assert_int_equal(tree_size(nodes), SIZE_MAX);
	e = ferry_encoder_on(wire, bytes);
	tree_put(&e, nodes);
	assert_int_equal(e.err, FERRY_ETOOBIG);
	free(nodes);
	free(wire);
	ferry_arena_fini(&mem);
}

static void
a_value_that_holds_itself_has_no_encoding(void **state)
{
	struct tree tree = { .left = &tree, .right = &tree };
	struct node node = { .label = { "a name", 6 }, .next = &node };
	uint8_t room[256];
	struct ferry_encoder e = ferry_encoder_on(room, sizeof(room));

	(void)state;
	assert_int_equal(tree_size(&tree), SIZE_MAX);
	assert_int_equal(node_size(&node), SIZE_MAX);
	node_put(&e, &node);
	assert_int_equal(e.err, FERRY_ETOOBIG);
}

/* There is room for what the value took a moment ago; it has grown since. */
static void
data_that_grows_between_the_passes_is_refused(void **state)
{
	struct ferry_arena mem = { 0 };
	struct everything large;
	size_t most;

	(void)state;
	sample_make(&large, &mem);
	most = everything_size(&large);
	for (size_t bytes = 0; bytes < most; bytes += 4) {
		uint8_t *room = malloc(bytes + !bytes);
		struct ferry_encoder e;

		assert_non_null(room);
		e = ferry_encoder_on(room, bytes);
		everything_put(&e, &large);
		assert_int_equal(e.err, FERRY_ETOOBIG);
		free(room);
	}
	ferry_arena_fini(&mem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(no_word_that_lies_breaks_anything),
		cmocka_unit_test(decoding_is_strict),
		cmocka_unit_test(encoding_is_strict),
		cmocka_unit_test(a_tree_of_great_depth_is_refused),
		cmocka_unit_test(a_value_that_holds_itself_has_no_encoding),
		cmocka_unit_test(data_that_grows_between_the_passes_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

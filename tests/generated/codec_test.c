/* SPDX-License-Identifier: MIT */
/* What generated codecs do with values and bytes that are as they should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sample.h"

#define N_NODES 1000000

static void
every_type_survives_a_round_trip(void **state)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes wire = sample_encode(&mem);
	struct ferry_decoder d = ferry_decoder_on(wire.data, wire.len, &mem);
	struct everything v;
	struct ferry_encoder e;
	uint8_t *again = malloc(wire.len);

	(void)state;
	assert_non_null(again);
	memset(&v, 0xa5, sizeof(v));
	everything_get(&d, &v);
	assert_int_equal(ferry_get_end(&d), FERRY_OK);
	assert_int_equal(everything_size(&v), wire.len);
	e = ferry_encoder_on(again, wire.len);
	everything_put(&e, &v);
	assert_int_equal(e.err, FERRY_OK);
	assert_memory_equal(again, wire.data, wire.len);
	free(again);
	ferry_arena_fini(&mem);
}

static void
decoded_values_are_those_that_were_encoded(void **state)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes wire = sample_encode(&mem);
	struct ferry_decoder d = ferry_decoder_on(wire.data, wire.len, &mem);
	struct everything v;

	(void)state;
	everything_get(&d, &v);
	assert_int_equal(ferry_get_end(&d), FERRY_OK);
	assert_int_equal(v.a.a, INT32_MIN);
	assert_true(v.a.c == INT64_MIN && v.a.d == UINT64_MAX);
	assert_int_equal(v.a.j, INT8_MIN);
	assert_int_equal(v.a.k, UINT8_MAX);
	assert_int_equal(v.a.l, INT16_MIN);
	assert_int_equal(v.a.i, BLUE);
	assert_memory_equal(v.b.b, "12345", 5);
	assert_int_equal(v.b.d[64], 0x80);
	assert_true(v.b.i.items[19] == -2);
	assert_int_equal(v.b.o[19].y, 77);
	assert_true(ferry_str_eq(v.b.q[4], "fifth"));
	assert_int_equal(v.c.n_e, 1000);
	assert_int_equal(v.c.e[999], -1);
	assert_null(v.d.b);
	assert_true(ferry_str_eq(*v.d.c, "there"));
	assert_int_equal(v.e.u.all->m, UINT16_MAX);
	assert_int_equal(v.f[1].u.list.items[1], 8);
	assert_true(ferry_str_eq(v.j.next->label, "last"));
	assert_non_null(v.l->left->right);
	assert_true(ferry_str_eq(v.n.kids[1].n, "kid"));
	ferry_arena_fini(&mem);
}

static void
a_list_of_a_million_nodes_takes_no_stack(void **state)
{
	struct ferry_arena mem = { 0 };
	struct leaf *nodes = calloc(N_NODES, sizeof(*nodes));
	uint8_t *wire = malloc(N_NODES * 12 + 4);
	struct ferry_encoder e = ferry_encoder_on(wire, N_NODES * 12 + 4);
	struct ferry_decoder d =
		ferry_decoder_on(wire, N_NODES * 12 + 4, &mem);
	leaves first = nodes, got;
	size_t n = 0;

	(void)state;
	assert_non_null(nodes);
	assert_non_null(wire);
	for (size_t i = 0; i + 1 < N_NODES; i++)
		nodes[i].next = &nodes[i + 1];
	assert_int_equal(leaves_size(&first), N_NODES * 12 + 4);
	leaves_put(&e, &first);
	assert_int_equal(e.err, FERRY_OK);
	leaves_get(&d, &got);
	assert_int_equal(ferry_get_end(&d), FERRY_OK);
	for (; got; got = got->next)
		n++;
	assert_int_equal(n, N_NODES);
	free(wire);
	free(nodes);
	ferry_arena_fini(&mem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_survives_a_round_trip),
		cmocka_unit_test(decoded_values_are_those_that_were_encoded),
		cmocka_unit_test(a_list_of_a_million_nodes_takes_no_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

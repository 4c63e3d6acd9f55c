/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rpc/calls.h"

static void *
no_memory(void *ctx, void *mem, size_t bytes)
{
	(void)ctx;
	(void)bytes;
	free(mem);
	return NULL;
}

static const struct ferry_hooks starved = { .resize = no_memory };

static void
fill_and_empty(const struct ferry_hooks *hooks)
{
	struct ferry_call *calls = calloc(FY_CALLS_MAX + 1, sizeof(*calls));
	struct fy_calls table;

	/* The ids wrap on the way. */
	fy_calls_init(&table, 0xffffff00, hooks);
	for (uint32_t i = 0; i < FY_CALLS_MAX; i++)
		assert_int_equal(fy_calls_add(&table, &calls[i]), FERRY_OK);
	assert_int_equal(fy_calls_add(&table, &calls[FY_CALLS_MAX]),
			 FERRY_EAGAIN);
	for (uint32_t i = FY_CALLS_MAX; i-- > 0;) {
		uint32_t xid = calls[i].fy_xid;

		assert_ptr_equal(fy_calls_take(&table, xid), &calls[i]);
		assert_null(fy_calls_take(&table, xid));
	}
	fy_calls_fini(&table);
	free(calls);
}

static void
every_call_is_found_once(void **state)
{
	(void)state;
	fill_and_empty(NULL);
}

static void
a_table_without_memory_works_as_well(void **state)
{
	struct ferry_call calls[1000] = { 0 };
	struct fy_calls table;

	(void)state;
	fy_calls_init(&table, 5, &starved);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(fy_calls_add(&table, &calls[i]), FERRY_OK);
	for (int i = 0; i < 1000; i++)
		assert_ptr_equal(fy_calls_take(&table, calls[i].fy_xid),
				 &calls[i]);
	fy_calls_fini(&table);
}

static void
an_id_in_use_is_not_given_again(void **state)
{
	struct ferry_call old = { 0 };
	struct ferry_call new = { 0 };
	struct fy_calls table;

	(void)state;
	fy_calls_init(&table, 41, NULL);
	assert_int_equal(fy_calls_add(&table, &old), FERRY_OK);
	assert_int_equal(old.fy_xid, 42);
	table.last_xid = 41;
	assert_int_equal(fy_calls_add(&table, &new), FERRY_OK);
	assert_int_equal(new.fy_xid, 43);
	assert_ptr_equal(fy_calls_take(&table, 42), &old);
	assert_ptr_equal(fy_calls_take(&table, 43), &new);
	fy_calls_fini(&table);
}

static void
all_can_be_taken_in_a_row(void **state)
{
	struct ferry_call calls[300] = { 0 };
	struct fy_calls table;
	uint32_t chain = 0;
	uint32_t n = 0;

	(void)state;
	fy_calls_init(&table, 9, NULL);
	for (int i = 0; i < 300; i++)
		assert_int_equal(fy_calls_add(&table, &calls[i]), FERRY_OK);
	while (fy_calls_take_next(&table, &chain))
		n++;
	assert_int_equal(n, 300);
	fy_calls_fini(&table);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_is_found_once),
		cmocka_unit_test(a_table_without_memory_works_as_well),
		cmocka_unit_test(an_id_in_use_is_not_given_again),
		cmocka_unit_test(all_can_be_taken_in_a_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

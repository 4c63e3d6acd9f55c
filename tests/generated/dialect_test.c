/* SPDX-License-Identifier: MIT */
/* Types that a header brings, and what rpcgen takes beyond the RFC. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <pthread.h>

#include <cmocka.h>

#include <ferry/ferry.h>

#include "dialect.h"

#define LONG_MS 20000

/* ---- the codec of stamp, as its owner writes it ---- */

size_t
stamp_size(const stamp *v)
{
	(void)v;
	return 8;
}

void
stamp_put(struct ferry_encoder *e, const stamp *v)
{
	uint8_t *p;

	if (v->milliseconds < 0 || v->milliseconds > 999) {
		ferry_put_fail(e, FERRY_EENCODE);
		return;
	}
	p = ferry_put_run(e, 8);
	if (p)
		ferry_store_u64(p, (uint64_t)(v->seconds * 1000 +
					      v->milliseconds));
}

void
stamp_get(struct ferry_decoder *d, stamp *v)
{
	const uint8_t *p = ferry_get_run(d, 8);
	int64_t all = p ? (int64_t)ferry_load_u64(p) : 0;

	v->seconds = all / 1000;
	v->milliseconds = (int32_t)(all % 1000);
	if (all < 0)
		ferry_get_fail(d, FERRY_EDECODE);
}

/* ---- codecs ---- */

static size_t
encode(const void *v, const struct ferry_codec *codec, uint8_t *room,
       size_t bytes)
{
	size_t size = ferry_codec_size(v, codec);
	struct ferry_encoder e;

	if (size > bytes)
		return 0;
	e = ferry_encoder_on(room, size);
	ferry_codec_put(&e, v, codec);
	return !e.err && e.at == e.end ? size : 0;
}

static void
foreign_types_are_moved_by_their_owners_functions(void **state)
{
	stamp seen = { 7, 1 }, marks[2] = { { 8, 2 }, { 9, 3 } };
	stamp pair[2] = { { 10, 4 }, { 11, 999 } };
	struct shelf v = { .made = { 1, 500 }, .seen = &seen, .n_marks = 2,
			   .marks = marks, .pair = pair, .q = { 1, 2 } };
	struct ferry_arena mem = { 0 };
	struct ferry_decoder d;
	uint8_t room[256];
	size_t n = encode(&v, &shelf_codec, room, sizeof(room));
	struct shelf got;

	(void)state;
	assert_int_equal(n, 8 + 4 + 8 + 4 + 16 + 16 + 16);
	assert_int_equal(ferry_load_u64(room), 1500);
	d = ferry_decoder_on(room, n, &mem);
	shelf_get(&d, &got);
	assert_int_equal(ferry_get_end(&d), FERRY_OK);
	assert_int_equal(got.seen->seconds, 7);
	assert_int_equal(got.n_marks, 2);
	assert_int_equal(got.marks[1].milliseconds, 3);
	assert_int_equal(got.pair[1].milliseconds, 999);
	assert_int_equal(got.q.low, 2);
	assert_null(got.none);
	ferry_arena_fini(&mem);
}

static void
what_the_owner_refuses_is_refused(void **state)
{
	stamp marks[2] = { { 8, 2 }, { 9, -3 } };
	stamp pair[2] = { { 10, 4 }, { 11, 5 } };
	struct shelf v = { .n_marks = 2, .marks = marks, .pair = pair };
	uint8_t room[256];
	struct ferry_encoder e = ferry_encoder_on(room, sizeof(room));
	struct ferry_decoder d = ferry_decoder_on(room, 8, NULL);
	stamp got;

	(void)state;
	shelf_put(&e, &v);
	assert_int_equal(e.err, FERRY_EENCODE);
	memset(room, 0xff, sizeof(room));
	stamp_get(&d, &got);
	assert_int_equal(d.err, FERRY_EDECODE);
}

static void
a_hyper_may_choose_the_arm(void **state)
{
	static const int64_t which[] = { 1, INT64_MAX, -INT64_MAX, 0,
					 0x100000001 };
	static const size_t bytes[] = { 12, 20, 16, 8, 8 };
	stamp at = { 3, 4 };
	struct ferry_arena mem = { 0 };
	uint8_t room[64];

	(void)state;
	for (size_t i = 0; i < sizeof(which) / sizeof(*which); i++) {
		struct wide v = { .which = which[i] }, got;
		struct ferry_decoder d;

		if (i == 1)
			v.u.text = ferry_str_of("a text");
		if (i == 2)
			v.u.at = &at;
		assert_int_equal(encode(&v, &wide_codec, room, sizeof(room)),
				 bytes[i]);
		d = ferry_decoder_on(room, bytes[i], &mem);
		wide_get(&d, &got);
		assert_int_equal(ferry_get_end(&d), FERRY_OK);
		assert_true(got.which == which[i]);
		if (i == 2)
			assert_int_equal(got.u.at->milliseconds, 4);
	}
	ferry_arena_fini(&mem);
}

static void
a_short_may_choose_the_arm(void **state)
{
	struct narrow v = { .which = -4 };
	uint8_t room[16];

	(void)state;
	assert_int_equal(encode(&v, &narrow_codec, room, sizeof(room)), 4);
	v.which = 3;
	assert_int_equal(encode(&v, &narrow_codec, room, sizeof(room)), 8);
	v.which = 4;
	assert_int_equal(encode(&v, &narrow_codec, room, sizeof(room)), 0);
}

/* rpcgen's C takes it as a case, though its enum does not have it. */
static void
a_case_may_be_a_value_that_is_not_declared(void **state)
{
	static const uint32_t words[][2] = { { 77, 5 }, { UINT32_MAX, 6 } };
	uint8_t wire[8];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct ferry_decoder d = ferry_decoder_on(wire, 8, NULL);
		struct open v;

		ferry_store_u32(wire, i < 2 ? words[i][0] : 78);
		ferry_store_u32(wire + 4, i < 2 ? words[i][1] : 0);
		open_get(&d, &v);
		assert_int_equal(ferry_get_end(&d),
				 i < 2 ? FERRY_OK : FERRY_EDECODE);
		if (i == 0)
			assert_int_equal(v.u.b, 5);
		if (i == 1)
			assert_int_equal(v.u.a, 6);
	}
}

static void
a_text_constant_is_what_the_file_says(void **state)
{
	(void)state;
	assert_string_equal(GREETING, "hello, \"world\"?" "?/");
	assert_int_equal(GREETINGS, 3);
	assert_int_equal(HIGH, -16);
}

/* ---- calls ---- */

static ferry_err
on_greet(struct ferry_call *call, struct ferry_str in, struct ferry_str *out)
{
	(void)call;
	*out = in;
	return FERRY_OK;
}

static ferry_err
on_find(struct ferry_call *call, const stamp *in, struct shelf **out)
{
	struct shelf *found;

	if (in->seconds == 0)
		return FERRY_OK;
	found = ferry_arena_alloc(call->mem, sizeof(*found));
	if (!found)
		return FERRY_ENOMEM;
	memset(found, 0, sizeof(*found));
	found->made = *in;
	found->pair = ferry_arena_alloc(call->mem, 2 * sizeof(*found->pair));
	if (!found->pair)
		return FERRY_ENOMEM;
	memset(found->pair, 0, 2 * sizeof(*found->pair));
	*out = found;
	return FERRY_OK;
}

static ferry_err
on_next(struct ferry_call *call, const stamp *in, stamp *out)
{
	(void)call;
	out->seconds = in->seconds + 1;
	return FERRY_OK;
}

static ferry_err
on_count(struct ferry_call *call, struct ferry_str name, struct shelf *shelf,
	 const stamp *at, int32_t *out)
{
	(void)call;
	*out = (int32_t)name.len + (shelf ? 100 : 0) +
	       (int32_t)at->seconds * 1000;
	return FERRY_OK;
}

static const struct dialect_1_ops ops = { on_greet, on_find, on_next,
					  on_count };

static void *
run(void *server)
{
	assert_int_equal(ferry_server_run(server, 1, NULL), FERRY_OK);
	return NULL;
}

static void
call_all(struct ferry_client *client)
{
	struct ferry_arena mem = { 0 };
	struct ferry_call call = ferry_call_to(client, ferry_in_ms(LONG_MS),
					       &mem);
	stamp at = { 41, 7 }, never = { 0, 0 }, next;
	stamp pair[2] = { { 0, 0 }, { 0, 0 } };
	struct shelf *found, shelf = { .pair = pair };
	struct ferry_str text;
	int32_t count;

	assert_int_equal(greet_1(&call, ferry_str_of(GREETING), &text),
			 FERRY_OK);
	assert_true(ferry_str_eq(text, GREETING));
	assert_int_equal(find_1(&call, &at, &found), FERRY_OK);
	assert_int_equal(found->made.milliseconds, 7);
	assert_int_equal(next_1(&call, &at, &next), FERRY_OK);
	assert_int_equal(next.seconds, 42);
	assert_int_equal(find_1(&call, &never, &found), FERRY_OK);
	assert_null(found);
	assert_int_equal(count_1(&call, ferry_str_of("four"), &shelf, &at,
				 &count),
			 FERRY_OK);
	assert_int_equal(count, 41104);
	assert_int_equal(count_1(&call, ferry_str_of("four"), NULL, &at,
				 &count),
			 FERRY_OK);
	assert_int_equal(count, 41004);
	ferry_arena_fini(&mem);
}

static void
arguments_and_results_may_be_text_and_pointers(void **state)
{
	struct ferry_server *server;
	struct ferry_client *client;
	pthread_t thread;
	char addr[64];

	(void)state;
	assert_int_equal(ferry_server_new(NULL, &server, NULL), FERRY_OK);
	assert_int_equal(dialect_1_serve(server, &ops, NULL), FERRY_OK);
	assert_int_equal(ferry_server_listen(server, "tcp:127.0.0.1:0", NULL),
			 FERRY_OK);
	assert_true(ferry_server_addr(server, 0, addr, sizeof(addr)) <
		    sizeof(addr));
	assert_int_equal(pthread_create(&thread, NULL, run, server), 0);
	assert_int_equal(ferry_client_open(addr, NULL, ferry_in_ms(LONG_MS),
					   &client, NULL),
			 FERRY_OK);
	call_all(client);
	ferry_client_free(client);
	ferry_server_stop(server);
	pthread_join(thread, NULL);
	ferry_server_free(server);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			foreign_types_are_moved_by_their_owners_functions),
		cmocka_unit_test(what_the_owner_refuses_is_refused),
		cmocka_unit_test(a_hyper_may_choose_the_arm),
		cmocka_unit_test(a_short_may_choose_the_arm),
		cmocka_unit_test(a_case_may_be_a_value_that_is_not_declared),
		cmocka_unit_test(a_text_constant_is_what_the_file_says),
		cmocka_unit_test(
			arguments_and_results_may_be_text_and_pointers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

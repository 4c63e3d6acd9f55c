/* SPDX-License-Identifier: MIT */
/* Generated clients and servers in one process, with a socket pair between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pthread.h>
#include <sys/socket.h>

#include <cmocka.h>

#include <ferry/ferry.h>
#include <ferry/stub.h>

#include "sample.h"
#include "talk.h"

/* A server in a thread, its client, and calls that were put off. */
struct talk {
	struct ferry_server *server;
	struct ferry_client *client;
	struct ferry_arena mem;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct ferry_call *later[2];
	size_t n_later;
	atomic_bool was_touched; /* the kernel orders it, unseen by TSan */
};

/* ---- handlers ---- */

static ferry_err
on_add(struct ferry_call *call, int32_t a, int32_t b, int32_t *out)
{
	(void)call;
	*out = a + b;
	return FERRY_OK;
}

static ferry_err
on_echo(struct ferry_call *call, const struct everything *in,
	struct everything *out)
{
	(void)call;
	*out = *in;
	return FERRY_OK;
}

static ferry_err
on_cat(struct ferry_call *call, struct ferry_str a, struct ferry_str b,
       struct ferry_bytes c, struct ferry_str *out)
{
	size_t len = (size_t)a.len + b.len + c.len;
	char *text = ferry_arena_alloc(call->mem, len);

	if (!text)
		return FERRY_ENOMEM;
	memcpy(text, a.data, a.len);
	memcpy(text + a.len, b.data, b.len);
	memcpy(text + a.len + b.len, c.data, c.len);
	*out = (struct ferry_str){ text, (uint32_t)len };
	return FERRY_OK;
}

static ferry_err
on_l(struct ferry_call *call, leaves first, const struct point *where,
     shade colour, count n, uint32_t word, const struct fhandle *handle,
     leaves *out)
{
	struct leaf *head = ferry_arena_alloc(call->mem, sizeof(*head));

	if (!head)
		return FERRY_ENOMEM;
	head->id = where->x + where->y + (int64_t)colour + (int64_t)n + word +
		   handle->data[31];
	head->next = first;
	*out = head;
	return FERRY_OK;
}

static ferry_err
on_r(struct ferry_call *call, enum color kind, struct result *out)
{
	(void)call;
	out->kind = kind;
	if (kind == GREEN)
		out->u.number = 77;
	return FERRY_OK;
}

static const struct all_1_ops all_ops = {
	.add = on_add,
	.echo = on_echo,
	.cat = on_cat,
	.l = on_l,
	.r = on_r,
};

static ferry_err
on_buy(struct ferry_call *call, enum buy_1_arg1 how,
       const struct buy_1_arg2 *what, struct buy_1_res *out)
{
	(void)call;
	out->sum = what->item * 10 + (int32_t)(what->when.at % 10);
	out->note = ferry_str_of(how == CARD ? "card" : "cash");
	return FERRY_OK;
}

static ferry_err
on_find(struct ferry_call *call, const struct find_1_arg *what,
	struct find_1_res *out)
{
	static struct find_1_res_offers offers[] = { { 3 }, { 4 } };

	(void)call;
	out->found = what->kind == 1 && ferry_str_eq(what->u.name, "tea");
	if (out->found) {
		out->u.offers.n_items = 2;
		out->u.offers.items = offers;
	}
	return FERRY_OK;
}

static ferry_err
on_empty(struct ferry_call *call, const struct empty_1_arg *in,
	 struct empty_1_res *out)
{
	(void)call;
	(void)in;
	(void)out;
	return FERRY_OK;
}

static ferry_err
on_touch(struct ferry_call *call)
{
	struct talk *talk = call->ctx;

	talk->was_touched = true;
	return FERRY_OK;
}

static void
put_off(struct talk *talk, struct ferry_call *call)
{
	pthread_mutex_lock(&talk->lock);
	talk->later[talk->n_later++] = call;
	pthread_cond_signal(&talk->changed);
	pthread_mutex_unlock(&talk->lock);
}

static ferry_err
on_later(struct ferry_call *call, int32_t in, int32_t *out)
{
	(void)in;
	(void)out;
	put_off(call->ctx, call);
	return FERRY_LATER;
}

static ferry_err
on_later_void(struct ferry_call *call)
{
	put_off(call->ctx, call);
	return FERRY_LATER;
}

static const struct shop_1_ops shop_1_ops = {
	.buy = on_buy,
	.find = on_find,
	.empty = on_empty,
	.later = on_later,
	.later_void = on_later_void,
	.touch = on_touch,
};

static ferry_err
on_buy_2(struct ferry_call *call, const struct buy_2_arg *in,
	 struct buy_2_res *out)
{
	(void)call;
	out->sum = in->item + 2;
	return FERRY_OK;
}

static const struct shop_2_ops shop_2_ops = { .buy = on_buy_2 };

static ferry_err
on_ping(struct ferry_call *call, int32_t arg, int32_t *out)
{
	(void)call;
	*out = arg + 1;
	return FERRY_OK;
}

static const struct desk_7_ops desk_ops = { .ping = on_ping, .buy = on_add };

/* ---- life ---- */

static void *
run(void *arg)
{
	struct talk *talk = arg;

	return ferry_server_run(talk->server, 1, NULL) ? talk : NULL;
}

static int
begin(void **state)
{
	struct talk *talk = calloc(1, sizeof(*talk));
	char addr[32];
	int fds[2];

	assert_non_null(talk);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
				    fds), 0);
	pthread_mutex_init(&talk->lock, NULL);
	pthread_cond_init(&talk->changed, NULL);
	assert_int_equal(ferry_server_new(NULL, &talk->server, NULL), FERRY_OK);
	assert_int_equal(all_1_serve(talk->server, &all_ops, talk), FERRY_OK);
	assert_int_equal(shop_1_serve(talk->server, &shop_1_ops, talk),
			 FERRY_OK);
	assert_int_equal(shop_2_serve(talk->server, &shop_2_ops, talk),
			 FERRY_OK);
	assert_int_equal(desk_7_serve(talk->server, &desk_ops, talk), FERRY_OK);
	snprintf(addr, sizeof(addr), "fd:%d", fds[0]);
	assert_int_equal(ferry_server_listen(talk->server, addr, NULL),
			 FERRY_OK);
	snprintf(addr, sizeof(addr), "fd:%d", fds[1]);
	assert_int_equal(ferry_client_open(addr, NULL, ferry_in_ms(10000),
					   &talk->client, NULL), FERRY_OK);
	assert_int_equal(pthread_create(&talk->thread, NULL, run, talk), 0);
	*state = talk;
	return 0;
}

/* The server's only link has ended: it returns by itself. */
static int
end(void **state)
{
	struct talk *talk = *state;
	void *failed;

	ferry_client_free(talk->client);
	pthread_join(talk->thread, &failed);
	ferry_server_free(talk->server);
	ferry_arena_fini(&talk->mem);
	pthread_cond_destroy(&talk->changed);
	pthread_mutex_destroy(&talk->lock);
	free(talk);
	return failed != NULL;
}

static struct ferry_call
call_of(struct talk *talk)
{
	return ferry_call_to(talk->client, ferry_in_ms(10000), &talk->mem);
}

static struct ferry_call *
take_later(struct talk *talk, size_t i)
{
	struct ferry_call *call;

	pthread_mutex_lock(&talk->lock);
	while (talk->n_later <= i)
		pthread_cond_wait(&talk->changed, &talk->lock);
	call = talk->later[i];
	pthread_mutex_unlock(&talk->lock);
	return call;
}

/* ---- tests ---- */

static void
every_type_is_echoed_as_it_was(void **state)
{
	struct talk *talk = *state;
	struct ferry_call call = call_of(talk);
	struct ferry_bytes wire = sample_encode(&talk->mem);
	uint8_t *again = malloc(wire.len);
	struct ferry_encoder e = ferry_encoder_on(again, wire.len);
	struct everything in, out;

	assert_non_null(again);
	sample_make(&in, &talk->mem);
	assert_int_equal(echo_1(&call, &in, &out), FERRY_OK);
	everything_put(&e, &out);
	assert_int_equal(e.err, FERRY_OK);
	assert_memory_equal(again, wire.data, wire.len);
	free(again);
}

static void
procedures_may_take_and_give_nothing(void **state)
{
	struct talk *talk = *state;
	struct ferry_call call = call_of(talk);
	struct empty_1_arg in = { 0 };
	struct empty_1_res out;

	assert_int_equal(nothing_1(&call), FERRY_OK);
	assert_int_equal(touch_1_start(&call), FERRY_OK);
	assert_int_equal(touch_1_finish(&call), FERRY_OK);
	assert_true(talk->was_touched);
	assert_int_equal(empty_1(&call, &in, &out), FERRY_OK);
}

static void
several_arguments_arrive_in_their_order(void **state)
{
	struct talk *talk = *state;
	struct ferry_call call = call_of(talk);
	struct leaf leaf = { .id = 5 };
	struct point where = { 1, 2 };
	struct fhandle handle = { { 0 } };
	struct ferry_str text;
	leaves list;

	handle.data[31] = 100;
	assert_int_equal(cat_1(&call, ferry_str_of("one "),
			       ferry_str_of("two "),
			       (struct ferry_bytes){ (const uint8_t *)"three",
						     5 }, &text), FERRY_OK);
	assert_true(ferry_str_eq(text, "one two three"));
	assert_int_equal(l_1(&call, &leaf, &where, GREEN, 1000, 20000, &handle,
			     &list), FERRY_OK);
	assert_int_equal(list->id, 21108);
	assert_int_equal(list->next->id, 5);
	assert_null(list->next->next);
}

static void
calls_in_flight_end_in_any_order(void **state)
{
	struct talk *talk = *state;
	struct ferry_call first = call_of(talk), second = call_of(talk);
	int32_t sum;

	assert_int_equal(add_1_start(&first, 1, 2), FERRY_OK);
	assert_int_equal(add_1_start(&second, 30, 40), FERRY_OK);
	assert_int_equal(add_1_finish(&second, &sum), FERRY_OK);
	assert_int_equal(sum, 70);
	assert_int_equal(add_1_finish(&first, &sum), FERRY_OK);
	assert_int_equal(sum, 3);
}

static void
types_in_place_are_arguments_and_results(void **state)
{
	struct talk *talk = *state;
	struct ferry_call call = call_of(talk);
	struct buy_1_arg2 what = { .item = 4, .when = { .at = 123 } };
	struct find_1_arg tea = { .kind = 1 };
	struct buy_1_res bought;
	struct find_1_res found;

	assert_int_equal(buy_1(&call, CARD, &what, &bought), FERRY_OK);
	assert_int_equal(bought.sum, 43);
	assert_true(ferry_str_eq(bought.note, "card"));
	tea.u.name = ferry_str_of("tea");
	assert_int_equal(find_1(&call, &tea, &found), FERRY_OK);
	assert_true(found.found);
	assert_int_equal(found.u.offers.n_items, 2);
	assert_int_equal(found.u.offers.items[1].price, 4);
	tea.kind = 2;
	tea.u.number = 7;
	assert_int_equal(find_1(&call, &tea, &found), FERRY_OK);
	assert_false(found.found);
	/* What has no encoding is not sent. */
	tea.kind = 3;
	assert_int_equal(find_1(&call, &tea, &found), FERRY_EENCODE);
}

static void
versions_and_programs_stand_side_by_side(void **state)
{
	struct talk *talk = *state;
	struct ferry_call call = call_of(talk);
	struct buy_2_arg in = { .item = 40 };
	struct buy_2_res out;
	int32_t sum;

	assert_int_equal(buy_2(&call, &in, &out), FERRY_OK);
	assert_int_equal(out.sum, 42);
	assert_int_equal(buy_7(&call, 5, 6, &sum), FERRY_OK);
	assert_int_equal(sum, 11);
}

static void
a_handler_may_answer_later(void **state)
{
	struct talk *talk = *state;
	struct ferry_call first = call_of(talk), second = call_of(talk);
	struct ferry_call *kept;
	int32_t answer = 99, got = 0;

	assert_int_equal(later_1_start(&first, 1), FERRY_OK);
	kept = take_later(talk, 0);
	assert_int_equal(later_void_1_start(&second), FERRY_OK);
	assert_int_equal(later_void_1_reply(take_later(talk, 1)), FERRY_OK);
	assert_int_equal(later_void_1_finish(&second), FERRY_OK);
	assert_false(ferry_call_done(&first));
	assert_int_equal(later_1_reply(kept, &answer), FERRY_OK);
	assert_int_equal(later_1_finish(&first, &got), FERRY_OK);
	assert_int_equal(got, 99);
}

static void
procedure_0_is_the_programs_own_where_it_has_one(void **state)
{
	struct talk *talk = *state;
	struct ferry_call call = call_of(talk);
	int32_t out = 0;

	assert_int_equal(ping_7(&call, 41, &out), FERRY_OK);
	assert_int_equal(out, 42);
	/* Declared, and without a handler: the library answers. */
	assert_int_equal(nothing_1(&call), FERRY_OK);
}

static void
a_null_handler_is_no_procedure(void **state)
{
	struct talk *talk = *state;
	struct ferry_call call = call_of(talk);
	float out = 1.5f;

	assert_int_equal(f_1(&call, 1.0, &out), FERRY_EPROC);
	assert_true(out > 1.4f && out < 1.6f);
	/* The connection bears it. */
	assert_int_equal(nothing_1(&call), FERRY_OK);
}

/* ADD with a word too many, and one too few. */
static void
arguments_are_exactly_what_is_declared(void **state)
{
	static const struct ferry_version version = {
		.name = "ALL",
		.program = 0x20000002,
		.version = 1,
	};
	struct talk *talk = *state;
	struct ferry_call call = call_of(talk);

	for (uint32_t n = 1; n <= 3; n++) {
		struct ferry_encoder *e =
			ferry_call_begin(&call, &version, 1, n * 4);

		for (uint32_t i = 0; i < n; i++)
			ferry_put_count(e, i, UINT32_MAX);
		assert_int_equal(ferry_call_send(&call), FERRY_OK);
		ferry_get_run(ferry_call_wait(&call), n == 2 ? 4 : 0);
		assert_int_equal(ferry_call_end(&call),
				 n == 2 ? FERRY_OK : FERRY_EARGS);
	}
}

/* F has no handler: what it is called with does not matter. */
static void
without_a_handler_arguments_are_not_looked_at(void **state)
{
	static const struct ferry_version version = {
		.name = "ALL",
		.program = 0x20000002,
		.version = 1,
	};
	struct talk *talk = *state;
	struct ferry_call call = call_of(talk);

	ferry_call_begin(&call, &version, 8, 0);
	assert_int_equal(ferry_call_send(&call), FERRY_OK);
	ferry_call_wait(&call);
	assert_int_equal(ferry_call_end(&call), FERRY_EPROC);
}

static void
a_call_is_finished_as_the_procedure_that_was_started(void **state)
{
	struct talk *talk = *state;
	struct ferry_call call = call_of(talk);
	bool other = true;
	int32_t sum = 0;

	assert_int_equal(add_1_start(&call, 40, 2), FERRY_OK);
	assert_int_equal(not_1_finish(&call, &other), FERRY_EINVAL);
	assert_true(other);
	assert_int_equal(add_1_finish(&call, &sum), FERRY_OK);
	assert_int_equal(sum, 42);
	/* Nothing is in flight any more. */
	assert_int_equal(add_1_finish(&call, &sum), FERRY_EINVAL);
}

static void
results_of_a_union_follow_its_arm(void **state)
{
	struct talk *talk = *state;
	struct ferry_call call = call_of(talk);
	struct result out;

	assert_int_equal(r_1(&call, GREEN, &out), FERRY_OK);
	assert_int_equal(out.kind, GREEN);
	assert_int_equal(out.u.number, 77);
	assert_int_equal(r_1(&call, RED, &out), FERRY_OK);
	assert_int_equal(out.kind, RED);
	/* BLUE's arm is by pointer: the handler set none. */
	assert_int_equal(r_1(&call, BLUE, &out), FERRY_ESERVER);
	assert_int_equal(out.kind, RED);
}

#define TALK_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TALK_TEST(every_type_is_echoed_as_it_was),
		TALK_TEST(procedures_may_take_and_give_nothing),
		TALK_TEST(several_arguments_arrive_in_their_order),
		TALK_TEST(calls_in_flight_end_in_any_order),
		TALK_TEST(types_in_place_are_arguments_and_results),
		TALK_TEST(versions_and_programs_stand_side_by_side),
		TALK_TEST(a_handler_may_answer_later),
		TALK_TEST(procedure_0_is_the_programs_own_where_it_has_one),
		TALK_TEST(a_null_handler_is_no_procedure),
		TALK_TEST(arguments_are_exactly_what_is_declared),
		TALK_TEST(without_a_handler_arguments_are_not_looked_at),
		TALK_TEST(a_call_is_finished_as_the_procedure_that_was_started),
		TALK_TEST(results_of_a_union_follow_its_arm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

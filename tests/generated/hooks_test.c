/* SPDX-License-Identifier: MIT */
/* Whole calls by hooks: what memory they take, and what is logged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <pthread.h>

#include <cmocka.h>

#include <ferry/ferry.h>

#include "every.h"
#include "heap.h"

#define LONG_MS 20000

/* One side's hooks: the heap's, and a log that remembers its last line. */
struct side {
	struct fy_test_heap heap;
	char line[256];
	atomic_size_t n_lines;
};

/* The hooks have one context, the heap: its side begins with it. */
static void
note_line(void *ctx, enum ferry_log_level level, const char *line)
{
	struct side *side = ctx;

	assert_true(level <= FERRY_LOG_DEBUG);
	assert_null(strchr(line, '\n'));
	strncpy(side->line, line, sizeof(side->line) - 1);
	side->n_lines++;
}

static void
side_init(struct side *side)
{
	memset(side, 0, sizeof(*side));
	fy_test_heap_init(&side->heap);
	assert_ptr_equal(side->heap.hooks.ctx, side);
	side->heap.hooks.log = note_line;
}

static ferry_err
on_cat(struct ferry_call *call, struct ferry_str a, struct ferry_str b,
       struct ferry_bytes c, struct ferry_str *out)
{
	char *text = ferry_arena_alloc(call->mem, (size_t)a.len + b.len);

	(void)c;
	if (!text)
		return FERRY_ENOMEM;
	memcpy(text, a.data, a.len);
	memcpy(text + a.len, b.data, b.len);
	*out = (struct ferry_str){ text, a.len + b.len };
	return FERRY_OK;
}

static const struct all_1_ops ops = { .cat = on_cat };

static void *
run(void *server)
{
	assert_int_equal(ferry_server_run(server, 1, NULL), FERRY_OK);
	return NULL;
}

static struct ferry_client *
open_client(const char *addr, const struct side *side)
{
	const struct ferry_client_config config = { .hooks =
							    &side->heap.hooks };
	struct ferry_client *client;

	assert_int_equal(ferry_client_open(addr, &config, ferry_in_ms(LONG_MS),
					   &client, NULL),
			 FERRY_OK);
	return client;
}

static ferry_err
cat(struct ferry_client *client, struct side *side)
{
	struct ferry_arena mem;
	struct ferry_call call;
	struct ferry_str out;
	ferry_err err;

	ferry_arena_init(&mem, &side->heap.hooks);
	call = ferry_call_to(client, ferry_in_ms(LONG_MS), &mem);
	err = cat_1(&call, ferry_str_of("for"), ferry_str_of("ever"),
		    (struct ferry_bytes){ 0 }, &out);
	if (!err)
		assert_true(ferry_str_eq(out, "forever"));
	ferry_arena_fini(&mem);
	return err;
}

static void
a_call_takes_memory_by_the_hooks_and_logs_by_them(void **state)
{
	struct side near, far;
	struct ferry_server_config config = { .hooks = &far.heap.hooks,
					      .max_links = 1 };
	struct ferry_server *server;
	struct ferry_client *first, *second;
	pthread_t thread;
	char addr[64];

	(void)state;
	side_init(&near);
	side_init(&far);
	assert_int_equal(ferry_server_new(&config, &server, NULL), FERRY_OK);
	assert_int_equal(all_1_serve(server, &ops, NULL), FERRY_OK);
	assert_int_equal(ferry_server_listen(server, "tcp:127.0.0.1:0", NULL),
			 FERRY_OK);
	assert_true(ferry_server_addr(server, 0, addr, sizeof(addr)) <
		    sizeof(addr));
	assert_int_equal(pthread_create(&thread, NULL, run, server), 0);

	first = open_client(addr, &near);
	assert_int_equal(cat(first, &near), FERRY_OK);
	assert_true(near.heap.peak > 0 && far.heap.peak > 0);
	assert_int_equal(far.n_lines, 0);

	/* One too many: its end comes after the line of the log. */
	second = open_client(addr, &near);
	assert_int_not_equal(cat(second, &near), FERRY_OK);
	assert_int_equal(far.n_lines, 1);
	assert_non_null(strstr(far.line, "the most allowed"));

	ferry_client_free(second);
	ferry_client_free(first);
	ferry_server_stop(server);
	pthread_join(thread, NULL);
	ferry_server_free(server);
	assert_int_equal(near.heap.n_live, 0);
	assert_int_equal(far.heap.n_live, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_call_takes_memory_by_the_hooks_and_logs_by_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

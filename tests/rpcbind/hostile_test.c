/* SPDX-License-Identifier: MIT */
/*
 * The rpcbind client before others than it hopes for: old ones, silent ones,
 * and those that lie. An error, in time and in bounds; never a wrong address.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <ferry/ferry.h>

#include "core/compiler.h"
#include "core/os.h"
#include "fake.h"
#include "heap.h"
#include "rpc/rpcbind.h"

#define PROGRAM 0x20000d47
#define GETADDR 3
#define DUMP 4
#define GETVERSADDR 9
#define PROG_UNAVAIL 1
#define PROC_UNAVAIL 3

/* What find and dump gave, with the words for it. */
struct outcome {
	ferry_err err;
	char addr[FERRY_RPCBIND_ADDR];
	struct ferry_error why;
};

static struct outcome
find(const struct fake *fake, int64_t ms)
{
	struct outcome out = { .addr = "untouched" };

	out.err = ferry_rpcbind_find(fake->addr, PROGRAM, 1, ferry_in_ms(ms),
				     out.addr, sizeof(out.addr), &out.why);
	if (out.err) {
		assert_string_equal(out.addr, "untouched");
		assert_true(strlen(out.why.text) > 0);
		assert_int_equal(out.why.code, out.err);
	}
	return out;
}

/* The bytes that the arena needed at most. */
static ferry_err
dump(const struct fake *fake, struct ferry_rpcbind_list *list, size_t *peak)
{
	struct fy_test_heap heap;
	struct ferry_arena mem;
	ferry_err err;

	fy_test_heap_init(&heap);
	ferry_arena_init(&mem, &heap.hooks);
	*list = (struct ferry_rpcbind_list){ .n_entries = 4711 };
	err = ferry_rpcbind_dump(fake->addr, ferry_in_ms(10000), &mem, list,
				 NULL);
	if (err)
		assert_int_equal(list->n_entries, 4711);
	*peak = heap.peak;
	ferry_arena_fini(&mem);
	assert_int_equal(heap.n_live, 0);
	return err;
}

static void
put_mapping(struct fake_reply *reply, uint32_t version, const char *netid,
	    const char *uaddr, const char *owner)
{
	fake_word(reply, 1);
	fake_word(reply, PROGRAM);
	fake_word(reply, version);
	fake_text(reply, netid, strlen(netid));
	fake_text(reply, uaddr, strlen(uaddr));
	fake_text(reply, owner, strlen(owner));
}

/* ---- older ones ---- */

static void
answer_from_version_3(struct fake *fake, struct fake_reply *reply,
		      uint32_t version, uint32_t procedure)
{
	(void)fake;
	if (version > 3)
		fake_mismatch(reply, 2, 3);
	else if (procedure == GETADDR)
		fake_text(reply, "10.1.2.3.1.1", 12);
	else
		fake_refuse(reply, PROC_UNAVAIL);
}

static void
who_has_no_version_4_is_asked_in_3_on_one_connection(void **state)
{
	struct fake fake;
	struct outcome out;

	(void)state;
	fake_start(&fake, answer_from_version_3, NULL);
	out = find(&fake, 10000);
	assert_int_equal(out.err, FERRY_OK);
	assert_string_equal(out.addr, "tcp:10.1.2.3:257");
	fake_stop(&fake);
	assert_int_equal(fake.n_links, 1);
	assert_int_equal(fake.n_calls, 2);
}

static void
answer_version_4_without_getversaddr(struct fake *fake,
				     struct fake_reply *reply,
				     uint32_t version, uint32_t procedure)
{
	(void)fake;
	if (version == 4 && procedure == GETVERSADDR)
		fake_refuse(reply, PROC_UNAVAIL);
	else
		fake_text(reply, "::.0.80", 7);
}

static void
who_lacks_getversaddr_is_asked_by_getaddr(void **state)
{
	char expected[FERRY_RPCBIND_ADDR] = "tcp:[::1]:80";
	struct fake fake;
	struct outcome out;

	(void)state;
	fake_start(&fake, answer_version_4_without_getversaddr, NULL);
	out = find(&fake, 10000);
	assert_int_equal(out.err, FERRY_OK);
	assert_string_equal(out.addr, expected);
	fake_stop(&fake);
}

static void
answer_no_version_at_all(struct fake *fake, struct fake_reply *reply,
			 uint32_t version, uint32_t procedure)
{
	(void)fake;
	(void)procedure;
	/* As if the very version were there, but it is not. */
	fake_mismatch(reply, version, version);
}

static void
who_refuses_every_version_is_asked_each_once(void **state)
{
	struct fake fake;

	(void)state;
	fake_start(&fake, answer_no_version_at_all, NULL);
	/* Not FERRY_EVERSION, which is about the program that is looked up. */
	assert_int_equal(find(&fake, 10000).err, FERRY_EPROTO);
	fake_stop(&fake);
	assert_int_equal(fake.n_calls, 3);
}

static void
answer_for_another_program(struct fake *fake, struct fake_reply *reply,
			   uint32_t version, uint32_t procedure)
{
	(void)fake;
	(void)version;
	(void)procedure;
	fake_refuse(reply, PROG_UNAVAIL);
}

static void
who_is_no_rpcbind_is_not_one_that_knows_nothing(void **state)
{
	struct fake fake;
	struct outcome out;

	(void)state;
	fake_start(&fake, answer_for_another_program, NULL);
	out = find(&fake, 10000);
	assert_int_equal(out.err, FERRY_EPROTO);
	assert_non_null(strstr(out.why.text, "does not have program 100000"));
	fake_stop(&fake);
}

static void
answer_version_2(struct fake *fake, struct fake_reply *reply,
		 uint32_t version, uint32_t procedure)
{
	(void)procedure;
	if (version > 2)
		fake_mismatch(reply, 2, 2);
	else
		fake_word(reply, *(const uint32_t *)fake->ctx);
}

static void
a_port_that_is_none_is_refused(void **state)
{
	static const uint32_t ports[] = { 65536, 65536 + 111, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(ports); i++) {
		struct fake fake;

		fake_start(&fake, answer_version_2, &ports[i]);
		assert_int_equal(find(&fake, 10000).err, FERRY_EDECODE);
		fake_stop(&fake);
	}
}

/* ---- silence ---- */

static void
who_never_answers_costs_the_deadline_once(void **state)
{
	struct fake fake;
	int64_t from;

	(void)state;
	fake_start(&fake, NULL, NULL);
	from = fy_os_now_ns();
	assert_int_equal(find(&fake, 100).err, FERRY_ETIMEDOUT);
	assert_in_range((fy_os_now_ns() - from) / 1000000, 99, 5000);
	fake_stop(&fake);
}

static void
answer_garbage(struct fake *fake, struct fake_reply *reply, uint32_t version,
	       uint32_t procedure)
{
	(void)version;
	(void)procedure;
	memset(reply->bytes, *(const uint8_t *)fake->ctx,
	       sizeof(reply->bytes));
	reply->n = sizeof(reply->bytes);
}

static void
who_answers_garbage_is_no_rpcbind(void **state)
{
	static const uint8_t fills[] = { 0, 1, 0x7f, 0x80, 0xff, 'A' };

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(fills); i++) {
		struct fake fake;

		fake_start(&fake, answer_garbage, &fills[i]);
		assert_int_not_equal(find(&fake, 300).err, FERRY_OK);
		fake_stop(&fake);
	}
}

/* ---- addresses ---- */

static void
answer_text(struct fake *fake, struct fake_reply *reply, uint32_t version,
	    uint32_t procedure)
{
	const struct ferry_str *text = fake->ctx;

	(void)version;
	if (procedure == DUMP)
		fake_refuse(reply, PROC_UNAVAIL);
	else
		fake_text(reply, text->data, text->len);
}

static void
what_is_no_address_is_not_dialled(void **state)
{
	static const struct ferry_str texts[] = {
		{ "1.2.3.4.1.256", 13 }, { "1.2.3.4.5.6.7", 13 },
		{ "1.2.3.4.1.1\0", 12 }, { "1.2.3.4\0.1.1", 12 },
		{ "/run/x.sock", 11 },	 { "evil.example.1.1", 16 },
		{ "1.2.3.4.0.0", 11 },	 { "::1%lo.1.1", 10 },
		{ "\0\0\0\0", 4 },
	};

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(texts); i++) {
		struct fake fake;

		fake_start(&fake, answer_text, &texts[i]);
		assert_int_equal(find(&fake, 10000).err, FERRY_EPROTO);
		fake_stop(&fake);
	}
}

static void
who_keeps_its_list_says_not_found(void **state)
{
	static const struct ferry_str nothing = { "", 0 };
	struct fake fake;
	struct outcome out;

	(void)state;
	fake_start(&fake, answer_text, &nothing);
	out = find(&fake, 10000);
	assert_int_equal(out.err, FERRY_EPROG);
	assert_non_null(strstr(out.why.text, "start its server"));
	fake_stop(&fake);
}

static void
room_that_is_too_small_is_told(void **state)
{
	static const struct ferry_str text = { "1.2.3.4.1.1", 11 };
	char addr[16] = "untouched";
	struct fake fake;

	(void)state;
	fake_start(&fake, answer_text, &text);
	/* "tcp:1.2.3.4:257" has 15 bytes and its NUL. */
	assert_int_equal(ferry_rpcbind_find(fake.addr, PROGRAM, 1,
					    ferry_in_ms(10000), addr, 15, NULL),
			 FERRY_ETOOBIG);
	assert_string_equal(addr, "untouched");
	assert_int_equal(ferry_rpcbind_find(fake.addr, PROGRAM, 1,
					    ferry_in_ms(10000), addr, 16, NULL),
			 FERRY_OK);
	assert_string_equal(addr, "tcp:1.2.3.4:257");
	fake_stop(&fake);
}

/* ---- lists ---- */

static void
answer_list(struct fake *fake, struct fake_reply *reply, uint32_t version,
	    uint32_t procedure)
{
	(void)fake;
	(void)version;
	if (procedure != DUMP) {
		fake_text(reply, "", 0);
		return;
	}
	put_mapping(reply, 2, "tcp", "0.0.0.0.47.17", "superuser");
	put_mapping(reply, 1, "udp", "0.0.0.0.47.17", "1000");
	put_mapping(reply, 5, "tcp6", "::.47.17", "\033[31mred\n");
	put_mapping(reply, 6, "tcp", "0.0.0.0.47.17.1", "");
	put_mapping(reply, 7, "", "", "");
	fake_word(reply, 0);
}

static void
a_list_has_addresses_where_ferry_can_dial(void **state)
{
	static const char *const addrs[] = {
		"tcp:127.0.0.1:12049", NULL, "tcp:[::1]:12049", NULL, NULL,
	};
	struct ferry_arena mem = { 0 };
	struct ferry_rpcbind_list list;
	struct fake fake;

	(void)state;
	fake_start(&fake, answer_list, NULL);
	assert_int_equal(ferry_rpcbind_dump(fake.addr, ferry_in_ms(10000), &mem,
					    &list, NULL), FERRY_OK);
	assert_int_equal(list.spoken, 4);
	assert_int_equal(list.n_entries, FY_ARRAY_LEN(addrs));
	for (uint32_t i = 0; i < list.n_entries; i++) {
		if (addrs[i])
			assert_string_equal(list.entries[i].addr, addrs[i]);
		else
			assert_null(list.entries[i].addr);
	}
	assert_true(ferry_str_eq(list.entries[2].owner, "\033[31mred\n"));
	ferry_arena_fini(&mem);
	fake_stop(&fake);
}

static void
versions_that_cannot_be_dialled_are_not_offered(void **state)
{
	struct fake fake;
	struct outcome out;

	(void)state;
	fake_start(&fake, answer_list, NULL);
	out = find(&fake, 10000);
	assert_int_equal(out.err, FERRY_EVERSION);
	assert_int_equal(out.why.low, 2);
	assert_int_equal(out.why.high, 5);
	fake_stop(&fake);
}

/* Any user may register where the owner of a program has not. */
static void
answer_two_owners(struct fake *fake, struct fake_reply *reply,
		  uint32_t version, uint32_t procedure)
{
	(void)fake;
	(void)version;
	if (procedure != DUMP) {
		fake_text(reply, "", 0);
		return;
	}
	put_mapping(reply, 1, "local", "/tmp/trap.sock", "1000");
	put_mapping(reply, 1, "tcp6", "::1.47.17", "superuser");
	put_mapping(reply, 1, "tcp", "127.0.0.1.47.18", "1000");
	fake_word(reply, 0);
}

static void
what_the_superuser_registered_comes_before_the_nearest(void **state)
{
	struct fake fake;
	struct outcome out;

	(void)state;
	fake_start(&fake, answer_two_owners, NULL);
	out = find(&fake, 10000);
	assert_int_equal(out.err, FERRY_OK);
	assert_string_equal(out.addr, "tcp:[::1]:12049");
	fake_stop(&fake);
}

static void
a_list_that_is_cut_anywhere_is_an_error(void **state)
{
	struct ferry_rpcbind_list list;
	struct fake_reply whole = { .n = 28 };
	size_t peak;

	(void)state;
	answer_list(NULL, &whole, 4, DUMP);
	for (size_t most = 1; most < whole.n; most++) {
		struct fake fake;

		fake_start(&fake, answer_list, NULL);
		fake.most = most;
		assert_int_equal(dump(&fake, &list, &peak), FERRY_ELOST);
		fake_stop(&fake);
	}
}

static void
a_list_over_the_limit_is_refused_by_its_mark(void **state)
{
	struct ferry_rpcbind_list list;
	struct ferry_arena mem = { 0 };
	struct ferry_error why = { .text = "" };
	struct fake fake;

	(void)state;
	fake_start(&fake, answer_list, NULL);
	fake.announced = FERRY_RECORD_DEFAULT + 1;
	assert_int_equal(ferry_rpcbind_dump(fake.addr, ferry_in_ms(10000), &mem,
					    &list, &why), FERRY_ELOST);
	assert_non_null(strstr(why.text, "over the limit"));
	fake_stop(&fake);
	/* One byte less is waited for, in vain. */
	fake_start(&fake, answer_list, NULL);
	fake.announced = FERRY_RECORD_DEFAULT;
	assert_int_equal(ferry_rpcbind_dump(fake.addr, ferry_in_ms(100), &mem,
					    &list, &why), FERRY_ETIMEDOUT);
	fake_stop(&fake);
	ferry_arena_fini(&mem);
}

/* A record that is whole, of a list that is not. */
static void
answer_bomb(struct fake *fake, struct fake_reply *reply, uint32_t version,
	    uint32_t procedure)
{
	const uint32_t *bomb = fake->ctx;

	(void)version;
	(void)procedure;
	for (uint32_t i = 0; i < 8; i++)
		fake_word(reply, bomb[i]);
}

static void
counts_that_lie_cost_no_memory(void **state)
{
	static const uint32_t bombs[][8] = {
		{ 1, 1, 1, 0xffffffff, 0, 0, 0, 0 },
		{ 1, 1, 1, 0x7fffffff, 0, 0, 0, 0 },
		{ 1, 1, 1, 0, 0xfffffffc, 0, 0, 0 },
		{ 1, 1, 1, 0, 0, 0x40000000, 0, 0 },
		{ 1, 1, 1, 0, 0, 0, 1, 1 },
		{ 2, 1, 1, 0, 0, 0, 0, 0 },
		{ 0xffffffff, 1, 1, 0, 0, 0, 0, 0 },
		{ 0, 1, 1, 0, 0, 0, 0, 0 },
	};
	struct ferry_rpcbind_list list;
	size_t peak;

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(bombs); i++) {
		struct fake fake;

		fake_start(&fake, answer_bomb, bombs[i]);
		assert_int_equal(dump(&fake, &list, &peak), FERRY_EDECODE);
		assert_in_range(peak, 0, 16384);
		fake_stop(&fake);
	}
}

static void
every_allocation_of_a_list_can_fail(void **state)
{
	struct fy_test_heap heap;
	struct ferry_rpcbind_list list;
	struct ferry_arena mem;
	struct fake fake;
	ferry_err err = FERRY_ENOMEM;

	(void)state;
	fake_start(&fake, answer_list, NULL);
	for (size_t at = 1; err == FERRY_ENOMEM; at++) {
		assert_in_range(at, 1, 100);
		fy_test_heap_init(&heap);
		heap.fail_at = at;
		ferry_arena_init(&mem, &heap.hooks);
		err = ferry_rpcbind_dump(fake.addr, ferry_in_ms(10000), &mem,
					 &list, NULL);
		ferry_arena_fini(&mem);
		assert_int_equal(heap.n_live, 0);
	}
	assert_int_equal(err, FERRY_OK);
	fake_stop(&fake);
}

/* ---- registering ---- */

static void
answer_taken(struct fake *fake, struct fake_reply *reply, uint32_t version,
	     uint32_t procedure)
{
	(void)fake;
	(void)version;
	fake_word(reply, procedure == DUMP);
	if (procedure != DUMP)
		return;
	reply->n -= 4;
	put_mapping(reply, 1, "tcp", "\033]0;x\007", "\033[31mred\n");
	fake_word(reply, 0);
}

static void
an_owner_cannot_write_to_the_terminal(void **state)
{
	struct fy_rpcbind_map map = { .program = PROGRAM, .version = 1 };
	struct ferry_arena mem = { 0 };
	struct ferry_addr addr;
	struct ferry_error why;
	struct fy_rpcbind rb;
	struct fake fake;

	(void)state;
	fake_start(&fake, answer_taken, NULL);
	assert_int_equal(ferry_addr_parse("tcp:127.0.0.1:80", &addr, NULL),
			 FERRY_OK);
	assert_int_equal(fy_uaddr_of(&addr, &map.uaddr, NULL), FERRY_OK);
	assert_int_equal(fy_rpcbind_open(&rb, fake.addr, ferry_in_ms(10000),
					 &mem, NULL), FERRY_OK);
	assert_int_equal(fy_rpcbind_set(&rb, &map, &why), FERRY_EACCES);
	assert_non_null(strstr(why.text, "by ?[31mred?"));
	assert_null(strchr(why.text, '\033'));
	assert_int_equal(fy_rpcbind_unset(&rb, &map, &why), FERRY_EACCES);
	assert_null(strchr(why.text, '\033'));
	fy_rpcbind_close(&rb);
	ferry_arena_fini(&mem);
	fake_stop(&fake);
}

/* ---- hosts ---- */

static void
what_is_no_host_is_refused_without_asking(void **state)
{
	static const char *const hosts[] = {
		"a b", "http://x/", "tcp:x", "tcp:127.0.0.1:99999", "nope:x",
		"tcp:127.0.0.1:1?x=1",
	};
	char addr[FERRY_RPCBIND_ADDR];
	char endless[2000];
	struct ferry_error why;

	(void)state;
	memset(endless, 'x', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	for (size_t i = 0; i < FY_ARRAY_LEN(hosts); i++)
		assert_int_equal(ferry_rpcbind_find(hosts[i], PROGRAM, 1,
						    FERRY_NEVER, addr,
						    sizeof(addr), &why),
				 FERRY_EADDR);
	assert_int_equal(ferry_rpcbind_find(endless, PROGRAM, 1, FERRY_NEVER,
					    addr, sizeof(addr), &why),
			 FERRY_EADDR);
}

/* Its end is not to be lost, for then it is another command. */
static void
an_address_is_dialled_whole(void **state)
{
	char host[1010];
	struct ferry_error why;
	struct ferry_rpcbind_list list;
	struct ferry_arena mem = { 0 };

	(void)state;
	memset(host, ' ', sizeof(host) - 1);
	memcpy(host, "exec:false", 10);
	memcpy(host + sizeof(host) - 3, "\"x", 3);
	/* The quote that is not closed is behind byte 3000 when escaped. */
	assert_int_equal(ferry_rpcbind_dump(host, ferry_in_ms(10000), &mem,
					    &list, &why), FERRY_EADDR);
	ferry_arena_fini(&mem);
}

static void
what_nobody_can_dial_is_not_registered(void **state)
{
	(void)state;
	assert_int_equal(ferry_rpcbind_register(PROGRAM, 1, "exec:true",
						FERRY_NEVER, NULL),
			 FERRY_EADDR);
	assert_int_equal(ferry_rpcbind_register(PROGRAM, 1, "unix:date.sock",
						FERRY_NEVER, NULL),
			 FERRY_EADDR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			who_has_no_version_4_is_asked_in_3_on_one_connection),
		cmocka_unit_test(who_lacks_getversaddr_is_asked_by_getaddr),
		cmocka_unit_test(who_refuses_every_version_is_asked_each_once),
		cmocka_unit_test(
			who_is_no_rpcbind_is_not_one_that_knows_nothing),
		cmocka_unit_test(a_port_that_is_none_is_refused),
		cmocka_unit_test(who_never_answers_costs_the_deadline_once),
		cmocka_unit_test(who_answers_garbage_is_no_rpcbind),
		cmocka_unit_test(what_is_no_address_is_not_dialled),
		cmocka_unit_test(who_keeps_its_list_says_not_found),
		cmocka_unit_test(room_that_is_too_small_is_told),
		cmocka_unit_test(a_list_has_addresses_where_ferry_can_dial),
		cmocka_unit_test(
			versions_that_cannot_be_dialled_are_not_offered),
		cmocka_unit_test(
			what_the_superuser_registered_comes_before_the_nearest),
		cmocka_unit_test(a_list_that_is_cut_anywhere_is_an_error),
		cmocka_unit_test(a_list_over_the_limit_is_refused_by_its_mark),
		cmocka_unit_test(counts_that_lie_cost_no_memory),
		cmocka_unit_test(every_allocation_of_a_list_can_fail),
		cmocka_unit_test(an_owner_cannot_write_to_the_terminal),
		cmocka_unit_test(what_is_no_host_is_refused_without_asking),
		cmocka_unit_test(an_address_is_dialled_whole),
		cmocka_unit_test(what_nobody_can_dial_is_not_registered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

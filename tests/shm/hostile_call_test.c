/* SPDX-License-Identifier: MIT */
/*
 * A client of an RPC server that changes its call while that is decoded: what
 * is decoded is a copy.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>

#include "host.h"
#include "place.h"
#include "raw.h"

#define TEST(name) cmocka_unit_test(name)

#define RING 4096u
#define BYTES 1000u
#define CALLS 300
/* Words of a call before those of its argument, and of a reply. */
#define CALL_WORDS 10u
#define REPLY_WORDS 6u
/* What a reply says of a call: done; or what the argument is, is not known. */
#define SUCCESS 0u
#define GARBAGE 4u

struct scene {
	struct host host;
	struct raw raw;
	atomic_bool stop;
	pthread_t thread;
};

static void
scene_open(struct scene *s, const char *scheme)
{
	char path[sizeof(s->host.addr)];

	host_init(&s->host, NULL, 1);
	host_listen(&s->host, scheme);
	host_run(&s->host);
	snprintf(path, sizeof(path), "%s/s", s->host.dir);
	raw_make(&s->raw, RING);
	s->raw.socket = raw_connect(path, SOCK_SEQPACKET);
	assert_true(s->raw.socket >= 0);
	raw_say(&s->raw, RAW_HELLO);
	assert_true(raw_hear(&s->raw, NULL));
	atomic_store(&s->stop, false);
}

static void
scene_close(struct scene *s)
{
	raw_end(&s->raw);
	host_fini(&s->host);
}

/* ECHO of BYTES times @byte, of which nobody knows. */
static void
write_call(struct scene *s, uint8_t byte)
{
	uint8_t message[(CALL_WORDS + 1) * 4 + BYTES];
	uint32_t words[CALL_WORDS + 1] = { 7, 0, 2, ECHO_PROGRAM, 1, 1 };

	words[CALL_WORDS] = BYTES;
	for (size_t i = 0; i <= CALL_WORDS; i++)
		words[i] = htonl(words[i]);
	memcpy(message, words, sizeof(words));
	memset(message + sizeof(words), byte, BYTES);
	raw_record(&s->raw, message, sizeof(message), 0);
}

static void
send_call(struct scene *s)
{
	raw_publish(&s->raw);
	raw_wake(&s->raw, RAW_TAIL);
	raw_ring(&s->raw);
}

/* Return: SUCCESS, and the bytes are as sent; or GARBAGE. */
static uint32_t
check_reply(struct scene *s, uint8_t byte)
{
	uint8_t message[2 * BYTES];
	uint32_t n = raw_take(&s->raw, message, sizeof(message));
	uint32_t words[REPLY_WORDS + 1] = { 0 };

	assert_true(n >= REPLY_WORDS * 4);
	memcpy(words, message, n < sizeof(words) ? n : sizeof(words));
	assert_int_equal(ntohl(words[0]), 7);
	if (ntohl(words[REPLY_WORDS - 1]) == GARBAGE)
		return GARBAGE;
	assert_int_equal(ntohl(words[REPLY_WORDS - 1]), SUCCESS);
	assert_int_equal(ntohl(words[REPLY_WORDS]), BYTES);
	assert_int_equal(n, sizeof(words) + BYTES);
	for (uint32_t i = 0; i < BYTES; i++)
		assert_int_equal(message[sizeof(words) + i], byte);
	return SUCCESS;
}

static void
a_handler_sees_what_was_sent_whatever_becomes_of_it(void **state)
{
	struct scene s;

	(void)state;
	scene_open(&s, "shm");
	host_close_gate(&s.host);
	write_call(&s, 'x');
	send_call(&s);
	host_wait_gates(&s.host, 1);
	for (uint32_t at = 0; at < RING; at += 4)
		raw_put(&s.raw, at, 0x79797979);
	host_open_gate(&s.host);
	assert_int_equal(check_reply(&s, 'x'), SUCCESS);
	scene_close(&s);
}

/* The length of the argument: as it is, none, and more than there is. */
struct flipper {
	struct scene scene;
	_Atomic uint32_t at;
	_Atomic uint32_t n;
};

static void *
flip(void *arg)
{
	static const uint32_t lens[] = { BYTES, 0, BYTES, 0xfffffffc, BYTES };
	struct flipper *f = arg;

	for (uint32_t i = 0; !atomic_load(&f->scene.stop); i++) {
		raw_put(&f->scene.raw, atomic_load(&f->at),
			htonl(lens[i % 5]));
		atomic_fetch_add(&f->n, 1);
	}
	return NULL;
}

/* It has come by since. */
static void
let_flip(struct flipper *f)
{
	uint32_t n = atomic_load(&f->n);

	while (atomic_load(&f->n) - n < 10)
		(void)sched_yield();
}

static void
lengths_that_flip_are_decoded_as_one_of_them(void **state)
{
	struct flipper f;
	uint32_t n[GARBAGE + 1] = { 0 };

	(void)state;
	scene_open(&f.scene, "shm");
	/* In the argument of no call, at first. */
	atomic_store(&f.at, RING - 4);
	atomic_store(&f.n, 0);
	assert_int_equal(pthread_create(&f.scene.thread, NULL, flip, &f), 0);
	for (int i = 0; i < CALLS; i++) {
		struct raw *r = &f.scene.raw;

		atomic_store(&f.at, r->tail + RAW_RECORD + CALL_WORDS * 4);
		write_call(&f.scene, (uint8_t)i);
		let_flip(&f);
		send_call(&f.scene);
		n[check_reply(&f.scene, (uint8_t)i)]++;
	}
	atomic_store(&f.scene.stop, true);
	assert_int_equal(pthread_join(f.scene.thread, NULL), 0);
	print_message("%u calls done, %u refused\n", n[SUCCESS], n[GARBAGE]);
	assert_int_equal(n[SUCCESS] + n[GARBAGE], CALLS);
	scene_close(&f.scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_handler_sees_what_was_sent_whatever_becomes_of_it),
		TEST(lengths_that_flip_are_decoded_as_one_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

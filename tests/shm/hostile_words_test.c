/* SPDX-License-Identifier: MIT */
/*
 * What a hostile peer writes into its memory while a channel works: words at
 * random, lengths that flip, indexes and parts that cannot be. The channel ends
 * by an error or goes on; nothing else is touched by it.
 *
 * FERRY_HOSTILE_WORDS: random words (20000); FERRY_HOSTILE_MS: that lengths
 * flip (300).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "channel/channel.h"
#include "heap.h"
#include "place.h"
#include "raw.h"
#include "transport/shm/link.h"

#define TEST(name) cmocka_unit_test(name)

#define RING 4096u
#define LONGEST 20000u
/* Of a channel with such a limit; more than it may keep. */
#define HEAP_MOST (LONGEST * 4 + 65536)
/* What the victim's address says. */
static const char *const trusts[] = { "?ring=16k", "?ring=16k&trust=peer" };

/* ---- how the victim fares ---- */

/* A page behind what it reads of the peer that nobody may touch. */
static void *
guard(struct ferry_channel *ch)
{
	const struct fy_shm_link *l =
		FY_CONTAINER(ch->link, struct fy_shm_link, link);
	uint8_t *end = (uint8_t *)(uintptr_t)l->view.ring +
		       (size_t)l->view.size * 2;
	void *at = mmap(end, fy_shm_page_bytes(), PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
			0);

	/* What is there already belongs to somebody, but is not read. */
	return at == (void *)end ? at : NULL;
}

static void
unguard(void *at)
{
	if (at)
		munmap(at, fy_shm_page_bytes());
}

static uint32_t
sum(struct ferry_bytes message)
{
	uint32_t n = 0;

	for (size_t i = 0; i < message.len; i++)
		n += message.data[i];
	return n;
}

/* How a channel with such a peer may end. */
static void
check_end(ferry_err err)
{
	assert_true(err == FERRY_EPROTO || err == FERRY_EOF ||
		    err == FERRY_ELOST || err == FERRY_ETOOBIG);
}

static bool
goes_on(ferry_err err)
{
	return err == FERRY_OK || err == FERRY_ETIMEDOUT ||
	       err == FERRY_EAGAIN;
}

/*
 * Receives and sends until receiving ends, which is told once more. Return: how
 * many messages came.
 */
static uint32_t
suffer(struct ferry_channel *ch, bool polled)
{
	const uint8_t text[LONGEST / 2] = { 7 };
	volatile uint32_t touched = 0;
	struct ferry_bytes got;
	uint32_t n = 0;
	ferry_err err = FERRY_OK;
	int fd;

	if (polled)
		assert_int_equal(ferry_channel_fd(ch, &fd, NULL), FERRY_OK);
	for (uint32_t i = 0; goes_on(err); i++) {
		const struct ferry_bytes message = {
			text, i % 16 == 15 ? sizeof(text) : i % 200
		};
		int64_t start = place_ns();

		err = ferry_channel_send(ch, message,
					 i % 4 ? FERRY_NOW : ferry_in_ms(1),
					 NULL);
		if (!goes_on(err))
			check_end(err);
		err = ferry_channel_take(ch, &got, ferry_in_ms(i % 3), NULL);
		assert_true(place_ns() - start < PLACE_LATE_NS);
		if (err)
			continue;
		assert_true(got.len <= LONGEST);
		touched += sum(got);
		ferry_channel_release(ch);
		n++;
	}
	(void)touched;
	check_end(err);
	assert_int_equal(ferry_channel_take(ch, &got, FERRY_NOW, NULL), err);
	return n;
}

/* ---- words at random ---- */

/* There in builds whose memory is not the program's alone. */
extern void __asan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));

#define GROWTH_MOST_KIB 1024

/* KiB of this process that are its own: no ring is. */
static long
own_memory(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	long kib = 0;
	char line[200];

	while (status && fgets(line, sizeof(line), status)) {
		if (sscanf(line, "RssAnon: %ld", &kib) == 1)
			break;
	}
	if (status)
		fclose(status);
	return kib;
}

static void
check_growth(long before)
{
	if (__asan_init || __tsan_init)
		return;
	assert_true(own_memory() - before < GROWTH_MOST_KIB);
}

/* Words that one side may write but for those of records. */
static const uint32_t words[] = { RAW_TAIL,	  RAW_HEAD,	  RAW_CPU,
				  RAW_AWAIT_DATA, RAW_AWAIT_ROOM, RAW_LIFE };

/* Near to what is right, or not at all. */
static uint32_t
nasty(uint64_t *seed, const struct raw *r)
{
	const uint32_t n = place_roll(seed);
	const uint32_t near[] = {
		r->tail + n % 64 * 8, r->tail - n % 64 * 8, r->tail + RING,
		r->tail + RING + 8,   r->tail | RAW_LAST,   r->tail + 4,
		r->head + n % 64 * 8, r->head | RAW_LAST,   0,
		UINT32_MAX,	      RAW_DIED,		    n % 4096,
		n << 2 | RAW_FUTEX,   n << 2 | RAW_BELL,
	};

	return n % 3 == 0 ? n : near[n / 3 % (sizeof(near) / sizeof(near[0]))];
}

/* What keeps a channel busy. */
static void
behave(struct raw *r, uint64_t *seed)
{
	uint8_t text[200] = { 1 };

	if (r->tail - (raw_look(r, RAW_HEAD) & ~7u) < RING / 2)
		raw_record(r, text, place_roll(seed) % sizeof(text), 0);
	raw_publish(r);
	raw_wake(r, RAW_TAIL);
	(void)raw_swallow(r);
	raw_ring(r);
}

/* struct attack - @n words by one peer, the random ones of @seed */
struct attack {
	struct raw raw;
	uint64_t seed;
	uint32_t n;
};

/* Words into everything, and some of good will between them. */
static void *
scribble(void *arg)
{
	struct attack *a = arg;
	struct raw *r = &a->raw;

	for (uint32_t i = 0; i < a->n; i++) {
		uint32_t where = place_roll(&a->seed) % 16;
		uint32_t what = nasty(&a->seed, r);

		if (place_roll(&a->seed) % 8 < 5)
			behave(r, &a->seed);
		if (where < sizeof(words) / sizeof(words[0]))
			raw_store(r, words[where], what);
		else if (where < 12)
			raw_put(r, place_roll(&a->seed) & ~3u, what);
		else
			raw_put(r, r->head + where % 2 * 4, what);
		if (where == 15)
			raw_wake(r, RAW_TAIL);
	}
	/* Gone, whatever its words say. */
	close(r->socket);
	r->socket = -1;
	return NULL;
}

static void
words_at_random_end_the_channel_or_do_nothing(void **state)
{
	const uint32_t n_words = place_size("FERRY_HOSTILE_WORDS", 20000);
	struct fy_test_heap heap;
	const struct ferry_channel_config config = { .hooks = &heap.hooks,
						     .max_message = LONGEST };
	uint64_t n_got = 0, n_ends = 0;
	struct attack a = { .seed = 5 };
	long before = 0;

	(void)state;
	for (uint32_t trust = 0; trust < 2; trust++) {
		struct place p;

		fy_test_heap_init(&heap);
		place_open(&p, trusts[trust], &config);
		for (uint32_t left = n_words / 2; left > 0; left -= a.n) {
			struct ferry_channel *ch =
				raw_meet(&a.raw, RING, p.path, p.listener);
			void *behind = guard(ch);
			pthread_t thread;

			/* The most do not survive a dozen. */
			a.n = 1 + place_roll(&a.seed) % 64;
			a.n = a.n < left ? a.n : left;
			assert_int_equal(
				pthread_create(&thread, NULL, scribble, &a),
				0);
			n_got += suffer(ch, n_ends % 2);
			n_ends++;
			assert_int_equal(pthread_join(thread, NULL), 0);
			assert_true(atomic_load(&heap.live) < HEAP_MOST);
			ferry_channel_close(ch, FERRY_NOW, NULL);
			unguard(behind);
			raw_end(&a.raw);
			if (n_ends % 100 == 0)
				place_check(&p);
			/* By then all that is kept has been there. */
			if (n_ends == 20)
				before = own_memory();
		}
		assert_true(atomic_load(&heap.peak) < HEAP_MOST);
		place_close(&p);
		assert_int_equal(atomic_load(&heap.n_live), 0);
	}
	check_growth(before);
	print_message("%u words, %llu channels, %llu messages received\n",
		      n_words, (unsigned long long)n_ends,
		      (unsigned long long)n_got);
	assert_true(n_got > 0);
}

/* ---- lengths that flip while they are read ---- */

/*
 * The ring is full of cells. What is in front of a cell says 24 or 56 bytes by
 * turns; of the short one the rest is a record, too:
 *
 *	| 24 or 56, 0 | 24 bytes of A | 24, 0 | 24 bytes of B |
 */
#define CELL 64u
#define SHORT 24u
#define LONG 56u
#define HUGE 0x7ffffff0u
#define A 0xa5u
#define B 0x5au

struct flipper {
	struct raw raw;
	atomic_bool stop;
	uint64_t n;
};

static void
fill_cells(struct raw *r)
{
	for (uint32_t at = 0; at < r->ring; at += CELL) {
		for (uint32_t i = 0; i < SHORT; i += 4) {
			raw_put(r, at + 8 + i, A * 0x01010101u);
			raw_put(r, at + 40 + i, B * 0x01010101u);
		}
		raw_put(r, at, SHORT);
		raw_put(r, at + 4, 0);
		raw_put(r, at + 32, SHORT);
		raw_put(r, at + 36, 0);
	}
}

/* Those in front are what is read next. */
static void
flip_cells(struct flipper *f, uint32_t bytes)
{
	uint32_t at = raw_look(&f->raw, RAW_HEAD) & ~(CELL - 1);

	for (uint32_t i = 0; i < RING; i += CELL)
		raw_put(&f->raw, at + i, bytes);
	f->n += RING / CELL;
}

static void *
flip(void *arg)
{
	struct flipper *f = arg;
	struct raw *r = &f->raw;

	for (uint32_t i = 1; !atomic_load(&f->stop); i++) {
		r->tail = (raw_look(r, RAW_HEAD) & ~(CELL - 1)) + RING;
		raw_publish(r);
		raw_wake(r, RAW_TAIL);
		flip_cells(f, LONG);
		if (i % 8 == 0)
			flip_cells(f, HUGE);
		flip_cells(f, SHORT);
	}
	return NULL;
}

static bool
is_all(struct ferry_bytes message, size_t from, size_t n, uint8_t byte)
{
	for (size_t i = from; i < from + n; i++) {
		if (message.data[i] != byte)
			return false;
	}
	return true;
}

/* @half: a short A has come: a B is due. */
static void
check_cell(struct ferry_bytes got, bool *half)
{
	static const uint8_t head[8] = { SHORT };

	if (got.len == LONG) {
		assert_false(*half);
		assert_true(is_all(got, 0, SHORT, A));
		assert_memory_equal(got.data + SHORT, head, sizeof(head));
		assert_true(is_all(got, SHORT + 8, SHORT, B));
		return;
	}
	assert_int_equal(got.len, SHORT);
	assert_true(is_all(got, 0, SHORT, *half ? B : A));
	*half = !*half;
}

/* Until the flipper goes too far, or it is late. */
static uint64_t
receive_cells(struct ferry_channel *ch, int64_t end_ns)
{
	struct ferry_bytes got;
	ferry_err err = FERRY_OK;
	bool half = false;
	uint64_t n = 0;

	while (goes_on(err) && place_ns() < end_ns) {
		err = ferry_channel_take(ch, &got, ferry_in_ms(100), NULL);
		if (err)
			continue;
		check_cell(got, &half);
		ferry_channel_release(ch);
		n++;
	}
	assert_true(goes_on(err) || err == FERRY_EPROTO);
	return n;
}

static void
lengths_that_flip_are_read_once(void **state)
{
	const int64_t all_ns = place_size("FERRY_HOSTILE_MS", 300) * 1000000LL;
	uint64_t n = 0, n_flips = 0, n_ends = 0;

	(void)state;
	for (uint32_t trust = 0; trust < 2; trust++) {
		int64_t end_ns = place_ns() + all_ns / 2;
		struct place p;

		place_open(&p, trusts[trust], NULL);
		while (place_ns() < end_ns) {
			struct flipper f = { .n = 0 };
			struct ferry_channel *ch =
				raw_meet(&f.raw, RING, p.path, p.listener);
			void *behind = guard(ch);
			pthread_t thread;

			fill_cells(&f.raw);
			assert_int_equal(
				pthread_create(&thread, NULL, flip, &f), 0);
			n += receive_cells(ch, end_ns);
			atomic_store(&f.stop, true);
			assert_int_equal(pthread_join(thread, NULL), 0);
			n_flips += f.n;
			n_ends++;
			ferry_channel_close(ch, FERRY_NOW, NULL);
			unguard(behind);
			raw_end(&f.raw);
		}
		place_close(&p);
	}
	print_message("%llu flips, %llu messages, %llu channels\n",
		      (unsigned long long)n_flips, (unsigned long long)n,
		      (unsigned long long)n_ends);
	assert_true(n > 0);
}

/* What is decoded is what was checked: nobody writes to it any more. */
static void
a_message_does_not_change_once_it_has_been_received(void **state)
{
	uint8_t text[1000];
	struct ferry_bytes got;
	struct ferry_channel *ch;
	struct place p;
	struct raw r;

	(void)state;
	place_open(&p, "", NULL);
	ch = raw_meet(&r, RING, p.path, p.listener);
	memset(text, A, sizeof(text));
	raw_record(&r, text, sizeof(text), 0);
	raw_publish(&r);
	assert_int_equal(ferry_channel_take(ch, &got,
					    ferry_in_ms(PLACE_SOON_MS), NULL),
			 FERRY_OK);
	for (uint32_t at = 0; at < RING; at += 4)
		raw_put(&r, at, B * 0x01010101u);
	assert_int_equal(got.len, sizeof(text));
	assert_true(is_all(got, 0, sizeof(text), A));
	ferry_channel_release(ch);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	raw_end(&r);
	place_close(&p);
}

/* ---- what cannot be ---- */

static void
store_tail(struct raw *r, uint32_t value)
{
	raw_store(r, RAW_TAIL, value);
}

static void
tail_a_ring_ahead(struct raw *r)
{
	store_tail(r, RING + 8);
}

static void
tail_far_ahead(struct raw *r)
{
	store_tail(r, 0x80000000u);
}

static void
tail_behind(struct raw *r)
{
	store_tail(r, 0u - 8);
}

static void
tail_between(struct raw *r)
{
	store_tail(r, 20);
}

static void
tail_with_odd_bits(struct raw *r)
{
	store_tail(r, 16 | 2);
}

/* Behind what has been received, though it was right once. */
static void
tail_goes_back(struct raw *r)
{
	raw_record(r, "x", 1, 0);
	raw_record(r, "y", 1, 0);
	raw_publish(r);
}

static void
last_is_taken_back(struct raw *r)
{
	raw_record(r, "x", 1, 0);
	store_tail(r, r->tail | RAW_LAST);
}

static void
record_longer_than_published(struct raw *r)
{
	raw_record(r, "12345678", 8, 0);
	raw_put(r, 0, 9);
	raw_publish(r);
}

static void
record_longer_than_the_ring(struct raw *r)
{
	raw_record(r, "12345678", 8, 0);
	raw_put(r, 0, RING);
	store_tail(r, RING);
}

/* What wraps when a head and an alignment are added. */
static void
record_without_end(struct raw *r)
{
	raw_record(r, "12345678", 8, 0);
	raw_put(r, 0, UINT32_MAX);
	raw_publish(r);
}

static void
record_of_unknown_flags(struct raw *r)
{
	raw_record(r, "12345678", 8, 2);
	raw_publish(r);
}

static void
part_of_nothing(struct raw *r)
{
	raw_record(r, "", 0, RAW_MORE);
	raw_publish(r);
}

static void
part_that_is_tiny(struct raw *r)
{
	const uint8_t text[255] = { 0 };

	raw_record(r, text, sizeof(text), RAW_MORE);
	raw_publish(r);
}

static const struct wrong {
	const char *name;
	void (*act)(struct raw *r);
} wrongs[] = {
	{ "a tail a ring ahead", tail_a_ring_ahead },
	{ "a tail far ahead", tail_far_ahead },
	{ "a tail behind", tail_behind },
	{ "a tail between two records", tail_between },
	{ "a tail with odd bits", tail_with_odd_bits },
	{ "a record longer than published", record_longer_than_published },
	{ "a record longer than the ring", record_longer_than_the_ring },
	{ "a record without end", record_without_end },
	{ "a record of unknown flags", record_of_unknown_flags },
	{ "a part of nothing", part_of_nothing },
	{ "a part that is tiny", part_that_is_tiny },
};

static ferry_err
receive_error(struct ferry_channel *ch)
{
	struct ferry_bytes got;

	return ferry_channel_take(ch, &got, ferry_in_ms(PLACE_SOON_MS), NULL);
}

static void
what_cannot_be_in_a_ring_breaks_the_protocol(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2 * sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		struct ferry_counters counters;
		struct ferry_channel *ch;
		struct place p;
		struct raw r;

		place_open(&p, trusts[i % 2], NULL);
		ch = raw_meet(&r, RING, p.path, p.listener);
		wrongs[i / 2].act(&r);
		if (receive_error(ch) != FERRY_EPROTO)
			fail_msg("not refused: %s", wrongs[i / 2].name);
		assert_int_equal(receive_error(ch), FERRY_EPROTO);
		ferry_channel_counters(ch, &counters);
		assert_int_equal(counters.broken, 1);
		assert_int_equal(counters.received, 0);
		ferry_channel_close(ch, FERRY_NOW, NULL);
		raw_end(&r);
		place_close(&p);
	}
}

static void
a_tail_that_goes_back_breaks_the_protocol(void **state)
{
	void (*const acts[])(struct raw *) = { tail_goes_back,
					       last_is_taken_back };

	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		struct ferry_channel *ch;
		struct ferry_bytes got;
		struct place p;
		struct raw r;
		ferry_err err;

		place_open(&p, "", NULL);
		ch = raw_meet(&r, RING, p.path, p.listener);
		acts[i](&r);
		assert_int_equal(ferry_channel_take(ch, &got, FERRY_NOW, NULL),
				 FERRY_OK);
		assert_int_equal(got.len, 1);
		ferry_channel_release(ch);
		store_tail(&r, 8);
		err = receive_error(ch);
		if (i == 0) {
			/* The second record was read with the first tail. */
			assert_int_equal(err, FERRY_OK);
			ferry_channel_release(ch);
			err = receive_error(ch);
		}
		assert_int_equal(err, FERRY_EPROTO);
		ferry_channel_close(ch, FERRY_NOW, NULL);
		raw_end(&r);
		place_close(&p);
	}
}

/* ---- the head ---- */

static ferry_err
send_error(struct ferry_channel *ch)
{
	const uint8_t text[2048] = { 0 };
	ferry_err err = FERRY_OK;

	for (int i = 0; i < 100 && !err; i++)
		err = ferry_channel_send(
			ch, (struct ferry_bytes){ text, sizeof(text) },
			ferry_in_ms(50), NULL);
	return err;
}

static void
heads_that_cannot_be_end_sending(void **state)
{
	/* Nothing; ahead of all that was sent; back; between; odd. */
	static const uint32_t heads[] = { 8, 1u << 31, 0u - 8, 4, 2, 1 << 20 };

	(void)state;
	for (uint32_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct ferry_channel *ch;
		struct place p;
		struct raw r;

		place_open(&p, "?ring=16k", NULL);
		ch = raw_meet(&r, RING, p.path, p.listener);
		if (i == 0) {
			/* It was right; then it goes back. */
			assert_int_equal(send_error(ch), FERRY_ETIMEDOUT);
			(void)raw_swallow(&r);
			assert_int_equal(send_error(ch), FERRY_ETIMEDOUT);
		}
		raw_store(&r, RAW_HEAD, heads[i]);
		assert_int_equal(send_error(ch), FERRY_EPROTO);
		ferry_channel_close(ch, FERRY_NOW, NULL);
		raw_end(&r);
		place_close(&p);
	}
}

/* ---- parts ---- */

/* More than the limit, and then more still. Return: how it ended. */
static ferry_err
send_parts(struct ferry_channel *ch, struct raw *r, uint32_t bytes)
{
	const uint8_t text[1024] = { 3 };
	ferry_err err = FERRY_ETIMEDOUT;
	struct ferry_bytes got;

	for (int i = 0; i < 10000 && err == FERRY_ETIMEDOUT; i++) {
		raw_record(r, text, bytes, RAW_MORE);
		raw_publish(r);
		err = ferry_channel_take(ch, &got, ferry_in_ns(1), NULL);
	}
	return err;
}

static void
parts_without_end_are_too_much_once(void **state)
{
	static const uint32_t sizes[] = { 256, 257, 1000 };
	struct fy_test_heap heap;
	const struct ferry_channel_config config = { .hooks = &heap.hooks,
						     .max_message = LONGEST };

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		struct ferry_channel *ch;
		struct place p;
		struct raw r;

		fy_test_heap_init(&heap);
		place_open(&p, "?ring=16k", &config);
		ch = raw_meet(&r, RING, p.path, p.listener);
		assert_int_equal(send_parts(ch, &r, sizes[i]),
				 FERRY_ETOOBIG);
		assert_int_equal(receive_error(ch), FERRY_ETOOBIG);
		assert_true(atomic_load(&heap.peak) < HEAP_MOST);
		ferry_channel_close(ch, FERRY_NOW, NULL);
		raw_end(&r);
		place_close(&p);
	}
}

static void
an_end_between_parts_loses_the_message(void **state)
{
	const uint8_t text[256] = { 3 };
	struct ferry_channel *ch;
	struct place p;
	struct raw r;

	(void)state;
	place_open(&p, "?ring=16k", NULL);
	ch = raw_meet(&r, RING, p.path, p.listener);
	raw_record(&r, text, sizeof(text), RAW_MORE);
	store_tail(&r, r.tail | RAW_LAST);
	assert_int_equal(receive_error(ch), FERRY_ELOST);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	raw_end(&r);
	place_close(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_at_random_end_the_channel_or_do_nothing),
		TEST(lengths_that_flip_are_read_once),
		TEST(a_message_does_not_change_once_it_has_been_received),
		TEST(what_cannot_be_in_a_ring_breaks_the_protocol),
		TEST(a_tail_that_goes_back_breaks_the_protocol),
		TEST(heads_that_cannot_be_end_sending),
		TEST(parts_without_end_are_too_much_once),
		TEST(an_end_between_parts_loses_the_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* What a peer can do to memory that is shared already: nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "place.h"
#include "raw.h"

#define TEST(name) cmocka_unit_test(name)

#define REFUSED(act) assert_true((long)(act) == -1)

/* Whatever @fd allows of what would take memory from under who reads it. */
static void
try_all(int fd)
{
	const off_t bytes = (off_t)raw_area(4096);
	const int punch = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;

	REFUSED(ftruncate(fd, 0));
	REFUSED(ftruncate(fd, bytes / 2));
	REFUSED(ftruncate(fd, 1 << 30));
	REFUSED(fallocate(fd, punch, 0, 1 << 20));
	REFUSED(fallocate(fd, FALLOC_FL_ZERO_RANGE, 0, 4096));
	REFUSED(fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 0, 4096));
	REFUSED(fallocate(fd, 0, 0, 1 << 30));
	REFUSED(pwrite(fd, "x", 1, 0));
	REFUSED(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	REFUSED(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
}

static void
try_reopened(int fd)
{
	char path[40];
	void *at;
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	REFUSED(truncate(path, 0));
	again = open(path, O_RDWR);
	if (again >= 0) {
		try_all(again);
		close(again);
	}
	/* Nor may what can be read be made to be written. */
	at = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(at, MAP_FAILED);
	REFUSED(mprotect(at, 4096, PROT_READ | PROT_WRITE));
	REFUSED(madvise(at, 4096, MADV_REMOVE));
	assert_int_equal(munmap(at, 4096), 0);
}

static void
expect_message(struct raw *r, struct ferry_channel *ch, uint32_t bytes)
{
	static const uint8_t text[4096];
	struct ferry_bytes got;

	raw_record(r, text, bytes, 0);
	raw_publish(r);
	assert_int_equal(ferry_channel_take(ch, &got,
					    ferry_in_ms(PLACE_SOON_MS), NULL),
			 FERRY_OK);
	assert_int_equal(got.len, bytes);
	ferry_channel_release(ch);
}

static void
memory_that_is_shared_cannot_be_taken_away(void **state)
{
	struct ferry_channel *ch;
	struct ferry_bytes got;
	struct place p;
	struct raw r;

	(void)state;
	place_open(&p, "", NULL);
	ch = raw_meet(&r, 4096, p.path, p.listener);
	try_all(r.memory);
	try_reopened(r.memory);
	/* Its own map can be written to, and has to stay whole all the same. */
	REFUSED(madvise(r.own, raw_area(4096), MADV_REMOVE));
	(void)madvise(r.own, raw_area(4096), MADV_DONTNEED);
	(void)madvise(r.own, raw_area(4096), 21 /* MADV_PAGEOUT */);
	for (int i = 0; i < 10; i++)
		expect_message(&r, ch, 3000);
	/* Unmapped and closed it is still there for who reads it. */
	raw_record(&r, "x", 1, 0);
	raw_publish(&r);
	raw_end(&r);
	assert_int_equal(ferry_channel_take(ch, &got, FERRY_NOW, NULL),
			 FERRY_OK);
	ferry_channel_release(ch);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	place_close(&p);
}

/* What the victim sends its peer is the victim's alone. */
static void
memory_of_the_victim_cannot_be_written_by_its_peer(void **state)
{
	struct ferry_channel *ch;
	struct place p;
	struct raw r;
	void *page;

	(void)state;
	place_open(&p, "", NULL);
	ch = raw_meet(&r, 4096, p.path, p.listener);
	page = (void *)(uintptr_t)r.its;
	REFUSED(mprotect(page, 4096, PROT_READ | PROT_WRITE));
	REFUSED(madvise(page, 4096, MADV_REMOVE));
	try_all(r.heard);
	try_reopened(r.heard);
	expect_message(&r, ch, 1);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	raw_end(&r);
	place_close(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(memory_that_is_shared_cannot_be_taken_away),
		TEST(memory_of_the_victim_cannot_be_written_by_its_peer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

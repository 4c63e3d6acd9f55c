/* SPDX-License-Identifier: MIT */
/* Memory that a peer offers: what is taken, and what can be done to it then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "transport/shm/area.h"

#define RING 65536u
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL)

static size_t
all_bytes(void)
{
	return fy_shm_page_bytes() + RING;
}

static struct fy_shm_area
make(uint32_t bytes, int *fd)
{
	struct fy_shm_area area = { 0 };
	struct ferry_error why;

	assert_int_equal(fy_shm_area_make(bytes, &area, fd, &why), FERRY_OK);
	return area;
}

static void
what_one_writes_the_other_reads_and_twice(void **state)
{
	static const uint32_t sizes[] = { 65536, 1u << 20 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const uint32_t size = sizes[i];
		struct fy_shm_view view = { 0 };
		int fd = -1;
		struct fy_shm_area area = make(size, &fd);

		assert_int_equal(fy_shm_view_open(fd, size, size, geteuid(),
						  &view, NULL),
				 FERRY_OK);
		close(fd);
		assert_int_equal(view.size, size);
		memset(area.node, 7, fy_shm_page_bytes());
		area.page->tail = 42;
		memcpy(area.ring + size - 4, "abcdefgh", 8);
		assert_int_equal(view.page->tail, 42);
		assert_memory_equal(view.ring + size - 4, "abcdefgh", 8);
		assert_memory_equal(view.ring, "efgh", 4);
		assert_memory_equal(area.ring, "efgh", 4);
		fy_shm_view_close(&view);
		fy_shm_area_close(&area);
		fy_shm_view_close(&view);
		fy_shm_area_close(&area);
	}
}

/* ---- what is offered ---- */

/* As a peer makes it: @bytes that are there, with @seals. */
static int
offer(size_t bytes, int seals)
{
	int fd = memfd_create("offer", MFD_ALLOW_SEALING);

	assert_true(fd >= 0);
	assert_int_equal(fallocate(fd, 0, 0, (off_t)bytes), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

static int
offer_unsealed(void)
{
	return offer(all_bytes(), 0);
}

/* What each memfd that takes none has. */
static int
offer_that_takes_no_seals(void)
{
	int fd = memfd_create("offer", 0);

	assert_int_equal(fallocate(fd, 0, 0, (off_t)all_bytes()), 0);
	return fd;
}

static int
offer_that_shrinks(void)
{
	return offer(all_bytes(), SEALS & ~F_SEAL_SHRINK);
}

static int
offer_that_grows(void)
{
	return offer(all_bytes(), SEALS & ~F_SEAL_GROW);
}

static int
offer_that_others_write(void)
{
	return offer(all_bytes(), SEALS & ~F_SEAL_FUTURE_WRITE);
}

static int
offer_that_takes_more_seals(void)
{
	return offer(all_bytes(), SEALS & ~F_SEAL_SEAL);
}

static int
offer_shorter(void)
{
	return offer(all_bytes() - 1, SEALS);
}

static int
offer_longer(void)
{
	return offer(all_bytes() + 1, SEALS);
}

static int
offer_empty(void)
{
	int fd = memfd_create("offer", MFD_ALLOW_SEALING);

	assert_int_equal(ftruncate(fd, (off_t)all_bytes()), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, SEALS), 0);
	return fd;
}

static int
offer_with_a_hole(void)
{
	int fd = memfd_create("offer", MFD_ALLOW_SEALING);

	assert_int_equal(fallocate(fd, 0, 0, (off_t)all_bytes()), 0);
	assert_int_equal(fallocate(fd,
				   FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				   (off_t)fy_shm_page_bytes(),
				   (off_t)fy_shm_page_bytes()),
			 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, SEALS), 0);
	return fd;
}

static int
reopened(int fd, int flags)
{
	char path[40];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, flags);
	assert_true(again >= 0);
	close(fd);
	return again;
}

static int
offer_to_read(void)
{
	return reopened(offer(all_bytes(), SEALS), O_RDONLY);
}

static int
offer_to_write(void)
{
	return reopened(offer(all_bytes(), SEALS), O_WRONLY);
}

static int
offer_a_path(void)
{
	return reopened(offer(all_bytes(), SEALS), O_PATH);
}

static int
offer_a_folder(void)
{
	return open("/", O_RDONLY);
}

static int
offer_a_pipe(void)
{
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	close(fds[1]);
	return fds[0];
}

/* No file of /dev/shm takes seals. */
static int
offer_a_file_of_dev_shm(void)
{
	char path[] = "/dev/shm/ferry-test-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0)
		return -1;
	unlink(path);
	assert_int_equal(posix_fallocate(fd, 0, (off_t)all_bytes()), 0);
	return fd;
}

/* Where it is on a disk; a test may have /tmp in memory. */
static int
offer_a_file(void)
{
	return open("/proc/self/exe", O_RDONLY);
}

/* A page of them has to be there: mostly there is none. */
static int
offer_huge(void)
{
	const size_t huge = 2u << 20;
	int fd = memfd_create("offer", MFD_ALLOW_SEALING | MFD_HUGETLB);

	if (fd < 0)
		return -1;
	assert_int_equal(ftruncate(fd, (off_t)huge), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, SEALS), 0);
	return fd;
}

static const struct {
	int (*offer)(void);
	const char *says;
} offers[] = {
	{ offer_unsealed, "is not sealed" },
	{ offer_that_takes_no_seals, "is not sealed" },
	{ offer_a_file_of_dev_shm, "is not sealed" },
	{ offer_that_shrinks, "not sealed against being cut" },
	{ offer_that_grows, "not sealed against growing" },
	{ offer_that_others_write, "not sealed against being written" },
	{ offer_that_takes_more_seals, "not sealed against other seals" },
	{ offer_shorter, "is shorter than it says" },
	{ offer_longer, "is longer than it says" },
	{ offer_empty, "has holes: 0 bytes of" },
	{ offer_with_a_hole, "has holes" },
	{ offer_to_read, "open for one way alone" },
	{ offer_to_write, "open for one way alone" },
	{ offer_a_path, "open for one way alone" },
	{ offer_a_folder, "no memory" },
	{ offer_a_pipe, "no memory" },
	{ offer_a_file, "a file on a disk" },
	{ offer_huge, "huge pages" },
};

static void
what_could_change_under_us_is_refused_and_why_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		struct fy_shm_view view = { 0 };
		struct ferry_error why = { .code = FERRY_OK };
		int fd = offers[i].offer();

		if (fd < 0)
			continue;
		assert_int_equal(fy_shm_view_open(fd, RING, RING, geteuid(),
						  &view, &why),
				 FERRY_EPROTO);
		assert_int_equal(why.code, FERRY_EPROTO);
		assert_non_null(strstr(why.text, offers[i].says));
		assert_null(view.page);
		close(fd);
	}
}

static void
memory_of_another_user_is_refused(void **state)
{
	struct fy_shm_view view = { 0 };
	struct ferry_error why;
	int fd = offer(all_bytes(), SEALS);

	(void)state;
	assert_int_equal(fy_shm_view_open(fd, RING, RING, geteuid() + 1, &view,
					  &why),
			 FERRY_EACCES);
	assert_non_null(strstr(why.text, "must be its own"));
	assert_null(view.page);
	close(fd);
}

static void
a_ring_of_a_wrong_size_is_refused(void **state)
{
	static const uint64_t wrong[] = {
		0, 1, 8, 2048, 65535, 65537, 3u << 15, 1ull << 31, 1ull << 32,
		(1ull << 32) + RING, 1ull << 63, UINT64_MAX,
	};
	struct fy_shm_view view = { 0 };
	struct ferry_error why;
	int fd = offer(all_bytes(), SEALS);

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(fy_shm_view_open(fd, wrong[i], UINT64_MAX,
						  geteuid(), &view, &why),
				 FERRY_EPROTO);
		assert_non_null(strstr(why.text, "power of two"));
	}
	assert_int_equal(fy_shm_view_open(fd, RING, RING / 2, geteuid(), &view,
					  &why),
			 FERRY_ETOOBIG);
	assert_non_null(strstr(why.text, "the most that is taken"));
	assert_null(view.page);
	close(fd);
}

/* ---- what a peer can do to memory that it was sent ---- */

static void
what_is_sealed_stays_as_it_is(void **state)
{
	const off_t page = (off_t)fy_shm_page_bytes();
	int fd = -1, other = memfd_create("other", 0), again;
	struct fy_shm_area area = make(RING, &fd);
	void *map;

	(void)state;
	memset(area.ring, 'x', RING);
	/* With all that the descriptor may have lost. */
	again = reopened(dup(fd), O_RDWR);
	assert_int_equal(write(other, "yyyy", 4), 4);
	for (int i = 0; i < 2; i++) {
		int at = i == 0 ? fd : again;

#define REFUSED(error, call)                                                   \
	do {                                                                   \
		assert_true((call) < 0);                                       \
		assert_int_equal(errno, error);                                \
	} while (0)
		REFUSED(EPERM, fallocate(at, FALLOC_FL_PUNCH_HOLE |
						     FALLOC_FL_KEEP_SIZE,
					 page, page));
		REFUSED(EPERM, fallocate(at, 0, 0, 2 * (off_t)RING));
		REFUSED(EPERM, ftruncate(at, 0));
		REFUSED(EPERM, ftruncate(at, 2 * (off_t)RING));
		REFUSED(EPERM, pwrite(at, "y", 1, page));
		REFUSED(EPERM, sendfile(at, other, &(off_t){ 0 }, 4));
		REFUSED(EPERM, fcntl(at, F_ADD_SEALS, F_SEAL_WRITE));
		assert_ptr_equal(mmap(NULL, RING, PROT_READ | PROT_WRITE,
				      MAP_SHARED, at, page),
				 MAP_FAILED);
		assert_int_equal(errno, EPERM);
		map = mmap(NULL, RING, PROT_READ, MAP_SHARED, at, page);
		assert_true(map != MAP_FAILED);
		REFUSED(EACCES, mprotect(map, RING, PROT_READ | PROT_WRITE));
		REFUSED(EACCES, madvise(map, RING, MADV_REMOVE));
		/* These are his own affair. */
		(void)madvise(map, RING, MADV_DONTNEED);
		(void)munmap(map, RING);
	}
	for (size_t i = 0; i < 2 * RING; i++)
		assert_int_equal(area.ring[i], 'x');
	close(other);
	close(again);
	close(fd);
	fy_shm_area_close(&area);
}

/* ---- limits ---- */

/* In a child whose files may have @most bytes: what making 8 MiB says. */
static struct ferry_error
make_limited(rlim_t most)
{
	struct ferry_error why = { .code = FERRY_OK };
	int told[2];
	pid_t child;

	assert_int_equal(pipe(told), 0);
	child = fork();
	if (child == 0) {
		struct fy_shm_area area = { 0 };
		int fd = -1;

		if (setrlimit(RLIMIT_FSIZE,
			      &(struct rlimit){ most, most }) < 0)
			_exit(1);
		(void)!fy_shm_area_make(8u << 20, &area, &fd, &why);
		if (fd >= 0 || area.page ||
		    write(told[1], &why, sizeof(why)) != sizeof(why))
			_exit(1);
		_exit(0);
	}
	close(told[1]);
	assert_int_equal(read(told[0], &why, sizeof(why)), sizeof(why));
	close(told[0]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	return why;
}

static void
what_is_not_to_be_had_is_said_as_it_is_made(void **state)
{
	struct ferry_error why = make_limited(1u << 20);

	(void)state;
	assert_int_equal(why.code, FERRY_ESYS);
	assert_int_equal(why.sys_errno, EFBIG);
}

/* A fork has nothing of it: what the child of a dead peer holds is not much. */
static void
children_inherit_no_memory(void **state)
{
	int fd = -1, status;
	struct fy_shm_area area = make(RING, &fd);
	struct fy_shm_view view = { 0 };
	pid_t child;

	(void)state;
	assert_int_equal(fy_shm_view_open(fd, RING, RING, geteuid(), &view,
					  NULL),
			 FERRY_OK);
	child = fork();
	if (child == 0) {
		unsigned char in;
		const size_t page = fy_shm_page_bytes();

		_exit(mincore(area.node, page, &in) == 0 ||
		      mincore(area.page, page, &in) == 0 ||
		      mincore((void *)(uintptr_t)view.page, page, &in) == 0 ||
		      mincore(area.ring + RING, page, &in) == 0 ||
		      errno != ENOMEM);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(fd);
	fy_shm_view_close(&view);
	fy_shm_area_close(&area);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_one_writes_the_other_reads_and_twice),
		cmocka_unit_test(
			what_could_change_under_us_is_refused_and_why_is_said),
		cmocka_unit_test(memory_of_another_user_is_refused),
		cmocka_unit_test(a_ring_of_a_wrong_size_is_refused),
		cmocka_unit_test(what_is_sealed_stays_as_it_is),
		cmocka_unit_test(what_is_not_to_be_had_is_said_as_it_is_made),
		cmocka_unit_test(children_inherit_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

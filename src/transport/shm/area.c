/* SPDX-License-Identifier: MIT */
#include "transport/shm/area.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "transport/shm/step.h"

/* Without all of these its maker could take it away, or others write to it. */
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL)

/* Of more than this the peer's takes time of who maps it: so as it is used. */
#define PREFAULT_MOST (16u << 20)

/* st_blocks counts in these. */
#define BLOCK_BYTES 512u

size_t
fy_shm_page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

bool
fy_shm_ring_ok(uint64_t bytes)
{
	/* Mapped twice it has to end with a page, of which some are longer. */
	return bytes >= FY_SHM_RING_LEAST && bytes <= FY_SHM_RING_MOST &&
	       bytes >= fy_shm_page_bytes() && (bytes & (bytes - 1)) == 0;
}

/*
 * The words, the ring, and the ring again, in the place of what is reserved:
 *
 *	| page | ring 0 .. size-1 | ring 0 .. size-1 |
 */
static int
map_twice(uint8_t *at, size_t size, int prot, int fd)
{
	const size_t page = fy_shm_page_bytes();

	if (fy_os_map_over(at, page + size, prot, fd, 0) < 0)
		return -1;
	if (size <= PREFAULT_MOST)
		fy_os_prefault(at, page + size, prot);
	return fy_os_map_over(at + page + size, size, prot, fd, (off_t)page);
}

static size_t
mapped_bytes(size_t size)
{
	return fy_shm_page_bytes() + 2 * size;
}

/* ---- one's own ---- */

static ferry_err
map_own(int fd, uint32_t size, struct fy_shm_area *out, struct ferry_error *why)
{
	const size_t page = fy_shm_page_bytes();
	const size_t all = page + mapped_bytes(size);
	uint8_t *at = fy_os_reserve(all);
	ferry_err err;

	if (!at)
		return fy_fail_errno(why, "find room for %zu bytes of shared "
				     "memory", all);
	if (fy_os_allow(at, page) == 0 &&
	    map_twice(at + page, size, PROT_READ | PROT_WRITE, fd) == 0 &&
	    fy_os_map_not_inherited(at, all) == 0) {
		*out = (struct fy_shm_area){
			.node = at,
			.page = (struct fy_shm_page *)(void *)(at + page),
			.ring = at + 2 * page,
			.size = size,
		};
		return FERRY_OK;
	}
	err = fy_fail_errno(why, "map %zu bytes of shared memory", all);
	fy_os_unmap(at, all);
	return err;
}

FY_COLD static ferry_err
fail_seal(struct ferry_error *why)
{
	return fy_fail(why, FERRY_ENOTSUP,
		       "the kernel cannot seal shared memory against being "
		       "written by others, which Linux 5.1 can: use unix:");
}

/* There is memory for all of it from now on; or none, which is said. */
static ferry_err
make_memfd(uint32_t size, int *out, struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = fy_os_memfd("ferry-shm");
	const size_t bytes = fy_shm_page_bytes() + size;

	if (fd < 0)
		return fy_fail_errno(why, "make shared memory");
	FY_SHM_STEP(AREA_MADE);
	if (fy_os_grow(fd, bytes) < 0)
		return fy_fail_errno(why, "have %zu bytes of shared memory",
				     bytes);
	FY_SHM_STEP(AREA_GROWN);
	*out = fy_fd_take(&fd);
	return FERRY_OK;
}

ferry_err
fy_shm_area_make(uint32_t bytes, struct fy_shm_area *out, int *fd,
		 struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int made = -1;
	struct fy_shm_area area = { .node = NULL };
	ferry_err err;

	err = make_memfd(bytes, &made, why);
	if (!err)
		err = map_own(made, bytes, &area, why);
	if (err)
		return err;
	FY_SHM_STEP(AREA_MAPPED);
	/* What was mapped for writing before stays so, alone. */
	if (fy_os_add_seals(made, SEALS) < 0) {
		fy_shm_area_close(&area);
		return fail_seal(why);
	}
	FY_SHM_STEP(AREA_SEALED);
	*out = area;
	*fd = fy_fd_take(&made);
	return FERRY_OK;
}

void
fy_shm_area_close(struct fy_shm_area *area)
{
	if (area->node)
		fy_os_unmap(area->node,
			    fy_shm_page_bytes() + mapped_bytes(area->size));
	*area = (struct fy_shm_area){ 0 };
}

/* ---- the other side's ---- */

static ferry_err
check_size_said(uint64_t bytes, uint64_t most, struct ferry_error *why)
{
	if (!fy_shm_ring_ok(bytes))
		return fy_fail(why, FERRY_EPROTO,
			       "the peer says that its ring has %llu bytes: it "
			       "is a power of two from %u to %u or it is none",
			       (unsigned long long)bytes, FY_SHM_RING_LEAST,
			       FY_SHM_RING_MOST);
	if (bytes > most)
		return fy_fail(why, FERRY_ETOOBIG,
			       "the peer's ring has %llu bytes, the most that "
			       "is taken is %llu",
			       (unsigned long long)bytes,
			       (unsigned long long)most);
	return FERRY_OK;
}

/* Of a kind that cannot fail to be there when it is read. */
static ferry_err
check_kind(int fd, uint32_t uid, struct ferry_error *why)
{
	unsigned long magic = 0;
	struct stat st;
	int flags;

	if (fy_os_fstat(fd, &st) < 0 || fy_os_fs_magic(fd, &magic) < 0)
		return fy_fail_errno(why, "look at the peer's memory");
	if (!S_ISREG(st.st_mode))
		return fy_fail(why, FERRY_EPROTO,
			       "what the peer sent is no memory");
	if (magic == HUGETLBFS_MAGIC)
		return fy_fail(why, FERRY_EPROTO,
			       "the peer's memory is of huge pages, of which "
			       "there may be none left when it is read");
	if (magic != TMPFS_MAGIC)
		return fy_fail(why, FERRY_EPROTO,
			       "the peer sent a file on a disk for its memory");
	if (st.st_uid != uid)
		return fy_fail(why, FERRY_EACCES,
			       "the peer is uid %u, and its memory is uid "
			       "%u's: it must be its own", uid, st.st_uid);
	flags = fy_os_get_flags(fd);
	if (flags < 0 || (flags & O_ACCMODE) != O_RDWR)
		return fy_fail(why, FERRY_EPROTO,
			       "the peer's memory came open for one way alone: "
			       "it is not as its maker has it");
	return FERRY_OK;
}

static ferry_err
check_seals(int fd, struct ferry_error *why)
{
	static const struct {
		int seal;
		const char *against;
	} needed[] = {
		{ F_SEAL_SHRINK, "being cut" },
		{ F_SEAL_GROW, "growing" },
		{ F_SEAL_FUTURE_WRITE, "being written by others" },
		{ F_SEAL_SEAL, "other seals" },
	};
	int seals = fy_os_get_seals(fd);

	if (seals < 0 || !(seals & (SEALS & ~F_SEAL_SEAL)))
		return fy_fail(why, FERRY_EPROTO,
			       "the peer's memory is not sealed");
	for (size_t i = 0; i < FY_ARRAY_LEN(needed); i++) {
		if (!(seals & needed[i].seal))
			return fy_fail(why, FERRY_EPROTO,
				       "the peer's memory is not sealed "
				       "against %s", needed[i].against);
	}
	return FERRY_OK;
}

/* Of what is sealed: it stays so. */
static ferry_err
check_bytes(int fd, uint64_t bytes, struct ferry_error *why)
{
	const uint64_t all = fy_shm_page_bytes() + bytes;
	struct stat st;

	if (fy_os_fstat(fd, &st) < 0)
		return fy_fail_errno(why, "look at the peer's memory");
	if ((uint64_t)st.st_size != all)
		return fy_fail(why, FERRY_EPROTO,
			       "the peer's memory is %s than it says: %llu "
			       "bytes in the place of %llu",
			       (uint64_t)st.st_size < all ? "shorter"
							  : "longer",
			       (unsigned long long)st.st_size,
			       (unsigned long long)all);
	/* What is not there yet would be asked for as it is read. */
	if ((uint64_t)st.st_blocks * BLOCK_BYTES < all)
		return fy_fail(why, FERRY_EPROTO,
			       "the peer's memory has holes: %llu bytes of "
			       "%llu are there",
			       (unsigned long long)st.st_blocks * BLOCK_BYTES,
			       (unsigned long long)all);
	return FERRY_OK;
}

static ferry_err
map_foreign(int fd, uint32_t size, struct fy_shm_view *out,
	    struct ferry_error *why)
{
	const size_t all = mapped_bytes(size);
	uint8_t *at = fy_os_reserve(all);
	ferry_err err;

	if (!at)
		return fy_fail_errno(why, "find room for %zu bytes of shared "
				     "memory", all);
	if (map_twice(at, size, PROT_READ, fd) == 0 &&
	    fy_os_map_not_inherited(at, all) == 0) {
		*out = (struct fy_shm_view){
			.page = (const struct fy_shm_page *)(void *)at,
			.ring = at + fy_shm_page_bytes(),
			.size = size,
		};
		return FERRY_OK;
	}
	err = fy_fail_errno(why, "map %zu bytes of the peer's memory", all);
	fy_os_unmap(at, all);
	return err;
}

ferry_err
fy_shm_view_open(int fd, uint64_t bytes, uint64_t most, uint32_t uid,
		 struct fy_shm_view *out, struct ferry_error *why)
{
	ferry_err err = check_size_said(bytes, most, why);

	if (!err)
		err = check_kind(fd, uid, why);
	/* First those: without them the rest may be another a moment later. */
	if (!err)
		err = check_seals(fd, why);
	if (!err)
		err = check_bytes(fd, bytes, why);
	return err ? err : map_foreign(fd, (uint32_t)bytes, out, why);
}

void
fy_shm_view_close(struct fy_shm_view *view)
{
	if (view->page)
		fy_os_unmap((void *)(uintptr_t)view->page,
			    mapped_bytes(view->size));
	*view = (struct fy_shm_view){ 0 };
}

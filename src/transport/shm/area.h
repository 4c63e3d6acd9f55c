/* SPDX-License-Identifier: MIT */
/*
 * The memory of one direction: a page of words and a ring, in a memfd that one
 * side makes and seals, and the other checks and reads.
 *
 * The ring is mapped twice in a row, so that a record that begins near its end
 * lies in one piece. Children inherit nothing of it (MADV_DONTFORK): the memory
 * goes with the two processes that share it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/err.h>

#include "core/compiler.h"
#include "transport/shm/page.h"

#define FY_SHM_RING_LEAST 4096u
#define FY_SHM_RING_MOST (1u << 30)
#define FY_SHM_RING_DEFAULT (256u * 1024u)

/**
 * struct fy_shm_area - this side's memory; all zero: none
 * @node: a private page, at one distance from @page in every process: what
 *        alive.h keeps there must not be seen by the peer
 * @page: to be read and written
 * @ring: of @size bytes, and the same again behind it
 */
struct fy_shm_area {
	void *node;
	struct fy_shm_page *page;
	uint8_t *ring;
	uint32_t size;
};

/** struct fy_shm_view - the other side's memory, to be read; all zero: none */
struct fy_shm_view {
	const struct fy_shm_page *page;
	const uint8_t *ring;
	uint32_t size;
};

/** fy_shm_page_bytes() - of the words: what the system takes for a page */
size_t fy_shm_page_bytes(void);

/** fy_shm_ring_ok() - whether a ring may have @bytes */
bool fy_shm_ring_ok(uint64_t bytes);

/**
 * fy_shm_area_make() - makes, allocates, maps and seals
 * @bytes: of the ring: fy_shm_ring_ok()
 * @fd:    the memfd, to be sent to the peer; the caller's to close
 *
 * FERRY_ESYS: no memory (ENOMEM, ENOSPC), no descriptor, or no such seals (an
 * old kernel: FERRY_ENOTSUP). Nothing is left then.
 */
FY_MUST_CHECK ferry_err fy_shm_area_make(uint32_t bytes,
					 struct fy_shm_area *out, int *fd,
					 struct ferry_error *why);

/** fy_shm_area_close() - unmaps; harmless on one that is none */
void fy_shm_area_close(struct fy_shm_area *area);

/**
 * fy_shm_view_open() - checks and maps what a peer has sent
 * @fd:    borrowed
 * @bytes: of the ring, as the peer says
 * @most:  bytes of the largest ring to be taken
 * @uid:   the peer's: it must have made the memory
 *
 * FERRY_EPROTO: it is no memory that cannot be changed under us: @why says what
 * is wrong with it. FERRY_EACCES: somebody else's. FERRY_ETOOBIG. FERRY_ESYS.
 */
FY_MUST_CHECK ferry_err fy_shm_view_open(int fd, uint64_t bytes, uint64_t most,
					 uint32_t uid, struct fy_shm_view *out,
					 struct ferry_error *why);

/** fy_shm_view_close() - unmaps; harmless on one that is none */
void fy_shm_view_close(struct fy_shm_view *view);

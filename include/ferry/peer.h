/* SPDX-License-Identifier: MIT */
/* Who is at the other end of a channel, as far as the kernel vouches for it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* No group: that of a peer is not known. */
#define FERRY_NO_GID UINT32_C(0xffffffff)

/**
 * struct ferry_peer - the identity of a peer
 * @has_ids: whether @uid is the kernel's word, and @gid, unless it is
 *           FERRY_NO_GID; never so over TCP
 * @has_pid: whether @pid is
 * @uid:     effective user id when the channel was made (SO_PEERCRED, unix(7))
 * @gid:     effective group id then; FERRY_NO_GID without FERRY_CAP_GID
 * @pid:     process id then; may since have been given to another process
 * @text:    for people and logs: "uid 1000, pid 4711", "127.0.0.1:40112"
 */
struct ferry_peer {
	bool has_ids;
	bool has_pid;
	uint32_t uid;
	uint32_t gid;
	int32_t pid;
	char text[80];
};

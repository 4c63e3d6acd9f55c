/* SPDX-License-Identifier: MIT */
/*
 * Who may use what a listener makes under a name: ?mode=0660&group=NAME of
 * unix:, fifo:, mq: and sysv:.
 */
#pragma once

#include <stdbool.h>

#include <sys/types.h>

#include <ferry/addr.h>
#include <ferry/err.h>

#include "core/compiler.h"

/* For fy_body_options_but(). */
#define FY_ACCESS_OPTIONS "mode", "group"

/* The mode that the kernel and the umask give is left. */
#define FY_ACCESS_AS_MADE ((mode_t)-1)

/**
 * struct fy_access - a plain value
 * @mode: permission bits, 0 to 0777; or FY_ACCESS_AS_MADE
 * @gid:  of the group that it is given to, if @has_gid
 */
struct fy_access {
	mode_t mode;
	gid_t gid;
	bool has_gid;
};

/**
 * fy_access_read() - what ?mode= and ?group= of @addr say
 * @default_mode: without ?mode=, or FY_ACCESS_AS_MADE; with ?group= the group
 *                gets what the owner has
 *
 * A group's name may be asked of a directory in the network. Other options are
 * not looked at. FERRY_EADDR: no such mode, no such group.
 */
FY_MUST_CHECK ferry_err fy_access_read(const struct ferry_addr *addr,
				       mode_t default_mode,
				       struct fy_access *out,
				       struct ferry_error *why);

/**
 * fy_access_group() - the id of a group, by its number or its name
 *
 * FERRY_EADDR: there is none.
 */
FY_MUST_CHECK ferry_err fy_access_group(const char *text, gid_t *out,
					struct ferry_error *why);

/**
 * fy_access_set() - gives the file open at @fd to the group, then the mode
 * @name: of the file, for messages
 *
 * Whoever makes the file makes it with a mode that lets in nobody else. A
 * failure may leave the group and not the mode. FERRY_EACCES: the caller is no
 * member of the group.
 */
FY_MUST_CHECK ferry_err fy_access_set(int fd, const struct fy_access *access,
				      const char *name,
				      struct ferry_error *why);

/**
 * fy_access_apply() - as fy_access_set(), for what cannot be opened: sockets
 *
 * A symbolic link is not followed: FERRY_ESYS, ELOOP. Needs /proc where a mode
 * is said.
 */
FY_MUST_CHECK ferry_err fy_access_apply(const char *path,
					const struct fy_access *access,
					struct ferry_error *why);

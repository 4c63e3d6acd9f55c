/* SPDX-License-Identifier: MIT */
#include "transport/access.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "transport/body.h"

/* What a group gets of FY_ACCESS_AS_MADE. */
#define GROUP_MODE 0660u
/* (gid_t)-1 says "no group" to the kernel. */
#define MOST_GID UINT32_C(0xfffffffe)

/* Octal, at most four digits. */
static bool
parse_mode(const char *text, mode_t *out)
{
	const size_t len = strlen(text);
	mode_t mode = 0;

	if (len == 0 || len > 4 || strspn(text, "01234567") != len)
		return false;
	for (; *text; text++)
		mode = mode * 8 + (mode_t)(*text - '0');
	if (mode > 0777)
		return false;
	*out = mode;
	return true;
}

static bool
parse_number(const char *text, gid_t *out)
{
	uint64_t number = 0;

	if (*text == '\0')
		return false;
	for (; *text >= '0' && *text <= '9' && number <= MOST_GID; text++)
		number = number * 10 + (uint64_t)(*text - '0');
	if (*text != '\0' || number > MOST_GID)
		return false;
	*out = (gid_t)number;
	return true;
}

ferry_err
fy_access_group(const char *text, gid_t *out, struct ferry_error *why)
{
	if (parse_number(text, out))
		return FERRY_OK;
	if (fy_os_group_id(text, out) == 0)
		return FERRY_OK;
	if (errno == ENOENT)
		return fy_fail(why, FERRY_EADDR,
			       "there is no group \"%.60s\": write the name or "
			       "the number of one that \"getent group\" shows",
			       text);
	return fy_fail_errno(why, "look up the group \"%.60s\"", text);
}

ferry_err
fy_access_read(const struct ferry_addr *addr, mode_t default_mode,
	       struct fy_access *out, struct ferry_error *why)
{
	const char *mode = fy_body_option(addr, "mode");
	const char *group = fy_body_option(addr, "group");
	struct fy_access access = { .mode = default_mode };
	ferry_err err;

	if (group) {
		err = fy_access_group(group, &access.gid, why);
		if (err)
			return err;
		access.has_gid = true;
		access.mode =
			default_mode == FY_ACCESS_AS_MADE
				? GROUP_MODE
				: default_mode | (default_mode & 0700) >> 3;
	}
	if (mode && !parse_mode(mode, &access.mode))
		return fy_fail(
			why, FERRY_EADDR,
			"%s: ?mode=%.20s: write permission bits in octal,"
			" from 0 to 0777, as 0660",
			addr->scheme, mode);
	*out = access;
	return FERRY_OK;
}

/* The group first: the mode might let in members of the one before. */
static ferry_err
set_group(int fd, const struct fy_access *access, const char *name,
	  struct ferry_error *why)
{
	if (!access->has_gid || fy_os_fchown(fd, (uid_t)-1, access->gid) == 0)
		return FERRY_OK;
	return fy_fail_errno(why,
			     "give %.80s to group %u, of which this process "
			     "must be a member",
			     name, access->gid);
}

ferry_err
fy_access_set(int fd, const struct fy_access *access, const char *name,
	      struct ferry_error *why)
{
	ferry_err err = set_group(fd, access, name, why);

	if (err || access->mode == FY_ACCESS_AS_MADE)
		return err;
	if (fy_os_fchmod(fd, access->mode) < 0)
		return fy_fail_errno(why, "set the mode of %.80s", name);
	return FERRY_OK;
}

ferry_err
fy_access_apply(const char *path, const struct fy_access *access,
		struct ferry_error *why)
{
	FY_CLEANUP(fy_fd_close) int fd = -1;
	char opened[32];
	struct stat st;
	ferry_err err;

	if (!access->has_gid && access->mode == FY_ACCESS_AS_MADE)
		return FERRY_OK;
	fd = fy_os_open(path, O_PATH | O_NOFOLLOW, 0);
	if (fd < 0 || fy_os_fstat(fd, &st) < 0)
		return fy_fail_errno(why, "look at %.80s", path);
	if (S_ISLNK(st.st_mode)) {
		errno = ELOOP;
		return fy_fail_errno(why, "set the mode of %.80s", path);
	}
	err = set_group(fd, access, path, why);
	if (err || access->mode == FY_ACCESS_AS_MADE)
		return err;
	/* fchmod(2) refuses such a descriptor. */
	(void)snprintf(opened, sizeof(opened), "/proc/self/fd/%d", fd);
	if (fy_os_chmod(opened, access->mode) < 0)
		return fy_fail_errno(why, "set the mode of %.80s", path);
	return FERRY_OK;
}

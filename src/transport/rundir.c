/* SPDX-License-Identifier: MIT */
#include "transport/rundir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "core/os.h"

#define OTHERS_MAY 077u

static int
folder_path(char *out, size_t bytes)
{
	/* NULL in a program that runs with more rights than its user. */
	const char *runtime = secure_getenv("XDG_RUNTIME_DIR");

	if (runtime && runtime[0] == '/')
		return snprintf(out, bytes, "%s/ferry", runtime);
	return snprintf(out, bytes, "/tmp/ferry-%u", fy_os_geteuid());
}

static ferry_err
make_folder(const char *path, struct ferry_error *why)
{
	if (fy_os_mkdir(path, 0700) == 0 || errno == EEXIST)
		return FERRY_OK;
	return fy_fail_errno(why, "make the folder %s", path);
}

static ferry_err
check_folder(const char *path, struct ferry_error *why)
{
	struct stat st;

	/* Not stat: a link that somebody put there is no folder of ours. */
	if (fy_os_lstat(path, &st) < 0) {
		if (errno == ENOENT)
			return fy_fail_errno_as(why, FERRY_ECONNECT,
						"look into %s", path);
		return fy_fail_errno(why, "look into %s", path);
	}
	if (!S_ISDIR(st.st_mode) || st.st_uid != fy_os_geteuid() ||
	    (st.st_mode & OTHERS_MAY))
		return fy_fail(why, FERRY_EACCES,
			       "%s must be a folder of this user's with mode "
			       "0700: remove it, or see who made it", path);
	return FERRY_OK;
}

ferry_err
fy_rundir_path(const char *name, bool make, char *out, size_t bytes,
	       struct ferry_error *why)
{
	char path[1024];
	int n = folder_path(path, sizeof(path));
	ferry_err err = FERRY_OK;

	if (name[0] == '\0' || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0)
		return fy_fail(why, FERRY_EADDR, "\"%s\" is not a name", name);
	if (n < 0 || (size_t)n >= sizeof(path) ||
	    (size_t)n + 1 + strlen(name) >= bytes)
		return fy_fail(
			why, FERRY_EADDR,
			"the path of \"%.60s\" in the user's folder is "
			"longer than the %zu bytes that the kernel takes",
			name, bytes - 1);
	if (make)
		err = make_folder(path, why);
	if (!err)
		err = check_folder(path, why);
	if (!err)
		(void)snprintf(out, bytes, "%s/%s", path, name);
	return err;
}

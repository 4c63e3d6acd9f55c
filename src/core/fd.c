/* SPDX-License-Identifier: MIT */
#include "core/fd.h"

#include "core/os.h"

void
fy_fd_close(int *fd)
{
	if (*fd >= 0)
		fy_os_close(*fd);
	*fd = -1;
}

int
fy_fd_take(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

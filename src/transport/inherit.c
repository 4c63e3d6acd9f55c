/* SPDX-License-Identifier: MIT */
#include "transport/inherit.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/err.h"
#include "core/os.h"

ferry_err
fy_inherit_dup(int number, int *out, struct ferry_error *why)
{
	int fd = fy_os_dup(number, STDERR_FILENO + 1);

	if (fd >= 0) {
		*out = fd;
		return FERRY_OK;
	}
	if (errno == EBADF)
		return fy_fail(why, FERRY_EADDR,
			       "descriptor %d is not open: the parent has to "
			       "pass it on", number);
	return fy_fail_errno(why, "copy descriptor %d", number);
}

void
fy_inherit_retire(int number)
{
	int fd = -1;

	if (number <= STDERR_FILENO)
		fd = fy_os_open("/dev/null", O_RDWR, 0);
	if (fd < 0 || fy_os_dup_over(fd, number) < 0)
		fy_os_close(number);
	if (fd >= 0)
		fy_os_close(fd);
}

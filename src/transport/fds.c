/* SPDX-License-Identifier: MIT */
#include "transport/fds.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "core/err.h"
#include "core/os.h"

/* Room for what comes or goes beside the bytes, aligned for its header. */
union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(FERRY_FDS_MOST * sizeof(int)) +
		  CMSG_SPACE(sizeof(struct ucred))];
};

_Static_assert(sizeof(union control) <=
		       CMSG_SPACE(FY_FDS_ROOM * sizeof(int)),
	       "what the kernel finds room for has room in the set");

uint32_t
fy_fds_close(struct fy_fds *set)
{
	uint32_t n = set->n;

	for (uint32_t i = 0; i < n; i++)
		fy_os_close(set->fd[i]);
	set->n = 0;
	set->cut = false;
	return n;
}

ferry_err
fy_fds_copy(struct fy_fds *set, const int *fds, uint32_t n,
	    struct ferry_error *why)
{
	for (uint32_t i = 0; i < n; i++) {
		int copy = fy_os_dup(fds[i], 0);

		if (copy >= 0) {
			set->fd[set->n++] = copy;
			continue;
		}
		if (errno == EBADF)
			return fy_fail(why, FERRY_EINVAL,
				       "%d is no open descriptor", fds[i]);
		return fy_fail_errno(why, "copy descriptor %d", fds[i]);
	}
	return FERRY_OK;
}

void
fy_fds_move(struct fy_fds *to, struct fy_fds *from)
{
	memcpy(to->fd + to->n, from->fd, from->n * sizeof(from->fd[0]));
	to->n += from->n;
	from->n = 0;
}

ssize_t
fy_fds_send(int fd, const void *buf, size_t bytes, const struct fy_fds *set)
{
	union control control = { .header.cmsg_len = 0 };
	struct iovec iov = { (void *)(uintptr_t)buf, bytes };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_SPACE(set->n * sizeof(int)),
	};

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(set->n * sizeof(int));
	memcpy(CMSG_DATA(&control.header), set->fd, set->n * sizeof(int));
	return fy_os_sendmsg(fd, &msg, MSG_DONTWAIT);
}

static void
add_all(struct fy_fds *set, const struct cmsghdr *header)
{
	size_t n = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);

	memcpy(set->fd + set->n, CMSG_DATA(header), n * sizeof(int));
	set->n += (uint32_t)n;
}

ssize_t
fy_fds_recv(int fd, void *buf, size_t bytes, struct fy_fds *set)
{
	union control control;
	struct iovec iov = { buf, bytes };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = fy_os_recvmsg(fd, &msg, MSG_DONTWAIT);

	if (n < 0)
		return n;
	set->cut = msg.msg_flags & MSG_CTRUNC;
	for (struct cmsghdr *header = CMSG_FIRSTHDR(&msg); header;
	     header = CMSG_NXTHDR(&msg, header)) {
		if (header->cmsg_level == SOL_SOCKET &&
		    header->cmsg_type == SCM_RIGHTS)
			add_all(set, header);
	}
	return n;
}

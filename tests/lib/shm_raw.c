/* SPDX-License-Identifier: MIT */
#include "shm_raw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sys/mman.h>
#include <sys/un.h>
#include <unistd.h>

struct fy_raw_packet
fy_raw_packet(enum fy_raw_kind kind, uint64_t ring)
{
	struct fy_raw_packet p = { .version = 1, .kind = kind, .ring = ring };

	memcpy(p.magic, "FYshm001", sizeof(p.magic));
	return p;
}

int
fy_raw_memory(int seals)
{
	const off_t bytes = sysconf(_SC_PAGESIZE) + (off_t)FY_RAW_RING;
	int fd = memfd_create("raw", MFD_ALLOW_SEALING | MFD_CLOEXEC);

	assert_int_equal(fallocate(fd, 0, 0, bytes), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

int
fy_raw_socket(const char *path,
	      int (*act)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	assert_int_equal(act(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return fd;
}

void
fy_raw_send(int fd, const void *buf, size_t bytes, const int *fds, size_t n)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(FY_RAW_FDS_MOST * sizeof(int))];
	} control = { .header.cmsg_len = 0 };
	struct iovec iov = { (void *)(uintptr_t)buf, bytes };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (n > 0) {
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(n * sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(&control.header), fds, n * sizeof(int));
	}
	assert_int_equal(sendmsg(fd, &msg, MSG_NOSIGNAL), (ssize_t)bytes);
	for (size_t i = 0; i < n; i++)
		close(fds[i]);
}

int
fy_raw_hello(const char *path)
{
	const struct fy_raw_packet p = fy_raw_packet(FY_RAW_HELLO, FY_RAW_RING);
	int memory = fy_raw_memory(FY_RAW_SEALS);
	int fd = fy_raw_socket(path, connect);

	fy_raw_send(fd, &p, sizeof(p), &memory, 1);
	return fd;
}

/* SPDX-License-Identifier: MIT */
/*
 * The seam to the operating system: every call that can wait or fail. Thin and
 * without state, so that a test build puts another file in the place of os.c
 * (tests/lib/os_fault.c) and makes any of them fail.
 *
 * Return values and errno are the system's, but EINTR never shows: what was
 * interrupted is tried again with the time that is left.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>

/* SPDX-License-Identifier: MIT */
/* Descriptors that close themselves: FY_CLEANUP(fy_fd_close) int fd = -1; */
#pragma once

/** fy_fd_close() - closes *@fd unless it is negative, and makes it -1 */
void fy_fd_close(int *fd);

/** fy_fd_take() - the descriptor, which is the caller's now; *@fd is -1 */
int fy_fd_take(int *fd);

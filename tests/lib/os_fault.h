/* SPDX-License-Identifier: MIT */
/*
 * A seam to the system that fails as told: linked in the place of core/os.c,
 * which does the work underneath. EINTR does not pass core/os.h.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What can fail, by its name in core/os.h. */
#define FY_OS_FAULTS(X)                                                        \
	X(open) X(read) X(write) X(write_nosignal) X(writev_nosignal)          \
	X(write_masked) X(pread) X(fstat) X(lstat) X(mkdir) X(rename) X(unlink)         \
	X(fsync) X(flock) X(get_flags) X(set_flags) X(dup) X(dup_over)         \
	X(pipe) X(pipe_widen) X(eventfd) X(timerfd) X(timerfd_set)                           \
	X(poll) X(epoll_create) X(epoll_ctl)                                   \
	X(epoll_wait) X(futex_wait) X(futex_wait_shared) X(futex_wait_any)     \
	X(robust_list)                                                         \
	X(socket) X(socketpair) X(bind) X(listen)  \
	X(accept) X(connect) X(getsockopt) X(setsockopt)                       \
	X(getsockname) X(getpeername) X(send) X(sendmsg) X(recv) X(recvmsg) X(shutdown)                      \
	X(symlink) X(readlink)                                                 \
	X(mkfifo) X(rmdir) X(open_at) X(mkfifo_at) X(unlink_at) X(set_mtime) X(birth) X(list_open)     \
	X(fchmod) X(chmod) X(fchown) X(lchown) X(group_id) X(ftruncate)           \
	X(grow) X(memfd) X(add_seals) X(get_seals) X(fs_magic)                 \
	X(map_shared) X(allow) X(reserve) X(map_over) X(map_not_inherited)     \
	X(mq_open) X(mq_unlink)                                                \
	X(mq_getattr) X(mq_send) X(mq_receive) X(mq_try_send)                  \
	X(mq_try_receive) X(lock_byte) X(unlock_byte) X(is_byte_locked)        \
	X(getrlimit) X(msgget) X(msgsnd) X(msgrcv)   \
	X(msgctl)                                                              \
	X(getaddrinfo) X(user_id)                                                         \
	X(spawn) X(spawn_group) X(waitpid) X(kill) X(pidfd_open) X(pidfd_kill) X(pidfd_wait)               \
	X(thread_start) X(thread_join) X(at_fork) X(random)

enum fy_os_call {
	FY_OS_any,
#define FY_OS_FAULT_ENUM_(name) FY_OS_##name,
	FY_OS_FAULTS(FY_OS_FAULT_ENUM_)
#undef FY_OS_FAULT_ENUM_
	FY_OS_N_CALLS,
};

/**
 * struct fy_os_fault - what is to fail
 * @call:     a function, or FY_OS_any
 * @at:       its how-manieth call from now, from 1; 0: none
 * @for_ever: that one and all after it
 * @error:    errno
 * @signal:   raised when the call begins, which does not fail then; 0: none
 * @io_most:  a read or write moves at most so many bytes; 0: all
 * @real_jump_ns: the time of day is so much later; 0: it is what it is
 * @lookup_gate: getaddrinfo of a name reads a byte here first; 0: it does not
 */
struct fy_os_fault {
	enum fy_os_call call;
	uint32_t at;
	bool for_ever;
	int error;
	int signal;
	uint32_t io_most;
	int64_t real_jump_ns;
	int lookup_gate;
};

/** fy_os_fault_set() - from now; counts from 0, those of other threads too */
void fy_os_fault_set(const struct fy_os_fault *fault);

/** fy_os_fault_clear() - nothing fails; counts from 0 */
void fy_os_fault_clear(void);

/** fy_os_fault_count() - calls of @call since then */
uint32_t fy_os_fault_count(enum fy_os_call call);

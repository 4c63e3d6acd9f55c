/* SPDX-License-Identifier: MIT */
/*
 * Little to be had: of address space, of descriptors, of /dev/shm; and an end
 * that may call little of the kernel. What cannot be is said, and who listens
 * goes on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "place.h"
#include "raw.h"

#define TEST(name) cmocka_unit_test(name)

/* Where a sanitizer has taken more address space than any limit allows. */
extern void __asan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));

#define RING 4096u
#define HUGE_RING (256u << 20)

static struct rlimit
limit(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit before, now;

	assert_int_equal(getrlimit(what, &before), 0);
	now = before;
	now.rlim_cur = most;
	assert_int_equal(setrlimit(what, &now), 0);
	return before;
}

/* Bytes of address space in use. */
static rlim_t
space(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long pages = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%lu", &pages), 1);
	fclose(file);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* ---- address space ---- */

/* A ring of which there is more than the victim has addresses for. */
static void
a_ring_too_long_for_the_addresses_is_refused(void **state)
{
	struct ferry_counters counters;
	struct ferry_channel *ch;
	struct ferry_error why;
	struct rlimit before;
	char text[RAW_PACKET];
	struct place p;
	struct raw r;

	(void)state;
	if (__asan_init || __tsan_init)
		skip();
	place_open(&p, "", NULL);
	raw_make(&r, HUGE_RING);
	r.socket = raw_connect(p.path, SOCK_SEQPACKET);
	raw_say(&r, RAW_HELLO);
	before = limit(RLIMIT_AS, space() + HUGE_RING);
	assert_int_equal(ferry_listener_accept(p.listener, FERRY_NOW, &ch,
					       &why),
			 FERRY_ENOMEM);
	place_check(&p);
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
	assert_false(raw_hear(&r, text));
	assert_non_null(strstr(text, "memory"));
	ferry_listener_counters(p.listener, &counters);
	assert_int_equal(counters.starved, 1);
	raw_end(&r);
	place_close(&p);
}

static void
a_ring_too_long_for_ones_own_addresses_is_told(void **state)
{
	struct ferry_channel *ch;
	struct ferry_error why;
	struct rlimit before;
	struct place p;
	char addr[90];
	ferry_err err;

	(void)state;
	if (__asan_init || __tsan_init)
		skip();
	place_open(&p, "", NULL);
	snprintf(addr, sizeof(addr), "shm:%s?ring=256m", p.path);
	before = limit(RLIMIT_AS, space() + HUGE_RING);
	err = ferry_channel_open(addr, NULL, ferry_in_ms(PLACE_SOON_MS), &ch,
				 &why);
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
	assert_int_equal(err, FERRY_ENOMEM);
	assert_non_null(strstr(why.text, "memory"));
	place_close(&p);
}

/* ---- descriptors ---- */

static int
next_fd(void)
{
	int fd = dup(STDIN_FILENO);

	close(fd);
	return fd;
}

/*
 * Each number of them that is too few for all that is to be done; and for those
 * that are half met already.
 */
static void
want_of_descriptors_loses_no_client(void **state)
{
	struct ferry_counters counters;
	struct place p;
	uint64_t n = 0;

	(void)state;
	place_open(&p, "", NULL);
	for (int i = 0; i < 8; i++) {
		struct ferry_channel *ch = NULL;
		struct ferry_error why;
		struct rlimit before;
		struct raw r;
		ferry_err err;

		raw_make(&r, RING);
		r.socket = raw_connect(p.path, SOCK_SEQPACKET);
		if (i % 2)
			assert_int_equal(ferry_listener_accept(p.listener,
							       FERRY_NOW, &ch,
							       NULL),
					 FERRY_EAGAIN);
		raw_say(&r, RAW_HELLO);
		before = limit(RLIMIT_NOFILE, (rlim_t)(next_fd() + i / 2));
		err = ferry_listener_accept(p.listener, FERRY_NOW, &ch, &why);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
		if (err) {
			assert_int_equal(err, FERRY_ESYS);
			assert_int_equal(why.sys_errno, EMFILE);
			n++;
			err = ferry_listener_accept(p.listener, FERRY_NOW,
						    &ch, NULL);
		}
		assert_int_equal(err, FERRY_OK);
		assert_true(raw_hear(&r, NULL));
		ferry_channel_close(ch, FERRY_NOW, NULL);
		raw_end(&r);
	}
	ferry_listener_counters(p.listener, &counters);
	assert_int_equal(counters.starved, n);
	assert_true(n > 0);
	place_close(&p);
}

/* ---- children that can do little ---- */

/* What @become leaves of a process talks to the one that it is a child of. */
static int
visit(const char *path, bool (*become)(void))
{
	const struct ferry_bytes message = { (const uint8_t *)"hello", 5 };
	struct ferry_channel *ch;
	struct ferry_error why;
	struct ferry_bytes got;
	char addr[80];

	(void)alarm(PLACE_SOON_MS / 1000);
	snprintf(addr, sizeof(addr), "shm:%s", path);
	if (!become())
		return 77;
	if (ferry_channel_open(addr, NULL, FERRY_NEVER, &ch, &why)) {
		fprintf(stderr, "%s\n", why.text);
		return 1;
	}
	/* So that it is waited for, once each way. */
	for (int i = 0; i < 3; i++) {
		if (ferry_channel_send(ch, message, FERRY_NEVER, NULL) ||
		    ferry_channel_take(ch, &got, FERRY_NEVER, NULL))
			return 2;
		ferry_channel_release(ch);
	}
	if (ferry_channel_take(ch, &got, FERRY_NEVER, NULL) != FERRY_EOF)
		return 3;
	ferry_channel_close(ch, FERRY_NOW, NULL);
	return 0;
}

static bool
lose_dev_shm(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", "/dev", "tmpfs", 0, NULL) == 0;
}

static bool
have_full_dev_shm(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", "/dev/shm", "tmpfs", 0, "size=4k") == 0;
}

static bool
lose_proc(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", "/proc", "tmpfs", 0, NULL) == 0;
}

/* As a sandbox of before Linux 5.16 does, for calls it has not heard of. */
static bool
filter(uint32_t nr, uint32_t error)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {
		.len = sizeof(code) / sizeof(code[0]),
		.filter = code,
	};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

#define FUTEX_WAITV_NR 449

static bool
lose_waitv(void)
{
	return filter(FUTEX_WAITV_NR, ENOSYS);
}

static bool
lose_waitv_by_a_rule(void)
{
	return filter(FUTEX_WAITV_NR, EPERM);
}

static bool
lose_robust_lists(void)
{
	return filter(SYS_set_robust_list, EPERM);
}

static bool
lose_affinity(void)
{
	return filter(SYS_sched_yield, EPERM) && filter(SYS_getcpu, EPERM);
}

static bool
lose_all_of_these(void)
{
	return filter(FUTEX_WAITV_NR, EPERM) &&
	       filter(SYS_set_robust_list, ENOSYS) && lose_affinity();
}

/* Answers three times, late: who waits has to sleep; then ends. */
static void
answer(struct ferry_channel *ch)
{
	struct ferry_bytes got;

	for (int i = 0; i < 3; i++) {
		assert_int_equal(ferry_channel_take(
					 ch, &got, ferry_in_ms(PLACE_SOON_MS),
					 NULL),
				 FERRY_OK);
		usleep(2000);
		assert_int_equal(ferry_channel_send(ch, got, FERRY_NEVER,
						    NULL),
				 FERRY_OK);
		ferry_channel_release(ch);
	}
}

/* The child is made before there are threads: see meet_child(). */
static void
let_visit(bool (*become)(void))
{
	struct ferry_channel *ch = NULL;
	struct ferry_listener *listener;
	char folder[] = "/tmp/ferry-test-XXXXXX";
	char path[60], addr[80], byte;
	int go[2], status;
	pid_t child;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/s", folder);
	snprintf(addr, sizeof(addr), "shm:%s", path);
	assert_int_equal(pipe(go), 0);
	child = fork();
	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (read(go[0], &byte, 1) != 1)
			_exit(4);
		_exit(visit(path, become));
	}
	assert_int_equal(ferry_listener_open(addr, NULL, &listener, NULL),
			 FERRY_OK);
	assert_int_equal(write(go[1], "g", 1), 1);
	if (ferry_listener_accept(listener, ferry_in_ms(2000), &ch, NULL) ==
	    FERRY_OK) {
		answer(ch);
		ferry_channel_close(ch, FERRY_NOW, NULL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(status == 0 || status == 77 << 8);
	close(go[0]);
	close(go[1]);
	ferry_listener_close(listener);
	assert_int_equal(rmdir(folder), 0);
	if (status)
		skip();
}

static void
there_need_be_no_dev_shm(void **state)
{
	(void)state;
	let_visit(lose_dev_shm);
}

static void
dev_shm_may_be_full(void **state)
{
	(void)state;
	let_visit(have_full_dev_shm);
}

static void
there_need_be_no_proc(void **state)
{
	(void)state;
	let_visit(lose_proc);
}

static void
a_sandbox_may_forbid_what_is_new(void **state)
{
	(void)state;
	let_visit(lose_waitv);
	let_visit(lose_waitv_by_a_rule);
	let_visit(lose_robust_lists);
	let_visit(lose_affinity);
	let_visit(lose_all_of_these);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(there_need_be_no_dev_shm),
		TEST(dev_shm_may_be_full),
		TEST(there_need_be_no_proc),
		TEST(a_sandbox_may_forbid_what_is_new),
		TEST(a_ring_too_long_for_the_addresses_is_refused),
		TEST(a_ring_too_long_for_ones_own_addresses_is_told),
		TEST(want_of_descriptors_loses_no_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Each system call of fifo: fails once, and then all that follow. The other end
 * is in a child, where nothing fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "audit.h"
#include "fifo_place.h"
#include "os_fault.h"

static const int errors[] = { EIO, EMFILE, ENOSPC, EACCES };

/* What unlink and rmdir were not allowed to remove. */
static void
remove_leftovers(const struct place *p)
{
	char path[100];

	snprintf(path, sizeof(path), "%s.takeover", p->path);
	unlink(path);
	unlink(p->path);
	if (rmdir(p->pairs) < 0)
		assert_int_equal(errno, ENOENT);
}

/* ---- the listener ---- */

/* A child that opens a channel and closes it, as often as it is told to. */
struct client {
	pid_t pid;
	int fd; /* a byte to it, and one back when it is through */
};

static void
open_when_told(const char *addr, int fd)
{
	char byte;

	while (read(fd, &byte, 1) == 1) {
		(void)place_try_open(addr, FERRY_NEVER, NULL);
		if (write(fd, &byte, 1) != 1)
			break;
	}
	_exit(0);
}

static struct client
start_client(const struct place *p)
{
	struct client client;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	client.fd = fds[0];
	client.pid = fork();
	assert_true(client.pid >= 0);
	if (client.pid == 0) {
		close(fds[0]);
		open_when_told(p->addr, fds[1]);
	}
	close(fds[1]);
	return client;
}

static void
stop_client(const struct client *client)
{
	int status;

	close(client->fd);
	assert_int_equal(waitpid(client->pid, &status, 0), client->pid);
	assert_int_equal(status, 0);
}

static void
await(int fd)
{
	struct pollfd waits = { fd, POLLIN, 0 };

	assert_int_equal(poll(&waits, 1, PLACE_WAIT_MS), 1);
}

/*
 * Listens, and accepts a client of whom something is there. FERRY_OK: he was.
 */
static ferry_err
serve(const struct place *p, const struct client *client)
{
	struct ferry_listener *port;
	struct ferry_channel *ch = NULL;
	ferry_err err = ferry_listener_open(p->addr, NULL, &port, NULL);
	char byte = 0;
	int fd;

	if (err)
		return err;
	assert_int_equal(write(client->fd, &byte, 1), 1);
	err = ferry_listener_fd(port, &fd, NULL);
	if (!err) {
		await(fd);
		err = ferry_listener_accept(port, FERRY_NOW, &ch, NULL);
	}
	if (!err)
		ferry_channel_close(ch, FERRY_NOW, NULL);
	ferry_listener_close(port);
	/* Whatever became of the listener, nobody waits for it any more. */
	await(client->fd);
	assert_int_equal(read(client->fd, &byte, 1), 1);
	return err;
}

static void
a_listener_survives_what_fails(void **state)
{
	struct place *p = *state;
	struct client client = start_client(p);
	const size_t n_fds = fy_audit_fds();
	uint32_t n;

	fy_os_fault_clear();
	assert_int_equal(serve(p, &client), FERRY_OK);
	n = fy_os_fault_count(FY_OS_any);
	assert_true(n > 20);
	for (uint32_t i = 1; i <= 2 * n; i++) {
		fy_os_fault_set(&(struct fy_os_fault){
			.at = (i + 1) / 2,
			.for_ever = i % 2,
			.error = errors[i / 2 % 4] });
		(void)serve(p, &client);
		fy_os_fault_clear();
		assert_int_equal(fy_audit_fds(), n_fds);
		/* The next listener clears what could not be removed. */
		assert_int_equal(place_try_listen(p, NULL, NULL), FERRY_OK);
		remove_leftovers(p);
		assert_int_equal(place_entries(p->folder), 0);
	}
	stop_client(&client);
}

/*
 * The hello goes back to be found again, and the client does not notice: not
 * even that one of his FIFOs was opened already.
 */
static void
without_descriptors_a_client_is_kept_for_later(void **state)
{
	struct place *p = *state;
	int fd;

	place_listen(p);
	assert_int_equal(ferry_listener_fd(p->listener, &fd, NULL), FERRY_OK);
	for (uint32_t i = 0; i < 4; i++) {
		struct ferry_channel *pair[2] = { NULL, NULL };
		struct place_dialler d;
		struct ferry_error why;

		place_dial(&d, p->addr);
		await(fd);
		/* The first open or the second, once or from then on. */
		fy_os_fault_set(&(struct fy_os_fault){ .call = FY_OS_open_at,
						       .at = 1 + i % 2,
						       .for_ever = i / 2,
						       .error = EMFILE });
		assert_int_equal(ferry_listener_accept(p->listener, FERRY_NOW,
						       &pair[1], &why),
				 FERRY_ESYS);
		fy_os_fault_clear();
		assert_int_equal(why.sys_errno, EMFILE);
		await(fd);
		assert_int_equal(ferry_listener_accept(p->listener, FERRY_NOW,
						       &pair[1], NULL),
				 FERRY_OK);
		pthread_join(d.thread, NULL);
		assert_int_equal(d.err, FERRY_OK);
		pair[0] = d.ch;
		place_close_both(pair);
	}
}

/* However it was that he could not be accepted, he does not wait on. */
static void
a_client_that_is_refused_is_told_so(void **state)
{
	static const enum fy_os_call calls[] = { FY_OS_open_at, FY_OS_fstat };
	struct place *p = *state;
	int fd;

	place_listen(p);
	assert_int_equal(ferry_listener_fd(p->listener, &fd, NULL), FERRY_OK);
	for (uint32_t i = 0; i < 4; i++) {
		struct place_dialler d;

		place_dial(&d, p->addr);
		await(fd);
		fy_os_fault_set(&(struct fy_os_fault){ .call = calls[i / 2],
						       .at = 1 + i % 2,
						       .error = EIO });
		place_expect_nobody(p);
		fy_os_fault_clear();
		pthread_join(d.thread, NULL);
		assert_int_equal(d.err, FERRY_ECONNECT);
		assert_int_equal(place_failed(p), i + 1);
	}
}

/* ---- the client ---- */

static void
a_client_leaves_nothing_whatever_fails(void **state)
{
	struct place *p = *state;
	pid_t child = place_start(p, true);
	uint32_t n;

	fy_os_fault_clear();
	assert_int_equal(place_try_open(p->addr, ferry_in_ms(PLACE_WAIT_MS),
					NULL),
			 FERRY_OK);
	n = fy_os_fault_count(FY_OS_any);
	assert_true(n > 10);
	for (uint32_t i = 1; i <= n; i++) {
		fy_os_fault_set(&(struct fy_os_fault){
			.at = i, .error = errors[i % 4] });
		(void)place_try_open(p->addr, ferry_in_ms(PLACE_WAIT_MS), NULL);
		fy_os_fault_clear();
		assert_int_equal(fy_audit_fds(), p->n_fds);
	}
	/* He is behind all that were said hello to when he has answered. */
	assert_int_equal(place_try_open(p->addr, ferry_in_ms(PLACE_WAIT_MS),
					NULL),
			 FERRY_OK);
	assert_int_equal(place_entries(p->pairs), 0);
	place_kill(child);
	remove_leftovers(p);
}

/* ---- a full file system ---- */

static void
without_room_for_names_the_error_says_so(void **state)
{
	static const enum fy_os_call calls[] = { FY_OS_mkdir, FY_OS_mkfifo };
	struct place *p = *state;
	struct ferry_error why;

	for (int i = 0; i < 2; i++) {
		fy_os_fault_set(&(struct fy_os_fault){
			.call = calls[i], .at = 1, .error = ENOSPC });
		assert_int_equal(place_try_listen(p, NULL, &why), FERRY_ESYS);
		fy_os_fault_clear();
		assert_int_equal(why.sys_errno, ENOSPC);
		assert_non_null(strstr(why.text, p->path));
		assert_int_equal(place_entries(p->folder), 0);
	}
	place_listen(p);
	fy_os_fault_set(&(struct fy_os_fault){
		.call = FY_OS_mkfifo_at, .at = 2, .error = ENOSPC });
	assert_int_equal(place_try_open(p->addr, FERRY_NOW, &why), FERRY_ESYS);
	fy_os_fault_clear();
	assert_int_equal(why.sys_errno, ENOSPC);
	assert_int_equal(place_entries(p->pairs), 0);
}

/* Its folder is removed, or emptied, between two steps of the client. */
static void
a_client_of_a_listener_that_just_ended_learns_that(void **state)
{
	static const struct {
		enum fy_os_call call;
		uint32_t at;
	} steps[] = { { FY_OS_mkfifo_at, 1 },
		      { FY_OS_open_at, 1 },
		      { FY_OS_mkfifo_at, 2 },
		      { FY_OS_open_at, 3 } };
	struct place *p = *state;
	struct ferry_error why;

	place_listen(p);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		fy_os_fault_set(&(struct fy_os_fault){ .call = steps[i].call,
						       .at = steps[i].at,
						       .for_ever = true,
						       .error = ENOENT });
		assert_int_equal(place_try_open(p->addr, FERRY_NOW, &why),
				 FERRY_ECONNECT);
		fy_os_fault_clear();
		assert_non_null(strstr(why.text, "ended"));
		assert_int_equal(place_entries(p->pairs), 0);
	}
}

/* ---- what dead clients leave ---- */

/* As if what was not stamped had been made long ago. */
static void
age_what_is_new(const struct place *p)
{
	DIR *dir = opendir(p->pairs);
	struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		char path[400];
		struct stat st;

		snprintf(path, sizeof(path), "%s/%s", p->pairs, entry->d_name);
		assert_int_equal(lstat(path, &st), 0);
		if (S_ISFIFO(st.st_mode) && labs(st.st_mtime - time(NULL)) < 60)
			place_age(path);
	}
	closedir(dir);
}

/* At the call @at of those that opening makes. Whether it came so far. */
static bool
open_and_die(const struct place *p, uint32_t at)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		fy_os_fault_set(
			&(struct fy_os_fault){ .at = at, .signal = SIGKILL });
		(void)place_try_open(p->addr, FERRY_NOW, NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status);
}

static void
a_client_killed_at_any_step_leaves_nothing_for_long(void **state)
{
	struct place *p = *state;
	int n_left = 0;

	place_listen(p);
	for (uint32_t i = 1; open_and_die(p, i); i++) {
		n_left += place_entries(p->pairs);
		/* Whoever has said hello is found by that. */
		place_expect_nobody(p);
		age_what_is_new(p);
		place_sweep(p);
		assert_int_equal(place_entries(p->pairs), 0);
	}
	assert_true(n_left > 10);
}

static void
what_a_client_has_just_made_is_left_alone(void **state)
{
	const uint8_t id[FY_HELLO_ID] = { 7 };
	struct place *p = *state;
	char path[200];

	place_listen(p);
	place_name(p, id, FY_HELLO_TO_LISTENER, path);
	assert_int_equal(mkfifo(path, 0600), 0);
	place_sweep(p);
	assert_int_equal(place_entries(p->pairs), 1);
	place_age(path);
	place_sweep(p);
	assert_int_equal(place_entries(p->pairs), 0);
}

static void
a_client_that_waits_is_left_alone(void **state)
{
	const uint8_t nobody[FY_HELLO_ID] = { 0 };
	struct place *p = *state;
	struct ferry_channel *ch = NULL;
	struct place_dialler d;

	place_listen(p);
	/* They come first, and so does what a listener does about them. */
	for (int i = 0; i < 130; i++)
		place_say_hello(p, nobody);
	place_dial(&d, p->addr);
	place_wait_for_entries(p->pairs, 2);
	assert_int_equal(ferry_listener_accept(p->listener,
					       ferry_in_ms(PLACE_WAIT_MS), &ch,
					       NULL),
			 FERRY_OK);
	pthread_join(d.thread, NULL);
	assert_int_equal(d.err, FERRY_OK);
	assert_int_equal(place_failed(p), 130);
	place_close_both((struct ferry_channel *[2]){ ch, d.ch });
}

/* He was stopped for long between two steps. */
static void
a_client_whose_pair_was_removed_makes_another(void **state)
{
	struct place *p = *state;

	place_listen(p);
	for (uint32_t i = 1; i <= 3; i++) {
		fy_os_fault_set(&(struct fy_os_fault){
			.call = FY_OS_open_at, .at = i, .error = ENOENT });
		/* So far that it waits for the listener. */
		assert_int_equal(place_try_open(p->addr, FERRY_NOW, NULL),
				 FERRY_EAGAIN);
		fy_os_fault_clear();
		assert_int_equal(place_entries(p->pairs), 0);
	}
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, place_open, place_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_listener_survives_what_fails),
		TEST(a_client_leaves_nothing_whatever_fails),
		TEST(without_room_for_names_the_error_says_so),
		TEST(a_client_of_a_listener_that_just_ended_learns_that),
		TEST(without_descriptors_a_client_is_kept_for_later),
		TEST(a_client_that_is_refused_is_told_so),
		TEST(a_client_killed_at_any_step_leaves_nothing_for_long),
		TEST(what_a_client_has_just_made_is_left_alone),
		TEST(a_client_that_waits_is_left_alone),
		TEST(a_client_whose_pair_was_removed_makes_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

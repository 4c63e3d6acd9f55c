/* SPDX-License-Identifier: MIT */
#include "fifo_place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "audit.h"

/* More than a listener hears of between two sweeps. */
#define HELLOS 130

int
place_open(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	*state = p;
	if (!p)
		return -1;
	snprintf(p->folder, sizeof(p->folder), "/tmp/ferry-test-XXXXXX");
	if (!mkdtemp(p->folder))
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/f", p->folder);
	snprintf(p->pairs, sizeof(p->pairs), "%s.d", p->path);
	snprintf(p->addr, sizeof(p->addr), "fifo:%s", p->path);
	p->n_fds = fy_audit_fds();
	return 0;
}

/* All must have been removed. */
int
place_close(void **state)
{
	struct place *p = *state;
	int result;

	ferry_listener_close(p->listener);
	result = rmdir(p->folder) < 0 || fy_audit_fds() != p->n_fds ? -1 : 0;
	free(p);
	return result;
}

void
place_listen(struct place *p)
{
	struct ferry_error why = { .code = FERRY_OK };

	if (ferry_listener_open(p->addr, NULL, &p->listener, &why))
		fail_msg("%s", why.text);
}

void
place_stop(struct place *p)
{
	ferry_listener_close(p->listener);
	p->listener = NULL;
}

/* @addr: of the place if NULL. */
ferry_err
place_try_listen(const struct place *p, const char *addr,
		 struct ferry_error *why)
{
	struct ferry_listener *listener;
	ferry_err err = ferry_listener_open(addr ? addr : p->addr, NULL,
					    &listener, why);

	if (!err)
		ferry_listener_close(listener);
	return err;
}

ferry_err
place_try_open(const char *addr, struct ferry_deadline until,
	       struct ferry_error *why)
{
	struct ferry_channel *ch;
	ferry_err err = ferry_channel_open(addr, NULL, until, &ch, why);

	if (!err)
		ferry_channel_close(ch, FERRY_NOW, NULL);
	return err;
}

int
place_entries(const char *folder)
{
	DIR *dir = opendir(folder);
	int n = -2; /* . and .. */

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

mode_t
place_mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

void
place_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

void
place_expect_file(const char *path, const char *text)
{
	char got[100] = { 0 };
	struct stat st;
	int fd;

	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	fd = open(path, O_RDONLY);
	assert_true(read(fd, got, sizeof(got) - 1) >= 0);
	close(fd);
	assert_string_equal(got, text);
}

static void *
run_dialler(void *arg)
{
	struct place_dialler *d = arg;

	d->err = ferry_channel_open(d->addr, NULL, ferry_in_ms(PLACE_WAIT_MS),
				    &d->ch, &d->why);
	return NULL;
}

void
place_dial(struct place_dialler *d, const char *addr)
{
	*d = (struct place_dialler){ .addr = addr };
	assert_int_equal(pthread_create(&d->thread, NULL, run_dialler, d), 0);
}

void
place_connect(struct place *p, struct ferry_channel *out[2])
{
	struct ferry_error why = { .code = FERRY_OK };
	struct place_dialler d;

	place_dial(&d, p->addr);
	if (ferry_listener_accept(p->listener, ferry_in_ms(PLACE_WAIT_MS),
				  &out[1], &why))
		fail_msg("%s", why.text);
	pthread_join(d.thread, NULL);
	if (d.err)
		fail_msg("%s", d.why.text);
	out[0] = d.ch;
}

void
place_close_both(struct ferry_channel *pair[2])
{
	ferry_channel_close(pair[0], FERRY_NOW, NULL);
	ferry_channel_close(pair[1], FERRY_NOW, NULL);
}

void
place_send(struct ferry_channel *ch, const char *text)
{
	assert_int_equal(ferry_channel_send(
				 ch,
				 (struct ferry_bytes){ (const uint8_t *)text,
						       (uint32_t)strlen(text) },
				 ferry_in_ms(PLACE_WAIT_MS), NULL),
			 FERRY_OK);
}

void
place_expect(struct ferry_channel *ch, const char *text)
{
	struct ferry_bytes got;

	assert_int_equal(
		ferry_channel_take(ch, &got, ferry_in_ms(PLACE_WAIT_MS), NULL),
		FERRY_OK);
	assert_int_equal(got.len, strlen(text));
	assert_memory_equal(got.data, text, got.len);
	ferry_channel_release(ch);
}

void
place_expect_end(struct ferry_channel *ch, struct ferry_deadline until,
		 ferry_err expected)
{
	struct ferry_bytes got;

	assert_int_equal(ferry_channel_take(ch, &got, until, NULL), expected);
}

uint64_t
place_failed(const struct place *p)
{
	struct ferry_counters counters;

	ferry_listener_counters(p->listener, &counters);
	return counters.failed;
}

int
place_meeting(const struct place *p)
{
	int fd = open(p->path, O_WRONLY | O_NONBLOCK);

	assert_true(fd >= 0);
	return fd;
}

void
place_wait_for_entries(const char *folder, int n)
{
	for (int i = 0; i < PLACE_WAIT_MS && place_entries(folder) != n; i++)
		(void)poll(NULL, 0, 1);
	assert_int_equal(place_entries(folder), n);
}

void
place_name(const struct place *p, const uint8_t id[FY_HELLO_ID], char which,
	   char out[200])
{
	snprintf(out, 200, "%s/%s", p->pairs, fy_hello_name(id, which).text);
}

void
place_say_hello(const struct place *p, const uint8_t id[FY_HELLO_ID])
{
	struct fy_hello hello;
	int fd = place_meeting(p);

	fy_hello_make(&hello, id);
	assert_int_equal(write(fd, hello.buf, FY_HELLO_BYTES), FY_HELLO_BYTES);
	close(fd);
}

void
place_expect_nobody(const struct place *p)
{
	struct ferry_channel *none;

	assert_int_equal(
		ferry_listener_accept(p->listener, FERRY_NOW, &none, NULL),
		FERRY_EAGAIN);
}

void
place_sweep(const struct place *p)
{
	const uint8_t nobody[FY_HELLO_ID] = { 0 };

	for (int i = 0; i < HELLOS; i++) {
		place_say_hello(p, nobody);
		place_expect_nobody(p);
	}
}

void
place_age(const char *path)
{
	const struct timespec times[2] = { { 0, UTIME_OMIT },
					   { time(NULL) - 60, 0 } };

	assert_int_equal(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW),
			 0);
}

/* In a child, which tells when it listens. */
static void
serve(const struct place *p, int told, bool accepts)
{
	struct ferry_listener *port;
	struct ferry_channel *ch;

	if (ferry_listener_open(p->addr, NULL, &port, NULL) ||
	    write(told, "y", 1) != 1)
		_exit(1);
	while (!accepts)
		pause();
	while (!ferry_listener_accept(port, FERRY_NEVER, &ch, NULL))
		ferry_channel_close(ch, FERRY_NOW, NULL);
	_exit(2);
}

pid_t
place_start(const struct place *p, bool accepts)
{
	int told[2];
	char byte;
	pid_t child;

	assert_int_equal(pipe(told), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		serve(p, told[1], accepts);
	close(told[1]);
	assert_int_equal(read(told[0], &byte, 1), 1);
	close(told[0]);
	return child;
}

void
place_kill(pid_t child)
{
	int status;

	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
}

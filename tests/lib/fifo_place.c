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
#include <sys/stat.h>
#include <unistd.h>

#include "audit.h"

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

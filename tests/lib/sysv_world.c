/* SPDX-License-Identifier: MIT */
#include "sysv_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <sched.h>
#include <sys/msg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/os.h"

/* Whether nobody else makes queues here. */
static bool alone;

bool
world_begin(void)
{
	struct msginfo info;

	alone = unshare(CLONE_NEWIPC) == 0;
	return msgctl(0, MSG_INFO, (struct msqid_ds *)(void *)&info) >= 0;
}

bool
world_is_alone(void)
{
	return alone;
}

void
world_note_path(const struct world *w, unsigned int key, char out[160])
{
	struct stat namespace;

	assert_int_equal(stat("/proc/self/ns/ipc", &namespace), 0);
	(void)snprintf(out, 160, "%s/ferry/sysv.%08x.%ju", w->folder, key,
		       (uintmax_t)namespace.st_ino);
}

int
world_queues(void)
{
	struct msginfo info;

	if (!alone)
		return 0;
	assert_true(msgctl(0, MSG_INFO, (struct msqid_ds *)(void *)&info) >= 0);
	return info.msgpool;
}

int
world_open(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	uint32_t key;

	if (!w || fy_os_random(&key, sizeof(key)) < 0)
		return -1;
	snprintf(w->folder, sizeof(w->folder), "/tmp/ferry-test-XXXXXX");
	if (!mkdtemp(w->folder))
		return -1;
	setenv("XDG_RUNTIME_DIR", w->folder, 1);
	snprintf(w->addr, sizeof(w->addr), "sysv:0x%x", key | 1);
	w->n_queues = world_queues();
	*state = w;
	return 0;
}

void
world_disconnect(struct world *w)
{
	ferry_channel_close(w->a, FERRY_NOW, NULL);
	ferry_channel_close(w->b, FERRY_NOW, NULL);
	ferry_listener_close(w->listener);
	w->a = NULL;
	w->b = NULL;
	w->listener = NULL;
}

/* Nothing is left: no queue, and no note in the folder. */
int
world_close(void **state)
{
	struct world *w = *state;
	char inner[80];
	int result = 0;

	world_disconnect(w);
	if (world_queues() != w->n_queues) {
		fprintf(stderr, "%d queues, there were %d\n", world_queues(),
			w->n_queues);
		result = -1;
	}
	snprintf(inner, sizeof(inner), "%s/ferry", w->folder);
	if ((rmdir(inner) < 0 && errno != ENOENT) || rmdir(w->folder) < 0) {
		fprintf(stderr, "%s is not empty\n", inner);
		result = -1;
	}
	free(w);
	return result;
}

void
world_listen(struct world *w)
{
	struct ferry_error why = { .text = "" };

	if (ferry_listener_open(w->addr, NULL, &w->listener, &why))
		fail_msg("%s", why.text);
}

static void *
dial(void *arg)
{
	struct world *w = arg;
	struct ferry_error why = { .text = "" };

	if (ferry_channel_open(w->addr, NULL, ferry_in_ms(FAIL_MS), &w->a,
			       &why))
		fprintf(stderr, "%s\n", why.text);
	return NULL;
}

void
world_accept(struct world *w)
{
	struct ferry_error why = { .text = "" };

	if (ferry_listener_accept(w->listener, ferry_in_ms(FAIL_MS), &w->b,
				  &why))
		fail_msg("%s", why.text);
}

void
world_connect(struct world *w)
{
	pthread_t thread;

	if (!w->listener)
		world_listen(w);
	assert_int_equal(fy_os_thread_start(&thread, dial, w), 0);
	world_accept(w);
	fy_os_thread_join(thread);
	assert_non_null(w->a);
}

struct ferry_bytes
world_bytes(const char *text)
{
	return (struct ferry_bytes){ (const uint8_t *)text,
				     (uint32_t)strlen(text) };
}

void
world_send(struct ferry_channel *ch, const char *text)
{
	assert_int_equal(ferry_channel_send(ch, world_bytes(text),
					    ferry_in_ms(FAIL_MS), NULL),
			 FERRY_OK);
}

void
world_expect(struct ferry_channel *ch, const char *text,
	     struct ferry_deadline until)
{
	struct ferry_bytes got;

	assert_int_equal(ferry_channel_take(ch, &got, until, NULL), FERRY_OK);
	assert_int_equal(got.len, strlen(text));
	assert_memory_equal(got.data, text, got.len);
	ferry_channel_release(ch);
}

ferry_err
world_error(struct ferry_channel *ch, struct ferry_deadline until)
{
	struct ferry_bytes got;
	ferry_err err = ferry_channel_take(ch, &got, until, NULL);

	if (!err)
		ferry_channel_release(ch);
	return err;
}

void
world_fill(struct ferry_channel *ch)
{
	static uint8_t bytes[5000];
	const struct ferry_bytes message = { bytes, sizeof(bytes) };
	ferry_err err = FERRY_OK;

	for (int i = 0; i < 10 && !err; i++)
		err = ferry_channel_send(ch, message, FERRY_NOW, NULL);
	assert_int_equal(err, FERRY_EAGAIN);
}

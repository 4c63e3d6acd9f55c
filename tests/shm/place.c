/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <unistd.h>

/* Both ways, and the same comes back. */
static void
talk(struct ferry_channel *a, struct ferry_channel *b)
{
	const struct ferry_bytes message = { (const uint8_t *)"well", 4 };
	struct ferry_channel *ends[2] = { a, b };

	for (int i = 0; i < 2; i++) {
		struct ferry_bytes got;

		assert_int_equal(ferry_channel_send(ends[i], message,
						    ferry_in_ms(PLACE_SOON_MS),
						    NULL),
				 FERRY_OK);
		assert_int_equal(ferry_channel_take(ends[!i], &got,
						    ferry_in_ms(PLACE_SOON_MS),
						    NULL),
				 FERRY_OK);
		assert_int_equal(got.len, message.len);
		assert_memory_equal(got.data, message.data, message.len);
		ferry_channel_release(ends[!i]);
	}
}

struct meeting {
	const char *addr;
	struct ferry_channel *ch;
	ferry_err err;
};

static void *
dial(void *arg)
{
	struct meeting *m = arg;

	m->err = ferry_channel_open(m->addr, NULL, ferry_in_ms(PLACE_SOON_MS),
				    &m->ch, NULL);
	return NULL;
}

static void
meet(const struct place *p, struct ferry_channel *out[2])
{
	struct meeting m = { .addr = "" };
	char addr[80];
	pthread_t thread;

	snprintf(addr, sizeof(addr), "shm:%s?ring=64k", p->path);
	m.addr = addr;
	assert_int_equal(pthread_create(&thread, NULL, dial, &m), 0);
	assert_int_equal(ferry_listener_accept(p->listener,
					       ferry_in_ms(PLACE_SOON_MS),
					       &out[1], NULL),
			 FERRY_OK);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(m.err, FERRY_OK);
	out[0] = m.ch;
}

static void
part(struct ferry_channel *ends[2])
{
	for (int i = 0; i < 2; i++)
		ferry_channel_close(ends[i], FERRY_NOW, NULL);
}

void
place_open(struct place *p, const char *options,
	   const struct ferry_channel_config *config)
{
	struct ferry_listener_config whole = { .n_uids = 0 };
	char addr[120];

	*p = (struct place){ .listener = NULL };
	if (config)
		whole.channel = *config;
	fy_audit_take(&p->before);
	snprintf(p->folder, sizeof(p->folder), "/tmp/ferry-test-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->path, sizeof(p->path), "%s/s", p->folder);
	snprintf(addr, sizeof(addr), "shm:%s%s", p->path, options);
	assert_int_equal(
		ferry_listener_open(addr, &whole, &p->listener, NULL),
		FERRY_OK);
	meet(p, p->good);
	place_check(p);
}

void
place_check(struct place *p)
{
	struct ferry_channel *another[2];

	talk(p->good[0], p->good[1]);
	meet(p, another);
	talk(another[0], another[1]);
	part(another);
}

void
place_close(struct place *p)
{
	place_check(p);
	part(p->good);
	ferry_listener_close(p->listener);
	assert_int_equal(rmdir(p->folder), 0);
	assert_true(fy_audit_same(&p->before));
}

uint32_t
place_size(const char *name, uint32_t otherwise)
{
	const char *text = getenv(name);

	return text ? (uint32_t)strtoul(text, NULL, 10) : otherwise;
}

int64_t
place_ns(void)
{
	/* A deadline of now is the time. */
	return ferry_in_ms(0).ns;
}

uint32_t
place_roll(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 32);
}

/* SPDX-License-Identifier: MIT */
#include "mq_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mq_alone.h"
#include "transport/mq/slot.h"

/* With a process id on top nobody has it; nor does mq_alone() give it. */
#define STRANGER 0x67000000u
/* Debian's: RLIMIT_MSGQUEUE. */
#define MSGQUEUE_BYTES 819200

void
mq_begin(void)
{
	char name[64];
	mqd_t q;

	mq_alone();
	snprintf(name, sizeof(name), "/ferry-test-%d", getpid());
	q = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, NULL);
	if (q < 0 && (errno == ENOSYS || errno == EPERM || errno == EACCES))
		exit(77);
	mq_unlink(name);
	mq_close(q);
}

void
mq_name(struct mq_pair *pair)
{
	static int count;

	*pair = (struct mq_pair){ .listener = NULL };
	snprintf(pair->name, sizeof(pair->name), "/ferry-test-%d-%d", getpid(),
		 count++);
	snprintf(pair->addr, sizeof(pair->addr), "mq:%s", pair->name);
}

void
mq_listen(struct mq_pair *pair, const char *options)
{
	struct ferry_error why;
	char text[256];
	ferry_err err;

	mq_name(pair);
	snprintf(text, sizeof(text), "%s%s", pair->addr, options);
	err = ferry_listener_open(text, NULL, &pair->listener, &why);
	if (err)
		fail_msg("%s", why.text);
}

static void *
dial(void *arg)
{
	struct mq_dialler *d = arg;

	d->err = ferry_channel_open(d->addr, NULL, ferry_in_ms(10000), &d->ch,
				    &d->why);
	return NULL;
}

void
mq_dial_start(struct mq_dialler *d, const char *addr)
{
	*d = (struct mq_dialler){ .addr = addr };
	assert_int_equal(pthread_create(&d->thread, NULL, dial, d), 0);
}

ferry_err
mq_dial_end(struct mq_dialler *d)
{
	pthread_join(d->thread, NULL);
	return d->err;
}

void
mq_accept(struct mq_pair *pair)
{
	struct mq_dialler d;
	struct ferry_error why;
	ferry_err err;

	mq_dial_start(&d, pair->addr);
	err = ferry_listener_accept(pair->listener, ferry_in_ms(10000),
				    &pair->b, &why);
	if (err)
		print_error("accept: %s\n", why.text);
	if (mq_dial_end(&d))
		fail_msg("dial: %s", d.why.text);
	assert_int_equal(err, FERRY_OK);
	pair->a = d.ch;
}

void
mq_accept_starved(struct mq_pair *pair)
{
	struct rlimit before, low;
	struct ferry_error why;
	ferry_err err;

	while (mq_n_left(pair) < 3)
		continue;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	low = before;
	low.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	do
		err = ferry_listener_accept(pair->listener, FERRY_NOW, &pair->b,
					    &why);
	while (err == FERRY_EAGAIN);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(err, FERRY_ESYS);
	assert_int_equal(why.sys_errno, EMFILE);
}

uid_t
mq_stranger(pid_t pid)
{
	return STRANGER + (uid_t)pid;
}

int
mq_become_stranger(void)
{
	const struct rlimit limit = { MSGQUEUE_BYTES, MSGQUEUE_BYTES };
	const uid_t id = mq_stranger(getpid());

	if (setrlimit(RLIMIT_MSGQUEUE, &limit) < 0)
		return -1;
	if (geteuid() != 0)
		return 0;
	return setgroups(0, NULL) < 0 || setresgid(id, id, id) < 0 ||
	       setresuid(id, id, id) < 0 ? -1 : 0;
}

void
mq_connect(struct mq_pair *pair)
{
	mq_listen(pair, "");
	mq_accept(pair);
}

static int
is_there(const char *name)
{
	mqd_t q = mq_open(name, O_RDONLY);

	if (q < 0)
		return errno != ENOENT;
	mq_close(q);
	return 1;
}

int
mq_n_left(const struct mq_pair *pair)
{
	struct fy_mq_name name;
	int n = is_there(pair->name);

	snprintf(name.text, sizeof(name.text), "%s", pair->name);
	for (uint32_t slot = 0; slot < FY_MQ_SLOTS; slot++)
		n += is_there(fy_mq_slot_from(&name, slot).text) +
		     is_there(fy_mq_slot_to(&name, slot).text);
	return n;
}

void
mq_close_all(struct mq_pair *pair)
{
	(void)!ferry_channel_close(pair->a, FERRY_NOW, NULL);
	(void)!ferry_channel_close(pair->b, FERRY_NOW, NULL);
	ferry_listener_close(pair->listener);
	assert_int_equal(mq_n_left(pair), 0);
}

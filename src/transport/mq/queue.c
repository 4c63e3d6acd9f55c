/* SPDX-License-Identifier: MIT */
#include "transport/mq/queue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"

#define PROC "/proc/sys/fs/mqueue/"

/* ---- the reasons why a queue cannot be made ---- */

/* A limit's current value; -1 if it cannot be told. */
static long
read_limit(const char *path)
{
	FY_CLEANUP(fy_fd_close) int fd = fy_os_open(path, O_RDONLY, 0);
	char text[32];
	ssize_t n = fd < 0 ? -1 : fy_os_read(fd, text, sizeof(text) - 1);

	if (n <= 0)
		return -1;
	text[n] = '\0';
	return strtol(text, NULL, 10);
}

/* EMFILE stands for two limits. */
static bool
lacks_descriptors(void)
{
	FY_CLEANUP(fy_fd_close) int probe = fy_os_eventfd(0, 0);

	return probe < 0;
}

/* Its own words say more than those of errno would. */
FY_COLD static ferry_err
with_errno(ferry_err err, int error, struct ferry_error *why)
{
	if (why)
		why->sys_errno = error;
	return err;
}

FY_COLD static ferry_err
fail_bytes(const struct fy_mq_name *name, struct ferry_error *why)
{
	struct rlimit limit = { 0, 0 };

	if (lacks_descriptors()) {
		errno = EMFILE;
		return fy_fail_errno(why, "make the message queue %.100s",
				     name->text);
	}
	(void)fy_os_getrlimit(RLIMIT_MSGQUEUE, &limit);
	return with_errno(
		fy_fail(why, FERRY_ESYS,
			"cannot make the message queue %.60s: the queues of a "
			"user have at most %llu bytes (RLIMIT_MSGQUEUE): raise "
			"that with ulimit -q, or close channels", name->text,
			(unsigned long long)limit.rlim_cur), EMFILE, why);
}

/* @error: as mq_open(3) told it; @need: what the limit must be at least. */
FY_COLD static ferry_err
fail_limit(const struct fy_mq_name *name, const char *path, long need,
	   int error, struct ferry_error *why)
{
	return with_errno(
		fy_fail(why, FERRY_ESYS,
			"cannot make the message queue %.60s: %s is %ld: root "
			"can write %ld or more there", name->text, path,
			read_limit(path), need), error, why);
}

FY_COLD static ferry_err
fail_make(const struct fy_mq_name *name, struct fy_mq_shape shape,
	  struct ferry_error *why)
{
	int error = errno;
	long depth;

	if (error == EMFILE)
		return fail_bytes(name, why);
	if (error == ENOSPC)
		return fail_limit(name, PROC "queues_max",
				  read_limit(PROC "queues_max") + 1, error,
				  why);
	if (error == ENOSYS)
		return fy_fail_errno_as(why, FERRY_ENOTSUP,
					"make a message queue: this kernel "
					"has none");
	if (error != EINVAL)
		return fy_fail_errno(why, "make the message queue %.100s",
				     name->text);
	depth = read_limit(PROC "msg_max");
	if (depth >= 0 && depth < shape.depth)
		return fail_limit(name, PROC "msg_max", shape.depth, error,
				  why);
	return fail_limit(name, PROC "msgsize_max", shape.bytes, error, why);
}

/* ---- queues ---- */

ferry_err
fy_mq_make(const struct fy_mq_name *name, struct fy_mq_shape shape, int *out,
	   struct ferry_error *why)
{
	struct mq_attr attr = {
		.mq_maxmsg = shape.depth,
		.mq_msgsize = shape.bytes,
	};
	int q = fy_os_mq_open(name->text, O_RDWR | O_CREAT | O_EXCL, 0600,
			      &attr);

	if (q >= 0) {
		*out = q;
		return FERRY_OK;
	}
	return errno == EEXIST ? FERRY_EAGAIN : fail_make(name, shape, why);
}

ferry_err
fy_mq_open(const struct fy_mq_name *name, int flags, int *out,
	   struct ferry_error *why)
{
	int q = fy_os_mq_open(name->text, flags, 0, NULL);

	if (q >= 0) {
		*out = q;
		return FERRY_OK;
	}
	if (errno == ENOENT)
		return fy_fail_errno_as(why, FERRY_ECONNECT,
					"open the message queue %.100s",
					name->text);
	return fy_fail_errno(why, "open the message queue %.100s", name->text);
}

bool
fy_mq_has_shape(int q, struct fy_mq_shape shape)
{
	struct mq_attr attr;

	return fy_os_mq_getattr(q, &attr) == 0 &&
	       attr.mq_maxmsg == shape.depth && attr.mq_msgsize == shape.bytes;
}

ferry_err
fy_mq_claim(int q, const struct fy_mq_name *name, struct ferry_error *why)
{
	if (fy_os_lock_byte(q, FY_MQ_RECEIVER) == 0)
		return fy_mq_is_named(q) ? FERRY_OK : FERRY_EAGAIN;
	if (errno == EAGAIN)
		return FERRY_EAGAIN;
	return fy_fail_errno(why, "lock the message queue %.100s", name->text);
}

bool
fy_mq_is_held(int q, enum fy_mq_role role)
{
	return fy_os_is_byte_locked(q, role) != 0;
}

/* One name is all that a queue can have. It takes no descriptor to see. */
bool
fy_mq_is_named(int q)
{
	struct stat st;

	return fy_os_fstat(q, &st) == 0 && st.st_nlink > 0;
}

bool
fy_mq_is_private(int q)
{
	struct stat st;

	return fy_os_fstat(q, &st) == 0 &&
	       !(st.st_mode & (S_IRWXG | S_IRWXO)) &&
	       (st.st_uid == 0 || st.st_uid == fy_os_geteuid());
}

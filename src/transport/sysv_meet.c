/* SPDX-License-Identifier: MIT */
#include "transport/sysv_meet.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/time.h"

#define MAGIC	0x66727279u
#define VERSION 1u
/* How long a client sleeps before it tries a full meeting queue again. */
#define CROWD_MS 5
/* A listener that runs signs within this time, even on a busy machine. */
#define SIGN_MS	   2
#define SIGN_TRIES 50

struct token_msg {
	long type;
	uint8_t nonce[16];
};

struct welcome {
	uint32_t magic;
	uint32_t version;
	struct fy_life life;
};

struct welcome_msg {
	long type;
	struct welcome welcome;
};

/* What a new end may find in its queue: as large as a receiver has to offer. */
struct any_msg {
	long type;
	uint8_t bytes[FY_SYSV_PART];
};

static void
describe(struct fy_sysv_link *l, const struct ipc_perm *made, int32_t pid)
{
	struct ferry_peer *peer = &l->peer;

	peer->has_ids = true;
	peer->uid = made->cuid;
	peer->gid = made->cgid;
	peer->has_pid = true;
	peer->pid = pid;
	(void)snprintf(peer->text, sizeof(peer->text), "uid %u, pid %d",
		       peer->uid, pid);
}

/* ---- the client ---- */

/*
 * @seen: the meeting queue. @meeting: its id
 */
struct visit {
	struct fy_sysv_link *l;
	key_t key;
	int meeting;
	struct msqid_ds seen;
	struct fy_sysv_hello_msg hello;
};

FY_COLD static ferry_err
fail_nobody(const struct visit *v, struct ferry_error *why)
{
	return fy_fail(why, FERRY_ECONNECT,
		       "nobody listens at sysv:0x%x: start the listener, or "
		       "see ipcs -q",
		       (unsigned int)v->key);
}

/*
 * The listener is who received last from the meeting queue; it has done so once
 * before anybody could come. Nobody else may, but for its own user and root.
 * FERRY_LATER: it is a thread of it, that signs for the process next.
 */
static ferry_err
watch_listener(struct visit *v, struct ferry_error *why)
{
	if (fy_os_msgctl(v->meeting, IPC_STAT, &v->seen) < 0)
		return fy_fail_errno(why, "use the message queue sysv:0x%x",
				     (unsigned int)v->key);
	if (v->seen.msg_lrpid == 0)
		return fail_nobody(v, why);
	v->l->pidfd = fy_os_pidfd_open(v->seen.msg_lrpid);
	if (v->l->pidfd >= 0)
		return FERRY_OK;
	/* Which of the first two it is, is a matter of the kernel's version. */
	if (errno == ENOENT || errno == EINVAL)
		return FERRY_LATER;
	if (errno == ESRCH)
		return fail_nobody(v, why);
	return fy_fail_errno(why, "watch process %d", (int)v->seen.msg_lrpid);
}

static ferry_err
find_listener(struct visit *v, struct ferry_error *why)
{
	ferry_err err = FERRY_LATER;

	v->meeting = fy_os_msgget(v->key, 0);
	if (v->meeting < 0 && errno == ENOENT)
		return fail_nobody(v, why);
	if (v->meeting < 0)
		return fy_fail_errno(why, "use the message queue sysv:0x%x",
				     (unsigned int)v->key);
	for (int i = 0; i < SIGN_TRIES && err == FERRY_LATER; i++) {
		if (i > 0)
			(void)fy_os_poll(NULL, 0, ferry_in_ms(SIGN_MS));
		err = watch_listener(v, why);
	}
	return err == FERRY_LATER ? fail_nobody(v, why) : err;
}

static ferry_err
make_queues(struct visit *v, struct ferry_error *why)
{
	struct fy_sysv_hello *hello = &v->hello.hello;
	struct fy_sysv_link *l = v->l;
	uid_t uid = v->seen.msg_perm.cuid;
	ferry_err err;

	/* A listener of another user's does not sweep what this one's leave. */
	if (uid != fy_os_geteuid())
		fy_sysv_sweep();
	err = fy_life_self(&hello->life, why);
	if (!err)
		err = fy_sysv_make(&l->in, &hello->life, FY_SYSV_RECEIVER, uid,
				   why);
	if (!err)
		err = fy_sysv_make(&l->out, &hello->life, FY_SYSV_MAKER, uid,
				   why);
	if (!err && fy_os_random(hello->nonce, sizeof(hello->nonce)) < 0)
		err = fy_fail_errno(why, "get random bytes");
	if (err)
		return err;
	v->hello.type = FY_SYSV_HELLO;
	hello->magic = MAGIC;
	hello->version = VERSION;
	hello->to_listener = l->out.id;
	hello->to_client = l->in.id;
	return FERRY_OK;
}

/* Only a crowd fills the meeting queue; nobody tells when it has room again. */
static ferry_err
say_hello(const struct visit *v, struct ferry_deadline until,
	  struct ferry_error *why)
{
	while (fy_os_msgsnd(v->meeting, &v->hello, sizeof(v->hello.hello),
			    IPC_NOWAIT) < 0) {
		if (errno == EIDRM || errno == EINVAL)
			return fail_nobody(v, why);
		if (errno != EAGAIN)
			return fy_fail_errno(why, "send to sysv:0x%x",
					     (unsigned int)v->key);
		if (fy_deadline_passed(until))
			return fy_fail(why,
				       until.ns == FERRY_NOW.ns
					       ? FERRY_EAGAIN
					       : FERRY_ETIMEDOUT,
				       "sysv:0x%x is busy: it did not accept "
				       "before the deadline",
				       (unsigned int)v->key);
		(void)fy_os_poll(NULL, 0, ferry_in_ms(CROWD_MS));
	}
	return FERRY_OK;
}

static ferry_err
knock(const struct visit *v, struct ferry_deadline until,
      struct ferry_error *why)
{
	struct token_msg token = { .type = FY_SYSV_TOKEN };

	memcpy(token.nonce, v->hello.hello.nonce, sizeof(token.nonce));
	if (fy_os_msgsnd(v->l->out.id, &token, sizeof(token.nonce),
			 IPC_NOWAIT) < 0)
		return fy_fail_errno(why, "send to a new message queue");
	return say_hello(v, until, why);
}

/* Who answered has received the nonce, and is whom it says it is. */
static ferry_err
check_welcome(const struct visit *v, const struct welcome *welcome,
	      struct ferry_error *why)
{
	const struct fy_life *life = &welcome->life;
	struct fy_sysv_link *l = v->l;
	struct msqid_ds ds;
	ferry_err err;
	int pidfd;

	if (welcome->magic != MAGIC || welcome->version != VERSION)
		return fy_fail(why, FERRY_EPROTO,
			       "whoever listens at sysv:0x%x speaks another "
			       "version",
			       (unsigned int)v->key);
	if (fy_os_msgctl(l->out.id, IPC_STAT, &ds) < 0 ||
	    ds.msg_lrpid != life->pid)
		return fail_nobody(v, why);
	err = fy_life_open(life, v->seen.msg_perm.cuid, &pidfd, why);
	if (err)
		return err;
	fy_service_cancel(&l->rx_item);
	fy_fd_close(&l->pidfd);
	l->pidfd = pidfd;
	describe(l, &v->seen.msg_perm, life->pid);
	return fy_sysv_link_watch(l, why);
}

static ferry_err
await_welcome(const struct visit *v, struct ferry_deadline until,
	      struct ferry_error *why)
{
	struct welcome welcome;
	struct any_msg got;
	size_t bytes = 0;
	ferry_err err = fy_sysv_link_watch(v->l, why);

	if (!err)
		err = fy_sysv_link_receive(v->l, &got, &bytes, until, why);
	if (err == FERRY_EOF)
		return fail_nobody(v, why);
	if (err)
		return err;
	if (got.type == FY_SYSV_END)
		return fy_fail(why, FERRY_ECONNECT,
			       "sysv:0x%x did not accept: its log says why",
			       (unsigned int)v->key);
	if (got.type != FY_SYSV_WELCOME || bytes != sizeof(welcome))
		return fy_fail(why, FERRY_EPROTO,
			       "whoever listens at sysv:0x%x is not ferry",
			       (unsigned int)v->key);
	memcpy(&welcome, got.bytes, sizeof(welcome));
	return check_welcome(v, &welcome, why);
}

ferry_err
fy_sysv_meet(struct fy_sysv_link *l, key_t key, struct ferry_deadline until,
	     struct ferry_error *why)
{
	struct visit v = { .l = l, .key = key };
	ferry_err err = find_listener(&v, why);

	if (!err)
		err = make_queues(&v, why);
	if (!err)
		err = knock(&v, until, why);
	if (!err)
		err = await_welcome(&v, until, why);
	if (!err) {
		fy_sysv_unnote(l->out.key, FY_SYSV_MAKER);
		return FERRY_OK;
	}
	/* The helper may be about to remove the same queue. */
	fy_service_cancel(&l->rx_item);
	fy_service_cancel(&l->tx_item);
	fy_sysv_remove(&l->out, FY_SYSV_MAKER);
	return err;
}

/* ---- the listener ---- */

/* The two queues of a client, as the kernel has them. */
struct guest {
	struct msqid_ds in;
	struct msqid_ds out;
};

/*
 * Whether the queues are of one user, who put the nonce there. Nothing is done
 * to a queue that may be another one's, but to ask for a message of a type that
 * it will not have.
 */
static bool
is_honest(const struct fy_sysv_hello_msg *msg, size_t bytes,
	  struct guest *guest)
{
	const struct fy_sysv_hello *hello = &msg->hello;
	struct token_msg token;

	if (msg->type != FY_SYSV_HELLO || bytes != sizeof(*hello) ||
	    hello->magic != MAGIC || hello->version != VERSION ||
	    hello->to_listener == hello->to_client ||
	    fy_os_msgctl(hello->to_listener, IPC_STAT, &guest->in) < 0 ||
	    fy_os_msgctl(hello->to_client, IPC_STAT, &guest->out) < 0 ||
	    guest->in.msg_perm.cuid != guest->out.msg_perm.cuid ||
	    guest->in.msg_lspid != hello->life.pid)
		return false;
	return fy_os_msgrcv(hello->to_listener, &token, sizeof(token.nonce),
			    FY_SYSV_TOKEN,
			    IPC_NOWAIT) == (ssize_t)sizeof(token.nonce) &&
	       memcmp(token.nonce, hello->nonce, sizeof(token.nonce)) == 0;
}

void
fy_sysv_refuse(const struct fy_sysv_hello_msg *msg, size_t bytes)
{
	struct guest guest;

	if (is_honest(msg, bytes, &guest))
		(void)fy_sysv_post(msg->hello.to_client, FY_SYSV_END);
}

/* The queue that this end receives from becomes its own. */
static ferry_err
adopt(struct fy_sysv_link *l, const struct fy_sysv_hello *hello,
      const struct guest *guest, const struct fy_life *self,
      struct ferry_error *why)
{
	key_t key = guest->in.msg_perm.__key;
	ferry_err err = fy_sysv_note(key, FY_SYSV_RECEIVER, self, why);

	if (err == FERRY_EAGAIN)
		return FERRY_LATER;
	if (err)
		return err;
	l->in = (struct fy_sysv_queue){ hello->to_listener, key };
	l->out = (struct fy_sysv_queue){ hello->to_client,
					 guest->out.msg_perm.__key };
	describe(l, &guest->in.msg_perm, hello->life.pid);
	return FERRY_OK;
}

static ferry_err
answer(struct fy_sysv_link *l, const struct fy_life *self,
       struct ferry_error *why)
{
	struct welcome_msg msg = {
		FY_SYSV_WELCOME,
		{ MAGIC, VERSION, *self },
	};
	ferry_err err = fy_sysv_link_watch(l, why);

	if (err)
		return err;
	if (fy_os_msgsnd(l->out.id, &msg, sizeof(msg.welcome), IPC_NOWAIT) < 0)
		return FERRY_LATER;
	return FERRY_OK;
}

ferry_err
fy_sysv_welcome(struct fy_sysv_link *l, const struct fy_sysv_hello_msg *msg,
		size_t bytes, struct ferry_error *why)
{
	const struct fy_sysv_hello *hello = &msg->hello;
	struct guest guest;
	struct fy_life self;
	ferry_err err;

	if (!is_honest(msg, bytes, &guest))
		return FERRY_LATER;
	err = fy_life_self(&self, why);
	if (!err)
		err = fy_life_open(&hello->life, guest.in.msg_perm.cuid,
				   &l->pidfd, why);
	/* One that has gone, or whom this process may not watch. */
	if (err == FERRY_ECONNECT || err == FERRY_EACCES ||
	    err == FERRY_ENOTSUP)
		err = FERRY_LATER;
	if (!err)
		err = adopt(l, hello, &guest, &self, why);
	if (err) {
		(void)fy_sysv_post(hello->to_client, FY_SYSV_END);
		return err;
	}
	return answer(l, &self, why);
}

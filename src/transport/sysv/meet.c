/* SPDX-License-Identifier: MIT */
#include "transport/sysv/meet.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/time.h"

#define MAGIC	0x66727279u
#define VERSION 3u
/* What a client removes at most of what others left, before it comes. */
#define SWEEP_MOST 16
/* How long a client sleeps before it tries a full meeting queue again. */
#define CROWD_LEAST_MS 1
#define CROWD_MOST_MS  256
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
	int32_t to_listener;
	uint32_t zero;
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
 * Whether the number that the listener had is another process's by now: such a
 * one would never answer. What this user has noted is certain; of another
 * user's listener there is only the owner to compare.
 */
static bool
has_new_process(const struct visit *v)
{
	const pid_t pid = v->seen.msg_lrpid;
	struct fy_life life;
	struct stat st;
	char path[32];

	if (v->seen.msg_perm.cuid == fy_os_geteuid() &&
	    fy_sysv_noted(v->key, &life) && life.pid == pid)
		return fy_life_is_dead(&life);
	(void)snprintf(path, sizeof(path), "/proc/%d", pid);
	return fy_os_lstat(path, &st) == 0 &&
	       st.st_uid != v->seen.msg_perm.cuid;
}

/*
 * The listener is who received last from the meeting queue; it has done so once
 * before anybody could come. Nobody else may, but for its own user and root.
 * FERRY_LATER: it is a thread of it, that signs for the process next.
 */
static ferry_err
watch_listener(struct visit *v, struct ferry_error *why)
{
	bool is_there = fy_os_msgctl(v->meeting, IPC_STAT, &v->seen) == 0;

	if (is_there ? v->seen.msg_lrpid == 0
		     : errno == EIDRM || errno == EINVAL)
		return fail_nobody(v, why);
	if (!is_there)
		return fy_fail_errno(why, "use the message queue sysv:0x%x",
				     (unsigned int)v->key);
	v->l->pidfd = fy_os_pidfd_open(v->seen.msg_lrpid);
	if (v->l->pidfd >= 0)
		return has_new_process(v) ? fail_nobody(v, why) : FERRY_OK;
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
make_queue(struct visit *v, struct ferry_error *why)
{
	struct fy_sysv_hello *hello = &v->hello.hello;
	struct fy_sysv_link *l = v->l;
	uid_t uid = v->seen.msg_perm.cuid;
	ferry_err err;

	/* A listener of another user's does not sweep what this one's leave. */
	if (uid != fy_os_geteuid())
		(void)fy_sysv_sweep(SWEEP_MOST);
	err = fy_life_self(&hello->life, why);
	if (!err)
		err = fy_sysv_make(&l->in, &hello->life, uid, why);
	if (!err && fy_os_random(hello->nonce, sizeof(hello->nonce)) < 0)
		err = fy_fail_errno(why, "get random bytes");
	if (err)
		return err;
	v->hello.type = FY_SYSV_HELLO;
	hello->magic = MAGIC;
	hello->version = VERSION;
	hello->to_client = l->in.id;
	return FERRY_OK;
}

/* After msgsnd(2) has failed with @errno. FERRY_OK: there may be room later. */
static ferry_err
judge_crowd(const struct visit *v, struct ferry_deadline until,
	    struct ferry_error *why)
{
	if (errno == EIDRM || errno == EINVAL)
		return fail_nobody(v, why);
	if (errno != EAGAIN)
		return fy_fail_errno(why, "send to sysv:0x%x",
				     (unsigned int)v->key);
	if (fy_deadline_passed(until))
		return fy_fail(why,
			       until.ns == FERRY_NOW.ns ? FERRY_EAGAIN
							: FERRY_ETIMEDOUT,
			       "sysv:0x%x is busy: it did not accept before "
			       "the deadline",
			       (unsigned int)v->key);
	return FERRY_OK;
}

/*
 * Only a crowd of some hundred fills the meeting queue, and nobody tells when
 * it has room again: it is tried at times that grow apart. The listener's death
 * is told at once.
 */
static ferry_err
say_hello(const struct visit *v, struct ferry_deadline until,
	  struct ferry_error *why)
{
	struct pollfd end = { .fd = v->l->pidfd, .events = POLLIN };
	int64_t sleep_ms = CROWD_LEAST_MS;

	while (fy_os_msgsnd(v->meeting, &v->hello, sizeof(v->hello.hello),
			    IPC_NOWAIT) < 0) {
		ferry_err err = judge_crowd(v, until, why);
		struct ferry_deadline next = ferry_in_ms(sleep_ms);

		if (err)
			return err;
		if (until.ns < next.ns)
			next = until;
		if (fy_os_poll(&end, 1, next) > 0)
			return fail_nobody(v, why);
		if (sleep_ms < CROWD_MOST_MS)
			sleep_ms *= 2;
	}
	return FERRY_OK;
}

static ferry_err
knock(const struct visit *v, struct ferry_deadline until,
      struct ferry_error *why)
{
	struct token_msg token = { .type = FY_SYSV_TOKEN };

	memcpy(token.nonce, v->hello.hello.nonce, sizeof(token.nonce));
	if (fy_os_msgsnd(v->l->in.id, &token, sizeof(token.nonce),
			 IPC_NOWAIT) < 0)
		return fy_fail_errno(why, "send to a new message queue");
	return say_hello(v, until, why);
}

static bool
is_listeners(const struct visit *v, int id, struct msqid_ds *out)
{
	return fy_os_msgctl(id, IPC_STAT, out) == 0 &&
	       out->msg_perm.cuid == v->seen.msg_perm.cuid;
}

/*
 * The queue is the listener's own, and was signed by whom it says it is: a
 * welcome is no way to have this process send to somebody else's.
 */
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
	if (!is_listeners(v, welcome->to_listener, &ds))
		return fail_nobody(v, why);
	fy_service_cancel(&l->rx_item);
	/* Whatever fails from now: to close tells the listener. */
	l->out = (struct fy_sysv_queue){ welcome->to_listener,
					 ds.msg_perm.__key };
	if (ds.msg_lrpid != life->pid)
		return fail_nobody(v, why);
	err = fy_life_open(life, v->seen.msg_perm.cuid, &pidfd, why);
	if (err)
		return err;
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

	if (err)
		return err;
	/* The token is left to the listener. */
	v->l->rx.type = 1 - FY_SYSV_TOKEN;
	v->l->rx.flags = 0;
	err = fy_sysv_link_receive(v->l, &got, &bytes, until, why);
	v->l->rx.type = FY_SYSV_ROOM;
	v->l->rx.flags = MSG_EXCEPT;
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

/*
 * Whoever waited in vain takes no welcome any more, and one that has come just
 * now is answered with the end: the listener would wait for a peer that lives
 * and never speaks.
 */
static void
turn_away(const struct visit *v)
{
	struct welcome_msg late;
	struct msqid_ds ds;

	(void)fy_sysv_shut(v->l->in.id);
	if (fy_os_msgrcv(v->l->in.id, &late, sizeof(late.welcome),
			 FY_SYSV_WELCOME,
			 IPC_NOWAIT) == (ssize_t)sizeof(late.welcome) &&
	    is_listeners(v, late.welcome.to_listener, &ds))
		(void)fy_sysv_post(late.welcome.to_listener, FY_SYSV_END);
}

ferry_err
fy_sysv_meet(struct fy_sysv_link *l, key_t key, struct ferry_deadline until,
	     struct ferry_error *why)
{
	struct visit v = { .l = l, .key = key };
	ferry_err err = find_listener(&v, why);

	if (!err)
		err = make_queue(&v, why);
	if (!err)
		err = knock(&v, until, why);
	if (!err)
		err = await_welcome(&v, until, why);
	if (err && l->in.id >= 0)
		turn_away(&v);
	return err;
}

/* ---- the listener ---- */

/*
 * Whether the client's queue, @guest, is of who put the nonce there. Nothing is
 * done to a queue that may be another one's, but to ask for a message of a type
 * that it will not have.
 */
static bool
is_honest(const struct fy_sysv_hello_msg *msg, size_t bytes,
	  struct msqid_ds *guest)
{
	const struct fy_sysv_hello *hello = &msg->hello;
	struct token_msg token;

	if (msg->type != FY_SYSV_HELLO || bytes != sizeof(*hello) ||
	    hello->magic != MAGIC || hello->version != VERSION ||
	    fy_os_msgctl(hello->to_client, IPC_STAT, guest) < 0 ||
	    guest->msg_lspid != hello->life.pid)
		return false;
	return fy_os_msgrcv(hello->to_client, &token, sizeof(token.nonce),
			    FY_SYSV_TOKEN,
			    IPC_NOWAIT) == (ssize_t)sizeof(token.nonce) &&
	       memcmp(token.nonce, hello->nonce, sizeof(token.nonce)) == 0;
}

void
fy_sysv_refuse(const struct fy_sysv_hello_msg *msg, size_t bytes)
{
	struct msqid_ds guest;

	if (is_honest(msg, bytes, &guest))
		(void)fy_sysv_post(msg->hello.to_client, FY_SYSV_END);
}

/* A queue of this end's own, and the client is told which. */
static ferry_err
answer(struct fy_sysv_link *l, const struct fy_life *self,
       struct ferry_error *why)
{
	struct welcome_msg msg = {
		.type = FY_SYSV_WELCOME,
		.welcome = { .magic = MAGIC, .version = VERSION, .life = *self },
	};
	ferry_err err = fy_sysv_make(&l->in, self, l->peer.uid, why);

	if (!err && !fy_sysv_sign(l->in.id))
		err = fy_fail_errno(why, "use a new message queue");
	if (!err)
		err = fy_sysv_link_watch(l, why);
	if (err)
		return err;
	msg.welcome.to_listener = l->in.id;
	if (fy_os_msgsnd(l->out.id, &msg, sizeof(msg.welcome), IPC_NOWAIT) < 0)
		return FERRY_LATER;
	return FERRY_OK;
}

ferry_err
fy_sysv_welcome(struct fy_sysv_link *l, const struct fy_sysv_hello_msg *msg,
		size_t bytes, struct ferry_error *why)
{
	const struct fy_sysv_hello *hello = &msg->hello;
	struct msqid_ds guest;
	struct fy_life self;
	ferry_err err;

	if (!is_honest(msg, bytes, &guest))
		return FERRY_LATER;
	l->out = (struct fy_sysv_queue){ hello->to_client,
					 guest.msg_perm.__key };
	err = fy_life_self(&self, why);
	if (!err)
		err = fy_life_open(&hello->life, guest.msg_perm.cuid,
				   &l->pidfd, why);
	/* One that has gone, or whom this process may not watch. */
	if (err == FERRY_ECONNECT || err == FERRY_EACCES ||
	    err == FERRY_ENOTSUP)
		return FERRY_LATER;
	if (err)
		return err;
	describe(l, &guest.msg_perm, hello->life.pid);
	return answer(l, &self, why);
}

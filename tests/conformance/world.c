/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/fd.h"
#include "core/time.h"
#include "fault.h"
#include "transport/table.h"
#include "words.h"

const struct ferry_transport_ops *const fy_test_transports[] = {
	&fy_transport_fault,
	NULL,
};

bool
fy_way_caps(const struct fy_way *way, enum fy_role role, uint32_t *out)
{
	const char *scheme =
		role == FY_ACCEPTS && way->other ? way->other : way->scheme;
	const struct ferry_transport_ops *ops;

	if (fy_transport_find(NULL, scheme, &ops, NULL))
		return false;
	*out = ops->caps;
	return true;
}

/* ---- by a listener ---- */

static const char *
fault_of(const struct fy_world *w)
{
	return w->fault[0] ? w->fault : w->way->fault;
}

/* The address @text, or the fault transport around it. */
static void
wrap(const struct fy_world *w, const char *text, char *out, size_t bytes)
{
	struct ferry_addr addr = { .scheme = "fault" };
	size_t n;

	if (!fault_of(w)) {
		snprintf(out, bytes, "%s", text);
		return;
	}
	snprintf(addr.body, sizeof(addr.body), "%s", text);
	n = ferry_addr_format(&addr, out, bytes);
	snprintf(out + n, bytes - n, "?%s", fault_of(w));
}

static ferry_err
open_end(struct fy_world *w, const char *text, struct ferry_channel **out)
{
	return ferry_channel_open(text, &w->config.channel,
				  ferry_in_ms(FY_TEST_MS), out, &w->why);
}

/* What fd: listens at is a socket that somebody has made. */
static void
listen_by_descriptor(struct fy_world *w, char *out, size_t bytes)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/s", w->folder);
	if (w->base < 0) {
		w->base = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		assert_int_equal(
			bind(w->base, (struct sockaddr *)&addr, sizeof(addr)),
			0);
		assert_int_equal(listen(w->base, 100), 0);
	}
	snprintf(w->at, sizeof(w->at), "unix:%s", addr.sun_path);
	snprintf(out, bytes, "fd:%d", dup(w->base));
}

/* Puts w->options behind an address that has none. */
static void
put_options(const struct fy_world *w, char *text, size_t bytes)
{
	size_t n = strlen(text);

	if (w->options[0] && !strchr(text, '?'))
		snprintf(text + n, bytes - n, "?%s", w->options);
}

void
fy_world_listen_addr(struct fy_world *w, char *out, size_t bytes)
{
	const char *text = w->way->listen;
	size_t before = strcspn(text, "!#");

	if (w->way->unnamed && strcmp(w->way->scheme, "fd") == 0)
		listen_by_descriptor(w, out, bytes);
	else if (text[before] == '!')
		snprintf(out, bytes, "%.*s%s%s", (int)before, text, w->folder,
			 text + before + 1);
	else if (text[before] == '#')
		snprintf(out, bytes, "%.*s%u%s", (int)before, text,
			 ((unsigned int)getpid() << 9 | (w->n_names++ & 511)) &
				 0x3fffffff,
			 text + before + 1);
	else
		snprintf(out, bytes, "%s", text);
	put_options(w, out, bytes);
}

ferry_err
fy_world_listen(struct fy_world *w)
{
	char at[256];
	ferry_err err;

	fy_world_listen_addr(w, at, sizeof(at));
	err = ferry_listener_open(at, &w->config, &w->listener, &w->why);
	if (!err && w->base < 0)
		ferry_listener_addr(w->listener, w->at, sizeof(w->at));
	return err;
}

ferry_err
fy_world_dial(struct fy_world *w, struct ferry_deadline until,
	      struct ferry_channel **out)
{
	char text[FY_ADDR];

	wrap(w, w->at, text, sizeof(text));
	put_options(w, text, sizeof(text));
	return ferry_channel_open(text, &w->config.channel, until, out,
				  &w->why);
}

static void *
run_caller(void *arg)
{
	struct fy_caller *caller = arg;

	caller->err = fy_world_dial(caller->w, caller->until, &caller->ch);
	atomic_store(&caller->over, true);
	return NULL;
}

void
fy_caller_start(struct fy_caller *caller, struct fy_world *w,
		struct ferry_deadline until)
{
	*caller = (struct fy_caller){ .w = w, .until = until };
	assert_int_equal(
		pthread_create(&caller->thread, NULL, run_caller, caller), 0);
}

ferry_err
fy_caller_join(struct fy_caller *caller, struct ferry_channel **out)
{
	assert_int_equal(pthread_join(caller->thread, NULL), 0);
	if (!caller->err)
		*out = caller->ch;
	return caller->err;
}

/*
 * Waits for the channel of a caller, unless he has failed. One who got through
 * may still be dropped by a listener that something fails for.
 */
static ferry_err
accept_caller(struct fy_world *w, struct fy_caller *caller,
	      struct ferry_channel **out)
{
	struct ferry_deadline end = ferry_in_ms(FY_TEST_MS);
	struct ferry_error why;
	ferry_err err;
	bool over;
	int ms;

	do {
		over = atomic_load(&caller->over);
		ms = !over ? 5 : caller->err ? 0 : 100;
		err = ferry_listener_accept(w->listener, ferry_in_ms(ms), out,
					    &why);
	} while (err == FERRY_ETIMEDOUT && !over && !fy_deadline_passed(end));
	return err;
}

ferry_err
fy_world_join(struct fy_world *w, struct ferry_channel **opened,
	      struct ferry_channel **accepted)
{
	struct fy_caller caller;
	struct ferry_channel *near, *far;
	ferry_err err, dialled;

	fy_caller_start(&caller, w, ferry_in_ms(FY_TEST_MS));
	err = accept_caller(w, &caller, &near);
	if (err) {
		/* Nobody will come to whoever waits for it. */
		ferry_listener_close(w->listener);
		w->listener = NULL;
	}
	dialled = fy_caller_join(&caller, &far);
	if (!err && !dialled) {
		*opened = far;
		*accepted = near;
		return FERRY_OK;
	}
	if (!err)
		ferry_channel_close(near, FERRY_NOW, NULL);
	if (!dialled)
		ferry_channel_close(far, FERRY_NOW, NULL);
	return dialled ? dialled : err;
}

static ferry_err
connect_by_listener(struct fy_world *w)
{
	struct ferry_channel *opened, *accepted;
	ferry_err err = fy_world_listen(w);

	if (!err)
		err = fy_world_join(w, &opened, &accepted);
	if (err)
		return err;
	w->us = w->role == FY_OPENS ? opened : accepted;
	w->them = w->role == FY_OPENS ? accepted : opened;
	return FERRY_OK;
}

static void
meet_as_opener(struct fy_world *w)
{
	char line[FY_PEER_LINE], at[256];

	fy_world_listen_addr(w, at, sizeof(at));
	fy_peer_tell(&w->peer, "listen %s", at);
	fy_peer_answer(&w->peer, line);
	assert_memory_equal(line, "ok ", 3);
	snprintf(w->at, sizeof(w->at), "%.255s", line + 3);
	fy_peer_tell(&w->peer, "accept");
	assert_int_equal(fy_world_dial(w, ferry_in_ms(FY_TEST_MS), &w->us),
			 FERRY_OK);
	fy_peer_expect(&w->peer, "ok");
	fy_peer_do(&w->peer, "unlisten");
}

static void
meet_as_acceptor(struct fy_world *w)
{
	char text[FY_ADDR];

	assert_int_equal(fy_world_listen(w), FERRY_OK);
	wrap(w, w->at, text, sizeof(text));
	fy_peer_tell(&w->peer, "open %s", text);
	assert_int_equal(ferry_listener_accept(w->listener,
					       ferry_in_ms(FY_TEST_MS), &w->us,
					       &w->why),
			 FERRY_OK);
	fy_peer_expect(&w->peer, "ok");
}

static void
meet_by_listener(struct fy_world *w)
{
	fy_peer_start(&w->peer);
	if (w->role == FY_OPENS)
		meet_as_opener(w);
	else
		meet_as_acceptor(w);
}

/* ---- by descriptors ---- */

/* Both ends, by the addresses of the way. */
static ferry_err
connect_by_addrs(struct fy_world *w)
{
	struct ferry_channel *opened, *other;
	char opens[FY_ADDR], others[FY_ADDR], wrapped[2 * FY_ADDR];
	ferry_err err;

	fy_world_addrs(w, opens, others);
	wrap(w, opens, wrapped, sizeof(wrapped));
	err = open_end(w, wrapped, &opened);
	if (err)
		return err;
	err = open_end(w, others, &other);
	if (err) {
		ferry_channel_close(opened, FERRY_NOW, NULL);
		return err;
	}
	fy_fd_close(&w->left[0]);
	fy_fd_close(&w->left[1]);
	w->us = w->role == FY_OPENS ? opened : other;
	w->them = w->role == FY_OPENS ? other : opened;
	return FERRY_OK;
}

static void
pipe_addrs(struct fy_world *w, char opens[FY_ADDR], char other[FY_ADDR])
{
	int there[2], back[2];

	(void)w;
	assert_int_equal(pipe(there), 0);
	assert_int_equal(pipe(back), 0);
	snprintf(opens, FY_ADDR, "pipe:%d,%d", back[0], there[1]);
	snprintf(other, FY_ADDR, "pipe:%d,%d", there[0], back[1]);
}

static void
fd_addrs(struct fy_world *w, char opens[FY_ADDR], char other[FY_ADDR])
{
	int fds[2];

	(void)w;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	snprintf(opens, FY_ADDR, "fd:%d", fds[0]);
	snprintf(other, FY_ADDR, "fd:%d", fds[1]);
}

static ferry_err
connect_by_pair(struct fy_world *w)
{
	struct ferry_channel *ends[2];
	ferry_err err;

	if (w->options[0] || w->fault[0])
		return connect_by_addrs(w);
	err = ferry_channel_pair(w->way->scheme, &w->config.channel, ends,
				 &w->why);
	if (err)
		return err;
	w->us = ends[w->role == FY_ACCEPTS];
	w->them = ends[w->role == FY_OPENS];
	return FERRY_OK;
}

/* A channel over descriptors that it takes over, if it is opened at all. */
static ferry_err
open_pipes(struct fy_world *w, int in, int out, struct ferry_channel **ch)
{
	char text[64], wrapped[200];
	ferry_err err;

	snprintf(text, sizeof(text), "pipe:%d,%d", in, out);
	wrap(w, text, wrapped, sizeof(wrapped));
	err = open_end(w, fault_of(w) && !w->us ? wrapped : text, ch);
	if (err) {
		close(in);
		close(out);
	}
	return err;
}

static ferry_err
connect_by_pipes(struct fy_world *w)
{
	int there[2], back[2];
	ferry_err err;

	assert_int_equal(pipe(there), 0);
	assert_int_equal(pipe(back), 0);
	err = open_pipes(w, back[0], there[1], &w->us);
	if (!err)
		return open_pipes(w, there[0], back[1], &w->them);
	close(there[0]);
	close(back[1]);
	return err;
}

/* @ours stays with us, and only with us. */
static void
keep_private(int ours)
{
	assert_int_equal(fcntl(ours, F_SETFD, FD_CLOEXEC), 0);
}

static void
meet_by_pipes(struct fy_world *w)
{
	int there[2], back[2];

	assert_int_equal(pipe(there), 0);
	assert_int_equal(pipe(back), 0);
	keep_private(there[1]);
	keep_private(back[0]);
	fy_peer_start(&w->peer);
	close(there[0]);
	close(back[1]);
	assert_int_equal(open_pipes(w, back[0], there[1], &w->us), FERRY_OK);
	fy_peer_do(&w->peer, "open pipe:%d,%d", there[0], back[1]);
}

static void
meet_by_socketpair(struct fy_world *w)
{
	char text[32];
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	keep_private(fds[0]);
	fy_peer_start(&w->peer);
	close(fds[1]);
	snprintf(text, sizeof(text), "fd:%d", fds[0]);
	assert_int_equal(open_end(w, text, &w->us), FERRY_OK);
	fy_peer_do(&w->peer, "open fd:%d", fds[1]);
}

/*
 * An address whose child hands all through to two pipes, whose other ends are
 * there[0] and back[1]. In a shell, what runs beside has no standard input: it
 * is saved as 9 before.
 */
static void
conduit(int there[2], int back[2], char *out, size_t bytes)
{
	assert_int_equal(pipe(there), 0);
	assert_int_equal(pipe(back), 0);
	keep_private(there[0]);
	keep_private(back[1]);
	snprintf(out, bytes,
		 "exec:sh -c 'exec 9<&0 <&-; cat <&9 >&%d %d<&- & "
		 "exec cat <&%d %d>&- 9<&-'",
		 there[1], back[0], back[0], there[1]);
}

static void
exec_addrs(struct fy_world *w, char opens[FY_ADDR], char other[FY_ADDR])
{
	int there[2], back[2];

	conduit(there, back, opens, FY_ADDR);
	snprintf(other, FY_ADDR, "pipe:%d,%d", there[0], back[1]);
	/* They are the child's, who has them when it is started. */
	w->left[0] = there[1];
	w->left[1] = back[0];
}

static ferry_err
connect_by_exec(struct fy_world *w)
{
	struct ferry_channel *child, *pipes;
	int there[2], back[2];
	char text[256];
	ferry_err err;

	if (w->options[0] || w->fault[0])
		return connect_by_addrs(w);
	conduit(there, back, text, sizeof(text));
	err = open_end(w, text, &child);
	close(there[1]);
	close(back[0]);
	if (err) {
		close(there[0]);
		close(back[1]);
		return err;
	}
	err = open_pipes(w, there[0], back[1], &pipes);
	if (err) {
		ferry_channel_close(child, FERRY_NOW, NULL);
		return err;
	}
	w->us = w->role == FY_OPENS ? child : pipes;
	w->them = w->role == FY_OPENS ? pipes : child;
	return FERRY_OK;
}

/* The child is the peer. */
static void
meet_our_child(struct fy_world *w)
{
	char text[FY_ADDR];
	int theirs;

	fy_peer_socket(&w->peer, &theirs);
	snprintf(text, sizeof(text), "exec:" FY_PEER_PROGRAM " --peer %d",
		 theirs);
	assert_int_equal(open_end(w, text, &w->us), FERRY_OK);
	fy_peer_hello(&w->peer, theirs);
	fy_peer_do(&w->peer, "open pipe:0,1");
}

/* We are the child, as far as its pipes go. */
static void
meet_our_parent(struct fy_world *w)
{
	int there[2], back[2];
	char text[256];

	conduit(there, back, text, sizeof(text));
	fy_peer_start(&w->peer);
	close(there[1]);
	close(back[0]);
	fy_peer_do(&w->peer, "open %s", text);
	fy_peer_do(&w->peer, "drop %d", there[1]);
	fy_peer_do(&w->peer, "drop %d", back[0]);
	assert_int_equal(open_pipes(w, there[0], back[1], &w->us), FERRY_OK);
}

static void
meet_by_exec(struct fy_world *w)
{
	if (w->role == FY_OPENS)
		meet_our_child(w);
	else
		meet_our_parent(w);
}

/* ---- worlds ---- */

struct fy_world *
fy_world_open(const struct fy_way *way, enum fy_role role)
{
	struct fy_world *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->way = way;
	w->role = role;
	w->base = -1;
	w->left[0] = -1;
	w->left[1] = -1;
	w->peer.ctl = -1;
	fy_test_heap_init(&w->heap);
	w->config.channel.hooks = &w->heap.hooks;
	w->config.channel.max_message = FY_LIMIT;
	w->config.channel.max_fds = FERRY_FDS_MOST;
	w->config.channel.transports = fy_test_transports;
	snprintf(w->folder, sizeof(w->folder), "/tmp/ferry-test-XXXXXX");
	if (!fy_way_caps(way, role, &w->caps) || !mkdtemp(w->folder)) {
		free(w);
		return NULL;
	}
	fy_audit_take(&w->before);
	return w;
}

void
fy_world_addrs(struct fy_world *w, char opens[FY_ADDR], char other[FY_ADDR])
{
	opens[0] = '\0';
	if (w->way->addrs) {
		w->way->addrs(w, opens, other);
		put_options(w, opens, FY_ADDR);
		put_options(w, other, FY_ADDR);
		return;
	}
	fy_world_listen_addr(w, other, FY_ADDR);
}

ferry_err
fy_world_try(struct fy_world *w)
{
	return w->way->connect(w);
}

void
fy_world_connect(struct fy_world *w)
{
	ferry_err err = fy_world_try(w);

	if (err)
		fail_msg("%s: %s", ferry_err_name(err), w->why.text);
}

void
fy_world_meet(struct fy_world *w)
{
	w->way->meet(w);
}

void
fy_world_disconnect(struct fy_world *w)
{
	struct ferry_channel *pipes = w->role == FY_OPENS ? w->them : w->us;
	struct ferry_channel *child = w->role == FY_OPENS ? w->us : w->them;

	/* First the end that a child of the other may wait for. */
	ferry_channel_close(pipes, FERRY_NOW, NULL);
	ferry_channel_close(child, FERRY_NOW, NULL);
	w->us = NULL;
	w->them = NULL;
	ferry_listener_close(w->listener);
	w->listener = NULL;
	fy_fd_close(&w->left[0]);
	fy_fd_close(&w->left[1]);
}

static void
remove_base(struct fy_world *w)
{
	char path[100];

	if (w->base < 0)
		return;
	fy_fd_close(&w->base);
	snprintf(path, sizeof(path), "%s/s", w->folder);
	unlink(path);
}

bool
fy_world_close(struct fy_world *w)
{
	bool clean;

	/* A child of the channel would keep us waiting for its end. */
	fy_peer_dismiss(&w->peer);
	fy_world_disconnect(w);
	fy_peer_end(&w->peer);
	remove_base(w);
	clean = fy_audit_same(&w->before);
	if (w->heap.n_live > 0)
		fprintf(stderr, "left behind: %zu blocks\n",
			(size_t)w->heap.n_live);
	clean = clean && w->heap.n_live == 0;
	/* A socket file that is left behind keeps the folder. */
	if (rmdir(w->folder) < 0) {
		fprintf(stderr, "left behind: a file in %s\n", w->folder);
		clean = false;
	}
	free(w);
	return clean;
}

const struct fy_way fy_ways[] = {
	{ .name = "exec",
	  .scheme = "exec",
	  .full_ms = 100,
	  .other = "pipe",
	  .connect = connect_by_exec,
	  .meet = meet_by_exec,
	  .addrs = exec_addrs },
	{ .name = "fd",
	  .scheme = "fd",
	  .full_ms = 30,
	  .listen = "",
	  .unnamed = true,
	  .connect = connect_by_pair,
	  .meet = meet_by_socketpair,
	  .addrs = fd_addrs },
	{ .name = "fifo",
	  .scheme = "fifo",
	  .full_ms = 30,
	  .listen = "fifo:!/f",
	  .connect = connect_by_listener,
	  .meet = meet_by_listener },
	{ .name = "mq",
	  .scheme = "mq",
	  .full_ms = 30,
	  .listen = "mq:/ferry-test-#",
	  .connect = connect_by_listener,
	  .meet = meet_by_listener },
	{ .name = "pipe",
	  .scheme = "pipe",
	  .full_ms = 30,
	  .connect = connect_by_pair,
	  .meet = meet_by_pipes,
	  .addrs = pipe_addrs },
	{ .name = "shm path",
	  .scheme = "shm",
	  .full_ms = 30,
	  .listen = "shm:!/s",
	  .connect = connect_by_listener,
	  .meet = meet_by_listener },
	{ .name = "shm abstract",
	  .scheme = "shm",
	  .full_ms = 30,
	  .listen = "shm:@ferry-test-#",
	  .connect = connect_by_listener,
	  .meet = meet_by_listener },
	{ .name = "shm small ring",
	  .scheme = "shm",
	  .full_ms = 30,
	  .listen = "shm:!/s?ring=4k",
	  .connect = connect_by_listener,
	  .meet = meet_by_listener },
	{ .name = "shm with trust",
	  .scheme = "shm",
	  .full_ms = 30,
	  .listen = "shm:!/s?trust=peer",
	  .connect = connect_by_listener,
	  .meet = meet_by_listener },
	{ .name = "sysv",
	  .scheme = "sysv",
	  .full_ms = 30,
	  .listen = "sysv:#",
	  .connect = connect_by_listener,
	  .meet = meet_by_listener },
	{ .name = "tcp",
	  .scheme = "tcp",
	  .full_ms = 60,
	  .listen = "tcp:127.0.0.1:0",
	  .connect = connect_by_listener,
	  .meet = meet_by_listener },
	{ .name = "tcp 6",
	  .scheme = "tcp",
	  .full_ms = 60,
	  .listen = "tcp:[::1]:0",
	  .connect = connect_by_listener,
	  .meet = meet_by_listener },
	{ .name = "unix path",
	  .scheme = "unix",
	  .watch = "watch=process",
	  .full_ms = 30,
	  .listen = "unix:!/s",
	  .connect = connect_by_listener,
	  .meet = meet_by_listener },
	{ .name = "unix abstract",
	  .scheme = "unix",
	  .watch = "watch=process",
	  .full_ms = 30,
	  .listen = "unix:@ferry-test-#",
	  .connect = connect_by_listener,
	  .meet = meet_by_listener },
	{ .name = "unix by bytes",
	  .scheme = "unix",
	  .full_ms = 30,
	  .listen = "unix:!/s",
	  .fault = "step=1",
	  .tiny = true,
	  .connect = connect_by_listener,
	  .meet = meet_by_listener },
	{ .name = "unix with pauses",
	  .scheme = "unix",
	  .full_ms = 30,
	  .listen = "unix:!/s",
	  .fault = "step=1000&again=3",
	  .connect = connect_by_listener,
	  .meet = meet_by_listener },
	{ .name = "pipe by sevens",
	  .scheme = "pipe",
	  .full_ms = 30,
	  .fault = "step=7&again=2",
	  .tiny = true,
	  .connect = connect_by_pipes,
	  .meet = meet_by_pipes },
	{ .name = NULL },
};

/* SPDX-License-Identifier: MIT */
/*
 * exec:CMD ARGS: starts a command, whose standard input and output are the
 * link. The way to a child of one's own, or through ssh to another machine.
 *
 * What it says on its error output goes where this process's own goes, or with
 * ?stderr=null nowhere, or with ?stderr=log line by line to the log: read
 * whenever the link is read, for there is no thread to do it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/log.h"
#include "core/os.h"
#include "core/time.h"
#include "transport/body.h"
#include "transport/child.h"
#include "transport/ops.h"
#include "transport/pipe.h"
#include "transport/words.h"

/* A longer line of the error output is logged in parts. */
#define LINE_BYTES 256
/* Bytes of it read at a stretch. */
#define LOG_MOST 65536
/*
 * The pipe of a child that ends closes a moment before its status is known:
 * that long is waited for it, once, for the sake of the text.
 */
#define TELL_MS 20

/*
 * @name:   of the command, for messages
 * @line:   of the error output, @line_len bytes of it, not logged yet; the
 *          descriptor of that is .fd_watch
 * @asked:  its status has been waited for
 */
struct exec_link {
	struct fy_pipe pipe;
	struct fy_child child;
	char name[48];
	char line[LINE_BYTES];
	size_t line_len;
	bool asked;
};

static struct exec_link *
exec_of(struct fy_stream *s)
{
	return FY_CONTAINER(s, struct exec_link, pipe.stream);
}

/* ---- its error output ---- */

static void
log_line(struct exec_link *link)
{
	if (link->line_len > 0)
		fy_log(link->pipe.stream.link.config.hooks, FERRY_LOG_INFO,
		       "exec:%s: %.*s", link->name, (int)link->line_len,
		       link->line);
	link->line_len = 0;
}

static void
log_bytes(struct exec_link *link, const char *text, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		if (text[i] == '\n') {
			log_line(link);
			continue;
		}
		if (link->line_len == sizeof(link->line))
			log_line(link);
		/* A log is text: nothing moves the cursor of a terminal. */
		link->line[link->line_len++] =
			(unsigned char)text[i] < ' ' || text[i] == 0x7f
				? ' ' : text[i];
	}
}

static void
close_errors(struct fy_stream *s)
{
	int fd = atomic_exchange_explicit(&s->fd_watch, -1,
					  memory_order_relaxed);

	if (fd < 0)
		return;
	log_line(exec_of(s));
	fy_os_close(fd);
}

/* Logs what there is of it by now. */
static void
log_errors(void *ctx)
{
	struct fy_stream *s = ctx;
	size_t n_read = 0;
	char buf[1024];

	while (s->fd_watch >= 0 && n_read < LOG_MOST) {
		ssize_t n = fy_os_read(s->fd_watch, buf, sizeof(buf));

		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			close_errors(s);
			return;
		}
		log_bytes(exec_of(s), buf, (size_t)n);
		n_read += (size_t)n;
	}
}

/* ---- bytes ---- */

static ssize_t
exec_read(struct fy_stream *s, void *buf, size_t bytes)
{
	log_errors(s);
	return fy_pipe_read(s, buf, bytes);
}

static void
exec_explain(struct fy_stream *s, struct ferry_error *why)
{
	struct exec_link *link = exec_of(s);
	char how[64];

	if (!link->asked)
		(void)fy_child_wait(&link->child, ferry_in_ms(TELL_MS));
	link->asked = true;
	fy_child_describe(&link->child, how, sizeof(how));
	(void)snprintf(why->text, sizeof(why->text),
		       why->code == FERRY_ELOST
			       ? "exec:%s %s, in the middle of a message"
			       : "exec:%s %s",
		       link->name, how);
}

static void
exec_close(struct fy_stream *s)
{
	struct exec_link *link = exec_of(s);

	fy_pipe_close(s);
	/* In a fork, what has been read is the parent's to log. */
	if (link->child.owner != fy_os_getpid())
		link->line_len = 0;
	fy_child_end(&link->child, s->fd_watch >= 0 ? log_errors : NULL, s);
	close_errors(s);
}

static const struct fy_byte_ops exec_bytes = {
	.read = exec_read,
	.read_until = fy_pipe_read_until,
	.write = fy_pipe_write,
	.finish = fy_pipe_finish,
	.explain = exec_explain,
	.close = exec_close,
};

/* ---- starting ---- */

/*
 * @to:     0 is the child's, 1 is ours
 * @from:   0 is ours, 1 is the child's
 * @errors: likewise; [0] is -1 where it is not read, both where it is inherited
 */
struct ends {
	int to[2];
	int from[2];
	int errors[2];
};

static void
close_ends(struct ends *ends)
{
	for (int i = 0; i < 2; i++) {
		fy_fd_close(&ends->to[i]);
		fy_fd_close(&ends->from[i]);
		fy_fd_close(&ends->errors[i]);
	}
}

/* Above 2, so that it is not in the way of the child's own 0, 1 and 2. */
static ferry_err
move_up(int *fd, struct ferry_error *why)
{
	int high;

	if (*fd > STDERR_FILENO)
		return FERRY_OK;
	high = fy_os_dup(*fd, STDERR_FILENO + 1);
	if (high < 0)
		return fy_fail_errno(why, "copy a descriptor");
	fy_os_close(*fd);
	*fd = high;
	return FERRY_OK;
}

/* The end that is @ours does not block. */
static ferry_err
make_pipe(int fds[2], int ours, struct ferry_error *why)
{
	ferry_err err = FERRY_OK;
	int flags;

	if (fy_os_pipe(fds, 0) < 0)
		return fy_fail_errno(why, "make a pipe");
	for (int i = 0; i < 2 && !err; i++)
		err = move_up(&fds[i], why);
	if (err)
		return err;
	flags = fy_os_get_flags(fds[ours]);
	if (flags < 0 || fy_os_set_flags(fds[ours], flags | O_NONBLOCK) < 0)
		return fy_fail_errno(why, "set O_NONBLOCK");
	return FERRY_OK;
}

static ferry_err
make_errors(const struct ferry_addr *addr, int errors[2],
	    struct ferry_error *why)
{
	const char *to = fy_body_option(addr, "stderr");

	if (!to || strcmp(to, "inherit") == 0)
		return FERRY_OK;
	if (strcmp(to, "log") == 0)
		return make_pipe(errors, 0, why);
	if (strcmp(to, "null") != 0)
		return fy_fail(why, FERRY_EADDR,
			       "exec: ?stderr=%.40s: there are inherit, null "
			       "and log", to);
	errors[1] = fy_os_open("/dev/null", O_WRONLY, 0);
	if (errors[1] < 0)
		return fy_fail_errno(why, "open /dev/null");
	return move_up(&errors[1], why);
}

static ferry_err
make_ends(const struct ferry_addr *addr, struct ends *ends,
	  struct ferry_error *why)
{
	static const char *const keys[] = { "stderr", NULL };
	ferry_err err = fy_body_options_but(addr, keys, why);

	if (!err)
		err = make_errors(addr, ends->errors, why);
	if (!err)
		err = make_pipe(ends->to, 1, why);
	if (!err)
		err = make_pipe(ends->from, 0, why);
	return err;
}

/* Fills what is not the stream's of @link, which is zeroed. */
static ferry_err
start(struct exec_link *link, const struct ferry_hooks *hooks,
      const char *command, const struct ends *ends, struct ferry_error *why)
{
	const int fds[3] = { ends->to[0], ends->from[1], ends->errors[1] };
	char **words;
	ferry_err err = fy_words_split(hooks, command, &words, why);

	if (err)
		return err;
	(void)snprintf(link->name, sizeof(link->name), "%s", words[0]);
	err = fy_child_start(words, fds, &link->child, why);
	fy_free(hooks, words);
	return err;
}

static void
describe_peer(struct exec_link *link, const char *command)
{
	struct ferry_peer *peer = &link->pipe.stream.peer;

	peer->has_pid = true;
	peer->pid = link->child.pid;
	(void)snprintf(peer->text, sizeof(peer->text), "pid %d, %.60s",
		       link->child.pid, command);
}

static ferry_err
exec_dial(const struct ferry_link_config *config, const struct ferry_addr *addr,
	  struct ferry_deadline until, struct ferry_link **out,
	  struct ferry_error *why)
{
	FY_CLEANUP(close_ends)
	struct ends ends = { { -1, -1 }, { -1, -1 }, { -1, -1 } };
	struct exec_link *link;
	ferry_err err;

	(void)until;
	err = make_ends(addr, &ends, why);
	if (err)
		return err;
	link = fy_zalloc(config->hooks, sizeof(*link));
	if (!link)
		return fy_fail_memory(why, sizeof(*link));
	err = start(link, config->hooks, addr->body, &ends, why);
	if (err) {
		fy_free(config->hooks, link);
		return err;
	}
	fy_stream_init(&link->pipe.stream, &fy_transport_exec, config,
		       &exec_bytes, (int[]){ fy_fd_take(&ends.from[0]),
					     fy_fd_take(&ends.to[1]) });
	link->pipe.stream.fd_watch = fy_fd_take(&ends.errors[0]);
	link->pipe.own_in = true;
	describe_peer(link, addr->body);
	*out = &link->pipe.stream.link;
	return FERRY_OK;
}

static ferry_err
exec_status(struct ferry_link *link, struct ferry_deadline until, int *out,
	    struct ferry_error *why)
{
	struct fy_stream *s = FY_CONTAINER(link, struct fy_stream, link);
	const struct fy_child *child = &exec_of(s)->child;

	if (!fy_child_wait(child, until))
		return fy_fail(why,
			       until.ns == FERRY_NOW.ns ? FERRY_EAGAIN
							: FERRY_ETIMEDOUT,
			       "exec:%s runs still", exec_of(s)->name);
	return fy_child_status(child, out, why);
}

const struct ferry_transport_ops fy_transport_exec = {
	.version = FERRY_TRANSPORT_VERSION,
	.caps = FERRY_CAP_DIAL | FERRY_CAP_LOCAL | FERRY_CAP_STREAM |
		FERRY_CAP_PID | FERRY_CAP_CHILD,
	.scheme = "exec",
	.dial = exec_dial,
	.status = exec_status,
	FY_STREAM_OPS,
};

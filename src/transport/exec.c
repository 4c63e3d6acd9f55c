/* SPDX-License-Identifier: MIT */
/*
 * exec:CMD ARGS: starts a command, whose standard input and output are the
 * link. The way to a child of one's own, or through ssh to another machine.
 *
 * What it says on its error output goes where this process's own goes, or with
 * ?stderr=null nowhere, or with ?stderr=log line by line to the log: by the
 * process's helper thread, so that a child that says much is not held up by who
 * does not receive.
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
#include "transport/service.h"
#include "transport/words.h"

/* A longer line of the error output is logged in parts. */
#define LINE_BYTES 256
/* Bytes of it read at a stretch. */
#define LOG_MOST 65536
/*
 * The pipe of a child that ends closes a moment before its status is known:
 * that long who waits anyway waits for it, for the sake of the text.
 */
#define TELL_MS 20

/*
 * @errors: reads the error output, with its own descriptor; -1: not read
 * @name:   of the command, for messages
 * @line:   of the error output, @line_len bytes of it, not logged yet; the
 *          helper's, until .errors is cancelled
 */
struct exec_link {
	struct fy_pipe pipe;
	struct fy_child child;
	struct fy_service_item errors;
	char name[48];
	char line[LINE_BYTES];
	size_t line_len;
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

/* Logs what there is of it by now. Return: false at its end. */
static bool
log_some(struct exec_link *link)
{
	char buf[1024];

	for (size_t n_read = 0; n_read < LOG_MOST;) {
		ssize_t n = fy_os_read(link->errors.fd, buf, sizeof(buf));

		if (n <= 0)
			return n < 0 && errno == EAGAIN;
		log_bytes(link, buf, (size_t)n);
		n_read += (size_t)n;
	}
	return true;
}

static void
errors_ready(struct fy_service_item *item, enum fy_service_reason reason)
{
	(void)reason;
	if (log_some(FY_CONTAINER(item, struct exec_link, errors)))
		fy_service_again(item);
}

static void
log_idly(void *ctx)
{
	(void)log_some(ctx);
}

/* ---- bytes ---- */

static void
exec_explain(struct fy_stream *s, struct ferry_deadline until,
	     struct ferry_error *why)
{
	struct ferry_deadline tell = ferry_in_ms(TELL_MS);
	struct exec_link *link = exec_of(s);
	char how[64];

	if (until.ns != FERRY_NOW.ns)
		(void)fy_child_wait(&link->child,
				    tell.ns < until.ns ? tell : until);
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
	bool logs = link->errors.fd >= 0;

	fy_pipe_close(s);
	fy_service_cancel(&link->errors);
	/* In a fork, what has been read is the parent's to log. */
	if (link->child.owner != fy_os_getpid())
		link->line_len = 0;
	fy_child_end(&link->child, logs ? log_idly : NULL, link);
	log_line(link);
	fy_fd_close(&link->errors.fd);
}

static const struct fy_byte_ops exec_bytes = {
	.read = fy_pipe_read,
	.read_blocking = fy_pipe_read_blocking,
	.write = fy_pipe_write,
	.writev = fy_pipe_writev,
	.widen = fy_pipe_widen,
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

/* @take_fd: to read from, the link's in any case; -1: none */
static ferry_err
watch_errors(struct exec_link *link, int take_fd, struct ferry_error *why)
{
	link->errors = (struct fy_service_item){ .run = errors_ready,
						 .fd = take_fd,
						 .until = FERRY_NEVER };
	return take_fd < 0 ? FERRY_OK : fy_service_add(&link->errors, why);
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
	link->pipe.own_in = true;
	describe_peer(link, addr->body);
	err = watch_errors(link, fy_fd_take(&ends.errors[0]), why);
	if (err)
		fy_stream_close(&link->pipe.stream.link);
	else
		*out = &link->pipe.stream.link;
	return err;
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

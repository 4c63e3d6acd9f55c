/* SPDX-License-Identifier: MIT */
#include "cli/runner.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <sys/eventfd.h>
#include <sys/wait.h>

#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "core/lock.h"

#define FIRST_ROOM 4096

enum {
	WATCHED_CALLER,
	WATCHED_BELL,
	WATCHED_JOBS, /* at most three descriptors each from here on */
};

struct fy_runner {
	struct fy_lock lock;
	struct fy_job *queue; /* oldest first; under .lock */
	struct fy_job **queue_end;
	size_t n_waiting;
	size_t waiting_bytes; /* of input */
	bool ended;	      /* under .lock, as all above */
	bool stopped;	      /* is written under it, by the one that turns */

	/* Of the thread that turns. */
	int bell;
	size_t n_running;
	struct fy_job *running[FY_RUNNER_AT_A_TIME];
};

ferry_err
fy_runner_new(struct fy_runner **out, struct ferry_error *why)
{
	struct fy_runner *runner = calloc(1, sizeof(*runner));

	if (!runner)
		return fy_fail_memory(why, sizeof(*runner));
	runner->queue_end = &runner->queue;
	runner->bell = fy_os_eventfd(0, EFD_NONBLOCK);
	if (runner->bell < 0) {
		free(runner);
		return fy_fail_errno(why, "make an eventfd");
	}
	*out = runner;
	return FERRY_OK;
}

/* ---- from any thread ---- */

/* A counter that is full has been rung often enough. */
static void
ring(struct fy_runner *runner)
{
	uint64_t one = 1;

	(void)!fy_os_write(runner->bell, &one, sizeof(one));
}

/* What one job brings along may be more than all others together have. */
static bool
has_room(const struct fy_runner *runner)
{
	return !runner->stopped && runner->n_waiting < FY_RUNNER_WAITING &&
	       runner->waiting_bytes < FY_RUNNER_WAITING_BYTES;
}

bool
fy_runner_submit(struct fy_runner *runner, struct fy_job *job)
{
	bool taken;

	job->next = NULL;
	fy_lock(&runner->lock);
	taken = has_room(runner);
	if (taken) {
		*runner->queue_end = job;
		runner->queue_end = &job->next;
		runner->n_waiting++;
		runner->waiting_bytes += job->input.len;
	}
	fy_unlock(&runner->lock);
	if (taken)
		ring(runner);
	return taken;
}

void
fy_runner_end(struct fy_runner *runner)
{
	fy_lock(&runner->lock);
	runner->ended = true;
	fy_unlock(&runner->lock);
	ring(runner);
}

/* ---- one job ---- */

static void
end_job(struct fy_job *job, ferry_err err)
{
	char *room = job->room;

	if (!job->err)
		job->err = err;
	fy_fd_close(&job->child.in);
	fy_fd_close(&job->child.out);
	fy_fd_close(&job->child.pidfd);
	job->done(job);
	free(room);
}

/* Its end shows at .pidfd; the reason is the first one. */
static void
kill_job(struct fy_job *job, ferry_err err)
{
	if (job->err)
		return;
	job->err = err;
	job->until = FERRY_NEVER;
	fy_piped_signal(&job->child, SIGKILL);
}

static ferry_err
start_job(struct fy_job *job)
{
	char shell[] = "/bin/sh";
	char option[] = "-c";

	if (fy_os_now_ns() >= job->until.ns)
		return FERRY_ETIMEDOUT;
	return fy_piped_start(&job->child,
			      (char *[]){ shell, option, job->command, NULL },
			      job->env, &job->why);
}

/* A command need not read what it is given. */
static void
feed(struct fy_job *job)
{
	ssize_t n = 0;

	if (job->input.len > 0)
		n = fy_os_write_masked(job->child.in, job->input.data,
				       job->input.len);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n > 0) {
		job->input.data += n;
		job->input.len -= (uint32_t)n;
	}
	if (n < 0 || job->input.len == 0)
		fy_fd_close(&job->child.in);
}

static bool
make_room(struct fy_job *job)
{
	size_t bytes = job->room_bytes ? 2 * job->room_bytes : FIRST_ROOM;
	char *room;

	if (job->output.len < job->room_bytes)
		return true;
	if (bytes > FY_JOB_OUTPUT) {
		kill_job(job, FERRY_ETOOBIG);
		return false;
	}
	room = realloc(job->room, bytes);
	if (!room) {
		kill_job(job, FERRY_ENOMEM);
		return false;
	}
	job->room = room;
	job->room_bytes = bytes;
	job->output.data = room;
	return true;
}

/* All that is there. */
static void
collect(struct fy_job *job)
{
	ssize_t n;

	while (job->child.out >= 0 && make_room(job)) {
		n = fy_os_read(job->child.out, job->room + job->output.len,
			       job->room_bytes - job->output.len);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n > 0)
			job->output.len += (uint32_t)n;
		else
			fy_fd_close(&job->child.out);
	}
	fy_fd_close(&job->child.out);
}

/* It has ended, and what it printed is in the pipe at the latest now. */
static void
reap(struct fy_job *job)
{
	bool well;

	collect(job);
	if (fy_os_waitpid(job->child.pid, &job->status, 0) < 0) {
		end_job(job, fy_fail_errno(&job->why, "wait for process %d",
					   job->child.pid));
		return;
	}
	well = WIFEXITED(job->status) && WEXITSTATUS(job->status) == 0;
	end_job(job, well ? FERRY_OK : FERRY_ESERVER);
}

/* ---- all of them ---- */

/* The oldest that waits, if it may run. */
static struct fy_job *
next_job(struct fy_runner *runner)
{
	struct fy_job *job = NULL;

	fy_lock(&runner->lock);
	if (runner->n_running < FY_RUNNER_AT_A_TIME || runner->stopped)
		job = runner->queue;
	if (job) {
		runner->n_waiting--;
		runner->waiting_bytes -= job->input.len;
		runner->queue = job->next;
		if (!runner->queue)
			runner->queue_end = &runner->queue;
	}
	fy_unlock(&runner->lock);
	return job;
}

static void
start_jobs(struct fy_runner *runner)
{
	struct fy_job *job;
	ferry_err err;

	while ((job = next_job(runner))) {
		job->child.in = job->child.out = job->child.pidfd = -1;
		err = runner->stopped ? FERRY_ECLOSED : start_job(job);
		if (err)
			end_job(job, err);
		else
			runner->running[runner->n_running++] = job;
	}
}

void
fy_runner_stop(struct fy_runner *runner)
{
	fy_lock(&runner->lock);
	runner->stopped = true;
	fy_unlock(&runner->lock);
	for (size_t i = 0; i < runner->n_running; i++)
		kill_job(runner->running[i], FERRY_ECLOSED);
}

/* No more descriptors than are open: poll(2) refuses what is over the limit. */
static size_t
watch(const struct fy_runner *runner, struct pollfd *fds,
      struct ferry_deadline *until)
{
	size_t n = WATCHED_JOBS;

	*until = FERRY_NEVER;
	for (size_t i = 0; i < runner->n_running; i++) {
		const struct fy_job *job = runner->running[i];

		if (job->child.in >= 0)
			fds[n++] = (struct pollfd){ job->child.in, POLLOUT, 0 };
		if (job->child.out >= 0)
			fds[n++] = (struct pollfd){ job->child.out, POLLIN, 0 };
		fds[n++] = (struct pollfd){ job->child.pidfd, POLLIN, 0 };
		if (job->until.ns < until->ns)
			*until = job->until;
	}
	return n;
}

/*
 * From the last one, for those that end leave their place to it. @at is behind
 * the last descriptor of watch(), whose steps are gone back.
 */
static void
see_to_jobs(struct fy_runner *runner, const struct pollfd *at)
{
	int64_t now = fy_os_now_ns();

	for (size_t i = runner->n_running; i-- > 0;) {
		struct fy_job *job = runner->running[i];
		bool is_over = (--at)->revents != 0;
		bool prints = job->child.out >= 0 && (--at)->revents != 0;
		bool reads = job->child.in >= 0 && (--at)->revents != 0;

		if (reads)
			feed(job);
		if (prints)
			collect(job);
		if (is_over) {
			runner->running[i] =
				runner->running[--runner->n_running];
			reap(job);
		} else if (now >= job->until.ns) {
			kill_job(job, FERRY_ETIMEDOUT);
		}
	}
}

/* Waits for nothing but the end of what has been killed. */
static void
end_jobs(struct fy_runner *runner)
{
	fy_runner_stop(runner);
	while (runner->n_running > 0)
		reap(runner->running[--runner->n_running]);
	start_jobs(runner);
}

void
fy_runner_free(struct fy_runner *runner)
{
	if (!runner)
		return;
	end_jobs(runner);
	fy_os_close(runner->bell);
	free(runner);
}

static bool
has_ended(struct fy_runner *runner)
{
	bool ended;

	fy_lock(&runner->lock);
	ended = runner->ended;
	fy_unlock(&runner->lock);
	return ended;
}

ferry_err
fy_runner_turn(struct fy_runner *runner, int fd, bool *readable,
	       struct ferry_error *why)
{
	struct pollfd fds[WATCHED_JOBS + 3 * FY_RUNNER_AT_A_TIME] = {
		[WATCHED_CALLER] = { fd, POLLIN, 0 },
		[WATCHED_BELL] = { runner->bell, POLLIN, 0 },
	};
	struct ferry_deadline until;
	bool ended = has_ended(runner);
	uint64_t rung;
	ferry_err err;
	size_t n;

	if (ended)
		fy_runner_stop(runner);
	start_jobs(runner);
	if (ended && runner->n_running == 0)
		return FERRY_ECLOSED;
	n = watch(runner, fds, &until);
	if (fy_os_poll(fds, n, until) < 0) {
		err = fy_fail_errno(why, "wait for commands");
		end_jobs(runner);
		return err;
	}
	if (fds[WATCHED_BELL].revents)
		(void)!fy_os_read(runner->bell, &rung, sizeof(rung));
	see_to_jobs(runner, fds + n);
	*readable = fds[WATCHED_CALLER].revents != 0;
	return FERRY_OK;
}

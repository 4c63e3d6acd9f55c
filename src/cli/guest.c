/* SPDX-License-Identifier: MIT */
#include "cli/guest.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <sys/wait.h>

#include "cli/environment.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"

/* ---- where messages go ---- */

static struct fy_guest *
guest_of(struct fy_bridge *bridge)
{
	return FY_CONTAINER(bridge, struct fy_guest, bridge);
}

static ferry_err
print(struct fy_bridge *bridge, struct ferry_bytes message,
      struct ferry_error *why)
{
	const struct fy_guest *guest = guest_of(bridge);

	(void)why;
	return fy_message_print(&guest->config->print, guest->number,
				guest->peer.text, message);
}

/* A command need not read what it is given. */
static ferry_err
write_in(struct fy_guest *guest, const void *data, size_t bytes)
{
	ssize_t n = fy_os_write(guest->in, data, bytes);

	if (n < 0 && errno == EAGAIN)
		return FERRY_EAGAIN;
	if (n < 0)
		fy_fd_close(&guest->in);
	else
		guest->written += (size_t)n;
	return FERRY_OK;
}

/* The message, then what ends it; .written is how far both have come. */
static ferry_err
hand_over(struct fy_bridge *bridge, struct ferry_bytes message,
	  struct ferry_error *why)
{
	struct fy_guest *guest = guest_of(bridge);
	size_t n_end;
	const char *end = fy_message_separator(guest->config->print.cut, &n_end);
	ferry_err err = FERRY_OK;

	while (!err && guest->in >= 0 && guest->written < message.len)
		err = write_in(guest, message.data + guest->written,
			       message.len - guest->written);
	if (!err && guest->in >= 0 && guest->written < message.len + n_end)
		err = write_in(guest, end, n_end);
	if (!err)
		guest->written = 0;
	if (err == FERRY_EAGAIN &&
	    fy_poll_modify(guest->config->poll, guest->in,
			   EPOLLOUT | EPOLLONESHOT, &guest->watches[FY_GUEST_IN],
			   why))
		return why->code;
	return err;
}

/* ---- the command ---- */

/* The end that is @ours does not block, the other one is the command's. */
static ferry_err
make_pipe(int fds[2], int ours, struct ferry_error *why)
{
	int flags;

	if (fy_os_pipe(fds, 0) < 0)
		return fy_fail_errno(why, "make a pipe");
	flags = fy_os_get_flags(fds[ours]);
	if (flags < 0 || fy_os_set_flags(fds[ours], flags | O_NONBLOCK) < 0)
		return fy_fail_errno(why, "set O_NONBLOCK");
	return FERRY_OK;
}

static void
close_pipe(int (*fds)[2])
{
	fy_fd_close(&(*fds)[0]);
	fy_fd_close(&(*fds)[1]);
}

static ferry_err
spawn(struct fy_guest *guest, const int fds[2], struct ferry_error *why)
{
	char **command = guest->config->command;
	struct ferry_arena mem = { 0 };
	char **env;
	ferry_err err = fy_environment_of_channel(guest->config->addr,
						  &guest->peer, &mem, &env);

	if (!err && fy_os_spawn_group(&guest->pid, command, env, fds) < 0)
		err = fy_fail_errno(why, "run %.100s", command[0]);
	ferry_arena_fini(&mem);
	if (err)
		return err;
	guest->pidfd = fy_os_pidfd_open(guest->pid);
	if (guest->pidfd >= 0)
		return FERRY_OK;
	err = fy_fail_errno(why, "watch the process %d", guest->pid);
	(void)fy_os_kill(-guest->pid, SIGKILL);
	(void)fy_os_waitpid(guest->pid, NULL, 0);
	return err;
}

static ferry_err
start_command(struct fy_guest *guest, struct ferry_error *why)
{
	FY_CLEANUP(close_pipe) int to[2] = { -1, -1 };
	FY_CLEANUP(close_pipe) int from[2] = { -1, -1 };
	ferry_err err = make_pipe(to, 1, why);

	if (!err)
		err = make_pipe(from, 0, why);
	if (!err)
		err = spawn(guest, (int[]){ to[0], from[1] }, why);
	if (err)
		return err;
	guest->in = fy_fd_take(&to[1]);
	guest->out = guest->feed.fd = fy_fd_take(&from[0]);
	guest->bridge.feed = &guest->feed;
	guest->bridge.deliver = hand_over;
	return FERRY_OK;
}

/* Once its end has shown at .pidfd, or it cannot but come. */
static void
reap(struct fy_guest *guest)
{
	const char *name = guest->config->command[0];
	int status = 0;

	(void)fy_os_waitpid(guest->pid, &status, 0);
	fy_fd_close(&guest->pidfd);
	if (WIFSIGNALED(status) && !guest->told)
		fy_cmd_complain("%s, for %s: signal %d ended it", name,
				guest->peer.text, WTERMSIG(status));
	else if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		fy_cmd_complain("%s, for %s: exit status %d", name,
				guest->peer.text, WEXITSTATUS(status));
	/* It printed all that it will, though a child of it may not have. */
	guest->feed.last = true;
	guest->feed.readable = true;
}

void
fy_guest_stop(struct fy_guest *guest, int signal)
{
	guest->told = guest->pidfd >= 0;
	if (guest->told)
		(void)fy_os_kill(-guest->pid, signal);
	else
		guest->over = true;
}

/* ---- its life ---- */

static ferry_err
add(struct fy_guest *guest, enum fy_guest_part part, int fd, uint32_t events)
{
	struct ferry_error ignored;

	return fy_poll_add(guest->config->poll, fd, events,
			   &guest->watches[part], &ignored);
}

static ferry_err
watch(struct fy_guest *guest, struct ferry_error *why)
{
	ferry_err err;
	int fd;

	for (int i = 0; i < FY_N_GUEST_PARTS; i++)
		guest->watches[i] = (struct fy_guest_watch){
			guest, (enum fy_guest_part)i
		};
	err = ferry_channel_fd(guest->bridge.ch, &fd, why);
	if (err)
		return err;
	/* Of changes only: what is there stays while a pump cannot go on. */
	err = add(guest, FY_GUEST_CHANNEL, fd, EPOLLIN | EPOLLET);
	if (!err && guest->pidfd >= 0)
		err = add(guest, FY_GUEST_PIDFD, guest->pidfd, EPOLLIN);
	if (!err && guest->pidfd >= 0)
		err = add(guest, FY_GUEST_IN, guest->in, EPOLLONESHOT);
	if (!err && guest->pidfd >= 0)
		err = add(guest, FY_GUEST_OUT, guest->out, EPOLLONESHOT);
	return err ? fy_fail(why, err, "cannot watch one more channel") : err;
}

ferry_err
fy_guest_new(const struct fy_guest_config *config,
	     struct ferry_channel *take_ch, uint64_t number,
	     struct fy_guest **out, struct ferry_error *why)
{
	struct fy_guest *guest = calloc(1, sizeof(*guest));
	ferry_err err = FERRY_OK;

	if (!guest)
		return fy_fail_memory(why, sizeof(*guest));
	guest->config = config;
	guest->number = number;
	guest->bridge.ch = take_ch;
	guest->bridge.deliver = print;
	guest->feed.cut = config->print.cut;
	guest->in = guest->out = guest->pidfd = -1;
	ferry_channel_peer(take_ch, &guest->peer);
	if (config->command)
		err = start_command(guest, why);
	if (!err)
		err = watch(guest, why);
	if (err) {
		guest->bridge.ch = NULL;
		fy_guest_free(guest);
		return err;
	}
	*out = guest;
	return FERRY_OK;
}

static void
close_channel(struct fy_guest *guest)
{
	if (guest->bridge.has_taken)
		ferry_channel_release(guest->bridge.ch);
	guest->bridge.has_taken = false;
	(void)ferry_channel_close(guest->bridge.ch, FERRY_NOW, NULL);
	guest->bridge.ch = NULL;
}

void
fy_guest_free(struct fy_guest *guest)
{
	close_channel(guest);
	if (guest->pidfd >= 0) {
		(void)fy_os_kill(-guest->pid, SIGKILL);
		(void)fy_os_waitpid(guest->pid, NULL, 0);
	}
	fy_fd_close(&guest->pidfd);
	fy_fd_close(&guest->in);
	fy_fd_close(&guest->out);
	fy_feed_fini(&guest->feed);
	free(guest);
}

/* ---- what happens ---- */

void
fy_guest_event(const struct fy_guest_watch *watch)
{
	struct fy_guest *guest = watch->guest;

	if (watch->part == FY_GUEST_OUT)
		guest->feed.readable = true;
	if (watch->part == FY_GUEST_PIDFD && guest->pidfd >= 0)
		reap(guest);
}

/* A peer that breaks off leaves a command that nobody listens to. */
static void
break_off(struct fy_guest *guest, ferry_err err, const struct ferry_error *why)
{
	/* Who has closed does not care for what is sent still. */
	if (err != FERRY_ELOST || !guest->bridge.ended)
		fy_cmd_complain("%s: %s", guest->peer.text,
				why->text[0] ? why->text : ferry_strerror(err));
	close_channel(guest);
	fy_fd_close(&guest->in);
	fy_fd_close(&guest->out);
	fy_guest_stop(guest, SIGTERM);
}

static bool
is_done(const struct fy_guest *guest)
{
	if (!guest->config->command)
		return guest->bridge.ended;
	return guest->bridge.finished && guest->pidfd < 0;
}

ferry_err
fy_guest_pump(struct fy_guest *guest)
{
	struct ferry_error why = { .text = "" };
	ferry_err err;

	if (guest->over)
		return FERRY_OK;
	if (!guest->bridge.ch) {
		guest->over = guest->pidfd < 0;
		return FERRY_OK;
	}
	err = fy_bridge_pump(&guest->bridge, &why);
	if (!err && guest->bridge.ended)
		fy_fd_close(&guest->in);
	if (!err && fy_bridge_wants_feed(&guest->bridge))
		err = fy_poll_modify(guest->config->poll, guest->out,
				     EPOLLIN | EPOLLONESHOT,
				     &guest->watches[FY_GUEST_OUT], &why);
	if (ferror(stdout))
		return FERRY_ESYS;
	if (err)
		break_off(guest, err, &why);
	else
		guest->over = is_done(guest);
	return FERRY_OK;
}

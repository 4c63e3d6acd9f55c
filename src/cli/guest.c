/* SPDX-License-Identifier: MIT */
#include "cli/guest.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <sys/wait.h>

#include "cli/environment.h"
#include "cli/process.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"

#define THROWN_AT_ONCE 65536u
/* What fits into a pipe, many times over. */
#define THROWN_MOST ((size_t)1 << 20)

/* ---- descriptors ---- */

/*
 * A child just started may have a copy of each for a moment, until its exec
 * closes them: to close ours does not end the events that tell of this guest.
 */
static void
drop(struct fy_guest *guest, int *fd)
{
	if (*fd < 0)
		return;
	fy_poll_remove(guest->config->poll, *fd);
	fy_fd_close(fd);
}

static void
unwatch_channel(struct fy_guest *guest)
{
	int fd;

	if (ferry_channel_fd(guest->bridge.ch, &fd, NULL) == FERRY_OK)
		fy_poll_remove(guest->config->poll, fd);
}

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
	ssize_t n = fy_os_write(guest->child.in, data, bytes);

	if (n < 0 && errno == EAGAIN)
		return FERRY_EAGAIN;
	if (n < 0)
		drop(guest, &guest->child.in);
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

	while (!err && guest->child.in >= 0 && guest->written < message.len)
		err = write_in(guest, message.data + guest->written,
			       message.len - guest->written);
	if (!err && guest->child.in >= 0 && guest->written < message.len + n_end)
		err = write_in(guest, end, n_end);
	if (!err)
		guest->written = 0;
	if (err == FERRY_EAGAIN &&
	    fy_poll_modify(guest->config->poll, guest->child.in,
			   EPOLLOUT | EPOLLONESHOT, &guest->watches[FY_GUEST_IN],
			   why))
		return why->code;
	return err;
}

/* ---- the command ---- */

static ferry_err
start_command(struct fy_guest *guest, struct ferry_error *why)
{
	struct ferry_arena mem = { 0 };
	char **env;
	ferry_err err = fy_environment_of_channel(guest->config->addr,
						  &guest->peer, &mem, &env);

	if (!err)
		err = fy_piped_start(&guest->child, guest->config->command, env,
				     why);
	ferry_arena_fini(&mem);
	if (err)
		return err;
	guest->feed.fd = guest->child.out;
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

	(void)fy_os_waitpid(guest->child.pid, &status, 0);
	drop(guest, &guest->child.pidfd);
	if (WIFSIGNALED(status) && !guest->told && guest->bridge.ch)
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
	guest->told = guest->child.pidfd >= 0;
	if (guest->told)
		fy_piped_signal(&guest->child, signal);
	else
		guest->over = true;
}

void
fy_guest_hurry(struct fy_guest *guest)
{
	if (fy_os_now_ns() < guest->patience.ns)
		return;
	guest->patience = guest->told ? FERRY_NEVER
				      : ferry_in_ms(FY_GUEST_GRACE_MS);
	fy_guest_stop(guest, guest->told ? SIGKILL : SIGTERM);
}

/* ---- what nobody wants to have ---- */

/*
 * What a command prints after its peer has gone is read, or it would not come to
 * the end of its input. As much as that may be; who prints without end gets
 * SIGPIPE.
 */
static void
throw_away(struct fy_guest *guest)
{
	char scrap[THROWN_AT_ONCE];
	struct ferry_error ignored;
	ssize_t n;

	if (guest->child.out < 0)
		return;
	if (guest->feed.readable) {
		n = fy_os_read(guest->child.out, scrap, sizeof(scrap));
		if (n > 0)
			guest->thrown_away += (size_t)n;
		if (n == 0 || (n < 0 && errno != EAGAIN) ||
		    guest->thrown_away >= THROWN_MOST) {
			drop(guest, &guest->child.out);
			return;
		}
	}
	guest->feed.readable = false;
	if (fy_poll_modify(guest->config->poll, guest->child.out,
			   EPOLLIN | EPOLLONESHOT,
			   &guest->watches[FY_GUEST_OUT], &ignored))
		drop(guest, &guest->child.out);
}

/* ---- its life ---- */

static ferry_err
add(struct fy_guest *guest, enum fy_guest_part part, int fd, uint32_t events,
    struct ferry_error *why)
{
	guest->watches[part] = (struct fy_guest_watch){ guest, part };
	return fy_poll_add(guest->config->poll, fd, events,
			   &guest->watches[part], why);
}

/* Of changes only: what is there stays while a pump cannot go on. */
static ferry_err
watch_channel(struct fy_guest *guest, struct ferry_error *why)
{
	int fd;
	ferry_err err = ferry_channel_fd(guest->bridge.ch, &fd, why);

	return err ? err : add(guest, FY_GUEST_CHANNEL, fd, EPOLLIN | EPOLLET,
			       why);
}

static ferry_err
watch_command(struct fy_guest *guest, struct ferry_error *why)
{
	const struct fy_piped *child = &guest->child;
	ferry_err err = add(guest, FY_GUEST_PIDFD, child->pidfd, EPOLLIN, why);

	if (!err)
		err = add(guest, FY_GUEST_IN, child->in, EPOLLONESHOT, why);
	if (!err)
		err = add(guest, FY_GUEST_OUT, child->out, EPOLLONESHOT, why);
	return err;
}

/* A command that has begun to run is not begun again. */
static ferry_err
begin(struct fy_guest *guest, struct ferry_error *why)
{
	ferry_err err = watch_channel(guest, why);

	if (!err && guest->config->command)
		err = start_command(guest, why);
	if (fy_process_is_short(err, why))
		return FERRY_EAGAIN;
	if (!err && guest->config->command)
		err = watch_command(guest, why);
	return err;
}

ferry_err
fy_guest_new(const struct fy_guest_config *config,
	     struct ferry_channel *take_ch, uint64_t number,
	     struct fy_guest **out, struct ferry_error *why)
{
	struct fy_guest *guest = calloc(1, sizeof(*guest));
	ferry_err err;

	if (!guest) {
		(void)fy_fail_memory(why, sizeof(*guest));
		return FERRY_EAGAIN;
	}
	guest->config = config;
	guest->number = number;
	guest->bridge.ch = take_ch;
	guest->bridge.deliver = print;
	guest->feed.cut = config->print.cut;
	guest->child.in = guest->child.out = guest->child.pidfd = -1;
	guest->patience = FERRY_NEVER;
	ferry_channel_peer(take_ch, &guest->peer);
	err = begin(guest, why);
	if (err) {
		unwatch_channel(guest);
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
	if (!guest->bridge.ch)
		return;
	unwatch_channel(guest);
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
	if (guest->child.pidfd >= 0) {
		fy_piped_signal(&guest->child, SIGKILL);
		(void)fy_os_waitpid(guest->child.pid, NULL, 0);
	}
	drop(guest, &guest->child.pidfd);
	drop(guest, &guest->child.in);
	drop(guest, &guest->child.out);
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
	if (watch->part == FY_GUEST_PIDFD && guest->child.pidfd >= 0)
		reap(guest);
}

/*
 * A peer that breaks off leaves a command that nobody listens to, with what it
 * has not read yet.
 */
static void
break_off(struct fy_guest *guest, ferry_err err, const struct ferry_error *why)
{
	/* Who has closed does not care for what is sent still. */
	if (err != FERRY_ELOST || !guest->bridge.ended)
		fy_cmd_complain("%s: %s", guest->peer.text,
				why->text[0] ? why->text : ferry_strerror(err));
	close_channel(guest);
	drop(guest, &guest->child.in);
	guest->over = guest->child.pidfd < 0;
	guest->patience = ferry_in_ms(FY_GUEST_GRACE_MS);
}

static bool
is_done(const struct fy_guest *guest)
{
	if (!guest->config->command)
		return guest->bridge.ended;
	return guest->bridge.finished && guest->child.pidfd < 0;
}

static ferry_err
pump_channel(struct fy_guest *guest, struct ferry_error *why)
{
	struct fy_bridge *bridge = &guest->bridge;
	ferry_err err = fy_bridge_pump(bridge, why);

	if (err)
		return err;
	if (bridge->ended)
		drop(guest, &guest->child.in);
	/* When the command ends, so does the channel. */
	if (bridge->lost.code && guest->child.pidfd < 0) {
		*why = bridge->lost;
		return why->code;
	}
	if (!fy_bridge_wants_feed(bridge))
		return FERRY_OK;
	return fy_poll_modify(guest->config->poll, guest->child.out,
			      EPOLLIN | EPOLLONESHOT,
			      &guest->watches[FY_GUEST_OUT], why);
}

ferry_err
fy_guest_pump(struct fy_guest *guest)
{
	struct ferry_error why = { .text = "" };
	ferry_err err = FERRY_OK;

	if (guest->over)
		return FERRY_OK;
	if (guest->bridge.ch)
		err = pump_channel(guest, &why);
	if (ferror(stdout))
		return FERRY_ESYS;
	if (err)
		break_off(guest, err, &why);
	else if (guest->bridge.ch)
		guest->over = is_done(guest);
	else
		guest->over = guest->child.pidfd < 0;
	if (!guest->over && (!guest->bridge.ch || guest->bridge.lost.code))
		throw_away(guest);
	return FERRY_OK;
}

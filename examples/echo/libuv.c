/* SPDX-License-Identifier: MIT */
/* Sends back whatever comes, in a loop of libuv: each channel a uv_poll_t. */
#include <stdio.h>
#include <stdlib.h>

#include <uv.h>

#include "echo.h"

struct client {
	uv_poll_t poll;
	uv_timer_t timer;
	struct ferry_channel *ch;
};

static void
free_client(uv_handle_t *handle)
{
	free(handle->data);
}

static void
close_timer(uv_handle_t *handle)
{
	struct client *client = handle->data;

	uv_close((uv_handle_t *)&client->timer, free_client);
}

static void
drop(struct client *client)
{
	/* libuv forgets the descriptor before the channel closes it. */
	uv_close((uv_handle_t *)&client->poll, close_timer);
	ferry_channel_close(client->ch, FERRY_NOW, NULL);
}

static void on_time(uv_timer_t *timer);

static void
serve(struct client *client)
{
	int ms;

	if (!echo_serve(client->ch)) {
		drop(client);
		return;
	}
	ms = echo_timeout(client->ch);
	if (ms < 0)
		uv_timer_stop(&client->timer);
	else
		uv_timer_start(&client->timer, on_time, (uint64_t)ms, 0);
}

static void
on_time(uv_timer_t *timer)
{
	serve(timer->data);
}

static void
on_channel(uv_poll_t *poll, int status, int events)
{
	struct client *client = poll->data;

	(void)events;
	if (status < 0)
		drop(client);
	else
		serve(client);
}

static void
add(uv_loop_t *loop, struct ferry_channel *ch)
{
	struct client *client = calloc(1, sizeof(*client));
	int fd = echo_fd(ch);

	if (!client || fd < 0 || uv_poll_init(loop, &client->poll, fd) < 0) {
		free(client);
		ferry_channel_close(ch, FERRY_NOW, NULL);
		return;
	}
	client->ch = ch;
	client->poll.data = client;
	uv_timer_init(loop, &client->timer);
	client->timer.data = client;
	if (uv_poll_start(&client->poll, UV_READABLE, on_channel) < 0)
		drop(client);
}

static void
on_listener(uv_poll_t *poll, int status, int events)
{
	struct ferry_channel *ch;

	(void)status;
	(void)events;
	while ((ch = echo_accept(poll->data)))
		add(poll->loop, ch);
}

int
main(int argc, char **argv)
{
	uv_poll_t poll = { .data = echo_listen(argc, argv) };
	uv_loop_t *loop = uv_default_loop();
	int fd;

	if (ferry_listener_fd(poll.data, &fd, NULL) ||
	    uv_poll_init(loop, &poll, fd) < 0 ||
	    uv_poll_start(&poll, UV_READABLE, on_listener) < 0)
		return 1;
	return uv_run(loop, UV_RUN_DEFAULT);
}

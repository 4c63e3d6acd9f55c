/* SPDX-License-Identifier: MIT */
/*
 * Sends back whatever thousands of channels bring, in one thread, over epoll:
 * each channel is one descriptor.
 */
#include <stdio.h>
#include <stdlib.h>

#include <sys/epoll.h>

#include "echo.h"

/* @ch is NULL when it has ended while it stood in the list of those in a hurry.
 */
struct client {
	struct ferry_channel *ch;
	struct client *next;
	bool hurries;
};

/* @hurried: the few that are not to wait for their descriptor alone */
struct server {
	int set;
	struct ferry_listener *listener;
	struct client *hurried;
};

static bool
watch(int set, int fd, void *what)
{
	struct epoll_event event = { EPOLLIN, { .ptr = what } };

	if (epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == 0)
		return true;
	perror("epoll_ctl");
	return false;
}

static void
drop(struct client *client)
{
	ferry_channel_close(client->ch, FERRY_NOW, NULL);
	client->ch = NULL;
	if (!client->hurries)
		free(client);
}

static void
serve(struct server *server, struct client *client)
{
	if (!echo_serve(client->ch)) {
		drop(client);
	} else if (!client->hurries && echo_timeout(client->ch) >= 0) {
		client->hurries = true;
		client->next = server->hurried;
		server->hurried = client;
	}
}

static void
accept_all(struct server *server)
{
	struct ferry_channel *ch;

	while ((ch = echo_accept(server->listener))) {
		struct client *client = calloc(1, sizeof(*client));
		int fd = echo_fd(ch);

		if (client && fd >= 0 && watch(server->set, fd, client)) {
			client->ch = ch;
			continue;
		}
		ferry_channel_close(ch, FERRY_NOW, NULL);
		free(client);
	}
}

static int
next_timeout(const struct server *server)
{
	int least = -1;

	for (struct client *c = server->hurried; c; c = c->next) {
		int ms = c->ch ? echo_timeout(c->ch) : 0;

		if (ms >= 0 && (least < 0 || ms < least))
			least = ms;
	}
	return least;
}

/* It does no harm to those whose time has not come. */
static void
serve_hurried(struct server *server)
{
	struct client *client = server->hurried;

	server->hurried = NULL;
	while (client) {
		struct client *next = client->next;

		client->hurries = false;
		if (client->ch)
			serve(server, client);
		else
			free(client);
		client = next;
	}
}

int
main(int argc, char **argv)
{
	struct server server = { .listener = echo_listen(argc, argv),
				 .set = epoll_create1(EPOLL_CLOEXEC) };
	struct epoll_event events[64];
	int fd;

	if (server.set < 0 || ferry_listener_fd(server.listener, &fd, NULL) ||
	    !watch(server.set, fd, NULL))
		return 1;
	for (;;) {
		int n = epoll_wait(server.set, events, 64,
				   next_timeout(&server));

		for (int i = 0; i < n; i++) {
			struct client *client = events[i].data.ptr;

			if (!client)
				accept_all(&server);
			else if (client->ch)
				serve(&server, client);
		}
		serve_hurried(&server);
	}
}

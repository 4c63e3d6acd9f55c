/* SPDX-License-Identifier: MIT */
/* Sends back whatever comes, in a main loop of GLib: each channel a GSource. */
#include <glib.h>

#include "echo.h"

/* A channel, or the listener, in the main loop. */
struct source {
	GSource base;
	gpointer tag; /* of the descriptor */
	struct ferry_channel *ch;
	struct ferry_listener *listener;
};

static struct source *
source_of(GSource *base)
{
	return (struct source *)base;
}

static gboolean
check(GSource *base)
{
	return g_source_query_unix_fd(base, source_of(base)->tag) != 0;
}

static struct source *add_source(int fd);

static void
accept_all(struct ferry_listener *listener)
{
	struct ferry_channel *ch;

	while ((ch = echo_accept(listener))) {
		int fd = echo_fd(ch);

		if (fd >= 0)
			add_source(fd)->ch = ch;
		else
			ferry_channel_close(ch, FERRY_NOW, NULL);
	}
}

/* Dispatched after @ms at the latest; -1: when the descriptor says so. */
static void
hurry(GSource *base, int ms)
{
	g_source_set_ready_time(
		base, ms < 0 ? -1 : g_get_monotonic_time() + 1000 * (gint64)ms);
}

static gboolean
dispatch(GSource *base, GSourceFunc callback, gpointer user)
{
	struct source *source = source_of(base);

	(void)callback;
	(void)user;
	if (source->listener) {
		accept_all(source->listener);
		return G_SOURCE_CONTINUE;
	}
	if (echo_serve(source->ch)) {
		hurry(base, echo_timeout(source->ch));
		return G_SOURCE_CONTINUE;
	}
	g_source_remove_unix_fd(base, source->tag);
	ferry_channel_close(source->ch, FERRY_NOW, NULL);
	return G_SOURCE_REMOVE;
}

/* It belongs to the main loop, until dispatch() removes it. */
static struct source *
add_source(int fd)
{
	static GSourceFuncs funcs = { .check = check, .dispatch = dispatch };
	GSource *base = g_source_new(&funcs, sizeof(struct source));

	source_of(base)->tag = g_source_add_unix_fd(base, fd, G_IO_IN);
	g_source_attach(base, NULL);
	g_source_unref(base);
	return source_of(base);
}

int
main(int argc, char **argv)
{
	struct ferry_listener *listener = echo_listen(argc, argv);
	GMainLoop *loop = g_main_loop_new(NULL, FALSE);
	int fd;

	if (ferry_listener_fd(listener, &fd, NULL))
		return 1;
	add_source(fd)->listener = listener;
	g_main_loop_run(loop);
	return 0;
}

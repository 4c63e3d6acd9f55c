/* SPDX-License-Identifier: MIT */
/* The life of a server. */
#include "rpc/server.h"

#include <string.h>

#include <sys/eventfd.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/os.h"
#include "core/process.h"

#define JOIN_TRIES 3

static void
set_defaults(struct ferry_server_config *config)
{
	static const struct ferry_server_config defaults = {
		.max_record = FERRY_RECORD_DEFAULT,
		.max_reply = FERRY_MESSAGE_DEFAULT,
		.max_links = 65536,
		.max_calls = 256,
		.record_ms = 30000,
		.drain_ms = 10000,
	};

	if (!config->max_record)
		config->max_record = defaults.max_record;
	if (!config->max_reply)
		config->max_reply = defaults.max_reply;
	if (!config->max_links)
		config->max_links = defaults.max_links;
	if (!config->max_calls)
		config->max_calls = defaults.max_calls;
	if (!config->record_ms)
		config->record_ms = defaults.record_ms;
	if (!config->drain_ms)
		config->drain_ms = defaults.drain_ms;
}

static ferry_err
open_events(struct ferry_server *server, struct ferry_error *why)
{
	ferry_err err = fy_poll_open(&server->poll, why);

	if (err)
		return err;
	server->bell = fy_os_eventfd(0, EFD_NONBLOCK);
	if (server->bell < 0) {
		err = fy_fail_errno(why, "make an eventfd");
	} else {
		err = fy_poll_add(&server->poll, server->bell,
				  EPOLLIN | EPOLLET, NULL, why);
		if (err)
			fy_os_close(server->bell);
	}
	if (err)
		fy_poll_close(&server->poll);
	return err;
}

ferry_err
ferry_server_new(const struct ferry_server_config *config,
		 struct ferry_server **out, struct ferry_error *why)
{
	const struct ferry_hooks *hooks = config ? config->hooks : NULL;
	struct ferry_server *server = fy_zalloc(hooks, sizeof(*server));
	ferry_err err;

	if (!server)
		return fy_fail_memory(why, sizeof(*server));
	if (config)
		server->config = *config;
	set_defaults(&server->config);
	server->pid = fy_os_getpid();
	server->ready_end = &server->ready;
	server->sweep_at = FERRY_NEVER.ns;
	err = open_events(server, why);
	if (err) {
		fy_free(hooks, server);
		return err;
	}
	*out = server;
	return FERRY_OK;
}

static ferry_err
check_owner(const struct ferry_server *server, struct ferry_error *why)
{
	if (FY_LIKELY(server->pid == fy_process_id()))
		return FERRY_OK;
	return fy_fail(why, FERRY_EFORK,
		       "process %d has made this server: a child that was "
		       "forked has to make its own", server->pid);
}

ferry_err
ferry_server_listen(struct ferry_server *server, const char *addr,
		    struct ferry_error *why)
{
	ferry_err err = check_owner(server, why);

	return err ? err : fy_door_open(server, addr, why);
}

size_t
ferry_server_addr(const struct ferry_server *server, size_t index, char *buf,
		  size_t bytes)
{
	const struct fy_door *door = server->doors;

	while (door && index-- > 0)
		door = door->next;
	if (door)
		return ferry_addr_format(&door->addr, buf, bytes);
	if (bytes > 0)
		buf[0] = '\0';
	return 0;
}

ferry_err
ferry_server_add(struct ferry_server *server,
		 const struct ferry_version *version, const void *ops,
		 void *ctx)
{
	const struct fy_service service = { version, ops, ctx };

	return fy_programs_add(&server->programs, server->config.hooks,
			       &service, NULL);
}

/* ---- running ---- */

static void *
run_thread(void *arg)
{
	fy_server_loop(arg);
	return NULL;
}

/*
 * The first that is open, from @conn on. One that is closed already waits for
 * its last answer, and leaves the list by the hand of whoever gives that.
 */
static struct fy_conn *
find_open(struct fy_conn *conn)
{
	while (conn && __atomic_load_n(&conn->source.state, __ATOMIC_ACQUIRE) ==
			       FY_SOURCE_CLOSED)
		conn = conn->next;
	return conn;
}

/* All loops have ended: every role is ours, those that were ready as well. */
static void
close_conns(struct ferry_server *server)
{
	struct fy_conn *conn;
	struct fy_conn *next;

	fy_lock(&server->lock);
	conn = find_open(server->conns);
	fy_unlock(&server->lock);
	for (; conn; conn = next) {
		/* What is open cannot leave the list: nobody else closes. */
		fy_lock(&server->lock);
		next = find_open(conn->next);
		fy_unlock(&server->lock);
		fy_conn_close(conn);
	}
	fy_lock(&server->ready_lock);
	server->ready = NULL;
	server->ready_end = &server->ready;
	server->n_ready = 0;
	fy_unlock(&server->ready_lock);
}

/* Who is not joined may use the server when it is gone: tries again. */
static void
join(pthread_t thread)
{
	int tries = 0;

	while (fy_os_thread_join(thread) < 0 && ++tries < JOIN_TRIES)
		continue;
}

static ferry_err
run_threads(struct ferry_server *server, pthread_t *threads, uint32_t n,
	    struct ferry_error *why)
{
	ferry_err err = FERRY_OK;
	uint32_t n_started = 0;

	while (n_started < n &&
	       !fy_os_thread_start(&threads[n_started], run_thread, server))
		n_started++;
	if (n_started < n) {
		err = fy_fail_errno_as(why, FERRY_ESYS, "start thread %u of %u",
				       n_started + 2, n + 1);
		ferry_server_stop(server);
	}
	fy_server_loop(server);
	while (n_started > 0)
		join(threads[--n_started]);
	return err;
}

ferry_err
ferry_server_run(struct ferry_server *server, uint32_t n_threads,
		 struct ferry_error *why)
{
	pthread_t *threads;
	ferry_err err = check_owner(server, why);

	if (err)
		return err;
	if (n_threads == 0 || !server->doors)
		return fy_fail(why, FERRY_EINVAL,
			       "a server needs a thread and something to "
			       "listen at");
	threads = fy_zalloc(server->config.hooks,
			    n_threads * sizeof(*threads));
	if (!threads)
		return fy_fail_memory(why, n_threads * sizeof(*threads));
	server->n_threads = n_threads;
	err = run_threads(server, threads, n_threads - 1, why);
	fy_free(server->config.hooks, threads);
	close_conns(server);
	return err;
}

/* ---- the end ---- */

static void
free_conns(struct ferry_server *server, struct fy_conn *conn)
{
	struct fy_conn *next;

	for (; conn; conn = next) {
		next = conn->next;
		fy_link_close(conn->link);
		fy_free(server->config.hooks, conn);
	}
}

static void
free_calls(struct ferry_server *server)
{
	struct fy_served *served;

	while ((served = server->spare_calls)) {
		server->spare_calls = served->next;
		ferry_arena_fini(&served->arena);
		fy_free(server->config.hooks, served);
	}
}

void
ferry_server_free(struct ferry_server *server)
{
	struct fy_door *door;

	if (!server)
		return;
	while ((door = server->doors)) {
		server->doors = door->next;
		fy_door_close(door);
	}
	if (server->pid == fy_os_getpid())
		close_conns(server);
	free_conns(server, server->conns);
	free_conns(server, server->spare_conns);
	free_calls(server);
	fy_programs_fini(&server->programs, server->config.hooks);
	fy_os_close(server->bell);
	fy_poll_close(&server->poll);
	fy_free(server->config.hooks, server);
}

/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cmocka.h>

#include "host.h"

/* ---- handlers ---- */

static ferry_err
on_echo(struct ferry_call *call, struct ferry_bytes in, struct ferry_bytes *out)
{
	struct host *host = call->ctx;

	pthread_mutex_lock(&host->lock);
	if (host->gate) {
		host->n_gates++;
		pthread_cond_broadcast(&host->changed);
		while (host->gate)
			pthread_cond_wait(&host->changed, &host->lock);
	}
	pthread_mutex_unlock(&host->lock);
	*out = in;
	return FERRY_OK;
}

static ferry_err
on_fail(struct ferry_call *call, uint32_t in, uint32_t *out)
{
	(void)call;
	*out = in;
	return (ferry_err)in;
}

static ferry_err
on_late(struct ferry_call *call, uint32_t in, uint32_t *out)
{
	struct host *host = call->ctx;

	*out = in;
	/* Where the one who answers finds it. */
	call->fy_reserved[0] = in;
	pthread_mutex_lock(&host->lock);
	if (host->n_late < HOST_LATE_MAX)
		host->late[host->n_late++] = call;
	pthread_cond_broadcast(&host->changed);
	pthread_mutex_unlock(&host->lock);
	return FERRY_LATER;
}

static ferry_err
on_fill(struct ferry_call *call, uint32_t in, struct ferry_bytes *out)
{
	uint8_t *data = ferry_arena_alloc(call->mem, in);

	if (!data)
		return FERRY_ENOMEM;
	memset(data, 0x5a, in);
	out->data = data;
	out->len = in;
	return FERRY_OK;
}

const struct echo_1_ops host_ops = {
	.echo = on_echo,
	.fail = on_fail,
	.late = on_late,
	.fill = on_fill,
};

/* ---- life ---- */

void
host_init(struct host *host, const struct ferry_server_config *config,
	  uint32_t n_threads)
{
	memset(host, 0, sizeof(*host));
	pthread_mutex_init(&host->lock, NULL);
	pthread_cond_init(&host->changed, NULL);
	host->n_threads = n_threads;
	assert_int_equal(ferry_server_new(config, &host->server, NULL), 0);
	assert_int_equal(ferry_server_add(host->server, &echo_1, &host_ops,
					  host), 0);
}

const char *
host_scheme(void)
{
	const char *scheme = getenv("FERRY_TEST_OVER");

	return scheme ? scheme : "unix";
}

void
host_listen(struct host *host, const char *scheme)
{
	struct ferry_error why = { .code = FERRY_OK };
	char addr[128];

	if (strcmp(scheme, "tcp") == 0) {
		snprintf(addr, sizeof(addr), "tcp:127.0.0.1:0");
	} else if (strcmp(scheme, "mq") == 0) {
		snprintf(addr, sizeof(addr), "mq:/ferry-rpc-%d", getpid());
	} else if (strcmp(scheme, "sysv") == 0) {
		/* As likely to be in use as any other number. */
		snprintf(addr, sizeof(addr), "sysv:0x%x",
			 0x5e000000u + (unsigned int)getpid());
	} else {
		snprintf(host->dir, sizeof(host->dir), "/tmp/rpc-XXXXXX");
		assert_non_null(mkdtemp(host->dir));
		snprintf(addr, sizeof(addr), "%s:%s/s", scheme, host->dir);
	}
	if (ferry_server_listen(host->server, addr, &why))
		fail_msg("%s", why.text);
	ferry_server_addr(host->server, 0, host->addr, sizeof(host->addr));
}

void
host_serve_fd(struct host *host, int fd)
{
	struct ferry_error why = { .code = FERRY_OK };
	char addr[32];

	snprintf(addr, sizeof(addr), "fd:%d", fd);
	if (ferry_server_listen(host->server, addr, &why))
		fail_msg("%s", why.text);
}

static void *
run(void *arg)
{
	struct host *host = arg;

	host->result = ferry_server_run(host->server, host->n_threads, NULL);
	return NULL;
}

void
host_run(struct host *host)
{
	host->running = true;
	assert_int_equal(pthread_create(&host->thread, NULL, run, host), 0);
}

void
host_end(struct host *host, bool stop)
{
	if (!host->running)
		return;
	if (stop)
		ferry_server_stop(host->server);
	pthread_join(host->thread, NULL);
	host->running = false;
	assert_int_equal(host->result, FERRY_OK);
}

void
host_fini(struct host *host)
{
	char path[80];

	host_end(host, true);
	ferry_server_free(host->server);
	pthread_cond_destroy(&host->changed);
	pthread_mutex_destroy(&host->lock);
	if (host->dir[0]) {
		snprintf(path, sizeof(path), "%s/s", host->dir);
		unlink(path);
		rmdir(host->dir);
	}
}

/* ---- what handlers hold ---- */

void
host_wait_late(struct host *host, uint32_t n)
{
	pthread_mutex_lock(&host->lock);
	while (host->n_late < n)
		pthread_cond_wait(&host->changed, &host->lock);
	pthread_mutex_unlock(&host->lock);
}

struct ferry_call *
host_take_late(struct host *host)
{
	struct ferry_call *call;

	pthread_mutex_lock(&host->lock);
	call = host->late[--host->n_late];
	pthread_mutex_unlock(&host->lock);
	return call;
}

void
host_close_gate(struct host *host)
{
	pthread_mutex_lock(&host->lock);
	host->gate = true;
	host->n_gates = 0;
	pthread_mutex_unlock(&host->lock);
}

void
host_open_gate(struct host *host)
{
	pthread_mutex_lock(&host->lock);
	host->gate = false;
	pthread_cond_broadcast(&host->changed);
	pthread_mutex_unlock(&host->lock);
}

void
host_wait_gates(struct host *host, uint32_t n)
{
	pthread_mutex_lock(&host->lock);
	while (host->n_gates < n)
		pthread_cond_wait(&host->changed, &host->lock);
	pthread_mutex_unlock(&host->lock);
}

/* ---- reaching it ---- */

struct ferry_client *
host_client(const struct host *host)
{
	struct ferry_error why = { .code = FERRY_OK };
	struct ferry_client *client = NULL;

	if (ferry_client_open(host->addr, NULL, ferry_in_ms(10000), &client,
			      &why))
		fail_msg("%s", why.text);
	return client;
}

int
host_connect(const struct host *host)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	snprintf(un.sun_path, sizeof(un.sun_path), "%s/s", host->dir);
	assert_int_equal(connect(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	return fd;
}

/* SPDX-License-Identifier: MIT */
/* A server of ECHO in threads of this process, and ways to reach it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <pthread.h>

#include <ferry/ferry.h>

#include "echo.h"

#define HOST_LATE_MAX 4096

/*
 * What LATE and the rest of the handlers share. Calls that LATE has kept are
 * in .late, oldest first, until the test answers them.
 */
struct host {
	struct ferry_server *server;
	pthread_t thread;
	uint32_t n_threads;
	ferry_err result;
	bool running;
	char dir[64];
	char addr[1024];

	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct ferry_call *late[HOST_LATE_MAX];
	uint32_t n_late;
	uint32_t n_gates; /* ECHO calls that wait in their handler */
	bool gate;	  /* closed: ECHO waits */
};

extern const struct echo_1_ops host_ops;

/* All with cmocka asserts. @scheme: "unix", "fifo", "mq", "shm", "sysv", "tcp". */
void host_init(struct host *host, const struct ferry_server_config *config,
	       uint32_t n_threads);
/* What the suite is run over: of the environment, or "unix". */
const char *host_scheme(void);
void host_listen(struct host *host, const char *scheme);
void host_serve_fd(struct host *host, int fd);
void host_run(struct host *host);
/* Waits until run has returned; @stop: stops it before. */
void host_end(struct host *host, bool stop);
/* Frees what is left. */
void host_fini(struct host *host);

/* Waits until LATE keeps @n calls. */
void host_wait_late(struct host *host, uint32_t n);
/* Takes the newest of them. */
struct ferry_call *host_take_late(struct host *host);
void host_close_gate(struct host *host);
void host_open_gate(struct host *host);
void host_wait_gates(struct host *host, uint32_t n);

struct ferry_client *host_client(const struct host *host);
/* A raw connection to it. */
int host_connect(const struct host *host);

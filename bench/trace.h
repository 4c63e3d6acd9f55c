/* SPDX-License-Identifier: MIT */
/*
 * How many system calls two processes make: counted by a third, which stops
 * them at each, so that those that make none run as fast as ever.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct bench_trace {
	pid_t tracer;
	int told; /* from the tracer */
};

/**
 * bench_trace_start() - counts those of the caller and of @peer, first threads
 *
 * Return: false if it is not allowed to.
 */
bool bench_trace_start(struct bench_trace *trace, pid_t peer);

/** bench_trace_mark() - called twice: what is between the two is counted */
void bench_trace_mark(void);

/** bench_trace_stop() - @out: of the caller, and of the peer */
void bench_trace_stop(struct bench_trace *trace, unsigned long out[2]);

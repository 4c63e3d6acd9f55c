/* SPDX-License-Identifier: MIT */
/*
 * Runs commands of the shell side by side: what they read is given, what they
 * print is collected, and each ends at its deadline. One thread turns the
 * runner; any thread hands it jobs.
 *
 * A command never becomes part of another: the user's text is all that the
 * shell sees, what comes from elsewhere is in its input and environment.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <ferry/arena.h>
#include <ferry/err.h>
#include <ferry/str.h>
#include <ferry/time.h>

#include "cli/piped.h"
#include "core/compiler.h"

struct fy_runner;

/* Commands that run at a time; more wait for their turn, up to so many, */
#define FY_RUNNER_AT_A_TIME 64
#define FY_RUNNER_WAITING 1024
/* or until those that wait have so many bytes to read. */
#define FY_RUNNER_WAITING_BYTES ((size_t)64 << 20)

/**
 * struct fy_job - one command; its owner's until submitted, and again in done
 * @command: for /bin/sh -c; borrowed, as @env and @input are, until done, and
 *           not written to
 * @env:     all of its environment, NULL-terminated
 * @input:   what it reads
 * @until:   when it is killed, with all that it has started
 * @done:    called once, on the thread that turns the runner
 * @err:     how it ended: FERRY_OK; FERRY_ESERVER: by @status; FERRY_ETIMEDOUT;
 *           FERRY_ECLOSED: the runner was stopped; FERRY_ETOOBIG: it prints
 *           more than FY_JOB_OUTPUT; FERRY_ENOMEM; FERRY_ESYS: it could not be
 *           started, and @why has the reason
 * @status:  as waitpid(2) has it
 * @output:  what it printed; freed after done
 *
 * The rest is the runner's.
 */
struct fy_job {
	char *command;
	char *const *env;
	struct ferry_str input;
	struct ferry_deadline until;
	void (*done)(struct fy_job *job);

	ferry_err err;
	int status;
	struct ferry_str output;
	struct ferry_error why;

	struct fy_job *next;
	char *room;
	size_t room_bytes;
	struct fy_piped child;
};

/* The most bytes that a command's output may have. */
#define FY_JOB_OUTPUT ((size_t)64 << 20)

FY_MUST_CHECK ferry_err fy_runner_new(struct fy_runner **out,
				      struct ferry_error *why);

/** fy_runner_free() - ends the jobs that are left; NULL is legal */
void fy_runner_free(struct fy_runner *runner);

/**
 * fy_runner_submit() - hands in a job, from any thread
 *
 * Return: whether it was taken: not while as many wait as may, nor after a
 * stop.
 */
FY_MUST_CHECK bool fy_runner_submit(struct fy_runner *runner,
				    struct fy_job *job);

/** fy_runner_end() - no more jobs will come, those there are end; any thread */
void fy_runner_end(struct fy_runner *runner);

/** fy_runner_stop() - ends all jobs and takes no more; not any thread */
void fy_runner_stop(struct fy_runner *runner);

/**
 * fy_runner_turn() - waits until something happens, and sees to it
 * @fd:       a descriptor of the caller's to look at as well
 * @readable: whether that can be read
 *
 * Return: FERRY_OK; FERRY_ECLOSED after fy_runner_end(), when no job is left;
 * anything else: it cannot wait, has ended all jobs, and is stopped.
 */
FY_MUST_CHECK ferry_err fy_runner_turn(struct fy_runner *runner, int fd,
				       bool *readable,
				       struct ferry_error *why);

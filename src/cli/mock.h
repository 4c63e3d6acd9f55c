/* SPDX-License-Identifier: MIT */
/*
 * What a server by hand answers: of each procedure of an interface file a value
 * that was given, or what a command prints.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <ferry/arena.h>
#include <ferry/stub.h>

#include "cli/runner.h"
#include "core/compiler.h"
#include "idl/model.h"

struct fy_mock;

/* Where the answer of one procedure comes from; without any it has none. */
struct fy_answer {
	const char *name; /* "PROGRAM.VERSION.PROCEDURE" */
	const struct fy_procedure *procedure;
	bool has_reply;
	struct ferry_bytes reply;
	char *command;
};

/* One version of one program, as the server knows it. */
struct fy_mocked {
	struct ferry_version version;
	struct fy_mock *mock;
	const struct fy_program *program;
	const struct fy_version *declared;
	struct fy_answer *answers; /* as version.procedures */
};

/**
 * struct fy_mock - all that is served
 * @mem:        of the tables and the replies; borrowed, as all else
 * @server:     stopped when @n_left calls have been answered
 * @log:        one line for each call; NULL: none
 * @timeout_ns: of one command
 * @n_left:     calls until the server stops; 0: it does not. Atomic
 */
struct fy_mock {
	struct ferry_arena *mem;
	const struct fy_model *model;
	struct ferry_server *server;
	struct fy_runner *runner;
	FILE *log;
	int64_t timeout_ns;
	uint64_t n_left;
	size_t n_versions;
	struct fy_mocked *versions;
};

/** fy_mock_init() - tables of @mock->model's programs, without any answer */
FY_MUST_CHECK ferry_err fy_mock_init(struct fy_mock *mock);

/**
 * fy_mock_reply() - a value for a procedure
 * @text: "PROCEDURE=JSON" or "PROCEDURE=@FILE"; is written to
 *
 * Return: 0; an exit status after a message, with the declaration if the value
 * is not of its type.
 */
FY_MUST_CHECK int fy_mock_reply(struct fy_mock *mock, char *text);

/** fy_mock_run() - the same of "PROCEDURE=COMMAND" */
FY_MUST_CHECK int fy_mock_run(struct fy_mock *mock, char *text);

/** fy_mock_serve() - tells @mock->server to serve all versions */
FY_MUST_CHECK ferry_err fy_mock_serve(struct fy_mock *mock);

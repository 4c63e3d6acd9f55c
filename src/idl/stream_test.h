/* SPDX-License-Identifier: MIT */
/* What tests of the preprocessor share: files in memory, streams as text. */
#pragma once

#include "idl/idl.h"
#include "idl/preproc.h"

struct stream_file {
	const char *path;
	const char *text;
};

struct stream_fixture {
	struct ferry_arena mem;
	struct fy_idl idl;
	struct fy_reader reader;
	struct stream_file files[4]; /* the first is in.x */
	struct fy_stream stream;     /* of the last call */
};

int stream_setup(void **state);
int stream_teardown(void **state);

/* The tokens of @text in a view, each with a blank behind it; in f->mem. */
const char *stream_view(struct stream_fixture *f, const char *text,
			enum fy_view view);

/* The same as the header sees it. */
const char *stream_of(struct stream_fixture *f, const char *text);

/* Asserts that @text gives the tokens of @wanted, and nothing was said. */
void stream_assert(struct stream_fixture *f, const char *text,
		   const char *wanted);

/* Errors and warnings since the last call of this. */
const char *stream_said(struct stream_fixture *f);

#define STREAM_TEST(name)                                                      \
	cmocka_unit_test_setup_teardown(name, stream_setup, stream_teardown)

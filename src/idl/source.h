/* SPDX-License-Identifier: MIT */
/*
 * Source files: read once, through a callback, so that tests and fuzzing need
 * no file system.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <ferry/arena.h>
#include <ferry/err.h>
#include <ferry/str.h>

#include "core/compiler.h"
#include "idl/names.h"

struct fy_span;

/* Longer files are refused: an interface is written by hand. */
#define FY_MAX_SOURCE_BYTES ((size_t)4 << 20)

/**
 * struct fy_reader - where files come from
 * @ctx: handed to @read
 */
struct fy_reader {
	/**
	 * read() - the whole of a file
	 * @mem: where the text is to live
	 * @out: any bytes, need not end in NUL or newline
	 *
	 * Return: FERRY_OK; else @why says why, with .sys_errno ENOENT if
	 * there is no such file, which lets a search go on.
	 */
	ferry_err (*read)(void *ctx, const char *path, struct ferry_arena *mem,
			  struct ferry_str *out, struct ferry_error *why);
	void *ctx;
};

/* Reads from the file system, pipes and devices too. */
extern const struct fy_reader fy_reader_files;

/* No more than plain files: for what the user did not name. */
extern const struct fy_reader fy_reader_plain_files;

/* A header of C that an interface file includes as if it were one itself. */
struct fy_c_header {
	const struct fy_span *included; /* where */
};

struct fy_source {
	struct fy_source *next;
	size_t rank; /* from 0, in the order of reading */
	const char *path;
	struct ferry_str text;
	bool is_read; /* else a #line names it, and that is all */
	bool marked;  /* a #line in it says that its lines are another's */
	const struct fy_c_header *c_header; /* that it is a part of, or NULL */
};

/* Those that were read, once each, in order, and those that a #line named. */
struct fy_sources {
	struct fy_source *first;
	struct fy_source **tail;
	size_t n;
	struct fy_names by_path;
};

/**
 * fy_sources_read() - the text of @path, from @reader the first time
 *
 * Return: FERRY_OK; else as @reader said, in @why.
 */
FY_MUST_CHECK ferry_err
fy_sources_read(struct fy_sources *sources, const struct fy_reader *reader,
		struct ferry_arena *mem, const char *path,
		struct fy_source **out, struct ferry_error *why);

/**
 * fy_sources_name() - the file that a #line names, whether it is read or not
 * @path: copied
 */
FY_MUST_CHECK ferry_err
fy_sources_name(struct fy_sources *sources, struct ferry_arena *mem,
		struct ferry_str path, struct fy_source **out);

/** fy_sources_find() - the file read or named as @path; NULL: there is none */
const struct fy_source *
fy_sources_find(const struct fy_sources *sources, const char *path);

/**
 * fy_sources_shown() - the file whose line @path:N can be shown beside a
 * message; NULL: it was not read, or its lines pass for another file's
 */
const struct fy_source *
fy_sources_shown(const struct fy_sources *sources, const char *path);

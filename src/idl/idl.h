/* SPDX-License-Identifier: MIT */
/*
 * The front end of the interface compiler: a file in, a model or a list of
 * diagnostics out. It does no I/O but through its reader and never prints.
 *
 *	source -> preproc (over lex) -> parse -> check -> model
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"
#include "idl/diag.h"
#include "idl/model.h"
#include "idl/source.h"

struct fy_built;
struct fy_passed;
struct fy_stream;

/**
 * struct fy_loaded - what loads of one path need not do twice
 * @path:   whose; NULL if nothing was loaded
 * @alike:  no view reads anything else than the last one did
 * @model:  what that gave, where @err is FERRY_OK
 * @passed: what the % lines of the header bring
 * @built:  each stream of tokens that some view came to, and its model
 */
struct fy_loaded {
	const char *path;
	bool alike;
	ferry_err err;
	const struct fy_model *model;
	const struct fy_passed *passed;
	struct fy_built *built;
};

/**
 * struct fy_define - a macro from outside the file
 * @text:      "NAME", which gives 1, or "NAME=VALUE"
 * @undefined: -U: @text is a name, and not defined
 */
struct fy_define {
	const char *text;
	bool undefined;
};

/**
 * struct fy_idl - what loads of the same interface file share
 * @mem:     holds all that is made: models, diagnostics, the files' text
 * @reader:  where files come from; fy_reader_files for the file system
 * @include_reader: where the files come from that those name: fy_idl_init()
 *	     says @reader; fy_reader_plain_files waits for nothing
 * @dirs:    where #include looks after the folder of the including file
 * @n_system_dirs: how many of the last of them nobody asked for: there are the
 *	     headers of C
 * @defines: -D and -U, in the order given
 * @sources: each file that was read, once
 * @diag:    what was wrong, of all loads together; its levels are the user's
 * @last:    what the last load leaves to the next one
 * @spare:   a stream that nobody needs any more: its memory; or NULL
 *
 * Made by fy_idl_init(); there is nothing to free but @mem.
 */
struct fy_idl {
	struct ferry_arena *mem;
	const struct fy_reader *reader;
	const struct fy_reader *include_reader;
	const char *const *dirs;
	size_t n_dirs;
	size_t n_system_dirs;
	const struct fy_define *defines;
	size_t n_defines;
	struct fy_sources sources;
	struct fy_diag diag;
	struct fy_loaded last;
	struct fy_stream *spare;
};

/** fy_idl_init() - ready to load; @mem and @reader are borrowed */
void fy_idl_init(struct fy_idl *idl, struct ferry_arena *mem,
		 const struct fy_reader *reader);

/**
 * fy_idl_load() - reads and checks an interface file in one view
 * @path: as the user gave it; diagnostics repeat it
 * @out:  the model, in idl->mem
 *
 * Return: FERRY_OK; FERRY_EINVAL when the file has errors, and idl->diag has
 * them. Loading goes on with other views all the same: what is wrong in
 * several of them is reported once.
 */
FY_MUST_CHECK ferry_err
fy_idl_load(struct fy_idl *idl, const char *path, enum fy_view view,
	    const struct fy_model **out);

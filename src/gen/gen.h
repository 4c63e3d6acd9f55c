/* SPDX-License-Identifier: MIT */
/*
 * Back-ends: from the model to text. No I/O: what is made lies in memory, and
 * whoever asked for it writes it. The text is a pure function of the model and
 * the options.
 */
#pragma once

#include <stddef.h>

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"
#include "idl/diag.h"
#include "idl/model.h"

#define FY_GEN_FILES 8

/* A file to be written: a name without a folder, and NUL-terminated text. */
struct fy_gen_file {
	const char *name;
	const char *text;
	size_t len;
};

/**
 * struct fy_gen - one run of a back-end
 * @mem:     where all of the output lives
 * @diag:    told what cannot be said in the target language
 * @views:   the file as each of rpcgen's outputs sees it; all present
 * @prefix:  goes before every name; "" for none
 * @n_files: out: how many of @files were made
 */
struct fy_gen {
	struct ferry_arena *mem;
	struct fy_diag *diag;
	const struct fy_model *views[FY_N_VIEWS];
	const char *prefix;
	size_t n_files;
	struct fy_gen_file files[FY_GEN_FILES];
};

/**
 * struct fy_backend - one target
 * @name: as in ferry gen -l NAME
 * @info: one line for the help
 */
struct fy_backend {
	const char *name;
	const char *info;
	/**
	 * generate() - fills gen->files
	 *
	 * Return: FERRY_OK; FERRY_EINVAL, and gen->diag says why;
	 * FERRY_ENOMEM. After a failure nothing of the output is to be used.
	 */
	ferry_err (*generate)(struct fy_gen *gen);
};

/** fy_backends() - all there are; ends with a NULL pointer */
const struct fy_backend *const *fy_backends(void);

/** fy_backend_find() - by its name; NULL if there is none */
const struct fy_backend *fy_backend_find(const char *name);

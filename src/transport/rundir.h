/* SPDX-License-Identifier: MIT */
/*
 * The user's own folder for names without a slash: $XDG_RUNTIME_DIR/ferry, or
 * /tmp/ferry-<uid> where there is none. Nobody else may look inside, so that
 * nobody else can have made what is found there.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <ferry/err.h>

#include "core/compiler.h"

/**
 * fy_rundir_path() - the path of @name in the user's folder
 * @name: without a slash
 * @make: make the folder if there is none
 * @out:  NUL-terminated; room for @bytes
 *
 * FERRY_EADDR: too long, or a name like "..". FERRY_EACCES: the folder is
 * somebody else's or open to others. FERRY_ECONNECT: there is none, without
 * @make.
 */
FY_MUST_CHECK ferry_err fy_rundir_path(const char *name, bool make, char *out,
				       size_t bytes, struct ferry_error *why);

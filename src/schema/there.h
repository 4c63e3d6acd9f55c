/* SPDX-License-Identifier: MIT */
/* Says what is there, where what was sought is not. */
#pragma once

#include <stdbool.h>

#include <ferry/err.h>
#include <ferry/str.h>

#include "core/compiler.h"
#include "idl/model.h"
#include "idl/names.h"
#include "idl/writer.h"

/* Of a name in a message: the sentence behind it must have room too. */
#define FY_MAX_QUOTED 60

/* All zero but .list.mem is valid and empty. */
struct fy_there {
	struct fy_names names;
	struct fy_writer list;
	bool is_cut;
	ferry_err err;
};

/** fy_there_add() - takes in a name, to compare with and to list */
void fy_there_add(struct fy_there *there, const char *name);

/**
 * fy_there_fail() - that there is no @key: what may be meant, or what there is
 * @what: of which kind the names are: "procedure"
 *
 * Return: FERRY_EINVAL; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_there_fail(struct fy_there *there, const struct fy_model *model,
	      const char *what, struct ferry_str key, struct ferry_error *why);

/* SPDX-License-Identifier: MIT */
/*
 * What changed between two interface files, and whom it breaks. The rules are
 * in ferry-diff(1).
 */
#pragma once

#include <stddef.h>

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"
#include "idl/diag.h"
#include "idl/model.h"

enum fy_impact {
	FY_IMPACT_SAFE,
	FY_IMPACT_SOURCE, /* programs must be changed to compile */
	FY_IMPACT_WIRE,	  /* an old and a new program cannot talk */
	FY_N_IMPACTS,
};

/**
 * fy_diff() - compares two models
 * @diag: gets a remark for each finding, its severity the name of the impact
 * @n:    how many findings there are of each impact
 */
FY_MUST_CHECK ferry_err fy_diff(const struct fy_model *old,
				const struct fy_model *new,
				struct fy_diag *diag, size_t n[FY_N_IMPACTS]);

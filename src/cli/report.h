/* SPDX-License-Identifier: MIT */
/* Diagnostics for editors: one JSON object, its layout in ferry-check(1). */
#pragma once

#include <stdio.h>

#include "core/compiler.h"
#include "idl/diag.h"

/** fy_report_json() - writes all of @diag to @to, one line */
FY_MUST_CHECK ferry_err fy_report_json(struct fy_diag *diag, FILE *to);

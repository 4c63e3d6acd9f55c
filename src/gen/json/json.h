/* SPDX-License-Identifier: MIT */
/* The model as JSON, for back-ends outside of ferry: docs/model.md. */
#pragma once

#include "gen/gen.h"

/* What is in the member "ferry_model": it grows when a reader could err. */
#define FY_MODEL_VERSION 1

extern const struct fy_backend fy_backend_json;

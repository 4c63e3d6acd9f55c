/* SPDX-License-Identifier: MIT */
/* What marks a public function. Included by every public header. */
#pragma once

#ifdef __cplusplus
#define FERRY_DATA extern "C" __attribute__((visibility("default")))
#else
#define FERRY_DATA extern __attribute__((visibility("default")))
#endif

/* A result that is dropped is a bug: warn. */
#define FERRY_API FERRY_DATA
#define FERRY_TRY FERRY_DATA __attribute__((warn_unused_result))

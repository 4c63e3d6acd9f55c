/* SPDX-License-Identifier: MIT */
/* What marks a public function. Included by every public header. */
#pragma once

#ifdef __cplusplus
#define FERRY_C_ extern "C"
#else
#define FERRY_C_ extern
#endif

#define FERRY_DATA FERRY_C_ __attribute__((visibility("default")))
/* A result that is dropped is a bug: warn. */
#define FERRY_API FERRY_DATA
#define FERRY_TRY FERRY_DATA __attribute__((warn_unused_result))

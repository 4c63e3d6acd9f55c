/* SPDX-License-Identifier: MIT */
/* One call that a server by hand answers. */
#pragma once

#include <ferry/stub.h>

/** fy_answer_begin() - as ferry_version.serve; @ops is a struct fy_mocked */
ferry_err fy_answer_begin(struct ferry_call *call,
			  const struct ferry_procedure *procedure,
			  const void *ops, struct ferry_decoder *d);

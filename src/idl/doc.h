/* SPDX-License-Identifier: MIT */
/* Comments that document what stands beside them. */
#pragma once

#include <stddef.h>

#include "idl/preproc.h"

/**
 * fy_doc_of() - what the comments around a declaration say
 * @first: index of its first token
 * @last:  and of its last, the ';' or ',' included
 *
 * The comment that ends on the line above it, or those of a run of //, and
 * the comment behind it on its last line.
 *
 * @out: its lines without markers, each ending in \n but the last; fit to
 *       stand in a comment of any language; NULL if there is none
 *
 * Return: FERRY_OK; FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err
fy_doc_of(const struct fy_stream *stream, size_t first, size_t last,
	  struct ferry_arena *mem, const char **out);

/** fy_doc_text() - what a text says, as fy_doc_of() gives a comment's lines */
FY_MUST_CHECK ferry_err
fy_doc_text(struct ferry_str text, struct ferry_arena *mem, const char **out);

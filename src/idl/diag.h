/* SPDX-License-Identifier: MIT */
/*
 * Diagnostics: errors and warnings, collected, sorted by place, and made text
 * of at the end. Nobody prints here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/arena.h>
#include <ferry/err.h>

#include "core/compiler.h"
#include "idl/model.h"
#include "idl/warn.h"

struct fy_c_header;
struct fy_sources;

/* Where something stands. len 0: the file as a whole, if place.line is 0. */
struct fy_span {
	struct fy_place place;
	uint32_t len; /* bytes, on one line */
};

struct fy_note {
	struct fy_note *next;
	struct fy_span at;
	const char *text;
};

/* What stands in .warning of an error that is none. */
#define FY_NO_WARNING FY_N_WARNINGS

/*
 * What is neither an error nor a warning: a finding of lint or diff.
 * @severity: stands where "error" would: "advice", "wire"
 * @rule:     stands in brackets behind the text; or NULL
 */
struct fy_remark {
	const char *severity;
	const char *rule;
};

struct fy_message {
	struct fy_message *next;
	struct fy_span at;
	const struct fy_remark *remark; /* NULL: an error or a warning */
	size_t file_rank; /* files are sorted by when they were read */
	bool is_error;
	enum fy_warning warning;
	const struct fy_c_header *c_header; /* in which it is; or NULL */
	bool each;     /* shown although one of its kind was: it names another */
	size_t n_more; /* by fy_diag_sort(): warnings of this kind, not shown */
	const char *text;
	const char *hint; /* or NULL */
	struct fy_note *notes;
};

/* All zero but @mem, @sources and @levels is valid and empty. */
struct fy_diag {
	struct ferry_arena *mem;
	const struct fy_sources *sources;
	struct fy_warn_levels levels; /* to be set before the first load */
	struct fy_message *messages;
	struct fy_message **tail;
	size_t n_kept;	   /* errors */
	size_t n_warnings; /* kept, of all kinds */
	size_t n_of[FY_N_WARNINGS]; /* of each */
	size_t n_remarks;  /* kept */
	size_t n_errors;   /* kept or not */
	ferry_err err;	   /* FERRY_ENOMEM, if a message was lost */
};

/** fy_diag_init() - empty, with the default levels */
void fy_diag_init(struct fy_diag *diag, struct ferry_arena *mem,
		  const struct fy_sources *sources);

/**
 * fy_diag_error() - something is wrong at @at
 * @format: as printf(3), no full stop; cut if too long
 *
 * Return: the message, to hang notes and a hint on; NULL if it is not kept
 * (too many, or no memory), which those two accept.
 */
FY_PRINTF(3, 4) struct fy_message *
fy_diag_error(struct fy_diag *diag, const struct fy_span *at,
	      const char *format, ...);

/**
 * fy_diag_warn() - the standard does not have what stands at @at
 * @format: as printf(3), no full stop; the name of @warning follows it
 *
 * An error if the levels say so. Return: as fy_diag_error(); NULL if @warning
 * is off.
 */
FY_PRINTF(4, 5) struct fy_message *
fy_diag_warn(struct fy_diag *diag, enum fy_warning warning,
	     const struct fy_span *at, const char *format, ...);

/**
 * fy_diag_remark() - a finding about what stands at @at
 * @remark: what kind; borrowed for as long as @diag lives
 *
 * Remarks are shown with errors and warnings, and count as neither. Return: as
 * fy_diag_error().
 */
FY_PRINTF(4, 5) struct fy_message *
fy_diag_remark(struct fy_diag *diag, const struct fy_remark *remark,
	       const struct fy_span *at, const char *format, ...);

/** fy_diag_note() - points @message at a second place */
FY_PRINTF(4, 5) void
fy_diag_note(struct fy_diag *diag, struct fy_message *message,
	     const struct fy_span *at, const char *format, ...);

/**
 * fy_diag_hint() - says what to do about @message
 *
 * In a header of C that is another thing, and stays.
 */
FY_PRINTF(3, 4) void
fy_diag_hint(struct fy_diag *diag, struct fy_message *message,
	     const char *format, ...);

/**
 * fy_diag_sort() - what is to be shown, sorted by place, each thing once, and
 * of a header of C the first error alone
 * @max: how many errors at most
 * @out: pointers to messages, ends with NULL, in diag->mem
 * @n_left_out: errors beyond @max
 */
FY_MUST_CHECK ferry_err
fy_diag_sort(struct fy_diag *diag, size_t max,
	     const struct fy_message *const **out, size_t *n_left_out);

/**
 * fy_diag_text() - what fy_diag_sort() gives as one text
 * @max:    how many errors at most; the rest is counted in a last line
 * @colour: with the escape sequences of a terminal
 * @out:    NUL-terminated, in diag->mem; "" if there is nothing to show
 */
FY_MUST_CHECK ferry_err
fy_diag_text(struct fy_diag *diag, size_t max, bool colour, const char **out);

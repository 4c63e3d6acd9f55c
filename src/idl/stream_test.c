/* SPDX-License-Identifier: MIT */
#include "idl/stream_test.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/err.h"

static ferry_err
read_memory(void *ctx, const char *path, struct ferry_arena *mem,
	    struct ferry_str *out, struct ferry_error *why)
{
	struct stream_fixture *f = ctx;

	(void)mem;
	for (size_t i = 0; i < FY_ARRAY_LEN(f->files); i++) {
		if (!f->files[i].path || strcmp(f->files[i].path, path) != 0)
			continue;
		*out = ferry_str_of(f->files[i].text);
		return FERRY_OK;
	}
	/* Nothing but folders begins with a d. */
	errno = path[0] == 'd' ? EISDIR : ENOENT;
	return fy_fail_errno(why, "open %s", path);
}

int
stream_setup(void **state)
{
	struct stream_fixture *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	f->reader = (struct fy_reader){ read_memory, f };
	fy_idl_init(&f->idl, &f->mem, &f->reader);
	*state = f;
	return 0;
}

int
stream_teardown(void **state)
{
	struct stream_fixture *f = *state;

	ferry_arena_fini(&f->mem);
	free(f);
	return 0;
}

const char *
stream_view(struct stream_fixture *f, const char *text, enum fy_view view)
{
	size_t len = 1;
	char *out, *to;

	/* Each text is a file of its own under the same name. */
	f->files[0] = (struct stream_file){ "in.x", text };
	f->idl.sources = (struct fy_sources){ .first = NULL };
	f->idl.sources.tail = &f->idl.sources.first;
	assert_int_equal(fy_preproc(&f->idl, "in.x", view, &f->stream), 0);
	for (size_t i = 0; i < f->stream.tokens.n; i++)
		len += f->stream.tokens.list[i].text.len + 1;
	out = to = ferry_arena_alloc(&f->mem, len);
	assert_non_null(out);
	for (size_t i = 0; i + 1 < f->stream.tokens.n; i++) {
		struct ferry_str word = f->stream.tokens.list[i].text;

		memcpy(to, word.data, word.len);
		to += word.len;
		*to++ = ' ';
	}
	*to = '\0';
	return out;
}

const char *
stream_of(struct stream_fixture *f, const char *text)
{
	return stream_view(f, text, FY_VIEW_HDR);
}

void
stream_assert(struct stream_fixture *f, const char *text, const char *wanted)
{
	const char *tokens = stream_of(f, text);

	assert_string_equal(stream_said(f), "");
	assert_string_equal(tokens, stream_of(f, wanted));
}

const char *
stream_said(struct stream_fixture *f)
{
	struct fy_warn_levels levels = f->idl.diag.levels;
	const char *text = NULL;

	assert_int_equal(fy_diag_text(&f->idl.diag, 20, false, &text), 0);
	fy_diag_init(&f->idl.diag, &f->mem, &f->idl.sources);
	f->idl.diag.levels = levels;
	return text;
}

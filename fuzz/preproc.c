/* SPDX-License-Identifier: MIT */
/*
 * The preprocessor, from memory. The input is up to four parts with \x1e
 * between them: the file; what it finds under a name without a b in it; what
 * it finds under one with a b; and -D and -U, a line each: "+NAME=1", "-NAME".
 */
#include "target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "idl/idl.h"
#include "idl/preproc.h"

#define N_PARTS 4
#define MAX_DEFINES 8

struct input {
	struct ferry_str parts[N_PARTS];
	struct fy_define defines[MAX_DEFINES];
	size_t n_defines;
};

static ferry_err
read_memory(void *ctx, const char *path, struct ferry_arena *mem,
	    struct ferry_str *out, struct ferry_error *why)
{
	const struct input *input = ctx;
	struct ferry_str from = input->parts[strchr(path, 'b') ? 2 : 1];
	char *copy;

	if (strcmp(path, "in.x") == 0)
		from = input->parts[0];
	if (!from.data) {
		errno = path[0] == 'd' ? EISDIR : ENOENT;
		return fy_fail_errno(why, "open %s", path);
	}
	/* Of its own size, so that reading past its end is seen. */
	copy = ferry_arena_alloc(mem, from.len);
	if (!copy)
		return fy_fail_memory(why, from.len);
	if (from.len > 0)
		memcpy(copy, from.data, from.len);
	*out = (struct ferry_str){ copy, from.len };
	return FERRY_OK;
}

static void
split(struct input *input, const char *at, size_t size)
{
	const char *end = at + size;

	for (size_t i = 0; i < N_PARTS && at; i++) {
		const char *stop = memchr(at, '\x1e', (size_t)(end - at));

		if (!stop || i == N_PARTS - 1)
			stop = end;
		input->parts[i] = (struct ferry_str){
			at, (uint32_t)(stop - at)
		};
		at = stop < end ? stop + 1 : NULL;
	}
}

static void
take_defines(struct input *input, struct ferry_arena *mem)
{
	char *line = ferry_str_dup(mem, input->parts[3]);

	while (line && *line && input->n_defines < MAX_DEFINES) {
		char *stop = strchr(line, '\n');

		if (stop)
			*stop = '\0';
		if (*line)
			input->defines[input->n_defines++] = (struct fy_define){
				line + 1, *line == '-'
			};
		line = stop ? stop + 1 : NULL;
	}
}

/* Reads every byte that a parser could. */
static size_t
touch(const struct fy_stream *stream)
{
	const struct fy_tokens *tokens = &stream->tokens;
	size_t sum = 0;

	if (tokens->n == 0 || tokens->list[tokens->n - 1].kind != FY_TOKEN_END)
		abort();
	for (size_t i = 0; i < tokens->n; i++) {
		const struct fy_token *token = &tokens->list[i];

		if (token->n_comments > stream->n_comments ||
		    token->kind >= FY_TOKEN_PASS)
			abort();
		for (uint32_t j = 0; j < token->text.len; j++)
			sum += (unsigned char)token->text.data[j];
		sum += strlen(token->at.place.file);
	}
	for (const struct fy_pass *pass = stream->passes; pass;
	     pass = pass->next) {
		if (pass->before >= tokens->n ||
		    memchr(pass->token.text.data, '\0', pass->token.text.len))
			abort();
	}
	for (size_t i = 0; i < stream->n_comments; i++)
		sum += stream->comments[i].text.len;
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const dirs[] = { "d", "e" };
	struct input input = { .n_defines = 0 };
	const struct fy_reader reader = { read_memory, &input };
	struct fy_stream streams[FY_N_VIEWS];
	struct ferry_arena mem = { 0 };
	struct fy_idl idl;
	const char *text;

	split(&input, (const char *)data, size);
	take_defines(&input, &mem);
	fy_idl_init(&idl, &mem, &reader);
	idl.dirs = dirs;
	idl.n_dirs = 2;
	idl.defines = input.defines;
	idl.n_defines = input.n_defines;
	for (unsigned int i = 0; i < FY_N_VIEWS; i++) {
		if (fy_preproc(&idl, "in.x", (enum fy_view)i, &streams[i]) != 0)
			abort();
		touch(&streams[i]);
		/* What does not ask for a view does not depend on one. */
		if (!streams[0].asks_view &&
		    !fy_stream_same(&streams[0], &streams[i]))
			abort();
	}
	if (fy_diag_text(&idl.diag, 20, false, &text) != FERRY_OK ||
	    (idl.diag.n_errors > 0 && *text == '\0'))
		abort();
	ferry_arena_fini(&mem);
	return 0;
}

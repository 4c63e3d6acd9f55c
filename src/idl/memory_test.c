/* SPDX-License-Identifier: MIT */
/*
 * Each piece of memory that the front end asks for fails once: it has to say
 * so, whatever it was for, and not to leave a comment or a hint out.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/err.h"
#include "heap.h"
#include "idl/idl.h"

#define ROOM_BYTES 400000 /* more than any of the files here takes */

struct file {
	const char *path;
	const char *text;
};

static const struct file files[] = {
	{ "good.x",
	  "/* Above. */\n"
	  "%#include <foreign.h>\n"
	  "%#define PASSED (3 + 4)\n"
	  "#include \"more.x\"\n"
	  "#ifdef RPC_XDR\n"
	  "%static int only_here;\n"
	  "#endif\n"
	  "#define TWICE(x) x ## x, #x\n"
	  "namespace outer {\n"
	  "enum colour { RED = 1, /* caf\xe9 */ GREEN, BLUE = (RED + 4) };\n"
	  "}\n"
	  "const TEXT = \"text\\n\";\n"
	  "const SAME = TEXT;\n"
	  "const LATER = AFTER;\n"
	  "const AFTER = -0x10;\n"
	  "typedef struct { int a; } *hidden_pointer_is_none[2];\n"
	  "typedef opaque handle<PASSED>;\n"
	  "typedef handle handles<>;\n"
	  "[doc(\"a pair\"), other] struct pair {\n"
	  "\toutre_t far; /* a // b */\n"
	  "\tstruct { netobj id; string name<AFTER>; } inner;\n"
	  "\tpair *next;\n"
	  "};\n"
	  "/* 1 */ // 2\n"
	  "union either switch (outer::colour which) {\n"
	  "case RED: case GREEN: handles all;\n"
	  "case 9: quadruple q[ONE];\n"
	  "default: void;\n"
	  "};\n"
	  "program PROGRAM {\n"
	  "\tversion VERSION {\n"
	  "\t\tpair *GET(string<20> name, either, pair *) = 1;\n"
	  "\t\toneway PUT(unsigned) = ONE + 1;\n"
	  "\t} = 1;\n"
	  "} = 0x20000001;\n" },
	{ "more.x", "const ONE = 1;\n#define NESTED(x) (x)\n"
		    "const TWO = NESTED(ONE) + 1;\n" },
	{ "bad.x",
	  "%#define EMPTY\n"
	  "%#define LIKE(x) x\n"
	  "#include \"more.x\"\n"
	  "const ONE = 2;\n"
	  "const TEXT = \"t\";\n"
	  "const CIRCLE = CIRCLE + 1;\n"
	  "enum colour { RED = 1, BLUE = TEXT };\n"
	  "strcut missing { int a; };\n"
	  "struct misspelt { uint b; colur c; itn d; };\n"
	  "struct tagged { enum misspelt a; int a; };\n"
	  "struct self { self a; };\n"
	  "typedef round around;\n"
	  "typedef around round;\n"
	  "union u switch (colour c) {\n"
	  "case RED: int a; case 1: int a; case TWOO: int b;\n"
	  "default: void; default: void;\n"
	  "};\n"
	  "typedef int length[EMPTY], other;\n"
	  "typedef elsewhere::colour x;\n"
	  "namespace open {\n"
	  "program P { version V { void F(void) = 1; int F(int) = 1; } = V;\n"
	  "} = 0x20000001;\n"
	  "#if 1 +\n"
	  "#endif\n"
	  "struct unfinished { int a\n" },
};

static ferry_err
read_memory(void *ctx, const char *path, struct ferry_arena *mem,
	    struct ferry_str *out, struct ferry_error *why)
{
	(void)ctx;
	(void)mem;
	for (size_t i = 0; i < FY_ARRAY_LEN(files); i++) {
		if (strcmp(files[i].path, path) != 0)
			continue;
		*out = ferry_str_of(files[i].text);
		return FERRY_OK;
	}
	errno = ENOENT;
	return fy_fail_errno(why, "open %s", path);
}

/* All views, and what is said of them; the first error that is no mistake. */
static ferry_err
load(struct ferry_arena *mem, const char *path, const char **said)
{
	static const enum fy_view views[] = { FY_VIEW_XDR, FY_VIEW_HDR };
	struct fy_reader reader = { read_memory, NULL };
	ferry_err err = FERRY_OK;
	struct fy_idl idl;

	fy_idl_init(&idl, mem, &reader);
	for (size_t i = 0; i < FY_ARRAY_LEN(views) && !err; i++) {
		const struct fy_model *model;

		err = fy_idl_load(&idl, path, views[i], &model);
		if (err == FERRY_EINVAL)
			err = FERRY_OK;
	}
	return err ? err : fy_diag_text(&idl.diag, 20, false, said);
}

/*
 * With @room bytes to be had; what is asked for next is refused, once.
 * Return: whether it was.
 */
static bool
fails_within(const char *path, size_t room, uint8_t *block)
{
	struct fy_test_heap heap;
	struct ferry_arena mem;
	const char *said;
	bool failed;
	ferry_err err;

	fy_test_heap_init(&heap);
	heap.fail_at = 1;
	ferry_arena_init(&mem, &heap.hooks);
	mem.at = block;
	mem.end = block + room;
	err = load(&mem, path, &said);
	failed = atomic_load(&heap.n_asked) > 0;
	ferry_arena_fini(&mem);
	assert_int_equal(atomic_load(&heap.n_live), 0);
	if (failed && err != FERRY_ENOMEM)
		fail_msg("%s: nothing is said of the memory that is missing "
			 "behind %zu bytes (%d)", path, room, err);
	return failed;
}

static void
sweep(const char *path)
{
	uint8_t *block = aligned_alloc(16, ROOM_BYTES);
	size_t room = 0;

	assert_non_null(block);
	while (room < ROOM_BYTES && fails_within(path, room, block))
		room += 16;
	free(block);
	assert_in_range(room, 10000, ROOM_BYTES - 16);
}

static void
each_piece_of_memory_for_a_good_file_may_be_missing(void **state)
{
	(void)state;
	sweep("good.x");
}

static void
each_piece_of_memory_for_a_bad_file_may_be_missing(void **state)
{
	(void)state;
	sweep("bad.x");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			each_piece_of_memory_for_a_good_file_may_be_missing),
		cmocka_unit_test(
			each_piece_of_memory_for_a_bad_file_may_be_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "schema/about.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "idl/idl.h"
#include "schema/summary.h"

#define DIRECTORY                                                              \
	"const MAX = 0x10;\n"                                                  \
	"const TITLE = \"list\";\n"                                            \
	"/* How to find it. */\n"                                              \
	"enum way { BY_NAME = 1, BY_NUMBER = -2 };\n"                          \
	"struct entry { int id; string name<MAX>; };\n"                        \
	"program DIR {\n"                                                      \
	"	version DIR_V1 { void LIST(entry) = 1; } = 1;\n"               \
	"	version DIR_V2 {\n"                                            \
	"		/* All of them. */\n"                                  \
	"		entry LIST(way, entry) = 1;\n"                         \
	"		void OTHER(void) = 2; } = 2;\n"                        \
	"} = 0x20000001;\n"                                                    \
	"program FILES {\n"                                                    \
	"	version FILES_V1 { void OTHER(void) = 1; } = 1;\n"             \
	"} = 0x20000002;\n"

struct fixture {
	struct ferry_arena mem;
	struct fy_idl idl;
	const struct fy_model *model;
	struct fy_about about;
	struct ferry_error why;
};

static ferry_err
read_text(void *ctx, const char *path, struct ferry_arena *mem,
	  struct ferry_str *out, struct ferry_error *why)
{
	(void)path;
	(void)mem;
	(void)why;
	*out = ferry_str_of(ctx);
	return FERRY_OK;
}

static void
load(struct fixture *f, const char *text)
{
	const struct fy_reader reader = { read_text, (void *)(uintptr_t)text };

	memset(f, 0, sizeof(*f));
	fy_idl_init(&f->idl, &f->mem, &reader);
	assert_int_equal(fy_idl_load(&f->idl, "dir.x", FY_VIEW_HDR, &f->model),
			 FERRY_OK);
}

/* Of DIRECTORY; the caller ends the arena. */
static void
about(struct fixture *f, const char *name)
{
	load(f, DIRECTORY);
	assert_int_equal(fy_about(f->model, name, &f->mem, &f->about, &f->why),
			 FERRY_OK);
}

static void
is_number(const char *name, const char *kind, int64_t number,
	  const char *declaration)
{
	struct fixture f;

	about(&f, name);
	assert_string_equal(f.about.kind, kind);
	assert_string_equal(f.about.name, name);
	assert_true(f.about.has_number);
	assert_true(f.about.number == number);
	assert_string_equal(f.about.declaration, declaration);
	ferry_arena_fini(&f.mem);
}

static void
every_name_has_its_kind_and_number(void **state)
{
	(void)state;
	is_number("MAX", "constant", 16, "const MAX = 0x10;\n");
	is_number("BY_NUMBER", "enumerator", -2, "BY_NUMBER = -2\n");
	is_number("FILES", "program", 0x20000002,
		  "program FILES {\n\tversion FILES_V1 {\n"
		  "\t\tvoid OTHER(void) = 1;\n\t} = 1;\n} = 0x20000002;\n");
	is_number("FILES_V1", "version", 1,
		  "version FILES_V1 {\n\tvoid OTHER(void) = 1;\n} = 1;\n");
	is_number("LIST", "procedure", 1, "entry LIST(way, entry) = 1;\n");
}

static void
a_text_and_a_type_have_no_number(void **state)
{
	struct fixture f;

	(void)state;
	about(&f, "TITLE");
	assert_false(f.about.has_number);
	assert_string_equal(f.about.declaration, "const TITLE = \"list\";\n");
	ferry_arena_fini(&f.mem);
	about(&f, "ENTRY");
	assert_false(f.about.has_number);
	assert_string_equal(f.about.kind, "struct");
	assert_string_equal(f.about.name, "entry");
	assert_int_equal(f.about.place.line, 5);
	assert_int_equal(f.about.wire.min, 8);
	assert_int_equal(f.about.wire.max, 24);
	ferry_arena_fini(&f.mem);
}

static void
a_procedure_tells_its_arguments_and_its_result(void **state)
{
	struct fixture f;

	(void)state;
	about(&f, "DIR_V2.LIST");
	assert_string_equal(f.about.doc, "All of them.");
	assert_string_equal(f.about.program->name, "DIR");
	assert_string_equal(f.about.version->name, "DIR_V2");
	assert_int_equal(f.about.wire.min, 12);
	assert_int_equal(f.about.wire.max, 28);
	assert_int_equal(f.about.result.min, 8);
	assert_int_equal(f.about.result.max, 24);
	ferry_arena_fini(&f.mem);
}

static void
refused(const char *name, const char *wanted)
{
	struct fixture f;

	load(&f, DIRECTORY);
	assert_int_equal(fy_about(f.model, name, &f.mem, &f.about, &f.why),
			 FERRY_EINVAL);
	assert_null(f.about.kind);
	assert_string_equal(f.why.text, wanted);
	ferry_arena_fini(&f.mem);
}

static void
what_is_not_there_is_said_with_what_is(void **state)
{
	(void)state;
	refused("MIX", "dir.x has no name 'MIX': did you mean 'MAX'?");
	refused("NUMBER", "dir.x has no name 'NUMBER': did you mean "
			  "'BY_NUMBER'?");
	refused("DIR_V1.OTHER", "dir.x has no procedure 'OTHER': it has LIST");
	refused("OTHER", "'OTHER' may be DIR.DIR_V2.OTHER or "
			 "FILES.FILES_V1.OTHER: say which");
}

static void
wire_is(uint64_t min, uint64_t max, const char *wanted)
{
	struct ferry_arena mem = { 0 };
	const char *text;

	assert_int_equal(fy_about_wire((struct fy_wire){ min, max }, &mem,
				       &text),
			 FERRY_OK);
	assert_string_equal(text, wanted);
	ferry_arena_fini(&mem);
}

static void
bytes_are_said_as_people_say_them(void **state)
{
	(void)state;
	wire_is(0, 0, "nothing");
	wire_is(4, 4, "4 bytes");
	wire_is(0, 4, "0 to 4 bytes");
	wire_is(8, FY_WIRE_UNBOUNDED, "at least 8 bytes");
}

static void
the_summary_has_programs_then_constants_then_types(void **state)
{
	struct fixture f;
	const char *text;

	(void)state;
	load(&f, DIRECTORY);
	assert_int_equal(fy_summary_text(f.model, &f.mem, &text), FERRY_OK);
	assert_string_equal(
		text, "program DIR = 0x20000001 (536870913)\n"
		      "    version DIR_V1 = 1\n"
		      "        void LIST(entry) = 1;\n"
		      "    version DIR_V2 = 2\n"
		      "        entry LIST(way, entry) = 1;\n"
		      "        void OTHER(void) = 2;\n"
		      "program FILES = 0x20000002 (536870914)\n"
		      "    version FILES_V1 = 1\n"
		      "        void OTHER(void) = 1;\n"
		      "\n"
		      "const MAX = 0x10\n"
		      "const TITLE = \"list\"\n"
		      "\n"
		      "enum way: 4 bytes\n"
		      "struct entry: 8 to 24 bytes\n");
	ferry_arena_fini(&f.mem);
	load(&f, "");
	assert_int_equal(fy_summary_text(f.model, &f.mem, &text), FERRY_OK);
	assert_string_equal(text, "");
	ferry_arena_fini(&f.mem);
}

static void
names_to_complete_are_such_as_can_be_called(void **state)
{
	struct fixture f;
	const char *text;

	(void)state;
	load(&f, DIRECTORY);
	assert_int_equal(fy_summary_names(f.model, false, &f.mem, &text),
			 FERRY_OK);
	assert_string_equal(text, "LIST\nDIR.OTHER\nFILES.OTHER\n");
	assert_int_equal(fy_summary_names(f.model, true, &f.mem, &text),
			 FERRY_OK);
	assert_string_equal(text, "way\nentry\n");
	ferry_arena_fini(&f.mem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_has_its_kind_and_number),
		cmocka_unit_test(a_text_and_a_type_have_no_number),
		cmocka_unit_test(
			a_procedure_tells_its_arguments_and_its_result),
		cmocka_unit_test(what_is_not_there_is_said_with_what_is),
		cmocka_unit_test(bytes_are_said_as_people_say_them),
		cmocka_unit_test(
			the_summary_has_programs_then_constants_then_types),
		cmocka_unit_test(names_to_complete_are_such_as_can_be_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

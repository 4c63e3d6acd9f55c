/* SPDX-License-Identifier: MIT */
#include "schema/find.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/err.h"
#include "idl/idl.h"
#include "schema/declare.h"

#define DIRECTORY                                                              \
	"struct entry { int id; };\n"                                          \
	"typedef entry listing<>;\n"                                           \
	"program DIR {\n"                                                      \
	"	version DIR_V1 { listing LIST(entry) = 1;\n"                   \
	"		void OLD(void) = 2; } = 1;\n"                          \
	"	version DIR_V3 { void PING(void) = 0;\n"                       \
	"		listing LIST(void) = 1; int NEW(void) = 5; } = 3;\n"   \
	"	version DIR_V2 { listing LIST(int) = 1; } = 2;\n"              \
	"} = 0x20000001;\n"
#define FILES                                                                  \
	"program FILES {\n"                                                    \
	"	version FILES_V1 { void READ(void) = 1; void read(void) = 2;\n"\
	"		int List(void) = 3; } = 1;\n"                          \
	"} = 0x20000002;\n"

static ferry_err
read_text(void *ctx, const char *path, struct ferry_arena *mem,
	  struct ferry_str *out, struct ferry_error *why)
{
	(void)mem;
	if (strcmp(path, "dir.x") != 0) {
		errno = ENOENT;
		return fy_fail_errno(why, "open %s", path);
	}
	*out = ferry_str_of(ctx);
	return FERRY_OK;
}

struct fixture {
	struct ferry_arena mem;
	struct fy_idl idl;
	const struct fy_model *model;
	struct fy_found found;
	struct ferry_error why;
};

static void
load(struct fixture *f, const char *text)
{
	const struct fy_reader reader = { read_text, (void *)(uintptr_t)text };
	const char *said;

	memset(f, 0, sizeof(*f));
	fy_idl_init(&f->idl, &f->mem, &reader);
	if (fy_idl_load(&f->idl, "dir.x", FY_VIEW_HDR, &f->model)) {
		assert_int_equal(fy_diag_text(&f->idl.diag, 20, false, &said),
				 FERRY_OK);
		fail_msg("%s", said);
	}
}

/* That @name means "PROGRAM.VERSION.PROCEDURE". */
static void
means(const char *text, const char *name, const char *wanted)
{
	struct fixture f;
	char got[200];

	load(&f, text);
	assert_int_equal(fy_schema_procedure(f.model, name, &f.mem, &f.found,
					     &f.why),
			 FERRY_OK);
	snprintf(got, sizeof(got), "%s.%s.%s", f.found.program->name,
		 f.found.version->name, f.found.procedure->name);
	assert_string_equal(got, wanted);
	ferry_arena_fini(&f.mem);
}

static void
refused(const char *text, const char *name, const char *wanted)
{
	struct fixture f;

	load(&f, text);
	assert_int_equal(fy_schema_procedure(f.model, name, &f.mem, &f.found,
					     &f.why),
			 FERRY_EINVAL);
	assert_null(f.found.procedure);
	assert_string_equal(f.why.text, wanted);
	ferry_arena_fini(&f.mem);
}

static void
type_is(const char *text, const char *name, const char *wanted)
{
	struct fixture f;
	const struct fy_type *type = NULL;

	load(&f, text);
	if (fy_schema_type(f.model, name, &f.mem, &type, &f.why))
		assert_string_equal(f.why.text, wanted);
	else
		assert_string_equal(type->name, wanted);
	ferry_arena_fini(&f.mem);
}

static void
the_highest_version_is_meant(void **state)
{
	(void)state;
	means(DIRECTORY, "LIST", "DIR.DIR_V3.LIST");
	means(DIRECTORY, "DIR.LIST", "DIR.DIR_V3.LIST");
	means(DIRECTORY, "OLD", "DIR.DIR_V1.OLD");
}

static void
a_version_is_said_by_name_or_number(void **state)
{
	(void)state;
	means(DIRECTORY, "DIR_V1.LIST", "DIR.DIR_V1.LIST");
	means(DIRECTORY, "DIR.DIR_V2.LIST", "DIR.DIR_V2.LIST");
	means(DIRECTORY, "2.LIST", "DIR.DIR_V2.LIST");
	means(DIRECTORY, "DIR.2.LIST", "DIR.DIR_V2.LIST");
	means(DIRECTORY, "0x20000001.1.0x1", "DIR.DIR_V1.LIST");
}

static void
a_procedure_is_said_by_number(void **state)
{
	(void)state;
	means(DIRECTORY, "5", "DIR.DIR_V3.NEW");
	means(DIRECTORY, "1.2", "DIR.DIR_V1.OLD");
	means(DIRECTORY FILES, "FILES.1", "FILES.FILES_V1.READ");
}

static void
number_0_is_in_every_version(void **state)
{
	(void)state;
	means(DIRECTORY, "0", "DIR.DIR_V3.PING");
	means(DIRECTORY, "1.0", "DIR.DIR_V1.NULL");
	means(DIRECTORY FILES, "FILES.0", "FILES.FILES_V1.NULL");
}

static void
number_0_has_neither_arguments_nor_a_result(void **state)
{
	struct fixture f;
	const char *text;

	(void)state;
	load(&f, DIRECTORY);
	assert_int_equal(fy_schema_procedure(f.model, "1.0", &f.mem, &f.found,
					     NULL),
			 FERRY_OK);
	assert_int_equal(f.found.procedure->n_args, 0);
	assert_int_equal(fy_declare_procedure(f.found.procedure, &f.mem,
					      &text),
			 FERRY_OK);
	assert_string_equal(text, "void NULL(void) = 0;");
	ferry_arena_fini(&f.mem);
}

static void
letters_may_be_of_the_other_case_if_one_alone_fits(void **state)
{
	(void)state;
	means(DIRECTORY, "list", "DIR.DIR_V3.LIST");
	means(DIRECTORY, "dir.Dir_v1.liSt", "DIR.DIR_V1.LIST");
	means(FILES, "READ", "FILES.FILES_V1.READ");
	means(FILES, "read", "FILES.FILES_V1.read");
	refused(FILES, "Read",
		"'Read' may be FILES.FILES_V1.READ or FILES.FILES_V1.read: "
		"say which");
}

static void
a_name_of_two_programs_is_ambiguous(void **state)
{
	(void)state;
	means(DIRECTORY FILES, "List", "FILES.FILES_V1.List");
	refused(DIRECTORY FILES, "list",
		"'list' may be DIR.DIR_V3.LIST or FILES.FILES_V1.List: "
		"say which");
	refused(DIRECTORY FILES, "0",
		"'0' may be DIR.DIR_V3.PING or FILES.FILES_V1.NULL: "
		"say which");
}

static void
what_is_not_there_is_said_with_what_is(void **state)
{
	(void)state;
	refused(DIRECTORY, "LSIT", "dir.x has no procedure 'LSIT': did you "
				   "mean 'LIST'?");
	refused(DIRECTORY, "WHAT", "dir.x has no procedure 'WHAT': it has "
				   "LIST, OLD, PING, NEW");
	refused(DIRECTORY, "LISTT", "dir.x has no procedure 'LISTT': did you "
				    "mean 'LIST'?");
	refused(DIRECTORY, "DIR_V1.NEW", "dir.x has no procedure 'NEW': it has "
					 "LIST, OLD");
	refused(DIRECTORY, "DIR_1.LIST", "dir.x has no program or version "
					 "'DIR_1': did you mean 'DIR_V1'?");
	refused(DIRECTORY, "7.LIST", "dir.x has no program or version '7': it "
				     "has DIR, DIR_V1, DIR_V3, DIR_V2");
	refused(DIRECTORY, "77", "dir.x has no procedure '77': it has LIST, "
				 "OLD, PING, NEW");
	refused("const A = 1;", "A",
		"dir.x has no program or version at all");
}

#define PREFIXED                                                               \
	"struct dir_entry { int a; }; struct file_entry { int a; };\n"          \
	"program P { version V { void PROC_LOOKUP(void) = 1;\n"                \
	"	void PROC_READ(void) = 2; void PROC_DIR_READ(void) = 3;\n"      \
	"	void A_READ_DIR(void) = 4; void B_READ_DIR(void) = 5;\n"        \
	"	void C_READ_DIR(void) = 6; } = 1; } = 1;"

static void
the_last_word_of_a_name_finds_what_was_meant(void **state)
{
	struct fixture f;
	const struct fy_type *type;

	(void)state;
	refused(PREFIXED, "lookup", "dir.x has no procedure 'lookup': did you "
				    "mean 'PROC_LOOKUP'?");
	refused(PREFIXED, "V.LOOKUP", "dir.x has no procedure 'LOOKUP': did "
				      "you mean 'PROC_LOOKUP'?");
	refused(PREFIXED, "READ", "dir.x has no procedure 'READ': did you "
				  "mean 'PROC_DIR_READ' or "
				  "'PROC_READ'?");
	refused(PREFIXED, "DIR", "dir.x has no procedure 'DIR': it has "
				 "PROC_LOOKUP, PROC_READ, PROC_DIR_READ, "
				 "A_READ_DIR, B_READ_DIR, C_READ_DIR");
	refused(PREFIXED, "OOKUP", "dir.x has no procedure 'OOKUP': it has "
				   "PROC_LOOKUP, PROC_READ, PROC_DIR_READ, "
				   "A_READ_DIR, B_READ_DIR, C_READ_DIR");
	load(&f, PREFIXED);
	assert_int_equal(fy_schema_type(f.model, "ENTRY", &f.mem, &type,
					&f.why),
			 FERRY_EINVAL);
	assert_string_equal(f.why.text, "dir.x has no type 'ENTRY': did you "
					"mean 'dir_entry' or 'file_entry'?");
	ferry_arena_fini(&f.mem);
}

static void
what_cannot_be_a_name_is_refused(void **state)
{
	static const char *const names[] = {
		"", ".", "a.", ".a", "a..b", "a.b.c.d", "1x", "99999999999",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct fixture f;

		load(&f, DIRECTORY);
		assert_int_equal(fy_schema_procedure(f.model, names[i], &f.mem,
						     &f.found, &f.why),
				 FERRY_EINVAL);
		assert_non_null(strstr(f.why.text, "names no procedure"));
		ferry_arena_fini(&f.mem);
	}
}

static void
long_names_leave_room_for_the_sentence(void **state)
{
	char text[5000];
	char name[2001];
	struct fixture f;

	(void)state;
	memset(name, 'x', 2000);
	name[2000] = '\0';
	snprintf(text, sizeof(text), "program P { version V { void %s(void) "
				     "= 1; } = 1; } = 1;", name);
	load(&f, text);
	name[1000] = 'y';
	assert_int_equal(fy_schema_procedure(f.model, name, &f.mem, &f.found,
					     &f.why),
			 FERRY_EINVAL);
	assert_non_null(strstr(f.why.text, "': it has ..."));
	ferry_arena_fini(&f.mem);
}

static void
types_are_found_alike(void **state)
{
	(void)state;
	type_is(DIRECTORY, "entry", "entry");
	type_is(DIRECTORY, "LISTING", "listing");
	type_is(DIRECTORY, "entri", "dir.x has no type 'entri': did you mean "
				    "'entry'?");
	type_is(DIRECTORY, "DIR", "dir.x has no type 'DIR': it has entry, "
				  "listing");
	type_is("typedef int A; typedef int a;", "A", "A");
	type_is("typedef int Ab; typedef int aB;", "ab",
		"'ab' may be Ab or aB: say which");
	type_is("const A = 1;", "b", "dir.x has no type at all");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_highest_version_is_meant),
		cmocka_unit_test(a_version_is_said_by_name_or_number),
		cmocka_unit_test(a_procedure_is_said_by_number),
		cmocka_unit_test(number_0_is_in_every_version),
		cmocka_unit_test(number_0_has_neither_arguments_nor_a_result),
		cmocka_unit_test(
			letters_may_be_of_the_other_case_if_one_alone_fits),
		cmocka_unit_test(a_name_of_two_programs_is_ambiguous),
		cmocka_unit_test(what_is_not_there_is_said_with_what_is),
		cmocka_unit_test(the_last_word_of_a_name_finds_what_was_meant),
		cmocka_unit_test(what_cannot_be_a_name_is_refused),
		cmocka_unit_test(long_names_leave_room_for_the_sentence),
		cmocka_unit_test(types_are_found_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

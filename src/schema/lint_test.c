/* SPDX-License-Identifier: MIT */
#include "schema/lint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "idl/idl.h"

static ferry_err
read_text(void *ctx, const char *path, struct ferry_arena *mem,
	  struct ferry_str *out, struct ferry_error *why)
{
	(void)mem;
	(void)why;
	*out = ferry_str_of(strcmp(path, "in.x") == 0
				    ? (const char *)ctx
				    : "enum other { class, self = 0 };");
	return FERRY_OK;
}

/* What @rule alone finds, "1:5 2:3". */
static void
finds(const char *rule, const char *text, const char *wanted)
{
	const struct fy_reader reader = { read_text, (void *)(uintptr_t)text };
	const struct fy_message *const *list;
	bool on[FY_N_LINT_RULES] = { false };
	const struct fy_model *model = NULL;
	struct ferry_arena mem = { 0 };
	struct fy_diag diag;
	struct fy_idl idl;
	char got[200] = "";
	size_t left_out;

	fy_idl_init(&idl, &mem, &reader);
	fy_diag_init(&diag, &mem, &idl.sources);
	assert_int_equal(fy_idl_load(&idl, "in.x", FY_VIEW_HDR, &model),
			 FERRY_OK);
	assert_int_not_equal(fy_lint_find(rule), FY_N_LINT_RULES);
	on[fy_lint_find(rule)] = true;
	assert_int_equal(fy_lint(model, "in.x", on, &diag), FERRY_OK);
	assert_int_equal(fy_diag_sort(&diag, 20, &list, &left_out), FERRY_OK);
	for (; *list; list++) {
		assert_string_equal((*list)->remark->rule, rule);
		snprintf(got + strlen(got), sizeof(got) - strlen(got),
			 "%s%u:%u", *got ? " " : "",
			 (*list)->at.place.line, (*list)->at.place.column);
	}
	if (strcmp(got, wanted) != 0)
		fail_msg("%s: %s gives '%s', not '%s'", rule, text, got,
			 wanted);
	ferry_arena_fini(&mem);
}

#define PROGRAM(procedures, number)                                            \
	"program P { version V { " procedures " } = 1; } = " number ";"

static void
each_rule_finds_what_it_is_for(void **state)
{
	(void)state;
	finds("unbounded", "struct s { string a<>; };\n"
	      PROGRAM("void F(s) = 1;", "1"), "1:12");
	finds("unbounded", "struct s { string a<>; };\n"
	      PROGRAM("s F(int) = 1;", "1"), "");
	finds("large-message", "typedef opaque s<2000000>;\n"
	      PROGRAM("void F(s) = 1;", "1"), "2:30");
	finds("program-number", PROGRAM("void F(void) = 1;", "0x40000000"),
	      "1:9");
	finds("program-number", PROGRAM("void F(void) = 1;", "0x60000000"),
	      "1:9");
	finds("program-number", PROGRAM("void F(void) = 1;", "0x3fffffff"),
	      "");
	finds("keyword", "struct s { int class; int klass; };", "1:16");
	finds("keyword", "enum e { None };", "1:10");
	finds("name-case", "enum k { A, B, C, D, e };", "1:22");
	finds("name-case", "enum e { A, B, c };", "");
	finds("enum-duplicate", "enum e { A = 2, B = 1, C = 2 };", "1:24");
	finds("recursion", "struct t { t *l; t *r; };", "1:8");
	finds("recursion", "struct t { int a; t *next; };", "");
	finds("recursion", "struct t { int a; t *next; };\n"
			   "struct u { t *all; u *next; };", "");
	finds("recursion", "struct t { u *all; t *next; };\n"
			   "struct u { t *up; u *next; };", "1:8 2:8");
	finds("enum-zero", "enum e { A = 1 };", "1:6");
	finds("enum-gap", "enum e { A = 1, B = 3 };", "1:17");
	finds("enum-gap", "enum e { B = 2147483647, A = -2147483648 };",
	      "1:10");
	finds("no-default", "union u switch (int a) { case 1: void; };",
	      "1:7");
	finds("no-default", "union u switch (bool a) { case TRUE: void; };",
	      "");
	finds("null-procedure", PROGRAM("void F(void) = 1;", "1"), "1:21");
	finds("null-procedure", PROGRAM("void F(void) = 0;", "1"), "");
	finds("undocumented", "struct s { int a; };", "1:8");
	finds("undocumented", "/* What. */\nstruct s { int a; };", "");
}

static void
a_comment_allows_what_stands_there(void **state)
{
	(void)state;
	finds("keyword", "struct s {\nint class; // ferry-lint: allow keyword\n"
			 "int self; };", "");
	finds("keyword", "struct s {\nint class;\n"
			 "// ferry-lint: allow keyword\nint self; };", "2:5");
	finds("keyword", "struct s {\n/* ferry-lint: allow enum-zero, keyword "
			 "*/\nint self; };", "");
	finds("keyword", "struct s {\n/* ferry-lint: allow enum-zero */\n"
			 "int self; };", "3:5");
	finds("keyword", "struct s {\n/* ferry-lint: allow keywords */\n"
			 "int self; };", "3:5");
}

static void
what_is_included_is_somebody_elses(void **state)
{
	(void)state;
	finds("keyword", "#include \"other.x\"\nstruct s { int in; };", "2:16");
	finds("enum-duplicate", "#include \"other.x\"\n", "");
}

static void
rules_have_names(void **state)
{
	(void)state;
	assert_int_equal(fy_lint_find("nope"), FY_N_LINT_RULES);
	for (unsigned int i = 0; i < FY_N_LINT_RULES; i++) {
		enum fy_lint_rule rule = (enum fy_lint_rule)i;

		assert_int_equal(fy_lint_find(fy_lint_kind(rule)->name), rule);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_finds_what_it_is_for),
		cmocka_unit_test(a_comment_allows_what_stands_there),
		cmocka_unit_test(what_is_included_is_somebody_elses),
		cmocka_unit_test(rules_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

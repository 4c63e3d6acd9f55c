/* SPDX-License-Identifier: MIT */
#include "schema/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "idl/idl.h"

/* A program whose one procedure takes a t. */
#define USES_T "program P { version V { void F(t) = 1; } = 1; } = 1;"
/* And one that uses nothing. */
#define USES_NOTHING "program P { version V { void F(void) = 1; } = 1; } = 1;"

struct texts {
	const char *old;
	const char *new;
};

static ferry_err
read_text(void *ctx, const char *path, struct ferry_arena *mem,
	  struct ferry_str *out, struct ferry_error *why)
{
	const struct texts *texts = ctx;

	(void)mem;
	(void)why;
	*out = ferry_str_of(strcmp(path, "old.x") == 0 ? texts->old
						       : texts->new);
	return FERRY_OK;
}

static const struct fy_model *
load(struct fy_idl *idl, const char *path)
{
	const struct fy_model *model = NULL;
	const char *said = "";

	if (fy_idl_load(idl, path, FY_VIEW_HDR, &model) != FERRY_OK) {
		assert_int_equal(fy_diag_text(&idl->diag, 20, false, &said),
				 FERRY_OK);
		fail_msg("%s", said);
	}
	return model;
}

/* What is found, "wire field-added; safe type-added", sorted by place. */
static char *
found(const struct texts *texts)
{
	const struct fy_reader reader = { read_text, (void *)(uintptr_t)texts };
	const struct fy_message *const *list;
	const struct fy_model *new;
	struct ferry_arena mem = { 0 };
	size_t n[FY_N_IMPACTS] = { 0 };
	struct fy_diag diag;
	struct fy_idl idl;
	size_t left_out;
	char *all = calloc(1, 4000);

	fy_idl_init(&idl, &mem, &reader);
	fy_diag_init(&diag, &mem, &idl.sources);
	new = load(&idl, "new.x"); /* read first, shown first */
	assert_int_equal(fy_diff(load(&idl, "old.x"), new, &diag, n),
			 FERRY_OK);
	assert_int_equal(fy_diag_sort(&diag, SIZE_MAX, &list, &left_out),
			 FERRY_OK);
	for (; *list; list++)
		snprintf(all + strlen(all), 4000 - strlen(all), "%s%s %s",
			 *all ? "; " : "", (*list)->remark->severity,
			 (*list)->remark->rule);
	ferry_arena_fini(&mem);
	return all;
}

struct rule {
	const char *old;
	const char *new;
	const char *wanted;
};

/* Each rule both as it is used by a procedure and as it is not. */
static const struct rule type_rules[] = {
	/* structs */
	{ "struct t { int a; };", "struct t { int a; int b; };",
	  "wire field-added" },
	{ "struct t { int a; int b; };", "struct t { int b; };",
	  "wire field-removed" },
	{ "struct t { int a; int b; };", "struct t { int a; };",
	  "wire field-removed" },
	{ "struct t { int a; int b; };", "struct t { int b; int a; };",
	  "wire field-moved" },
	{ "struct t { int a; hyper b; int c; };",
	  "struct t { int c; int a; int d; };",
	  "wire field-moved; wire field-added; wire field-removed" },
	{ "struct t { int a; int b; };", "struct t { int x; int b; };",
	  "source field-name" },
	{ "struct t { int a; int b; };", "struct t { hyper x; int b; };",
	  "wire field-replaced" },
	{ "struct t { int a; };", "struct t { void; int a; };", "" },
	/* kinds */
	{ "struct t { int a; };", "struct t { unsigned int a; };",
	  "wire type" },
	{ "struct t { int a; };", "struct t { hyper a; };", "wire type" },
	{ "struct t { char a; };", "struct t { int a; };", "wire type" },
	{ "struct t { int a; };", "struct t { short a; };", "wire type" },
	{ "struct t { int a; };", "struct t { float a; };", "wire type" },
	{ "struct t { hyper a; };", "struct t { double a; };", "wire type" },
	{ "struct t { int a; };", "struct t { enum { A } a; };", "wire type" },
	{ "struct t { bool a; };", "struct t { enum { N, Y } a; };",
	  "source retyped" },
	{ "struct t { enum { Y = 1, N = 0 } a; };", "struct t { bool a; };",
	  "source retyped" },
	{ "struct t { bool a; };", "struct t { enum { N, Y, Z } a; };",
	  "wire type" },
	{ "struct t { string a<9>; };", "struct t { opaque a<9>; };",
	  "source retyped" },
	{ "struct t { int *a; };", "struct t { int a<1>; };",
	  "source retyped" },
	{ "union o switch (bool b) { case TRUE: int v; case FALSE: void; };"
	  "struct t { o a; };",
	  "union o switch (bool b) { case TRUE: int v; case FALSE: void; };"
	  "struct t { int *a; };", "source retyped" },
	{ "union t switch (bool k) { case TRUE: int a; case FALSE: void; };",
	  "union t switch (bool k) { case TRUE: int a; default: void; };",
	  "safe default-added; source case-moved" },
	{ "enum e { A, B }; union t switch (e k) { case A: case B: void; };",
	  "enum e { A, B }; union t switch (e k) { case A: case B: void; "
	  "default: int v; };", "safe default-added" },
	{ "enum e { A, B }; union t switch (e k) { case A: case B: void; "
	  "default: int v; };",
	  "enum e { A, B }; union t switch (e k) { case A: case B: void; };",
	  "source default-removed" },
	{ "enum e { A, B }; union t switch (e k) { case A: void; };",
	  "enum e { A, B }; union t switch (e k) { case A: void; "
	  "default: int v; };", "wire default-added" },
	{ "union o switch (bool b) { case TRUE: int v; case FALSE: int w; };"
	  "struct t { o a; };",
	  "union o switch (bool b) { case TRUE: int v; case FALSE: int w; };"
	  "struct t { int *a; };", "wire type" },
	{ "struct t { int *a; };", "struct t { int a<2>; };",
	  "source retyped; wire bound-grown" },
	{ "struct t { opaque a[4]; };", "struct t { opaque a<4>; };",
	  "wire type" },
	{ "struct t { opaque a[4]; };", "struct t { int a; };", "wire type" },
	{ "struct t { int a[4]; };", "struct t { int a<4>; };", "wire type" },
	/* bounds */
	{ "struct t { string a<9>; };", "struct t { string a<10>; };",
	  "wire bound-grown" },
	{ "struct t { string a<9>; };", "struct t { string a<8>; };",
	  "wire bound-shrunk" },
	{ "struct t { int a<9>; };", "struct t { int a<>; };",
	  "wire bound-grown" },
	{ "struct t { int a<>; };", "struct t { int a<9>; };",
	  "wire bound-shrunk" },
	{ "struct t { int a[9]; };", "struct t { int a[8]; };",
	  "wire length" },
	{ "struct t { opaque a[9]; };", "struct t { opaque a[10]; };",
	  "wire length" },
	{ "struct t { int a<4294967295>; };", "struct t { int a<>; };", "" },
	{ "typedef int t<9>;", "typedef int t<10>;", "wire bound-grown" },
	/* enums */
	{ "enum t { A, B };", "enum t { A, B, C };",
	  "wire enumerator-added" },
	{ "enum t { A, B, C };", "enum t { A, B };",
	  "wire enumerator-removed" },
	{ "enum t { A, B };", "enum t { A, B = 2 };",
	  "wire enumerator-value" },
	{ "enum t { A, B };", "enum t { A, C };", "source enumerator-name" },
	{ "enum t { A, B };", "enum t { B = 1, A = 0 };", "" },
	{ "enum t { A };", "enum t { A, B = 0 };", "safe enumerator-added" },
	{ "enum t { A, B = 0 };", "enum t { A };",
	  "source enumerator-removed" },
	/* unions */
	{ "union t switch (int d) { case 1: int a; };",
	  "union t switch (int d) { case 1: int a; case 2: void; };",
	  "wire case-added" },
	{ "union t switch (int d) { case 1: int a; case 2: void; };",
	  "union t switch (int d) { case 1: int a; };", "wire case-removed" },
	{ "union t switch (int d) { case 1: int a; default: void; };",
	  "union t switch (int d) { case 1: int a; case 2: void; "
	  "default: void; };", "source case-moved" },
	{ "union t switch (int d) { case 1: int a; default: void; };",
	  "union t switch (int d) { case 1: int a; case 2: int b; "
	  "default: void; };", "wire case-moved" },
	{ "union t switch (int d) { case 1: int a; case 2: int b; "
	  "default: void; };",
	  "union t switch (int d) { case 1: int a; default: void; };",
	  "wire case-moved" },
	{ "union t switch (int d) { case 1: int a; };",
	  "union t switch (int d) { case 1: int a; default: void; };",
	  "wire default-added" },
	{ "union t switch (int d) { case 1: int a; default: void; };",
	  "union t switch (int d) { case 1: int a; };",
	  "wire default-removed" },
	{ "union t switch (int d) { case 1: int a; };",
	  "union t switch (int d) { case 1: hyper a; };", "wire type" },
	{ "union t switch (int d) { case 1: int a; };",
	  "union t switch (int d) { case 1: int b; };", "source arm-name" },
	{ "union t switch (int d) { case 1: int a; };",
	  "union t switch (int e) { case 1: int a; };",
	  "source discriminant-name" },
	{ "union t switch (int d) { case 1: int a; };",
	  "union t switch (unsigned d) { case 1: int a; };", "wire type" },
	{ "union t switch (int d) { case 1: case 2: int a; };",
	  "union t switch (int d) { case 2: int a; case 1: int b; };",
	  "source arm-name" },
	/* names of types */
	{ "typedef int u; struct t { u a; };",
	  "typedef int v; struct t { v a; };",
	  "safe type-added; source type-removed" },
	{ "typedef int u; typedef int v; struct t { u a; };",
	  "typedef int u; typedef int v; struct t { v a; };",
	  "source retyped" },
	{ "typedef int u; typedef hyper v; struct t { u a; };",
	  "typedef int u; typedef hyper v; struct t { v a; };",
	  "wire type" },
	{ "typedef int u; struct t { u a; };",
	  "typedef hyper u; struct t { u a; };", "wire type" },
	{ "struct t { struct { int a; } b; };",
	  "struct u { int a; }; struct t { u b; };",
	  "safe type-added; source retyped" },
	{ "struct t { struct { int a; } b; };",
	  "struct t { struct { hyper a; } b; };", "wire type" },
	{ "typedef int u; typedef u t;", "typedef int t;",
	  "source type-removed" },
	{ "struct t { int a; t *next; };", "struct t { int a; t *next; };",
	  "" },
	{ "struct t { int a; t *next; };", "struct t { hyper a; t *next; };",
	  "wire type" },
	/* A bound by a constant. */
	{ "const N = 4; typedef int t<N>;", "const N = 5; typedef int t<N>;",
	  "source const-value; wire bound-grown" },
};

static void
check(const char *old_uses, const char *new_uses, const struct rule *rule,
      const char *wanted)
{
	char old[1000], new[1000];
	struct texts texts = { old, new };
	char *got;

	snprintf(old, sizeof(old), "%s\n%s", rule->old, old_uses);
	snprintf(new, sizeof(new), "%s\n%s", rule->new, new_uses);
	got = found(&texts);
	if (strcmp(got, wanted) != 0)
		fail_msg("%s -> %s: '%s', not '%s'", rule->old, rule->new, got,
			 wanted);
	free(got);
}

static void
each_change_of_a_type_has_its_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(type_rules) / sizeof(*type_rules); i++) {
		const struct rule *rule = &type_rules[i];

		check(USES_T, USES_T, rule, rule->wanted);
	}
}

static void
without_any_program_all_types_count(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(type_rules) / sizeof(*type_rules); i++)
		check("", "", &type_rules[i], type_rules[i].wanted);
}

static void
what_no_procedure_uses_breaks_sources_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(type_rules) / sizeof(*type_rules); i++) {
		const struct rule *rule = &type_rules[i];
		char old[1000], new[1000];
		struct texts texts = { old, new };
		char *got;

		snprintf(old, sizeof(old), "%s" USES_NOTHING, rule->old);
		snprintf(new, sizeof(new), "%s" USES_NOTHING, rule->new);
		got = found(&texts);
		assert_null(strstr(got, "wire"));
		assert_int_equal(*got == '\0', *rule->wanted == '\0');
		free(got);
	}
}

#define PROGRAM(versions) "program P { " versions " } = 0x20000001;"
#define VERSION(procedures) PROGRAM("version V { " procedures " } = 1;")

static const struct rule program_rules[] = {
	{ VERSION("void F(void) = 1;"),
	  VERSION("void F(void) = 1; void G(void) = 2;"),
	  "safe procedure-added" },
	{ VERSION("void F(void) = 1; void G(void) = 2;"),
	  VERSION("void F(void) = 1;"), "wire procedure-removed" },
	{ VERSION("void F(void) = 1;"), VERSION("void F(void) = 2;"),
	  "wire procedure-number" },
	{ VERSION("void F(void) = 1;"), VERSION("void G(void) = 1;"),
	  "source procedure-name" },
	{ VERSION("void F(void) = 1; void G(void) = 2;"),
	  VERSION("void F(void) = 2; void G(void) = 1;"),
	  "wire procedure-number; wire procedure-number" },
	{ VERSION("void F(int) = 1;"), VERSION("void F(hyper) = 1;"),
	  "wire type" },
	{ VERSION("void F(int) = 1;"), VERSION("int F(int) = 1;"),
	  "wire type" },
	{ VERSION("void F(int) = 1;"), VERSION("void F(int, int) = 1;"),
	  "wire arguments" },
	{ "struct a { int x; hyper y; };" VERSION("void F(a) = 1;"),
	  "struct a { int x; hyper y; };" VERSION("void F(int, hyper) = 1;"),
	  "source arguments" },
	{ PROGRAM("version V { void F(void) = 1; } = 1;"),
	  PROGRAM("version V { void F(void) = 1; } = 1;"
		  "version W { void F(void) = 1; } = 2;"),
	  "safe version-added" },
	{ PROGRAM("version V { void F(void) = 1; } = 1;"
		  "version W { void F(void) = 1; } = 2;"),
	  PROGRAM("version V { void F(void) = 1; } = 1;"),
	  "wire version-removed" },
	{ PROGRAM("version V { void F(void) = 1; } = 1;"),
	  PROGRAM("version V { void F(void) = 1; } = 2;"),
	  "wire version-number" },
	{ PROGRAM("version V { void F(void) = 1; } = 1;"),
	  PROGRAM("version W { void F(void) = 1; } = 1;"),
	  "source version-name" },
	{ USES_NOTHING,
	  "program P { version V { void F(void) = 1; } = 1; } = 2;",
	  "wire program-number" },
	{ USES_NOTHING,
	  "program Q { version V { void F(void) = 1; } = 1; } = 1;",
	  "source program-name" },
	{ USES_NOTHING, "", "wire program-removed" },
	{ "", USES_NOTHING, "safe program-added" },
	{ "const A = 1;", "const A = 0x1;", "" },
	{ "const A = 1;", "const A = 2;", "source const-value" },
	{ "const A = 1;", "const B = 1;",
	  "safe const-added; source const-removed" },
	{ "const A = \"x\";", "const A = \"y\";", "source const-value" },
	{ "const A = 1;", "/* One. */\nconst A = 1;", "" },
};

static void
each_change_of_a_program_has_its_rule(void **state)
{
	(void)state;
	for (size_t i = 0;
	     i < sizeof(program_rules) / sizeof(*program_rules); i++)
		check("", "", &program_rules[i], program_rules[i].wanted);
}

/* Each list goes round in its own length, all of it the same on the wire. */
static void
cycles_of_other_lengths_are_the_same_on_the_wire(void **state)
{
	static const struct texts texts = {
		"struct a { int x; b *n; }; struct b { int x; a *n; };\n"
		"struct t { a *first; }; struct c { int x; d *n; };\n"
		"struct d { int x; e *n; }; struct e { int x; c *n; };\n"
		USES_T,
		"struct a { int x; b *n; }; struct b { int x; a *n; };\n"
		"struct t { c *first; }; struct c { int x; d *n; };\n"
		"struct d { int x; e *n; }; struct e { int x; c *n; };\n"
		USES_T,
	};
	char *got = found(&texts);

	(void)state;
	assert_string_equal(got, "source retyped");
	free(got);
}

/* Many types, each of which holds the next: neither deep nor slow. */
static void
long_chains_are_compared_in_a_loop(void **state)
{
	enum { N = 50000 };
	char *text = malloc(N * 60);
	struct texts texts = { text, text };
	size_t len = 0;
	char *got;

	(void)state;
	for (int i = 0; i < N; i++)
		len += (size_t)sprintf(text + len,
				       "struct s%d { int a; s%d *b; };\n", i,
				       (i + 1) % N);
	sprintf(text + len, "typedef s0 t; %s", USES_T);
	got = found(&texts);
	assert_string_equal(got, "");
	free(got);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_of_a_type_has_its_rule),
		cmocka_unit_test(without_any_program_all_types_count),
		cmocka_unit_test(what_no_procedure_uses_breaks_sources_alone),
		cmocka_unit_test(each_change_of_a_program_has_its_rule),
		cmocka_unit_test(
			cycles_of_other_lengths_are_the_same_on_the_wire),
		cmocka_unit_test(long_chains_are_compared_in_a_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

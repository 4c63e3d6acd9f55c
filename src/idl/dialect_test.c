/* SPDX-License-Identifier: MIT */
/* What the model has of constructs that only dialects know. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/err.h"
#include "idl/idl.h"

struct fixture {
	struct ferry_arena mem;
	struct fy_idl idl;
	struct fy_reader reader;
	const char *text;
};

static ferry_err
read_memory(void *ctx, const char *path, struct ferry_arena *mem,
	    struct ferry_str *out, struct ferry_error *why)
{
	const struct fixture *f = ctx;

	(void)mem;
	if (strcmp(path, "in.x") == 0) {
		*out = ferry_str_of(f->text);
		return FERRY_OK;
	}
	errno = ENOENT;
	return fy_fail_errno(why, "open %s", path);
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	f->reader = (struct fy_reader){ read_memory, f };
	fy_idl_init(&f->idl, &f->mem, &f->reader);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	ferry_arena_fini(&f->mem);
	free(f);
	return 0;
}

static const struct fy_model *
load(struct fixture *f, const char *text)
{
	const struct fy_model *model = NULL;
	const char *said = "";

	f->text = text;
	if (fy_idl_load(&f->idl, "in.x", FY_VIEW_HDR, &model) != FERRY_OK) {
		assert_int_equal(fy_diag_text(&f->idl.diag, 20, false, &said), 0);
		fail_msg("%s", said);
	}
	return model;
}

static const struct fy_def *
def_named(const struct fy_model *model, const char *name)
{
	for (size_t i = 0; i < model->n_defs; i++) {
		const struct fy_def *def = &model->defs[i];
		const char *is = def->kind == FY_DEF_CONST ? def->constant->name
				 : def->kind == FY_DEF_TYPE ? def->type->name
				 : def->kind == FY_DEF_PROGRAM
					 ? def->program->name
					 : "";

		if (strcmp(is, name) == 0)
			return def;
	}
	fail_msg("there is no %s", name);
	return NULL;
}

static const struct fy_type *
type_named(const struct fy_model *model, const char *name)
{
	return def_named(model, name)->type;
}

static int64_t
value_of(const struct fy_model *model, const char *name)
{
	return def_named(model, name)->constant->value;
}

static void
expressions_are_computed_with_names_that_come_later(void **state)
{
	const struct fy_model *model = load(*state,
		"const A = (B | 8) << 3; const B = C - 2 * 3; const C = 7;"
		"const D = -C; const E = ~C; const F = -7 / 2 % 2;"
		"const G = 0xffffffffffffffff & 0xff;"
		"enum e { X = B + 1, Y = X + X };"
		"typedef opaque o[(C + 1) * 2]; typedef int l<C - 1>;");

	assert_int_equal(value_of(model, "A"), 72);
	assert_int_equal(value_of(model, "B"), 1);
	assert_int_equal(value_of(model, "D"), -7);
	assert_int_equal(value_of(model, "E"), -8);
	assert_int_equal(value_of(model, "F"), -1);
	assert_int_equal(value_of(model, "G"), 255);
	assert_int_equal(type_named(model, "e")->enumerators[1].value, 4);
	assert_int_equal(type_named(model, "o")->element->bound, 16);
	assert_int_equal(type_named(model, "l")->element->bound, 6);
	assert_null(type_named(model, "l")->element->bound_name);
	assert_string_equal(def_named(model, "A")->constant->spelled, "72");
}

static void
a_constant_that_names_a_text_is_one(void **state)
{
	const struct fy_model *model =
		load(*state, "const A = B; const B = \"x\";");

	assert_string_equal(def_named(model, "A")->constant->text, "\"x\"");
}

static void
a_default_arm_comes_last_wherever_it_stands(void **state)
{
	const struct fy_model *model = load(*state,
		"union first switch (int k) { default: int d; case 1: int a; };"
		"union middle switch (int k)"
		" { case 1: int a; default: int d; case 2: int b; };"
		"union alone switch (int k) { default: int d; };"
		"union shared switch (int k)"
		" { case 1: default: case 2: int d; case 3: void; };");
	static const char *const names[] = { "first", "middle", "alone",
					     "shared" };

	for (size_t i = 0; i < FY_ARRAY_LEN(names); i++) {
		const struct fy_type *type = type_named(model, names[i]);
		const struct fy_arm *last = &type->arms[type->n_arms - 1];

		assert_true(type->has_default);
		assert_int_equal(last->n_labels, 0);
		assert_string_equal(last->name, "d");
	}
	assert_string_equal(type_named(model, "middle")->arms[1].name, "b");
	assert_int_equal(type_named(model, "shared")->n_arms, 2);
}

static void
a_union_on_hyper_has_eight_bytes_in_front(void **state)
{
	const struct fy_model *model = load(*state,
		"typedef hyper h;"
		"union u switch (h k) { case 5000000000: int a; case 1: void; };"
		"union v switch (unsigned hyper k)"
		" { case 0xffffffffffffffff: void; };"
		"union c switch (char k) { case -128: void; };");
	const struct fy_type *u = type_named(model, "u");

	assert_int_equal(u->wire_min, 8);
	assert_int_equal(u->wire_max, 12);
	assert_int_equal(u->arms[0].labels[0].value, 5000000000);
	assert_int_equal(type_named(model, "v")->arms[0].labels[0].value, -1);
	assert_int_equal(type_named(model, "c")->wire_min, 4);
}

static void
numbers_keep_their_low_32_bits(void **state)
{
	const struct fy_model *model = load(*state,
		"const M = -1;"
		"typedef int all<M>; typedef string none<0x100000000>;"
		"enum e { A = 0xffffffff, B = 0x80000000 };"
		"union u switch (int k) { case 0xfffffffe: int a; };"
		"union w switch (unsigned int k) { case M: int a; };"
		"program P { version V { void F(void) = 0x100000007; } = -2; }"
		" = -5;");
	const struct fy_type *e = type_named(model, "e");
	const struct fy_type *w = type_named(model, "w");
	const struct fy_program *p = def_named(model, "P")->program;

	assert_int_equal(type_named(model, "all")->element->bound, FY_NO_BOUND);
	assert_null(type_named(model, "all")->element->bound_name);
	assert_int_equal(type_named(model, "none")->element->bound, 0);
	assert_int_equal(e->enumerators[0].value, -1);
	assert_int_equal(e->enumerators[1].value, INT32_MIN);
	assert_int_equal(type_named(model, "u")->arms[0].labels[0].value, -2);
	assert_int_equal(w->arms[0].labels[0].value, UINT32_MAX);
	assert_null(w->arms[0].labels[0].name);
	assert_int_equal(p->number, 0xfffffffb);
	assert_int_equal(p->versions[0].number, 0xfffffffe);
	assert_int_equal(p->versions[0].procedures[0].number, 7);
}

static void
foreign_types_are_known_by_their_names(void **state)
{
	const struct fy_model *model = load(*state,
		"%#include \"x.h\"\n"
		"struct s { theirs a; theirs b<2>; struct other *c; };"
		"struct t { s d; };");
	const struct fy_type *s = type_named(model, "s");

	assert_int_equal(model->n_foreign, 2);
	assert_ptr_equal(s->fields[0].type, model->foreign[0]);
	assert_ptr_equal(s->fields[1].type->element, model->foreign[0]);
	assert_int_equal(model->foreign[0]->kind, FY_KIND_FOREIGN);
	assert_string_equal(model->foreign[0]->name, "theirs");
	assert_null(model->foreign[0]->tag);
	assert_string_equal(model->foreign[1]->tag, "struct");
	assert_int_equal(model->foreign[0]->wire_min, 0);
	assert_true(model->foreign[0]->wire_max == FY_WIRE_UNBOUNDED);
	assert_int_equal(type_named(model, "t")->wire_min, 8);
	assert_true(type_named(model, "t")->wire_max == FY_WIRE_UNBOUNDED);
	assert_int_equal(model->n_types, 2);
}

static void
arguments_have_names_where_the_file_says_them(void **state)
{
	const struct fy_model *model = load(*state,
		"struct t { int a; };"
		"program P { version V {"
		" t *F(int a, t *, string s<5>) = 1; void G(t *) = 2;"
		" oneway H() = 3; string I(string) = 4; } = 1; } = 7;");
	const struct fy_procedure *p =
		def_named(model, "P")->program->versions[0].procedures;

	assert_int_equal(p[0].n_args, 3);
	assert_string_equal(p[0].arg_names[0], "a");
	assert_null(p[0].arg_names[1]);
	assert_string_equal(p[0].arg_names[2], "s");
	assert_int_equal(p[0].args[1]->kind, FY_KIND_OPTIONAL);
	assert_int_equal(p[0].args[2]->kind, FY_KIND_STRING);
	assert_int_equal(p[0].args[2]->bound, 5);
	assert_int_equal(p[0].result->kind, FY_KIND_OPTIONAL);
	/* What rpcgen's C sends of a pointer that is the only argument. */
	assert_int_equal(p[1].args[0]->kind, FY_KIND_STRUCT);
	assert_int_equal(p[2].result->kind, FY_KIND_VOID);
	assert_int_equal(p[2].n_args, 0);
	assert_int_equal(p[3].args[0]->bound, FY_NO_BOUND);
}

static void
attributes_document_what_no_comment_does(void **state)
{
	const struct fy_model *model = load(*state,
		"[doc(\"a */ type\"), other(\"x\")]\n"
		"struct s { [doc(\"a field\")] int a;\n"
		"/* a comment */\n[doc(\"lost\")] int b; };\n"
		"[doc(\"with \\\"escapes\\\"\")]\nenum e { [doc(\"one\")] A = 1 };");
	const struct fy_type *s = type_named(model, "s");

	assert_string_equal(s->doc, "a * / type");
	assert_string_equal(s->fields[0].doc, "a field");
	assert_string_equal(s->fields[1].doc, "a comment");
	assert_null(type_named(model, "e")->doc);
	assert_string_equal(type_named(model, "e")->enumerators[0].doc, "one");
}

static void
a_string_without_a_bound_has_none(void **state)
{
	const struct fy_model *model = load(*state,
		"struct s { string a; }; typedef pair int[2]; "
		"typedef text string<3>; typedef count unsigned int;");

	assert_int_equal(type_named(model, "s")->fields[0].type->bound,
			 FY_NO_BOUND);
	assert_int_equal(type_named(model, "pair")->element->kind,
			 FY_KIND_ARRAY);
	assert_int_equal(type_named(model, "text")->element->bound, 3);
	assert_int_equal(type_named(model, "count")->element->kind,
			 FY_KIND_UINT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(expressions_are_computed_with_names_that_come_later),
		TEST(a_constant_that_names_a_text_is_one),
		TEST(a_default_arm_comes_last_wherever_it_stands),
		TEST(a_union_on_hyper_has_eight_bytes_in_front),
		TEST(numbers_keep_their_low_32_bits),
		TEST(foreign_types_are_known_by_their_names),
		TEST(arguments_have_names_where_the_file_says_them),
		TEST(attributes_document_what_no_comment_does),
		TEST(a_string_without_a_bound_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "schema/declare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "idl/idl.h"

#define EVERY_TYPE                                                             \
	"enum way {\n\tBY_NAME = 1,\n\tBY_NUMBER = -2\n};\n"                   \
	"typedef string path<MAX>;\n"                                          \
	"typedef opaque token[8];\n"                                           \
	"typedef way ways<>;\n"                                                \
	"typedef unsigned hyper *maybe;\n"                                     \
	"typedef struct {\n\tint a;\n} pairs[2];\n"                            \
	"struct entry {\n"                                                     \
	"\tunsigned int id;\n"                                                 \
	"\tpath name;\n"                                                       \
	"\topaque data<>;\n"                                                   \
	"\tstruct {\n"                                                         \
	"\t\tquadruple q[3];\n"                                                \
	"\t\tenum {\n\t\t\tA = 0\n\t\t} e;\n"                                  \
	"\t} *inner;\n"                                                        \
	"\tentry *next;\n"                                                     \
	"};\n"                                                                 \
	"union pick switch (way by) {\n"                                       \
	"case BY_NAME:\n"                                                      \
	"case BY_NUMBER:\n"                                                    \
	"\tentry e;\n"                                                         \
	"default:\n"                                                           \
	"\tvoid;\n"                                                            \
	"};\n"                                                                 \
	"union yes switch (bool b) {\n"                                        \
	"case TRUE:\n"                                                         \
	"\tchar c;\n"                                                          \
	"case FALSE:\n"                                                        \
	"\tunion switch (int n) {\n"                                           \
	"\tcase -1:\n"                                                         \
	"\t\tstring s<>;\n"                                                    \
	"\t} u;\n"                                                             \
	"};\n"

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

static const struct fy_model *
load(struct ferry_arena *mem, const char *text)
{
	const struct fy_reader reader = { read_text, (void *)(uintptr_t)text };
	const struct fy_model *model = NULL;
	struct fy_idl idl;

	fy_idl_init(&idl, mem, &reader);
	assert_int_equal(fy_idl_load(&idl, "a.x", FY_VIEW_HDR, &model),
			 FERRY_OK);
	return model;
}

static void
types_are_declared_as_they_are_written(void **state)
{
	struct ferry_arena mem = { 0 };
	const struct fy_model *model = load(&mem, "const MAX = 9;" EVERY_TYPE);
	char all[2000] = "";

	(void)state;
	for (size_t i = 0; i < model->n_defs; i++) {
		const char *text = "";

		if (model->defs[i].kind != FY_DEF_TYPE)
			continue;
		assert_int_equal(fy_declare_type(model->defs[i].type, &mem,
						 &text),
				 FERRY_OK);
		strcat(all, text);
	}
	assert_string_equal(all, EVERY_TYPE);
	ferry_arena_fini(&mem);
}

static void
types_without_a_name_stand_as_in_a_procedure(void **state)
{
	struct ferry_arena mem = { 0 };
	const struct fy_model *model = load(
		&mem, "struct s { int a; string b<>; string c<4>; opaque d<>;"
		      "opaque e[2]; s f<3>; s *g; struct { int z; } h; };");
	static const char *const wanted[] = {
		"int", "string", "string<4>", "opaque<>", "opaque[2]", "s<3>",
		"s *", "struct {\n\tint z;\n}",
	};

	(void)state;
	for (size_t i = 0; i < model->types[0]->n_fields; i++) {
		const struct fy_type *s = model->defs[0].type;
		const char *text = "";

		assert_int_equal(fy_declare_type(s->fields[i].type, &mem,
						 &text),
				 FERRY_OK);
		assert_string_equal(text, wanted[i]);
	}
	ferry_arena_fini(&mem);
}

static void
procedures_have_their_number(void **state)
{
	struct ferry_arena mem = { 0 };
	const struct fy_model *model = load(
		&mem, "typedef int list<>; program P { version V {"
		      "list LIST(list, unsigned hyper) = 7; } = 1; } = 1;");
	const char *text = "";

	(void)state;
	assert_int_equal(fy_declare_procedure(
				 model->defs[1].program->versions->procedures,
				 &mem, &text),
			 FERRY_OK);
	assert_string_equal(text, "list LIST(list, unsigned hyper) = 7;");
	ferry_arena_fini(&mem);
}

/* Whoever makes a model by hand cannot make this recurse for ever. */
static void
what_nests_too_deeply_is_cut(void **state)
{
	struct ferry_arena mem = { 0 };
	struct fy_type list = { .kind = FY_KIND_LIST, .bound = 1 };
	struct fy_type body = { .kind = FY_KIND_STRUCT, .name = "s" };
	struct fy_field field = { .name = "f", .type = &list };
	struct fy_type inner = { .kind = FY_KIND_STRUCT };
	const char *text = "";

	(void)state;
	list.element = &list;
	assert_int_equal(fy_declare_type(&list, &mem, &text), FERRY_OK);
	body.fields = &field;
	body.n_fields = 1;
	inner.fields = &field;
	inner.n_fields = 1;
	list.element = &inner;
	assert_int_equal(fy_declare_type(&body, &mem, &text), FERRY_OK);
	assert_non_null(strstr(text, "{ ... }"));
	ferry_arena_fini(&mem);
}

static void
names_may_be_long(void **state)
{
	struct ferry_arena mem = { 0 };
	char name[3000];
	struct fy_type type = { .kind = FY_KIND_ALIAS, .name = name };
	const struct fy_type element = { .kind = FY_KIND_INT };
	const char *text = "";

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	type.element = &element;
	assert_int_equal(fy_declare_type(&type, &mem, &text), FERRY_OK);
	assert_int_equal(strlen(text), strlen("typedef int ;\n") + 2999);
	ferry_arena_fini(&mem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_are_declared_as_they_are_written),
		cmocka_unit_test(types_without_a_name_stand_as_in_a_procedure),
		cmocka_unit_test(procedures_have_their_number),
		cmocka_unit_test(what_nests_too_deeply_is_cut),
		cmocka_unit_test(names_may_be_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

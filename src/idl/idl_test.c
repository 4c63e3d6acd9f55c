/* SPDX-License-Identifier: MIT */
/* The model that the front end makes of interface files held in memory. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/err.h"
#include "idl/idl.h"

struct file {
	const char *path;
	const char *text;
};

struct fixture {
	struct ferry_arena mem;
	struct fy_idl idl;
	struct fy_reader reader;
	struct file files[4];
	unsigned int n_reads;
};

static ferry_err
read_memory(void *ctx, const char *path, struct ferry_arena *mem,
	    struct ferry_str *out, struct ferry_error *why)
{
	struct fixture *f = ctx;

	(void)mem;
	f->n_reads++;
	for (size_t i = 0; i < FY_ARRAY_LEN(f->files); i++) {
		if (!f->files[i].path || strcmp(f->files[i].path, path) != 0)
			continue;
		*out = ferry_str_of(f->files[i].text);
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
load_view(struct fixture *f, const char *text, enum fy_view view)
{
	const struct fy_model *model = NULL;
	const char *said = "";

	f->files[0] = (struct file){ "dir/in.x", text };
	if (fy_idl_load(&f->idl, "dir/in.x", view, &model) != FERRY_OK) {
		assert_int_equal(fy_diag_text(&f->idl.diag, 20, false, &said), 0);
		fail_msg("%s", said);
	}
	return model;
}

static const struct fy_model *
load(struct fixture *f, const char *text)
{
	return load_view(f, text, FY_VIEW_HDR);
}

static const struct fy_type *
type_named(const struct fy_model *model, const char *name)
{
	for (size_t i = 0; i < model->n_types; i++) {
		if (model->types[i]->name &&
		    strcmp(model->types[i]->name, name) == 0)
			return model->types[i];
	}
	fail_msg("there is no type %s", name);
	return NULL;
}

static size_t
rank(const struct fy_model *model, const char *name)
{
	for (size_t i = 0; i < model->n_types; i++) {
		if (model->types[i]->name &&
		    strcmp(model->types[i]->name, name) == 0)
			return i;
	}
	fail_msg("there is no type %s", name);
	return 0;
}

static void
assert_wire(const struct fy_model *model, const char *name, uint64_t min,
	    uint64_t max)
{
	const struct fy_type *type = type_named(model, name);

	assert_int_equal(type->wire_min, min);
	assert_int_equal(type->wire_max, max);
}

static void
names_of_the_model_come_from_the_last_part_of_the_path(void **state)
{
	const struct fy_model *model = load(*state, "const A = 1;");

	assert_string_equal(model->file, "in.x");
	assert_string_equal(model->stem, "in");
}

static void
wire_sizes_count_padding_and_lengths(void **state)
{
	const struct fy_model *model = load(*state,
		"struct fixed { int a; hyper b; quadruple c; opaque d[5];"
		" char e[3]; bool f; };"
		"struct counted { string a<5>; opaque b<8>; int c<3>; };"
		"struct open { string a<>; opaque b<>; int c<>; };"
		"union u switch (int k) { case 0: void; case 1: hyper a[2];"
		" case 2: string s<1>; };"
		"union all switch (bool k) { case TRUE: int a;"
		" case FALSE: hyper b; };"
		"typedef fixed two[2];"
		"struct maybe { two *a; };"
		"typedef int none[0];");

	assert_wire(model, "fixed", 4 + 8 + 16 + 8 + 12 + 4, 52);
	assert_wire(model, "counted", 12, 4 + 8 + 4 + 8 + 4 + 12);
	assert_wire(model, "open", 12, FY_WIRE_UNBOUNDED);
	assert_wire(model, "u", 4, 20);
	assert_wire(model, "all", 8, 12);
	assert_wire(model, "two", 104, 104);
	assert_wire(model, "maybe", 4, 108);
	assert_wire(model, "none", 0, 0);
}

static void
recursive_types_are_found_and_have_no_greatest_size(void **state)
{
	const struct fy_model *model = load(*state,
		"struct list { int a; list *next; };"
		"typedef struct tree *tree_ptr;"
		"struct tree { tree_ptr left; int a; };"
		"struct holder { list l; };"
		"struct plain { holder *h; };");

	assert_true(type_named(model, "list")->recursive);
	assert_true(type_named(model, "tree")->recursive);
	assert_true(type_named(model, "tree_ptr")->recursive);
	assert_false(type_named(model, "holder")->recursive);
	assert_false(type_named(model, "plain")->recursive);
	assert_wire(model, "list", 8, FY_WIRE_UNBOUNDED);
	assert_wire(model, "tree", 8, FY_WIRE_UNBOUNDED);
	assert_wire(model, "holder", 8, FY_WIRE_UNBOUNDED);
	assert_wire(model, "plain", 4, FY_WIRE_UNBOUNDED);
}

static void
types_come_after_what_they_hold(void **state)
{
	const struct fy_model *model = load(*state,
		"struct a { b x; ptr y; kinds z<>; };"
		"struct b { mine x; };"
		"typedef c mine;"
		"struct c { int x; };"
		"typedef a *ptr;"
		"enum kinds { ONE };");

	assert_true(rank(model, "b") < rank(model, "a"));
	assert_true(rank(model, "c") < rank(model, "b"));
	assert_true(rank(model, "mine") < rank(model, "b"));
	assert_true(rank(model, "ptr") < rank(model, "a"));
	assert_true(rank(model, "kinds") < rank(model, "a"));
}

static void
enumerators_count_on_from_the_last_value(void **state)
{
	const struct fy_model *model = load(*state,
		"const K = -7; enum e { A, B = 5, C, D = K, E, F = B, G };");
	static const int32_t values[] = { 0, 5, 6, -7, -6, 5, 6 };
	const struct fy_type *type = type_named(model, "e");

	assert_int_equal(type->n_enumerators, 7);
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(type->enumerators[i].value, values[i]);
}

static void
constants_keep_their_value_sign_and_spelling(void **state)
{
	const struct fy_model *model = load(*state,
		"const A = 0x895844520D0A1A0A; const B = -9223372036854775808;"
		"const C = 017; const D = C; const S = \"a b\";");

	assert_int_equal(model->n_defs, 5);
	assert_true(model->defs[0].constant->is_unsigned);
	assert_int_equal(model->defs[0].constant->value, 0x895844520D0A1A0A);
	assert_int_equal(model->defs[1].constant->value, INT64_MIN);
	assert_false(model->defs[1].constant->is_unsigned);
	assert_string_equal(model->defs[1].constant->spelled,
			    "-9223372036854775808");
	assert_int_equal(model->defs[3].constant->value, 15);
	assert_string_equal(model->defs[3].constant->spelled, "C");
	assert_string_equal(model->defs[4].constant->text, "\"a b\"");
	assert_null(model->defs[3].constant->text);
}

static void
unions_keep_labels_with_value_and_name(void **state)
{
	const struct fy_model *model = load(*state,
		"enum e { A = 3, B = -1 };"
		"union u switch (e k) { case A: case -1: int x;"
		" default: void; };"
		"union b switch (bool k) { case TRUE: int x; };");
	const struct fy_type *u = type_named(model, "u");

	assert_int_equal(u->n_arms, 2);
	assert_int_equal(u->arms[0].n_labels, 2);
	assert_int_equal(u->arms[0].labels[0].value, 3);
	assert_string_equal(u->arms[0].labels[0].name, "A");
	assert_int_equal(u->arms[0].labels[1].value, -1);
	assert_null(u->arms[0].labels[1].name);
	assert_true(u->has_default);
	assert_int_equal(u->arms[1].n_labels, 0);
	assert_int_equal(u->arms[1].type->kind, FY_KIND_VOID);
	assert_string_equal(type_named(model, "b")->arms[0].labels[0].name,
			    "TRUE");
}

static void
labels_have_no_name_that_only_rpcgens_c_has(void **state)
{
	const struct fy_model *model = load(*state,
		"union u switch (int k) { case AUTH_SHORT: case F: int x; };"
		"program P { version V { void F(void) = 7; } = 1; } = 8;");
	const struct fy_label *labels = type_named(model, "u")->arms[0].labels;

	assert_int_equal(labels[0].value, 2);
	assert_null(labels[0].name);
	assert_int_equal(labels[1].value, 7);
	assert_null(labels[1].name);
}

static void
types_declared_in_place_know_their_owner(void **state)
{
	const struct fy_model *model = load(*state,
		"struct s { struct { int x; } a; enum { ON } b<3>; };"
		"typedef struct { int y; } t;");
	const struct fy_type *s = type_named(model, "s");
	const struct fy_type *inner = s->fields[0].type;

	assert_null(inner->name);
	assert_ptr_equal(inner->owner, s);
	assert_string_equal(inner->owner_member, "a");
	assert_int_equal(s->fields[1].type->kind, FY_KIND_LIST);
	assert_string_equal(s->fields[1].type->element->owner_member, "b");
	assert_int_equal(type_named(model, "t")->kind, FY_KIND_STRUCT);
	assert_int_equal(model->n_types, 4);
}

static void
comments_become_documentation(void **state)
{
	const struct fy_model *model = load(*state,
		"/* Copyright of the file. */\n"
		"struct a {\n"
		"\tint x; /* behind */\n"
		"\t/*\n\t * above,\n\t *\n\t * twice\n\t */\n"
		"\tint y;\n"
		"\n\t/* not next to it */\n\n"
		"\tint z;\n"
		"};\n"
		"// one\n// */ two\n"
		"enum e {\n"
		"\tA, // first\n"
		"\tB /* last */\n"
		"};\n");
	const struct fy_type *a = type_named(model, "a");
	const struct fy_type *e = type_named(model, "e");

	assert_null(a->doc);
	assert_string_equal(a->fields[0].doc, "behind");
	assert_string_equal(a->fields[1].doc, "above,\n\ntwice");
	assert_null(a->fields[2].doc);
	assert_string_equal(e->doc, "one\n* / two");
	assert_string_equal(e->enumerators[0].doc, "first");
	assert_string_equal(e->enumerators[1].doc, "last");
}

static void
comments_in_latin_1_become_utf8(void **state)
{
	const struct fy_model *model =
		load(*state, "/* caf\xe9 */\ntypedef int a;\n");

	assert_string_equal(model->defs[0].type->doc, "caf\xc3\xa9");
}

static void
passed_lines_stay_as_they_are_and_in_order(void **state)
{
	const struct fy_model *model = load(*state,
		"%#define A \\\r\n%  b\r\n"
		"struct s {\n% inside\n\tint a;\n};\n"
		"%#define B (1 + \\\n   2)\n"
		"const C = 1;\n%\n");

	assert_int_equal(model->n_defs, 7);
	assert_string_equal(model->defs[0].text, "#define A \\");
	assert_string_equal(model->defs[1].text, "  b");
	assert_string_equal(model->defs[2].text, " inside");
	assert_int_equal(model->defs[3].kind, FY_DEF_TYPE);
	assert_string_equal(model->defs[4].text, "#define B (1 + \\\n   2)");
	assert_int_equal(model->defs[5].kind, FY_DEF_CONST);
	assert_string_equal(model->defs[6].text, "");
}

static void
each_view_sees_its_own_part(void **state)
{
	static const char text[] = "#ifdef RPC_HDR\nconst H = 1;\n#endif\n"
				   "#if RPC_TBL\nconst T = 1;\n#endif\n";

	assert_string_equal(
		load_view(*state, text, FY_VIEW_HDR)->defs[0].constant->name,
		"H");
	assert_string_equal(
		load_view(*state, text, FY_VIEW_TBL)->defs[0].constant->name,
		"T");
	assert_int_equal(load_view(*state, text, FY_VIEW_SVC)->n_defs, 0);
}

static void
views_that_a_macro_asks_for_are_told_apart(void **state)
{
	static const char text[] = "#define M RPC_XDR\n"
				   "#if M + 0 == 1\nconst X = 1;\n#endif\n";

	assert_int_equal(load_view(*state, text, FY_VIEW_HDR)->n_defs, 0);
	assert_int_equal(load_view(*state, text, FY_VIEW_XDR)->n_defs, 1);
	assert_int_equal(load_view(*state, text, FY_VIEW_SVC)->n_defs, 0);
}

static void
views_that_nothing_asks_for_are_one_model(void **state)
{
	static const char text[] = "#ifdef OTHER\nconst H = 1;\n#endif\n"
				   "const A = 1;\n";
	const struct fy_model *model = load_view(*state, text, FY_VIEW_HDR);

	assert_ptr_equal(load_view(*state, text, FY_VIEW_XDR), model);
	assert_ptr_equal(load_view(*state, text, FY_VIEW_TBL), model);
}

static void
views_that_read_the_same_share_a_model(void **state)
{
	static const char text[] = "#ifdef RPC_HDR\n%#define H 1\n#endif\n"
				   "const A = 1; /* doc */\n";
	const struct fy_model *header = load_view(*state, text, FY_VIEW_HDR);
	const struct fy_model *other = load_view(*state, text, FY_VIEW_XDR);

	assert_ptr_not_equal(other, header);
	assert_int_equal(header->n_defs, 2);
	assert_int_equal(other->n_defs, 1);
	assert_ptr_equal(load_view(*state, text, FY_VIEW_SVC), other);
	assert_ptr_equal(load_view(*state, text, FY_VIEW_HDR), header);
}

static void
views_that_differ_by_a_comment_alone_have_two_models(void **state)
{
	static const char text[] = "#ifdef RPC_HDR\n/* doc */\n#else\n"
				   "/* cod */\n#endif\ntypedef int a;\n";
	const struct fy_model *a = load_view(*state, text, FY_VIEW_HDR);
	const struct fy_model *b = load_view(*state, text, FY_VIEW_XDR);

	assert_ptr_not_equal(a, b);
}

static void
errors_of_one_view_are_not_those_of_its_like(void **state)
{
	struct fixture *f = *state;
	const struct fy_model *model = NULL;

	f->files[0] = (struct file){
		"in.x", "#ifdef RPC_XDR\n#error no\n#endif\nconst A = 1;\n"
	};
	assert_int_equal(fy_idl_load(&f->idl, "in.x", FY_VIEW_HDR, &model),
			 FERRY_OK);
	assert_int_equal(fy_idl_load(&f->idl, "in.x", FY_VIEW_XDR, &model),
			 FERRY_EINVAL);
	assert_int_equal(fy_idl_load(&f->idl, "in.x", FY_VIEW_SVC, &model),
			 FERRY_OK);
}

static void
errors_of_a_file_are_errors_of_all_its_views(void **state)
{
	struct fixture *f = *state;
	const struct fy_model *model = NULL;

	f->files[0] = (struct file){ "in.x", "const A = B;\n" };
	for (unsigned int view = 0; view < FY_N_VIEWS; view++)
		assert_int_equal(fy_idl_load(&f->idl, "in.x",
					     (enum fy_view)view, &model),
				 FERRY_EINVAL);
	assert_null(model);
}

static void
models_of_two_files_are_two(void **state)
{
	struct fixture *f = *state;
	const struct fy_model *a = NULL, *b = NULL;

	f->files[0] = (struct file){ "a.x", "%#define N 1\nconst A = N;\n" };
	f->files[1] = (struct file){ "b.x", "%#define N 2\nconst A = N;\n" };
	assert_int_equal(fy_idl_load(&f->idl, "a.x", FY_VIEW_HDR, &a), 0);
	assert_int_equal(fy_idl_load(&f->idl, "b.x", FY_VIEW_HDR, &b), 0);
	assert_int_equal(a->defs[1].constant->value, 1);
	assert_int_equal(b->defs[1].constant->value, 2);
}

static void
directives_may_stand_behind_a_comment(void **state)
{
	const struct fy_model *model = load(*state,
		"#if 0\n/* a */ #if 1\n /* b */ # /* c */ endif\n"
		"/* d\n e */ #else\nconst A = 1;\n/* f */ #endif\n");

	assert_int_equal(model->n_defs, 1);
	assert_string_equal(model->defs[0].constant->name, "A");
}

static void
constants_of_passed_lines_are_known_in_every_view(void **state)
{
	const struct fy_model *model = load_view(*state,
		"#ifdef RPC_HDR\n%#define A 4\n%#define B (A + 1)\n#endif\n"
		"typedef int t<B>;\n", FY_VIEW_XDR);
	const struct fy_type *list = type_named(model, "t")->element;

	assert_int_equal(list->bound, 5);
	assert_null(list->bound_name);
}

static void
constants_of_passed_lines_may_call_macros(void **state)
{
	const struct fy_model *model = load(*state,
		"%#define KIB(n) ((n) * 1024)\n%#define B KIB(4)\n"
		"%#define BAD(\n%#define defined 1\n%#define C KIB(\n"
		"typedef int t<B>;\n");

	assert_int_equal(type_named(model, "t")->element->bound, 4096);
}

static void
names_of_rpc_h_come_in_when_they_are_used(void **state)
{
	const struct fy_model *model =
		load(*state, "struct s { netobj a; };");

	assert_int_equal(model->n_defs, 2);
	assert_string_equal(model->defs[0].type->name, "netobj");
	assert_int_equal(model->defs[0].type->element->bound, 1024);
	assert_string_equal(model->defs[0].place.file, "<rpc/rpc.h>");
}

static void
files_of_their_own_may_define_what_rpc_h_has(void **state)
{
	const struct fy_model *model = load(*state,
		"typedef opaque netobj<4>; struct s { netobj a; };"
		"typedef unsigned hyper u_int; struct t { u_int a; };");

	assert_int_equal(model->n_defs, 4);
	assert_wire(model, "s", 4, 8);
	assert_wire(model, "t", 8, 8);
}

static void
includes_are_sought_beside_the_file_then_in_folders(void **state)
{
	struct fixture *f = *state;
	const char *const dirs[] = { "inc" };
	const struct fy_model *model;

	f->files[1] = (struct file){ "dir/a.x", "const A = 1;\n" };
	f->files[2] = (struct file){ "inc/b.x", "const B = 1;\n" };
	f->idl.dirs = dirs;
	f->idl.n_dirs = 1;
	model = load(f, "#include \"a.x\"\n#include <b.x>\nconst C = 1;\n");
	assert_int_equal(model->n_defs, 3);
	assert_true(model->defs[0].included);
	assert_string_equal(model->defs[1].place.file, "inc/b.x");
	assert_false(model->defs[2].included);
}

static void
a_header_of_c_gives_one_error(void **state)
{
	static const char *const dirs[] = { "asked", "system" };
	struct fixture *f = *state;
	const struct fy_model *model;
	const char *said;

	f->idl.dirs = dirs;
	f->idl.n_dirs = 2;
	f->idl.n_system_dirs = 1;
	f->files[0] = (struct file){ "in.x", "#include <a.h>\n" };
	f->files[1] = (struct file){ "system/a.h", "extern int a;\n"
						   "#include \"b.h\"\n"
						   "extern int c;\n" };
	f->files[2] = (struct file){ "system/b.h", "extern int b;\n" };
	assert_int_equal(fy_idl_load(&f->idl, "in.x", FY_VIEW_HDR, &model),
			 FERRY_EINVAL);
	assert_int_equal(fy_diag_text(&f->idl.diag, 20, false, &said), 0);
	assert_string_equal(
		said,
		"system/a.h:1:1: error: expected a definition, not 'extern'\n"
		"extern int a;\n"
		"^~~~~~\n"
		"  hint: a header of C is not an interface file: %#include "
		"hands it to the C that is made\n"
		"in.x:1:10: note: it is included here\n"
		"#include <a.h>\n"
		"         ^~~~~\n");
}

static void
each_file_is_read_once(void **state)
{
	struct fixture *f = *state;

	load_view(f, "const A = 1;", FY_VIEW_HDR);
	load_view(f, "const A = 1;", FY_VIEW_XDR);
	assert_int_equal(f->n_reads, 1);
}

static void
programs_keep_numbers_and_arguments(void **state)
{
	const struct fy_model *model = load(*state,
		"const N = 9; program P { version V {"
		" string F(int, string) = N; void G() = 0; } = 2; }"
		" = 4294967295;");
	const struct fy_program *program = model->defs[1].program;
	const struct fy_procedure *f = &program->versions[0].procedures[0];

	assert_int_equal(program->number, UINT32_MAX);
	assert_int_equal(program->versions[0].number, 2);
	assert_int_equal(f->number, 9);
	assert_int_equal(f->n_args, 2);
	assert_int_equal(f->args[1]->kind, FY_KIND_STRING);
	assert_int_equal(f->args[1]->bound, FY_NO_BOUND);
	assert_int_equal(program->versions[0].procedures[1].n_args, 0);
	assert_int_equal(program->versions[0].procedures[1].result->kind,
			 FY_KIND_VOID);
}

/* A heap that gives out after @left pieces. */
struct poor {
	unsigned int left;
};

static void *
poor_resize(void *ctx, void *mem, size_t bytes)
{
	struct poor *poor = ctx;

	if (bytes == 0) {
		free(mem);
		return NULL;
	}
	if (poor->left == 0)
		return NULL;
	poor->left--;
	return realloc(mem, bytes);
}

static void
memory_that_runs_out_is_an_error_at_every_step(void **state)
{
	static char text[20000];
	struct fixture *f = *state;
	struct poor poor = { 0 };
	const struct ferry_hooks hooks = { poor_resize, NULL, &poor };
	ferry_err err = FERRY_ENOMEM;
	unsigned int n = 0;
	int at = 0;

	for (int i = 0; i < 150; i++)
		at += snprintf(text + at, sizeof(text) - (size_t)at,
			       "/* doc */ struct s%d { int a; s%d *b; };\n"
			       "#define M%d %d\nconst C%d = M%d;\n",
			       i, (i + 7) % 150, i, i, i, i);
	f->files[0] = (struct file){ "in.x", text };
	for (; err == FERRY_ENOMEM && n < 1000; n++) {
		struct ferry_arena mem;
		struct fy_idl idl;
		const struct fy_model *model = NULL;

		poor.left = n;
		ferry_arena_init(&mem, &hooks);
		fy_idl_init(&idl, &mem, &f->reader);
		err = fy_idl_load(&idl, "in.x", FY_VIEW_HDR, &model);
		assert_true(!err == !!model);
		ferry_arena_fini(&mem);
	}
	assert_int_equal(err, FERRY_OK);
	assert_true(n > 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_of_the_model_come_from_the_last_part_of_the_path),
		TEST(wire_sizes_count_padding_and_lengths),
		TEST(recursive_types_are_found_and_have_no_greatest_size),
		TEST(types_come_after_what_they_hold),
		TEST(enumerators_count_on_from_the_last_value),
		TEST(constants_keep_their_value_sign_and_spelling),
		TEST(unions_keep_labels_with_value_and_name),
		TEST(labels_have_no_name_that_only_rpcgens_c_has),
		TEST(types_declared_in_place_know_their_owner),
		TEST(comments_become_documentation),
		TEST(comments_in_latin_1_become_utf8),
		TEST(passed_lines_stay_as_they_are_and_in_order),
		TEST(each_view_sees_its_own_part),
		TEST(views_that_a_macro_asks_for_are_told_apart),
		TEST(views_that_nothing_asks_for_are_one_model),
		TEST(views_that_read_the_same_share_a_model),
		TEST(views_that_differ_by_a_comment_alone_have_two_models),
		TEST(errors_of_one_view_are_not_those_of_its_like),
		TEST(errors_of_a_file_are_errors_of_all_its_views),
		TEST(models_of_two_files_are_two),
		TEST(directives_may_stand_behind_a_comment),
		TEST(constants_of_passed_lines_are_known_in_every_view),
		TEST(constants_of_passed_lines_may_call_macros),
		TEST(names_of_rpc_h_come_in_when_they_are_used),
		TEST(files_of_their_own_may_define_what_rpc_h_has),
		TEST(includes_are_sought_beside_the_file_then_in_folders),
		TEST(a_header_of_c_gives_one_error),
		TEST(each_file_is_read_once),
		TEST(programs_keep_numbers_and_arguments),
		TEST(memory_that_runs_out_is_an_error_at_every_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Lines, files and places, and the same input beside gcc's cpp. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "idl/stream_test.h"

/* ---- lines ---- */

static void
lines_are_joined_anywhere_but_behind_a_percent(void **state)
{
	struct stream_fixture *f = *state;

	f->idl.diag.levels.of[FY_WARN_LINE_COMMENT] = FY_LEVEL_OFF;
	stream_assert(f,
		"#def\\\nine LO\\\r\nNG 1 \\\n + 2\nL\\\nO\\\nNG \"a\\\nb\"\n"
		"#if 1 &\\\n& 1\n12\\\n34 // c \\\n d\n#endif\nl\\\nast\\\n",
		"1 + 2 \"ab\" 1234 /**/ last");
	stream_of(f, "%#define A \\\n%  b\n%c\n");
	assert_memory_equal(f->stream.passes->token.text.data, "#define A \\",
			    11);
	assert_int_equal(f->stream.passes->token.text.len, 11);
	assert_non_null(f->stream.passes->next->next);
}

static void
tokens_of_several_lines_have_the_place_of_the_first(void **state)
{
	struct stream_fixture *f = *state;
	const struct fy_token *list;

	stream_of(f, "one t\\\nw\\\no three\n  four\n");
	list = f->stream.tokens.list;
	assert_int_equal(list[1].at.place.line, 1);
	assert_int_equal(list[1].at.place.column, 5);
	assert_int_equal(list[1].at.len, 1);
	assert_int_equal(list[2].at.place.line, 3);
	assert_int_equal(list[2].at.place.column, 3);
	assert_int_equal(list[3].at.place.line, 4);
}

static void
trigraphs_stay_what_they_are(void **state)
{
	stream_assert(*state, "\"?\?/\" \"?\?=\"\n\"a?\?/\"b",
		      "\"?\?/\" \"?\?=\"\n\"a?\?/\"b");
}

static void
old_bytes_in_comments_and_blanks_are_taken(void **state)
{
	stream_assert(*state,
		"\xef\xbb\xbf/* \xe9t\xe9 */ a\r\n\f#define b c\r\n"
		"\v b\r\n#if 1 /* \xff */\r\nd\r\n#endif\r\n#\r\ne",
		"a c d e");
}

static void
long_names_and_lines_are_taken(void **state)
{
	static char text[9000];
	size_t len;

	memcpy(text, "#define ", 8);
	memset(text + 8, 'n', 2000);
	text[2008] = ' ';
	memset(text + 2009, '7', 15);
	text[2024] = '\n';
	memset(text + 2025, ' ', 4000);
	memset(text + 6025, 'n', 2000);
	len = strlen(text);
	assert_int_equal(len, 8025);
	stream_assert(*state, text, "777777777777777");
}

static void
percent_behind_blanks_is_a_pass_line_too(void **state)
{
	struct stream_fixture *f = *state;

	stream_of(f, "a\n \t%#include <x.h>\nb % c\n");
	assert_string_equal(stream_said(f),
			    "in.x:2:3: warning: this % is not the first of its "
			    "line [-Windented-pass]\n \t%#include <x.h>\n"
			    " \t^\n  hint: rpcgen copies a line to its output "
			    "if it begins with %\n");
	assert_int_equal(f->stream.tokens.n, 5);
	assert_int_equal(f->stream.passes->token.text.len, 14);
}

/* ---- warnings ---- */

/* What macros make of the % lines of @text, each with a newline. */
static void
assert_passed(struct stream_fixture *f, const char *text, const char *wanted)
{
	char *passed;
	size_t len = 1;

	stream_of(f, text);
	assert_string_equal(stream_said(f), "");
	for (struct fy_pass *pass = f->stream.passes; pass; pass = pass->next)
		len += pass->token.text.len + 1;
	passed = ferry_arena_alloc(&f->mem, len);
	assert_non_null(passed);
	len = 0;
	for (struct fy_pass *pass = f->stream.passes; pass; pass = pass->next) {
		memcpy(passed + len, pass->token.text.data,
		       pass->token.text.len);
		len += pass->token.text.len;
		passed[len++] = '\n';
	}
	passed[len] = '\0';
	assert_string_equal(passed, wanted);
}

static void
macros_count_in_the_c_of_percent_lines(void **state)
{
	static const char macros[] = "#define N (1+O)\n#define O 2\n"
				     "#define P(a, b) [a b]\n";
	static const struct {
		const char *text;
		const char *wanted;
	} cases[] = {
		{ "%int  a[N],\tb;\n", "int  a[(1+2)],\tb;\n" },
		{ "% #define M O\n", " #define M 2\n" },
		{ "%P(O, 3) P (4\n", "[2 3] P (4\n" },
		{ "%P(5,\n%6)\n", "P(5,\n6)\n" },
		{ "%M \\\nO;\n", "M \\\n2;\n" },
		{ "%\"O\" 'O' /* O */ O // O\n",
		  "\"O\" 'O' /* O */ 2 // O\n" },
		{ "%/* O\n% O\n% O */ O\n", "/* O\n O\n O */ 2\n" },
		/* Nor are these, which cpp took apart, too. */
		{ "%#define O 3\n%#undef O\n", "#define O 3\n#undef O\n" },
		{ "%#define Q(O) O+N\n", "#define Q(O) O+(1+2)\n" },
		{ "%#if O\n%#ifdef N /* O\n%O\n",
		  "#if O\n#ifdef N /* O\nO\n" },
	};
	char text[200];

	for (size_t i = 0; i < FY_ARRAY_LEN(cases); i++) {
		snprintf(text, sizeof(text), "%s%s", macros, cases[i].text);
		assert_passed(*state, text, cases[i].wanted);
	}
}

static void
percent_lines_depend_on_views_too(void **state)
{
	struct stream_fixture *f = *state;

	stream_view(f, "%int is_svc = RPC_SVC;\n", FY_VIEW_HDR);
	assert_true(f->stream.asks_view);
	assert_true(ferry_str_eq(f->stream.passes->token.text,
				 "int is_svc = RPC_SVC;"));
	stream_view(f, "%int is_svc = RPC_SVC;\n", FY_VIEW_SVC);
	assert_true(ferry_str_eq(f->stream.passes->token.text,
				 "int is_svc = 1;"));
}

static void
what_is_left_out_earns_no_warning(void **state)
{
	struct stream_fixture *f = *state;

	for (size_t i = 0; i < FY_N_WARNINGS; i++)
		f->idl.diag.levels.of[i] = FY_LEVEL_ALL;
	stream_of(f, "#if 0\n// a\n %b\n%c\n#define x 0X1\n#warning\n_a 0X2\n"
		     "#if 1 // d\n#endif // e\n#endif\n");
	assert_int_equal(f->idl.diag.n_warnings, 1);
	stream_of(f, "%c\n#define x 0X1 _y\n// a\nx\n");
	assert_int_equal(f->idl.diag.n_warnings, 1 + 5);
}

/* ---- -D and -U ---- */

static void
options_define_and_undefine_in_order(void **state)
{
	static const struct fy_define defines[] = {
		{ "A", false },	    { "B=2", false }, { "C=", false },
		{ "F(x)=x+x", false }, { "A", true },  { "RPC_HDR", true },
		{ "D", false },	    { "D=4", false },
	};
	struct stream_fixture *f = *state;

	f->idl.defines = defines;
	f->idl.n_defines = FY_ARRAY_LEN(defines);
	assert_string_equal(stream_of(f, "A B C F(3) D\n#ifndef RPC_HDR\nx\n"
					 "#endif\n"),
			    "A 2 3 + 3 4 x ");
}

static void
options_that_name_no_macro_are_refused(void **state)
{
	static const char *const bad[] = { "", "1", "=1", "A B", "A\n=1",
					   "A-", "A(x", "A(x=1", "A\nB" };
	struct stream_fixture *f = *state;
	struct fy_define define = { NULL, false };
	char start[20];

	f->idl.defines = &define;
	f->idl.n_defines = 1;
	for (size_t i = 0; i < FY_ARRAY_LEN(bad); i++) {
		define.text = bad[i];
		stream_of(f, "a\n");
		snprintf(start, sizeof(start), "-D %.1s", bad[i]);
		if (strncmp(stream_said(f), start, strlen(start)) != 0)
			fail_msg("-D '%s' is taken", bad[i]);
	}
	define = (struct fy_define){ "A=1", true };
	stream_of(f, "a\n");
	assert_non_null(strstr(stream_said(f), "-U A=1: error: "));
}

/* ---- files ---- */

static void
includes_go_through_macros(void **state)
{
	struct stream_fixture *f = *state;

	f->files[1] = (struct stream_file){ "a.x", "[a]\n" };
	stream_assert(f, "#define Q \"a.x\"\n#include Q\n[b]\n", "[a] [b]");
	f->idl.dirs = (const char *const[]){ "inc" };
	f->idl.n_dirs = 1;
	f->files[1] = (struct stream_file){ "inc/a /b.x", "[a]\n" };
	stream_assert(f, "#define A <a\n#define B /b.x>\n#include A B\n",
		      "[a]");
}

static void
folders_do_not_end_a_search(void **state)
{
	struct stream_fixture *f = *state;

	f->files[1] = (struct stream_file){ "inc/a.x", "[a]\n" };
	f->idl.dirs = (const char *const[]){ "d", "inc" };
	f->idl.n_dirs = 2;
	stream_assert(f, "#include <a.x>\n", "[a]");
}

static void
pragma_once_is_heeded(void **state)
{
	struct stream_fixture *f = *state;

	f->files[1] = (struct stream_file){ "a.x", "#pragma once\n[a]\n" };
	stream_assert(f, "#include \"a.x\"\n#include \"a.x\"\n"
			 "#pragma don't\n#ident \"x\n#sccs '\n",
		      "[a]");
	f->files[2] = (struct stream_file){ "./a.x", "#pragma once\n[a]\n" };
	f->files[3] = (struct stream_file){ "b.x", "#pragma once\n[b]\n" };
	stream_assert(f, "#include \"a.x\"\n#include \"./a.x\"\n"
			 "#include \"b.x\"\n", "[a] [b]");
}

static void
each_file_is_in_the_list_once_in_order(void **state)
{
	struct stream_fixture *f = *state;
	const struct fy_source *source;

	f->files[1] = (struct stream_file){ "a.x", "#include \"b.x\"\n" };
	f->files[2] = (struct stream_file){ "b.x", "# 1 \"never.y\"\n" };
	stream_of(f, "#include \"a.x\"\n#include \"b.x\"\n"
		     "#include \"a.x\"\n");
	source = f->idl.sources.first;
	assert_string_equal(source->path, "in.x");
	source = source->next;
	assert_string_equal(source->path, "a.x");
	source = source->next;
	assert_string_equal(source->path, "b.x");
	assert_true(source->is_read);
	assert_false(source->next->is_read);
	assert_null(source->next->next);
}

/* ---- places ---- */

static void
marks_of_another_cpp_give_the_original_places(void **state)
{
	struct stream_fixture *f = *state;
	const struct fy_token *list;

	stream_of(f, "# 0 \"in.x\"\n# 1 \"sub/a.x\" 1 3\na\n\n b\n"
		     "# 12 \"in.x\" 2\nc\n");
	list = f->stream.tokens.list;
	assert_string_equal(list[0].at.place.file, "sub/a.x");
	assert_int_equal(list[0].at.place.line, 1);
	assert_true(list[0].included);
	assert_int_equal(list[1].at.place.line, 3);
	assert_int_equal(list[1].at.place.column, 2);
	assert_string_equal(list[2].at.place.file, "in.x");
	assert_int_equal(list[2].at.place.line, 12);
	assert_false(list[2].included);
}

static void
lines_are_not_shown_where_they_are_not_what_was_read(void **state)
{
	struct stream_fixture *f = *state;

	stream_of(f, "#error one\n# 1 \"in.x\"\n#error two\n"
		     "# 3 \"other.y\"\n#error three\n");
	assert_string_equal(stream_said(f),
			    "in.x:1:2: error: #error: one\n"
			    "in.x:1:2: error: #error: two\n"
			    "other.y:3:2: error: #error: three\n");
}

static void
marks_that_are_none_are_refused(void **state)
{
	static const char *const bad[] = {
		"#line", "#line x", "#line 1x", "#line 2147483648",
		"#line 1 x", "#line 1 <a>", "# 1 x", "# 0x1 \"a\"", "# -1",
		"#line \"a\"", "#line 99999999999999999999",
	};
	struct stream_fixture *f = *state;

	for (size_t i = 0; i < FY_ARRAY_LEN(bad); i++) {
		stream_of(f, bad[i]);
		if (!strstr(stream_said(f), "in.x:1:"))
			fail_msg("%s is taken", bad[i]);
	}
	stream_assert(f, "#define N 4\n#line N\n__LINE__\n"
			 "#line 2147483647 \"\\101\\\\\"\n__FILE__",
		      "4 \"A\\\\\"");
}

static void
views_named_by_macros_are_seen(void **state)
{
	struct stream_fixture *f = *state;

	stream_of(f, "#define c(a, b) a ## b\n#if c(RPC_, XDR)\n#endif\n");
	assert_true(f->stream.asks_view);
	stream_of(f, "#define c RPC_SVC\n#ifdef c\n#endif\n");
	assert_true(f->stream.asks_view);
	stream_of(f, "#define c RPC\n#ifdef c\n#endif\nRPC_OTHER\n");
	assert_false(f->stream.asks_view);
}

static void
files_cut_anywhere_are_read_to_their_end(void **state)
{
	static const char text[] =
		"#define f(a, b...) [a ## b #a]\\\n + __LINE__\n%#x \\\n%y\n"
		"#if defined(A) && 'a' == 0x1UL ? 1 : (2 << 3) /* c */\n"
		"f(1, \"t\\\"\", f(2)) // d \\\n e\n#elif f(1)\n#include <a>\n"
		"#endif G\n# 12 \"b.x\" 1\n #line f(3)\n  %z\n#pragma once\n";
	struct stream_fixture *f = *state;
	char cut[sizeof(text)];

	for (size_t len = 0; len < sizeof(text); len++) {
		const struct fy_tokens *tokens = &f->stream.tokens;

		memcpy(cut, text, len);
		cut[len] = '\0';
		stream_of(f, cut);
		assert_int_equal(tokens->list[tokens->n - 1].kind,
				 FY_TOKEN_END);
	}
}

/* ---- the judge ---- */

static const char *const judged[] = {
	"#define f(a) a*g\n#define g(a) f(a)\nf(2)(9)\n",
	"#define f(x) x f\n#define g f(f)(1)\ng (2)\nf(f)(f)(3)\n",
	"#define a b\n#define b a c\na b\n#define c(x) (x a)\na(1) b(2)\n",
	"#define NIL(x) x\n#define G_0(a) NIL(G_1)(a)\n"
	"#define G_1(a) NIL(G_0)(a)\nG_0(42)\n",
	"#define s(x) #x\n#define x(y) s(y)\nx(a  b) s(a/* */b) s(\"\\n\" '\"')"
	" x(s(\"a\\\"\")) s() s( ) s((,))\n",
	"#define c(a,b) a##b\n#define xy 1\nc(x,y) c(,y) c(x,) c(,)z c(1,e)\n"
	"c(c,)(3,4) c(c,c)\n",
	"#define e\n#define f(a) <a>\nf e (1) f(e) f(e e 2) e f(\n3)\n",
	"#define v(a, ...) a|__VA_ARGS__|#__VA_ARGS__\n"
	"v(1) v(1,) v(1,2) v(1, 2 , 3) v(,) v((1,2),(3,4))\n",
	"#define g(a, ...) a, ## __VA_ARGS__|\n#define h(...) 0, ## __VA_ARGS__"
	"|\ng() g(1) g(1,) g(,) g(1,,) h() h(,) h(1)\n",
	"#define h x ## y ## z\n#define k # a\nh k\n",
	"#define EMPTY\n#define LP (\n#define f(x) [x]\nf LP 1) f EMPTY LP 2)\n",
	"#define q(x, y) x #y #x y x##y y##x\n#define A B\nq(A, 1) q(A,A)\n",
	"#if 0x10 == 16 && 'a' < 'b' ? 1 : 0\nyes\n#else\nno\n#endif\n",
	"#define O(x) P(x\n#define P(x) {x}\nO(1)) O(2)\n)\n",
	"#define D(n) n n\n#define T(n) D(D(n))\nT(T(a)) D(__LINE__)\n",
	"#define self self self(1)\n#define self2(x) self2(x) self\nself2(self)"
	"\n",
};

/* What cpp makes of @text; false: there is none. */
static bool
ask_cpp(const char *text, char *out, size_t room)
{
	char path[] = "/tmp/ferry-cpp-XXXXXX";
	char command[200];
	size_t len = strlen(text);
	int fd = mkstemp(path);
	FILE *from;
	int status;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	close(fd);
	snprintf(command, sizeof(command),
		 "cpp -P -undef -nostdinc -w %s 2>/dev/null", path);
	from = popen(command, "r");
	assert_non_null(from);
	len = fread(out, 1, room - 1, from);
	out[len] = '\0';
	status = pclose(from);
	unlink(path);
	return status == 0;
}

static void
gcc_makes_the_same_tokens(void **state)
{
	struct stream_fixture *f = *state;
	char wanted[5000];

	if (!ask_cpp("works\n", wanted, sizeof(wanted)))
		skip();
	for (size_t i = 0; i < FY_ARRAY_LEN(judged); i++) {
		if (!ask_cpp(judged[i], wanted, sizeof(wanted)))
			fail_msg("cpp refuses %s", judged[i]);
		stream_assert(f, judged[i], wanted);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STREAM_TEST(lines_are_joined_anywhere_but_behind_a_percent),
		STREAM_TEST(
			tokens_of_several_lines_have_the_place_of_the_first),
		STREAM_TEST(trigraphs_stay_what_they_are),
		STREAM_TEST(old_bytes_in_comments_and_blanks_are_taken),
		STREAM_TEST(long_names_and_lines_are_taken),
		STREAM_TEST(percent_behind_blanks_is_a_pass_line_too),
		STREAM_TEST(macros_count_in_the_c_of_percent_lines),
		STREAM_TEST(percent_lines_depend_on_views_too),
		STREAM_TEST(what_is_left_out_earns_no_warning),
		STREAM_TEST(options_define_and_undefine_in_order),
		STREAM_TEST(options_that_name_no_macro_are_refused),
		STREAM_TEST(includes_go_through_macros),
		STREAM_TEST(folders_do_not_end_a_search),
		STREAM_TEST(pragma_once_is_heeded),
		STREAM_TEST(each_file_is_in_the_list_once_in_order),
		STREAM_TEST(marks_of_another_cpp_give_the_original_places),
		STREAM_TEST(
			lines_are_not_shown_where_they_are_not_what_was_read),
		STREAM_TEST(marks_that_are_none_are_refused),
		STREAM_TEST(views_named_by_macros_are_seen),
		STREAM_TEST(files_cut_anywhere_are_read_to_their_end),
		STREAM_TEST(gcc_makes_the_same_tokens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

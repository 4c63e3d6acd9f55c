/* SPDX-License-Identifier: MIT */
#include "transport/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/alloc.h"

/* What `printf '[%s]' LINE` prints in a POSIX shell. */
static void
expect(const char *line, const char *const *words)
{
	char **got;

	assert_int_equal(fy_words_split(NULL, line, &got, NULL), FERRY_OK);
	for (size_t i = 0; words[i] || got[i]; i++) {
		assert_non_null(words[i]);
		assert_non_null(got[i]);
		assert_string_equal(got[i], words[i]);
	}
	fy_free(NULL, got);
}

#define EXPECT(line, ...)                                                      \
	expect(line, (const char *const[]){ __VA_ARGS__, NULL })

static void
blanks_part_words(void **state)
{
	(void)state;
	EXPECT("date-server", "date-server");
	EXPECT("  a\tb\n c  ", "a", "b", "c");
	EXPECT("a b c d e f g", "a", "b", "c", "d", "e", "f", "g");
}

static void
quotes_hold_words_together(void **state)
{
	(void)state;
	EXPECT("a 'b  c' \"d 'e'\"", "a", "b  c", "d 'e'");
	EXPECT("a''b \"\" ''", "ab", "", "");
	EXPECT("pre'fix and'\" more\"", "prefix and more");
	EXPECT("'a\\' b", "a\\", "b");
}

static void
a_backslash_quotes_what_follows(void **state)
{
	(void)state;
	EXPECT("a\\ b \\\\ \\'", "a b", "\\", "'");
	EXPECT("a\\\nb", "ab");
	EXPECT("\\\na \\\n b \\\n", "a", "b");
	EXPECT("\"a\\\"b\\\\\\n\\$\\`\"", "a\"b\\\\n$`");
	EXPECT("\"a\\\nb\" \"\\\\\n\"", "ab", "\\\n");
}

static void
nothing_is_expanded(void **state)
{
	(void)state;
	EXPECT("echo $HOME * ~ `x` a=b #c", "echo", "$HOME", "*", "~", "`x`",
	       "a=b", "#c");
}

static void
an_open_quote_or_no_word_is_refused(void **state)
{
	static const char *const lines[] = { "",    "  \n", "'",   "a 'b",
					     "\"a", "a\\",  "\"\\", "\"a\\\"" };
	char **words;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(fy_words_split(NULL, lines[i], &words, NULL),
				 FERRY_EADDR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_part_words),
		cmocka_unit_test(quotes_hold_words_together),
		cmocka_unit_test(a_backslash_quotes_what_follows),
		cmocka_unit_test(nothing_is_expanded),
		cmocka_unit_test(an_open_quote_or_no_word_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

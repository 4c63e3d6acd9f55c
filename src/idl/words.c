/* SPDX-License-Identifier: MIT */
#include "idl/words.h"

#include "idl/names.h"

struct word {
	const char *text;
	bool begins;  /* a definition */
	bool is_type; /* or the beginning of one */
};

/* RFC 4506 section 6.4, and RFC 5531 section 12.3. */
static const struct word words[] = {
	{ "bool", false, true },      { "case", false, false },
	{ "const", true, false },     { "default", false, false },
	{ "double", false, true },    { "enum", true, true },
	{ "float", false, true },     { "hyper", false, true },
	{ "int", false, true },	      { "opaque", false, true },
	{ "program", true, false },   { "quadruple", false, true },
	{ "string", false, true },    { "struct", true, true },
	{ "switch", false, false },   { "typedef", true, false },
	{ "union", true, true },      { "unsigned", false, true },
	{ "version", false, false },  { "void", false, true },
};

static const struct word *
find(struct ferry_str text)
{
	for (size_t i = 0; i < FY_ARRAY_LEN(words); i++) {
		if (ferry_str_eq(text, words[i].text))
			return &words[i];
	}
	return NULL;
}

bool
fy_words_has(struct ferry_str text)
{
	return find(text);
}

bool
fy_words_begin(struct ferry_str text)
{
	const struct word *word = find(text);

	return word && word->begins;
}

bool
fy_words_is_type(struct ferry_str text)
{
	const struct word *word = find(text);

	return word && word->is_type;
}

struct meant {
	const char *written;
	const char *meant;
};

static const struct meant meant[] = {
	{ "bool_t", "bool" },	      { "boolean", "bool" },
	{ "byte", "opaque NAME[...]" }, { "int64", "hyper" },
	{ "signed", "int" },	      { "size_t", "unsigned hyper" },
	{ "uint", "unsigned int" },   { "uint32", "unsigned int" },
	{ "uint64", "unsigned hyper" },
};

const char *
fy_words_meant(struct ferry_str text)
{
	for (size_t i = 0; i < FY_ARRAY_LEN(meant); i++) {
		if (ferry_str_eq(text, meant[i].written))
			return meant[i].meant;
	}
	return NULL;
}

static bool
is_any(const void *value)
{
	(void)value;
	return true;
}

const char *
fy_words_like(struct ferry_str text, bool (*fits)(struct ferry_str))
{
	struct fy_name_slot slots[FY_ARRAY_LEN(words)];
	struct fy_names names = { slots, 0, 0 };

	/* A list to look through, not a table to look up in. */
	for (size_t i = 0; i < FY_ARRAY_LEN(words); i++) {
		struct ferry_str key = ferry_str_of(words[i].text);

		if (fits(key))
			slots[names.cap++] = (struct fy_name_slot){
				.key = key
			};
	}
	return fy_names_nearest(&names, text, is_any).data;
}

void
fy_words_hint(struct fy_diag *diag, struct fy_message *message,
	      const struct fy_token *token)
{
	const char *like;

	if (!message || token->kind != FY_TOKEN_NAME ||
	    fy_words_has(token->text))
		return;
	like = fy_words_meant(token->text);
	if (like) {
		fy_diag_hint(diag, message, "write %s", like);
		return;
	}
	like = fy_words_like(token->text, fy_words_has);
	if (like)
		fy_diag_hint(diag, message, "did you mean '%s'?", like);
}

/* SPDX-License-Identifier: MIT */
/* The words of the language, which cannot be names. */
#pragma once

#include <stdbool.h>

#include <ferry/str.h>

#include "idl/diag.h"
#include "idl/lex.h"

/** fy_words_has() - whether @text is a word of the language */
bool fy_words_has(struct ferry_str text);

/** fy_words_begin() - whether it is one that a definition begins with */
bool fy_words_begin(struct ferry_str text);

/** fy_words_is_type() - whether it is one that a type begins with */
bool fy_words_is_type(struct ferry_str text);

/** fy_words_like() - the word that @text may have meant; NULL: none */
const char *fy_words_like(struct ferry_str text,
			  bool (*fits)(struct ferry_str));

/** fy_words_meant() - what a type of other languages is here, or NULL */
const char *fy_words_meant(struct ferry_str text);

/** fy_words_hint() - if @token is nearly a word, @message says which */
void fy_words_hint(struct fy_diag *diag, struct fy_message *message,
		   const struct fy_token *token);

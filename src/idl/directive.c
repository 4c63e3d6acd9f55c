/* SPDX-License-Identifier: MIT */
/* The preprocessor's lines: which there are, and those that are one act. */
#include "idl/mem.h"
#include "idl/pp.h"

struct directive {
	const char *name;
	void (*run)(struct fy_pp *pp, const struct fy_token *name);
	bool when_skipping;
};

void
fy_pp_define(struct fy_pp *pp, const struct fy_token *name)
{
	fy_pp_latch(pp, fy_macros_read(&pp->macros, name, &pp->frame->lex));
}

static void
run_define(struct fy_pp *pp, const struct fy_token *directive)
{
	struct fy_token name;

	if (fy_pp_name(pp, directive, &name))
		fy_pp_define(pp, &name);
}

static void
run_undef(struct fy_pp *pp, const struct fy_token *directive)
{
	struct fy_token name;

	if (fy_pp_name(pp, directive, &name))
		fy_macros_undefine(&pp->macros, name.text);
}

static void
run_error(struct fy_pp *pp, const struct fy_token *directive)
{
	struct ferry_str text = fy_lex_rest(&pp->frame->lex);

	fy_diag_error(pp->diag, &directive->at, "#error: %.*s", (int)text.len,
		      text.data);
}

static void
run_warning(struct fy_pp *pp, const struct fy_token *directive)
{
	struct ferry_str text = fy_lex_rest(&pp->frame->lex);
	struct fy_message *message;

	message = fy_diag_warn(pp->diag, FY_WARN_USER, &directive->at,
			       "#warning: %.*s", (int)text.len, text.data);
	if (message)
		message->each = true; /* they say different things */
}

static void
run_nothing(struct fy_pp *pp, const struct fy_token *directive)
{
	(void)directive;
	(void)fy_lex_rest(&pp->frame->lex);
}

static const struct directive directives[] = {
	{ "if", fy_pp_if, true },
	{ "ifdef", fy_pp_ifdef, true },
	{ "ifndef", fy_pp_ifdef, true },
	{ "elif", fy_pp_else, true },
	{ "elifdef", fy_pp_else, true },
	{ "elifndef", fy_pp_else, true },
	{ "else", fy_pp_else, true },
	{ "endif", fy_pp_endif, true },
	{ "include", fy_pp_include, false },
	{ "define", run_define, false },
	{ "undef", run_undef, false },
	{ "line", fy_pp_line, false },
	{ "error", run_error, false },
	{ "warning", run_warning, false },
	{ "pragma", fy_pp_pragma, false },
	{ "ident", run_nothing, false },
	{ "sccs", run_nothing, false },
};

static const struct directive *
find_directive(struct ferry_str name)
{
	for (size_t i = 0; i < FY_ARRAY_LEN(directives); i++) {
		if (ferry_str_eq(name, directives[i].name))
			return &directives[i];
	}
	return NULL;
}

/* None that is known. A number is a mark that another cpp has left. */
static void
run_other(struct fy_pp *pp, const struct fy_token *name)
{
	if (name->kind == FY_TOKEN_NUMBER)
		fy_pp_line(pp, name);
	else if (name->kind != FY_TOKEN_END)
		fy_diag_error(pp->diag, &name->at, "there is no directive #%.*s",
			      (int)name->text.len, name->text.data);
}

void
fy_pp_directive(struct fy_pp *pp)
{
	/* What #include pushes is not what this line stands in. */
	struct fy_lexer *lex = &pp->frame->lex;
	bool skipping = fy_pp_skipping(pp);
	const struct directive *directive;
	struct fy_token name;

	/* What is left out need not be made of tokens. */
	if (skipping && !fy_lex_sees_name(lex)) {
		(void)fy_lex_rest(lex);
		return;
	}
	name = fy_pp_next(pp);
	directive = find_directive(name.text);
	if (!skipping && name.kind == FY_TOKEN_NAME)
		fy_diag_warn(pp->diag, FY_WARN_PREPROCESSOR, &name.at,
			     "a line of the C preprocessor");
	if (directive && (directive->when_skipping || !skipping))
		directive->run(pp, &name);
	else if (!directive && !skipping)
		run_other(pp, &name);
	if (lex->in_directive) {
		lex->quiet |= skipping;
		fy_lex_end_directive(lex);
		lex->quiet = false;
	}
}

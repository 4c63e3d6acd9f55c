/* SPDX-License-Identifier: MIT */
/* The preprocessor's conditions: #if, #elif, #else, #endif and their kin. */
#include "idl/expr.h"
#include "idl/mem.h"
#include "idl/pp.h"

static void
push(struct fy_pp *pp, const struct fy_span *at, bool active)
{
	struct fy_condition *condition = fy_new(pp->mem, sizeof(*condition));
	bool skipping = fy_pp_skipping(pp);

	if (!condition) {
		fy_pp_latch(pp, FERRY_ENOMEM);
		return;
	}
	condition->outer = pp->conditions;
	condition->at = *at;
	condition->active = active && !skipping;
	/* What stands in a part that is skipped is skipped to its end. */
	condition->taken = active || skipping;
	pp->conditions = condition;
}

/* The value of what follows #if or #elif. */
static bool
evaluate(struct fy_pp *pp, const struct fy_token *directive)
{
	struct fy_tokens tokens = { NULL, 0, 0 };
	size_t n_errors = pp->diag->n_errors;
	struct fy_number value = { 0, false };

	pp->macros.in_condition = true;
	fy_pp_expand_line(pp, &tokens);
	pp->macros.in_condition = false;
	if (pp->err || pp->diag->n_errors != n_errors)
		return false;
	return fy_expr_number(tokens.list, tokens.n, &directive->at, pp->diag,
			      &value) &&
	       value.bits != 0;
}

/* Whether the name behind @directive is defined, or is not for an "n". */
static bool
is_defined(struct fy_pp *pp, const struct fy_token *directive, bool negated)
{
	struct fy_token name;

	if (!fy_pp_name(pp, directive, &name))
		return false;
	return !fy_macros_find(&pp->macros, name.text) == negated;
}

void
fy_pp_if(struct fy_pp *pp, const struct fy_token *directive)
{
	push(pp, &directive->at,
	     !fy_pp_skipping(pp) && evaluate(pp, directive));
}

void
fy_pp_ifdef(struct fy_pp *pp, const struct fy_token *directive)
{
	bool negated = ferry_str_eq(directive->text, "ifndef");

	push(pp, &directive->at,
	     !fy_pp_skipping(pp) && is_defined(pp, directive, negated));
}

/* The innermost condition of this file; NULL, reported, if there is none. */
static struct fy_condition *
own_condition(struct fy_pp *pp, const struct fy_token *directive)
{
	if (pp->conditions != pp->frame->conditions)
		return pp->conditions;
	fy_diag_error(pp->diag, &directive->at,
		      "#%.*s without a condition before it",
		      (int)directive->text.len, directive->text.data);
	return NULL;
}

/* Whether the part behind @directive is to be read, if none before it was. */
static bool
is_chosen(struct fy_pp *pp, const struct fy_token *directive)
{
	if (ferry_str_eq(directive->text, "elif"))
		return evaluate(pp, directive);
	if (ferry_str_eq(directive->text, "elifdef"))
		return is_defined(pp, directive, false);
	if (ferry_str_eq(directive->text, "elifndef"))
		return is_defined(pp, directive, true);
	return true;
}

void
fy_pp_else(struct fy_pp *pp, const struct fy_token *directive)
{
	struct fy_condition *condition = own_condition(pp, directive);
	struct fy_message *message;

	if (!condition)
		return;
	if (condition->in_else) {
		message = fy_diag_error(pp->diag, &directive->at,
					"#%.*s after #else",
					(int)directive->text.len,
					directive->text.data);
		fy_diag_note(pp->diag, message, &condition->at,
			     "the condition begins here");
		return;
	}
	condition->in_else = ferry_str_eq(directive->text, "else");
	condition->active = !condition->taken && is_chosen(pp, directive);
	condition->taken |= condition->active;
}

void
fy_pp_endif(struct fy_pp *pp, const struct fy_token *directive)
{
	struct fy_condition *condition = own_condition(pp, directive);

	if (condition)
		pp->conditions = condition->outer;
}

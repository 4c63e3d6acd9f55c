/* SPDX-License-Identifier: MIT */
#include "idl/macro.h"

#include "idl/mem.h"

/* Thirty macros that each name the next one twice make 2^30 tokens. */
#define MAX_STEPS 100000

/* Where the expansion is within one macro's body; the outer one waits. */
struct level {
	struct level *outer;
	struct fy_macro *macro;
	size_t at;
};

ferry_err
fy_tokens_add(struct fy_tokens *tokens, struct ferry_arena *mem,
	      const struct fy_token *token)
{
	struct fy_token *list = fy_grow(mem, tokens->list, tokens->n,
					&tokens->cap, sizeof(*list));

	if (!list)
		return FERRY_ENOMEM;
	tokens->list = list;
	tokens->list[tokens->n++] = *token;
	return FERRY_OK;
}

struct fy_macro *
fy_macros_find(const struct fy_macros *macros, struct ferry_str name)
{
	struct fy_macro *macro = fy_names_get(&macros->names, name);

	return macro && macro->defined ? macro : NULL;
}

ferry_err
fy_macros_define(struct fy_macros *macros, struct ferry_str name,
		 struct fy_macro **out)
{
	struct fy_macro *macro = fy_new(macros->mem, sizeof(*macro));
	void *old;
	ferry_err err;

	if (!macro)
		return FERRY_ENOMEM;
	err = fy_names_put(&macros->names, macros->mem, name, macro, &old);
	if (err)
		return err;
	if (old)
		macro = old;
	*macro = (struct fy_macro){ .defined = true };
	*out = macro;
	return FERRY_OK;
}

static ferry_err
enter(struct fy_macros *macros, struct fy_macro *macro, struct level **top)
{
	struct level *level = fy_new(macros->mem, sizeof(*level));

	if (!level)
		return FERRY_ENOMEM;
	*level = (struct level){ *top, macro, 0 };
	macro->busy = true;
	*top = level;
	return FERRY_OK;
}

/* One token of the innermost body, or the end of it. */
static ferry_err
step(struct fy_macros *macros, const struct fy_token *use,
     struct fy_tokens *out, struct level **top)
{
	struct level *level = *top;
	struct fy_macro *inner = NULL;
	struct fy_token token;

	if (level->at == level->macro->body.n) {
		level->macro->busy = false;
		*top = level->outer;
		return FERRY_OK;
	}
	token = level->macro->body.list[level->at++];
	if (token.kind == FY_TOKEN_NAME)
		inner = fy_macros_find(macros, token.text);
	if (inner && !inner->busy && !inner->takes_arguments)
		return enter(macros, inner, top);
	token.at = use->at;
	token.included = use->included;
	token.n_comments = use->n_comments;
	return fy_tokens_add(out, macros->mem, &token);
}

ferry_err
fy_macros_expand(struct fy_macros *macros, const struct fy_token *use,
		 struct fy_tokens *out)
{
	struct level *top = NULL;
	ferry_err err;

	err = enter(macros, fy_macros_find(macros, use->text), &top);
	while (!err && top) {
		if (++macros->n_steps > MAX_STEPS)
			err = FERRY_ETOOBIG;
		else
			err = step(macros, use, out, &top);
	}
	for (; top; top = top->outer)
		top->macro->busy = false;
	return err;
}

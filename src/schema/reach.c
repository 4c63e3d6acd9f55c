/* SPDX-License-Identifier: MIT */
#include "schema/reach.h"

#include "idl/mem.h"

void
fy_reach_add(struct fy_reach *reach, const struct fy_type *type)
{
	const struct fy_type **key;
	const struct fy_type **stack;
	void *found = NULL;

	if (reach->err)
		return;
	key = fy_new(reach->mem, sizeof(*key));
	stack = fy_grow(reach->mem, reach->stack, reach->n, &reach->cap,
			sizeof(*stack));
	if (!key || !stack) {
		reach->err = FERRY_ENOMEM;
		return;
	}
	*key = type;
	reach->stack = stack;
	reach->err = fy_names_put(&reach->seen, reach->mem,
				  (struct ferry_str){ (const char *)key,
						      sizeof(*key) },
				  (void *)key, &found);
	if (!found)
		reach->stack[reach->n++] = type;
}

void
fy_reach_add_parts(struct fy_reach *reach, const struct fy_type *type)
{
	if (type->element)
		fy_reach_add(reach, type->element);
	for (size_t i = 0; i < type->n_fields; i++)
		fy_reach_add(reach, type->fields[i].type);
	for (size_t i = 0; i < type->n_arms; i++)
		fy_reach_add(reach, type->arms[i].type);
}

const struct fy_type *
fy_reach_next(struct fy_reach *reach)
{
	if (reach->n == 0 || reach->err)
		return NULL;
	return reach->stack[--reach->n];
}

/* SPDX-License-Identifier: MIT */
#include "idl/graph.h"

#include <string.h>

#include "core/compiler.h"

/* One way to walk: which edges there are, and what to do on the way. */
struct walk {
	/* Edge @i of @from in *@out, NULL for none; false: that was all. */
	bool (*edge)(const struct fy_type *from, size_t i,
		     const struct fy_type **out);
	/* @node is met for the first time. May be NULL. */
	void (*enter)(struct fy_graph *graph, struct fy_node *node);
	/* @to was met before; it may still be open. May be NULL. */
	void (*meet)(struct fy_graph *graph, struct fy_node *from,
		     struct fy_node *to);
	/* All edges of @node were followed. */
	void (*finish)(struct fy_graph *graph, struct fy_node *node);
};

struct fy_node *
fy_graph_node(const struct fy_type *type)
{
	if (!type || type->kind <= FY_KIND_VOID)
		return NULL;
	return FY_CONTAINER(type, struct fy_node, type);
}

const struct fy_type *
fy_graph_base(const struct fy_type *type)
{
	while (type->kind == FY_KIND_ALIAS)
		type = type->element;
	return type;
}

static struct fy_node *
open_node(struct fy_graph *graph, const struct walk *walk,
	  struct fy_node *node, struct fy_node *above)
{
	node->walk = graph->n_walks;
	node->open = true;
	node->above = above;
	node->n_edges = 0;
	if (walk->enter)
		walk->enter(graph, node);
	return node;
}

/* Follows one edge of @node. Return: the node to go on with. */
static struct fy_node *
step(struct fy_graph *graph, const struct walk *walk, struct fy_node *node)
{
	const struct fy_type *type = NULL;
	struct fy_node *to;

	if (!walk->edge(&node->type, node->n_edges++, &type)) {
		node->open = false;
		walk->finish(graph, node);
		return node->above;
	}
	to = fy_graph_node(type);
	if (!to)
		return node;
	if (to->walk != graph->n_walks)
		return open_node(graph, walk, to, node);
	if (walk->meet)
		walk->meet(graph, node, to);
	return node;
}

static void
run(struct fy_graph *graph, const struct walk *walk)
{
	graph->n_walks++;
	for (struct fy_node *start = graph->nodes; start;
	     start = start->next) {
		struct fy_node *node = start;

		if (start->walk == graph->n_walks)
			continue;
		open_node(graph, walk, start, NULL);
		while (node)
			node = step(graph, walk, node);
	}
}

/* ---- who must stand before whom ---- */

static bool
is_declared_ahead(const struct fy_type *type)
{
	return type->kind == FY_KIND_STRUCT || type->kind == FY_KIND_UNION;
}

/* What is held by value: the typedef must be there, and what it comes to. */
static const struct fy_type *
held(const struct fy_type *type, size_t i)
{
	return i % 2 ? fy_graph_base(type) : type;
}

/*
 * What must be declared, as C sees it, before @from can be. A pointer needs
 * no more than the name of a struct, and neither has a typedef; but what holds
 * the typedef by value needs what it comes to.
 */
static bool
order_edge(const struct fy_type *from, size_t i, const struct fy_type **out)
{
	switch (from->kind) {
	case FY_KIND_STRUCT:
		if (i < 2 * from->n_fields)
			*out = held(from->fields[i / 2].type, i);
		return i < 2 * from->n_fields;
	case FY_KIND_UNION:
		if (i < 2)
			*out = held(from->discriminant, i);
		else if (i < 2 * from->n_arms + 2)
			*out = held(from->arms[i / 2 - 1].type, i);
		return i < 2 * from->n_arms + 2;
	case FY_KIND_ARRAY:
		*out = held(from->element, i);
		return i < 2;
	case FY_KIND_ALIAS:
	case FY_KIND_LIST:
	case FY_KIND_OPTIONAL:
		if (i == 0 && !is_declared_ahead(from->element))
			*out = from->element;
		return i == 0;
	default:
		return false;
	}
}

static void
note_member(struct fy_graph *graph, struct fy_message *message,
	    const struct fy_node *node)
{
	size_t i = (node->n_edges - 1) / 2;
	struct fy_span at = { { NULL, 0, 0 }, 1 };

	if (node->type.kind == FY_KIND_STRUCT)
		at.place = node->type.fields[i].place;
	else if (node->type.kind == FY_KIND_UNION && i > 0)
		at.place = node->type.arms[i - 1].place;
	else
		return;
	fy_diag_note(graph->diag, message, &at, "by way of this member");
}

/* The member that closes the circle, and some of those on the way. */
static void
note_way(struct fy_graph *graph, struct fy_message *message,
	 const struct fy_node *from, const struct fy_node *to)
{
	for (unsigned int i = 0; i < 4 && from; i++) {
		note_member(graph, message, from);
		if (from == to)
			break;
		from = from->above;
	}
}

static void
meet_in_order(struct fy_graph *graph, struct fy_node *from, struct fy_node *to)
{
	const struct fy_node *named = from;
	struct fy_message *message;
	struct fy_span at;

	if (!to->open)
		return;
	/* Somebody on the circle has a name. */
	while (named != to && !named->type.name)
		named = named->above;
	at.place = named->type.place;
	at.len = named->type.name ? (uint32_t)strlen(named->type.name) : 1;
	message = fy_diag_error(graph->diag, &at, "%s '%s' contains itself",
				named->type.kind == FY_KIND_STRUCT  ? "struct"
				: named->type.kind == FY_KIND_UNION ? "union"
								    : "typedef",
				named->type.name ? named->type.name : "");
	if (named->type.kind != FY_KIND_ALIAS)
		fy_diag_hint(graph->diag, message,
			     "only behind a pointer can it: TYPE *NAME");
	note_way(graph, message, from, to);
}

static void
finish_in_order(struct fy_graph *graph, struct fy_node *node)
{
	if (node->type.kind <= FY_KIND_ALIAS)
		graph->order[graph->n_order++] = &node->type;
}

static const struct walk order_walk = {
	.edge = order_edge,
	.meet = meet_in_order,
	.finish = finish_in_order,
};

/* ---- who is part of a circle (Tarjan's components) ---- */

static bool
any_edge(const struct fy_type *from, size_t i, const struct fy_type **out)
{
	if (from->kind == FY_KIND_STRUCT) {
		if (i < from->n_fields)
			*out = from->fields[i].type;
		return i < from->n_fields;
	}
	if (from->kind == FY_KIND_UNION) {
		if (i < from->n_arms)
			*out = from->arms[i].type;
		return i < from->n_arms;
	}
	*out = from->element;
	return i == 0 && from->element;
}

static void
enter_component(struct fy_graph *graph, struct fy_node *node)
{
	node->index = node->lowest = graph->n_indices++;
	node->below = graph->stack;
	node->stacked = true;
	graph->stack = node;
}

static void
lower(struct fy_node *node, size_t index)
{
	if (index < node->lowest)
		node->lowest = index;
}

static void
meet_in_component(struct fy_graph *graph, struct fy_node *from,
		  struct fy_node *to)
{
	(void)graph;
	if (from == to)
		from->type.recursive = true;
	if (to->stacked)
		lower(from, to->index);
}

static void
finish_component(struct fy_graph *graph, struct fy_node *node)
{
	bool alone = graph->stack == node;
	struct fy_node *top;

	if (node->above)
		lower(node->above, node->lowest);
	if (node->lowest != node->index)
		return;
	do {
		top = graph->stack;
		graph->stack = top->below;
		top->stacked = false;
		if (!alone)
			top->type.recursive = true;
	} while (top != node);
}

static const struct walk component_walk = {
	.edge = any_edge,
	.enter = enter_component,
	.meet = meet_in_component,
	.finish = finish_component,
};

/* ---- how many bytes ---- */

static uint64_t
plus(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? FY_WIRE_UNBOUNDED : sum;
}

static uint64_t
times(uint64_t a, uint64_t b)
{
	uint64_t product;

	return __builtin_mul_overflow(a, b, &product) ? FY_WIRE_UNBOUNDED
						      : product;
}

static uint64_t
padded(uint32_t bytes)
{
	return ((uint64_t)bytes + 3) & ~(uint64_t)3;
}

/* A recursive pointer has no size that could be told from its element's. */
static bool
size_edge(const struct fy_type *from, size_t i, const struct fy_type **out)
{
	if (from->recursive && (from->kind == FY_KIND_LIST ||
				from->kind == FY_KIND_OPTIONAL))
		return false;
	return any_edge(from, i, out);
}

static void
size_struct(struct fy_type *type)
{
	for (size_t i = 0; i < type->n_fields; i++) {
		const struct fy_type *field = type->fields[i].type;

		type->wire_min = plus(type->wire_min, field->wire_min);
		type->wire_max = plus(type->wire_max, field->wire_max);
	}
}

static void
size_union(struct fy_type *type)
{
	const struct fy_type *switched = fy_graph_base(type->discriminant);
	uint64_t head = switched->kind == FY_KIND_HYPER ||
					switched->kind == FY_KIND_UHYPER
				? 8 : 4;
	uint64_t least = FY_WIRE_UNBOUNDED, most = 0;

	for (size_t i = 0; i < type->n_arms; i++) {
		const struct fy_type *arm = type->arms[i].type;

		if (arm->wire_min < least)
			least = arm->wire_min;
		if (arm->wire_max > most)
			most = arm->wire_max;
	}
	type->wire_min = plus(head, type->n_arms > 0 ? least : 0);
	type->wire_max = plus(head, most);
}

static void
size_list(struct fy_type *type)
{
	type->wire_min = 4;
	type->wire_max = FY_WIRE_UNBOUNDED;
	if (!type->recursive && type->bound != FY_NO_BOUND)
		type->wire_max =
			plus(4, times(type->bound, type->element->wire_max));
}

static void
size_counted(struct fy_type *type)
{
	type->wire_min = 4;
	type->wire_max = type->bound == FY_NO_BOUND ? FY_WIRE_UNBOUNDED
						    : 4 + padded(type->bound);
}

static void
size_optional(struct fy_type *type)
{
	type->wire_min = 4;
	type->wire_max = type->recursive ? FY_WIRE_UNBOUNDED
					 : plus(4, type->element->wire_max);
}

static void
refuse_size(struct fy_graph *graph, const struct fy_type *type)
{
	struct fy_span at = { type->place, 1 };

	if (type->wire_min == FY_WIRE_UNBOUNDED && type->name)
		fy_diag_error(graph->diag, &at,
			      "'%s' takes more than 2^64 bytes", type->name);
}

static void
finish_size(struct fy_graph *graph, struct fy_node *node)
{
	struct fy_type *type = &node->type;

	if (type->kind == FY_KIND_STRUCT) {
		size_struct(type);
	} else if (type->kind == FY_KIND_UNION) {
		size_union(type);
	} else if (type->kind == FY_KIND_ENUM) {
		type->wire_min = type->wire_max = 4;
	} else if (type->kind == FY_KIND_FOREIGN) {
		type->wire_max = FY_WIRE_UNBOUNDED;
	} else if (type->kind == FY_KIND_OPAQUE) {
		type->wire_min = type->wire_max = padded(type->bound);
	} else if (type->kind == FY_KIND_ARRAY) {
		type->wire_min = times(type->bound, type->element->wire_min);
		type->wire_max = times(type->bound, type->element->wire_max);
	} else if (type->kind == FY_KIND_LIST) {
		size_list(type);
	} else if (type->kind == FY_KIND_OPTIONAL) {
		size_optional(type);
	} else if (type->kind == FY_KIND_ALIAS) {
		type->wire_min = type->element->wire_min;
		type->wire_max = type->element->wire_max;
	} else {
		size_counted(type);
	}
	refuse_size(graph, type);
}

static const struct walk size_walk = {
	.edge = size_edge,
	.finish = finish_size,
};

void
fy_graph_solve(struct fy_graph *graph)
{
	run(graph, &order_walk);
	run(graph, &component_walk);
	run(graph, &size_walk);
}

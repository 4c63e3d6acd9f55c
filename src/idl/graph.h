/* SPDX-License-Identifier: MIT */
/*
 * What types hold of each other: who contains himself, who comes before whom,
 * who is recursive, and how many bytes each takes on the wire.
 *
 * The types of a model are nodes; all walks are loops over a stack that lies
 * in the nodes, so that depth costs nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <ferry/err.h>

#include "idl/diag.h"
#include "idl/model.h"

/* A type of the model, and what the walks note on it. */
struct fy_node {
	struct fy_type type;
	struct fy_node *next; /* in the order they were made */

	unsigned int walk; /* the last that came here */
	bool open;	   /* it is not finished */
	struct fy_node *above;
	size_t n_edges; /* that were followed */

	struct fy_node *below; /* on the stack of those without a component */
	size_t index;
	size_t lowest;
	bool stacked;
};

struct fy_graph {
	struct fy_diag *diag;
	struct fy_node *nodes;
	struct fy_node **tail;
	size_t n_nodes;
	unsigned int n_walks;

	const struct fy_type **order; /* room for all nodes */
	size_t n_order;
	struct fy_node *stack;
	size_t n_indices;
};

/** fy_graph_node() - the node of a type with members; NULL for int and such */
struct fy_node *fy_graph_node(const struct fy_type *type);

/** fy_graph_base() - what a type is when its typedefs are taken away */
const struct fy_type *fy_graph_base(const struct fy_type *type);

/**
 * fy_graph_solve() - fills in .wire_min, .wire_max and .recursive of all
 * types, and graph->order with those that have a declaration
 *
 * Reports types that contain themselves; their sizes stay 0.
 */
void fy_graph_solve(struct fy_graph *graph);

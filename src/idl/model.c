/* SPDX-License-Identifier: MIT */
#include "idl/model.h"

#include <string.h>

#include "idl/build.h"
#include "idl/graph.h"
#include "idl/mem.h"

struct builder {
	struct ferry_arena *mem;
	struct fy_graph graph;
	struct fy_def *defs;
	size_t n_defs;
	const struct fy_type **foreign;
	size_t n_foreign;
	ferry_err err;
};

/* Where a type that is declared in place stands. */
struct owner {
	const struct fy_type *type;
	const char *member;
};

#define BASIC(kind_, bytes)                                                    \
	[kind_] = { .kind = (kind_), .wire_min = (bytes), .wire_max = (bytes) }

static const struct fy_type basics[] = {
	BASIC(FY_KIND_INT, 4),	    BASIC(FY_KIND_UINT, 4),
	BASIC(FY_KIND_CHAR, 4),	    BASIC(FY_KIND_UCHAR, 4),
	BASIC(FY_KIND_SHORT, 4),    BASIC(FY_KIND_USHORT, 4),
	BASIC(FY_KIND_BOOL, 4),	    BASIC(FY_KIND_FLOAT, 4),
	BASIC(FY_KIND_HYPER, 8),    BASIC(FY_KIND_UHYPER, 8),
	BASIC(FY_KIND_DOUBLE, 8),   BASIC(FY_KIND_QUADRUPLE, 16),
	BASIC(FY_KIND_VOID, 0),
};

static void fill_body(struct builder *b, struct fy_type *type,
		      const struct fy_ast_body *body);

static void *
new_items(struct builder *b, size_t n, size_t item_bytes)
{
	void *items = NULL;

	if (n <= SIZE_MAX / item_bytes)
		items = fy_new(b->mem, n * item_bytes);
	if (!items)
		b->err = FERRY_ENOMEM;
	return items;
}

/* A new type; NULL if there is no memory, which is latched. */
static struct fy_type *
new_type(struct builder *b, enum fy_kind kind)
{
	struct fy_node *node = new_items(b, 1, sizeof(*node));

	if (!node)
		return NULL;
	node->type.kind = kind;
	*b->graph.tail = node;
	b->graph.tail = &node->next;
	b->graph.n_nodes++;
	return &node->type;
}

/* ---- declarations ---- */

static const struct fy_type *
base_type(struct builder *b, const struct fy_ast_type *type, struct owner owner)
{
	struct fy_type *made;

	if (type->kind == FY_AST_BASIC)
		return &basics[type->basic];
	if (type->kind == FY_AST_NAMED && type->def && type->def->model)
		return type->def->model;
	if (type->kind == FY_AST_NAMED)
		return &basics[FY_KIND_INT]; /* reported */
	made = new_type(b, type->body->kind);
	if (!made)
		return &basics[FY_KIND_INT];
	made->owner = owner.type;
	made->owner_member = owner.member;
	made->place = type->body->at.place;
	fill_body(b, made, type->body);
	return made;
}

static const enum fy_kind shape_kinds[] = {
	[FY_AST_OPTIONAL] = FY_KIND_OPTIONAL, [FY_AST_ARRAY] = FY_KIND_ARRAY,
	[FY_AST_LIST] = FY_KIND_LIST,	      [FY_AST_STRING] = FY_KIND_STRING,
	[FY_AST_OPAQUE] = FY_KIND_OPAQUE,     [FY_AST_BYTES] = FY_KIND_BYTES,
};

/* Only what the model has can be named in what is made of it. */
static const char *
name_in_model(const struct fy_ast_constant *constant)
{
	if (!constant || (!constant->owner && !constant->def) ||
	    (constant->def && constant->def->built_in))
		return NULL;
	return constant->name.text;
}

/* The name in the model of a value that is all of what its constant has. */
static const char *
name_of_value(const struct fy_ast_value *value)
{
	if (!value->constant ||
	    value->constant->number.bits != value->number.bits)
		return NULL;
	return name_in_model(value->constant);
}

static void
fill_bound(struct fy_type *type, const struct fy_ast_value *bound)
{
	type->bound = FY_NO_BOUND;
	if (bound->known)
		type->bound = (uint32_t)bound->number.bits;
	else if (bound->kind != FY_AST_NO_VALUE)
		type->bound = 1; /* reported */
	type->bound_name = name_of_value(bound);
}

static const struct fy_type *
type_of(struct builder *b, const struct fy_ast_decl *decl, struct owner owner)
{
	struct fy_type *type;

	if (decl->shape == FY_AST_VOID)
		return &basics[FY_KIND_VOID];
	if (decl->shape == FY_AST_PLAIN)
		return base_type(b, &decl->type, owner);
	type = new_type(b, shape_kinds[decl->shape]);
	if (!type)
		return &basics[FY_KIND_INT];
	type->place = decl->at.place;
	if (decl->shape == FY_AST_OPTIONAL)
		type->bound = 1;
	else
		fill_bound(type, &decl->bound);
	if (decl->shape <= FY_AST_LIST)
		type->element = base_type(b, &decl->type, owner);
	return type;
}

/* ---- bodies ---- */

static void
fill_enum(struct builder *b, struct fy_type *type,
	  const struct fy_ast_body *body)
{
	struct fy_enumerator *list =
		new_items(b, body->n_items, sizeof(*list));
	const struct fy_ast_constant *one = body->enumerators;

	if (!list)
		return;
	for (size_t i = 0; i < body->n_items; i++, one = one->next)
		list[i] = (struct fy_enumerator){
			.name = one->name.text,
			.doc = one->doc,
			.place = one->name.at.place,
			.value = (int32_t)(uint32_t)one->number.bits,
		};
	type->enumerators = list;
	type->n_enumerators = body->n_items;
}

static void
fill_struct(struct builder *b, struct fy_type *type,
	    const struct fy_ast_body *body)
{
	struct fy_field *list = new_items(b, body->n_items, sizeof(*list));
	const struct fy_ast_decl *one = body->fields;

	if (!list)
		return;
	for (size_t i = 0; i < body->n_items; i++, one = one->next) {
		struct owner owner = { type, one->name.text };

		list[i] = (struct fy_field){
			.name = one->name.text,
			.doc = one->doc,
			.place = one->name.at.place,
			.type = type_of(b, one, owner),
		};
	}
	type->fields = list;
	type->n_fields = body->n_items;
}

static const char *
label_name(const struct fy_ast_value *value)
{
	const struct fy_ast_constant *constant = value->constant;

	/* TRUE and FALSE are in no model, but in every language. */
	if (constant && constant->def && constant->def->standard)
		return constant->name.text;
	return name_of_value(value);
}

static int64_t
label_value(const struct fy_ast_value *value)
{
	return (int64_t)value->number.bits;
}

static void
fill_labels(struct builder *b, struct fy_arm *to, const struct fy_ast_arm *arm)
{
	struct fy_label *list = new_items(b, arm->n_labels, sizeof(*list));
	const struct fy_ast_label *one = arm->labels;

	if (!list)
		return;
	/* What default takes too needs no label. */
	if (arm->is_default)
		return;
	for (size_t i = 0; i < arm->n_labels; i++, one = one->next)
		list[i] = (struct fy_label){
			.value = label_value(&one->value),
			.name = label_name(&one->value),
		};
	to->labels = list;
	to->n_labels = arm->n_labels;
}

static void
fill_arm(struct builder *b, struct fy_arm *to, const struct fy_ast_arm *arm,
	 struct owner owner)
{
	const struct fy_ast_decl *decl = &arm->decl;

	*to = (struct fy_arm){
		.doc = decl->doc,
		.place = decl->name.text ? decl->name.at.place
					 : decl->at.place,
		.name = decl->name.text,
		.type = type_of(b, decl, owner),
	};
	fill_labels(b, to, arm);
}

/* The default arm goes to the end. A second one was reported. */
static void
fill_union(struct builder *b, struct fy_type *type,
	   const struct fy_ast_body *body)
{
	struct fy_arm *list = new_items(b, body->n_items, sizeof(*list));
	size_t n = 0;
	const struct fy_ast_decl *switched = body->discriminant;
	const struct fy_ast_arm *one = body->arms;
	struct owner owner = { type, switched->name.text };

	if (!list)
		return;
	type->discriminant_name = switched->name.text;
	type->discriminant = type_of(b, switched, owner);
	for (; one; one = one->next) {
		bool last = one->is_default && !type->has_default;
		struct fy_arm *to = &list[last ? body->n_items - 1 : n++];

		owner.member = one->decl.name.text;
		fill_arm(b, to, one, owner);
		type->has_default |= one->is_default;
	}
	type->arms = list;
	type->n_arms = body->n_items;
}

/* Recursion ends at the depth to which the parser lets types nest. */
static void
fill_body(struct builder *b, struct fy_type *type,
	  const struct fy_ast_body *body)
{
	if (body->kind == FY_KIND_ENUM)
		fill_enum(b, type, body);
	else if (body->kind == FY_KIND_STRUCT)
		fill_struct(b, type, body);
	else
		fill_union(b, type, body);
}

/* ---- definitions ---- */

static const char *
decimal(struct builder *b, struct fy_number number)
{
	char text[FY_NUMBER_TEXT];
	const char *copy;

	fy_number_text(number, text);
	copy = fy_text(b->mem, text, strlen(text));
	if (!copy)
		b->err = FERRY_ENOMEM;
	return copy;
}

static const struct fy_const *
const_of(struct builder *b, const struct fy_ast_constant *from)
{
	struct fy_const *made = new_items(b, 1, sizeof(*made));

	if (!made)
		return NULL;
	*made = (struct fy_const){
		.name = from->name.text,
		.doc = from->def->doc,
		.place = from->name.at.place,
		.value = (int64_t)from->number.bits,
		.is_unsigned = !from->number.negative &&
			       from->number.bits > INT64_MAX,
		.spelled = from->value.spelled,
	};
	if (from->value.kind == FY_AST_TEXT)
		made->text = from->value.spelled;
	else if (from->value.kind == FY_AST_EXPR)
		made->spelled = decimal(b, from->number);
	return made;
}

static void
fill_procedure(struct builder *b, struct fy_procedure *to,
	       const struct fy_ast_procedure *from)
{
	const struct fy_type **args =
		new_items(b, from->n_args, sizeof(*args));
	const char **names = new_items(b, from->n_args, sizeof(*names));
	const struct fy_ast_decl *arg = from->args;
	struct owner nobody = { NULL, NULL };

	if (!args || !names)
		return;
	for (size_t i = 0; i < from->n_args; i++, arg = arg->next) {
		args[i] = type_of(b, arg, nobody);
		names[i] = arg->name.text;
	}
	*to = (struct fy_procedure){
		.name = from->name.text,
		.doc = from->doc,
		.place = from->name.at.place,
		.number = (uint32_t)from->value.number.bits,
		.result = type_of(b, &from->result, nobody),
		.n_args = from->n_args,
		.args = args,
		.arg_names = names,
	};
}

static void
fill_version(struct builder *b, struct fy_version *to,
	     const struct fy_ast_version *from)
{
	struct fy_procedure *list =
		new_items(b, from->n_procedures, sizeof(*list));
	const struct fy_ast_procedure *one = from->procedures;

	if (!list)
		return;
	for (size_t i = 0; i < from->n_procedures; i++, one = one->next)
		fill_procedure(b, &list[i], one);
	*to = (struct fy_version){
		.name = from->name.text,
		.doc = from->doc,
		.place = from->name.at.place,
		.number = (uint32_t)from->value.number.bits,
		.n_procedures = from->n_procedures,
		.procedures = list,
	};
}

static const struct fy_program *
program_of(struct builder *b, const struct fy_ast_def *from)
{
	struct fy_program *made = new_items(b, 1, sizeof(*made));
	struct fy_version *list =
		new_items(b, from->n_versions, sizeof(*list));
	const struct fy_ast_version *one = from->versions;

	if (!made || !list)
		return NULL;
	for (size_t i = 0; i < from->n_versions; i++, one = one->next)
		fill_version(b, &list[i], one);
	*made = (struct fy_program){
		.name = from->name.text,
		.doc = from->doc,
		.place = from->name.at.place,
		.number = (uint32_t)from->number.number.bits,
		.n_versions = from->n_versions,
		.versions = list,
	};
	return made;
}

static void
fill_type(struct builder *b, const struct fy_ast_def *def)
{
	struct owner owner = { def->model, NULL };

	if (def->kind == FY_AST_TYPE)
		fill_body(b, def->model, def->body);
	else
		def->model->element = type_of(b, def->decl, owner);
}

static bool
is_wanted(const struct fy_ast_def *def)
{
	return !def->built_in || (def->used && def->kind != FY_AST_CONST);
}

static bool
is_type(const struct fy_ast_def *def)
{
	return is_wanted(def) &&
	       (def->kind == FY_AST_TYPE || def->kind == FY_AST_TYPEDEF);
}

/* Types first, empty: any of them may name any other. */
static void
make_types(struct builder *b, const struct fy_ast *ast)
{
	for (struct fy_ast_def *def = ast->defs; def; def = def->next) {
		if (!is_type(def))
			continue;
		def->model = new_type(b, def->kind == FY_AST_TYPE
						 ? def->body->kind
						 : FY_KIND_ALIAS);
		if (!def->model)
			return;
		def->model->name = def->name.text;
		def->model->doc = def->doc;
		def->model->place = def->name.at.place;
	}
}

/* Known by their names alone. */
static void
make_foreign(struct builder *b, const struct fy_ast *foreign)
{
	for (struct fy_ast_def *def = foreign->defs; def; def = def->next)
		b->n_foreign++;
	b->foreign = new_items(b, b->n_foreign, sizeof(*b->foreign));
	if (!b->foreign)
		return;
	b->n_foreign = 0;
	for (struct fy_ast_def *def = foreign->defs; def; def = def->next) {
		def->model = new_type(b, FY_KIND_FOREIGN);
		if (!def->model)
			return;
		def->model->name = def->name.text;
		def->model->tag = def->tag;
		def->model->place = def->name.at.place;
		b->foreign[b->n_foreign++] = def->model;
	}
}

static void
fill_types(struct builder *b, const struct fy_ast *ast)
{
	for (const struct fy_ast_def *def = ast->defs; def && !b->err;
	     def = def->next) {
		if (is_type(def))
			fill_type(b, def);
	}
}

static void
add_def(struct builder *b, const struct fy_ast_def *def)
{
	struct fy_def *to = &b->defs[b->n_defs];

	*to = (struct fy_def){
		.place = def->name.at.place,
		.included = def->included,
	};
	if (def->kind == FY_AST_CONST) {
		to->kind = FY_DEF_CONST;
		to->constant = const_of(b, def->constant);
	} else if (def->kind == FY_AST_PROGRAM) {
		to->kind = FY_DEF_PROGRAM;
		to->program = program_of(b, def);
	} else if (is_type(def)) {
		to->kind = FY_DEF_TYPE;
		to->type = def->model;
	} else {
		return;
	}
	b->n_defs++;
}

/* Newlines as C has them, whatever the file has. */
static void
add_pass(struct builder *b, const struct fy_pass *pass)
{
	struct ferry_str text = pass->token.text;
	char *copy = new_items(b, (size_t)text.len + 1, 1);
	size_t len = 0;

	if (!copy)
		return;
	for (uint32_t i = 0; i < text.len; i++) {
		if (text.data[i] != '\r' ||
		    (i + 1 < text.len && text.data[i + 1] != '\n'))
			copy[len++] = text.data[i];
	}
	b->defs[b->n_defs++] = (struct fy_def){
		.kind = FY_DEF_PASS,
		.place = pass->token.at.place,
		.included = pass->token.included,
		.text = copy,
	};
}

/* A % line inside of a definition comes out before it, as with rpcgen. */
static void
add_defs(struct builder *b, const struct fy_stream *stream,
	 const struct fy_ast *ast)
{
	const struct fy_pass *pass = stream->passes;

	for (const struct fy_ast_def *def = ast->defs; def; def = def->next) {
		for (; pass && pass->before <= def->last; pass = pass->next)
			add_pass(b, pass);
		add_def(b, def);
	}
	for (; pass; pass = pass->next)
		add_pass(b, pass);
}

static size_t
count(const struct fy_tree *tree)
{
	size_t n = 0;

	for (const struct fy_ast_def *def = tree->built_in.defs; def;
	     def = def->next)
		n++;
	for (const struct fy_ast_def *def = tree->file.defs; def;
	     def = def->next)
		n++;
	for (const struct fy_pass *pass = tree->stream->passes; pass;
	     pass = pass->next)
		n++;
	return n;
}

static ferry_err
name_model(struct builder *b, const char *path, struct fy_model *model)
{
	const char *slash = strrchr(path, '/');
	const char *file = slash ? slash + 1 : path;
	size_t len = strlen(file);

	if (len > 2 && strcmp(file + len - 2, ".x") == 0)
		len -= 2;
	model->file = file;
	model->stem = fy_text(b->mem, file, len);
	return model->stem ? FERRY_OK : FERRY_ENOMEM;
}

static ferry_err
solve(struct builder *b)
{
	b->graph.order =
		new_items(b, b->graph.n_nodes, sizeof(struct fy_type *));
	if (!b->err)
		fy_graph_solve(&b->graph);
	return b->err;
}

ferry_err
fy_model_build(struct fy_idl *idl, const struct fy_source *file,
	       const struct fy_tree *tree, const struct fy_model **out)
{
	const struct fy_ast *built_in = &tree->built_in;
	const struct fy_ast *ast = &tree->file;
	struct builder b = { .mem = idl->mem };
	struct fy_model *model = new_items(&b, 1, sizeof(*model));
	ferry_err err;

	b.graph.diag = &idl->diag;
	b.graph.tail = &b.graph.nodes;
	b.defs = new_items(&b, count(tree), sizeof(*b.defs));
	if (b.err)
		return b.err;
	make_types(&b, built_in);
	make_types(&b, ast);
	make_foreign(&b, &tree->foreign);
	fill_types(&b, built_in);
	fill_types(&b, ast);
	for (const struct fy_ast_def *def = built_in->defs; def;
	     def = def->next) {
		if (is_wanted(def))
			add_def(&b, def);
	}
	if (!b.err)
		add_defs(&b, tree->stream, ast);
	err = b.err ? b.err : solve(&b);
	if (!err)
		err = name_model(&b, file->path, model);
	if (err)
		return err;
	model->n_defs = b.n_defs;
	model->defs = b.defs;
	model->n_types = b.graph.n_order;
	model->types = b.graph.order;
	model->n_foreign = b.n_foreign;
	model->foreign = b.foreign;
	*out = model;
	return FERRY_OK;
}

/* SPDX-License-Identifier: MIT */
/* What a server fills in, and how a call finds its handler and its answer. */
#include <inttypes.h>
#include <stdlib.h>

#include "gen/c/c.h"
#include "idl/mem.h"

void
fy_c_server_prototypes(struct fy_c *c, const struct fy_c_version *v)
{
	struct fy_emit *e = &c->header;
	const char *what =
		fy_c_join(c, "What a server of ", v->program->name, " version ",
			  fy_c_u64(c, v->version->number));

	fy_emit_comment(e, fy_c_join(c, what, " fills in; a NULL member answers"
					      "\nPROC_UNAVAIL. A handler's @out"
					      " is zeroed before it runs.",
				     NULL, NULL));
	fy_emit(e, "struct $ops {\n", "ops", v->ops);
	e->indent++;
	for (size_t i = 0; i < v->version->n_procedures; i++)
		fy_emit(e, "ferry_err (*$member)$params;\n", "member",
			v->items[i].member, "params",
			fy_c_params(c, &v->items[i], true,
				    fy_c_out(c, &v->items[i])));
	if (!v->version->n_procedures)
		fy_emit(e, "char none;\n");
	e->indent--;
	fy_emit(e,
		"};\n\n"
		"ferry_err $serve(struct ferry_server *server, "
		"const struct $ops *ops, void *ctx);\n\n",
		"serve", v->serve, "ops", v->ops);

	fy_emit_comment(e,
			"The answers of handlers that returned FERRY_LATER.");
	for (size_t i = 0; i < v->version->n_procedures; i++) {
		const char *out = fy_c_out(c, &v->items[i]);

		if (*out)
			out = fy_c_join(c, "const ", out, NULL, NULL);
		fy_emit(e, "ferry_err $reply$params;\n", "reply",
			v->items[i].reply, "params",
			fy_c_params(c, &v->items[i], false, out));
	}
	fy_emit(e, "\n");
}

static void
emit_reply(struct fy_c *c, const struct fy_c_version *v,
	   const struct fy_c_procedure *p)
{
	const char *out = fy_c_out(c, p);

	if (*out)
		out = fy_c_join(c, "const ", out, NULL, NULL);
	fy_emit(&c->source,
		"FERRY_COLD ferry_err\n$name$params\n{\n"
		"\treturn ferry_stub_reply(call, $out, &$table, $number);\n"
		"}\n\n",
		"name", p->reply, "params", fy_c_params(c, p, false, out),
		"out", *out ? "out" : "NULL", "table", v->table, "number",
		fy_c_u64(c, p->procedure->number));
}

/* The arguments of a handler, behind the call. */
static const char *
handler_args(struct fy_c *c, const struct fy_c_procedure *p)
{
	const struct fy_procedure *procedure = p->procedure;
	const char *all = "";

	for (size_t i = 0; procedure->n_args > 1 && i < procedure->n_args; i++)
		all = fy_c_join(c, all, ", p->", p->args[i], NULL);
	if (procedure->n_args == 1)
		all = fy_c_is_arg_pointer(procedure->args[0]) ? ", args"
							      : ", *p";
	return procedure->result->kind == FY_KIND_VOID
		       ? all
		       : fy_c_join(c, all, ", out", NULL, NULL);
}

/* What "p" is in handler_args(); NULL: there is none. */
static const char *
args_type(struct fy_c *c, const struct fy_c_procedure *p)
{
	const struct fy_procedure *procedure = p->procedure;

	if (procedure->n_args > 1)
		return fy_c_join(c, "const struct ", p->args_tag, NULL, NULL);
	if (procedure->n_args == 0 || fy_c_is_arg_pointer(procedure->args[0]))
		return NULL;
	/* Behind the type: what is const may be a pointer. */
	return fy_c_declare(c, fy_c_spell(c, procedure->args[0]), "const");
}

static void
emit_case(struct fy_c *c, const struct fy_c_procedure *p)
{
	struct fy_emit *e = &c->source;
	const char *type = args_type(c, p);
	const char *number = fy_c_u64(c, p->procedure->number);

	if (type)
		fy_emit(e, "case $number: {\n\t$type *p = args;\n\n", "number",
			number, "type", type);
	else
		fy_emit(e, "case $number:\n", "number", number);
	e->indent++;
	fy_emit(e, "return ops->$member(call$args);\n", "member", p->member,
		"args", handler_args(c, p));
	e->indent--;
	if (type)
		fy_emit(e, "}\n");
}

static void
emit_enter(struct fy_c *c, const struct fy_c_version *v)
{
	struct fy_emit *e = &c->source;
	bool any_args = false, any_out = false;

	for (size_t i = 0; i < v->version->n_procedures; i++) {
		const struct fy_procedure *p = &v->version->procedures[i];

		any_args |= p->n_args > 0;
		any_out |= p->result->kind != FY_KIND_VOID;
	}
	fy_emit(e,
		"FERRY_COLD static ferry_err\n"
		"$name(struct ferry_call *call, uint32_t procedure, "
		"const void *handlers, const void *args, void *out)\n"
		"{\n"
		"\tconst struct $ops *ops = handlers;\n\n",
		"name", v->enter, "ops", v->ops);
	e->indent++;
	if (!any_args)
		fy_emit(e, "(void)args;\n");
	if (!any_out)
		fy_emit(e, "(void)out;\n");
	fy_emit(e, "switch (procedure) {\n");
	for (size_t i = 0; i < v->version->n_procedures; i++)
		emit_case(c, &v->items[i]);
	fy_emit(e, "default:\n\treturn FERRY_EPROC;\n}\n");
	e->indent--;
	fy_emit(e, "}\n\n");
}

static int
by_number(const void *a, const void *b)
{
	const struct fy_c_procedure *const *x = a, *const *y = b;
	uint32_t p = (*x)->procedure->number, q = (*y)->procedure->number;

	return p < q ? -1 : p > q;
}

static void
emit_procedures(struct fy_c *c, const struct fy_c_version *v)
{
	struct fy_emit *e = &c->source;
	size_t n = v->version->n_procedures;
	const struct fy_c_procedure **sorted =
		fy_new(c->mem, n * sizeof(*sorted) + 1);

	if (!sorted) {
		e->err = FERRY_ENOMEM;
		return;
	}
	for (size_t i = 0; i < n; i++)
		sorted[i] = &v->items[i];
	qsort(sorted, n, sizeof(*sorted), by_number);

	fy_emit(e, "static const struct ferry_procedure $name[] = {\n", "name",
		v->procedures);
	e->indent++;
	for (size_t i = 0; i < n; i++)
		fy_emit(e,
			"{ $number, offsetof(struct $ops, $member), "
			"\"$name\", $args, $result },\n",
			"number", fy_c_u64(c, sorted[i]->procedure->number),
			"ops", v->ops, "member", sorted[i]->member, "name",
			sorted[i]->procedure->name, "args",
			fy_c_args_codec(c, sorted[i]), "result",
			fy_c_result_codec(c, sorted[i]));
	e->indent--;
	fy_emit(e, "};\n\n");
}

static void
emit_version(struct fy_c *c, const struct fy_c_version *v)
{
	struct fy_emit *e = &c->source;
	size_t n = v->version->n_procedures;
	const char *number = fy_format(c->mem, "0x%" PRIx32,
				       v->program->number);

	fy_emit(e, "static const struct ferry_version $table = {\n", "table",
		v->table);
	e->indent++;
	fy_emit(e,
		"\"$program\", $number, $version, $n, $procedures, $serve, "
		"$enter,\n",
		"program", v->program->name, "number",
		fy_c_keep(c, number), "version",
		fy_c_u64(c, v->version->number), "n", fy_c_u64(c, n),
		"procedures", n ? v->procedures : "NULL", "serve",
		n ? "ferry_stub_serve" : "NULL", "enter",
		n ? v->enter : "NULL");
	e->indent--;
	fy_emit(e, "};\n\n");
}

void
fy_c_server(struct fy_c *c, const struct fy_c_version *v)
{
	size_t n = v->version->n_procedures;

	for (size_t i = 0; i < n; i++)
		fy_c_procedure_codecs(c, &v->items[i]);
	if (n) {
		emit_procedures(c, v);
		emit_enter(c, v);
	}
	emit_version(c, v);
	fy_emit(&c->source,
		"ferry_err\n"
		"$serve(struct ferry_server *server, "
		"const struct $ops *ops, void *ctx)\n"
		"{\n"
		"\treturn ferry_server_add(server, &$table, ops, ctx);\n"
		"}\n\n",
		"serve", v->serve, "ops", v->ops, "table", v->table);
	for (size_t i = 0; i < n; i++)
		emit_reply(c, v, &v->items[i]);
}

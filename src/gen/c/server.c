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
emit_reply(struct fy_c *c, const struct fy_c_procedure *p)
{
	struct fy_emit *e = &c->source;
	const struct fy_type *result = p->procedure->result;
	const char *out = fy_c_out(c, p);

	if (*out)
		out = fy_c_join(c, "const ", out, NULL, NULL);
	fy_emit(e, "FERRY_COLD ferry_err\n$name$params\n{\n", "name", p->reply,
		"params", fy_c_params(c, p, false, out));
	e->indent++;
	if (*out)
		fy_emit(e,
			"struct ferry_encoder *e;\n\n"
			"e = ferry_reply_begin(call, $size);\n"
			"$put\n",
			"size", fy_c_size_of(c, result, "*out"), "put",
			fy_c_put_of(c, result, "*out"));
	else
		fy_emit(e, "ferry_reply_begin(call, 0);\n");
	fy_emit(e, "return ferry_reply_send(call);\n");
	e->indent--;
	fy_emit(e, "}\n\n");
}

/*
 * What is handed over by pointer lies in the call's memory, not on the stack:
 * a handler that answers later may keep it until then.
 */
static void
emit_get_args(struct fy_c *c, const struct fy_c_procedure *p)
{
	struct fy_emit *e = &c->source;

	for (size_t i = 0; i < p->procedure->n_args; i++) {
		const struct fy_type *type = p->procedure->args[i];
		const char *get = fy_c_get_of(c, type, fy_c_arg(c, p, i));

		if (fy_c_is_arg_pointer(type))
			fy_emit(e,
				"$arg = ferry_get_memory(d, 1, "
				"sizeof(*$arg));\n"
				"if ($arg)\n"
				"\t$get\n",
				"arg", p->args[i], "get", get);
		else
			fy_emit(e, "$get\n", "get", get);
	}
}

static void
emit_locals(struct fy_c *c, const struct fy_c_version *v,
	    const struct fy_c_procedure *p)
{
	struct fy_emit *e = &c->source;

	fy_emit(e, "const struct $ops *ops = handlers;\n", "ops", v->ops);
	for (size_t i = 0; i < p->procedure->n_args; i++) {
		const struct fy_type *type = p->procedure->args[i];
		const char *spelled = fy_c_spell(c, type);

		if (fy_c_is_arg_pointer(type))
			spelled = fy_c_declare(c, spelled, "*");
		fy_emit(e, "$arg;\n", "arg",
			fy_c_declare(c, spelled, p->args[i]));
	}
	if (p->procedure->result->kind != FY_KIND_VOID)
		fy_emit(e, "$out;\n", "out",
			fy_c_declare(c, fy_c_spell(c, p->procedure->result),
				     "out"));
	fy_emit(e, "ferry_err err;\n\n");
}

static void
emit_serve(struct fy_c *c, const struct fy_c_version *v,
	   const struct fy_c_procedure *p)
{
	struct fy_emit *e = &c->source;
	bool has_out = p->procedure->result->kind != FY_KIND_VOID;
	const char *args = "call";

	for (size_t i = 0; i < p->procedure->n_args; i++)
		args = fy_c_join(c, args, ", ", p->args[i], NULL);
	fy_emit(e,
		"FERRY_COLD static ferry_err\n"
		"$serve(struct ferry_call *call, const void *handlers, "
		"struct ferry_decoder *d)\n"
		"{\n",
		"serve", p->serve);
	e->indent++;
	emit_locals(c, v, p);
	fy_emit(e,
		"if (!ops->$member)\n"
		"\treturn FERRY_EPROC;\n",
		"member", p->member);
	emit_get_args(c, p);
	fy_emit(e,
		"err = ferry_get_end(d);\n"
		"if (err)\n"
		"\treturn err == FERRY_ENOMEM ? err : FERRY_EARGS;\n");
	if (has_out)
		fy_emit(e, "memset(&out, 0, sizeof(out));\n");
	fy_emit(e,
		"err = ops->$member($args$out);\n"
		"return err ? err : $reply(call$out);\n",
		"member", p->member, "args", args, "reply", p->reply, "out",
		has_out ? ", &out" : "");
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
	for (size_t i = 0; i < n; i++)
		fy_emit(e, "\t{ $number, \"$name\" },\n", "number",
			fy_c_u64(c, sorted[i]->procedure->number), "name",
			sorted[i]->procedure->name);
	fy_emit(e, "};\n\n");

	fy_emit(e,
		"FERRY_COLD static ferry_err\n"
		"$name(struct ferry_call *call, "
		"const struct ferry_procedure *procedure, "
		"const void *handlers, struct ferry_decoder *d)\n"
		"{\n"
		"\tswitch (procedure->number) {\n",
		"name", v->enter);
	for (size_t i = 0; i < n; i++)
		fy_emit(e,
			"\tcase $number:\n"
			"\t\treturn $serve(call, handlers, d);\n",
			"number", fy_c_u64(c, sorted[i]->procedure->number),
			"serve", sorted[i]->serve);
	fy_emit(e, "\tdefault:\n\t\treturn FERRY_EPROC;\n\t}\n}\n\n");
}

void
fy_c_server(struct fy_c *c, const struct fy_c_version *v)
{
	struct fy_emit *e = &c->source;
	size_t n = v->version->n_procedures;
	const char *number = fy_format(c->mem, "0x%" PRIx32,
				       v->program->number);

	for (size_t i = 0; i < n; i++) {
		emit_reply(c, &v->items[i]);
		emit_serve(c, v, &v->items[i]);
	}
	if (n)
		emit_procedures(c, v);
	fy_emit(e,
		"static const struct ferry_version $table = {\n"
		"\t\"$program\", $number, $version, $n, $procedures, $enter,\n"
		"};\n\n"
		"ferry_err\n"
		"$serve(struct ferry_server *server, "
		"const struct $ops *ops, void *ctx)\n"
		"{\n"
		"\treturn ferry_server_add(server, &$table, ops, ctx);\n"
		"}\n\n",
		"table", v->table, "program", v->program->name, "number",
		number ? number : "0", "version",
		fy_c_u64(c, v->version->number), "n", fy_c_u64(c, n),
		"procedures", n ? v->procedures : "NULL", "enter",
		n ? v->enter : "NULL", "serve", v->serve,
		"ops", v->ops);
}

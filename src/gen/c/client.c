/* SPDX-License-Identifier: MIT */
/* What a client calls: list_1(), and its two halves. */
#include "gen/c/c.h"

/* What there is to say of the arguments and the result. */
static const char *
describe(struct fy_c *c, const struct fy_c_procedure *p)
{
	const char *text = "";

	for (size_t i = 0; i < p->procedure->n_args; i++) {
		const struct fy_type *base = fy_c_base(p->procedure->args[i]);

		if ((base->kind != FY_KIND_STRING &&
		     base->kind != FY_KIND_BYTES) ||
		    base->bound == FY_NO_BOUND)
			continue;
		text = fy_c_join(c, text, "\n@", p->args[i], ": at most ");
		text = fy_c_join(c, text, fy_c_u64(c, base->bound), " bytes",
				 NULL);
	}
	return text;
}

static void
comment(struct fy_c *c, const struct fy_c_procedure *p)
{
	const struct fy_procedure *procedure = p->procedure;
	const char *text = fy_c_join(c, procedure->name, " = ",
				     fy_c_u64(c, procedure->number), ", ");

	text = fy_c_join(c, text, c->model->file, ":",
			 fy_c_u64(c, procedure->place.line));
	if (procedure->doc)
		text = fy_c_join(c, text, "\n\n", procedure->doc, NULL);
	fy_emit_comment(&c->header, fy_c_join(c, text, describe(c, p), NULL,
					      NULL));
}

void
fy_c_client_prototypes(struct fy_c *c, const struct fy_c_version *v)
{
	for (size_t i = 0; i < v->version->n_procedures; i++) {
		const struct fy_c_procedure *p = &v->items[i];
		const char *out = fy_c_out(c, p);

		comment(c, p);
		fy_emit(&c->header,
			"ferry_err $name$params;\n"
			"ferry_err $start$args;\n"
			"ferry_err $finish$out;\n\n",
			"name", p->name, "params",
			fy_c_params(c, p, true, out), "start", p->start, "args",
			fy_c_params(c, p, true, ""), "finish", p->finish, "out",
			fy_c_params(c, p, false, out));
	}
}

/* The arguments as a pointer that the library takes. */
static const char *
emit_args(struct fy_c *c, const struct fy_c_procedure *p)
{
	size_t n = p->procedure->n_args;
	const char *all = "";

	if (n == 0)
		return "NULL";
	if (n == 1)
		return fy_c_join(c,
				 fy_c_is_arg_pointer(p->procedure->args[0])
					 ? ""
					 : "&",
				 p->args[0], NULL, NULL);
	for (size_t i = 0; i < n; i++)
		all = fy_c_join(c, all, i ? ", " : "", p->args[i], NULL);
	fy_emit(&c->source, "\tconst struct $tag args = { $all };\n\n", "tag",
		p->args_tag, "all", all);
	return "&args";
}

static void
emit_start(struct fy_c *c, const struct fy_c_version *v,
	   const struct fy_c_procedure *p)
{
	fy_emit(&c->source, "FERRY_COLD ferry_err\n$name$params\n{\n", "name",
		p->start, "params", fy_c_params(c, p, true, ""));
	fy_emit(&c->source,
		"\treturn ferry_stub_start(call, $args, &$table, $number);\n"
		"}\n\n",
		"args", emit_args(c, p), "table", v->table, "number",
		fy_c_u64(c, p->procedure->number));
}

static void
emit_finish(struct fy_c *c, const struct fy_c_version *v,
	    const struct fy_c_procedure *p)
{
	const char *out = fy_c_out(c, p);

	fy_emit(&c->source,
		"FERRY_COLD ferry_err\n$name$params\n{\n"
		"\treturn ferry_stub_finish(call, $out, &$table, $number);\n"
		"}\n\n",
		"name", p->finish, "params", fy_c_params(c, p, false, out),
		"out", *out ? "out" : "NULL", "table", v->table, "number",
		fy_c_u64(c, p->procedure->number));
}

static void
emit_call(struct fy_c *c, const struct fy_c_version *v,
	  const struct fy_c_procedure *p)
{
	const char *out = fy_c_out(c, p);

	fy_emit(&c->source, "FERRY_COLD ferry_err\n$name$params\n{\n", "name",
		p->name, "params", fy_c_params(c, p, true, out));
	fy_emit(&c->source,
		"\treturn ferry_stub_call(call, $args, $out, &$table, "
		"$number);\n"
		"}\n\n",
		"args", emit_args(c, p), "out", *out ? "out" : "NULL", "table",
		v->table, "number", fy_c_u64(c, p->procedure->number));
}

void
fy_c_client(struct fy_c *c, const struct fy_c_version *v)
{
	for (size_t i = 0; i < v->version->n_procedures; i++) {
		emit_call(c, v, &v->items[i]);
		emit_start(c, v, &v->items[i]);
		emit_finish(c, v, &v->items[i]);
	}
}

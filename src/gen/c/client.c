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

/* The sizes of all arguments as one sum. */
static const char *
sum_sizes(struct fy_c *c, const struct fy_c_procedure *p)
{
	const char *sum = NULL;
	uint64_t fixed = 0;

	for (size_t i = 0; i < p->procedure->n_args; i++) {
		const struct fy_type *type = fy_c_base(p->procedure->args[i]);
		const char *size;

		if (fy_c_is_fixed(type)) {
			fixed += type->wire_min;
			continue;
		}
		size = fy_c_size_of(c, p->procedure->args[i],
				    fy_c_arg(c, p, i));
		sum = sum ? fy_c_join(c, sum, " + ", size, NULL) : size;
	}
	if (!sum || fixed >= UINT32_MAX)
		return fy_c_fixed(c, fixed);
	if (!fixed)
		return sum;
	return fy_c_join(c, fy_c_u64(c, fixed), " + ", sum, NULL);
}

static void
emit_start(struct fy_c *c, const struct fy_c_version *v,
	   const struct fy_c_procedure *p)
{
	struct fy_emit *e = &c->source;
	size_t n_args = p->procedure->n_args;

	fy_emit(e, "FERRY_COLD ferry_err\n$name$params\n{\n", "name", p->start,
		"params", fy_c_params(c, p, true, ""));
	e->indent++;
	if (n_args)
		fy_emit(e, "struct ferry_encoder *e;\n\n");
	fy_emit(e, "$begin(call, &$table, $number, $bytes);\n", "begin",
		n_args ? "e = ferry_call_begin" : "ferry_call_begin", "table",
		v->table, "number", fy_c_u64(c, p->procedure->number), "bytes",
		sum_sizes(c, p));
	for (size_t i = 0; i < n_args; i++)
		fy_emit(e, "$put\n", "put",
			fy_c_put_of(c, p->procedure->args[i],
				    fy_c_arg(c, p, i)));
	fy_emit(e, "return ferry_call_send(call);\n");
	e->indent--;
	fy_emit(e, "}\n\n");
}

static void
emit_finish(struct fy_c *c, const struct fy_c_procedure *p)
{
	struct fy_emit *e = &c->source;
	const struct fy_type *result = p->procedure->result;
	const char *out = fy_c_out(c, p);

	fy_emit(e, "FERRY_COLD ferry_err\n$name$params\n{\n", "name", p->finish,
		"params", fy_c_params(c, p, false, out));
	e->indent++;
	if (!*out) {
		fy_emit(e, "ferry_call_wait(call);\n"
			   "return ferry_call_end(call);\n");
	} else {
		fy_emit(e,
			"struct ferry_decoder *d = ferry_call_wait(call);\n"
			"$got;\n"
			"ferry_err err;\n\n"
			"$get\n"
			"err = ferry_call_end(call);\n"
			"if (!err)\n"
			"\t*out = got;\n"
			"return err;\n",
			"got", fy_c_declare(c, fy_c_spell(c, result), "got"),
			"get", fy_c_get_of(c, result, "got"));
	}
	e->indent--;
	fy_emit(e, "}\n\n");
}

static void
emit_call(struct fy_c *c, const struct fy_c_procedure *p)
{
	struct fy_emit *e = &c->source;
	const char *out = fy_c_out(c, p);
	const char *args = "call";

	for (size_t i = 0; i < p->procedure->n_args; i++)
		args = fy_c_join(c, args, ", ", p->args[i], NULL);
	fy_emit(e,
		"FERRY_COLD ferry_err\n$name$params\n{\n"
		"\tferry_err err = $start($args);\n\n"
		"\treturn err ? err : $finish(call$out);\n"
		"}\n\n",
		"name", p->name, "params", fy_c_params(c, p, true, out),
		"start", p->start, "args", args, "finish", p->finish, "out",
		*out ? ", out" : "");
}

void
fy_c_client(struct fy_c *c, const struct fy_c_version *v)
{
	for (size_t i = 0; i < v->version->n_procedures; i++) {
		emit_start(c, v, &v->items[i]);
		emit_finish(c, &v->items[i]);
		emit_call(c, &v->items[i]);
	}
}

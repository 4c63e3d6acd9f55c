/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

static const struct ferry_values class__values = {
	new_, 7, 4, (const int32_t[]){
		new_,
		delete_,
		private_,
		FERRY_OK_,
	},
};

const struct ferry_codec class__codec = {
	sizeof(enum class_), 4, 1, true, false,
	{ (const struct ferry_row[]){
		{ FERRY_KIND_ENUM, 0, 1, { .values = &class__values } },
	} },
};

static const struct ferry_row ferry_call__rows_[] = {
	{ FERRY_KIND_INT, offsetof(struct ferry_call_, this_), 1, { NULL } },
	{ FERRY_KIND_ENUM, offsetof(struct ferry_call_, class_), 1, { .values =
		&class__values } },
	{ FERRY_KIND_INT, offsetof(struct ferry_call_, n_items), 1, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct ferry_call_, items), UINT32_MAX,
	 { &ferry_codec_int } },
	{ FERRY_KIND_COUNT, offsetof(struct ferry_call_, n_items_), 0,
	 { NULL } },
};

const struct ferry_codec ferry_call__codec_ = {
	sizeof(struct ferry_call_), 16, 5, false, false, { ferry_call__rows_ },
};

static const struct ferry_row namespace__rows[] = {
	{ FERRY_KIND_INT, offsetof(struct namespace_, u), 3, { NULL } },
	{ FERRY_KIND_STRING, offsetof(struct namespace_, template_), UINT32_MAX,
	 { NULL } },
	{ FERRY_KIND_OPTIONAL, offsetof(struct namespace_, virtual_), 0,
	 { &ferry_call__codec_ } },
};

const struct ferry_codec namespace__codec = {
	sizeof(struct namespace_), 20, 3, false, false, { namespace__rows },
};

static const struct ferry_case operator__cases[] = {
	{ new_, 1 },
	{ delete_, 2 },
};

static const struct ferry_row operator__rows[] = {
	{ FERRY_KIND_ENUM, offsetof(struct operator_, u_), 1, { .values =
		&class__values } },
	{ FERRY_KIND_SWITCH_DEFAULT, 0, 2, { .cases = operator__cases } },
	{ FERRY_KIND_VOID, 0, 0, { NULL } },
	{ FERRY_KIND_INT, offsetof(struct operator_, u.register_), 1,
	 { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct operator_, u.catch_.items),
	 UINT32_MAX, { &ferry_codec_int } },
	{ FERRY_KIND_COUNT, offsetof(struct operator_, u.catch_.n_items), 0,
	 { NULL } },
};

const struct ferry_codec operator__codec = {
	sizeof(struct operator_), 4, 2, false, false, { operator__rows },
};

static const struct ferry_row foo_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct foo, a), 1, { NULL } },
};

const struct ferry_codec foo_codec = {
	sizeof(struct foo), 4, 1, true, false, { foo_rows },
};

static const struct ferry_row foo_size_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct foo_size, b), 1, { NULL } },
};

const struct ferry_codec foo_size_codec = {
	sizeof(struct foo_size), 4, 1, true, false, { foo_size_rows },
};

static const struct ferry_row path_rows[] = {
	{ FERRY_KIND_STRING, 0, 10, { NULL } },
};

const struct ferry_codec path_codec = {
	sizeof(struct ferry_str), 4, 1, false, false, { path_rows },
};

static const struct ferry_row same_rows[] = {
	{ FERRY_KIND_STRING, offsetof(struct same, path), 10, { NULL } },
	{ FERRY_KIND_UINT, offsetof(struct same, number), 1, { NULL } },
	{ FERRY_KIND_RECORD, offsetof(struct same, foo), 0, { &foo_codec } },
};

const struct ferry_codec same_codec = {
	sizeof(struct same), 12, 3, false, false, { same_rows },
};

static const struct ferry_row s0_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct s0, goto_), 1, { NULL } },
};

const struct ferry_codec s0_codec = {
	sizeof(struct s0), 4, 1, true, false, { s0_rows },
};

struct list_1_args {
	out_ arg1;
	number arg2;
	const struct foo *foo;
	struct ferry_str path;
};

static const struct ferry_row list_1_args_codec_rows[] = {
	{ FERRY_KIND_INT, offsetof(struct list_1_args, arg1), 1, { NULL } },
	{ FERRY_KIND_UINT, offsetof(struct list_1_args, arg2), 1, { NULL } },
	{ FERRY_KIND_RECORD_AT, offsetof(struct list_1_args, foo), 0,
	 { &foo_codec } },
	{ FERRY_KIND_STRING, offsetof(struct list_1_args, path), 10, { NULL } },
};

static const struct ferry_codec list_1_args_codec = {
	sizeof(struct list_1_args), 0, 4, false, false,
		{ list_1_args_codec_rows },
};

struct list_1__args {
	const struct foo *foo;
	const struct foo *arg2;
};

static const struct ferry_row list_1__args_codec_rows[] = {
	{ FERRY_KIND_RECORD_AT, offsetof(struct list_1__args, foo), 0,
	 { &foo_codec } },
	{ FERRY_KIND_RECORD_AT, offsetof(struct list_1__args, arg2), 0,
	 { &foo_codec } },
};

static const struct ferry_codec list_1__args_codec = {
	sizeof(struct list_1__args), 0, 2, false, false,
		{ list_1__args_codec_rows },
};

struct switch_1_args {
	enum class_ arg1;
	const struct ferry_call_ *arg2;
};

static const struct ferry_row switch_1_args_codec_rows[] = {
	{ FERRY_KIND_ENUM, offsetof(struct switch_1_args, arg1), 1, { .values =
		&class__values } },
	{ FERRY_KIND_RECORD_AT, offsetof(struct switch_1_args, arg2), 0,
	 { &ferry_call__codec_ } },
};

static const struct ferry_codec switch_1_args_codec = {
	sizeof(struct switch_1_args), 0, 2, false, false,
		{ switch_1_args_codec_rows },
};

static const struct ferry_procedure call_1_procedures[] = {
	{ 0, offsetof(struct call_1_ops, null), "NULL", NULL, NULL },
	{ 1, offsetof(struct call_1_ops, list_), "LIST", &list_1__args_codec,
	 &ferry_codec_uint },
	{ 2, offsetof(struct call_1_ops, list), "List", &list_1_args_codec,
	 &ferry_codec_uint },
	{ 3, offsetof(struct call_1_ops, switch_), "Switch",
	 &switch_1_args_codec, &namespace__codec },
};

FERRY_COLD static ferry_err
enter_call_1(struct ferry_call *call, uint32_t procedure, const void *handlers,
	     const void *args, void *out)
{
	const struct call_1_ops *ops = handlers;

	switch (procedure) {
	case 0:
		return ops->null(call);
	case 2: {
		const struct list_1_args *p = args;

		return ops->list(call, p->arg1, p->arg2, p->foo, p->path, out);
	}
	case 1: {
		const struct list_1__args *p = args;

		return ops->list_(call, p->foo, p->arg2, out);
	}
	case 3: {
		const struct switch_1_args *p = args;

		return ops->switch_(call, p->arg1, p->arg2, out);
	}
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version call_1_version = {
	"CALL", 0x20000010, 1, 4, call_1_procedures, ferry_stub_serve,
		enter_call_1,
};

ferry_err
call_1_serve(struct ferry_server *server, const struct call_1_ops *ops,
	     void *ctx)
{
	return ferry_server_add(server, &call_1_version, ops, ctx);
}

FERRY_COLD ferry_err
null_1_reply(struct ferry_call *call)
{
	return ferry_stub_reply(call, NULL, &call_1_version, 0);
}

FERRY_COLD ferry_err
list_1_reply(struct ferry_call *call, const number *out)
{
	return ferry_stub_reply(call, out, &call_1_version, 2);
}

FERRY_COLD ferry_err
list_1__reply(struct ferry_call *call, const number *out)
{
	return ferry_stub_reply(call, out, &call_1_version, 1);
}

FERRY_COLD ferry_err
switch_1_reply(struct ferry_call *call, const struct namespace_ *out)
{
	return ferry_stub_reply(call, out, &call_1_version, 3);
}

FERRY_COLD ferry_err
null_1(struct ferry_call *call)
{
	return ferry_stub_call(call, NULL, NULL, &call_1_version, 0);
}

FERRY_COLD ferry_err
null_1_start(struct ferry_call *call)
{
	return ferry_stub_start(call, NULL, &call_1_version, 0);
}

FERRY_COLD ferry_err
null_1_finish(struct ferry_call *call)
{
	return ferry_stub_finish(call, NULL, &call_1_version, 0);
}

FERRY_COLD ferry_err
list_1(struct ferry_call *call, out_ arg1, number arg2, const struct foo *foo,
       struct ferry_str path, number *out)
{
	const struct list_1_args args = { arg1, arg2, foo, path };

	return ferry_stub_call(call, &args, out, &call_1_version, 2);
}

FERRY_COLD ferry_err
list_1_start(struct ferry_call *call, out_ arg1, number arg2,
	     const struct foo *foo, struct ferry_str path)
{
	const struct list_1_args args = { arg1, arg2, foo, path };

	return ferry_stub_start(call, &args, &call_1_version, 2);
}

FERRY_COLD ferry_err
list_1_finish(struct ferry_call *call, number *out)
{
	return ferry_stub_finish(call, out, &call_1_version, 2);
}

FERRY_COLD ferry_err
list_1_(struct ferry_call *call, const struct foo *foo, const struct foo *arg2,
	number *out)
{
	const struct list_1__args args = { foo, arg2 };

	return ferry_stub_call(call, &args, out, &call_1_version, 1);
}

FERRY_COLD ferry_err
list_1__start(struct ferry_call *call, const struct foo *foo,
	      const struct foo *arg2)
{
	const struct list_1__args args = { foo, arg2 };

	return ferry_stub_start(call, &args, &call_1_version, 1);
}

FERRY_COLD ferry_err
list_1__finish(struct ferry_call *call, number *out)
{
	return ferry_stub_finish(call, out, &call_1_version, 1);
}

FERRY_COLD ferry_err
switch_1(struct ferry_call *call, enum class_ arg1,
	 const struct ferry_call_ *arg2, struct namespace_ *out)
{
	const struct switch_1_args args = { arg1, arg2 };

	return ferry_stub_call(call, &args, out, &call_1_version, 3);
}

FERRY_COLD ferry_err
switch_1_start(struct ferry_call *call, enum class_ arg1,
	       const struct ferry_call_ *arg2)
{
	const struct switch_1_args args = { arg1, arg2 };

	return ferry_stub_start(call, &args, &call_1_version, 3);
}

FERRY_COLD ferry_err
switch_1_finish(struct ferry_call *call, struct namespace_ *out)
{
	return ferry_stub_finish(call, out, &call_1_version, 3);
}

static const struct ferry_procedure call_2_procedures[] = {
	{ 1, offsetof(struct call_2_ops, call), "CALL", &same_codec, NULL },
};

FERRY_COLD static ferry_err
enter_call_2(struct ferry_call *call, uint32_t procedure, const void *handlers,
	     const void *args, void *out)
{
	const struct call_2_ops *ops = handlers;

	(void)out;
	switch (procedure) {
	case 1:
		return ops->call(call, args);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version call_2_version = {
	"CALL", 0x20000010, 2, 1, call_2_procedures, ferry_stub_serve,
		enter_call_2,
};

ferry_err
call_2_serve(struct ferry_server *server, const struct call_2_ops *ops,
	     void *ctx)
{
	return ferry_server_add(server, &call_2_version, ops, ctx);
}

FERRY_COLD ferry_err
call_2_reply(struct ferry_call *call)
{
	return ferry_stub_reply(call, NULL, &call_2_version, 1);
}

FERRY_COLD ferry_err
call_2(struct ferry_call *call, const struct same *same)
{
	return ferry_stub_call(call, same, NULL, &call_2_version, 1);
}

FERRY_COLD ferry_err
call_2_start(struct ferry_call *call, const struct same *same)
{
	return ferry_stub_start(call, same, &call_2_version, 1);
}

FERRY_COLD ferry_err
call_2_finish(struct ferry_call *call)
{
	return ferry_stub_finish(call, NULL, &call_2_version, 1);
}

static const struct ferry_procedure other_1_procedures[] = {
	{ 1, offsetof(struct other_1_ops, list), "LIST", &operator__codec,
	 NULL },
};

FERRY_COLD static ferry_err
enter_other_1(struct ferry_call *call, uint32_t procedure, const void *handlers,
	      const void *args, void *out)
{
	const struct other_1_ops *ops = handlers;

	(void)out;
	switch (procedure) {
	case 1:
		return ops->list(call, args);
	default:
		return FERRY_EPROC;
	}
}

static const struct ferry_version other_1_version = {
	"OTHER", 0x20000011, 1, 1, other_1_procedures, ferry_stub_serve,
		enter_other_1,
};

ferry_err
other_1_serve(struct ferry_server *server, const struct other_1_ops *ops,
	      void *ctx)
{
	return ferry_server_add(server, &other_1_version, ops, ctx);
}

FERRY_COLD ferry_err
list_1___reply(struct ferry_call *call)
{
	return ferry_stub_reply(call, NULL, &other_1_version, 1);
}

FERRY_COLD ferry_err
list_1__(struct ferry_call *call, const struct operator_ *arg)
{
	return ferry_stub_call(call, arg, NULL, &other_1_version, 1);
}

FERRY_COLD ferry_err
list_1___start(struct ferry_call *call, const struct operator_ *arg)
{
	return ferry_stub_start(call, arg, &other_1_version, 1);
}

FERRY_COLD ferry_err
list_1___finish(struct ferry_call *call)
{
	return ferry_stub_finish(call, NULL, &other_1_version, 1);
}

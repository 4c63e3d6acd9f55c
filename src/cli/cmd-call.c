/* SPDX-License-Identifier: MIT */
/*
 * ferry call: one call by hand. Nothing is generated: arguments and results go
 * through the model of the interface file.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ferry/rpc.h>
#include <ferry/stub.h>

#include "cli/cmdline.h"
#include "cli/refusal.h"
#include "cli/target.h"
#include "cli/value.h"
#include "idl/number.h"
#include "json/notation.h"
#include "schema/find.h"

enum {
	OPTION_AUTH = FY_LOAD_FIRST_FREE,
	OPTION_PROGRAM,
	OPTION_RAW,
	OPTION_TIME,
	OPTION_TIMEOUT,
	OPTION_VERSION,
};

static const struct option options[] = {
	FY_LOAD_LONG,
	{ "auth", required_argument, NULL, OPTION_AUTH },
	{ "program", required_argument, NULL, OPTION_PROGRAM },
	{ "raw", no_argument, NULL, OPTION_RAW },
	{ "time", no_argument, NULL, OPTION_TIME },
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT },
	{ "version", required_argument, NULL, OPTION_VERSION },
	FY_CMDLINE_LONG,
};

/* A number of the command line that stands for one of the file. */
struct override {
	bool said;
	uint32_t number;
};

struct request {
	const char *where;     /* an address, or a machine */
	const char *file;      /* or NULL */
	const char *procedure; /* its name, or with --raw its numbers */
	const char *args;      /* or NULL */
	int64_t timeout_ns;
	bool auth_sys;
	bool raw;
	bool timed;
	struct override program;
	struct override version;
	const struct fy_load_options *with;
};

/* What is called, in terms of the wire, and the declaration if it has one. */
struct question {
	struct ferry_version version;
	uint32_t number;
	const struct fy_procedure *procedure; /* NULL: bytes in, bytes out */
	struct ferry_bytes args;
};

/* Where the time went, in nanoseconds; a lookup that was none is negative. */
struct spent {
	int64_t lookup;
	int64_t connect;
	int64_t call;
};

/* ---- the command line ---- */

static int
set_number(struct override *what, const char *option)
{
	struct ferry_str text = ferry_str_of(optarg);
	uint64_t number;

	if (fy_number_read(text, &number) != FY_NUMBER_OK ||
	    number > UINT32_MAX)
		return fy_cmd_misused(&fy_cmd_call,
				      "%s takes a number of 32 bits, not '%s'",
				      option, optarg);
	*what = (struct override){ true, (uint32_t)number };
	return 0;
}

static int
set_auth(struct request *request, const char *flavor)
{
	request->auth_sys = strcmp(flavor, "sys") == 0;
	if (request->auth_sys || strcmp(flavor, "none") == 0)
		return 0;
	return fy_cmd_misused(&fy_cmd_call, "--auth takes sys or none, not "
			      "'%s'", flavor);
}

/* Return: 0, or an exit status after a message. */
static int
take_option(struct request *request, int option)
{
	switch (option) {
	case OPTION_AUTH:
		return set_auth(request, optarg);
	case OPTION_PROGRAM:
		return set_number(&request->program, "--program");
	case OPTION_TIMEOUT:
		return fy_cmd_timeout(&fy_cmd_call, optarg,
				      &request->timeout_ns);
	case OPTION_VERSION:
		return set_number(&request->version, "--version");
	case OPTION_RAW:
		request->raw = true;
		break;
	case OPTION_TIME:
		request->timed = true;
		break;
	}
	return 0;
}

/*
 * Takes the file out of the words, NULL if there is none. It should be the
 * second one; before the address or behind the procedure it is the file, too.
 */
static const char *
take_file(char **words, int n)
{
	static const int places[] = { 1, 0, 2 };

	for (size_t i = 0; i < FY_ARRAY_LEN(places); i++) {
		int at = places[i];
		const char *file = at < n ? words[at] : "";

		if (!fy_target_is_file(file))
			continue;
		memmove(words + at, words + at + 1,
			(size_t)(n - at) * sizeof(*words));
		return file;
	}
	return NULL;
}

static int
take_words(struct request *request, char **words, int n)
{
	request->file = take_file(words, n);
	if (!words[0])
		return fy_cmd_misused(&fy_cmd_call, "call whom?");
	request->where = *words++;
	if (!words[0])
		return fy_cmd_misused(&fy_cmd_call, "which procedure?");
	request->procedure = *words++;
	if (words[0])
		request->args = *words++;
	if (words[0])
		return fy_cmd_misused(&fy_cmd_call, "'%s' is one word too "
				      "many: quote the arguments as one",
				      words[0]);
	if (request->raw && isatty(STDOUT_FILENO))
		return fy_cmd_misused(&fy_cmd_call, "bytes are not for a "
				      "terminal: > FILE, or | xxd");
	if (request->file || request->raw)
		return 0;
	fy_cmd_complain("no reflection yet: name the interface file, as in "
			"ferry call %s FILE.x %s",
			request->where, request->procedure);
	return ferry_err_status(FERRY_ENOTSUP);
}

/* ---- what is called ---- */

/* "100000.4.0": three numbers. */
static bool
read_numbers(const char *text, uint32_t numbers[3])
{
	for (int i = 0; i < 3; i++) {
		size_t len = strcspn(text, ".");
		struct ferry_str part = { text, (uint32_t)len };
		uint64_t number;

		if (len == 0 || text[0] < '0' || text[0] > '9' ||
		    fy_number_read(part, &number) != FY_NUMBER_OK ||
		    number > UINT32_MAX || (text[len] == '.') != (i < 2))
			return false;
		numbers[i] = (uint32_t)number;
		text += len + 1;
	}
	return true;
}

static int
find_by_number(const struct request *request, struct question *out)
{
	uint32_t numbers[3];

	if (!read_numbers(request->procedure, numbers))
		return fy_cmd_misused(&fy_cmd_call, "without a file, --raw "
				      "takes PROGRAM.VERSION.PROCEDURE by "
				      "their numbers, not '%s'",
				      request->procedure);
	out->version = (struct ferry_version){ .name = "by number",
					       .program = numbers[0],
					       .version = numbers[1] };
	out->number = numbers[2];
	return 0;
}

static int
find_by_name(const struct request *request, struct fy_load *load,
	     struct question *out)
{
	struct ferry_error why = { .code = FERRY_OK };
	const struct fy_model *model;
	struct fy_found found;
	int status = fy_load_report(load, fy_load_model(load, request->file,
							&model));

	if (status)
		return status;
	if (fy_schema_procedure(model, request->procedure, &load->mem, &found,
				&why)) {
		fy_cmd_complain("%s", why.text);
		return ferry_err_status(why.code);
	}
	out->version = (struct ferry_version){
		.name = found.program->name,
		.program = found.program->number,
		.version = found.version->number,
	};
	out->number = found.procedure->number;
	out->procedure = request->raw ? NULL : found.procedure;
	return 0;
}

static int
read_hex(struct ferry_str text, struct ferry_arena *mem,
	 struct ferry_bytes *out)
{
	uint8_t *bytes = ferry_arena_alloc(mem, text.len);
	size_t len;

	if (!bytes)
		return fy_cmd_complain("%s", ferry_strerror(FERRY_ENOMEM));
	if (!fy_notation_hex.len(text.data, text.len, &len) ||
	    !fy_notation_hex.decode(text.data, text.len, bytes))
		return fy_cmd_misused(&fy_cmd_call, "--raw takes hex digits, "
				      "an even number of them, @FILE or -");
	*out = (struct ferry_bytes){ bytes, (uint32_t)len };
	return 0;
}

/* The bytes of --raw: as they are in a file, in hexadecimal in a word. */
static int
read_raw(const char *word, struct ferry_arena *mem, struct ferry_bytes *out)
{
	struct ferry_str text;
	int status;

	if (!word)
		return 0;
	status = fy_value_load(word, mem, &text);
	if (status)
		return status;
	if (word[0] != '@' && strcmp(word, "-") != 0)
		return read_hex(text, mem, out);
	*out = (struct ferry_bytes){ (const uint8_t *)text.data, text.len };
	return 0;
}

static int
read_json(const char *word, struct ferry_arena *mem, struct question *out)
{
	struct fy_json_fault fault;
	json_t *value = NULL;
	int status = word ? fy_value_read(word, &value) : 0;
	ferry_err err;

	if (status)
		return status;
	err = fy_json_put_args(value, out->procedure, mem, &out->args, &fault);
	json_decref(value);
	return err ? fy_value_misfit("the arguments", err, &fault,
				     out->procedure)
		   : 0;
}

static int
prepare(const struct request *request, struct fy_load *load,
	struct question *out)
{
	int status = request->file ? find_by_name(request, load, out)
				   : find_by_number(request, out);

	if (status)
		return status;
	if (request->program.said)
		out->version.program = request->program.number;
	if (request->version.said)
		out->version.version = request->version.number;
	return out->procedure ? read_json(request->args, &load->mem, out)
			      : read_raw(request->args, &load->mem,
					 &out->args);
}

/* ---- calling ---- */

/* Whom the kernel says that we are, at most 16 of the groups. */
static int
own_credential(struct ferry_arena *mem, struct ferry_auth_sys *out)
{
	char *machine = ferry_arena_alloc(mem, FERRY_AUTH_SYS_NAME + 1);
	int n = getgroups(0, NULL);
	gid_t *gids = ferry_arena_alloc(mem, sizeof(*gids) *
						     (n > 0 ? (size_t)n : 1));

	if (!machine || !gids)
		return fy_cmd_complain("%s", ferry_strerror(FERRY_ENOMEM));
	machine[FERRY_AUTH_SYS_NAME] = '\0';
	n = getgroups(n, gids);
	if (n < 0 || gethostname(machine, FERRY_AUTH_SYS_NAME) < 0)
		return fy_cmd_complain("cannot find out who calls");
	*out = (struct ferry_auth_sys){
		.stamp = (uint32_t)time(NULL),
		.machine = ferry_str_of(machine),
		.uid = geteuid(),
		.gid = getegid(),
	};
	while (out->n_gids < FERRY_AUTH_SYS_GIDS && (int)out->n_gids < n) {
		out->gids[out->n_gids] = gids[out->n_gids];
		out->n_gids++;
	}
	return 0;
}

static int
print_result(const struct question *question, struct ferry_decoder *d)
{
	struct fy_json_fault fault;
	json_t *value = NULL;
	ferry_err err;
	int status;

	if (!question->procedure) {
		fwrite(d->at, 1, (size_t)(d->end - d->at), stdout);
		d->at = d->end;
		return 0;
	}
	err = fy_json_get(d, question->procedure->result, &value, &fault);
	if (err)
		return fy_value_misfit("the result", err, &fault,
				       question->procedure);
	status = fy_value_print(value, FY_JSON_LINES, stdout);
	json_decref(value);
	if (status || d->at == d->end)
		return status;
	fy_cmd_complain("%zu bytes are left over behind the result: compare "
			"the interface files of both sides",
			(size_t)(d->end - d->at));
	return ferry_err_status(FERRY_EDECODE);
}

/* Return: 0, an exit status after a message, or -1: @call has the reason. */
static int
finish(const struct question *question, struct ferry_call *call,
       struct ferry_decoder *d)
{
	int status = d->err ? -1 : print_result(question, d);
	/* What was left over has been reported. */
	ferry_err err = ferry_call_end(call);

	return status ? status : err ? -1 : 0;
}

static int
call_server(const struct request *request, const struct question *question,
	    struct ferry_call *call, int64_t *spent)
{
	struct ferry_encoder *e;
	struct ferry_decoder *d;
	int64_t start = ferry_in_ns(0).ns;
	uint8_t *room;
	int status = -1;

	e = ferry_call_begin(call, &question->version, question->number,
			     question->args.len);
	room = ferry_put_run(e, question->args.len);
	if (room && question->args.len > 0)
		memcpy(room, question->args.data, question->args.len);
	if (!ferry_call_send(call)) {
		d = ferry_call_wait(call);
		*spent = ferry_in_ns(0).ns - start;
		status = finish(question, call, d);
	}
	return status < 0 ? fy_refusal_report(&call->why, request->auth_sys)
			  : status;
}

/* The address to dial: what the user said, or what rpcbind says. */
static int
find_address(const struct request *request, const struct question *question,
	     struct ferry_deadline until, char addr[FERRY_RPCBIND_ADDR])
{
	struct ferry_error why = { .code = FERRY_OK };
	size_t len = strlen(request->where);

	if (fy_target_is_address(request->where)) {
		if (len >= FERRY_RPCBIND_ADDR)
			return fy_cmd_misused(&fy_cmd_call, "no address has "
					      "%zu bytes", len);
		memcpy(addr, request->where, len + 1);
		return 0;
	}
	if (!fy_target_find(request->where, &question->version, until, addr,
			    &why))
		return 0;
	return fy_target_complain(request->where, &why);
}

static int
open_client(const struct request *request, const char *addr,
	    struct ferry_deadline until, struct ferry_client **out)
{
	struct ferry_arena mem = { 0 };
	struct ferry_error why = { .code = FERRY_OK };
	struct ferry_client_config config = { 0 };
	struct ferry_auth_sys credential;
	ferry_err err;
	int status = 0;

	if (request->auth_sys) {
		status = own_credential(&mem, &credential);
		config.auth_sys = &credential;
	}
	if (!status) {
		err = ferry_client_open(addr, &config, until, out, &why);
		if (err)
			status = fy_target_complain(addr, &why);
	}
	ferry_arena_fini(&mem);
	return status;
}

static void
print_spent(const struct request *request, const struct spent *spent)
{
	if (!request->timed)
		return;
	fflush(stdout);
	if (spent->lookup >= 0)
		fprintf(stderr, "lookup %.3f ms, ",
			(double)spent->lookup / 1e6);
	fprintf(stderr, "connect %.3f ms, call %.3f ms\n",
		(double)spent->connect / 1e6, (double)spent->call / 1e6);
}

static int
ask(const struct request *request, const struct question *question,
    struct ferry_arena *mem)
{
	struct ferry_deadline until = ferry_in_ns(request->timeout_ns);
	struct ferry_client *client = NULL;
	char addr[FERRY_RPCBIND_ADDR];
	struct spent spent = { .lookup = -1 };
	struct ferry_call call;
	int64_t start = ferry_in_ns(0).ns;
	int64_t found;
	int status = find_address(request, question, until, addr);

	if (status)
		return status;
	found = ferry_in_ns(0).ns;
	if (!fy_target_is_address(request->where))
		spent.lookup = found - start;
	status = open_client(request, addr, until, &client);
	if (status)
		return status;
	spent.connect = ferry_in_ns(0).ns - found;
	call = ferry_call_to(client, until, mem);
	status = call_server(request, question, &call, &spent.call);
	print_spent(request, &spent);
	ferry_client_free(client);
	return status;
}

static int
run_request(const struct request *request)
{
	struct question question = { .number = 0 };
	struct fy_load load;
	ferry_err err = fy_load_init(&load, request->with);
	int status = err ? fy_cmd_complain("%s", ferry_strerror(err))
			 : prepare(request, &load, &question);

	if (!status)
		status = ask(request, &question, &load.mem);
	fy_load_fini(&load);
	return status;
}

static int
run_call(struct fy_cmdline *line)
{
	struct request request = {
		.timeout_ns = INT64_C(1000000) * FERRY_CALL_DEFAULT_MS,
		.with = &line->with,
	};
	int option, status;

	fy_load_options_quiet(&line->with);
	while ((option = fy_cmdline_next(line)) != 0)
		line->status = take_option(&request, option);
	if (line->status)
		return line->status;
	status = take_words(&request, line->words, line->n_words);
	return status ? status : run_request(&request);
}

const struct fy_command fy_cmd_call = {
	.name = "call",
	.info = "calls one procedure of a server",
	.usage = "usage: ferry call [OPTION]... ADDRESS|HOST [FILE.x] "
		 "PROCEDURE [JSON|@FILE|-]\n"
		 "\n"
		 "Calls a procedure that the interface file declares and "
		 "prints its result as JSON.\n"
		 "A HOST alone is asked by rpcbind where the program is.\n"
		 "\n"
		 "  --auth sys|none  who calls: this user, or nobody, as "
		 "without this option\n"
		 "  --timeout TIME   250ms, 2s, 1m: of all together; 30s if "
		 "not given\n"
		 "  --time           what it took, on standard error\n"
		 "  --program N      call it by this number, and\n"
		 "  --version N      by this one, whatever the file says\n"
		 "  --raw            arguments are XDR: bytes in a file, "
		 "hexadecimal in a word; the\n"
		 "                   result is written as bytes. Without "
		 "FILE.x PROCEDURE is\n"
		 "                   PROGRAM.VERSION.PROCEDURE by their "
		 "numbers\n"
		 FY_LOAD_USAGE
		 "\n"
		 "The exit status is 0 if the call was answered, 2 if this "
		 "command was called\n"
		 "wrongly, 3 if no server answers, 4 if it took too long, 5 if "
		 "a value is not of\n"
		 "its type, 6 if the credential is refused, 7 if the call is, "
		 "1 for anything else.\n",
	.shorts = FY_CMDLINE_SHORT FY_LOAD_SHORT,
	.longs = options,
	.takes_values = true,
	.run = run_call,
};

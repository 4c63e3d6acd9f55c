/* SPDX-License-Identifier: MIT */
/*
 * ferry serve: a server by hand. Its loop has a thread of its own; this one
 * waits for signals and for the commands that answer calls.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ferry/rpcbind.h>

#include "cli/cmdline.h"
#include "cli/mock.h"
#include "cli/process.h"
#include "cli/target.h"
#include "core/err.h"
#include "core/fd.h"
#include "core/os.h"
#include "idl/mem.h"

#define TIMEOUT_DEFAULT_NS INT64_C(30000000000)
/* How long replies have to leave after a stop. */
#define DRAIN_MS 2000

enum {
	OPTION_COUNT = FY_LOAD_FIRST_FREE,
	OPTION_QUIET,
	OPTION_REGISTER,
	OPTION_REPLY,
	OPTION_RUN,
	OPTION_TIMEOUT,
};

static const struct option options[] = {
	FY_LOAD_LONG,
	{ "count", required_argument, NULL, OPTION_COUNT },
	{ "quiet", no_argument, NULL, OPTION_QUIET },
	{ "register", no_argument, NULL, OPTION_REGISTER },
	{ "reply", required_argument, NULL, OPTION_REPLY },
	{ "run", required_argument, NULL, OPTION_RUN },
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT },
	FY_CMDLINE_LONG,
};

/* One --reply or --run. */
struct said {
	bool runs;
	char *text;
};

struct request {
	struct ferry_arena mem; /* of the lists */
	const char *file;
	const char **addrs;
	size_t n_addrs;
	struct said *said;
	size_t n_said;
	size_t said_cap;
	uint64_t count;
	int64_t timeout_ns;
	bool quiet;
	bool registers;
	const struct fy_load_options *with;
};

/* What runs; all zero is nothing yet. */
struct service {
	const struct request *request;
	struct ferry_hooks hooks;
	struct fy_load load;
	struct fy_mock mock;
	int signals;
	size_t n_registered; /* versions that rpcbind may know */
	ferry_err ended;     /* how the server's loop did, and why */
	struct ferry_error why;
};

/* ---- the command line ---- */

static int
add_said(struct request *request, bool runs)
{
	struct said *list = fy_grow(&request->mem, request->said,
				    request->n_said, &request->said_cap,
				    sizeof(*list));

	if (!list)
		return fy_cmd_complain("%s", ferry_strerror(FERRY_ENOMEM));
	request->said = list;
	request->said[request->n_said++] = (struct said){ runs, optarg };
	return 0;
}

static int
set_count(struct request *request, const char *text)
{
	char *end;

	errno = 0;
	request->count = strtoul(text, &end, 10);
	if (text[0] >= '1' && text[0] <= '9' && *end == '\0' && errno == 0)
		return 0;
	return fy_cmd_misused(&fy_cmd_serve, "--count takes a number of calls, "
			      "not '%s'", text);
}

/* Return: 0, or an exit status after a message. */
static int
take_option(struct request *request, int option)
{
	switch (option) {
	case OPTION_COUNT:
		return set_count(request, optarg);
	case OPTION_REPLY:
		return add_said(request, false);
	case OPTION_RUN:
		return add_said(request, true);
	case OPTION_TIMEOUT:
		return fy_cmd_timeout(&fy_cmd_serve, optarg,
				      &request->timeout_ns);
	case OPTION_QUIET:
		request->quiet = true;
		break;
	case OPTION_REGISTER:
		request->registers = true;
		break;
	}
	return 0;
}

static int
take_words(struct request *request, char **words, size_t n)
{
	request->addrs = fy_new(&request->mem, n * sizeof(*request->addrs));
	if (!request->addrs)
		return fy_cmd_complain("%s", ferry_strerror(FERRY_ENOMEM));
	for (size_t i = 0; i < n; i++) {
		if (!fy_target_is_file(words[i]))
			request->addrs[request->n_addrs++] = words[i];
		else if (!request->file)
			request->file = words[i];
		else
			return fy_cmd_misused(&fy_cmd_serve,
					      "one file at a time");
	}
	if (request->n_addrs == 0)
		return fy_cmd_misused(&fy_cmd_serve, "at which address?");
	if (!request->file)
		return fy_cmd_misused(&fy_cmd_serve, "which file?");
	return 0;
}

/* Return: 0, with the request complete, or what line->status is. */
static int
read_line(struct request *request, struct fy_cmdline *line)
{
	int option;

	while ((option = fy_cmdline_next(line)) != 0)
		line->status = take_option(request, option);
	if (line->status)
		return line->status;
	return take_words(request, line->words, (size_t)line->n_words);
}

/* ---- what is answered ---- */

static int
load_answers(struct service *service)
{
	const struct request *request = service->request;
	struct fy_mock *mock = &service->mock;
	ferry_err err = fy_load_init(&service->load, request->with);
	int status;

	if (!err)
		err = fy_load_model(&service->load, request->file,
				    &mock->model);
	status = fy_load_report(&service->load, err);
	if (status)
		return status;
	mock->mem = &service->load.mem;
	mock->log = request->quiet ? NULL : stderr;
	mock->timeout_ns = request->timeout_ns;
	mock->n_left = request->count;
	if (fy_mock_init(mock))
		return fy_cmd_complain("%s", ferry_strerror(FERRY_ENOMEM));
	if (mock->n_versions == 0)
		return fy_cmd_complain("%s declares no program",
				       request->file);
	for (size_t i = 0; !status && i < request->n_said; i++) {
		const struct said *said = &request->said[i];

		status = said->runs ? fy_mock_run(mock, said->text)
				    : fy_mock_reply(mock, said->text);
	}
	return status;
}

/* ---- where it is heard ---- */

static void
log_trouble(void *ctx, enum ferry_log_level level, const char *line)
{
	(void)ctx;
	if (level <= FERRY_LOG_WARNING)
		fy_cmd_complain("%s", line);
}

/* Calls that nothing here can answer are told beside those that were. */
static void
log_calls(void *ctx, enum ferry_log_level level, const char *line)
{
	(void)ctx;
	if (level <= FERRY_LOG_INFO)
		fy_cmd_complain("%s", line);
}

static ferry_err
open_server(struct service *service, struct ferry_error *why)
{
	const struct ferry_server_config config = {
		.hooks = &service->hooks,
		.drain_ms = DRAIN_MS,
	};
	struct fy_mock *mock = &service->mock;
	ferry_err err = ferry_server_new(&config, &mock->server, why);

	if (!err)
		err = fy_mock_serve(mock);
	for (size_t i = 0; !err && i < service->request->n_addrs; i++)
		err = ferry_server_listen(mock->server,
					  service->request->addrs[i], why);
	if (!err)
		err = fy_runner_new(&mock->runner, why);
	return err;
}

/* A link that was there already has no address. */
static bool
address_of(const struct service *service, size_t index, char *addr)
{
	return ferry_server_addr(service->mock.server, index, addr,
				 FERRY_RPCBIND_ADDR) > 0;
}

static void
print_addresses(const struct service *service)
{
	char addr[FERRY_RPCBIND_ADDR];

	for (size_t i = 0; i < service->request->n_addrs; i++)
		if (address_of(service, i, addr))
			printf("%s\n", addr);
	fflush(stdout);
}

/* What a server that was killed left there is in the way of its successor. */
static ferry_err
register_version(struct service *service, const struct fy_mocked *mocked,
		 struct ferry_error *why)
{
	const struct ferry_version *version = &mocked->version;
	struct ferry_error ignored;
	char addr[FERRY_RPCBIND_ADDR];
	ferry_err err = ferry_rpcbind_unregister(
		version->program, version->version,
		(struct ferry_deadline){ 0 }, &ignored);

	if (err == FERRY_EPROG)
		err = FERRY_OK;
	for (size_t i = 0; !err && i < service->request->n_addrs; i++) {
		if (address_of(service, i, addr))
			err = ferry_rpcbind_register(
				version->program, version->version, addr,
				(struct ferry_deadline){ 0 }, why);
	}
	return err;
}

static ferry_err
register_all(struct service *service, struct ferry_error *why)
{
	ferry_err err = FERRY_OK;

	if (!service->request->registers)
		return FERRY_OK;
	for (size_t i = 0; !err && i < service->mock.n_versions; i++) {
		service->n_registered++;
		err = register_version(service, &service->mock.versions[i],
				       why);
	}
	return err;
}

static void
unregister_all(const struct service *service)
{
	struct ferry_error why;

	for (size_t i = 0; i < service->n_registered; i++) {
		const struct ferry_version *version =
			&service->mock.versions[i].version;
		ferry_err err = ferry_rpcbind_unregister(
			version->program, version->version,
			(struct ferry_deadline){ 0 }, &why);

		if (err && err != FERRY_EPROG)
			fy_cmd_complain("%s", why.text);
	}
}

/* ---- its life ---- */

static void *
run_server(void *arg)
{
	struct service *service = arg;

	service->ended = ferry_server_run(service->mock.server, 1,
					  &service->why);
	fy_runner_end(service->mock.runner);
	return NULL;
}

/* Until the server has ended, by itself or by a signal. */
static ferry_err
watch(struct service *service, struct ferry_error *why)
{
	struct fy_runner *runner = service->mock.runner;
	bool signalled = false;
	ferry_err err;

	while (!(err = fy_runner_turn(runner, service->signals, &signalled,
				      why))) {
		if (!signalled)
			continue;
		(void)fy_process_signal(service->signals);
		fy_runner_stop(runner);
		ferry_server_stop(service->mock.server);
	}
	return err == FERRY_ECLOSED ? FERRY_OK : err;
}

static ferry_err
run_threads(struct service *service, struct ferry_error *why)
{
	pthread_t thread;
	ferry_err err;

	if (fy_os_thread_start(&thread, run_server, service) < 0)
		return fy_fail_errno(why, "start a thread");
	err = watch(service, why);
	if (err)
		ferry_server_stop(service->mock.server);
	while (fy_os_thread_join(thread) < 0)
		continue;
	if (!err && service->ended) {
		*why = service->why;
		err = service->ended;
	}
	return err;
}

static ferry_err
serve(struct service *service, struct ferry_error *why)
{
	ferry_err err = fy_process_fill_low(true, why);

	if (!err)
		err = fy_process_signals(&service->signals, why);
	if (!err)
		err = open_server(service, why);
	if (!err)
		err = register_all(service, why);
	if (!err) {
		print_addresses(service);
		err = run_threads(service, why);
	}
	unregister_all(service);
	return err;
}

static int
run_request(const struct request *request)
{
	struct service service = {
		.request = request,
		.hooks.log = request->quiet ? log_trouble : log_calls,
		.signals = -1,
	};
	struct ferry_error why = { .code = FERRY_OK };
	int status = load_answers(&service);
	ferry_err err;

	if (!status) {
		err = serve(&service, &why);
		if (err)
			fy_cmd_complain("%s", why.text[0]
						      ? why.text
						      : ferry_strerror(err));
		status = ferry_err_status(err);
	}
	/* Its jobs answer calls of the server. */
	fy_runner_free(service.mock.runner);
	ferry_server_free(service.mock.server);
	fy_fd_close(&service.signals);
	fy_load_fini(&service.load);
	return status;
}

static int
run_serve(struct fy_cmdline *line)
{
	struct request request = {
		.timeout_ns = TIMEOUT_DEFAULT_NS,
		.with = &line->with,
	};
	int status;

	fy_load_options_quiet(&line->with);
	status = read_line(&request, line);
	if (!status)
		status = run_request(&request);
	ferry_arena_fini(&request.mem);
	return status;
}

const struct fy_command fy_cmd_serve = {
	.name = "serve",
	.info = "answers calls with given values or by commands",
	.usage = "usage: ferry serve [OPTION]... ADDRESS... FILE.x\n"
		 "\n"
		 "Serves the programs of an interface file until SIGINT or "
		 "SIGTERM. Prints the\n"
		 "addresses that it got, then on standard error a line of JSON "
		 "for each call.\n"
		 "\n"
		 "  --reply PROCEDURE=JSON|@FILE\n"
		 "                   answer it with this value\n"
		 "  --run PROCEDURE=CMD\n"
		 "                   answer it with the JSON that the shell "
		 "command prints; the\n"
		 "                   arguments are its input\n"
		 "  --timeout TIME   250ms, 2s, 1m: a command that takes "
		 "longer is killed; 30s\n"
		 "                   if not given\n"
		 "  --count N        end after N calls\n"
		 "  --register       tell rpcbind, and take it back at the "
		 "end\n"
		 "  --quiet          no lines for calls\n"
		 FY_LOAD_USAGE
		 "\n"
		 "A procedure without an answer is refused, but for number "
		 "0.\n"
		 "\n"
		 "The exit status is 0 after a clean stop, 2 if this command "
		 "was called wrongly,\n"
		 "5 if an answer is not of its type, 6 if permission was "
		 "refused, 1 for anything\n"
		 "else.\n",
	.shorts = FY_CMDLINE_SHORT FY_LOAD_SHORT,
	.longs = options,
	.run = run_serve,
};

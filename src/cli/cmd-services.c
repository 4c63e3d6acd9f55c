/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdio.h>

#include <ferry/rpcbind.h>

#include "cli/cmdline.h"
#include "cli/services.h"
#include "cli/target.h"
#include "cli/value.h"

#define DEFAULT_NS (INT64_C(1000000) * FERRY_RPCBIND_DEFAULT_MS)

enum {
	OPTION_JSON = FY_LOAD_FIRST_FREE,
	OPTION_PING,
	OPTION_TIMEOUT,
};

static const struct option options[] = {
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "ping", no_argument, NULL, OPTION_PING },
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT },
	FY_CMDLINE_LONG,
};

struct request {
	const char *host; /* NULL: this machine */
	int64_t timeout_ns;
	bool as_json;
	bool pings;
};

/* Return: 0; an exit status after a message. */
static int
show(const struct request *request, const struct fy_services *services)
{
	json_t *value;
	int status;

	if (!request->as_json) {
		fy_services_table(services, stdout);
		return 0;
	}
	value = fy_services_json(services);
	if (!value)
		return fy_cmd_complain("out of memory");
	status = fy_value_print(value, FY_JSON_LINES, stdout);
	json_decref(value);
	return status;
}

static bool
all_answered(const struct fy_services *services)
{
	for (size_t i = 0; i < services->n_items; i++) {
		if (services->items[i].answer)
			return false;
	}
	return true;
}

static int
run_request(const struct request *request)
{
	struct ferry_arena mem = { 0 };
	struct ferry_rpcbind_list list;
	struct fy_services services;
	struct ferry_error why = { .text = "" };
	int status;
	ferry_err err = ferry_rpcbind_dump(request->host,
					   ferry_in_ns(request->timeout_ns),
					   &mem, &list, &why);

	if (!err)
		err = fy_services_make(&services, &list, !request->pings, &mem);
	if (!err && request->pings)
		fy_services_ping(&services, request->timeout_ns);
	if (err) {
		why.code = err;
		status = fy_target_complain(request->host, &why);
	} else {
		status = show(request, &services);
		if (!status && !all_answered(&services))
			status = FY_EXIT_FAILED;
	}
	ferry_arena_fini(&mem);
	return status;
}

/* Return: 0, or an exit status after a message. */
static int
take_option(struct request *request, int option)
{
	switch (option) {
	case OPTION_TIMEOUT:
		return fy_cmd_timeout(&fy_cmd_services, optarg,
				      &request->timeout_ns);
	case OPTION_JSON:
		request->as_json = true;
		break;
	case OPTION_PING:
		request->pings = true;
		break;
	}
	return 0;
}

static int
run_services(struct fy_cmdline *line)
{
	struct request request = { .timeout_ns = DEFAULT_NS };
	int option;

	while ((option = fy_cmdline_next(line)) != 0)
		line->status = take_option(&request, option);
	if (line->status)
		return line->status;
	if (line->n_words > 1)
		return fy_cmd_misused(&fy_cmd_services,
				      "one machine at a time");
	request.host = line->words[0];
	return run_request(&request);
}

const struct fy_command fy_cmd_services = {
	.name = "services",
	.info = "lists the programs that a machine's rpcbind knows",
	.usage = "usage: ferry services [OPTION]... [HOST|ADDRESS]\n"
		 "\n"
		 "Asks the rpcbind of HOST, of this machine if none is given, "
		 "or the one at ADDRESS.\n"
		 "\n"
		 "  --json           as JSON\n"
		 "  --ping           call procedure 0 of each, and say how "
		 "long it took\n"
		 "  --timeout TIME   250ms, 2s, 1m: of rpcbind, and of each "
		 "answer; 10s if not\n"
		 "                   given\n"
		 "\n"
		 "The exit status is 0 if all is well, 1 if something pinged "
		 "did not answer, 2 if\n"
		 "this command was called wrongly, 3 if no rpcbind answers, 4 "
		 "if the time is up.\n",
	.shorts = FY_CMDLINE_SHORT,
	.longs = options,
	.run = run_services,
};

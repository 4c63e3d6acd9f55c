/* SPDX-License-Identifier: MIT */
#include "cli/cmdline.h"
#include "cli/listen.h"
#include "idl/mem.h"

enum {
	OPTION_COUNT = FY_MESSAGE_FIRST_FREE,
	OPTION_MAX_CHANNELS,
};

static const struct option options[] = {
	{ "count", required_argument, NULL, OPTION_COUNT },
	{ "max-channels", required_argument, NULL, OPTION_MAX_CHANNELS },
	FY_MESSAGE_LONG,
	FY_CMDLINE_LONG,
};

/* Return: 0, or an exit status after a message. */
static int
take_option(struct fy_listen *listen, struct fy_message_options *said,
	    int option)
{
	switch (option) {
	case OPTION_COUNT:
		return fy_message_count(&fy_cmd_listen, "--count",
					&listen->count);
	case OPTION_MAX_CHANNELS:
		return fy_message_count(&fy_cmd_listen, "--max-channels",
					&listen->max_channels);
	default:
		return fy_message_option(said, &fy_cmd_listen, option);
	}
}

static int
take_words(struct fy_listen *listen, const struct fy_cmdline *line,
	   struct ferry_arena *mem)
{
	size_t n = (size_t)line->n_plain;
	const char **addrs = fy_new(mem, n * sizeof(*addrs));
	int status = 0;

	if (n == 0)
		return fy_cmd_misused(&fy_cmd_listen, "at which address?");
	if (!addrs)
		return fy_cmd_complain("%s", ferry_strerror(FERRY_ENOMEM));
	for (size_t i = 0; !status && i < n; i++)
		status = fy_message_addr(listen->options, &fy_cmd_listen,
					 line->words[i], mem, &addrs[i]);
	listen->addrs = addrs;
	listen->n_addrs = n;
	if (line->n_plain < line->n_words)
		listen->command = line->words + n;
	return status;
}

static int
run_listen(struct fy_cmdline *line)
{
	struct fy_message_options said = { 0 };
	struct fy_listen listen = {
		.options = &said,
		.max_channels = FY_LISTEN_CHANNELS,
	};
	struct ferry_arena mem = { 0 };
	int option;
	int status;

	while ((option = fy_cmdline_next(line)) != 0)
		line->status = take_option(&listen, &said, option);
	if (line->status)
		return line->status;
	status = take_words(&listen, line, &mem);
	if (!status)
		status = fy_listen_run(&listen);
	ferry_arena_fini(&mem);
	return status;
}

const struct fy_command fy_cmd_listen = {
	.name = "listen",
	.info = "prints what comes to an address, or runs a command for each",
	.usage = "usage: ferry listen [OPTION]... ADDRESS... [-- COMMAND "
		 "[ARGUMENT]...]\n"
		 "\n"
		 "Listens until SIGINT or SIGTERM. Prints each message that "
		 "comes on a line; or runs\n"
		 "COMMAND for each channel: the messages are lines of its "
		 "input, the lines that it\n"
		 "prints are sent. The addresses that it got are printed on "
		 "standard error.\n"
		 "\n"
		 "  --count N        end after N channels\n"
		 "  --max-channels N\n"
		 "                   channels at a time; more wait. 1000 if "
		 "not given\n"
		 "  --null           NUL ends a message, not a newline\n"
		 "  --whole          nothing is put behind a message; all that "
		 "COMMAND prints is\n"
		 "                   one\n"
		 "  --frame FRAME    record, line, nul, u32 or raw: as ?frame= "
		 "in the addresses\n"
		 "  --json           print messages as JSON, with who sent "
		 "them\n"
		 "  --timeout TIME   250ms, 2s, 1m: for all of it\n"
		 "\n"
		 "COMMAND has in its environment FERRY_ADDRESS, FERRY_PEER "
		 "and, where the kernel\n"
		 "knows them, FERRY_PEER_UID, FERRY_PEER_GID and "
		 "FERRY_PEER_PID.\n"
		 "\n"
		 "The exit status is 0 after a clean stop, 2 if this command "
		 "was called wrongly, 3\n"
		 "if what is one channel could not be opened, 4 if the time is "
		 "up, 6 if permission\n"
		 "was refused, 1 for anything else.\n",
	.shorts = FY_CMDLINE_SHORT,
	.longs = options,
	.run = run_listen,
};

/* SPDX-License-Identifier: MIT */
#include "cli/cmdline.h"
#include "cli/talk.h"

enum {
	OPTION_COUNT = FY_MESSAGE_FIRST_FREE,
};

static const struct option options[] = {
	{ "count", required_argument, NULL, OPTION_COUNT },
	FY_MESSAGE_LONG,
	FY_CMDLINE_LONG,
};

static int
run_recv(struct fy_cmdline *line)
{
	struct fy_message_options said = { 0 };
	struct fy_talk talk = { .options = &said, .prints = true };
	struct ferry_arena mem = { 0 };
	int option;
	int status;

	while ((option = fy_cmdline_next(line)) != 0)
		line->status = option == OPTION_COUNT
			? fy_message_count(&fy_cmd_recv, "--count",
					   &talk.count)
			: fy_message_option(&said, &fy_cmd_recv, option);
	if (line->status)
		return line->status;
	if (line->n_words != 1)
		return fy_cmd_misused(&fy_cmd_recv, line->n_words
				      ? "one address at a time"
				      : "from which address?");
	status = fy_message_addr(&said, &fy_cmd_recv, line->words[0], &mem,
				 &talk.addr);
	if (!status)
		status = fy_talk_run(&talk);
	ferry_arena_fini(&mem);
	return status;
}

const struct fy_command fy_cmd_recv = {
	.name = "recv",
	.info = "prints the messages of whoever listens at an address",
	.usage = "usage: ferry recv [OPTION]... ADDRESS\n"
		 "\n"
		 "Connects to the address and prints each message on a line, "
		 "until the peer ends\n"
		 "the channel. Nothing is sent. To be the one who is connected "
		 "to, see ferry help\n"
		 "listen.\n"
		 "\n"
		 "  --count N        end after N messages\n"
		 "  --null           a NUL behind each, not a newline\n"
		 "  --whole          nothing behind each\n"
		 "  --frame FRAME    record, line, nul, u32 or raw: as ?frame= "
		 "in the address\n"
		 "  --json           as JSON, each on a line\n"
		 "  --timeout TIME   250ms, 2s, 1m: for all of it\n"
		 "\n"
		 "The exit status is 0 if the peer ended the channel or N "
		 "messages came, 1 if the\n"
		 "system failed, 2 if this command was called wrongly, 3 if "
		 "the peer could not be\n"
		 "reached or broke off, 4 if the time is up, 5 if the peer "
		 "broke the protocol, 6 if\n"
		 "permission was refused.\n",
	.shorts = FY_CMDLINE_SHORT,
	.longs = options,
	.run = run_recv,
};

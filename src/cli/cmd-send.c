/* SPDX-License-Identifier: MIT */
#include "cli/cmdline.h"
#include "cli/talk.h"

enum {
	OPTION_REPLIES = FY_MESSAGE_FIRST_FREE,
	OPTION_WAIT,
};

static const struct option options[] = {
	FY_MESSAGE_LONG,
	{ "replies", required_argument, NULL, OPTION_REPLIES },
	{ "wait", no_argument, NULL, OPTION_WAIT },
	FY_CMDLINE_LONG,
};

/* Return: 0, or an exit status after a message. */
static int
take_option(struct fy_talk *talk, struct fy_message_options *said, int option)
{
	switch (option) {
	case OPTION_REPLIES:
		talk->prints = true;
		return fy_message_count(&fy_cmd_send, "--replies",
					&talk->count);
	case OPTION_WAIT:
		talk->prints = true;
		return 0;
	default:
		return fy_message_option(said, &fy_cmd_send, option);
	}
}

static int
run_send(struct fy_cmdline *line)
{
	struct fy_message_options said = { 0 };
	struct fy_talk talk = { .options = &said, .sends = true };
	struct ferry_arena mem = { 0 };
	int option;
	int status;

	while ((option = fy_cmdline_next(line)) != 0)
		line->status = take_option(&talk, &said, option);
	if (line->status)
		return line->status;
	if (line->n_words == 0)
		return fy_cmd_misused(&fy_cmd_send, "to which address?");
	if (line->n_words > 1)
		talk.words = line->words + 1;
	status = fy_message_addr(&said, &fy_cmd_send, line->words[0], &mem,
				 &talk.addr);
	if (!status)
		status = fy_talk_run(&talk);
	ferry_arena_fini(&mem);
	return status;
}

const struct fy_command fy_cmd_send = {
	.name = "send",
	.info = "sends messages to whoever listens at an address",
	.usage = "usage: ferry send [OPTION]... ADDRESS [MESSAGE]...\n"
		 "\n"
		 "Sends each MESSAGE, or each line of standard input, then the "
		 "end, and waits for the\n"
		 "peer to end the channel. What comes back is thrown away, "
		 "unless asked for.\n"
		 "\n"
		 "  --wait           print what comes back, until the peer "
		 "ends the channel\n"
		 "  --replies N      print N messages that come back, then "
		 "end\n"
		 "  --null           NUL ends a message in the input, and in "
		 "what is printed\n"
		 "  --whole          the whole input is one message; nothing "
		 "is put behind those\n"
		 "                   printed\n"
		 "  --frame FRAME    record, line, nul, u32 or raw: as ?frame= "
		 "in the address\n"
		 "  --json           print what comes back as JSON, then how "
		 "much passed\n"
		 "  --timeout TIME   250ms, 2s, 1m: for all of it\n"
		 "\n"
		 "The exit status is 0 if all was sent, 1 if the system "
		 "failed, 2 if this command\n"
		 "was called wrongly, 3 if the peer could not be reached or "
		 "is gone, 4 if the time\n"
		 "is up, 5 if the peer broke the protocol or a message is too "
		 "long, 6 if permission\n"
		 "was refused.\n",
	.shorts = FY_CMDLINE_SHORT,
	.longs = options,
	.run = run_send,
};

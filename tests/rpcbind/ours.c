/* SPDX-License-Identifier: MIT */
/*
 * ferry's rpcbind client from the shell, in a version of one's choice:
 *
 *	ours find HOST PROGRAM VERSION [SPOKEN]     prints the address
 *	ours dump HOST [SPOKEN]                     prints all, one a line
 *	ours register PROGRAM VERSION ADDRESS [SPOKEN]
 *	ours unregister PROGRAM VERSION [SPOKEN]
 *
 * HOST "-" is this machine. Without SPOKEN it is the public function that is
 * called. Errors are printed by name; the status is that of the command ferry.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ferry/ferry.h>

#include "rpc/rpcbind.h"

struct order {
	const char *host;
	uint32_t program;
	uint32_t version;
	const char *addr;
	uint32_t spoken; /* 0: whatever there is */
	struct ferry_deadline until;
	struct ferry_arena mem;
};

static uint32_t
number(const char *text)
{
	return text ? (uint32_t)strtoul(text, NULL, 0) : 0;
}

static void
put_list(const struct ferry_rpcbind_list *list)
{
	printf("spoken %" PRIu32 "\n", list->spoken);
	for (uint32_t i = 0; i < list->n_entries; i++) {
		const struct ferry_rpcbind_entry *e = &list->entries[i];

		printf("%" PRIu32 " %" PRIu32 " %.*s %.*s %s %.*s\n",
		       e->program, e->version, (int)e->netid.len,
		       e->netid.data, (int)e->uaddr.len, e->uaddr.data,
		       e->addr ? e->addr : "-", (int)e->owner.len,
		       e->owner.data);
	}
}

static ferry_err
find(struct order *order, struct ferry_error *why)
{
	char addr[FERRY_RPCBIND_ADDR];
	ferry_err err = ferry_rpcbind_find(order->host, order->program,
					   order->version, order->until, addr,
					   sizeof(addr), why);

	if (!err)
		printf("%s\n", addr);
	return err;
}

static ferry_err
find_by(struct order *order, struct fy_rpcbind *rb, struct ferry_error *why)
{
	char text[FERRY_RPCBIND_ADDR];
	struct ferry_addr addr;
	ferry_err err = fy_rpcbind_look_up(rb, order->program, order->version,
					   &addr, why);

	if (err)
		return err;
	(void)ferry_addr_format(&addr, text, sizeof(text));
	printf("%s\n", text);
	return FERRY_OK;
}

static ferry_err
dump(struct order *order, struct ferry_error *why)
{
	struct ferry_rpcbind_list list;
	ferry_err err = ferry_rpcbind_dump(order->host, order->until,
					   &order->mem, &list, why);

	if (!err)
		put_list(&list);
	return err;
}

static ferry_err
dump_by(struct order *order, struct fy_rpcbind *rb, struct ferry_error *why)
{
	struct ferry_rpcbind_list list;
	ferry_err err = fy_rpcbind_list(rb, &list, why);

	(void)order;
	if (!err)
		put_list(&list);
	return err;
}

static ferry_err
enlist(struct order *order, struct ferry_error *why)
{
	return ferry_rpcbind_register(order->program, order->version,
				      order->addr, order->until, why);
}

static ferry_err
enlist_by(struct order *order, struct fy_rpcbind *rb, struct ferry_error *why)
{
	struct fy_rpcbind_map map = { .program = order->program,
				      .version = order->version };
	struct ferry_addr addr;
	ferry_err err = ferry_addr_parse(order->addr, &addr, why);

	if (!err)
		err = fy_uaddr_of(&addr, &map.uaddr, why);
	return err ? err : fy_rpcbind_set(rb, &map, why);
}

static ferry_err
strike(struct order *order, struct ferry_error *why)
{
	return ferry_rpcbind_unregister(order->program, order->version,
					order->until, why);
}

static ferry_err
strike_by(struct order *order, struct fy_rpcbind *rb, struct ferry_error *why)
{
	struct fy_rpcbind_map map = { .program = order->program,
				      .version = order->version };

	return fy_rpcbind_unset(rb, &map, why);
}

/* Where the words of a command line stand; 0: it has no such word. */
static const struct command {
	const char *name;
	int host, program, version, addr, spoken;
	ferry_err (*run)(struct order *order, struct ferry_error *why);
	ferry_err (*run_by)(struct order *order, struct fy_rpcbind *rb,
			    struct ferry_error *why);
} commands[] = {
	{ "find", 2, 3, 4, 0, 5, find, find_by },
	{ "dump", 2, 0, 0, 0, 3, dump, dump_by },
	{ "register", 0, 2, 3, 4, 5, enlist, enlist_by },
	{ "unregister", 0, 2, 3, 0, 4, strike, strike_by },
};

static ferry_err
run(const struct command *command, struct order *order,
    struct ferry_error *why)
{
	struct fy_rpcbind rb;
	ferry_err err;

	if (!order->spoken)
		return command->run(order, why);
	err = fy_rpcbind_open(&rb, order->host, order->until, &order->mem, why);
	if (!err) {
		rb.version = order->spoken;
		rb.oldest = order->spoken;
		err = command->run_by(order, &rb, why);
	}
	fy_rpcbind_close(&rb);
	return err;
}

static const char *
word(int argc, char **argv, int at)
{
	return at > 0 && at < argc ? argv[at] : NULL;
}

int
main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < FY_ARRAY_LEN(commands); i++) {
		const struct command *c = &commands[i];
		struct order order = {
			.host = word(argc, argv, c->host),
			.program = number(word(argc, argv, c->program)),
			.version = number(word(argc, argv, c->version)),
			.addr = word(argc, argv, c->addr),
			.spoken = number(word(argc, argv, c->spoken)),
			.until = ferry_in_ms(20000),
		};
		struct ferry_error why = { .text = "" };
		ferry_err err;

		if (strcmp(c->name, argv[1]) != 0)
			continue;
		if (order.host && strcmp(order.host, "-") == 0)
			order.host = NULL;
		err = run(c, &order, &why);
		if (err)
			printf("%s %s\n", ferry_err_name(err), why.text);
		ferry_arena_fini(&order.mem);
		return ferry_err_status(err);
	}
	return 2;
}

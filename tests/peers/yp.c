/* SPDX-License-Identifier: MIT */
/*
 * peer-yp ADDRESS DOMAIN MAP KEY: what a NIS server knows, by the stubs that
 * ferry makes of <rpcsvc/yp.x>: whether it serves the domain, and the value of
 * a key in one of its maps.
 */
#include <stdio.h>

#include <ferry/ferry.h>

#include "yp.h"

static struct ferry_call
call_to(struct ferry_client *client, struct ferry_arena *mem)
{
	return ferry_call_to(client, ferry_in_ms(10000), mem);
}

static ferry_err
ask(struct ferry_client *client, struct ferry_arena *mem, char **words,
    struct ferry_error *why)
{
	struct ferry_str key = ferry_str_of(words[2]);
	struct ypreq_key args = {
		.domain = ferry_str_of(words[0]),
		.map = ferry_str_of(words[1]),
		.key = { (const uint8_t *)key.data, key.len },
	};
	struct ferry_call call = call_to(client, mem);
	struct ypresp_val got;
	bool serves = false;
	ferry_err err = ypproc_null_2(&call);

	if (!err)
		err = ypproc_domain_2(&call, args.domain, &serves);
	if (!err) {
		printf("serves %s: %s\n", words[0], serves ? "yes" : "no");
		err = ypproc_match_2(&call, &args, &got);
	}
	if (err)
		*why = call.why;
	else
		printf("%s: %d %.*s\n", words[2], (int)got.stat,
		       (int)got.val.len, (const char *)got.val.data);
	return err;
}

int
main(int argc, char **argv)
{
	struct ferry_error why = { .text = "" };
	struct ferry_client *client = NULL;
	struct ferry_arena mem = { 0 };
	ferry_err err;

	if (argc != 5) {
		fprintf(stderr, "usage: peer-yp ADDRESS DOMAIN MAP KEY\n");
		return 2;
	}
	err = ferry_client_open(argv[1], NULL, ferry_in_ms(10000), &client,
				&why);
	if (!err)
		err = ask(client, &mem, argv + 2, &why);
	if (err)
		fprintf(stderr, "peer-yp: %s\n",
			why.text[0] ? why.text : ferry_strerror(err));
	ferry_client_free(client);
	ferry_arena_fini(&mem);
	return ferry_err_status(err);
}

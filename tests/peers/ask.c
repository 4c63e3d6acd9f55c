/* SPDX-License-Identifier: MIT */
/*
 * peer-ask ADDRESS PROGRAM VERSION PROCEDURE [sys]: one call without arguments,
 * and the name of what it ended with; for a refused credential also which
 * auth_stat it was, by its number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ferry/ferry.h>
#include <ferry/stub.h>

static ferry_err
ask(struct ferry_client *client, const struct ferry_version *version,
    uint32_t procedure, struct ferry_error *why)
{
	struct ferry_call call = ferry_call_to(client, ferry_in_ms(10000),
					       NULL);
	ferry_err err;

	ferry_call_begin(&call, version, procedure, 0);
	err = ferry_call_send(&call);
	if (!err) {
		ferry_call_wait(&call);
		err = ferry_call_end(&call);
	}
	if (err)
		*why = call.why;
	return err;
}

static uint32_t
number(const char *text)
{
	return (uint32_t)strtoul(text, NULL, 10);
}

int
main(int argc, char **argv)
{
	struct ferry_auth_sys self = { .machine = ferry_str_of("ferry") };
	struct ferry_client_config config = { 0 };
	struct ferry_version version = { .name = "ASKED" };
	struct ferry_error why = { .text = "" };
	struct ferry_client *client = NULL;
	ferry_err err;

	if (argc != 5 && argc != 6) {
		fprintf(stderr, "usage: peer-ask ADDRESS PROGRAM VERSION "
				"PROCEDURE [sys]\n");
		return 2;
	}
	version.program = number(argv[2]);
	version.version = number(argv[3]);
	if (argc == 6)
		config.auth_sys = &self;
	err = ferry_client_open(argv[1], &config, ferry_in_ms(10000), &client,
				&why);
	if (!err)
		err = ask(client, &version, number(argv[4]), &why);
	printf("%s", ferry_err_name(err));
	if (err == FERRY_EAUTH)
		printf(" %u", (unsigned int)why.auth_stat);
	printf("\n");
	ferry_client_free(client);
	return ferry_err_status(err);
}

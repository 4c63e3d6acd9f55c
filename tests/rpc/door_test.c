/* SPDX-License-Identifier: MIT */
/* Who gets in to a server, and what it says of those who do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <poll.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "host.h"
#include "raw.h"

/* Lines of a server's log that hold .word. */
struct listener_log {
	const char *word;
	uint32_t n;
};

static void
count_line(void *ctx, enum ferry_log_level level, const char *line)
{
	struct listener_log *log = ctx;

	(void)level;
	if (strstr(line, log->word))
		__atomic_fetch_add(&log->n, 1, __ATOMIC_RELAXED);
}

static uint32_t
lines(const struct listener_log *log)
{
	return __atomic_load_n(&log->n, __ATOMIC_RELAXED);
}

/* A server at a path of its own, or an abstract name, with ?uid=@uid. */
static void
listen_for(struct host *host, bool is_abstract, uid_t uid)
{
	struct ferry_error why = { .code = FERRY_OK };
	char addr[128];

	snprintf(host->dir, sizeof(host->dir), "/tmp/rpc-XXXXXX");
	assert_non_null(mkdtemp(host->dir));
	snprintf(addr, sizeof(addr), "unix:%s%s/s?uid=%u",
		 is_abstract ? "@" : "", host->dir, uid);
	if (ferry_server_listen(host->server, addr, &why))
		fail_msg("%s", why.text);
	ferry_server_addr(host->server, 0, host->addr, sizeof(host->addr));
	/* Whom it lets in is nothing for those who dial. */
	assert_null(strchr(host->addr, '?'));
}

static ferry_err
call_once(const struct host *host)
{
	struct ferry_client *client = host_client(host);
	struct ferry_call call = ferry_call_to(client, ferry_in_ms(10000),
					       NULL);
	ferry_err err = null_1(&call);

	ferry_client_free(client);
	return err;
}

static void
whom_the_rule_of_the_address_does_not_name_is_not_served(void **state)
{
	struct listener_log log = { .word = "refused" };
	const struct ferry_hooks hooks = { .log = count_line, .ctx = &log };
	const struct ferry_server_config config = { .hooks = &hooks };
	struct host host;

	(void)state;
	for (int is_abstract = 0; is_abstract < 2; is_abstract++) {
		log.n = 0;
		host_init(&host, &config, 2);
		listen_for(&host, is_abstract, geteuid() + 1);
		host_run(&host);
		for (int i = 0; i < 5; i++) {
			ferry_err err = call_once(&host);

			assert_true(err == FERRY_ELOST || err == FERRY_EOF ||
				    err == FERRY_ECONNECT);
		}
		host_fini(&host);
		assert_int_equal(lines(&log), 1);
	}
}

static void
whom_it_names_is_served(void **state)
{
	struct host host;

	(void)state;
	for (int is_abstract = 0; is_abstract < 2; is_abstract++) {
		host_init(&host, NULL, 2);
		listen_for(&host, is_abstract, geteuid());
		host_run(&host);
		assert_int_equal(call_once(&host), FERRY_OK);
		host_fini(&host);
	}
}

/* Over which it tries again and again, and says so once. */
static void
a_pause_is_worth_one_line(void **state)
{
	struct listener_log log = { .word = "accepting pauses" };
	const struct ferry_hooks hooks = { .log = count_line, .ctx = &log };
	const struct ferry_server_config config = { .hooks = &hooks };
	struct rlimit old, tight;
	struct raw_record r;
	struct host host;
	struct pollfd p = { .events = POLLIN };
	int spare;

	(void)state;
	host_init(&host, &config, 1);
	host_listen(&host, "unix");
	host_run(&host);
	assert_int_equal(call_once(&host), FERRY_OK);
	getrlimit(RLIMIT_NOFILE, &old);
	for (uint32_t pause = 1; pause <= 2; pause++) {
		/* Room for our end of one connection more. */
		spare = dup(0);
		tight = old;
		tight.rlim_cur = (rlim_t)spare + 1;
		close(spare);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
		p.fd = host_connect(&host);
		r = raw_call(ECHO_PROGRAM, 1, 0);
		raw_no_auth(&r);
		raw_send(p.fd, &r);
		/* More than two sweeps. */
		assert_int_equal(poll(&p, 1, 600), 0);
		assert_int_equal(lines(&log), pause);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
		assert_int_equal(poll(&p, 1, 10000), 1);
		close(p.fd);
	}
	host_fini(&host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			whom_the_rule_of_the_address_does_not_name_is_not_served),
		cmocka_unit_test(whom_it_names_is_served),
		cmocka_unit_test(a_pause_is_worth_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

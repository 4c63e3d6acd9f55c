/* SPDX-License-Identifier: MIT */
/* Calls between one client and one server, over every local way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "host.h"
#include "mq_alone.h"

static struct ferry_bytes
bytes_of(const char *text)
{
	return (struct ferry_bytes){ (const uint8_t *)text,
				     (uint32_t)strlen(text) };
}

static void
echo_all_sizes(struct ferry_client *client)
{
	static const uint32_t sizes[] = { 0,	1,     3,      59,     60,
					  61,	65,    4000,   5000,   70000,
					  200000, 900000 };
	struct ferry_arena mem = { 0 };
	uint8_t *data = malloc(900000);

	for (uint32_t i = 0; i < 900000; i++)
		data[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct ferry_call call = ferry_call_to(client,
						       ferry_in_ms(20000),
						       &mem);
		struct ferry_bytes in = { data, sizes[i] };
		struct ferry_bytes out = { NULL, 0 };

		if (echo_1_call(&call, in, &out))
			fail_msg("%u bytes: %s", sizes[i], call.why.text);
		assert_int_equal(out.len, in.len);
		assert_memory_equal(out.data, in.data, in.len);
		/* The client's copy is not the link's. */
		assert_int_equal(null_1(&call), FERRY_OK);
		assert_memory_equal(out.data, in.data, in.len);
		ferry_arena_reset(&mem);
	}
	ferry_arena_fini(&mem);
	free(data);
}

static void
over(const char *scheme, uint32_t n_threads)
{
	struct host host;
	struct ferry_client *client;

	host_init(&host, NULL, n_threads);
	host_listen(&host, scheme);
	host_run(&host);
	client = host_client(&host);
	echo_all_sizes(client);
	ferry_client_free(client);
	host_fini(&host);
}

static void
every_size_comes_back_over_unix(void **state)
{
	(void)state;
	over("unix", 1);
	over("unix", 4);
}

static void
every_size_comes_back_over_shared_memory(void **state)
{
	(void)state;
	over("shm", 1);
	over("shm", 4);
}

static void
every_size_comes_back_over_tcp(void **state)
{
	(void)state;
	over("tcp", 2);
}

static void
every_size_comes_back_over_fifos(void **state)
{
	(void)state;
	over("fifo", 1);
	over("fifo", 3);
}

static void
every_size_comes_back_over_posix_queues(void **state)
{
	(void)state;
	if (access("/proc/sys/fs/mqueue", F_OK) < 0)
		skip();
	over("mq", 1);
	over("mq", 3);
}

static void
every_size_comes_back_over_system_v_queues(void **state)
{
	struct msginfo limits;

	(void)state;
	if (msgctl(0, IPC_INFO, (struct msqid_ds *)(void *)&limits) < 0)
		skip();
	over("sysv", 1);
	over("sysv", 3);
}

static void
over_fds(const char *server_addr, const char *client_addr)
{
	struct host host;
	struct ferry_client *client;
	struct ferry_error why = { .code = FERRY_OK };

	host_init(&host, NULL, 2);
	if (ferry_server_listen(host.server, server_addr, &why))
		fail_msg("%s", why.text);
	host_run(&host);
	if (ferry_client_open(client_addr, NULL, FERRY_NEVER, &client, &why))
		fail_msg("%s", why.text);
	echo_all_sizes(client);
	ferry_client_free(client);
	/* Its only link has ended: it returns by itself. */
	host_end(&host, false);
	host_fini(&host);
}

static void
every_size_comes_back_over_a_socketpair(void **state)
{
	int fds[2];
	char a[32];
	char b[32];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	snprintf(a, sizeof(a), "fd:%d", fds[0]);
	snprintf(b, sizeof(b), "fd:%d", fds[1]);
	over_fds(a, b);
}

static void
every_size_comes_back_over_pipes(void **state)
{
	int to[2];
	int from[2];
	char a[32];
	char b[32];

	(void)state;
	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	snprintf(a, sizeof(a), "pipe:%d,%d", to[0], from[1]);
	snprintf(b, sizeof(b), "pipe:%d,%d", from[0], to[1]);
	over_fds(a, b);
}

/* The server side of exec: this program, told to serve its standard pipes. */
static int
serve_stdio(void)
{
	struct host host;
	struct ferry_error why = { .code = FERRY_OK };

	host_init(&host, NULL, 1);
	if (ferry_server_listen(host.server, "pipe:0,1", &why))
		return 2;
	if (ferry_server_run(host.server, 1, &why))
		return 3;
	host_fini(&host);
	return 0;
}

static void
every_size_comes_back_over_exec(void **state)
{
	struct ferry_client *client;
	struct ferry_error why = { .code = FERRY_OK };
	char self[512];
	char addr[600];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	(void)state;
	assert_true(n > 0);
	self[n] = '\0';
	snprintf(addr, sizeof(addr), "exec:%s serve", self);
	if (ferry_client_open(addr, NULL, FERRY_NEVER, &client, &why))
		fail_msg("%s", why.text);
	echo_all_sizes(client);
	ferry_client_free(client);
}

/* ---- errors, in whole words ---- */

static void
each_failure_is_told_as_what_it_is(void **state)
{
	static const struct {
		uint32_t handler;
		ferry_err told;
	} rows[] = {
		{ FERRY_EPROC, FERRY_EPROC },  { FERRY_EARGS, FERRY_EARGS },
		{ FERRY_EAUTH, FERRY_EAUTH },  { FERRY_ESERVER, FERRY_ESERVER },
		{ FERRY_ENOMEM, FERRY_ESERVER }, { 4711, FERRY_ESERVER },
	};
	struct host host;
	struct ferry_client *client;
	uint32_t out = 1;

	(void)state;
	host_init(&host, NULL, 1);
	host_listen(&host, host_scheme());
	host_run(&host);
	client = host_client(&host);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ferry_call call = ferry_call_to(client,
						       ferry_in_ms(5000), NULL);

		assert_int_equal(word_1_call(&call, 2, rows[i].handler, &out),
				 rows[i].told);
		assert_int_equal(call.why.code, rows[i].told);
		assert_true(strlen(call.why.text) > 10);
	}
	assert_int_equal(out, 1);
	ferry_client_free(client);
	host_fini(&host);
}

static ferry_err
ask(struct ferry_client *client, const struct ferry_version *version,
    uint32_t procedure, struct ferry_error *why)
{
	struct ferry_call call = ferry_call_to(client, ferry_in_ms(5000), NULL);
	ferry_err err;

	ferry_call_begin(&call, version, procedure, 0);
	if (!ferry_call_send(&call))
		ferry_call_wait(&call);
	err = ferry_call_end(&call);
	*why = call.why;
	return err;
}

static void
what_is_not_served_is_told_with_the_versions_there_are(void **state)
{
	const struct ferry_version other = {
		.name = "OTHER",
		.program = 0x20000099,
		.version = 1,
	};
	struct ferry_version two = echo_1;
	struct ferry_error why;
	struct host host;
	struct ferry_client *client;

	(void)state;
	two.version = 2;
	host_init(&host, NULL, 1);
	assert_int_equal(ferry_server_add(host.server, &echo_4, &host_ops,
					  &host), FERRY_OK);
	assert_int_equal(ferry_server_add(host.server, &echo_3, &host_ops,
					  &host), FERRY_OK);
	assert_int_equal(ferry_server_add(host.server, &echo_3, &host_ops,
					  &host), FERRY_EINVAL);
	host_listen(&host, host_scheme());
	host_run(&host);
	client = host_client(&host);
	assert_int_equal(ask(client, &other, 0, &why), FERRY_EPROG);
	assert_int_equal(ask(client, &two, 0, &why), FERRY_EVERSION);
	assert_int_equal(why.low, 1);
	assert_int_equal(why.high, 4);
	assert_non_null(strstr(why.text, "1 to 4"));
	assert_int_equal(ask(client, &echo_3, 0, &why), FERRY_OK);
	assert_int_equal(ask(client, &echo_3, 99, &why), FERRY_EPROC);
	/* ECHO without its argument. */
	assert_int_equal(ask(client, &echo_4, 1, &why), FERRY_EARGS);
	ferry_client_free(client);
	host_fini(&host);
}

static void
bytes_behind_the_results_are_refused(void **state)
{
	struct host host;
	struct ferry_client *client;
	struct ferry_call call;
	uint32_t out = 0;

	(void)state;
	host_init(&host, NULL, 1);
	host_listen(&host, host_scheme());
	host_run(&host);
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(5000), NULL);
	/* FILL's opaque<> read as one word. */
	assert_int_equal(word_1_start(&call, 4, 8), FERRY_OK);
	assert_int_equal(word_1_finish(&call, &out), FERRY_EDECODE);
	assert_int_equal(word_1_call(&call, 2, 0, &out), FERRY_OK);
	ferry_client_free(client);
	host_fini(&host);
}

static void
a_call_in_flight_cannot_be_begun_again(void **state)
{
	struct host host;
	struct ferry_client *client;
	struct ferry_call call;
	struct ferry_call none = { .client = NULL };
	uint32_t out = 0;

	(void)state;
	host_init(&host, NULL, 1);
	host_listen(&host, host_scheme());
	host_run(&host);
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(5000), NULL);
	assert_int_equal(word_1_start(&call, 2, 0), FERRY_OK);
	assert_int_equal(word_1_start(&call, 2, 0), FERRY_EINVAL);
	assert_int_equal(word_1_finish(&call, &out), FERRY_OK);
	assert_int_equal(null_1(&none), FERRY_EINVAL);
	/* Waiting for what was never sent does not hang. */
	assert_int_equal(word_1_finish(&call, &out), FERRY_EINVAL);
	ferry_client_free(client);
	host_fini(&host);
}

static void
steps_of_a_call_in_the_wrong_order_are_refused(void **state)
{
	struct host host;
	struct ferry_client *client;
	struct ferry_call call;

	(void)state;
	host_init(&host, NULL, 1);
	host_listen(&host, host_scheme());
	host_run(&host);
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(5000), NULL);
	assert_int_equal(ferry_call_send(&call), FERRY_EINVAL);
	assert_int_equal(null_1(&call), FERRY_OK);
	assert_int_equal(ferry_call_send(&call), FERRY_EINVAL);
	/* Begun, not sent: its end gives the link back to others. */
	ferry_call_begin(&call, &echo_1, 2, 4);
	assert_int_equal(ferry_call_wait(&call)->err, FERRY_EINVAL);
	assert_int_equal(ferry_call_end(&call), FERRY_EINVAL);
	ferry_call_begin(&call, &echo_1, 2, 4);
	assert_int_equal(ferry_call_end(&call), FERRY_EINVAL);
	call = ferry_call_to(client, ferry_in_ms(5000), NULL);
	assert_int_equal(null_1(&call), FERRY_OK);
	ferry_client_free(client);
	host_fini(&host);
}

static void
arguments_without_encoding_are_not_sent(void **state)
{
	struct host host;
	struct ferry_client *client;
	struct ferry_call call;

	(void)state;
	host_init(&host, NULL, 1);
	host_listen(&host, host_scheme());
	host_run(&host);
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(5000), NULL);
	ferry_call_begin(&call, &echo_1, 1, SIZE_MAX);
	assert_int_equal(ferry_call_send(&call), FERRY_EENCODE);
	/* Fewer bytes than were announced, and more. */
	ferry_call_begin(&call, &echo_1, 1, 8);
	assert_int_equal(ferry_call_send(&call), FERRY_EENCODE);
	ferry_put_bytes(ferry_call_begin(&call, &echo_1, 1, 4),
			bytes_of("longer"), 100);
	assert_int_equal(ferry_call_send(&call), FERRY_ETOOBIG);
	ferry_call_begin(&call, &echo_1, 1, FERRY_MESSAGE_DEFAULT);
	assert_int_equal(ferry_call_send(&call), FERRY_ETOOBIG);
	assert_int_equal(null_1(&call), FERRY_OK);
	ferry_client_free(client);
	host_fini(&host);
}

/* ---- identity ---- */

static struct ferry_peer seen_peer;
static struct ferry_auth_sys seen_sys;
static bool seen_claim;

static ferry_err
who(struct ferry_call *call, struct ferry_bytes in, struct ferry_bytes *out)
{
	const struct ferry_auth_sys *sys = ferry_call_auth_sys(call);

	ferry_call_peer(call, &seen_peer);
	seen_claim = sys != NULL;
	if (sys)
		seen_sys = *sys;
	if (sys && !ferry_str_eq(sys->machine, "here"))
		return FERRY_EAUTH;
	*out = in;
	return FERRY_OK;
}

static void
a_handler_sees_who_calls_and_what_he_claims(void **state)
{
	static const struct echo_1_ops ops = { .echo = who };
	const struct ferry_auth_sys sys = { .stamp = 7,
					    .machine = { "here", 4 },
					    .uid = 1,
					    .gid = 2,
					    .n_gids = 2,
					    .gids = { 3, 4 } };
	const struct ferry_client_config config = { .auth_sys = &sys };
	struct host host;
	struct ferry_client *client;
	struct ferry_call call;
	struct ferry_bytes out;

	(void)state;
	host_init(&host, NULL, 1);
	assert_int_equal(ferry_server_add(host.server, &echo_3, &ops, NULL),
			 FERRY_OK);
	/* Unlike shared memory, the kernel orders what the threads do here. */
	host_listen(&host, "unix");
	host_run(&host);
	assert_int_equal(ferry_client_open(host.addr, &config, FERRY_NEVER,
					   &client, NULL), FERRY_OK);
	call = ferry_call_to(client, ferry_in_ms(5000), NULL);
	ferry_put_bytes(ferry_call_begin(&call, &echo_3, 1, 4), bytes_of(""),
			0);
	assert_int_equal(ferry_call_send(&call), FERRY_OK);
	assert_int_equal(echo_1_finish(&call, &out), FERRY_OK);
	assert_true(seen_claim);
	assert_int_equal(seen_sys.uid, 1);
	assert_int_equal(seen_sys.n_gids, 2);
	assert_int_equal(seen_sys.gids[1], 4);
	assert_true(seen_peer.has_ids);
	assert_int_equal(seen_peer.uid, geteuid());
	assert_int_equal(seen_peer.pid, getpid());
	ferry_client_free(client);
	host_fini(&host);
}

/* ---- fork ---- */

static void
a_child_cannot_use_what_its_parent_made(void **state)
{
	struct host host;
	struct ferry_client *client;
	struct ferry_call call, started;
	uint32_t out = 0;
	int status;
	pid_t pid;

	(void)state;
	host_init(&host, NULL, 1);
	/* Where a client can connect before the server runs. */
	host_listen(&host, "unix");
	client = host_client(&host);
	call = ferry_call_to(client, ferry_in_ms(5000), NULL);
	started = ferry_call_to(client, ferry_in_ms(5000), NULL);
	assert_int_equal(word_1_start(&started, 2, 0), FERRY_OK);
	pid = fork();
	if (pid == 0) {
		int fd;
		bool refused = null_1(&call) == FERRY_EFORK &&
			       word_1_finish(&started, &out) == FERRY_EFORK &&
			       ferry_client_fd(client, &fd) == FERRY_EFORK &&
			       ferry_client_process(client) == FERRY_EFORK &&
			       ferry_server_run(host.server, 1, NULL) ==
				       FERRY_EFORK;

		ferry_client_free(client);
		ferry_server_free(host.server);
		_exit(refused ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	/* The child has closed its copies, and nothing of ours. */
	host_run(&host);
	assert_int_equal(word_1_finish(&started, &out), FERRY_OK);
	assert_int_equal(null_1(&call), FERRY_OK);
	ferry_client_free(client);
	host_fini(&host);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_size_comes_back_over_unix),
		cmocka_unit_test(every_size_comes_back_over_shared_memory),
		cmocka_unit_test(every_size_comes_back_over_tcp),
		cmocka_unit_test(every_size_comes_back_over_fifos),
		cmocka_unit_test(every_size_comes_back_over_posix_queues),
		cmocka_unit_test(every_size_comes_back_over_system_v_queues),
		cmocka_unit_test(every_size_comes_back_over_a_socketpair),
		cmocka_unit_test(every_size_comes_back_over_pipes),
		cmocka_unit_test(every_size_comes_back_over_exec),
		cmocka_unit_test(each_failure_is_told_as_what_it_is),
		cmocka_unit_test(
			what_is_not_served_is_told_with_the_versions_there_are),
		cmocka_unit_test(bytes_behind_the_results_are_refused),
		cmocka_unit_test(a_call_in_flight_cannot_be_begun_again),
		cmocka_unit_test(
			steps_of_a_call_in_the_wrong_order_are_refused),
		cmocka_unit_test(arguments_without_encoding_are_not_sent),
		cmocka_unit_test(a_handler_sees_who_calls_and_what_he_claims),
		cmocka_unit_test(a_child_cannot_use_what_its_parent_made),
	};

	if (argc > 1 && strcmp(argv[1], "serve") == 0)
		return serve_stdio();
	mq_alone();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

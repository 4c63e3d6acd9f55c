/* SPDX-License-Identifier: MIT */
/*
 * T34: connections that break at any byte, and processes that are killed at
 * any time. A call fails once; it was executed once or never, and never where
 * its caller is told that it was not sent. Nobody sends it again.
 *
 *	test-rpc-once [N]	kills so many servers and so many clients at
 *				each scheme
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cmocka.h>

#include <ferry/ferry.h>

#include "audit.h"
#include "fault.h"
#include "mq_alone.h"

#include "echo.h"
#include "raw.h"

#define SOON ferry_in_ms(20000)
#define CALLERS 3
#define MOST_CALLS 20000u
#define LATEST_KILL 300u
#define NOBODY UINT32_MAX
/* Of a call of ECHO, and of its reply, with four bytes of data. */
#define CALL_BYTES 52u
#define REPLY_BYTES 36u

/* How often a call may be executed. */
enum fate { NEVER, ONCE, ONCE_AT_MOST, WRONG };

/*
 * What both processes write in, each call at its number, in a file: whoever is
 * killed, it stays.
 *
 * @kill_at: who makes this call kills a process while it is under way
 * @most:    the number of the last call, and one
 */
struct book {
	char addr[200];
	uint32_t kill_at;
	uint32_t spin_ns;
	uint32_t most;
	bool kill_server;
	_Atomic pid_t server;
	_Atomic uint32_t n_begun;
	_Atomic uint32_t n_executed;
	_Atomic uint8_t executed[MOST_CALLS];
	_Atomic uint8_t fate[MOST_CALLS];
};

/* The same for all rounds at one scheme. */
struct world {
	const char *scheme;
	char folder[40];
	char path[60];
	struct book *book;
	size_t n_fds;
};

static uint32_t n_rounds = 6;

/* ---- the server, a process ---- */

static struct ferry_server *the_server;

static void
on_term(int signal)
{
	(void)signal;
	ferry_server_stop(the_server);
}

static ferry_err
on_echo(struct ferry_call *call, struct ferry_bytes in, struct ferry_bytes *out)
{
	struct book *book = call->ctx;
	uint32_t id;

	if (in.len < sizeof(id))
		return FERRY_EARGS;
	memcpy(&id, in.data, sizeof(id));
	if (id >= MOST_CALLS)
		return FERRY_EARGS;
	book->executed[id]++;
	book->n_executed++;
	*out = in;
	return FERRY_OK;
}

/* Its status. @told: gets a byte when it can be reached, or -1. */
static int
serve(struct book *book, const char *addr, int told)
{
	static const struct echo_1_ops ops = { .echo = on_echo };
	struct ferry_error why = { .code = FERRY_OK };

	if (ferry_server_new(NULL, &the_server, &why) ||
	    ferry_server_add(the_server, &echo_1, &ops, book) ||
	    ferry_server_listen(the_server, addr, &why)) {
		fprintf(stderr, "%s\n", why.text);
		return 2;
	}
	ferry_server_addr(the_server, 0, book->addr, sizeof(book->addr));
	book->server = getpid();
	(void)signal(SIGTERM, on_term);
	if (told >= 0 && write(told, "r", 1) != 1)
		return 3;
	if (ferry_server_run(the_server, 2, NULL))
		return 4;
	ferry_server_free(the_server);
	return 0;
}

static struct book *
open_book(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *at = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof(struct book)) == 0)
		at = mmap(NULL, sizeof(struct book), PROT_READ | PROT_WRITE,
			  MAP_SHARED, fd, 0);
	close(fd);
	return at == MAP_FAILED ? NULL : at;
}

/* What exec: starts: this program, to serve its standard pipes. */
static int
serve_pipes(const char *path)
{
	struct book *book = open_book(path);

	return book ? serve(book, "pipe:0,1", -1) : 1;
}

/* ---- the client, another ---- */

struct caller {
	struct book *book;
	struct ferry_client *client;
	pthread_t thread;
};

/* Of the first bytes of @data the number, and @id the rest. */
static struct ferry_bytes
text_of(uint8_t *data, uint32_t id)
{
	/* Some take more than a queue's message, or a pipe's page. */
	uint32_t len = 4 + (id % 8 ? id * 37 % 500 : id * 997 % 20000);

	memset(data, (int)(id & 0xff), len);
	memcpy(data, &id, sizeof(id));
	return (struct ferry_bytes){ data, len };
}

static enum fate
fate_after(ferry_err err)
{
	switch (err) {
	case FERRY_OK:
		return ONCE;
	case FERRY_ELOST:
		return ONCE_AT_MOST;
	case FERRY_ECONNECT:
		return NEVER;
	default:
		return WRONG;
	}
}

/* At any time of what the other threads do, and the other process. */
static void
kill_one(const struct book *book)
{
	int64_t end = ferry_in_ms(0).ns + book->spin_ns;

	while (ferry_in_ms(0).ns < end)
		continue;
	(void)kill(book->kill_server ? book->server : getpid(), SIGKILL);
}

/* One call: how it ended. */
static ferry_err
call_once(struct caller *c, uint32_t id)
{
	struct ferry_arena mem = { 0 };
	struct ferry_call call = ferry_call_to(c->client, SOON, &mem);
	uint8_t data[20004];
	struct ferry_bytes in = text_of(data, id), out;
	ferry_err err;

	c->book->fate[id] = ONCE_AT_MOST;
	err = echo_1_start(&call, in);
	if (id == c->book->kill_at)
		kill_one(c->book);
	if (!err)
		err = echo_1_finish(&call, &out);
	c->book->fate[id] = (uint8_t)fate_after(err);
	if (!err && (out.len != in.len || memcmp(out.data, data, in.len) != 0))
		c->book->fate[id] = WRONG;
	ferry_arena_fini(&mem);
	return err;
}

/* Return: NULL if all was as it should be. */
static void *
call_until_the_end(void *arg)
{
	struct caller *c = arg;
	ferry_err err = FERRY_OK;
	uint32_t id;

	while (!err) {
		id = c->book->n_begun++;
		if (id >= c->book->most)
			return NULL;
		err = call_once(c, id);
	}
	/* Who comes later is told of another thing: nothing was sent. */
	id = c->book->n_begun++;
	return call_once(c, id) == FERRY_ECONNECT ? NULL : c;
}

/* Its status. */
static int
be_client(struct book *book, const char *addr)
{
	struct caller callers[CALLERS];
	struct ferry_client *client;
	int status = 0;

	if (ferry_client_open(addr, NULL, SOON, &client, NULL))
		return 1;
	for (int i = 0; i < CALLERS; i++) {
		callers[i] = (struct caller){ .book = book, .client = client };
		/* The first makes sure that the server is there. */
		if (i == 0 && call_once(&callers[0], book->n_begun++))
			return 2;
		if (pthread_create(&callers[i].thread, NULL,
				   call_until_the_end, &callers[i]))
			return 3;
	}
	for (int i = 0; i < CALLERS; i++) {
		void *wrong;

		pthread_join(callers[i].thread, &wrong);
		if (wrong)
			status = 4;
	}
	ferry_client_free(client);
	return status;
}

/* ---- the one who looks on ---- */

static void
open_world(struct world *w, const char *scheme)
{
	*w = (struct world){ .scheme = scheme, .n_fds = fy_audit_fds() };
	snprintf(w->folder, sizeof(w->folder), "/tmp/ferry-test-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	/* Where sysv: notes whose queues are whose: nobody else sweeps that. */
	assert_int_equal(setenv("XDG_RUNTIME_DIR", w->folder, 1), 0);
	snprintf(w->path, sizeof(w->path), "%s/book", w->folder);
	w->book = open_book(w->path);
	assert_non_null(w->book);
}

static void
close_world(struct world *w)
{
	char notes[60];

	munmap(w->book, sizeof(*w->book));
	assert_int_equal(unlink(w->path), 0);
	snprintf(notes, sizeof(notes), "%s/ferry", w->folder);
	(void)rmdir(notes);
	/* Nothing is left of those that were killed. */
	assert_int_equal(rmdir(w->folder), 0);
	assert_int_equal(fy_audit_fds(), w->n_fds);
}

static void
new_page(struct world *w)
{
	memset(w->book, 0, sizeof(*w->book));
	w->book->kill_at = NOBODY;
	/* The last calls belong to who comes later. */
	w->book->most = MOST_CALLS - 100;
}

/* All that is known of the calls must be true. Return: how many of @fate. */
static uint32_t
check(const struct book *book, enum fate fate)
{
	uint32_t n = 0;

	for (uint32_t id = 0; id < book->n_begun; id++) {
		assert_int_not_equal(book->fate[id], WRONG);
		if (book->fate[id] == ONCE)
			assert_int_equal(book->executed[id], 1);
		else if (book->fate[id] == NEVER)
			assert_int_equal(book->executed[id], 0);
		else
			assert_in_range(book->executed[id], 0, 1);
		n += book->fate[id] == fate;
	}
	return n;
}

static pid_t
start_server(struct world *w, const char *addr, const int not_ours[2])
{
	int told[2];
	pid_t child;
	char byte;

	assert_int_equal(pipe(told), 0);
	child = fork();
	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(told[0]);
		close(not_ours[0]);
		close(not_ours[1]);
		_exit(serve(w->book, addr, told[1]));
	}
	close(told[1]);
	assert_int_equal(read(told[0], &byte, 1), 1);
	close(told[0]);
	return child;
}

static pid_t
start_client(struct world *w, const char *addr, const int not_ours[2])
{
	pid_t child = fork();

	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(not_ours[0]);
		close(not_ours[1]);
		_exit(be_client(w->book, addr));
	}
	return child;
}

/* That it ended well, or was killed. */
static void
expect_end(pid_t child, bool killed)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, killed ? SIGKILL : 0);
}

static void
stop_server(pid_t server)
{
	assert_int_equal(kill(server, SIGTERM), 0);
	expect_end(server, false);
}

static const int no_fds[2] = { -1, -1 };

static void
put_address(const struct world *w, char *out, size_t bytes)
{
	if (strcmp(w->scheme, "tcp") == 0)
		snprintf(out, bytes, "tcp:127.0.0.1:0");
	else if (strcmp(w->scheme, "mq") == 0)
		snprintf(out, bytes, "mq:/ferry-once-%d", (int)getpid());
	else if (strcmp(w->scheme, "sysv") == 0)
		snprintf(out, bytes, "sysv:0x%x",
			 0x5f000000u + (unsigned int)getpid());
	else
		snprintf(out, bytes, "%s:%s/s", w->scheme, w->folder);
}

/* From the server, to a client of whom nobody is killed. */
static void
expect_service(struct world *w)
{
	w->book->kill_at = NOBODY;
	w->book->most = w->book->n_begun + 50;
	expect_end(start_client(w, w->book->addr, no_fds), false);
}

/* Who is not killed serves others, and ends well. */
static void
play_listening(struct world *w)
{
	char addr[100];
	pid_t server;

	put_address(w, addr, sizeof(addr));
	server = start_server(w, addr, no_fds);
	expect_end(start_client(w, w->book->addr, no_fds),
		   !w->book->kill_server);
	if (w->book->kill_server) {
		expect_end(server, true);
		return;
	}
	expect_service(w);
	stop_server(server);
}

/* What the last one left who was killed is the next listener's to clear. */
static void
tidy_up(struct world *w)
{
	char addr[100];

	put_address(w, addr, sizeof(addr));
	stop_server(start_server(w, addr, no_fds));
}

/* Both have their ends already. */
static void
play_pair(struct world *w)
{
	bool is_pipe = strcmp(w->scheme, "pipe") == 0;
	int ours[2], theirs[2];
	char addr[2][40];
	pid_t server, client;

	if (is_pipe) {
		int there[2], back[2];

		assert_int_equal(pipe(there), 0);
		assert_int_equal(pipe(back), 0);
		ours[0] = back[0];
		ours[1] = there[1];
		theirs[0] = there[0];
		theirs[1] = back[1];
	} else {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ours), 0);
		theirs[0] = ours[1];
		ours[1] = theirs[1] = -1;
	}
	snprintf(addr[0], sizeof(addr[0]), is_pipe ? "pipe:%d,%d" : "fd:%d",
		 ours[0], ours[1]);
	snprintf(addr[1], sizeof(addr[1]), is_pipe ? "pipe:%d,%d" : "fd:%d",
		 theirs[0], theirs[1]);
	server = start_server(w, addr[1], ours);
	client = start_client(w, addr[0], theirs);
	for (int i = 0; i < 2; i++) {
		close(ours[i]);
		close(theirs[i]);
	}
	expect_end(client, !w->book->kill_server);
	expect_end(server, w->book->kill_server);
}

static void
play_exec(struct world *w)
{
	char self[512], addr[600];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	assert_true(n > 0);
	self[n] = '\0';
	snprintf(addr, sizeof(addr), "exec:%s serve %s", self, w->path);
	expect_end(start_client(w, addr, no_fds), !w->book->kill_server);
	/* The server of who was killed is an orphan, and ours. */
	if (!w->book->kill_server)
		expect_end(w->book->server, false);
}

static void
play_all(const char *scheme, void (*play)(struct world *))
{
	uint32_t n_perhaps = 0, n_calls = 0, random = 12345;
	struct world w;

	open_world(&w, scheme);
	for (uint32_t i = 0; i < n_rounds; i++) {
		new_page(&w);
		random = random * 1664525u + 1013904223u;
		w.book->kill_at = 1 + (random >> 16) % LATEST_KILL;
		w.book->spin_ns = (random >> 8) % 128 * 1000;
		w.book->kill_server = i % 2 == 0;
		play(&w);
		n_perhaps += check(w.book, ONCE_AT_MOST);
		n_calls += w.book->n_begun;
		/* It was seen by those who came later. */
		if (w.book->kill_server)
			assert_true(check(w.book, NEVER) >= CALLERS);
	}
	if (play == play_listening)
		tidy_up(&w);
	close_world(&w);
	printf("%s: %u killed, %u calls, nobody knows of %u of them\n", scheme,
	       n_rounds, n_calls, n_perhaps);
	assert_true(n_perhaps > 0);
}

static void
nothing_is_executed_twice_whoever_is_killed(void **state)
{
	static const char *const listening[] = { "fifo", "mq", "sysv", "tcp",
						 "unix" };

	(void)state;
	for (size_t i = 0; i < sizeof(listening) / sizeof(listening[0]); i++)
		play_all(listening[i], play_listening);
	play_all("fd", play_pair);
	play_all("pipe", play_pair);
	play_all("exec", play_exec);
}

/* ---- every byte ---- */

static int
connect_tcp(const struct book *book)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_port = htons((uint16_t)atoi(strrchr(book->addr, ':') + 1));
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

/* Goes behind @at bytes of a call, with an error where @is_reset. */
static void
cut_call(struct book *book, size_t at, bool is_reset)
{
	const struct linger at_once = { .l_onoff = 1 };
	struct raw_record r = raw_call(ECHO_PROGRAM, 1, 1);
	uint32_t id = book->n_begun++;
	uint8_t reply[REPLY_BYTES];
	bool is_whole = at == CALL_BYTES;
	int fd = connect_tcp(book);

	raw_no_auth(&r);
	raw_word(&r, 4);
	memcpy(r.bytes + r.n, &id, 4);
	assert_int_equal(r.n + 4, CALL_BYTES);
	ferry_store_u32(r.bytes, 0x80000000u | (CALL_BYTES - 4));
	assert_int_equal(send(fd, r.bytes, at, MSG_NOSIGNAL), at);
	if (is_reset) {
		assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER,
					    &at_once, sizeof(at_once)), 0);
	} else {
		/* The server answers, or not, and goes. */
		assert_int_equal(shutdown(fd, SHUT_WR), 0);
		assert_int_equal(raw_receive(fd, reply, sizeof(reply)),
				 is_whole ? REPLY_BYTES - 4 : 0);
	}
	close(fd);
	book->fate[id] = !is_whole ? NEVER : is_reset ? ONCE_AT_MOST : ONCE;
}

static void
a_call_cut_at_any_byte_is_not_executed(void **state)
{
	struct world w;
	pid_t server;

	(void)state;
	open_world(&w, "tcp");
	new_page(&w);
	server = start_server(&w, "tcp:127.0.0.1:0", no_fds);
	for (size_t at = 0; at <= CALL_BYTES; at++) {
		cut_call(w.book, at, false);
		cut_call(w.book, at, true);
	}
	expect_service(&w);
	stop_server(server);
	assert_true(check(w.book, NEVER) >= 2 * CALL_BYTES);
	close_world(&w);
}

/* Two calls in flight, when the link ends behind @at bytes one @way. */
static void
cut_link(struct book *book, const char *way, size_t at)
{
	static const struct ferry_transport_ops *const list[] = {
		&fy_transport_fault, NULL
	};
	const struct ferry_client_config config = { .transports = list };
	size_t colon = strcspn(book->addr, ":");
	bool is_call = strcmp(way, "cutout") == 0;
	struct ferry_call calls[2];
	struct ferry_arena mem = { 0 };
	struct ferry_client *client;
	struct ferry_bytes out;
	ferry_err err[2];
	uint32_t ids[2];
	char addr[300];

	snprintf(addr, sizeof(addr), "fault:%.*s%%3A%s?%s=%zu", (int)colon,
		 book->addr, book->addr + colon + 1, way, at);
	assert_int_equal(ferry_client_open(addr, &config, SOON, &client, NULL),
			 FERRY_OK);
	for (int i = 0; i < 2; i++) {
		ids[i] = book->n_begun++;
		calls[i] = ferry_call_to(client, SOON, &mem);
		err[i] = echo_1_start(&calls[i], (struct ferry_bytes){
						(uint8_t *)&ids[i], 4 });
	}
	for (uint32_t i = 0; i < 2; i++) {
		if (!err[i])
			err[i] = echo_1_finish(&calls[i], &out);
		book->fate[ids[i]] = (uint8_t)fate_after(err[i]);
		/* What has not left as a whole is not executed. */
		if (is_call && at < (i + 1) * CALL_BYTES)
			book->fate[ids[i]] = NEVER;
	}
	if (!is_call)
		assert_int_equal((err[0] == 0) + (err[1] == 0),
				 at / REPLY_BYTES);
	assert_int_equal(null_1(&calls[0]), FERRY_ECONNECT);
	ferry_client_free(client);
	ferry_arena_fini(&mem);
}

static void
calls_in_flight_fail_once_whatever_byte_is_the_last(void **state)
{
	static const char *const schemes[] = { "fifo", "tcp", "unix" };

	(void)state;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		char addr[100];
		struct world w;
		pid_t server;

		open_world(&w, schemes[i]);
		new_page(&w);
		put_address(&w, addr, sizeof(addr));
		server = start_server(&w, addr, no_fds);
		for (size_t at = 0; at < 2 * CALL_BYTES; at++)
			cut_link(w.book, "cutout", at);
		for (size_t at = 0; at < 2 * REPLY_BYTES; at++)
			cut_link(w.book, "cutin", at);
		stop_server(server);
		assert_true(check(w.book, ONCE) >= REPLY_BYTES);
		close_world(&w);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_cut_at_any_byte_is_not_executed),
		cmocka_unit_test(
			calls_in_flight_fail_once_whatever_byte_is_the_last),
		cmocka_unit_test(nothing_is_executed_twice_whoever_is_killed),
	};

	if (argc == 3 && strcmp(argv[1], "serve") == 0)
		return serve_pipes(argv[2]);
	if (argc > 1)
		n_rounds = 2 * (uint32_t)strtoul(argv[1], NULL, 10);
	mq_alone();
	/* What exec: started comes to us when its parent is killed. */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

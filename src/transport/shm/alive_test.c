/* SPDX-License-Identifier: MIT */
/*
 * Processes with life words that end in all ways, and one that looks on: it has
 * their pages as a peer has them, to be read, from a memfd that came by a
 * socket.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* With the points at which a process can be killed. */
#define FERRY_STEPS
#include "transport/shm/alive.c"

#include "core/time.h"

#define RING 4096u
/* No test waits for so long unless it is about to fail. */
#define FAIL_MS 20000
/* More than the kernel looks at. */
#define MANY 2100

/* There in a build with ThreadSanitizer, whose threads are slow to start. */
extern void __tsan_init(void) __attribute__((weak));

/* ---- who dies ---- */

/* Where this process is killed, if it is to be; of the victim. */
static volatile int dies_at = -1;

void
fy_shm_step(enum fy_shm_step step)
{
	if ((int)step == dies_at)
		(void)kill(getpid(), SIGKILL);
}

/* Like a cmocka assertion, in a process that has no cmocka. */
#define DEMAND(truth)                                                          \
	do {                                                                   \
		if (!(truth)) {                                                \
			(void)fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, \
				      __LINE__, #truth);                       \
			_exit(99);                                             \
		}                                                              \
	} while (0)

/* One word, with what holds it. */
struct held {
	struct fy_shm_area area;
	struct fy_alive alive;
};

static void
send_byte(int sock, char byte)
{
	DEMAND(send(sock, &byte, 1, MSG_NOSIGNAL) == 1);
}

static char
recv_byte(int sock)
{
	char byte = 0;

	DEMAND(recv(sock, &byte, 1, 0) == 1);
	return byte;
}

static void
send_fd(int sock, int fd)
{
	char byte = 'm';
	struct iovec iov = { &byte, 1 };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = { 0 } };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&msg);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(int));
	DEMAND(sendmsg(sock, &msg, MSG_NOSIGNAL) == 1);
}

/* The observer has a view of @held when this returns. */
static void
show(int sock, struct held *held)
{
	int fd = -1;

	DEMAND(!fy_shm_area_make(RING, &held->area, &fd, NULL));
	send_fd(sock, fd);
	close(fd);
	DEMAND(recv_byte(sock) == 'v');
}

static void
hold(int sock, struct held *held)
{
	show(sock, held);
	DEMAND(!fy_alive_begin(&held->alive, &held->area, NULL));
}

static void
release(struct held *held)
{
	fy_alive_end(&held->alive);
	fy_shm_area_close(&held->area);
}

/* ---- who looks on ---- */

struct victim {
	pid_t pid;
	int sock;
};

static struct victim
start(void (*body)(int sock, int arg), int arg)
{
	struct victim victim;
	int socks[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, socks), 0);
	victim.pid = fork();
	assert_true(victim.pid >= 0);
	if (victim.pid == 0) {
		const struct rlimit none = { 0, 0 };

		close(socks[0]);
		(void)setrlimit(RLIMIT_CORE, &none);
		body(socks[1], arg);
		_exit(0);
	}
	close(socks[1]);
	victim.sock = socks[0];
	return victim;
}

/* It ends by itself, and is left to finish(). */
static void
await_end(const struct victim *victim)
{
	siginfo_t info;

	assert_int_equal(waitid(P_PID, (id_t)victim->pid, &info,
				WEXITED | WNOWAIT),
			 0);
}

/* Return: how it ended, as waitpid(2) has it. */
static int
finish(struct victim *victim)
{
	int status = -1;

	(void)kill(victim->pid, SIGKILL);
	assert_int_equal(waitpid(victim->pid, &status, 0), victim->pid);
	close(victim->sock);
	return status;
}

static int
recv_fd(int sock)
{
	char byte;
	struct iovec iov = { &byte, 1 };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	int fd;

	assert_int_equal(recvmsg(sock, &msg, 0), 1);
	assert_non_null(CMSG_FIRSTHDR(&msg));
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

/* Of what the victim shows next. */
static struct fy_shm_view
look(const struct victim *victim)
{
	struct fy_shm_view view = { 0 };
	int fd = recv_fd(victim->sock);

	assert_int_equal(fy_shm_view_open(fd, RING, RING, geteuid(), &view,
					  NULL),
			 FERRY_OK);
	close(fd);
	assert_int_equal(send(victim->sock, "v", 1, MSG_NOSIGNAL), 1);
	return view;
}

static void
expect(const struct victim *victim, char wanted)
{
	char byte = 0;

	assert_int_equal(recv(victim->sock, &byte, 1, 0), 1);
	assert_int_equal(byte, wanted);
}

static void
tell(const struct victim *victim, char byte)
{
	assert_int_equal(send(victim->sock, &byte, 1, MSG_NOSIGNAL), 1);
}

static uint32_t
life(const struct fy_shm_view *view)
{
	return fy_shm_load(&view->page->life);
}

static bool
lives(const struct fy_shm_view *view)
{
	return life(view) != 0 && !fy_alive_is_dead(life(view));
}

/* As a receiver sleeps: on its data and on the life of who sends it. */
static void
sleep_until_dead(const struct fy_shm_view *view)
{
	const struct ferry_deadline until = ferry_in_ms(FAIL_MS);
	struct fy_os_futex words[2] = {
		{ &view->page->tail, 0 },
		{ &view->page->life, life(view) },
	};

	assert_int_not_equal(words[1].expected, 0);
	while (!fy_alive_is_dead(life(view))) {
		if (fy_os_futex_wait_any(words, 2, until) < 0 &&
		    (errno == ENOSYS || errno == EPERM))
			(void)fy_os_futex_wait_shared(words[1].word,
						      words[1].expected, until);
		assert_false(fy_deadline_passed(until));
	}
}

/* ---- ends ---- */

enum end {
	END_KILLED,
	END_EXITS,
	END_EXITS_IN_A_THREAD,
	END_ABORTS,
	END_CRASHES,
	END_EXECS,
	N_ENDS,
};

static void *
leave(void *unused)
{
	(void)unused;
	_exit(0);
}

static void *
rest(void *unused)
{
	for (;;)
		(void)pause();
	return unused;
}

static void
meet_end(int sock, enum end end)
{
	char *const argv[] = { "sh", "-c", "read x", NULL };
	pthread_t thread;

	switch (end) {
	case END_KILLED:
		(void)kill(getpid(), SIGKILL);
		break;
	case END_EXITS:
		_exit(0);
	case END_EXITS_IN_A_THREAD:
		(void)pthread_create(&thread, NULL, leave, NULL);
		(void)rest(NULL);
		break;
	case END_ABORTS:
		(void)signal(SIGABRT, SIG_DFL);
		abort();
	case END_CRASHES:
		(void)signal(SIGSEGV, SIG_DFL);
		(void)raise(SIGSEGV);
		break;
	default:
		(void)dup2(sock, 0);
		(void)execvp(argv[0], argv);
	}
}

static void
live_until_told(int sock, int end)
{
	struct held held = { .area = { 0 } };

	hold(sock, &held);
	send_byte(sock, 'h');
	(void)recv_byte(sock);
	meet_end(sock, (enum end)end);
	_exit(98);
}

static void
whatever_ends_a_process_is_told_by_its_word(void **state)
{
	(void)state;
	for (int end = 0; end < N_ENDS; end++) {
		struct victim victim = start(live_until_told, end);
		struct fy_shm_view view = look(&victim);

		expect(&victim, 'h');
		assert_true(lives(&view));
		tell(&victim, 'd');
		sleep_until_dead(&view);
		assert_int_equal(life(&view),
				 FUTEX_OWNER_DIED | FUTEX_WAITERS);
		/* What has become of it by exec is still there. */
		if (end == END_EXECS)
			assert_int_equal(waitpid(victim.pid, NULL, WNOHANG), 0);
		(void)finish(&victim);
		fy_shm_view_close(&view);
	}
}

static void *
begin_in_thread(void *arg)
{
	struct held *held = arg;

	DEMAND(!fy_alive_begin(&held->alive, &held->area, NULL));
	return NULL;
}

static void
begin_in_a_thread_that_ends(int sock, int unused)
{
	struct held held = { .area = { 0 } };
	pthread_t thread;

	(void)unused;
	show(sock, &held);
	DEMAND(pthread_create(&thread, NULL, begin_in_thread, &held) == 0);
	DEMAND(pthread_join(thread, NULL) == 0);
	send_byte(sock, 'h');
	(void)recv_byte(sock);
}

static void
the_end_of_the_thread_that_began_is_not_the_end(void **state)
{
	struct victim victim = start(begin_in_a_thread_that_ends, 0);
	struct fy_shm_view view = look(&victim);

	(void)state;
	expect(&victim, 'h');
	assert_true(lives(&view));
	tell(&victim, 'd');
	sleep_until_dead(&view);
	(void)finish(&victim);
	fy_shm_view_close(&view);
}

static void
who_is_stopped_lives(void **state)
{
	struct victim victim = start(live_until_told, END_KILLED);
	struct fy_shm_view view = look(&victim);
	uint32_t before;

	(void)state;
	expect(&victim, 'h');
	before = life(&view);
	assert_int_equal(kill(victim.pid, SIGSTOP), 0);
	assert_int_equal(waitpid(victim.pid, NULL, WUNTRACED), victim.pid);
	assert_int_equal(life(&view), before);
	assert_int_equal(kill(victim.pid, SIGCONT), 0);
	assert_true(lives(&view));
	(void)kill(victim.pid, SIGKILL);
	sleep_until_dead(&view);
	(void)finish(&victim);
	fy_shm_view_close(&view);
}

static void
end_properly(int sock, int unused)
{
	struct held held[3] = { { .area = { 0 } } };

	(void)unused;
	for (int i = 0; i < 3; i++)
		hold(sock, &held[i]);
	send_byte(sock, 'h');
	(void)recv_byte(sock);
	/* From the middle, from the end of the list, and the last. */
	release(&held[1]);
	release(&held[0]);
	send_byte(sock, 'e');
	(void)recv_byte(sock);
	release(&held[2]);
	/* Again, of what has ended. */
	fy_alive_end(&held[2].alive);
}

static void
a_word_that_is_ended_is_cleared_and_stays_so(void **state)
{
	struct victim victim = start(end_properly, 0);
	struct fy_shm_view views[3];

	(void)state;
	for (int i = 0; i < 3; i++)
		views[i] = look(&victim);
	expect(&victim, 'h');
	for (int i = 0; i < 3; i++)
		assert_true(lives(&views[i]));
	tell(&victim, 'e');
	expect(&victim, 'e');
	assert_int_equal(life(&views[0]), 0);
	assert_int_equal(life(&views[1]), 0);
	assert_true(lives(&views[2]));
	tell(&victim, 'e');
	await_end(&victim);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(life(&views[i]), 0);
		fy_shm_view_close(&views[i]);
	}
	assert_int_equal(finish(&victim), 0);
}

/* ---- forks ---- */

/* The child has neither word nor memory, and can have words of its own. */
static void
live_on(int sock, struct held *parents)
{
	struct held own = { .area = { 0 } };

	fy_alive_end(&parents->alive);
	send_byte(sock, 'c');
	(void)recv_byte(sock);
	hold(sock, &own);
	send_byte(sock, 'h');
	(void)recv_byte(sock);
	release(&own);
	send_byte(sock, 'e');
}

static void
fork_and_rest(int sock, int unused)
{
	struct held held = { .area = { 0 } };

	(void)unused;
	hold(sock, &held);
	if (fork() == 0) {
		live_on(sock, &held);
		_exit(0);
	}
	(void)rest(NULL);
}

static void
a_child_that_lives_on_does_not_hide_the_end(void **state)
{
	struct fy_shm_view parents, childs;
	struct victim victim;

	(void)state;
	if (__tsan_init)
		skip();
	victim = start(fork_and_rest, 0);
	parents = look(&victim);
	expect(&victim, 'c');
	assert_true(lives(&parents));
	(void)kill(victim.pid, SIGKILL);
	sleep_until_dead(&parents);
	tell(&victim, 'c');
	childs = look(&victim);
	expect(&victim, 'h');
	assert_true(lives(&childs));
	tell(&victim, 'e');
	expect(&victim, 'e');
	assert_int_equal(life(&childs), 0);
	(void)finish(&victim);
	fy_shm_view_close(&parents);
	fy_shm_view_close(&childs);
}

/* ---- many ---- */

static void
hold_many(int sock, int unused)
{
	struct held *held = calloc(MANY, sizeof(*held));

	(void)unused;
	DEMAND(held);
	for (int i = 0; i < MANY; i++)
		hold(sock, &held[i]);
	/* There is room for one more. */
	release(&held[7]);
	hold(sock, &held[7]);
	send_byte(sock, 'h');
	(void)recv_byte(sock);
}

static void
as_many_as_the_kernel_looks_at_have_a_word(void **state)
{
	static struct fy_shm_view views[MANY + 1];
	struct victim victim = start(hold_many, 0);

	(void)state;
	for (int i = 0; i < MANY + 1; i++)
		views[i] = look(&victim);
	expect(&victim, 'h');
	(void)kill(victim.pid, SIGKILL);
	sleep_until_dead(&views[0]);
	(void)finish(&victim);
	for (int i = 0; i < MANY + 1; i++) {
		bool has = (i < FY_ALIVE_MOST && i != 7) || i == MANY;

		assert_int_equal(fy_alive_is_dead(life(&views[i])), has);
		assert_int_equal(life(&views[i]) != 0, has);
		fy_shm_view_close(&views[i]);
	}
}

/* ---- at each step, and anywhere ---- */

#define FEW 4

/* The third of four: neither first nor last when it ends. */
static void
die_at(int sock, int step)
{
	struct held held[FEW] = { { .area = { 0 } } };

	for (int i = 0; i < FEW; i++)
		show(sock, &held[i]);
	for (int i = 0; i < FEW; i++) {
		if (i == 2 && step != FY_STEP_LIFE_CLEARED)
			dies_at = step;
		DEMAND(!fy_alive_begin(&held[i].alive, &held[i].area, NULL));
	}
	dies_at = step;
	fy_alive_end(&held[2].alive);
	_exit(98);
}

static void
a_word_is_marked_or_none_wherever_one_dies(void **state)
{
	static const struct {
		enum fy_shm_step step;
		int n_marked;
	} rows[] = {
		{ FY_STEP_LIFE_PENDING, 2 },
		{ FY_STEP_LIFE_LINKED, 2 },
		{ FY_STEP_LIFE_SET, 3 },
		{ FY_STEP_LIFE_CLEARED, 3 },
	};

	(void)state;
	for (size_t i = 0; i < FY_ARRAY_LEN(rows); i++) {
		struct victim victim = start(die_at, (int)rows[i].step);
		struct fy_shm_view views[FEW];
		int n_marked = 0;

		for (int k = 0; k < FEW; k++)
			views[k] = look(&victim);
		await_end(&victim);
		assert_int_equal(finish(&victim), SIGKILL);
		for (int k = 0; k < FEW; k++) {
			assert_false(lives(&views[k]));
			n_marked += fy_alive_is_dead(life(&views[k]));
			fy_shm_view_close(&views[k]);
		}
		assert_int_equal(n_marked, rows[i].n_marked);
	}
}

#define CHURNERS 2

static void *
churn(void *arg)
{
	struct held *held = arg;

	for (;;) {
		for (int i = 0; i < FEW; i++)
			DEMAND(!fy_alive_begin(&held[i].alive, &held[i].area,
					       NULL));
		for (int i = 0; i < FEW; i++)
			fy_alive_end(&held[(i + 2) % FEW].alive);
	}
	return NULL;
}

static void
churn_for_ever(int sock, int unused)
{
	struct held held[CHURNERS][FEW] = { { { .area = { 0 } } } };
	pthread_t thread;

	(void)unused;
	for (int i = 0; i < CHURNERS; i++) {
		for (int k = 0; k < FEW; k++)
			show(sock, &held[i][k]);
		DEMAND(pthread_create(&thread, NULL, churn, held[i]) == 0);
	}
	(void)rest(NULL);
}

/* Kills it some time after it has begun; where, nobody knows. */
static void
kill_one(unsigned int *seed)
{
	struct victim victim = start(churn_for_ever, 0);
	struct fy_shm_view views[CHURNERS * FEW];
	struct ferry_deadline until = ferry_in_ms(FAIL_MS);
	int64_t later_ns;

	for (int i = 0; i < CHURNERS * FEW; i++)
		views[i] = look(&victim);
	while (life(&views[CHURNERS * FEW - 1]) == 0)
		assert_false(fy_deadline_passed(until));
	later_ns = fy_os_now_ns() + rand_r(seed) % 300000;
	while (fy_os_now_ns() < later_ns)
		continue;
	assert_int_equal(finish(&victim), SIGKILL);
	for (int i = 0; i < CHURNERS * FEW; i++) {
		assert_false(lives(&views[i]));
		fy_shm_view_close(&views[i]);
	}
}

static void
who_is_killed_anywhere_leaves_no_word_that_lives(void **state)
{
	const char *said = getenv("FERRY_ALIVE_KILLS");
	int n = said ? atoi(said) : 100;
	unsigned int seed = 5;

	(void)state;
	for (int i = 0; i < n; i++)
		kill_one(&seed);
}

/* ---- namespaces ---- */

/* As the first process of a namespace of its own; 'n': there are none. */
static void
live_alone(int sock, int unused)
{
	(void)unused;
	if (unshare(CLONE_NEWPID) < 0 &&
	    unshare(CLONE_NEWUSER | CLONE_NEWPID) < 0) {
		send_byte(sock, 'n');
		_exit(0);
	}
	send_byte(sock, 'y');
	if (fork() == 0) {
		DEMAND(getpid() == 1);
		live_until_told(sock, END_EXITS);
	}
	(void)wait(NULL);
}

static bool
can_be_alone(struct victim *victim)
{
	char answer = 0;

	assert_int_equal(recv(victim->sock, &answer, 1, 0), 1);
	return answer == 'y';
}

static void
threads_of_one_number_are_told_apart(void **state)
{
	struct victim victims[2];
	struct fy_shm_view views[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		victims[i] = start(live_alone, 0);
		if (!can_be_alone(&victims[i])) {
			print_message("not permitted: pid namespaces\n");
			(void)finish(&victims[i]);
			if (i > 0)
				(void)finish(&victims[0]);
			skip();
		}
		views[i] = look(&victims[i]);
		expect(&victims[i], 'h');
	}
	assert_true(lives(&views[0]));
	assert_int_equal(life(&views[0]), life(&views[1]));
	tell(&victims[0], 'd');
	sleep_until_dead(&views[0]);
	assert_true(lives(&views[1]));
	tell(&victims[1], 'd');
	sleep_until_dead(&views[1]);
	for (int i = 0; i < 2; i++) {
		await_end(&victims[i]);
		assert_int_equal(finish(&victims[i]), 0);
		fy_shm_view_close(&views[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_ends_a_process_is_told_by_its_word),
		cmocka_unit_test(
			the_end_of_the_thread_that_began_is_not_the_end),
		cmocka_unit_test(who_is_stopped_lives),
		cmocka_unit_test(a_word_that_is_ended_is_cleared_and_stays_so),
		cmocka_unit_test(a_child_that_lives_on_does_not_hide_the_end),
		cmocka_unit_test(as_many_as_the_kernel_looks_at_have_a_word),
		cmocka_unit_test(a_word_is_marked_or_none_wherever_one_dies),
		cmocka_unit_test(
			who_is_killed_anywhere_leaves_no_word_that_lives),
		cmocka_unit_test(threads_of_one_number_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

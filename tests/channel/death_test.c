/* SPDX-License-Identifier: MIT */
/*
 * Peers that die, and some that only look like it. What they had sent is
 * received, then the end, soon; who is stopped, or has children that hold all
 * that he had, is as dead as he is and no more.
 *
 *	test-channel-death [ROUNDS [MIB]]	ROUNDS of each, 1 if not said;
 *						some of the dead have MIB of
 *						memory of their own, 64
 *
 * Who looks on is asleep when somebody dies: an attendant waits for that, and
 * kills then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <ferry/channel.h>

#include "meet.h"

/* No test waits for so long unless it is about to fail. */
#define SOON ferry_in_ms(20000)
/* What a death may take to be seen, on a machine that has other work. */
#define SEEN_NS 1000000000
#define N_BEFORE 100
#define BYTES_MOST 500
#define PAGE 4096

/* There in a build with ThreadSanitizer, which a fork of threads confuses. */
extern void __tsan_init(void) __attribute__((weak));

static unsigned long n_rounds = 1;
static size_t fat_mib = 64;

/* How a process ends: by these signals. */
static const int ways[] = { SIGKILL, SIGTERM, SIGSEGV };

#define N_WAYS (sizeof(ways) / sizeof(ways[0]))

/* What who looks on sleeps in. */
enum place { IN_TAKE, IN_POLL, IN_SEND, N_PLACES };

/*
 * Set by the test before it forks.
 * @heirs: the victim has a child that lives on with all that it inherits
 * @ready: a pipe: the victim writes a byte when it has sent all
 * @over:  a pipe: the test closes it when it has seen the end
 */
struct plan {
	int way;
	enum place place;
	size_t mib;
	bool heirs;
	pid_t observer;
	int ready[2];
	int over[2];
};

static struct plan plan;

/* Those in namespaces of their own. */
enum { HOST, GUEST, OTHER_GUEST, N_ALONE };

/* Shared by all processes. */
static struct notes {
	int64_t killed_ns;
	atomic_int pids[N_ALONE];
} *notes;

static int64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* ---- messages with numbers ---- */

static uint32_t
length_of(uint32_t number)
{
	return 4 + number * 37 % (BYTES_MOST - 3);
}

static ferry_err
send_number(struct ferry_channel *ch, uint32_t number,
	    struct ferry_deadline until)
{
	uint8_t bytes[BYTES_MOST];

	memset(bytes, (int)(number & 0xff), sizeof(bytes));
	memcpy(bytes, &number, sizeof(number));
	return ferry_channel_send(
		ch, (struct ferry_bytes){ bytes, length_of(number) }, until,
		NULL);
}

static bool
is_number(struct ferry_bytes got, uint32_t wanted)
{
	uint32_t number;

	if (got.len != length_of(wanted))
		return false;
	memcpy(&number, got.data, sizeof(number));
	for (size_t i = sizeof(number); i < got.len; i++) {
		if (got.data[i] != (uint8_t)wanted)
			return false;
	}
	return number == wanted;
}

/* FERRY_EPROTO: it was another message. */
static ferry_err
take_number(struct ferry_channel *ch, uint32_t wanted,
	    struct ferry_deadline until)
{
	struct ferry_bytes got;
	ferry_err err = ferry_channel_take(ch, &got, until, NULL);

	if (err)
		return err;
	if (!is_number(got, wanted))
		err = FERRY_EPROTO;
	ferry_channel_release(ch);
	return err;
}

/* ---- the victim ---- */

static void
leave(int signal)
{
	(void)signal;
	/* Not _exit: ThreadSanitizer's rests for a second. */
	(void)syscall(SYS_exit_group, 0);
}

/* Memory that the kernel has to take apart. */
static void
grow_fat(size_t mib)
{
	size_t bytes = mib ? mib << 20 : PAGE;
	volatile uint8_t *mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED)
		_exit(101);
	for (size_t at = 0; at < bytes; at += PAGE)
		mem[at] = 1;
}

/* It has inherited a channel that is its parent's, and closes it for itself. */
static void
inherit(struct ferry_channel *ch)
{
	char byte;

	(void)prctl(PR_SET_PDEATHSIG, 0);
	if (send_number(ch, 0, FERRY_NOW) != FERRY_EFORK)
		_exit(102);
	(void)!read(plan.over[0], &byte, 1);
	(void)!ferry_channel_close(ch, FERRY_NOW, NULL);
	_exit(0);
}

static void
live(const char *addr)
{
	const struct rlimit none = { 0, 0 };
	struct ferry_channel *ch;
	pid_t heir = 1;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)signal(SIGTERM, leave);
	(void)signal(SIGSEGV, SIG_DFL);
	close(plan.over[1]);
	grow_fat(plan.mib);
	if (ferry_channel_open(addr, NULL, SOON, &ch, NULL))
		_exit(103);
	for (uint32_t i = 0; i < N_BEFORE; i++) {
		if (send_number(ch, i, SOON))
			_exit(104);
	}
	if (plan.heirs)
		heir = fork();
	if (heir == 0)
		inherit(ch);
	if (write(plan.ready[1], "r", 1) != 1)
		_exit(105);
	for (;;)
		(void)pause();
}

/* ---- the attendant ---- */

static bool
sleeps(pid_t pid)
{
	char path[40], text[512];
	const char *after;
	size_t n;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	n = fread(text, 1, sizeof(text) - 1, file);
	(void)fclose(file);
	text[n] = '\0';
	after = strrchr(text, ')');
	return after && after[1] == ' ' && after[2] == 'S';
}

static void
kill_when_asleep(pid_t victim, pid_t observer)
{
	while (!sleeps(observer))
		(void)sched_yield();
	notes->killed_ns = now_ns();
	(void)kill(victim, plan.way);
}

static int
attend(const char *addr, uint32_t unused)
{
	pid_t victim = fork();
	char byte = 0;
	int status;

	(void)unused;
	if (victim == 0)
		live(addr);
	close(plan.ready[1]);
	close(plan.over[1]);
	if (read(plan.ready[0], &byte, 1) != 1)
		return 1;
	kill_when_asleep(victim, plan.observer);
	/* It stays a zombie until the end has been seen. */
	(void)!read(plan.over[0], &byte, 1);
	if (waitpid(victim, &status, 0) != victim)
		return 2;
	if (plan.way == SIGTERM)
		return status == 0 ? 0 : 3;
	return WIFSIGNALED(status) && WTERMSIG(status) == plan.way ? 0 : 4;
}

/* ---- who looks on ---- */

static ferry_err
take_polled(struct ferry_channel *ch, uint32_t wanted)
{
	struct pollfd fd = { .events = 0 };

	assert_int_equal(ferry_channel_fd(ch, &fd.fd, NULL), FERRY_OK);
	for (;;) {
		ferry_err err = take_number(ch, wanted, FERRY_NOW);

		if (err != FERRY_EAGAIN)
			return err;
		fd.events = ferry_channel_events(ch);
		assert_true(poll(&fd, 1, 20000) > 0);
		(void)!ferry_channel_process(ch, NULL);
	}
}

static void
send_until_dead(struct ferry_channel *ch)
{
	ferry_err err;

	do
		err = send_number(ch, 7, SOON);
	while (!err);
	assert_int_equal(err, FERRY_ELOST);
}

static void
see_the_end(struct ferry_channel *ch)
{
	if (plan.place == IN_SEND)
		send_until_dead(ch);
	for (uint32_t i = 0; i < N_BEFORE; i++)
		assert_int_equal(plan.place == IN_POLL ?
					 take_polled(ch, i) :
					 take_number(ch, i, SOON),
				 FERRY_OK);
	if (plan.place == IN_POLL)
		assert_int_equal(take_polled(ch, N_BEFORE), FERRY_EOF);
	else
		assert_int_equal(take_number(ch, N_BEFORE, FERRY_NEVER),
				 FERRY_EOF);
	assert_in_range(now_ns() - notes->killed_ns, 0, SEEN_NS);
}

static void
close_both(int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

static void
let_one_die(void)
{
	struct ferry_channel *ch;
	struct meet m;
	pid_t attendant;

	plan.observer = getpid();
	meet_begin(&m, "shm");
	assert_int_equal(pipe(plan.ready), 0);
	assert_int_equal(pipe(plan.over), 0);
	attendant = meet_child(&m, attend, 0);
	meet_listen(&m);
	assert_int_equal(ferry_listener_accept(m.listener, SOON, &ch, NULL),
			 FERRY_OK);
	see_the_end(ch);
	close_both(plan.ready);
	close_both(plan.over);
	meet_reap(attendant);
	(void)!ferry_channel_close(ch, FERRY_NOW, NULL);
	meet_end(&m);
}

static void
let_them_die(size_t mib, int n_places)
{
	plan.mib = mib;
	for (size_t i = 0; i < N_WAYS; i++) {
		plan.way = ways[i];
		for (int place = 0; place < n_places; place++) {
			plan.place = (enum place)place;
			let_one_die();
		}
	}
}

static void
what_the_dead_had_sent_is_received_then_the_end(void **state)
{
	(void)state;
	plan.heirs = false;
	for (unsigned long i = 0; i < n_rounds; i++) {
		let_them_die(0, N_PLACES);
		/* A poller sees it when the memory has been taken apart. */
		let_them_die(fat_mib, IN_TAKE + 1);
	}
}

static void
children_of_the_dead_do_not_hide_the_end(void **state)
{
	(void)state;
	if (__tsan_init)
		skip();
	plan.heirs = true;
	for (unsigned long i = 0; i < n_rounds; i++)
		let_them_die(0, N_PLACES);
}

/* ---- those that are stopped ---- */

#define N_ECHOES 3
#define BURST 64
#define AT_A_TIME 5
#define SHORT_STOP_MS 2
/* Longer than one sleeps without a look whether the peer has died. */
#define LONG_STOP_MS 1100

struct echo {
	pid_t pid;
	struct ferry_channel *ch;
	uint32_t sent;
	uint32_t received;
};

/* Sends back what it receives. */
static int
echo(const char *addr, uint32_t id)
{
	struct ferry_channel *ch;
	struct ferry_bytes got;
	ferry_err err;

	if (ferry_channel_open(addr, NULL, SOON, &ch, NULL) ||
	    send_number(ch, id, SOON))
		return 1;
	while (!(err = ferry_channel_take(ch, &got, FERRY_NEVER, NULL))) {
		if (ferry_channel_send(ch, got, SOON, NULL))
			return 2;
		ferry_channel_release(ch);
	}
	if (err != FERRY_EOF)
		return 3;
	return ferry_channel_close(ch, SOON, NULL) ? 4 : 0;
}

/* Who came says who he is. */
static void
accept_echo(struct meet *m, struct echo *echoes, const pid_t *pids)
{
	struct ferry_channel *ch;
	struct ferry_bytes got;
	uint32_t id;

	assert_int_equal(ferry_listener_accept(m->listener, SOON, &ch, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_take(ch, &got, SOON, NULL), FERRY_OK);
	memcpy(&id, got.data, sizeof(id));
	assert_in_range(id, 0, N_ECHOES - 1);
	ferry_channel_release(ch);
	echoes[id] = (struct echo){ .pid = pids[id], .ch = ch };
}

static void
send_some(struct echo *e, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(send_number(e->ch, e->sent++, SOON),
				 FERRY_OK);
}

static void
take_all(struct echo *e)
{
	for (; e->received < e->sent; e->received++)
		assert_int_equal(take_number(e->ch, e->received, SOON),
				 FERRY_OK);
}

/* At whatever it does just now with @n messages. */
static void
stop_amid(struct echo *e, uint32_t n)
{
	ferry_err err;

	send_some(e, n);
	assert_int_equal(kill(e->pid, SIGSTOP), 0);
	assert_int_equal(waitpid(e->pid, NULL, WUNTRACED), e->pid);
	while (!(err = take_number(e->ch, e->received, FERRY_NOW)))
		e->received++;
	assert_int_equal(err, FERRY_EAGAIN);
}

static void
stop_for_a_while(struct echo echoes[N_ECHOES], uint32_t n, int64_t ms)
{
	stop_amid(&echoes[0], n);
	for (int i = 1; i < N_ECHOES; i++) {
		send_some(&echoes[i], AT_A_TIME);
		take_all(&echoes[i]);
	}
	if (echoes[0].received == echoes[0].sent)
		send_some(&echoes[0], 1);
	assert_int_equal(take_number(echoes[0].ch, echoes[0].received,
				     ferry_in_ms(ms)),
			 FERRY_ETIMEDOUT);
	assert_int_equal(kill(echoes[0].pid, SIGCONT), 0);
	take_all(&echoes[0]);
}

static void
let_one_be_stopped(const char *scheme)
{
	struct echo echoes[N_ECHOES];
	pid_t pids[N_ECHOES];
	unsigned int seed = 5;
	struct meet m;

	meet_begin(&m, scheme);
	for (uint32_t i = 0; i < N_ECHOES; i++)
		pids[i] = meet_child(&m, echo, i);
	meet_listen(&m);
	for (int i = 0; i < N_ECHOES; i++)
		accept_echo(&m, echoes, pids);
	for (unsigned long i = 0; i < 20 * n_rounds; i++)
		stop_for_a_while(echoes, 1 + (uint32_t)rand_r(&seed) % BURST,
				 i == 0 ? LONG_STOP_MS : SHORT_STOP_MS);
	for (int i = 0; i < N_ECHOES; i++) {
		(void)!ferry_channel_close(echoes[i].ch, FERRY_NOW, NULL);
		meet_reap(pids[i]);
	}
	meet_end(&m);
}

static void
who_is_stopped_is_waited_for_and_loses_nothing(void **state)
{
	(void)state;
	let_one_be_stopped("unix");
	let_one_be_stopped("shm");
}

/* ---- those with the same numbers ---- */

#define NOT_PERMITTED 120
#define NOT_ALONE 121

/* The first that comes dies, the other does not. */
static int
be_host(const char *addr)
{
	struct ferry_channel *chs[N_ALONE] = { NULL };
	struct ferry_listener *listener;

	if (ferry_listener_open(addr, NULL, &listener, NULL) ||
	    write(plan.ready[1], "l", 1) != 1)
		return 1;
	for (int i = GUEST; i < N_ALONE; i++) {
		if (ferry_listener_accept(listener, SOON, &chs[i], NULL) ||
		    take_number(chs[i], 0, SOON) ||
		    write(plan.ready[1], "a", 1) != 1)
			return 2;
	}
	if (take_number(chs[GUEST], 1, SOON) != FERRY_EOF)
		return 3;
	if (now_ns() - notes->killed_ns > SEEN_NS)
		return 4;
	if (send_number(chs[OTHER_GUEST], 5, SOON) ||
	    take_number(chs[OTHER_GUEST], 5, SOON))
		return 5;
	(void)!ferry_channel_close(chs[GUEST], FERRY_NOW, NULL);
	(void)!ferry_channel_close(chs[OTHER_GUEST], FERRY_NOW, NULL);
	ferry_listener_close(listener);
	return 0;
}

static int
live_alone(const char *addr, int who)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getpid() != 1)
		return NOT_ALONE;
	return who == HOST ? be_host(addr) : echo(addr, 0);
}

static bool
leave_namespaces(void)
{
	return unshare(CLONE_NEWPID) == 0 ||
	       unshare(CLONE_NEWUSER | CLONE_NEWPID) == 0;
}

/* In a pid namespace of its own, where its threads are numbered from 1. */
static pid_t
start_alone(const char *addr, int who)
{
	pid_t keeper = fork(), kept;
	int status;

	assert_true(keeper >= 0);
	if (keeper > 0)
		return keeper;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!leave_namespaces())
		_exit(NOT_PERMITTED);
	kept = fork();
	if (kept == 0)
		_exit(live_alone(addr, who));
	notes->pids[who] = kept;
	if (waitpid(kept, &status, 0) < 0)
		_exit(1);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) :
				  128 + WTERMSIG(status));
}

static int
exit_status(pid_t keeper)
{
	int status;

	assert_int_equal(waitpid(keeper, &status, 0), keeper);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool
may_be_alone(void)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		_exit(leave_namespaces() ? 0 : NOT_PERMITTED);
	return exit_status(child) == 0;
}

static void
hear(char wanted)
{
	char byte;

	assert_int_equal(read(plan.ready[0], &byte, 1), 1);
	assert_int_equal(byte, wanted);
}

static void
kill_one_of_equals(void)
{
	pid_t keepers[N_ALONE];
	struct meet m;

	memset(notes, 0, sizeof(*notes));
	meet_begin(&m, "shm");
	assert_int_equal(pipe(plan.ready), 0);
	keepers[HOST] = start_alone(m.at, HOST);
	hear('l');
	for (int who = GUEST; who < N_ALONE; who++) {
		keepers[who] = start_alone(m.at, who);
		hear('a');
	}
	plan.way = SIGKILL;
	kill_when_asleep(notes->pids[GUEST], notes->pids[HOST]);
	assert_int_equal(exit_status(keepers[HOST]), 0);
	assert_int_equal(exit_status(keepers[GUEST]), 128 + SIGKILL);
	assert_int_equal(exit_status(keepers[OTHER_GUEST]), 0);
	close_both(plan.ready);
	close_both(m.told);
	meet_end(&m);
}

static void
processes_of_one_number_are_told_apart(void **state)
{
	(void)state;
	if (!may_be_alone()) {
		print_message("not permitted: pid namespaces\n");
		skip();
	}
	for (unsigned long i = 0; i < 5 * n_rounds; i++)
		kill_one_of_equals();
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_the_dead_had_sent_is_received_then_the_end),
		cmocka_unit_test(children_of_the_dead_do_not_hide_the_end),
		cmocka_unit_test(
			who_is_stopped_is_waited_for_and_loses_nothing),
		cmocka_unit_test(processes_of_one_number_are_told_apart),
	};

	if (argc > 1)
		n_rounds = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		fat_mib = strtoul(argv[2], NULL, 10);
	notes = mmap(NULL, sizeof(*notes), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (notes == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

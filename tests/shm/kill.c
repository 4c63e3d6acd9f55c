/* SPDX-License-Identifier: MIT */
/* The world that victims live in, and their keeper. */
#include "kill.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kill_single.h"

/*
 * What the steps of this process are noted in, by fy_shm_step(), which the
 * library calls from anywhere: the victim's page, else the survivor's sleep.
 */
static struct kill_page *own;
static struct kill_sleep sleep_of_survivor;

int64_t
kill_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

uint32_t
kill_random(uint32_t *state)
{
	uint32_t x = *state ? *state : 1;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	*state = x;
	return x;
}

void
kill_spin_all(uint32_t ns)
{
	int64_t end_ns = kill_now_ns() + ns;

	while (kill_now_ns() < end_ns)
		continue;
}

void
kill_spin(uint32_t *state, uint32_t most_ns)
{
	if (most_ns > 0)
		kill_spin_all(kill_random(state) % most_ns);
}

/* ---- news ---- */

void
kill_tell(struct kill_page *page)
{
	page->news++;
	syscall(SYS_futex, &page->news, FUTEX_WAKE, 1, NULL, NULL, 0);
}

void
kill_hear(struct kill_page *page, uint32_t seen)
{
	const struct timespec moment = { .tv_nsec = 1000000 };

	syscall(SYS_futex, &page->news, FUTEX_WAIT, seen, &moment, NULL, 0);
}

/* ---- steps ---- */

static void
end_here(void)
{
	const struct kill_plan *plan = &own->plan;

	if (plan->end == KILL_AT_STEP) {
		own->ended_ns = kill_now_ns();
		(void)kill(getpid(), SIGKILL);
		for (;;)
			pause();
	}
	own->stopped = 1;
	(void)kill(getpid(), SIGSTOP);
}

static void
step_of_victim(enum fy_shm_step step)
{
	uint32_t n = ++own->passed[step];

	own->step = step;
	if (own->plan.step == step && own->plan.at == n &&
	    (own->plan.end == KILL_AT_STEP || own->plan.end == KILL_STOPPED))
		end_here();
}

/* Not for the library as it is installed, which knows no steps. */
void
fy_shm_step(enum fy_shm_step step)
{
	if (own)
		step_of_victim(step);
	else if (step == FY_STEP_RECV_SLEEPS)
		sleep_of_survivor = (struct kill_sleep){ kill_now_ns(),
							 INT64_MAX };
	else if (step == FY_STEP_RECV_WOKE)
		sleep_of_survivor.to_ns = kill_now_ns();
}

struct kill_sleep
kill_last_sleep(void)
{
	return sleep_of_survivor;
}

#define STEP_NAME(name) #name,
static const char *const step_names[] = { FY_SHM_STEPS(STEP_NAME) };
#undef STEP_NAME
static const char *const op_names[] = { "outside", "open",    "accept",
					"send",	   "receive", "close" };

const char *
kill_step_name(uint32_t step)
{
	return step < FY_SHM_N_STEPS ? step_names[step] : "?";
}

const char *
kill_op_name(uint32_t op)
{
	return op < KILL_N_OPS ? op_names[op] : "?";
}

void
kill_say(const struct kill_page *page)
{
	const struct kill_plan *p = &page->plan;

	print_message("role %d way %d listens %d trusts %d waits %d ring %uk "
		      "bytes %u n %u channels %u pause %u slow %u seed %u "
		      "end %d start %d after %u step %s at %u\n",
		      p->role, p->way, p->listens, p->trusts, p->waits,
		      p->ring_kib, p->bytes, p->n, p->n_channels, p->pause_ns,
		      p->slow_ns, p->seed, p->end, p->from_start, p->after_ns,
		      kill_step_name(p->step), p->at);
	print_message("the victim: in %s, behind %s, status %#x\n",
		      kill_op_name(page->op), kill_step_name(page->step),
		      page->status);
	for (uint32_t i = 0; i < p->n_channels; i++) {
		const struct kill_progress *of = &page->of[i];

		print_message("channel %u: open %u, began %u, sent %u, left "
			      "%u, took %u, closed %u\n", i, of->open,
			      of->begun, of->done, of->left, of->took,
			      of->closed);
	}
	if (page->wrong)
		print_message("it says: %s (%s)\n", page->wrong,
			      ferry_err_name((ferry_err)page->wrong_err));
}

/* ---- messages ---- */

uint32_t
kill_message_bytes(const struct kill_plan *plan, uint32_t number)
{
	uint32_t state = plan->seed ^ (number * 2654435761u);
	uint32_t least = plan->way == KILL_PARTS ? plan->bytes / 4 : 8;

	return least + kill_random(&state) % (plan->bytes - least + 1);
}

struct ferry_bytes
kill_message(const struct kill_plan *plan, uint32_t number, uint8_t *mem)
{
	uint32_t bytes = kill_message_bytes(plan, number);
	const uint32_t head[2] = { number, bytes };
	uint64_t word = ((uint64_t)plan->seed << 32 | number) *
			0x9e3779b97f4a7c15u;

	memcpy(mem, head, sizeof(head));
	for (uint32_t at = 8; at < bytes; at += 8) {
		uint32_t n = bytes - at < 8 ? bytes - at : 8;

		memcpy(mem + at, &word, n);
		word += 0x0101010101010101u;
	}
	return (struct ferry_bytes){ mem, bytes };
}

void
kill_address(const struct kill_plan *plan, const char *path, char *buf,
	     size_t bytes)
{
	snprintf(buf, bytes, "%s?ring=%uk%s", path, plan->ring_kib,
		 plan->trusts ? "&trust=peer" : "");
}

/* ---- the keeper ---- */

static void
resume_victim(struct kill_page *page, pid_t victim)
{
	const struct timespec rest = {
		.tv_sec = page->plan.after_ns / 1000000000,
		.tv_nsec = page->plan.after_ns % 1000000000,
	};

	nanosleep(&rest, NULL);
	page->resumed = 1;
	kill(victim, SIGCONT);
}

static void
wait_for_victim(struct kill_page *page, pid_t victim)
{
	int status;

	do {
		if (waitpid(victim, &status, WUNTRACED) != victim)
			_exit(3);
		if (WIFSTOPPED(status))
			resume_victim(page, victim);
	} while (WIFSTOPPED(status));
	page->status = status;
}

static void
keep_one(struct kill_world *w)
{
	struct kill_page *page = w->page;
	pid_t keeper = getpid();
	pid_t victim = fork();

	if (victim < 0)
		_exit(2);
	if (victim == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != keeper)
			_exit(4);
		own = page;
		_exit(kill_be_victim(page, w->its, w->at));
	}
	if (page->plan.end == KILL_SINGLY)
		page->status = kill_singly(page, victim);
	else
		wait_for_victim(page, victim);
	page->dead = 1;
	kill_tell(page);
}

static void
keep(struct kill_world *w, int line)
{
	char word;

	while (read(line, &word, 1) == 1) {
		keep_one(w);
		if (write(line, &word, 1) != 1)
			_exit(5);
	}
	_exit(0);
}

/* ---- the bystander ---- */

/* There until the other end goes: its exit status. */
static int
answer_all(const char *addr)
{
	struct ferry_channel *ch;
	struct ferry_bytes got;
	ferry_err err = ferry_channel_open(addr, NULL, FERRY_NEVER, &ch, NULL);

	if (err)
		return 1;
	while (!(err = ferry_channel_take(ch, &got, FERRY_NEVER, NULL))) {
		err = ferry_channel_send(ch, got, FERRY_NEVER, NULL);
		ferry_channel_release(ch);
		if (err)
			return 2;
	}
	(void)ferry_channel_close(ch, FERRY_NOW, NULL);
	return err == FERRY_EOF ? 0 : 3;
}

/* Before there is a thread; it comes when somebody listens. */
static void
start_bystander(struct kill_world *w, const char *addr, int go[2])
{
	pid_t test = getpid();
	char word;

	assert_int_equal(pipe(go), 0);
	w->bystander = fork();
	assert_true(w->bystander >= 0);
	if (w->bystander > 0)
		return;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != test || read(go[0], &word, 1) != 1)
		_exit(4);
	_exit(answer_all(addr));
}

static void
meet_bystander(struct kill_world *w, const char *addr, const int go[2])
{
	struct ferry_listener *listener;

	assert_int_equal(ferry_listener_open(addr, NULL, &listener, NULL),
			 FERRY_OK);
	assert_int_equal(write(go[1], "x", 1), 1);
	assert_int_equal(ferry_listener_accept(listener,
					       ferry_in_ms(KILL_STUCK_MS),
					       &w->other, NULL),
			 FERRY_OK);
	ferry_listener_close(listener);
	close(go[0]);
	close(go[1]);
}

void
kill_other_answers(struct kill_world *w)
{
	const struct ferry_deadline soon = ferry_in_ns(KILL_TOLD_NS);
	const struct ferry_bytes ask = { (const uint8_t *)"answer", 6 };
	struct ferry_bytes got;

	assert_int_equal(ferry_channel_send(w->other, ask, soon, NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_take(w->other, &got, soon, NULL),
			 FERRY_OK);
	assert_int_equal(got.len, ask.len);
	ferry_channel_release(w->other);
	w->answers++;
}

/* ---- the world ---- */

static void
bury(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
start_keeper(struct kill_world *w)
{
	pid_t test = getpid();
	int line[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
				    line), 0);
	w->keeper = fork();
	assert_true(w->keeper >= 0);
	if (w->keeper == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(line[0]);
		if (getppid() == test)
			keep(w, line[1]);
		_exit(4);
	}
	close(line[1]);
	w->line = line[0];
}

void
kill_begin(struct kill_world *w)
{
	char addr[60];
	int go[2];

	/* What is not printed yet others would print again. */
	fflush(stdout);
	*w = (struct kill_world){ .line = -1, .random = 1 };
	fy_audit_take(&w->before);
	snprintf(w->folder, sizeof(w->folder), "/tmp/ferry-test-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	snprintf(w->at, sizeof(w->at), "shm:%s/s", w->folder);
	snprintf(w->its, sizeof(w->its), "shm:%s/v", w->folder);
	w->page = mmap(NULL, sizeof(*w->page), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(w->page != MAP_FAILED);
	snprintf(addr, sizeof(addr), "shm:%s/o", w->folder);
	start_bystander(w, addr, go);
	start_keeper(w);
	meet_bystander(w, addr, go);
	w->mem = malloc(KILL_BYTES_MOST);
	w->out = malloc(KILL_BYTES_MOST);
	assert_true(w->mem && w->out);
}

/* Victims that listened have left a name behind: whoever comes next clears. */
static void
clear_names(struct kill_world *w)
{
	struct ferry_listener *next;

	ferry_listener_close(w->listener);
	w->listener = NULL;
	assert_int_equal(ferry_listener_open(w->its, NULL, &next, NULL),
			 FERRY_OK);
	ferry_listener_close(next);
	if (rmdir(w->folder) == 0)
		return;
	print_message("left behind in %s: %s\n", w->folder, strerror(errno));
	fail();
}

void
kill_finish(struct kill_world *w)
{
	clear_names(w);
	close(w->line);
	bury(w->keeper);
	kill_other_answers(w);
	(void)ferry_channel_close(w->other, FERRY_NOW, NULL);
	bury(w->bystander);
	munmap(w->page, sizeof(*w->page));
	free(w->mem);
	free(w->out);
	assert_true(fy_audit_same(&w->before));
}

void
kill_start(struct kill_world *w, const struct kill_plan *plan)
{
	memset(w->page, 0, sizeof(*w->page));
	w->page->plan = *plan;
	assert_in_range(plan->n_channels, 1, KILL_CHANNELS_MOST);
	assert_in_range(plan->bytes, 8, KILL_BYTES_MOST);
	w->page->born_ns = kill_now_ns();
	assert_int_equal(write(w->line, "x", 1), 1);
}

bool
kill_is_dead(const struct kill_world *w)
{
	return w->page->dead;
}

void
kill_bury(struct kill_world *w)
{
	char word;

	assert_int_equal(read(w->line, &word, 1), 1);
}

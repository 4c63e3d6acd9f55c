/* SPDX-License-Identifier: MIT */
/*
 * Two processes, one ring, and one of the two killed: by a timer at any of its
 * instructions, or at the so-and-so-many-th step. What the writer had published
 * is received whole and in order, then the end; who is left never sleeps on.
 *
 * This is of the ring and of waiting alone, without a link above or a handshake
 * before them, so that little else can fail when one line of them is wrong:
 * mutants.py sees to that.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/futex.h>

#include "core/os.h"
#include "core/time.h"
#include "transport/shm/alive.h"
#include "transport/shm/ring.h"
#include "transport/shm/step.h"
#include "transport/shm/wait.h"

#define RING 4096u
/* A record that is not longer than half of the ring. */
#define LONGEST (RING / 2 - FY_RING_HEAD)
/* Nobody is kept waiting for so long by a machine that is only busy. */
#define PATIENCE_NS 4000000000
#define ROUNDS 400
#define MOST_NS 1500000

enum role { WRITER, READER };

/* What the victim notes, in memory that no ring is in. */
struct notes {
	uint32_t step;
	uint32_t n_sent;
	uint32_t n_received;
};

/* One side's memory, as area.c lays it out. */
struct side {
	struct fy_shm_page *page;
	uint8_t *ring;
};

struct end {
	enum role role;
	struct side own;
	struct side peer;
	int socket;
	uint32_t random;
	uint32_t last; /* the writer finishes behind so many; 0: never */
};

static struct notes *notes;
static bool is_victim;
static int steps_left; /* the victim's; 0: it is killed by a timer */

__attribute__((noreturn, format(printf, 1, 2))) static void
fail(const char *text, ...)
{
	va_list args;

	va_start(args, text);
	vfprintf(stderr, text, args);
	va_end(args);
	fputc('\n', stderr);
	_exit(1);
}

/* ---- chance ---- */

static uint32_t
chance(uint32_t *random, uint32_t n)
{
	*random ^= *random << 13;
	*random ^= *random >> 17;
	*random ^= *random << 5;
	return *random % n;
}

/* Orders of steps that are rare by themselves. */
static void
dawdle(void)
{
	static uint32_t random = 1;
	int64_t until_ns;

	switch (chance(&random, 32)) {
	case 0:
		fy_os_yield();
		return;
	case 1:
		until_ns = fy_os_now_ns() + chance(&random, 20000);
		while (fy_os_now_ns() < until_ns)
			;
		return;
	default:
		return;
	}
}

/* ---- steps ---- */

void
fy_shm_step(enum fy_shm_step step)
{
	dawdle();
	if (!is_victim)
		return;
	notes->step = step;
	if (steps_left > 0 && --steps_left == 0)
		kill(getpid(), SIGKILL);
}

/* ---- patience, in the place of the look that every sleeper has ---- */

#undef fy_os_futex_wait_any
int fy_os_futex_wait_any(const struct fy_os_futex *words, unsigned int n,
			 struct ferry_deadline until);

int
patient_wait_any(const struct fy_os_futex *words, unsigned int n,
		 struct ferry_deadline until)
{
	int woken = fy_os_futex_wait_any(words, n, ferry_in_ns(PATIENCE_NS));

	(void)until;
	if (woken < 0 && errno == ETIMEDOUT)
		fail("asleep on a futex for ever");
	return woken;
}

static void
poll_patiently(const struct fy_shm_wait *wait)
{
	struct pollfd fd = { .fd = wait->socket, .events = POLLIN };

	if (fy_os_poll(&fd, 1, ferry_in_ns(PATIENCE_NS)) == 0)
		fail("deaf to the bell for ever");
}

/* ---- records ---- */

/* The bytes of the record @n: most are short, some take half of the ring. */
static uint32_t
bytes_of(uint32_t n)
{
	uint32_t random = n * 2654435761u + 1;

	return chance(&random, 8) ? chance(&random, 200)
				  : chance(&random, LONGEST + 1);
}

static uint8_t
byte_of(uint32_t n, uint32_t i)
{
	return (uint8_t)(n * 31 + i * 7 + (i >> 8));
}

/* ---- the two ends ---- */

/* In one of the three ways; @seen is what there was. */
static void
wait_for(struct end *e, struct fy_shm_wait *wait, uint32_t seen)
{
	struct ferry_error why;

	switch (chance(&e->random, 4)) {
	case 0:
		(void)fy_shm_linger(wait, seen, FERRY_NEVER);
		return;
	case 1:
		fy_shm_hear(wait);
		if (fy_shm_arm(wait, seen))
			poll_patiently(wait);
		fy_shm_hear(wait);
		return;
	default:
		if (fy_shm_sleep(wait, seen, ferry_in_ns(PATIENCE_NS), &why))
			fail("cannot sleep: %s", why.text);
	}
}

/* Return: whether there is room; else the reader is gone. */
static bool
find_room(struct end *e, struct fy_ring_tx *tx, struct fy_shm_wait *room,
	  uint32_t bytes)
{
	ferry_err err;

	while ((err = fy_ring_has_room(tx, bytes)) == FERRY_EAGAIN) {
		if (fy_shm_is_over(room))
			return false;
		wait_for(e, room, tx->head);
	}
	if (err)
		fail("the writer: %s", ferry_strerror(err));
	return true;
}

static void
write_all(struct end *e)
{
	struct fy_ring_tx tx = { .own = e->own.page, .peer = e->peer.page,
				 .ring = e->own.ring, .size = RING };
	struct fy_shm_bell bell = { &e->peer.page->await_data,
				    &e->own.page->tail, e->socket, 0 };
	struct fy_shm_wait room = { .await = &e->own.page->await_room,
				    .word = &e->peer.page->head,
				    .peer = e->peer.page,
				    .socket = e->socket, .pidfd = -1 };

	for (uint32_t n = 0; n != e->last || n == 0; n++) {
		uint32_t bytes = bytes_of(n);

		if (!find_room(e, &tx, &room, bytes))
			return;
		for (uint32_t i = 0; i < bytes; i++)
			fy_ring_room(&tx)[i] = byte_of(n, i);
		fy_shm_step(FY_STEP_SEND_COPIED);
		fy_ring_put(&tx, bytes, 0);
		/* Corked or not. */
		if (fy_ring_unpublished(&tx) < RING / 8 &&
		    chance(&e->random, 3) == 0)
			continue;
		fy_ring_publish(&tx);
		notes->n_sent = n + 1;
		fy_shm_wake(&bell);
		fy_shm_step(FY_STEP_SEND_LOOKED);
	}
	fy_ring_finish(&tx);
	notes->n_sent = e->last;
	fy_shm_wake(&bell);
}

static void
check(const struct fy_ring_record *record, const uint8_t *copy, uint32_t n)
{
	if (record->bytes != bytes_of(n) || record->flags)
		fail("record %u has %u bytes, flags %u; there were %u", n,
		     record->bytes, record->flags, bytes_of(n));
	for (uint32_t i = 0; i < record->bytes; i++) {
		if (copy[i] != byte_of(n, i))
			fail("record %u is another one at byte %u", n, i);
	}
}

/* FERRY_OK; FERRY_EOF: by the writer's word; FERRY_ELOST: by its death. */
static ferry_err
next_record(struct end *e, struct fy_ring_rx *rx, struct fy_shm_wait *data,
	    struct fy_ring_record *out)
{
	ferry_err err;

	while ((err = fy_ring_get(rx, out)) == FERRY_EAGAIN) {
		if (fy_shm_is_over(data)) {
			err = fy_ring_get(rx, out);
			return err == FERRY_EAGAIN ? FERRY_ELOST : err;
		}
		wait_for(e, data, rx->tail);
	}
	return err;
}

static void
read_all(struct end *e)
{
	static uint8_t copy[LONGEST];
	struct fy_ring_rx rx = { .own = e->own.page, .peer = e->peer.page,
				 .ring = e->peer.ring, .size = RING };
	struct fy_shm_bell bell = { &e->peer.page->await_room,
				    &e->own.page->head, e->socket, 0 };
	struct fy_shm_wait data = { .await = &e->own.page->await_data,
				    .word = &e->peer.page->tail,
				    .peer = e->peer.page,
				    .socket = e->socket, .pidfd = -1 };
	struct fy_ring_record record;
	uint32_t n = 0;
	ferry_err err;

	while ((err = next_record(e, &rx, &data, &record)) == FERRY_OK) {
		if (record.bytes > LONGEST)
			fail("record %u has %u bytes", n, record.bytes);
		memcpy(copy, record.data, record.bytes);
		fy_shm_step(FY_STEP_RECV_COPIED);
		fy_ring_next(&rx, &record);
		if (fy_ring_give_back(&rx))
			fy_shm_wake(&bell);
		check(&record, copy, n++);
		notes->n_received = n;
	}
	if (err != (e->last ? FERRY_EOF : FERRY_ELOST))
		fail("the reader, behind %u records: %s", n,
		     ferry_strerror(err));
	if (n < notes->n_sent || (e->last && n != e->last))
		fail("%u records were received of %u", n, notes->n_sent);
}

/* ---- a round ---- */

static struct side
make_side(void)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *at = fy_os_reserve(page + 2 * RING);
	int fd = fy_os_memfd("ring");

	if (!at || fd < 0 || fy_os_grow(fd, page + RING) < 0 ||
	    fy_os_map_over(at, page + RING, PROT_READ | PROT_WRITE, fd, 0) ||
	    fy_os_map_over(at + page + RING, RING, PROT_READ | PROT_WRITE, fd,
			   (off_t)page))
		fail("no memory to share");
	close(fd);
	return (struct side){ (struct fy_shm_page *)(void *)at, at + page };
}

static void
drop_side(struct side *side)
{
	fy_os_unmap(side->page, (size_t)sysconf(_SC_PAGESIZE) + 2 * RING);
}

/* The kernel marks the life word of this process, as alive.c has it. */
static void
live(struct fy_shm_page *page)
{
	static struct robust_list node;
	static struct robust_list_head head;

	node.next = &head.list;
	head.list.next = &node;
	head.futex_offset = (char *)&page->life - (char *)&node;
	if (syscall(SYS_set_robust_list, &head, sizeof(head)))
		fail("no robust list");
	__atomic_store_n(&page->life, (uint32_t)getpid() | FUTEX_WAITERS,
			 __ATOMIC_RELEASE);
}

/* So that it can happen between any two instructions. */
static void
be_killed_in(uint32_t ns)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
				  .sigev_signo = SIGKILL };
	struct itimerspec at = { .it_value.tv_nsec = (long)ns + 1 };
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer) ||
	    timer_settime(timer, 0, &at, NULL))
		fail("no timer");
}

static void
run(struct end *e)
{
	e->own.page->cpu = fy_os_cpu();
	if (e->role == WRITER)
		write_all(e);
	else
		read_all(e);
}

__attribute__((noreturn)) static void
be_victim(struct end *e)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	is_victim = true;
	live(e->own.page);
	if (e->last == 0 && chance(&e->random, 2))
		steps_left = (int)chance(&e->random, 600) + 1;
	else if (e->last == 0)
		be_killed_in(chance(&e->random, MOST_NS));
	run(e);
	_exit(0);
}

/* Return: the step that the victim was at. */
static uint32_t
play(uint32_t round)
{
	uint32_t random = round * 747796405u + 2891336453u;
	uint32_t last = round % 8 == 0 ? chance(&random, 200) + 1 : 0;
	enum role role = last || round % 2 ? WRITER : READER;
	struct side sides[2] = { make_side(), make_side() };
	struct end ends[2] = {
		{ role, sides[0], sides[1], -1, random, last },
		{ role == WRITER ? READER : WRITER, sides[1], sides[0], -1,
		  random + 1, last },
	};
	int sockets[2], status;
	pid_t victim;

	*notes = (struct notes){ 0 };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets))
		fail("no socket");
	/* Who is left does not die: a life word that never changes. */
	sides[1].page->life = (uint32_t)getpid() | FUTEX_WAITERS;
	victim = fork();
	if (victim < 0)
		fail("no process");
	ends[0].socket = sockets[0];
	ends[1].socket = sockets[1];
	if (victim == 0) {
		close(sockets[1]);
		be_victim(&ends[0]);
	}
	close(sockets[0]);
	run(&ends[1]);
	if (waitpid(victim, &status, 0) != victim ||
	    (last ? status != 0
		  : !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL))
		fail("the victim ended by itself: %#x", (unsigned int)status);
	close(sockets[1]);
	drop_side(&sides[0]);
	drop_side(&sides[1]);
	return last ? FY_SHM_N_STEPS : notes->step;
}

static void
print_histogram(const uint32_t *killed)
{
#define NAME(name) #name,
	static const char *const names[] = { FY_SHM_STEPS(NAME) };
#undef NAME

	for (int i = 0; i < FY_SHM_N_STEPS; i++) {
		if (killed[i])
			printf("%6u killed behind %s\n", killed[i], names[i]);
	}
	printf("%6u finished\n", killed[FY_SHM_N_STEPS]);
}

int
main(void)
{
	const char *wanted = getenv("FERRY_RING_KILLS");
	uint32_t n = wanted ? (uint32_t)atoi(wanted) : ROUNDS;
	uint32_t killed[FY_SHM_N_STEPS + 1] = { 0 };

	notes = mmap(NULL, sizeof(*notes), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (notes == MAP_FAILED)
		fail("no memory for notes");
	for (uint32_t i = 0; i < n; i++)
		killed[play(i)]++;
	print_histogram(killed);
	return 0;
}

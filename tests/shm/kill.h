/* SPDX-License-Identifier: MIT */
/*
 * Processes that die in the middle of a channel in shared memory, and what has
 * to be at the other end then.
 *
 * A victim does as its plan says (kill_victim.c), and notes in a page what it
 * has begun and finished: that outlives it. It dies by a timer of its own, at
 * any instruction; or at a step (shm/step.h); or stepped through. The test is
 * the survivor (kill_survivor.c), and checks. Between the two stands the keeper
 * (kill.c), who forks victims and buries them: a process without threads, so
 * that a victim can start some.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include <ferry/channel.h>

#include "audit.h"
#include "transport/shm/step.h"

/* Channels that a victim has, one after the other. */
#define KILL_CHANNELS_MOST 16
#define KILL_BYTES_MOST 65536u
/* So many messages are without end. */
#define KILL_ENDLESS 1000000000u
/* Whoever waits longer than this is stuck, */
#define KILL_STUCK_MS 20000
/* ... and this is how late the end may be told. */
#define KILL_TOLD_NS 1000000000

/* What the victim does with a channel. */
enum kill_role {
	KILL_SENDS,
	KILL_RECEIVES,
	KILL_ASKS, /* sends, and receives each again */
};

/* How it sends. */
enum kill_way {
	KILL_COPIES,
	KILL_LENDS,
	KILL_CORKS,
	KILL_PARTS, /* messages longer than half of the ring */
};

/* How it ends, if it is not done before. */
enum kill_end {
	KILL_UNHARMED,
	KILL_BY_TIME,
	KILL_AT_STEP,
	KILL_STOPPED, /* at a step, for .after_ns, by SIGSTOP */
	KILL_SINGLY,  /* in the .at th instruction of an operation */
};

/* How the survivor waits; how he waited as the victim ended. */
enum kill_wait {
	KILL_ASLEEP, /* in a call, which looks a while before it sleeps */
	KILL_POLLING, /* for a descriptor */
	KILL_AWAKE,  /* asking again and again */
	KILL_N_WAITS,
};

/* What it does just now. */
enum kill_op {
	KILL_OUTSIDE,
	KILL_OPENS,
	KILL_ACCEPTS,
	KILL_IN_SEND,
	KILL_IN_RECV,
	KILL_CLOSES,
	KILL_N_OPS,
};

/**
 * struct kill_plan - the life of a victim, and what the survivor does meanwhile
 * @listens:    the victim does, and the survivor opens; or the other way round
 * @trusts:     both read in place
 * @waits:      how the survivor does
 * @ring_kib:   of each
 * @bytes:      of a message, at most
 * @n:          messages of each channel; then the victim closes it
 * @n_channels: one after the other
 * @pause_ns:   of the victim between two messages, at most
 * @slow_ns:    of the survivor
 * @from_start: .after_ns count from the beginning, not from the first channel
 * @step, @at:  the .at th time, from 1, that it passes this step. KILL_SINGLY:
 *              behind .at instructions of the operation .step, enum kill_op,
 *              when it has done .warm of these
 */
struct kill_plan {
	enum kill_role role;
	enum kill_way way;
	bool listens;
	bool trusts;
	enum kill_wait waits;
	uint32_t ring_kib;
	uint32_t bytes;
	uint32_t n;
	uint32_t n_channels;
	uint32_t pause_ns;
	uint32_t slow_ns;
	uint32_t seed;
	enum kill_end end;
	bool from_start;
	uint32_t after_ns;
	uint32_t step;
	uint32_t at;
	uint32_t warm;
};

/**
 * struct kill_progress - of the victim with one channel; counts of messages
 * @open:  there is one
 * @begun: to be sent
 * @published: what .passed had of SEND_PUBLISHED before the last of these
 * @done:  of those, whose sending has returned
 * @left:  of those, which nothing holds back: they are corked no more
 * @took:  received
 * @closed: it was closed
 */
struct kill_progress {
	_Atomic uint32_t open;
	_Atomic uint32_t begun;
	_Atomic uint32_t published;
	_Atomic uint32_t done;
	_Atomic uint32_t left;
	_Atomic uint32_t took;
	_Atomic uint32_t closed;
};

/**
 * struct kill_page - what outlives the victim
 * @step:      that it has passed last
 * @passed:    how often it passed each
 * @op:        what it was doing
 * @marks:     operations to be stepped through that it is done with
 * @wrong:     the first thing that was not as it should be; points into the
 *             program, which all three processes have in one place
 * @wrong_err: with which error
 * @listening: the survivor may come
 * @news:      a futex: it listens now, or is dead
 * @met_ns:    when it had its first channel, from its beginning
 * @born_ns:   and when that was
 * @ended_ns:  when it was killed; known before
 * @stopped:   it was stopped; @resumed: and goes on
 * @dead:      it is buried; @status: of waitpid(2)
 */
struct kill_page {
	struct kill_plan plan;
	struct kill_progress of[KILL_CHANNELS_MOST];
	_Atomic uint32_t step;
	_Atomic uint32_t passed[FY_SHM_N_STEPS];
	_Atomic uint32_t op;
	_Atomic uint32_t marks;
	_Atomic(const char *) wrong;
	_Atomic uint32_t wrong_err;
	_Atomic uint32_t listening;
	_Atomic uint32_t news;
	_Atomic int64_t born_ns;
	_Atomic int64_t met_ns;
	_Atomic int64_t ended_ns;
	_Atomic uint32_t stopped;
	_Atomic uint32_t resumed;
	_Atomic uint32_t dead;
	_Atomic int status;
};

/**
 * struct kill_world - all there is
 * @keeper:  its process; @line: to it
 * @at:      where the survivor listens; @its: where victims do
 * @mem:     for a message that is expected; @out: for one to be sent
 * @other:   a channel with one, @bystander, that answers whatever happens; it
 *           keeps this process's helper thread, too
 * @meanwhile: the survivor's deadlines are short, and while the victim is
 *           stopped he sees that the other one answers
 * @answers: how often it did
 */
struct kill_world {
	struct kill_page *page;
	struct fy_audit before;
	pid_t keeper;
	int line;
	char folder[40];
	char at[60];
	char its[60];
	struct ferry_listener *listener;
	uint8_t *mem;
	uint8_t *out;
	uint32_t random;
	struct ferry_channel *other;
	pid_t bystander;
	bool meanwhile;
	uint32_t answers;
};

/**
 * struct kill_end_of - how a victim ended; what it did is in the page
 * @killed: it was, not done before
 * @met:    channels that the survivor had with it
 * @told_ns: from its end until that was told; -1: nobody waited for that
 * @waited: how
 */
struct kill_end_of {
	bool killed;
	uint32_t met;
	int64_t told_ns;
	enum kill_wait waited;
};

/* ---- the world: kill.c; all with cmocka's asserts ---- */

/** kill_begin() - makes it; before the process has a second thread */
void kill_begin(struct kill_world *w);

/** kill_finish() - and that nothing is left: nowhere, of nothing */
void kill_finish(struct kill_world *w);

/** kill_start() - a victim begins to do as @plan says */
void kill_start(struct kill_world *w, const struct kill_plan *plan);

/** kill_bury() - waits until it is dead */
void kill_bury(struct kill_world *w);

/** kill_other_answers() - and soon */
void kill_other_answers(struct kill_world *w);

/** kill_is_dead() - whether it is buried */
bool kill_is_dead(const struct kill_world *w);

/** kill_tell() - of .news */
void kill_tell(struct kill_page *page);

/** kill_hear() - waits for news since they were @seen, for a moment */
void kill_hear(struct kill_page *page, uint32_t seen);

/** kill_now_ns() - on the clock of deadlines */
int64_t kill_now_ns(void);

/** kill_random() - of a series that @state stands for */
uint32_t kill_random(uint32_t *state);

/** kill_spin() - for up to @most_ns, without a call that waits */
void kill_spin(uint32_t *state, uint32_t most_ns);

/** kill_spin_all() - for @ns */
void kill_spin_all(uint32_t ns);

/** kill_say() - the plan, and how far the victim has come, for who reads why */
void kill_say(const struct kill_page *page);

/** kill_step_name() - "SEND_ROOM" */
const char *kill_step_name(uint32_t step);

/** kill_op_name() - "send" */
const char *kill_op_name(uint32_t op);

/**
 * kill_address() - where to go, or to listen, for one whose plan that is
 *
 * @path is the scheme and the path: the options are added.
 */
void kill_address(const struct kill_plan *plan, const char *path, char *buf,
		  size_t bytes);

/** kill_message() - message @number of a channel, written to @mem */
struct ferry_bytes kill_message(const struct kill_plan *plan, uint32_t number,
				uint8_t *mem);

/** kill_message_bytes() - how long it is */
uint32_t kill_message_bytes(const struct kill_plan *plan, uint32_t number);

/* When the survivor went to sleep last, and when he awoke: see fy_shm_step. */
struct kill_sleep {
	int64_t from_ns;
	int64_t to_ns;
};
struct kill_sleep kill_last_sleep(void);

/* ---- the victim: kill_victim.c ---- */

/** kill_be_victim() - does what the plan says; its exit status */
int kill_be_victim(struct kill_page *page, const char *its, const char *at);

/* ---- the survivor: kill_survivor.c ---- */

/** kill_survive() - one victim's life; asserts all that has to be */
struct kill_end_of kill_survive(struct kill_world *w,
				const struct kill_plan *plan);

/* ---- what many ends add up to: kill_sum.c ---- */

/**
 * struct kill_sum - of many victims
 * @n:       that were killed
 * @inside:  of those, in the middle of an operation
 * @unmet:   before the survivor had a channel with it
 * @done:    those that were not killed, but done
 * @steps:   that they had passed last
 * @told_ns: of @n_told, room for @room
 */
struct kill_sum {
	uint32_t n;
	uint32_t inside;
	uint32_t unmet;
	uint32_t done;
	uint32_t steps[FY_SHM_N_STEPS];
	uint32_t ops[KILL_N_OPS];
	uint32_t waits[KILL_N_WAITS];
	int64_t *told_ns;
	size_t n_told;
	size_t room;
};

/** kill_sum_begin() - room for @n victims */
void kill_sum_begin(struct kill_sum *sum, size_t n);

/** kill_sum_add() - one more */
void kill_sum_add(struct kill_sum *sum, const struct kill_page *page,
		  const struct kill_end_of *end);

/** kill_sum_print() - the histograms, and how late the ends were told */
void kill_sum_print(struct kill_sum *sum, const char *what);

/** kill_sum_end() - frees */
void kill_sum_end(struct kill_sum *sum);

/* SPDX-License-Identifier: MIT */
/*
 * Waiting and waking (src/transport/shm/wait.c): nobody sleeps through what he
 * waits for, nor through the death of who would have woken him.
 *
 * The processor may keep a store to itself while later loads go on (TSO): each
 * process has a buffer of stores, which leave it in order, at any time. A
 * locked instruction waits until its buffer is empty, as does the kernel, which
 * takes a lock. Each word has one writer, so that nobody reads his own buffer.
 *
 * The writer publishes, and wakes. The sleeper looks, sleeps on a futex, or
 * polls the bell, level-triggered or edge-triggered. The other one is a second
 * thread of the sleeper's process, that sleeps for room: of the kernel's wake-up
 * at a death there is one for the two. Nobody looks after a second here, as all
 * do in C; that a deadline passes happens at most once.
 */
#include "model.h"

#define MESSAGES 2
#define WAITS 3

#define AWAKE 0
#define FUTEX 1
#define BELL 2
#define MODE(await) ((await) & 3)
#define FULL 2 /* rings that a socket takes */

mtype = { SLEPT, WOKEN, NOT_ASLEEP_YET, RANG, RING_LATE, RING_SPARED,
	  TIMED_OUT, WOKEN_BY_DEATH, HUNG_UP, SAW_LIFE, DRAINED, ARMED_SLEEPS,
	  SAW_AT_SECOND_LOOK, DIED_WHILE_QUEUEING };

/* What is shared; and the stores under way to it. */
byte tail;
byte await;
bool dead;
chan tail_buffer = [2] of { byte };
chan await_buffer = [2] of { byte };

/* The kernel's: who is queued on which word, and has been woken. */
bool on_tail, on_life, woken;
bool other_on_life, other_woken;
byte rings; /* in the sleeper's socket */
bool hung_up;
bool edge; /* something has come since the last look */

bool killed;
bool done; /* the writer has returned alive */
bool left_unseen; /* so has the sleeper, and the peer's death is untold */
byte n_published;
byte late = 1; /* deadlines that pass */

proctype memory()
{
end:	do
	:: tail_buffer ? tail
	:: await_buffer ? await
	od
}

/* ---- the writer ---- */

inline futex_wake()
{
	atomic {
		if
		:: on_tail ->
			on_tail = false;
			woken = true;
			n = 1;
			REACHED(WOKEN)
		:: else ->
			n = 0;
			REACHED(NOT_ASLEEP_YET)
		fi
	}
}

/* A full socket has a ring in it already. */
inline ring()
{
	atomic {
		if
		:: rings < FULL -> rings++; edge = true
		:: else
		fi;
		if
		:: MODE(await) == AWAKE -> REACHED(RING_LATE)
		:: else -> REACHED(RANG)
		fi
	}
}

inline wake()
{
	if
	:: MODE(said) == AWAKE
	:: said == rung -> REACHED(RING_SPARED)
	:: MODE(said) == BELL && said != rung ->
		ring();
		rung = said
	:: MODE(said) == FUTEX && said != rung ->
		futex_wake();
#ifdef M_NO_NUMBER
		rung = said
#else
		if
#ifdef M_RUNG_ALWAYS
		:: true -> rung = said
#endif
		:: n > 0 -> rung = said
		:: else
		fi
#endif
	fi
}

inline announce_tail()
{
	atomic {
#ifdef M_NO_FENCE_AT_TAIL
		nfull(tail_buffer) -> tail_buffer ! n_published + 1;
#else
		empty(tail_buffer) ->
			tail = n_published + 1; /* C: ring.tail */
#endif
		n_published++
	}
}

proctype writer()
{
	byte said, rung, n;

	{
		do
		:: n_published < MESSAGES ->
#ifdef M_LOOK_FIRST
			said = await;
			announce_tail();
#else
			announce_tail();
			said = await;
#endif
			wake();
			n = 0;
			said = 0
		:: n_published == MESSAGES -> break
		od;
		done = true
	} unless {
		/* The kernel marks the life word, wakes one, closes the files. */
		killed -> empty(tail_buffer);
		atomic {
			dead = true;
			if
			:: on_life ->
				on_life = false;
				woken = true;
				REACHED(WOKEN_BY_DEATH)
			:: other_on_life ->
				other_on_life = false;
				other_woken = true
			:: !on_life && !other_on_life
			fi
		};
		atomic { hung_up = true; edge = true }
	}
}

proctype killer()
{
	if
	:: !done -> killed = true
	:: true
	fi
}

/* ---- the sleeper ---- */

inline announce(mode)
{
	atomic {
#ifdef M_NO_FENCE_AT_AWAIT
		nfull(await_buffer) ->
#else
		empty(await_buffer) ->
#endif
#ifndef M_NO_NUMBER
			number++;
#endif
			waits++;
#ifdef M_NO_FENCE_AT_AWAIT
			await_buffer ! number * 4 + mode
#else
			await = number * 4 + mode /* C: wait.announce */
#endif
	}
}

inline awake()
{
	await_buffer ! AWAKE; /* C: wait.awake */
}

/* futex_waitv(2): one word after the other is compared and queued on. */
inline sleep_on_both()
{
	atomic {
		empty(await_buffer);
		if
		:: tail == seen -> on_tail = true
		:: else -> goto no_sleep
		fi
	};
#ifndef M_NO_LIFE
	atomic {
		if
		:: dead == life -> on_life = true
		:: else -> REACHED(DIED_WHILE_QUEUEING); goto no_sleep
		fi
	};
#endif
	REACHED(SLEPT);
	if
	:: woken
	:: late > 0 -> atomic { late--; REACHED(TIMED_OUT) }
	fi;
no_sleep:
	atomic { on_tail = false; on_life = false; woken = false }
}

inline sleep()
{
	atomic {
		if
		:: armed -> REACHED(ARMED_SLEEPS)
		:: else
		fi;
		armed = false
	};
	announce(FUTEX);
	life = dead;
	if
#ifdef M_NO_LOOK_AT_LIFE
	:: tail != seen
#else
	:: tail != seen || life
#endif
	:: else -> sleep_on_both()
	fi;
	awake()
}

inline disarm()
{
	if
	:: armed -> armed = false; awake()
	:: else
	fi
}

inline hear()
{
	do
	:: atomic { rings > 0 -> rings-- };
#ifndef M_HEARD_STAYS_ARMED
		disarm()
#endif
	:: atomic { rings == 0 -> ended = ended || hung_up }; break
	od
}

/* And the caller polls, if there is nothing. */
inline arm_and_poll()
{
	if
	:: !armed -> announce(BELL); armed = true
	:: else
	fi;
#ifndef M_NO_SECOND_LOOK
	if
	:: tail != seen -> REACHED(SAW_AT_SECOND_LOOK); disarm()
	:: else ->
#endif
		if
		:: edges -> atomic { edge -> edge = false }
		:: !edges -> rings > 0 || hung_up
		fi;
		if
		:: hung_up -> REACHED(HUNG_UP)
		:: else
		fi
#ifndef M_NO_SECOND_LOOK
	fi
#endif
}

inline wake_all()
{
#ifndef M_DEATH_WAKES_ONE
	atomic {
		if
		:: other_on_life -> other_on_life = false; other_woken = true
		:: else
		fi
	}
#else
	skip
#endif
}

/* What it published is behind its life word. */
inline see_end()
{
	wake_all();
	if
	:: tail != got -> REACHED(DRAINED); got = tail
	:: else -> goto over
	fi
}

inline wait_somehow()
{
	if
	:: true /* by looking */
	:: waits < WAITS -> sleep()
	:: waits < WAITS -> hear(); arm_and_poll()
	fi
}

proctype sleeper()
{
	byte got, seen, number, waits;
	bool armed, ended, life, edges;

	if
	:: edges = true
	:: edges = false
	fi;
	do
	:: got == MESSAGES -> break
	:: got < MESSAGES ->
		seen = tail;
		if
		:: seen != got ->
			got = seen;
			/* It may hear what rang now, or later. */
			if
			:: disarm()
			:: hear()
			:: true
			fi
		:: else ->
			life = dead;
			if
			:: life || ended -> REACHED(SAW_LIFE); see_end()
			:: else -> wait_somehow()
			fi
		fi;
		seen = 0
	od;
	/* The last one says LAST; whoever goes then looks no more. */
	left_unseen = true;
over:	assert(got == n_published)
}

proctype other()
{
	bool life;

	life = dead;
	if
	:: life
	:: else ->
		atomic {
			if
			:: dead == life -> other_on_life = true
			:: else
			fi
		};
		/* Woken, or by its look after a second. */
		!other_on_life || other_woken || done || left_unseen;
		other_on_life = false
	fi;
	/* It looks, too, who else sleeps. */
	atomic {
		if
		:: dead && on_life -> on_life = false; woken = true
		:: else
		fi
	}
}

init {
	atomic {
		run memory();
		run writer();
		run killer();
		run sleeper();
		run other()
	}
}

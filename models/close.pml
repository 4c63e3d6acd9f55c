/* SPDX-License-Identifier: MIT */
/*
 * How a link ends (src/transport/shm/link.c): two ends that send, say that they
 * have sent all, and close, in any order; either may be killed at any step.
 * Each receives what the other published, no more and no less, and then the
 * end; nobody sleeps for ever.
 *
 * Stores are seen at once here; what becomes of them otherwise is in wait.pml.
 * An end is one thread, which sends and receives as it likes.
 */
#include "model.h"

#define MESSAGES (2 - me)
#define ROOM 1 /* messages that a ring holds */
#define LAST 1
#define PEER (1 - me)

#define NONE 0
#define ALIVE 1
#define DIED 2

mtype = { EOF_BY_LAST, EOF_BY_DEATH, DRAINED, REFUSED, LOST_BY_DEATH, WAITED,
	  WAITED_FOR_ROOM, WOKEN_BY_CLOSE, WOKEN_BY_DEATH, KILLED_WHILE_CLOSING,
	  BOTH_CLOSED, UNSENT, FINISHED, IDLE,
	  HUNG_UP };

byte tail[2];
byte head[2];
byte life[2]; /* NONE */
bool awaits_data[2], awaits_room[2];

bool linked[2]; /* into the list that the kernel walks at a death */
bool on_tail[2], on_head[2]; /* asleep, on the other end's word */
bool killed[2], closing[2], closed[2], hung_up[2];
byte n_published[2];

/*
 * Both may wait for the other to say something: then a deadline passes. Without
 * a life word to sleep on it looks at the socket now and then.
 */
#define WAIT_UNTIL_WOKEN(asleep)                                               \
	if                                                                     \
	:: !asleep                                                             \
	:: atomic {                                                            \
		asleep && known == NONE && hung_up[PEER] ->                    \
		REACHED(HUNG_UP);                                              \
		asleep = false;                                                \
		ended = true                                                   \
		}                                                              \
	:: atomic {                                                            \
		asleep && (on_tail[PEER] || on_head[PEER]) && !killed[PEER] -> \
		REACHED(IDLE);                                                 \
		asleep = false                                                 \
		}                                                              \
	fi

/* ---- sending ---- */

inline wake_receiver()
{
#ifdef M_CLOSE_WAKES_NOBODY
	if
	:: closing[me]
	:: !closing[me] && !awaits_data[PEER]
	:: !closing[me] && awaits_data[PEER] -> on_tail[PEER] = false
	fi
#else
	if
	:: awaits_data[PEER] ->
		atomic {
			if
			:: on_tail[PEER] && closing[me] ->
				REACHED(WOKEN_BY_CLOSE)
			:: else
			fi;
			on_tail[PEER] = false
		}
	:: else
	fi
#endif
}

inline wake_sender()
{
	if
	:: awaits_room[PEER] -> on_head[PEER] = false
	:: else
	fi
}

inline publish()
{
	atomic {
		n_published[me] = n_put;
		tail[me] = n_put * 2 /* C: ring.tail */
	};
	wake_receiver()
}

inline finish()
{
#ifdef M_LAST_FORGETS
	atomic { n_published[me] = n_put; tail[me] = tail[me] | LAST };
#else
	atomic {
		n_published[me] = n_put;
		tail[me] = n_put * 2 | LAST /* C: ring.last */
	};
#endif
	wake_receiver()
}

/* Of the sender, whom nothing but room keeps. */
inline wait_for_room()
{
	seen = head[PEER];
	if
	:: seen & LAST -> REACHED(REFUSED); may_send = false
	:: n_put - seen / 2 < ROOM -> skip
	:: else ->
		awaits_room[me] = true; /* C: wait.announce */
		known = life[PEER];
		if
		:: known == DIED || ended ->
			REACHED(LOST_BY_DEATH);
			may_send = false
		:: head[PEER] != seen
		:: else ->
			atomic {
				if
				:: head[PEER] == seen && life[PEER] == known ->
					assert(!closed[PEER]);
					on_head[me] = true
				:: else
				fi
			};
			REACHED(WAITED_FOR_ROOM);
			WAIT_UNTIL_WOKEN(on_head[me])
		fi;
		awaits_room[me] = false /* C: wait.awake */
	fi
}

/* ---- receiving ---- */

inline take()
{
	atomic {
		assert(!got_end);
		n_got++;
		assert(n_got <= n_published[PEER])
	};
	head[me] = n_got * 2; /* C: ring.head */
	wake_sender()
}

inline see_end()
{
	atomic {
		assert(n_got == n_published[PEER]);
		got_end = true
	}
}

inline receive()
{
	seen = tail[PEER];
	if
	:: seen / 2 != n_got -> take()
	:: seen / 2 == n_got && seen & LAST -> REACHED(EOF_BY_LAST); see_end()
	:: else ->
		known = life[PEER];
		if
		:: known == DIED || ended ->
#ifndef M_NO_SECOND_LOOK
			seen = tail[PEER];
#endif
			if
			:: seen / 2 != n_got -> REACHED(DRAINED); take()
			:: else -> REACHED(EOF_BY_DEATH); see_end()
			fi
		:: else -> wait_for_data()
		fi
	fi
}

inline wait_for_data()
{
	awaits_data[me] = true; /* C: wait.announce */
	known = life[PEER];
	if
	:: known == DIED || tail[PEER] != seen
	:: else ->
		atomic {
			if
			:: tail[PEER] == seen && life[PEER] == known ->
				on_tail[me] = true
			:: else
			fi
		};
		REACHED(WAITED);
		WAIT_UNTIL_WOKEN(on_tail[me])
	fi;
	awaits_data[me] = false /* C: wait.awake */
}

/* ---- the end ---- */

inline clear_life()
{
	life[me] = NONE /* C: life.clear */
}

inline unlink()
{
	linked[me] = false
}

inline close()
{
	closing[me] = true;
	if
	:: n_put > n_published[me] -> REACHED(UNSENT)
	:: else
	fi;
#ifdef M_UNLINK_FIRST
	unlink();
#endif
#ifdef M_LIFE_FIRST
	clear_life();
#endif
#ifdef M_CLOSE_SAYS_NOTHING
	skip;
#else
	finish();
#endif
#ifndef M_NO_REFUSAL
	head[me] = head[me] | LAST; /* C: ring.refuse */
	wake_sender();
#endif
	clear_life();
	unlink();
	atomic {
		closed[me] = true;
		hung_up[me] = true;
		if
		:: closed[PEER] -> REACHED(BOTH_CLOSED)
		:: else
		fi
	}
}

/* What the kernel does for the dead. */
inline die()
{
	atomic {
		if
		:: closing[me] && !closed[me] -> REACHED(KILLED_WHILE_CLOSING)
		:: else
		fi;
		on_tail[me] = false;
		on_head[me] = false;
		if
		:: linked[me] && life[me] == ALIVE ->
			life[me] = DIED;
			if
			:: on_tail[PEER] -> REACHED(WOKEN_BY_DEATH)
			:: else
			fi;
			on_tail[PEER] = false;
			on_head[PEER] = false
		:: else
		fi
	};
	hung_up[me] = true
}

proctype one_end(bit me)
{
	byte n_put, n_got, seen, known;
	bool may_send = true, got_end, ended;

	{
#ifdef M_LIFE_BEFORE_LIST
		life[me] = ALIVE;
		linked[me] = true;
#else
		linked[me] = true;
		life[me] = ALIVE; /* C: life.set */
#endif
		do
		:: may_send && n_put < MESSAGES ->
			if
			:: n_put - head[PEER] / 2 < ROOM ->
				atomic { n_put++; seen = 0 }
			:: else -> wait_for_room()
			fi
		:: may_send && n_put > n_published[me] -> publish()
		:: may_send ->
			REACHED(FINISHED);
			finish();
			may_send = false
		:: !got_end || tail[PEER] / 2 != n_got -> receive()
		:: close(); break
		od
	} unless {
		killed[me] -> die()
	}
}

proctype killer()
{
	if
	:: killed[0] = true
	:: killed[1] = true
	:: atomic { killed[0] = true; killed[1] = true }
	:: true
	fi
}

init {
	atomic {
		run one_end(0);
		run one_end(1);
		run killer()
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * The ring (src/transport/shm/ring.c): a writer, a reader, and records that are
 * whole or not there, whoever of the two is killed and at whatever step.
 *
 * A cell stands for FY_SHM_ALIGN bytes. Waiting is a guard here: that nobody
 * misses what he waits for is what wait.pml is about, and that the stores are
 * seen in their order is what the processor promises for a release.
 */
#include "model.h"

#define CELLS 16
#define EIGHTH (CELLS / 8)
#define HALF (CELLS / 2)
#define RECORDS 4
/* Near the end of the ring and of what an index counts. */
#define START (2 * CELLS - 5)
/* Indexes are counted modulo twice the ring, as 2^32 is a multiple of it. */
#define INDEX(i) ((i) & (2 * CELLS - 1))
#define AHEAD(a, b) INDEX((a) - (b))
#define CELL(i) ring[(i) & (CELLS - 1)]
/* A word is an index and, in bit 0, LAST. */
#define WORD(i) (INDEX(i) * 2)
#define LAST 1

#define HEAD_OF(n, cells) ((n) * 16 + (cells))
#define BODY_OF(n) (128 + (n))

byte ring[CELLS];
byte w_tail = START * 2; /* what the two share besides */
byte w_head = START * 2;
bool dead[2]; /* the life words */

bool killed[2]; /* what nobody in the system sees */
byte n_published;
byte n_received;
bool w_ended;

mtype = { BATCH, CORKED, DRAINED, FULL, KILLED_IN_BODY, KILLED_UNPUBLISHED, READER_DEAD, REFUSED, SAW_DEATH, SAW_LAST, WRAPS };

#define WRITER 0
#define READER 1

byte tail = START; /* the writer's own */
byte published = START;
byte n_put;

inline publish(word)
{
	atomic {
		published = tail;
		n_published = n_put;
		w_tail = word /* C: ring.tail */
	}
}

inline finish()
{
#ifdef M_LAST_FIRST
	atomic { w_tail = WORD(published) | LAST };
#endif
#ifdef M_NO_LAST
	skip
#else
	atomic {
		published = tail;
		n_published = n_put;
		w_tail = WORD(tail) | LAST /* C: ring.last */
	}
#endif
}

inline put_head()
{
	CELL(tail) = HEAD_OF(n_put + 1, cells); /* C: ring.record */
}

inline put_body()
{
	i = 1;
	do
	:: i < cells ->
		atomic {
			CELL(tail + i) = BODY_OF(n_put + 1); /* C: ring.payload */
			i++
		}
	:: else -> break
	od
}

inline count_put()
{
	atomic {
		if
		:: ((tail & (CELLS - 1)) + cells > CELLS) -> REACHED(WRAPS)
		:: else
		fi;
		tail = INDEX(tail + cells);
		n_put++;
		i = 0
	}
}

inline put()
{
#ifdef M_PUBLISH_FIRST
	put_head();
	count_put();
	publish(WORD(tail));
	n_put--; tail = INDEX(tail - cells);
	put_body();
	count_put()
#else
#ifdef M_HEAD_LATE
	put_body();
	count_put();
	publish(WORD(tail));
	n_put--; tail = INDEX(tail - cells);
	put_head();
	count_put()
#else
	put_body();
	put_head();
	count_put()
#endif
#endif
}

#ifdef M_ROOM_ONE_MORE
#define ROOM (CELLS - AHEAD(tail, head) + 1)
#else
#define ROOM (CELLS - AHEAD(tail, head))
#endif

/* Until there is room, as the reader has said. */
inline find_room()
{
	do
	:: ROOM >= cells -> break
	:: else ->
		seen = w_head;
		assert(AHEAD(seen / 2, head) <= AHEAD(published, head));
		if
		:: seen & LAST -> REACHED(REFUSED); goto over
		:: else
		fi;
		head = seen / 2;
		if
		:: ROOM >= cells -> break
		:: else ->
			REACHED(FULL);
			(w_head != seen || dead[READER]);
			if
			:: w_head == seen -> REACHED(READER_DEAD); goto over
			:: else
			fi
		fi
	od
}

proctype writer()
{
	byte head = START, cells, i, seen;

	{
		do
		:: n_put < RECORDS ->
			if
			:: cells = 1
			:: cells = 3
			:: cells = HALF
			fi;
			find_room();
			put();
			/* Corked it may go on, up to an eighth. */
			if
#ifdef M_CORK_ALL
			:: true ->
#else
			:: AHEAD(tail, published) < EIGHTH ->
#endif
				REACHED(CORKED)
			:: atomic {
				if
				:: n_put - n_published > 1 -> REACHED(BATCH)
				:: else
				fi };
				publish(WORD(tail))
			fi
		:: finish(); goto over
		od;
over:		w_ended = true
	} unless {
		killed[WRITER] -> atomic {
			if
			:: i > 0 -> REACHED(KILLED_IN_BODY)
			:: else
			fi;
			if
			:: n_put > n_published -> REACHED(KILLED_UNPUBLISHED)
			:: else
			fi;
			dead[WRITER] = true
		}
	}
}

inline get_tail()
{
	atomic {
		seen = w_tail;
		assert(AHEAD(seen / 2, r_tail) <= CELLS - AHEAD(r_tail, head));
		assert(!last || seen / 2 == r_tail);
		r_tail = seen / 2;
		last = seen & LAST
	}
}

inline give_back()
{
	if
#ifdef M_GIVE_RARELY
	:: AHEAD(head, given) > HALF + EIGHTH ->
#else
	:: AHEAD(head, given) >= EIGHTH ->
#endif
		atomic {
			given = head;
			w_head = WORD(head) /* C: ring.head */
		}
	:: else
	fi
}

inline copy_out()
{
	i = 0;
	do
	:: i < cells ->
		atomic {
			assert(CELL(at + i) == (i == 0 ->
			       HEAD_OF(n_received + 1, cells) :
			       BODY_OF(n_received + 1)));
			i++
		}
	:: else -> break
	od
}

inline receive()
{
	cells = CELL(head) & 15;
	assert(cells >= 1 && cells <= AHEAD(r_tail, head));
	at = head;
#ifdef M_GIVE_BACK_FIRST
	head = INDEX(head + cells);
	give_back();
	copy_out();
#else
	copy_out();
	head = INDEX(head + cells);
	give_back();
#endif
	n_received++
}

/* Nothing there: whether anything can come; the tail is read behind the life
 * word. */
inline look_for_end()
{
	if
	:: last -> REACHED(SAW_LAST); goto end
	:: else
	fi;
	life = dead[WRITER];
	if
	:: life ->
#ifndef M_NO_SECOND_LOOK
		get_tail();
#endif
		if
		:: r_tail == head -> REACHED(SAW_DEATH); goto end
		:: else -> REACHED(DRAINED)
		fi
	:: else -> (w_tail != seen || dead[WRITER])
	fi
}

proctype reader()
{
	byte head = START, given = START, r_tail = START;
	byte cells, i, at, seen;
	bool last, life;

	{
		do
		:: r_tail != head -> receive()
		:: r_tail == head ->
			get_tail();
			if
			:: r_tail == head -> look_for_end()
			:: else
			fi
		:: n_received > 0 ->
			atomic {
				w_head = WORD(given) | LAST; /* C: ring.refuse */
				goto gone
			}
		od;
end:		assert(n_received == n_published);
gone:		skip
	} unless {
		killed[READER] -> dead[READER] = true
	}
}

proctype killer()
{
	if
	:: killed[WRITER] = true
	:: killed[READER] = true
	:: true
	fi
}

init {
	atomic {
		run writer();
		run reader();
		run killer()
	}
}

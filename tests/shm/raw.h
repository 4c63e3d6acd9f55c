/* SPDX-License-Identifier: MIT */
/*
 * A peer of shm: written by hand: what goes over the socket, what is in its
 * memory, and nothing of ferry in it. It can say and write what it likes; what
 * a peer of good will does is there as well, to begin with. All with asserts.
 *
 * Its memory, as it is agreed: a page of words of 32 bits, then the ring of
 * what it sends.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ferry/channel.h>

/* Where the words are. */
#define RAW_TAIL 0u
#define RAW_CPU 4u
#define RAW_HEAD 128u
#define RAW_AWAIT_DATA 256u
#define RAW_AWAIT_ROOM 260u
#define RAW_LIFE 264u

/* In tail and head: no more. */
#define RAW_LAST 1u
/* In front of a record: bytes, flags. */
#define RAW_RECORD 8u
#define RAW_MORE 1u
/* What a life word says of who is dead. */
#define RAW_DIED 0x40000000u
#define RAW_FUTEX 1u
#define RAW_BELL 2u

#define RAW_SEALS 0x17 /* seal, shrink, grow, future write */

/* What is said before there is a channel. */
#define RAW_PACKET 256u
enum raw_kind { RAW_HELLO = 1, RAW_WELCOME = 2, RAW_REFUSAL = 3 };

/**
 * struct raw - one end
 * @socket: -1: none
 * @memory: its memfd, kept open; -1: none
 * @heard:  the other's; 0: none
 * @own:    page and ring, written by it; @ring bytes of ring
 * @its:    page and ring of the other, read; @its_ring bytes
 * @tail:   of what it has written
 * @head:   of what it has read
 */
struct raw {
	int socket;
	int memory;
	int heard;
	uint8_t *own;
	uint32_t ring;
	const uint8_t *its;
	uint32_t its_ring;
	uint32_t tail;
	uint32_t head;
};

/* ---- before there is a channel ---- */

/** raw_offer() - a memfd of @bytes, all there, with @seals; the caller's */
int raw_offer(size_t bytes, int seals);

/** raw_area() - bytes of the memory of a ring of @ring bytes */
size_t raw_area(uint32_t ring);

/** raw_make() - its memory, as it should be; not connected */
void raw_make(struct raw *r, uint32_t ring);

/** raw_connect() - a socket of @type at @path; -1: errno says why not */
int raw_connect(const char *path, int type);

/** raw_listen() - a socket of packets that listens at @path */
int raw_listen(const char *path);

/** raw_packet() - fills @out with what says @kind and a ring of @ring bytes */
void raw_packet(uint8_t out[RAW_PACKET], enum raw_kind kind, uint64_t ring);

/** raw_send() - @bytes with @n descriptors; whether they went */
bool raw_send(int socket, const void *data, size_t bytes, const int *fds,
	      size_t n);

/** raw_say() - @kind with its memory, as it should be */
void raw_say(const struct raw *r, enum raw_kind kind);

/**
 * raw_hear() - the other's packet
 *
 * A welcome or hello: its memory is mapped, and true. Else false: @text, of
 * RAW_PACKET bytes, or NULL, has the refusal, or is empty: it closed.
 */
bool raw_hear(struct raw *r, char *text);

/** raw_meet() - a channel between @r, a client, and @listener at @path */
struct ferry_channel *raw_meet(struct raw *r, uint32_t ring, const char *path,
			       struct ferry_listener *listener);

/** raw_end() - closes and unmaps, without a word */
void raw_end(struct raw *r);

/* ---- in a channel ---- */

/** raw_store() - a word of its own */
void raw_store(const struct raw *r, uint32_t word, uint32_t value);

/** raw_look() - a word of the other's */
uint32_t raw_look(const struct raw *r, uint32_t word);

/** raw_put() - @value at @at of its ring, a multiple of 4, wherever that is */
void raw_put(const struct raw *r, uint32_t at, uint32_t value);

/** raw_record() - writes one behind the last, tells nobody */
void raw_record(struct raw *r, const void *data, uint32_t bytes,
		uint32_t flags);

/** raw_publish() - tells that all that was written is there; wakes nobody */
void raw_publish(const struct raw *r);

/** raw_wake() - all who sleep for @word of its own */
void raw_wake(const struct raw *r, uint32_t word);

/** raw_ring() - the bell */
void raw_ring(const struct raw *r);

/** raw_swallow() - has read all that the other published. Return: bytes */
uint32_t raw_swallow(struct raw *r);

/**
 * raw_take() - the other's next record, which is to come soon
 *
 * Return: its bytes, at most @most; all of them, whatever its flags are.
 */
uint32_t raw_take(struct raw *r, void *out, uint32_t most);

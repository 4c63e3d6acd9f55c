/* SPDX-License-Identifier: MIT */
/*
 * What serialisation.c measures: the same values, encoded and decoded by
 * different means. encode() goes from plain C data to bytes, the filling of the
 * peer's own structures included, but for shapes: those are so small that they
 * are filled once. decode() goes from bytes to a sum over every field, of
 * shapes over some, the freeing of what was allocated included.
 */
#pragma once

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#define N_ENTRIES 32
#define N_NUMBERS 16384
#define N_BLOB 65536
#define N_GROUPS 4    /* of each record */
#define N_TREE 31      /* nodes: five levels */
#define N_HANDLE 32
#define PEER_BYTES (128 * 1024) /* room for the longest encoding */

enum subject {
	LISTING, /* N_ENTRIES directory entries with names of 13 or 16 bytes */
	NUMBERS, /* int[N_NUMBERS] */
	BLOB,	 /* N_BLOB opaque bytes */
	/* What most calls carry, of the values above: shapes_ferry.c. */
	ATTRIBUTES, /* 21 words */
	ACCOUNT,    /* two strings and a hyper */
	LOOKUP,	    /* a union with a handle and attributes */
	DIRENTS,    /* a linked list of N_ENTRIES */
	RECORDS,    /* N_ENTRIES structs of a string, a union and a list */
	TREE,	    /* N_TREE nodes */
	N_SUBJECTS,
};

/* The values in plain C, as a program would have them before it sends. */
struct plain_moment {
	uint64_t seconds;
	uint32_t nanoseconds;
};

struct plain_entry {
	uint64_t id;
	char name[32];
	uint64_t size;
	uint32_t mode;
	struct plain_moment accessed;
	struct plain_moment modified;
	struct plain_moment changed;
};

/* Aligned, so that copies are equally fast wherever the linker puts them. */
struct plain {
	alignas(64) struct plain_entry entries[N_ENTRIES];
	alignas(64) int32_t numbers[N_NUMBERS];
	alignas(64) uint8_t blob[N_BLOB];
};

/**
 * struct peer - one way to do it
 * @name:   for the table
 * @encode: into @buf of PEER_BYTES. Return: the bytes written, 0 for a subject
 *          that the peer does not do
 * @decode: Return: plain_sum() of the values read; NULL: only encodes
 */
struct peer {
	const char *name;
	size_t (*encode)(const struct plain *v, enum subject s, uint8_t *buf);
	uint64_t (*decode)(enum subject s, const uint8_t *buf, size_t len);
};

extern const struct peer peer_ferry;
extern const struct peer peer_memcpy;
extern const struct peer peer_sse2;
extern const struct peer peer_tirpc;

/* The subjects from ATTRIBUTES on, for the peers of the same name. */
extern const struct peer shapes_ferry;
extern const struct peer shapes_tirpc;

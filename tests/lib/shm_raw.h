/* SPDX-License-Identifier: MIT */
/* Peers of shm: that have another make, or a bad one: meeting, by hand. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <fcntl.h>
#include <sys/socket.h>

enum fy_raw_kind { FY_RAW_HELLO = 1, FY_RAW_WELCOME = 2, FY_RAW_REFUSAL = 3 };

/* What it is to be like on the wire. */
struct fy_raw_packet {
	char magic[8];
	uint32_t version;
	uint32_t kind;
	uint64_t ring;
	uint64_t zero;
	char text[224];
};

/* Bytes of the ring of fy_raw_memory(). */
#define FY_RAW_RING 65536u
#define FY_RAW_SEALS                                                           \
	(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL)
#define FY_RAW_FDS_MOST 30

/** fy_raw_packet() - a good one of this kind, with a ring of @ring bytes */
struct fy_raw_packet fy_raw_packet(enum fy_raw_kind kind, uint64_t ring);

/** fy_raw_memory() - as a good peer makes it, with @seals; to be closed */
int fy_raw_memory(int seals);

/** fy_raw_socket() - bound or connected to @path: @act is bind or connect */
int fy_raw_socket(const char *path,
		  int (*act)(int, const struct sockaddr *, socklen_t));

/** fy_raw_send() - @n descriptors go along, and are closed */
void fy_raw_send(int fd, const void *buf, size_t bytes, const int *fds,
		 size_t n);

/** fy_raw_hello() - a client that has said a good hello to @path */
int fy_raw_hello(const char *path);

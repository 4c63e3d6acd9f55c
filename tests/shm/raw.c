/* SPDX-License-Identifier: MIT */
#include "raw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define SOON_MS 10000

static size_t
page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* ---- before there is a channel ---- */

int
raw_offer(size_t bytes, int seals)
{
	int fd = memfd_create("raw", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_true(fd >= 0);
	assert_int_equal(fallocate(fd, 0, 0, (off_t)bytes), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

size_t
raw_area(uint32_t ring)
{
	return page_bytes() + ring;
}

void
raw_make(struct raw *r, uint32_t ring)
{
	void *at;

	*r = (struct raw){ .socket = -1, .ring = ring };
	r->memory = raw_offer(raw_area(ring), 0);
	at = mmap(NULL, raw_area(ring), PROT_READ | PROT_WRITE, MAP_SHARED,
		  r->memory, 0);
	assert_ptr_not_equal(at, MAP_FAILED);
	r->own = at;
	assert_int_equal(fcntl(r->memory, F_ADD_SEALS, RAW_SEALS), 0);
}

static struct sockaddr_un
name_of(const char *path)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };

	assert_true(strlen(path) < sizeof(name.sun_path));
	memcpy(name.sun_path, path, strlen(path));
	return name;
}

int
raw_connect(const char *path, int type)
{
	const struct sockaddr_un name = name_of(path);
	const struct timeval soon = { .tv_sec = SOON_MS / 1000 };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &soon,
				    sizeof(soon)),
			 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &soon,
				    sizeof(soon)),
			 0);
	if (connect(fd, (const struct sockaddr *)&name, sizeof(name)) == 0)
		return fd;
	close(fd);
	return -1;
}

int
raw_listen(const char *path)
{
	const struct sockaddr_un name = name_of(path);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(
		bind(fd, (const struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(listen(fd, 8), 0);
	return fd;
}

void
raw_packet(uint8_t out[RAW_PACKET], enum raw_kind kind, uint64_t ring)
{
	const uint32_t words[2] = { 1, kind };

	memset(out, 0, RAW_PACKET);
	memcpy(out, "FYshm001", 8);
	memcpy(out + 8, words, 8);
	memcpy(out + 16, &ring, 8);
}

bool
raw_send(int socket, const void *data, size_t bytes, const int *fds, size_t n)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(253 * sizeof(int))];
	struct iovec part = { (void *)(uintptr_t)data, bytes };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };
	struct cmsghdr *head;

	assert_true(n <= 253);
	if (n > 0) {
		memset(control, 0, sizeof(control));
		msg.msg_control = control;
		msg.msg_controllen = CMSG_SPACE(n * sizeof(int));
		head = CMSG_FIRSTHDR(&msg);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(head), fds, n * sizeof(int));
	}
	return sendmsg(socket, &msg, MSG_NOSIGNAL) == (ssize_t)bytes;
}

void
raw_say(const struct raw *r, enum raw_kind kind)
{
	uint8_t packet[RAW_PACKET];

	raw_packet(packet, kind, r->ring);
	assert_true(raw_send(r->socket, packet, sizeof(packet), &r->memory, 1));
}

/* Return: the one descriptor that came, or -1. */
static int
receive(int socket, uint8_t packet[RAW_PACKET], ssize_t *n)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct iovec part = { packet, RAW_PACKET };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	const struct cmsghdr *head;
	int fd = -1;

	*n = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC);
	head = *n > 0 ? CMSG_FIRSTHDR(&msg) : NULL;
	if (head)
		memcpy(&fd, CMSG_DATA(head), sizeof(fd));
	return fd;
}

bool
raw_hear(struct raw *r, char *text)
{
	uint8_t packet[RAW_PACKET] = { 0 };
	uint32_t kind;
	uint64_t ring;
	ssize_t n;
	int fd = receive(r->socket, packet, &n);
	void *at;

	if (text)
		*text = '\0';
	if (n <= 0)
		return false;
	assert_int_equal(n, RAW_PACKET);
	memcpy(&kind, packet + 12, 4);
	memcpy(&ring, packet + 16, 8);
	if (kind == RAW_REFUSAL) {
		assert_int_equal(fd, -1);
		if (text)
			memcpy(text, packet + 32, RAW_PACKET - 32);
		return false;
	}
	assert_true(fd >= 0);
	r->its_ring = (uint32_t)ring;
	at = mmap(NULL, raw_area(r->its_ring), PROT_READ, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(at, MAP_FAILED);
	r->its = at;
	r->heard = fd;
	return true;
}

struct ferry_channel *
raw_meet(struct raw *r, uint32_t ring, const char *path,
	 struct ferry_listener *listener)
{
	struct ferry_channel *ch;

	raw_make(r, ring);
	r->socket = raw_connect(path, SOCK_SEQPACKET);
	assert_true(r->socket >= 0);
	raw_say(r, RAW_HELLO);
	assert_int_equal(ferry_listener_accept(listener, ferry_in_ms(SOON_MS),
					       &ch, NULL),
			 FERRY_OK);
	assert_true(raw_hear(r, NULL));
	return ch;
}

void
raw_end(struct raw *r)
{
	if (r->socket >= 0)
		close(r->socket);
	if (r->memory >= 0)
		close(r->memory);
	if (r->heard > 0)
		close(r->heard);
	if (r->own)
		munmap(r->own, raw_area(r->ring));
	if (r->its)
		munmap((void *)(uintptr_t)r->its, raw_area(r->its_ring));
	*r = (struct raw){ .socket = -1, .memory = -1 };
}

/* ---- in a channel ---- */

static uint32_t *
word_at(const struct raw *r, size_t at)
{
	return (uint32_t *)(void *)(r->own + at);
}

void
raw_store(const struct raw *r, uint32_t word, uint32_t value)
{
	__atomic_store_n(word_at(r, word), value, __ATOMIC_SEQ_CST);
}

uint32_t
raw_look(const struct raw *r, uint32_t word)
{
	return __atomic_load_n((const uint32_t *)(const void *)(r->its + word),
			       __ATOMIC_SEQ_CST);
}

void
raw_put(const struct raw *r, uint32_t at, uint32_t value)
{
	__atomic_store_n(word_at(r, page_bytes() + (at & (r->ring - 1))), value,
			 __ATOMIC_RELAXED);
}

void
raw_record(struct raw *r, const void *data, uint32_t bytes, uint32_t flags)
{
	uint8_t *ring = r->own + page_bytes();

	raw_put(r, r->tail, bytes);
	raw_put(r, r->tail + 4, flags);
	/* Another thread of the peer's may write there as well. */
	for (uint32_t i = 0; i < bytes; i++)
		__atomic_store_n(&ring[(r->tail + RAW_RECORD + i) &
				       (r->ring - 1)],
				 ((const uint8_t *)data)[i], __ATOMIC_RELAXED);
	r->tail += (RAW_RECORD + bytes + 7) & ~7u;
}

void
raw_publish(const struct raw *r)
{
	raw_store(r, RAW_TAIL, r->tail);
}

void
raw_wake(const struct raw *r, uint32_t word)
{
	(void)syscall(SYS_futex, word_at(r, word), FUTEX_WAKE, INT_MAX, NULL,
		      NULL, 0);
}

void
raw_ring(const struct raw *r)
{
	(void)send(r->socket, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

uint32_t
raw_swallow(struct raw *r)
{
	uint32_t tail = raw_look(r, RAW_TAIL) & ~RAW_LAST;
	uint32_t n = tail - r->head;

	r->head = tail;
	/* Nobody looks at less. */
	raw_store(r, RAW_HEAD, tail);
	raw_wake(r, RAW_HEAD);
	return n;
}

/* A word of what the other sends. */
static uint32_t
its_word(const struct raw *r, uint32_t at)
{
	return raw_look(r, (uint32_t)page_bytes() + (at & (r->its_ring - 1)));
}

uint32_t
raw_take(struct raw *r, void *out, uint32_t most)
{
	const uint8_t *ring = r->its + page_bytes();
	int64_t end_ns = ferry_in_ms(SOON_MS).ns;
	uint32_t bytes;

	while ((raw_look(r, RAW_TAIL) & ~RAW_LAST) == r->head) {
		(void)poll(NULL, 0, 1);
		assert_true(ferry_in_ms(0).ns < end_ns);
	}
	bytes = its_word(r, r->head);
	assert_true(bytes <= most);
	for (uint32_t i = 0; i < bytes; i++)
		((uint8_t *)out)[i] = ring[(r->head + RAW_RECORD + i) &
					   (r->its_ring - 1)];
	r->head += (RAW_RECORD + bytes + 7) & ~7u;
	raw_store(r, RAW_HEAD, r->head);
	return bytes;
}

/* SPDX-License-Identifier: MIT */
#include "transport/shm/meet.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "core/err.h"
#include "core/os.h"
#include "transport/fds.h"
#include "transport/shm/step.h"

#define VERSION 1u

enum kind { HELLO = 1, WELCOME = 2, REFUSAL = 3 };

static const char magic[8] = { 'F', 'Y', 's', 'h', 'm', '0', '0', '1' };

/*
 * All there is to say, by either side; the memory goes along.
 * @ring: bytes of its ring
 * @zero: 0
 * @text: of a refusal, with a NUL; else empty
 */
struct packet {
	char magic[8];
	uint32_t version;
	uint32_t kind;
	uint64_t ring;
	uint64_t zero;
	char text[224];
};

_Static_assert(sizeof(struct packet) == 256, "no padding");

static void
fill(struct packet *p, enum kind kind, uint64_t ring)
{
	*p = (struct packet){ .version = VERSION, .kind = kind, .ring = ring };
	memcpy(p->magic, magic, sizeof(magic));
}

/* ---- what this side says ---- */

/* @memory: its descriptor, to be sent and closed. */
static ferry_err
make_own(struct fy_shm_link *l, const struct fy_meet_terms *terms,
	 struct fy_fds *memory, struct ferry_error *why)
{
	ferry_err err = fy_shm_area_make(terms->ring, &l->own, &memory->fd[0],
					 why);

	if (err)
		return err;
	memory->n = 1;
	l->trusts = terms->trusts;
	/* Before the peer looks: what has no life word is watched otherwise. */
	return fy_alive_begin(&l->alive, &l->own, why);
}

static bool
has_left(int error)
{
	return error == EPIPE || error == ECONNRESET;
}

static ferry_err
say(const struct fy_shm_link *l, enum kind kind, const struct fy_fds *memory,
    struct ferry_error *why)
{
	struct packet p;

	fill(&p, kind, l->own.size);
	if (fy_fds_send(l->socket, &p, sizeof(p), memory) >= 0)
		return FERRY_OK;
	return fy_fail_errno_as(why, has_left(errno) ? FERRY_ECONNECT
						     : FERRY_ESYS,
				"send memory to the peer");
}

/* ---- what the other says ---- */

static ferry_err
check_packet(const struct packet *p, size_t bytes, struct ferry_error *why)
{
	if (bytes != sizeof(*p) || memcmp(p->magic, magic, sizeof(magic)) != 0)
		return fy_fail(why, FERRY_EPROTO,
			       "who is there does not speak shm: of ferry");
	if (p->version != VERSION)
		return fy_fail(why, FERRY_EPROTO,
			       "who is there speaks version %u of shm:, and "
			       "this is %u: bring the older one up to date",
			       p->version, VERSION);
	if (p->zero)
		return fy_fail(why, FERRY_EPROTO,
			       "who is there says what version %u of shm: "
			       "does not know", VERSION);
	return FERRY_OK;
}

static ferry_err
check_memory(const struct fy_fds *memory, struct ferry_error *why)
{
	if (memory->n == 1 && !memory->cut)
		return FERRY_OK;
	if (memory->n > 0)
		return fy_fail(why, FERRY_EPROTO,
			       "the peer sent more than one descriptor with "
			       "its memory");
	if (!memory->cut)
		return fy_fail(why, FERRY_EPROTO, "the peer sent no memory");
	errno = EMFILE;
	return fy_fail_errno_as(why, FERRY_ESYS, "receive the peer's memory");
}

/* Peers may say anything: it goes to logs and terminals. */
static ferry_err
fail_refused(struct packet *p, struct ferry_error *why)
{
	p->text[sizeof(p->text) - 1] = '\0';
	for (char *c = p->text; *c; c++) {
		if (*c < ' ' || *c > '~')
			*c = '?';
	}
	return fy_fail(why, FERRY_ECONNECT, "the listener refuses: %s",
		       p->text);
}

/* FERRY_EAGAIN: nothing has come. What is in @memory is to be closed. */
static ferry_err
hear(const struct fy_shm_link *l, enum kind kind, uint64_t *ring,
     struct fy_fds *memory, struct ferry_error *why)
{
	/* What is longer is cut, and seen to be. */
	struct {
		struct packet packet;
		char more;
	} got;
	ssize_t n = fy_fds_recv(l->socket, &got, sizeof(got), memory);
	ferry_err err;

	if (n < 0 && errno == EAGAIN)
		return FERRY_EAGAIN;
	if (n < 0 && !has_left(errno))
		return fy_fail_errno(why, "receive from the peer");
	if (n <= 0)
		return fy_fail(why, FERRY_ECONNECT,
			       "the peer left before both had met");
	err = check_packet(&got.packet, (size_t)n, why);
	if (err)
		return err;
	if (got.packet.kind == REFUSAL)
		return fail_refused(&got.packet, why);
	if (got.packet.kind != kind)
		return fy_fail(why, FERRY_EPROTO,
			       "the peer says what it should not: %u",
			       got.packet.kind);
	*ring = got.packet.ring;
	return check_memory(memory, why);
}

static ferry_err
map_peer(struct fy_shm_link *l, const struct fy_fds *memory, uint64_t ring,
	 struct ferry_error *why)
{
	ferry_err err = fy_shm_view_open(memory->fd[0], ring, FY_SHM_RING_MOST,
					 l->peer.uid, &l->view, why);

	FY_SHM_STEP(PEER_MAPPED);
	return err;
}

/* ---- the client ---- */

static ferry_err
say_hello(struct fy_shm_link *l, const struct fy_meet_terms *terms,
	  struct ferry_error *why)
{
	FY_CLEANUP(fy_fds_close) struct fy_fds memory = { .n = 0 };
	ferry_err err = make_own(l, terms, &memory, why);

	if (!err)
		err = say(l, HELLO, &memory, why);
	FY_SHM_STEP(HELLO_SENT);
	return err;
}

/* FERRY_EAGAIN: nothing has come. */
static ferry_err
hear_welcome(struct fy_shm_link *l, struct ferry_error *why)
{
	FY_CLEANUP(fy_fds_close) struct fy_fds memory = { .n = 0 };
	uint64_t ring = 0;
	ferry_err err = hear(l, WELCOME, &ring, &memory, why);

	FY_SHM_STEP(WELCOME_READ);
	return err ? err : map_peer(l, &memory, ring, why);
}

ferry_err
fy_meet_ask(struct fy_shm_link *l, const struct fy_meet_terms *terms,
	    const char *text, struct ferry_deadline until,
	    struct ferry_error *why)
{
	struct pollfd answer = { l->socket, POLLIN, 0 };
	ferry_err err = say_hello(l, terms, why);
	int n;

	if (err)
		return err;
	do {
		n = fy_os_poll(&answer, 1, until);
		if (n < 0)
			return fy_fail_errno(why, "wait for shm:%s", text);
		if (n == 0)
			return fy_fail(why,
				       until.ns == FERRY_NOW.ns
					       ? FERRY_EAGAIN
					       : FERRY_ETIMEDOUT,
				       "shm:%s did not accept the connection "
				       "before the deadline: does its listener "
				       "run?", text);
		err = hear_welcome(l, why);
	} while (err == FERRY_EAGAIN);
	if (!err)
		fy_shm_link_start(l);
	return err;
}

/* ---- the listener ---- */

/* FERRY_EAGAIN: nothing has come. */
static ferry_err
hear_hello(struct fy_shm_link *l, struct ferry_error *why)
{
	FY_CLEANUP(fy_fds_close) struct fy_fds memory = { .n = 0 };
	uint64_t ring = 0;
	ferry_err err = hear(l, HELLO, &ring, &memory, why);

	FY_SHM_STEP(HELLO_READ);
	return err ? err : map_peer(l, &memory, ring, why);
}

static ferry_err
say_welcome(struct fy_shm_link *l, const struct fy_meet_terms *terms,
	    struct ferry_error *why)
{
	FY_CLEANUP(fy_fds_close) struct fy_fds memory = { .n = 0 };
	ferry_err err = make_own(l, terms, &memory, why);

	if (err)
		return err;
	/* The client may send as soon as he reads it. */
	fy_shm_link_start(l);
	err = say(l, WELCOME, &memory, why);
	FY_SHM_STEP(WELCOME_SENT);
	return err;
}

/* If he is there still: it is he who can do something about it. */
FY_COLD static void
refuse(const struct fy_shm_link *l, const struct ferry_error *why)
{
	struct packet p;

	fill(&p, REFUSAL, 0);
	(void)snprintf(p.text, sizeof(p.text), "%.200s", why->text);
	(void)fy_os_send(l->socket, &p, sizeof(p), MSG_DONTWAIT);
}

ferry_err
fy_meet_answer(struct fy_shm_link *l, const struct fy_meet_terms *terms,
	       struct ferry_error *why)
{
	ferry_err err = hear_hello(l, why);

	if (err == FERRY_EAGAIN)
		return err;
	if (!err)
		err = say_welcome(l, terms, why);
	if (err)
		refuse(l, why);
	return err;
}

/* SPDX-License-Identifier: MIT */
/*
 * Those who come to a listener, or wait for who dials, with what is no memory
 * to share, with half a hello, with nothing; or who go at the worst moment.
 *
 * FERRY_HOSTILE_SILENT: connections that say nothing (1000).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "place.h"
#include "raw.h"

#define TEST(name) cmocka_unit_test(name)

#define RING 65536u
/* Nobody has it; where it comes from does not matter to the kernel. */
#define STRANGER 61001

static bool
is_root(void)
{
	return geteuid() == 0;
}

/* ---- what is offered for memory ---- */

static int
offer_unsealed(void)
{
	return raw_offer(raw_area(RING), 0);
}

static int
offer_that_shrinks(void)
{
	return raw_offer(raw_area(RING), RAW_SEALS & ~F_SEAL_SHRINK);
}

static int
offer_that_grows(void)
{
	return raw_offer(raw_area(RING), RAW_SEALS & ~F_SEAL_GROW);
}

static int
offer_that_all_write(void)
{
	return raw_offer(raw_area(RING), RAW_SEALS & ~0x10);
}

static int
offer_that_takes_seals(void)
{
	return raw_offer(raw_area(RING), RAW_SEALS & ~F_SEAL_SEAL);
}

static int
offer_short(void)
{
	return raw_offer(raw_area(RING) - 4096, RAW_SEALS);
}

static int
offer_nothing(void)
{
	return raw_offer(1, RAW_SEALS);
}

static int
offer_long(void)
{
	return raw_offer(raw_area(RING) + 4096, RAW_SEALS);
}

static int
offer_holes(void)
{
	int fd = raw_offer(raw_area(RING), 0);

	assert_int_equal(fallocate(fd, FALLOC_FL_PUNCH_HOLE |
					       FALLOC_FL_KEEP_SIZE,
				   RING / 2, 4096),
			 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, RAW_SEALS), 0);
	return fd;
}

static int
reopen(int flags)
{
	int fd = raw_offer(raw_area(RING), RAW_SEALS);
	char path[40];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, flags);
	assert_true(again >= 0);
	close(fd);
	return again;
}

static int
offer_to_read(void)
{
	return reopen(O_RDONLY);
}

static int
offer_to_look_at(void)
{
	return reopen(O_PATH);
}

static int
offer_a_file(void)
{
	char path[] = "/tmp/ferry-test-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(ftruncate(fd, (off_t)raw_area(RING)), 0);
	return fd;
}

static int
offer_a_pipe(void)
{
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	close(fds[1]);
	return fds[0];
}

static int
offer_a_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int
offer_a_device(void)
{
	return open("/dev/zero", O_RDWR);
}

static int
offer_a_folder(void)
{
	return open("/", O_RDONLY);
}

/* -1 where there is none to be had. */
static int
offer_huge(void)
{
	int fd = memfd_create("huge", MFD_ALLOW_SEALING | MFD_HUGETLB);

	if (fd >= 0 && ftruncate(fd, 2 << 20) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* That of another user; only root can have it. */
static int
offer_a_strangers(void)
{
	int fd = raw_offer(raw_area(RING), 0);

	if (!is_root()) {
		close(fd);
		return -1;
	}
	assert_int_equal(fchown(fd, STRANGER, STRANGER), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, RAW_SEALS), 0);
	return fd;
}

static int
offer_good(void)
{
	return raw_offer(raw_area(RING), RAW_SEALS);
}

/**
 * struct offer - what comes for memory, and what is said to it
 * @n:    times that it comes in one packet
 * @ring: bytes of ring that are said to be in it
 */
static const struct offer {
	int (*make)(void);
	size_t n;
	uint64_t ring;
	const char *says;
} offers[] = {
	{ offer_good, 0, RING, "sent no memory" },
	{ offer_good, 2, RING, "more than one descriptor" },
	{ offer_good, 16, RING, "more than one descriptor" },
	{ offer_good, 17, RING, "more than one descriptor" },
	{ offer_good, 253, RING, "more than one descriptor" },
	{ offer_good, 1, RING * 2, "shorter than it says" },
	{ offer_good, 1, RING / 2, "longer than it says" },
	{ offer_good, 1, RING - 8, "power of two" },
	{ offer_good, 1, 0, "power of two" },
	{ offer_good, 1, 2048, "power of two" },
	{ offer_good, 1, 1ull << 31, "power of two" },
	{ offer_good, 1, 1ull << 32, "power of two" },
	{ offer_good, 1, UINT64_MAX, "power of two" },
	{ offer_unsealed, 1, RING, "is not sealed" },
	{ offer_that_shrinks, 1, RING, "against being cut" },
	{ offer_that_grows, 1, RING, "against growing" },
	{ offer_that_all_write, 1, RING, "being written by others" },
	{ offer_that_takes_seals, 1, RING, "against other seals" },
	{ offer_short, 1, RING, "shorter than it says" },
	{ offer_nothing, 1, RING, "shorter than it says" },
	{ offer_long, 1, RING, "longer than it says" },
	{ offer_holes, 1, RING, "has holes" },
	{ offer_to_read, 1, RING, "one way alone" },
	{ offer_to_look_at, 1, RING, "one way alone" },
	{ offer_a_file, 1, RING, "file on a disk" },
	{ offer_a_pipe, 1, RING, "is no memory" },
	{ offer_a_socket, 1, RING, "is no memory" },
	{ offer_a_device, 1, RING, "is no memory" },
	{ offer_a_folder, 1, RING, "is no memory" },
	{ offer_huge, 1, RING, "huge pages" },
	{ offer_a_strangers, 1, RING, "must be its own" },
};
#define N_OFFERS (sizeof(offers) / sizeof(offers[0]))

/* Whether there is such a thing. */
static bool
say_offer(int socket, enum raw_kind kind, const struct offer *offer)
{
	uint8_t packet[RAW_PACKET];
	int fd = offer->make();
	int fds[253];

	if (fd < 0)
		return false;
	for (size_t i = 0; i < 253; i++)
		fds[i] = fd;
	raw_packet(packet, kind, offer->ring);
	assert_true(raw_send(socket, packet, sizeof(packet), fds, offer->n));
	close(fd);
	return true;
}

static void
check_said(size_t i, const char *text)
{
	if (!strstr(text, offers[i].says))
		fail_msg("offer %zu: \"%s\" and not \"%s\"", i, text,
			 offers[i].says);
}

static void
expect_nobody(struct place *p)
{
	struct ferry_channel *ch;

	assert_int_equal(ferry_listener_accept(p->listener, FERRY_NOW, &ch,
					       NULL),
			 FERRY_EAGAIN);
}

static void
what_is_no_memory_is_refused_by_a_listener(void **state)
{
	struct place p;
	size_t n_fds;

	(void)state;
	place_open(&p, "", NULL);
	n_fds = fy_audit_fds();
	for (size_t i = 0; i < N_OFFERS; i++) {
		struct raw r = { .socket = raw_connect(p.path,
						       SOCK_SEQPACKET),
				 .memory = -1 };
		char text[RAW_PACKET];

		if (say_offer(r.socket, RAW_HELLO, &offers[i])) {
			expect_nobody(&p);
			assert_false(raw_hear(&r, text));
			check_said(i, text);
			assert_int_equal(fy_audit_fds(), n_fds + 1);
		}
		raw_end(&r);
	}
	place_close(&p);
}

/* ---- who waits for who dials ---- */

struct dial {
	char addr[80];
	struct ferry_channel *ch;
	struct ferry_error why;
	ferry_err err;
	pthread_t thread;
};

static void *
run_dial(void *arg)
{
	struct dial *d = arg;

	d->err = ferry_channel_open(d->addr, NULL, ferry_in_ms(PLACE_SOON_MS),
				    &d->ch, &d->why);
	return NULL;
}

/* A place where a bad one listens. */
struct trap {
	struct place place;
	char path[70];
	int fd;
};

static void
trap_open(struct trap *t)
{
	place_open(&t->place, "", NULL);
	snprintf(t->path, sizeof(t->path), "%s/trap", t->place.folder);
	t->fd = raw_listen(t->path);
}

static void
trap_close(struct trap *t)
{
	close(t->fd);
	assert_int_equal(unlink(t->path), 0);
	place_close(&t->place);
}

/* Return: the socket of who dials. */
static int
trap_begin(const struct trap *t, struct dial *d)
{
	int fd;

	*d = (struct dial){ .ch = NULL };
	snprintf(d->addr, sizeof(d->addr), "shm:%s", t->path);
	assert_int_equal(pthread_create(&d->thread, NULL, run_dial, d), 0);
	fd = accept4(t->fd, NULL, NULL, SOCK_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static void
what_is_no_memory_is_refused_by_who_dials(void **state)
{
	struct trap t;

	(void)state;
	trap_open(&t);
	for (size_t i = 0; i < N_OFFERS; i++) {
		struct raw r = { .memory = -1 };
		struct dial d;
		bool there;

		r.socket = trap_begin(&t, &d);
		assert_true(raw_hear(&r, NULL));
		there = say_offer(r.socket, RAW_WELCOME, &offers[i]);
		if (!there)
			assert_int_equal(shutdown(r.socket, SHUT_RDWR), 0);
		assert_int_equal(pthread_join(d.thread, NULL), 0);
		raw_end(&r);
		assert_int_not_equal(d.err, FERRY_OK);
		if (there)
			check_said(i, d.why.text);
	}
	trap_close(&t);
}

/* ---- hellos ---- */

static void
hellos_cut_at_each_byte_are_refused(void **state)
{
	uint8_t packet[RAW_PACKET * 2] = { 0 };
	struct place p;
	struct raw r;

	(void)state;
	place_open(&p, "", NULL);
	raw_make(&r, RING);
	raw_packet(packet, RAW_HELLO, RING);
	for (size_t n = 0; n <= sizeof(packet); n++) {
		if (n == RAW_PACKET)
			continue;
		r.socket = raw_connect(p.path, SOCK_SEQPACKET);
		assert_true(raw_send(r.socket, packet, n, &r.memory,
				     n % 2 && n));
		expect_nobody(&p);
		assert_false(raw_hear(&r, NULL));
		close(r.socket);
		r.socket = -1;
	}
	raw_end(&r);
	place_close(&p);
}

static void
garbage_in_the_place_of_a_hello_is_refused(void **state)
{
	uint8_t packet[RAW_PACKET + 16];
	uint64_t seed = 3;
	struct place p;
	struct raw r;

	(void)state;
	place_open(&p, "", NULL);
	raw_make(&r, RING);
	for (int i = 0; i < 500; i++) {
		size_t n = place_roll(&seed) % sizeof(packet) + 1;

		for (size_t j = 0; j < sizeof(packet); j++)
			packet[j] = (uint8_t)place_roll(&seed);
		/* Half of it is as it should be, up to somewhere. */
		if (i % 2) {
			n = place_roll(&seed) % 32;
			raw_packet(packet, RAW_HELLO, RING);
			packet[n] = (uint8_t)~packet[n];
			n = RAW_PACKET;
		}
		r.socket = raw_connect(p.path, SOCK_SEQPACKET);
		assert_true(
			raw_send(r.socket, packet, n, &r.memory, i % 3 > 0));
		expect_nobody(&p);
		assert_false(raw_hear(&r, NULL));
		close(r.socket);
		r.socket = -1;
	}
	raw_end(&r);
	place_close(&p);
}

static void
a_second_hello_means_nothing(void **state)
{
	struct ferry_channel *ch;
	struct ferry_bytes got;
	struct place p;
	struct raw r;
	int fd;

	(void)state;
	for (int polled = 0; polled < 2; polled++) {
		place_open(&p, "", NULL);
		ch = raw_meet(&r, RING, p.path, p.listener);
		if (polled)
			assert_int_equal(ferry_channel_fd(ch, &fd, NULL),
					 FERRY_OK);
		raw_say(&r, RAW_HELLO);
		raw_say(&r, RAW_HELLO);
		raw_record(&r, "x", 1, 0);
		raw_publish(&r);
		raw_ring(&r);
		assert_int_equal(ferry_channel_take(ch, &got,
						    ferry_in_ms(PLACE_SOON_MS),
						    NULL),
				 FERRY_OK);
		ferry_channel_release(ch);
		assert_int_equal(ferry_channel_take(ch, &got, FERRY_NOW, NULL),
				 FERRY_EAGAIN);
		ferry_channel_close(ch, FERRY_NOW, NULL);
		raw_end(&r);
		place_close(&p);
	}
}

/* ---- those who go ---- */

static void
go_behind_connect(struct raw *r, struct place *p)
{
	(void)r;
	(void)p;
}

static void
go_half_met(struct raw *r, struct place *p)
{
	(void)r;
	expect_nobody(p);
}

static void
go_behind_hello(struct raw *r, struct place *p)
{
	(void)p;
	raw_say(r, RAW_HELLO);
}

static void
go_deaf_behind_hello(struct raw *r, struct place *p)
{
	(void)p;
	raw_say(r, RAW_HELLO);
	assert_int_equal(shutdown(r->socket, SHUT_RD), 0);
}

static void
go_mute_behind_hello(struct raw *r, struct place *p)
{
	(void)p;
	raw_say(r, RAW_HELLO);
	assert_int_equal(shutdown(r->socket, SHUT_WR), 0);
}

/* Either he is not met, or his end is told. */
static void
expect_no_peer(struct place *p)
{
	struct ferry_channel *ch;
	struct ferry_bytes got;
	ferry_err err = ferry_listener_accept(p->listener, FERRY_NOW, &ch,
					      NULL);

	if (err == FERRY_EAGAIN)
		return;
	assert_int_equal(err, FERRY_OK);
	err = ferry_channel_take(ch, &got, ferry_in_ms(PLACE_SOON_MS), NULL);
	assert_true(err == FERRY_EOF || err == FERRY_ELOST);
	ferry_channel_close(ch, FERRY_NOW, NULL);
}

static void
who_goes_at_any_step_leaves_nothing(void **state)
{
	void (*const steps[])(struct raw *, struct place *) = {
		go_behind_connect, go_half_met, go_behind_hello,
		go_deaf_behind_hello, go_mute_behind_hello
	};
	struct place p;

	(void)state;
	place_open(&p, "", NULL);
	for (size_t i = 0; i < 2 * sizeof(steps) / sizeof(steps[0]); i++) {
		size_t n_fds = fy_audit_fds();
		struct raw r;

		raw_make(&r, RING);
		r.socket = raw_connect(p.path, SOCK_SEQPACKET);
		steps[i / 2](&r, &p);
		/* With a life word that says nothing, and a false one. */
		raw_store(&r, RAW_LIFE, i % 2);
		raw_end(&r);
		expect_no_peer(&p);
		expect_nobody(&p);
		assert_int_equal(fy_audit_fds(), n_fds);
	}
	place_close(&p);
}

static void
who_dials_hears_of_a_listener_that_goes(void **state)
{
	struct trap t;

	(void)state;
	trap_open(&t);
	for (int i = 0; i < 3; i++) {
		struct raw r = { .memory = -1 };
		struct dial d;

		r.socket = trap_begin(&t, &d);
		if (i > 0)
			assert_true(raw_hear(&r, NULL));
		if (i > 1)
			assert_true(raw_send(r.socket, "FYshm001", 8, NULL, 0));
		raw_end(&r);
		assert_int_equal(pthread_join(d.thread, NULL), 0);
		assert_int_equal(d.err, i > 1 ? FERRY_EPROTO : FERRY_ECONNECT);
	}
	trap_close(&t);
}

static void
listeners_and_clients_of_unix_are_not_mistaken(void **state)
{
	struct ferry_listener *listener;
	struct ferry_channel *ch;
	struct ferry_error why;
	struct place p;
	char addr[90];
	int fd;

	(void)state;
	place_open(&p, "", NULL);
	snprintf(addr, sizeof(addr), "unix:%s", p.path);
	assert_int_equal(ferry_channel_open(addr, NULL, FERRY_NOW, &ch, &why),
			 FERRY_ECONNECT);
	assert_non_null(strstr(why.text, "shm"));
	fd = raw_connect(p.path, SOCK_STREAM);
	assert_int_equal(fd, -1);
	assert_int_equal(errno, EPROTOTYPE);
	snprintf(addr, sizeof(addr), "unix:%s/u", p.folder);
	assert_int_equal(ferry_listener_open(addr, NULL, &listener, NULL),
			 FERRY_OK);
	snprintf(addr, sizeof(addr), "shm:%s/u", p.folder);
	assert_int_equal(ferry_channel_open(addr, NULL, FERRY_NOW, &ch, &why),
			 FERRY_ECONNECT);
	assert_non_null(strstr(why.text, "unix"));
	ferry_listener_close(listener);
	place_close(&p);
}

/* ---- a crowd that says nothing ---- */

/* A loop that accepts, as a server has; until a byte comes. */
static void *
serve(void *arg)
{
	struct place *p = arg;
	struct ferry_channel *ch;

	while (ferry_listener_accept(p->listener, ferry_in_ms(PLACE_SOON_MS),
				     &ch, NULL) == FERRY_OK) {
		struct ferry_bytes got;
		ferry_err err = ferry_channel_take(
			ch, &got, ferry_in_ms(PLACE_SOON_MS), NULL);
		bool last = !err && got.len == 4;

		if (!err)
			ferry_channel_release(ch);
		ferry_channel_close(ch, FERRY_NOW, NULL);
		if (last)
			break;
	}
	return NULL;
}

static void
say(const struct place *p, const char *text)
{
	const struct ferry_bytes message = { (const uint8_t *)text,
					     (uint32_t)strlen(text) };
	struct ferry_channel *ch;
	char addr[80];

	snprintf(addr, sizeof(addr), "shm:%s", p->path);
	assert_int_equal(ferry_channel_open(addr, NULL,
					    ferry_in_ms(PLACE_SOON_MS), &ch,
					    NULL),
			 FERRY_OK);
	assert_int_equal(ferry_channel_send(ch, message, FERRY_NEVER, NULL),
			 FERRY_OK);
	ferry_channel_close(ch, FERRY_NOW, NULL);
}

static void
a_thousand_that_say_nothing_keep_nobody_waiting(void **state)
{
	const uint32_t n = place_size("FERRY_HOSTILE_SILENT", 1000);
	struct rlimit limit = { .rlim_cur = n + 200, .rlim_max = n + 200 };
	int *fds = calloc(n, sizeof(int));
	struct rlimit before;
	pthread_t server;
	struct place p;
	size_t n_fds;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	limit.rlim_max = before.rlim_max;
	if (n + 200 > before.rlim_cur && n + 200 <= before.rlim_max)
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	place_open(&p, "", NULL);
	n_fds = fy_audit_fds();
	assert_int_equal(pthread_create(&server, NULL, serve, &p), 0);
	for (uint32_t i = 0; i < n; i++) {
		int64_t start = place_ns();

		fds[i] = raw_connect(p.path, SOCK_SEQPACKET);
		assert_true(fds[i] >= 0);
		if (i % 100 == 99) {
			say(&p, "hello");
			assert_true(place_ns() - start < PLACE_LATE_NS);
		}
	}
	say(&p, "last");
	assert_int_equal(pthread_join(server, NULL), 0);
	/* Of theirs, and of those half met. */
	assert_true(fy_audit_fds() <= n_fds + n + 16);
	for (uint32_t i = 0; i < n; i++)
		close(fds[i]);
	free(fds);
	expect_nobody(&p);
	assert_int_equal(fy_audit_fds(), n_fds);
	place_close(&p);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_no_memory_is_refused_by_a_listener),
		TEST(what_is_no_memory_is_refused_by_who_dials),
		TEST(hellos_cut_at_each_byte_are_refused),
		TEST(garbage_in_the_place_of_a_hello_is_refused),
		TEST(a_second_hello_means_nothing),
		TEST(who_goes_at_any_step_leaves_nothing),
		TEST(who_dials_hears_of_a_listener_that_goes),
		TEST(listeners_and_clients_of_unix_are_not_mistaken),
		TEST(a_thousand_that_say_nothing_keep_nobody_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * The other end of a channel in a process of its own: this program, started
 * again, does what it is told by lines over a socket and answers each with one:
 *
 *	listen ADDRESS		ok ADDRESS
 *	accept | open ADDRESS	ok
 *	send N BYTES		ok, when all have left
 *	last N BYTES		ok, as send, and then close
 *	recv N BYTES		ok, if they were those of send
 *	echo N			ok, when all were sent back
 *	flood N BYTES		ok at once; goes on to send, until it is killed
 *	drain N			ok; receives N messages, for ever if 0
 *	end			how receiving ends: EOF
 *	drop FD			ok; closes what it has inherited
 *	die N			ok; is killed in its N-th call of the
 *				system; 0: in none
 *	finish | close | unlisten	ok
 *	hold			ok PID of a child that has all descriptors
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#define FY_PEER_LINE 1200

/**
 * struct fy_peer - a process; .pid 0: none
 * @ctl:   socket that it is told by
 * @child: to be waited for by us
 * @held:  a child of its own that outlives it; 0
 */
struct fy_peer {
	pid_t pid;
	int ctl;
	bool child;
	pid_t held;
};

/** fy_peer_start() - a process; asserts */
void fy_peer_start(struct fy_peer *peer);

/** fy_peer_socket() - the two ends of .ctl; the second one survives exec */
void fy_peer_socket(struct fy_peer *peer, int *theirs);

/** fy_peer_hello() - closes @theirs and waits until the process has begun */
void fy_peer_hello(struct fy_peer *peer, int theirs);

/** fy_peer_tell() - a line; the answer is to be fetched */
void fy_peer_tell(struct fy_peer *peer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** fy_peer_answer() - waits for the next answer: @out has FY_PEER_LINE bytes */
void fy_peer_answer(struct fy_peer *peer, char *out);

/** fy_peer_lives() - waits for the next answer; false: it ended instead */
bool fy_peer_lives(struct fy_peer *peer);

/** fy_peer_expect() - the next answer must be @expected */
void fy_peer_expect(struct fy_peer *peer, const char *expected);

/** fy_peer_do() - a line whose answer must be "ok" */
void fy_peer_do(struct fy_peer *peer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** fy_peer_signal() - sends one; returns when it is stopped, for SIGSTOP */
void fy_peer_signal(struct fy_peer *peer, int signal);

/** fy_peer_dismiss() - it will end by itself, stopped or not; none: nothing */
void fy_peer_dismiss(struct fy_peer *peer);

/** fy_peer_end() - waits until it has ended, and kills it if it does not */
void fy_peer_end(struct fy_peer *peer);

/** fy_peer_main() - what the process does. @ctl: where it is told */
int fy_peer_main(int ctl);

/*
 * This program, for exec. Not where the link points: in a mount namespace that
 * was made since, no such path need exist.
 */
#define FY_PEER_PROGRAM "/proc/self/exe"

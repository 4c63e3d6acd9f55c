/* SPDX-License-Identifier: MIT */
/* What the three servers have in common: all but their event loop. */
#pragma once

#include <stdbool.h>

#include <ferry/ferry.h>

/** echo_listen() - prints where, so that who waits for it knows; or exits */
struct ferry_listener *echo_listen(int argc, char **argv);

/** echo_accept() - the next channel that waits; NULL if there is none */
struct ferry_channel *echo_accept(struct ferry_listener *listener);

/** echo_fd() - the descriptor to watch; -1 if there is none */
int echo_fd(struct ferry_channel *ch);

/**
 * echo_serve() - sends back some of what has come
 *
 * When the descriptor is readable, and when echo_timeout() has passed. Never
 * waits. False: the channel has ended, and is to be closed.
 */
bool echo_serve(struct ferry_channel *ch);

/** echo_timeout() - milliseconds after which to serve though the descriptor was
 *  not readable; -1: none */
int echo_timeout(const struct ferry_channel *ch);

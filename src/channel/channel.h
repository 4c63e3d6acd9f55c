/* SPDX-License-Identifier: MIT */
/*
 * Channels: a link made from the text of an address, with waiting. What a
 * transport leaves to the layer above it: looking up the scheme, deadlines,
 * fork, and one way to receive into an arena.
 */
#pragma once

#include <ferry/arena.h>
#include <ferry/transport.h>

#include <sys/types.h>

#include "core/compiler.h"

/**
 * struct fy_channel_config - a plain value
 * @transports: NULL-terminated, looked up before the built-in ones; or NULL
 */
struct fy_channel_config {
	struct ferry_link_config link;
	const struct ferry_transport_ops *const *transports;
};

/* One end of a link. .pid is the process that it belongs to. */
struct fy_channel {
	struct ferry_link *link;
	pid_t pid;
};

/* Where channels come from. */
struct fy_listener {
	struct ferry_port *port;
	pid_t pid;
};

/**
 * fy_channel_open() - dials the address @text
 *
 * Return: as ferry_transport_ops.dial; FERRY_EADDR for an unknown scheme,
 * FERRY_ENOTSUP for one that cannot dial.
 */
FY_MUST_CHECK ferry_err fy_channel_open(struct fy_channel *ch,
					const struct fy_channel_config *config,
					const char *text,
					struct ferry_deadline until,
					struct ferry_error *why);

/**
 * fy_channel_send() - sends one whole message, waiting for room until @until
 *
 * FERRY_OK: it is the transport's, and what the peer has no room for leaves
 * with the sender's next call; fy_channel_flush() waits for it. FERRY_ETIMEDOUT
 * (FERRY_EAGAIN for FERRY_NOW): not sent, and the channel is still usable.
 */
FY_MUST_CHECK ferry_err fy_channel_send(struct fy_channel *ch,
					struct ferry_bytes message,
					struct ferry_deadline until,
					struct ferry_error *why);

/**
 * fy_channel_flush() - waits until all that was sent has left; a sender's call
 *
 * FERRY_ETIMEDOUT (FERRY_EAGAIN for FERRY_NOW): some of it has not.
 */
FY_MUST_CHECK ferry_err fy_channel_flush(struct fy_channel *ch,
					 struct ferry_deadline until,
					 struct ferry_error *why);

/**
 * fy_channel_recv() - receives one whole message into @mem
 *
 * FERRY_ETIMEDOUT (FERRY_EAGAIN for FERRY_NOW): none came, the channel is
 * still usable. FERRY_ENOMEM too, but a message may be lost.
 */
FY_MUST_CHECK ferry_err fy_channel_recv(struct fy_channel *ch,
					struct ferry_arena *mem,
					struct ferry_bytes *out,
					struct ferry_deadline until,
					struct ferry_error *why);

/**
 * fy_channel_wait() - waits until the link's events say that it can go on
 *
 * FERRY_OK, also where nothing can come any more; FERRY_ETIMEDOUT (FERRY_EAGAIN
 * for FERRY_NOW). Any one of the link's users.
 */
FY_MUST_CHECK ferry_err fy_channel_wait(const struct fy_channel *ch,
					struct ferry_deadline until,
					struct ferry_error *why);

/** fy_channel_own() - FERRY_EFORK in a child of the process that made it */
FY_MUST_CHECK ferry_err fy_channel_own(const struct fy_channel *ch,
				       struct ferry_error *why);

/** fy_channel_close() - closes; harmless on a zeroed or closed channel */
void fy_channel_close(struct fy_channel *ch);

/** fy_channel_can_listen() - whether the scheme of @text has listeners */
FY_MUST_CHECK ferry_err
fy_channel_can_listen(const struct fy_channel_config *config, const char *text,
		      bool *out, struct ferry_error *why);

/**
 * fy_listener_open() - listens at the address @text
 *
 * Return: as ferry_transport_ops.listen; FERRY_ENOTSUP for an address that is
 * one link and not a place to come to: to be opened as a channel.
 */
FY_MUST_CHECK ferry_err fy_listener_open(struct fy_listener *listener,
					 const struct fy_channel_config *config,
					 const char *text,
					 struct ferry_error *why);

/** fy_listener_accept() - the next channel; FERRY_EAGAIN if nobody waits */
FY_MUST_CHECK ferry_err fy_listener_accept(struct fy_listener *listener,
					   struct fy_channel *out,
					   struct ferry_error *why);

/** fy_listener_close() - stops; harmless on a zeroed or closed listener */
void fy_listener_close(struct fy_listener *listener);

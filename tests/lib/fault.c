/* SPDX-License-Identifier: MIT */
#include "fault.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/err.h"
#include "transport/stream.h"
#include "transport/table.h"

/* One direction. */
struct fault_way {
	size_t cut_after; /* bytes that still pass */
	uint64_t n_calls;
};

struct fault_link {
	struct fy_stream stream;
	struct fy_stream *inner;
	size_t step;
	uint64_t again;
	struct fault_way in;
	struct fault_way out;
};

static size_t
option(const struct ferry_addr *addr, const char *key, size_t otherwise)
{
	for (size_t i = 0; i < addr->n_options; i++) {
		if (strcmp(addr->options[i].key, key) == 0)
			return strtoul(addr->options[i].value, NULL, 10);
	}
	return otherwise;
}

/* How much of @bytes goes through in this call; 0: none, see errno. */
static size_t
passes(const struct fault_link *link, struct fault_way *way, size_t bytes)
{
	if (link->again > 1 && ++way->n_calls % link->again != 0) {
		errno = EAGAIN;
		return 0;
	}
	errno = EPIPE;
	if (bytes > way->cut_after)
		bytes = way->cut_after;
	return bytes < link->step ? bytes : link->step;
}

/* The kernel does not know of the end, which has to be seen by a poll, too. */
static void
show_end(const struct fault_link *link)
{
	const uint64_t one = 1;

	if (link->in.cut_after == 0)
		(void)!write(link->stream.fd_watch, &one, sizeof(one));
}

static ssize_t
fault_read(struct fy_stream *s, void *buf, size_t bytes)
{
	struct fault_link *link = FY_CONTAINER(s, struct fault_link, stream);
	size_t n = passes(link, &link->in, bytes);
	ssize_t got;

	if (n == 0)
		return errno == EAGAIN ? -1 : 0;
	got = link->inner->bytes->read(link->inner, buf, n);
	if (got > 0)
		link->in.cut_after -= (size_t)got;
	show_end(link);
	return got;
}

static ssize_t
fault_write(struct fy_stream *s, const void *buf, size_t bytes)
{
	struct fault_link *link = FY_CONTAINER(s, struct fault_link, stream);
	size_t n = passes(link, &link->out, bytes);
	ssize_t got;

	if (n == 0)
		return -1;
	got = link->inner->bytes->write(link->inner, buf, n);
	if (got > 0)
		link->out.cut_after -= (size_t)got;
	return got;
}

static int
fault_finish(struct fy_stream *s)
{
	struct fault_link *link = FY_CONTAINER(s, struct fault_link, stream);

	return link->inner->bytes->finish(link->inner);
}

static void
fault_close(struct fy_stream *s)
{
	struct fault_link *link = FY_CONTAINER(s, struct fault_link, stream);

	link->inner->link.ops->close(&link->inner->link);
	if (s->fd_watch >= 0)
		close(s->fd_watch);
}

static const struct fy_byte_ops fault_bytes = {
	.read = fault_read,
	.write = fault_write,
	.finish = fault_finish,
	.close = fault_close,
};

static ferry_err
dial_inner(const struct ferry_link_config *config,
	   const struct ferry_addr *addr, struct ferry_deadline until,
	   struct fy_stream **out, struct ferry_error *why)
{
	const struct ferry_transport_ops *ops;
	struct ferry_addr inner;
	struct ferry_link *link;
	ferry_err err;

	err = ferry_addr_parse(addr->body, &inner, why);
	if (!err)
		err = fy_transport_find(NULL, inner.scheme, &ops, why);
	if (!err)
		err = ops->dial(config, &inner, until, &link, why);
	if (!err)
		*out = FY_CONTAINER(link, struct fy_stream, link);
	return err;
}

static ferry_err
fault_dial(const struct ferry_link_config *config,
	   const struct ferry_addr *addr, struct ferry_deadline until,
	   struct ferry_link **out, struct ferry_error *why)
{
	struct fault_link *link = fy_zalloc(config->hooks, sizeof(*link));
	ferry_err err;

	if (!link)
		return fy_fail_memory(why, sizeof(*link));
	err = dial_inner(config, addr, until, &link->inner, why);
	if (err) {
		fy_free(config->hooks, link);
		return err;
	}
	link->step = option(addr, "step", SIZE_MAX);
	link->again = option(addr, "again", 0);
	link->in.cut_after = option(addr, "cutin", SIZE_MAX);
	link->out.cut_after = option(addr, "cutout", SIZE_MAX);
	fy_stream_init(&link->stream, &fy_transport_fault, config, &fault_bytes,
		       (int[]){ link->inner->fd_in, link->inner->fd_out });
	link->stream.peer = link->inner->peer;
	if (link->in.cut_after != SIZE_MAX)
		link->stream.fd_watch = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	show_end(link);
	*out = &link->stream.link;
	return FERRY_OK;
}

const struct ferry_transport_ops fy_transport_fault = {
	.version = FERRY_TRANSPORT_VERSION,
	.caps = FERRY_CAP_DIAL,
	.scheme = "fault",
	.dial = fault_dial,
	FY_STREAM_OPS,
};

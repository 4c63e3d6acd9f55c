/* SPDX-License-Identifier: MIT */
#include "transport/mq/part.h"

#include <assert.h>
#include <string.h>

#include "core/alloc.h"
#include "core/err.h"

#define TX_FIRST 4096u
/* A longer buffer is given back as soon as it is empty. */
#define KEEP_MOST 65536u
/* With so much unsent the next loan has to wait. */
#define TX_BACKLOG 262144u

#define ALL_FLAGS                                                              \
	((uint32_t)(FY_PART_FIRST | FY_PART_LOOK | FY_PART_END | FY_PART_GONE))

struct head {
	uint32_t flags;
	uint32_t left;
};

static struct head
read_head(const uint8_t *at)
{
	struct head head;

	memcpy(&head, at, FY_PART_HEAD);
	return head;
}

static void
write_head(uint8_t *at, struct head head)
{
	memcpy(at, &head, FY_PART_HEAD);
}

void
fy_part_end(uint8_t head[FY_PART_HEAD], uint32_t flags)
{
	write_head(head, (struct head){ FY_PART_END | flags, 0 });
}

/* What struct head and struct ferry_bytes can say. */
static size_t
at_most(size_t max_message)
{
	return max_message < UINT32_MAX ? max_message : UINT32_MAX;
}

/* ---- sending ---- */

void
fy_part_tx_init(struct fy_part_tx *tx, const struct ferry_hooks *hooks,
		struct fy_part_shape shape, size_t max_message)
{
	assert(shape.bytes > shape.front + FY_PART_HEAD);
	*tx = (struct fy_part_tx){
		.hooks = hooks,
		.shape = shape,
		.max_message = at_most(max_message),
	};
	atomic_init(&tx->unsent, 0);
}

void
fy_part_tx_fini(struct fy_part_tx *tx)
{
	fy_free(tx->hooks, tx->buf);
	tx->buf = NULL;
}

static size_t
before_payload(const struct fy_part_tx *tx)
{
	return tx->shape.front + FY_PART_HEAD;
}

bool
fy_part_tx_full(const struct fy_part_tx *tx)
{
	return tx->tail - tx->head >= TX_BACKLOG;
}

static void
set_unsent(struct fy_part_tx *tx)
{
	atomic_store_explicit(&tx->unsent, tx->tail - tx->head,
			      memory_order_relaxed);
}

/* Room for @bytes more behind the tail. */
static ferry_err
make_room(struct fy_part_tx *tx, size_t bytes, struct ferry_error *why)
{
	uint8_t *grown;
	size_t want;

	if (tx->cap - tx->tail >= bytes)
		return FERRY_OK;
	if (tx->head > 0) {
		memmove(tx->buf, tx->buf + tx->head, tx->tail - tx->head);
		tx->tail -= tx->head;
		tx->head = 0;
	}
	if (tx->cap - tx->tail >= bytes)
		return FERRY_OK;
	if (bytes > SIZE_MAX - tx->tail)
		return fy_fail_memory(why, bytes);
	want = tx->tail + bytes;
	if (want < TX_FIRST)
		want = TX_FIRST;
	grown = fy_resize(tx->hooks, tx->buf, want);
	if (!grown)
		return fy_fail_memory(why, want);
	tx->buf = grown;
	tx->cap = want;
	return FERRY_OK;
}

ferry_err
fy_part_tx_loan(struct fy_part_tx *tx, size_t bytes, uint8_t **out,
		struct ferry_error *why)
{
	ferry_err err;

	assert(!tx->lending);
	if (bytes > tx->max_message)
		return fy_fail(why, FERRY_ETOOBIG,
			       "a message of %zu bytes is over the limit of "
			       "%zu", bytes, tx->max_message);
	/* On 32 bits the sum may not fit; make_room() cannot see that. */
	if (bytes > SIZE_MAX - before_payload(tx))
		return fy_fail_memory(why, bytes);
	err = make_room(tx, before_payload(tx) + bytes, why);
	if (err)
		return err;
	tx->lending = true;
	tx->lent = bytes;
	*out = tx->buf + tx->tail + before_payload(tx);
	return FERRY_OK;
}

size_t
fy_part_tx_commit(struct fy_part_tx *tx)
{
	assert(tx->lending);
	write_head(tx->buf + tx->tail + tx->shape.front,
		   (struct head){ FY_PART_FIRST, (uint32_t)tx->lent });
	tx->tail += before_payload(tx) + tx->lent;
	tx->lending = false;
	set_unsent(tx);
	return tx->lent;
}

void
fy_part_tx_cancel(struct fy_part_tx *tx)
{
	tx->lending = false;
}

static size_t
payload_of(const struct fy_part_tx *tx, struct head head)
{
	size_t most = tx->shape.bytes - FY_PART_HEAD;

	return head.left < most ? head.left : most;
}

bool
fy_part_tx_next(struct fy_part_tx *tx, uint32_t flags, struct fy_part *out)
{
	uint8_t *at = tx->buf + tx->head + tx->shape.front;
	struct head head;

	if (tx->head == tx->tail)
		return false;
	head = read_head(at);
	head.flags = (head.flags & FY_PART_FIRST) | flags;
	write_head(at, head);
	out->at = tx->buf + tx->head;
	out->bytes = FY_PART_HEAD + payload_of(tx, head);
	return true;
}

static void
tx_is_empty(struct fy_part_tx *tx)
{
	/* A loan lies behind the tail, which stays where it is for that. */
	if (tx->lending)
		return;
	tx->head = 0;
	tx->tail = 0;
	if (tx->cap <= KEEP_MOST)
		return;
	fy_part_tx_fini(tx);
	tx->cap = 0;
}

void
fy_part_tx_sent(struct fy_part_tx *tx)
{
	struct head head = read_head(tx->buf + tx->head + tx->shape.front);
	size_t n = payload_of(tx, head);

	if (n < head.left) {
		tx->head += n;
		head = (struct head){ 0, head.left - (uint32_t)n };
		write_head(tx->buf + tx->head + tx->shape.front, head);
	} else {
		tx->head += before_payload(tx) + n;
	}
	set_unsent(tx);
	if (tx->head == tx->tail)
		tx_is_empty(tx);
}

/* ---- receiving ---- */

void
fy_part_rx_init(struct fy_part_rx *rx, const struct ferry_hooks *hooks,
		struct fy_part_shape shape, size_t max_message)
{
	*rx = (struct fy_part_rx){
		.hooks = hooks,
		.shape = shape,
		.max_message = at_most(max_message),
	};
}

void
fy_part_rx_fini(struct fy_part_rx *rx)
{
	fy_free(rx->hooks, rx->room);
	fy_free(rx->hooks, rx->buf);
	rx->room = NULL;
	rx->buf = NULL;
}

uint8_t *
fy_part_rx_room(struct fy_part_rx *rx)
{
	assert(!rx->taken && !rx->holds);
	if (!rx->room)
		rx->room = fy_alloc(rx->hooks,
				    rx->shape.front + rx->shape.bytes);
	return rx->room;
}

void
fy_part_rx_got(struct fy_part_rx *rx, size_t bytes)
{
	rx->n = bytes;
	rx->holds = bytes > 0;
}

FY_COLD static ferry_err
fail_part(struct ferry_error *why)
{
	return fy_fail(why, FERRY_EPROTO,
		       "the peer sends what is no part of a message");
}

static ferry_err
take_end(struct fy_part_rx *rx, struct head head, struct ferry_error *why)
{
	if (head.left > 0 || rx->n != FY_PART_HEAD ||
	    (head.flags & (FY_PART_FIRST | FY_PART_LOOK)))
		return fail_part(why);
	rx->holds = false;
	rx->gone = head.flags & FY_PART_GONE;
	if (rx->open)
		return fy_fail(why, FERRY_ELOST,
			       "the peer went in the middle of a message");
	return fy_fail(why, FERRY_EOF, "the peer closed the channel");
}

/* What each part has to keep to. */
static ferry_err
check_part(const struct fy_part_rx *rx, struct head head,
	   struct ferry_error *why)
{
	size_t payload = rx->n - FY_PART_HEAD;
	bool first = head.flags & FY_PART_FIRST;

	if (first == rx->open || (head.flags & FY_PART_GONE) ||
	    payload > head.left || (payload == 0 && head.left > 0) ||
	    (!first && head.left != rx->left))
		return fail_part(why);
	if (head.left > rx->max_message)
		return fy_fail(why, FERRY_ETOOBIG,
			       "the peer sends a message over the limit of "
			       "%zu bytes", rx->max_message);
	return FERRY_OK;
}

/* Room for @more behind what has come, and up to as much again. */
static ferry_err
grow(struct fy_part_rx *rx, size_t more, size_t total, struct ferry_error *why)
{
	size_t want = rx->len + more;
	uint8_t *grown;

	if (want <= rx->cap)
		return FERRY_OK;
	want = want < total - want ? want * 2 : total;
	grown = fy_resize(rx->hooks, rx->buf, want);
	if (!grown)
		return fy_fail_memory(why, want);
	rx->buf = grown;
	rx->cap = want;
	return FERRY_OK;
}

/* A part of a message of several. */
static ferry_err
add_part(struct fy_part_rx *rx, struct head head, struct ferry_error *why)
{
	size_t payload = rx->n - FY_PART_HEAD;
	ferry_err err = grow(rx, payload, rx->len + head.left, why);

	if (err)
		return err;
	memcpy(rx->buf + rx->len, rx->room + rx->shape.front + FY_PART_HEAD,
	       payload);
	rx->len += payload;
	rx->left = head.left - payload;
	rx->open = true;
	rx->holds = false;
	rx->message = (struct ferry_bytes){ rx->buf, (uint32_t)rx->len };
	return rx->left > 0 ? FERRY_EAGAIN : FERRY_OK;
}

static ferry_err
use_part(struct fy_part_rx *rx, struct head head, struct ferry_error *why)
{
	ferry_err err = check_part(rx, head, why);

	if (err)
		return err;
	if (head.flags & FY_PART_LOOK)
		rx->looks = true;
	if (rx->open || head.left > rx->n - FY_PART_HEAD)
		return add_part(rx, head, why);
	rx->open = true;
	rx->holds = false;
	rx->message = (struct ferry_bytes){
		rx->room + rx->shape.front + FY_PART_HEAD, head.left
	};
	return FERRY_OK;
}

ferry_err
fy_part_rx_take(struct fy_part_rx *rx, struct ferry_bytes *out,
		struct ferry_error *why)
{
	struct head head;
	ferry_err err;

	assert(!rx->taken);
	if (!rx->holds)
		return FERRY_EAGAIN;
	if (rx->n < FY_PART_HEAD)
		return fail_part(why);
	head = read_head(rx->room + rx->shape.front);
	if (head.flags & ~ALL_FLAGS)
		return fail_part(why);
	if (head.flags & FY_PART_END)
		return take_end(rx, head, why);
	err = use_part(rx, head, why);
	if (err)
		return err;
	rx->taken = true;
	*out = rx->message;
	return FERRY_OK;
}

/* The message has been used or is somebody else's: on to the next. */
static void
end_of_message(struct fy_part_rx *rx)
{
	rx->taken = false;
	rx->open = false;
	rx->len = 0;
}

static bool
is_assembled(const struct fy_part_rx *rx)
{
	return rx->len > 0;
}

ferry_err
fy_part_rx_keep(struct fy_part_rx *rx, struct ferry_block *out)
{
	uint8_t *mem;

	assert(rx->taken);
	if (is_assembled(rx) && rx->len >= rx->cap / 2) {
		out->mem = rx->buf;
		out->data = rx->message;
		rx->buf = NULL;
		rx->cap = 0;
		end_of_message(rx);
		return FERRY_OK;
	}
	mem = fy_alloc(rx->hooks, rx->message.len > 0 ? rx->message.len : 1);
	if (!mem)
		return FERRY_ENOMEM;
	memcpy(mem, rx->message.data, rx->message.len);
	out->mem = mem;
	out->data = (struct ferry_bytes){ mem, rx->message.len };
	fy_part_rx_release(rx);
	return FERRY_OK;
}

void
fy_part_rx_release(struct fy_part_rx *rx)
{
	assert(rx->taken);
	end_of_message(rx);
	if (rx->cap <= KEEP_MOST)
		return;
	fy_free(rx->hooks, rx->buf);
	rx->buf = NULL;
	rx->cap = 0;
}

/* SPDX-License-Identifier: MIT */
#include "cli/feed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ferry/channel.h>

#include "core/err.h"
#include "core/os.h"

#define FIRST_ROOM ((size_t)64 << 10)
/* A message, and what ends it. */
#define MOST_ROOM ((size_t)FERRY_MESSAGE_DEFAULT + 1)

void
fy_feed_fini(struct fy_feed *feed)
{
	free(feed->room);
	feed->room = NULL;
}

static void
give(struct fy_feed *feed, size_t len, size_t skip, struct ferry_bytes *out)
{
	*out = (struct ferry_bytes){ feed->room + feed->at, (uint32_t)len };
	feed->at += len + skip;
	feed->scanned = feed->at;
}

static const uint8_t *
find_end(const struct fy_feed *feed)
{
	if (feed->cut > FY_CUT_NULS || feed->len == feed->scanned)
		return NULL;
	return memchr(feed->room + feed->scanned,
		      feed->cut == FY_CUT_LINES ? '\n' : '\0',
		      feed->len - feed->scanned);
}

/* What is left at the end, or so far, is one too. */
static bool
take_rest(struct fy_feed *feed, struct ferry_bytes *out)
{
	bool is_one = feed->len > feed->at;

	if (feed->cut == FY_CUT_WHOLE)
		is_one = !feed->told;
	if (!is_one || !(feed->ended || feed->cut == FY_CUT_PIECES))
		return false;
	feed->told = true;
	give(feed, feed->len - feed->at, 0, out);
	return true;
}

static bool
take(struct fy_feed *feed, struct ferry_bytes *out)
{
	const uint8_t *end = find_end(feed);

	if (end) {
		give(feed, (size_t)(end - (feed->room + feed->at)), 1, out);
		return true;
	}
	feed->scanned = feed->len;
	return take_rest(feed, out);
}

static ferry_err
make_room(struct fy_feed *feed, struct ferry_error *why)
{
	size_t cap = feed->cap ? 2 * feed->cap : FIRST_ROOM;
	uint8_t *room;

	if (feed->at > 0) {
		feed->len -= feed->at;
		feed->scanned -= feed->at;
		memmove(feed->room, feed->room + feed->at, feed->len);
		feed->at = 0;
	}
	if (feed->len < feed->cap)
		return FERRY_OK;
	if (feed->cap == MOST_ROOM)
		return fy_fail(why, FERRY_ETOOBIG,
			       "a message has more than %u bytes: send it in "
			       "parts", FERRY_MESSAGE_DEFAULT);
	if (cap > MOST_ROOM)
		cap = MOST_ROOM;
	room = realloc(feed->room, cap);
	if (!room)
		return fy_fail_memory(why, cap);
	feed->room = room;
	feed->cap = cap;
	return FERRY_OK;
}

static ferry_err
read_more(struct fy_feed *feed, struct ferry_error *why)
{
	ferry_err err = make_room(feed, why);
	ssize_t n;

	if (err)
		return err;
	n = fy_os_read(feed->fd, feed->room + feed->len,
		       feed->cap - feed->len);
	feed->readable = feed->steady || feed->last;
	if (n < 0 && errno == EAGAIN) {
		feed->ended = feed->last;
		return FERRY_OK;
	}
	if (n < 0)
		return fy_fail_errno(why, "read what is to be sent");
	feed->ended = n == 0;
	feed->len += (size_t)n;
	return FERRY_OK;
}

static ferry_err
next_word(struct fy_feed *feed, struct ferry_bytes *out,
	  struct ferry_error *why)
{
	const char *word = *feed->words;
	size_t len;

	if (!word)
		return FERRY_EOF;
	len = strlen(word);
	if (len > FERRY_MESSAGE_DEFAULT)
		return fy_fail(why, FERRY_ETOOBIG,
			       "a message has %zu bytes, more than %u", len,
			       FERRY_MESSAGE_DEFAULT);
	*out = (struct ferry_bytes){ (const uint8_t *)word, (uint32_t)len };
	feed->words++;
	return FERRY_OK;
}

ferry_err
fy_feed_next(struct fy_feed *feed, struct ferry_bytes *out,
	     struct ferry_error *why)
{
	ferry_err err = FERRY_OK;

	if (feed->words)
		return next_word(feed, out, why);
	while (!err && !take(feed, out)) {
		if (feed->ended)
			return FERRY_EOF;
		if (!feed->readable)
			return FERRY_EAGAIN;
		err = read_more(feed, why);
	}
	return err;
}

/* SPDX-License-Identifier: MIT */
#include "json/buf.h"

#include "core/alloc.h"
#include "core/arena.h"

#define FIRST_BYTES 256

ferry_err
fy_json_buf_room(struct fy_json_buf *buf, uint64_t bytes, uint8_t **out)
{
	size_t cap = buf->cap > 0 ? buf->cap : FIRST_BYTES;
	uint8_t *data;

	if (bytes > buf->max - buf->len)
		return FERRY_ETOOBIG;
	while (cap - buf->len < bytes)
		cap = cap > buf->max / 2 ? buf->max : cap * 2;
	if (cap > buf->cap) {
		data = fy_resize(buf->hooks, buf->data, cap);
		if (!data)
			return FERRY_ENOMEM;
		buf->data = data;
		buf->cap = cap;
	}
	*out = buf->data + buf->len;
	buf->len += (size_t)bytes;
	return FERRY_OK;
}

ferry_err
fy_json_buf_end(struct fy_json_buf *buf, struct ferry_arena *mem,
		struct ferry_bytes *out)
{
	struct ferry_bytes all = { (const uint8_t *)"", (uint32_t)buf->len };
	ferry_err err;

	if (buf->len > 0) {
		err = fy_arena_adopt(mem, buf->hooks, buf->data);
		if (err)
			return err;
		all.data = buf->data;
		buf->data = NULL;
	}
	fy_json_buf_fini(buf);
	*out = all;
	return FERRY_OK;
}

void
fy_json_buf_fini(struct fy_json_buf *buf)
{
	fy_free(buf->hooks, buf->data);
	buf->data = NULL;
	buf->len = buf->cap = 0;
}

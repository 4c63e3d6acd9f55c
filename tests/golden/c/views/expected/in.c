/*
 * in.c: made from in.x by ferry 0.1.0. Edit in.x, not this file.
 *
 * It is yours: ferry claims no right in what it makes.
 */
#include "in.h"

#include <ferry/stub.h>

/* for the codec alone */

static const struct ferry_row stamp_rows[] = {
	{ FERRY_KIND_UINT, offsetof(struct stamp, seconds), 1, { NULL } },
	{ FERRY_KIND_LIST, offsetof(struct stamp, zone), 2,
	 { &ferry_codec_int } },
	{ FERRY_KIND_COUNT, offsetof(struct stamp, n_zone), 0, { NULL } },
};

const struct ferry_codec stamp_codec = {
	sizeof(struct stamp), 8, 3, false, false, { stamp_rows },
};

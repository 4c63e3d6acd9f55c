/* SPDX-License-Identifier: MIT */
#include "kill_lives.h"

#include <string.h>

/* Long enough for the other end to go to sleep. */
#define SLEEPY_NS 500000

#define LIFE(of, by)                                                           \
	.role = (of), .way = (by), .ring_kib = 4, .seed = 7, .n_channels = 1

const struct kill_plan kill_lives[] = {
	/* Full rings; one that waits for room. */
	{ LIFE(KILL_SENDS, KILL_COPIES), .bytes = 800, .n = 60,
	  .slow_ns = SLEEPY_NS },
	{ LIFE(KILL_SENDS, KILL_LENDS), .bytes = 800, .n = 60,
	  .slow_ns = SLEEPY_NS, .listens = true },
	{ LIFE(KILL_SENDS, KILL_PARTS), .bytes = 16000, .n = 12,
	  .slow_ns = SLEEPY_NS, .trusts = true },
	{ LIFE(KILL_SENDS, KILL_CORKS), .bytes = 100, .n = 200 },
	/* One whose peer sleeps, or polls. */
	{ LIFE(KILL_SENDS, KILL_COPIES), .bytes = 100, .n = 20,
	  .pause_ns = SLEEPY_NS },
	{ LIFE(KILL_SENDS, KILL_LENDS), .bytes = 100, .n = 20,
	  .pause_ns = SLEEPY_NS, .waits = KILL_POLLING, .listens = true },
	/* One that waits for messages, or gives room to one that waits. */
	{ LIFE(KILL_RECEIVES, KILL_COPIES), .bytes = 100, .n = 20,
	  .slow_ns = SLEEPY_NS, .listens = true },
	{ LIFE(KILL_RECEIVES, KILL_LENDS), .bytes = 800, .n = 60,
	  .pause_ns = SLEEPY_NS, .trusts = true },
	{ LIFE(KILL_RECEIVES, KILL_PARTS), .bytes = 16000, .n = 12,
	  .waits = KILL_POLLING },
	/* Both. */
	{ LIFE(KILL_ASKS, KILL_COPIES), .bytes = 400, .n = 40 },
	{ LIFE(KILL_ASKS, KILL_PARTS), .bytes = 8000, .n = 12,
	  .trusts = true, .listens = true },
	{ LIFE(KILL_ASKS, KILL_CORKS), .bytes = 100, .n = 60,
	  .waits = KILL_POLLING },
	/* One that comes and goes. */
	{ .role = KILL_ASKS, .way = KILL_COPIES, .ring_kib = 4, .seed = 7,
	  .bytes = 100, .n = 1, .n_channels = 12 },
	{ .role = KILL_ASKS, .way = KILL_COPIES, .ring_kib = 4, .seed = 7,
	  .bytes = 100, .n = 1, .n_channels = 12, .listens = true },
};
const size_t kill_n_lives = sizeof(kill_lives) / sizeof(kill_lives[0]);

void
kill_steps_passed(struct kill_world *w, uint32_t (*passed)[FY_SHM_N_STEPS])
{
	for (size_t i = 0; i < kill_n_lives; i++) {
		(void)kill_survive(w, &kill_lives[i]);
		for (uint32_t step = 0; step < FY_SHM_N_STEPS; step++)
			passed[i][step] = w->page->passed[step];
	}
}

/* SPDX-License-Identifier: MIT */
/* Lives in which a victim passes every step, each several times. */
#pragma once

#include <stddef.h>

#include "kill.h"

extern const struct kill_plan kill_lives[];
extern const size_t kill_n_lives;

/**
 * kill_steps_passed() - lives of each kind, unharmed: what steps they pass
 * @passed: how often, for each kind
 */
void kill_steps_passed(struct kill_world *w,
		       uint32_t (*passed)[FY_SHM_N_STEPS]);

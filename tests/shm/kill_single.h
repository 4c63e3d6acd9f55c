/* SPDX-License-Identifier: MIT */
/* Instruction by instruction, where the processor and the build let us. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sys/types.h>

#include "kill.h"

/** kill_can_single() - whether a process can be stepped through here */
bool kill_can_single(void);

/**
 * kill_mark() - the victim: from here its keeper goes with it
 *
 * Until it notes one more operation in .marks.
 */
void kill_mark(void);

/**
 * kill_singly() - the keeper: kills the victim behind instruction .at of the
 * operation; .passed[0] is how many it was let do
 *
 * Return: its status of waitpid(2).
 */
int kill_singly(struct kill_page *page, pid_t victim);

/* SPDX-License-Identifier: MIT */
/* What a test may not leave behind. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/**
 * struct fy_audit - how many there are; of queues only where fy_audit_alone()
 * has made the test alone with them
 * @maps: files in memory, memfds and those of /dev/shm, that are mapped
 */
struct fy_audit {
	size_t fds;
	size_t threads;
	size_t maps;
	size_t mqs;
	size_t sysvs;
};

/** fy_audit_fds() - how many descriptors this process has open */
size_t fy_audit_fds(void);

/** fy_audit_children() - reaps children that have ended: how many were left */
size_t fy_audit_children(void);

/**
 * fy_audit_alone() - no other program's queues are seen from now
 *
 * Takes namespaces. Return: false where there are none to be had.
 */
bool fy_audit_alone(void);

/** fy_audit_remove_queues() - all that there are; nothing if not alone */
void fy_audit_remove_queues(void);

/** fy_audit_take() - what there is now */
void fy_audit_take(struct fy_audit *out);

/**
 * fy_audit_same() - whether there is no more, and no child
 *
 * What there is more of is told on standard error. The statistics of the process
 * do not count: they stay.
 */
bool fy_audit_same(const struct fy_audit *before);

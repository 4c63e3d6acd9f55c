/* SPDX-License-Identifier: MIT */
/*
 * The bytes of POSIX queues are counted for each user, RLIMIT_MSGQUEUE, in
 * whatever namespaces they are: tests side by side would take them from each
 * other.
 */
#pragma once

/**
 * mq_alone() - no other test takes the bytes that this process may have
 *
 * First of all in a test of mq:. Where there is the right to it the process
 * becomes another real user and stays in effect who it is; elsewhere it waits
 * until the other tests have ended. Its children keep to it.
 */
void mq_alone(void);

/* SPDX-License-Identifier: MIT */
/*
 * The points of opening, sending, receiving and closing that a process can be
 * killed at with another outcome than one point earlier. In the library they
 * are nothing; a test that is compiled with FERRY_STEPS defines fy_shm_step().
 */
#pragma once

#define FY_SHM_STEPS(X)                                                        \
	X(OUTSIDE)                                                             \
	X(AREA_MADE)                                                           \
	X(AREA_GROWN)                                                          \
	X(AREA_MAPPED)                                                         \
	X(AREA_SEALED)                                                         \
	X(HELLO_SENT)                                                          \
	X(HELLO_READ)                                                          \
	X(PEER_MAPPED)                                                         \
	X(WELCOME_SENT)                                                        \
	X(WELCOME_READ)                                                        \
	X(LIFE_PENDING)                                                        \
	X(LIFE_LINKED)                                                         \
	X(LIFE_SET)                                                            \
	X(SEND_ROOM)                                                           \
	X(SEND_COPIED)                                                         \
	X(SEND_HEADER)                                                         \
	X(SEND_PUBLISHED)                                                      \
	X(SEND_LOOKED)                                                         \
	X(SEND_WOKEN)                                                          \
	X(SEND_WAITS)                                                          \
	X(RECV_FOUND)                                                          \
	X(RECV_COPIED)                                                         \
	X(RECV_GIVEN_BACK)                                                     \
	X(RECV_ANNOUNCED)                                                      \
	X(RECV_SLEEPS)                                                         \
	X(RECV_WOKE)                                                           \
	X(CLOSE_TAIL)                                                          \
	X(CLOSE_HEAD)                                                          \
	X(LIFE_CLEARED)                                                        \
	X(CLOSE_UNLINKED)                                                      \
	X(CLOSE_UNMAPPED)

#define FY_SHM_STEP_NAME_(name) FY_STEP_##name,
enum fy_shm_step { FY_SHM_STEPS(FY_SHM_STEP_NAME_) FY_SHM_N_STEPS };
#undef FY_SHM_STEP_NAME_

#ifdef FERRY_STEPS
void fy_shm_step(enum fy_shm_step step);
#define FY_SHM_STEP(name) fy_shm_step(FY_STEP_##name)
#else
#define FY_SHM_STEP(name) ((void)0)
#endif

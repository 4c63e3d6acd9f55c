/* SPDX-License-Identifier: MIT */
/* Waking a peer where the system does not do what it is asked to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/socket.h>

#include "core/fd.h"
#include "core/os.h"
#include "os_fault.h"
#include "transport/shm/wait.h"

/* How many rings come of @n publications, the first one failing by @error. */
static uint32_t
ring_with(int error, uint32_t n)
{
	const struct fy_os_fault fault = { .call = FY_OS_send, .at = 1,
					   .error = error };
	const uint32_t await = 1u << FY_SHM_MODE_BITS | FY_SHM_BELL;
	struct fy_shm_bell bell = { .await = &await };
	uint8_t ring[8];
	uint32_t rings = 0;
	int sockets[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets), 0);
	bell.socket = sockets[0];
	fy_os_fault_set(&fault);
	for (uint32_t i = 0; i < n; i++)
		fy_shm_wake(&bell);
	fy_os_fault_clear();
	while (fy_os_recv(sockets[1], ring, sizeof(ring), MSG_DONTWAIT) > 0)
		rings++;
	fy_fd_close(&sockets[0]);
	fy_fd_close(&sockets[1]);
	return rings;
}

static void
a_ring_for_which_there_was_no_memory_is_tried_again(void **state)
{
	(void)state;
	assert_int_equal(ring_with(ENOBUFS, 1), 0);
	assert_int_equal(ring_with(ENOBUFS, 3), 1);
	assert_int_equal(ring_with(ENOMEM, 3), 1);
}

static void
a_full_socket_is_a_ring(void **state)
{
	(void)state;
	assert_int_equal(ring_with(EAGAIN, 3), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_ring_for_which_there_was_no_memory_is_tried_again),
		cmocka_unit_test(a_full_socket_is_a_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

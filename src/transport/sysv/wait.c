/* SPDX-License-Identifier: MIT */
#include "transport/sysv/wait.h"

#include "core/os.h"

bool
fy_sysv_wait_is_over(const struct fy_sysv_wait *wait, bool dead)
{
	int64_t until = atomic_load(&wait->until);

	return until != 0 && (dead || until <= fy_os_now_ns());
}

bool
fy_sysv_wait_missed(struct fy_sysv_wait *wait, int id, long type)
{
	long long until = atomic_load(&wait->until);
	long head;

	if (until != wait->seen)
		wait->n_stolen = 0;
	wait->seen = until;
	if (fy_os_msgrcv(id, &head, 0, type, IPC_NOWAIT | MSG_NOERROR) == 0)
		return false;
	wait->n_stolen++;
	return true;
}

/* SPDX-License-Identifier: MIT */
#include "transport/table.h"

#include <string.h>

#include "core/err.h"
#include "transport/ops.h"

static const struct ferry_transport_ops *const built_in[] = {
	&fy_transport_exec, &fy_transport_fd, &fy_transport_fifo,
	&fy_transport_mq, &fy_transport_pipe, &fy_transport_shm,
	&fy_transport_sysv, &fy_transport_tcp, &fy_transport_unix, NULL,
};

static const struct ferry_transport_ops *
look_up(const struct ferry_transport_ops *const *list, const char *scheme)
{
	while (*list && strcmp((*list)->scheme, scheme) != 0)
		list++;
	return *list;
}

ferry_err
fy_transport_find(const struct ferry_transport_ops *const *own,
		  const char *scheme, const struct ferry_transport_ops **out,
		  struct ferry_error *why)
{
	const struct ferry_transport_ops *found = NULL;

	if (own)
		found = look_up(own, scheme);
	if (!found)
		found = look_up(built_in, scheme);
	if (!found)
		return fy_fail(why, FERRY_EADDR,
			       "no transport is called \"%s\": there are exec, "
			       "fd, fifo, mq, pipe, shm, sysv, tcp and unix",
			       scheme);
	if (found->version != FERRY_TRANSPORT_VERSION)
		return fy_fail(why, FERRY_ENOTSUP,
			       "the transport \"%s\" was compiled for another "
			       "version of ferry: compile it again",
			       scheme);
	*out = found;
	return FERRY_OK;
}

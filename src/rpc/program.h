/* SPDX-License-Identifier: MIT */
/* What a server serves: programs, versions, procedures. No I/O. */
#pragma once

#include <ferry/hooks.h>
#include <ferry/stub.h>

#include "core/compiler.h"
#include "rpc/msg.h"

/* One version of one program, and who answers it; all borrowed. */
struct fy_service {
	const struct ferry_version *version;
	const void *ops;
	void *ctx;
};

/* Sorted by program, then by version. Zeroed is empty. */
struct fy_programs {
	struct fy_service *services;
	size_t n_services;
};

/**
 * fy_programs_add() - serves one version more
 *
 * FERRY_EINVAL: it is served already, its table is not sorted, or it has
 * procedures and no serve().
 * FERRY_ENOMEM.
 */
FY_MUST_CHECK ferry_err fy_programs_add(struct fy_programs *programs,
					const struct ferry_hooks *hooks,
					const struct fy_service *service,
					struct ferry_error *why);

void fy_programs_fini(struct fy_programs *programs,
		      const struct ferry_hooks *hooks);

/**
 * fy_programs_find() - who answers @call
 * @service:   of the version that was asked for
 * @procedure: NULL for procedure 0 where it is not declared: it takes and
 *             gives nothing, and the library answers it
 * @reply:     what to answer if nobody does: PROG_UNAVAIL, PROG_MISMATCH with
 *             the lowest and highest version, PROC_UNAVAIL
 *
 * Return: whether somebody does; then @reply is untouched, else the others.
 */
FY_MUST_CHECK bool fy_programs_find(const struct fy_programs *programs,
				    const struct fy_msg_call *call,
				    const struct fy_service **service,
				    const struct ferry_procedure **procedure,
				    struct fy_msg_reply *reply);

/** fy_version_find() - one procedure of a version; NULL if there is none */
const struct ferry_procedure *
fy_version_find(const struct ferry_version *version, uint32_t number);

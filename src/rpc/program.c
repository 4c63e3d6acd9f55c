/* SPDX-License-Identifier: MIT */
#include "rpc/program.h"

#include <string.h>

#include "core/alloc.h"
#include "core/err.h"

static bool
is_before(const struct fy_service *service, uint32_t program, uint32_t version)
{
	if (service->version->program != program)
		return service->version->program < program;
	return service->version->version < version;
}

/* The first service that is not before (@program, @version). */
static size_t
lower_bound(const struct fy_programs *programs, uint32_t program,
	    uint32_t version)
{
	size_t low = 0;
	size_t high = programs->n_services;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (is_before(&programs->services[middle], program, version))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_at(const struct fy_programs *programs, size_t at, uint32_t program)
{
	return at < programs->n_services &&
	       programs->services[at].version->program == program;
}

static bool
is_sorted(const struct ferry_version *version)
{
	for (uint32_t i = 1; i < version->n_procedures; i++) {
		if (version->procedures[i - 1].number >=
		    version->procedures[i].number)
			return false;
	}
	return true;
}

ferry_err
fy_programs_add(struct fy_programs *programs, const struct ferry_hooks *hooks,
		const struct fy_service *service, struct ferry_error *why)
{
	const struct ferry_version *version = service->version;
	size_t at = lower_bound(programs, version->program, version->version);
	size_t n = programs->n_services;
	struct fy_service *grown;

	if (is_at(programs, at, version->program) &&
	    programs->services[at].version->version == version->version)
		return fy_fail(why, FERRY_EINVAL,
			       "program %u (%s), version %u, is served already",
			       version->program, version->name,
			       version->version);
	if (!is_sorted(version))
		return fy_fail(why, FERRY_EINVAL,
			       "the procedures of program %u (%s) are not "
			       "sorted by number",
			       version->program, version->name);
	if (version->n_procedures > 0 && !version->serve)
		return fy_fail(why, FERRY_EINVAL,
			       "program %u (%s) has procedures and nothing to "
			       "serve them by",
			       version->program, version->name);
	grown = fy_resize(hooks, programs->services, (n + 1) * sizeof(*grown));
	if (!grown)
		return fy_fail_memory(why, (n + 1) * sizeof(*grown));
	memmove(&grown[at + 1], &grown[at], (n - at) * sizeof(*grown));
	grown[at] = *service;
	programs->services = grown;
	programs->n_services = n + 1;
	return FERRY_OK;
}

void
fy_programs_fini(struct fy_programs *programs, const struct ferry_hooks *hooks)
{
	fy_free(hooks, programs->services);
	*programs = (struct fy_programs){ 0 };
}

const struct ferry_procedure *
fy_version_find(const struct ferry_version *version, uint32_t number)
{
	uint32_t low = 0;
	uint32_t high = version->n_procedures;
	/* Most are numbered without a gap. */
	uint32_t guess = high > 0 ? number - version->procedures[0].number : 0;

	if (guess < high && version->procedures[guess].number == number)
		return &version->procedures[guess];
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (version->procedures[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < version->n_procedures &&
	    version->procedures[low].number == number)
		return &version->procedures[low];
	return NULL;
}

/* RFC 5531 section 9: the lowest and highest version of that program. */
static bool
refuse_version(const struct fy_programs *programs, uint32_t program,
	       struct fy_msg_reply *reply)
{
	size_t low = lower_bound(programs, program, 0);
	size_t high = low;

	if (!is_at(programs, low, program)) {
		reply->state = FY_MSG_PROG_UNAVAIL;
		return false;
	}
	while (is_at(programs, high + 1, program))
		high++;
	reply->state = FY_MSG_PROG_MISMATCH;
	reply->low = programs->services[low].version->version;
	reply->high = programs->services[high].version->version;
	return false;
}

bool
fy_programs_find(const struct fy_programs *programs,
		 const struct fy_msg_call *call,
		 const struct fy_service **service,
		 const struct ferry_procedure **procedure,
		 struct fy_msg_reply *reply)
{
	size_t at = lower_bound(programs, call->program, call->version);
	const struct ferry_procedure *found;

	if (!is_at(programs, at, call->program) ||
	    programs->services[at].version->version != call->version)
		return refuse_version(programs, call->program, reply);
	found = fy_version_find(programs->services[at].version,
				call->procedure);
	/* RFC 5531 section 12.1: procedure 0 is there, declared or not. */
	if (!found && call->procedure != 0) {
		reply->state = FY_MSG_PROC_UNAVAIL;
		return false;
	}
	*service = &programs->services[at];
	*procedure = found;
	return true;
}

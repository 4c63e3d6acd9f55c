/* SPDX-License-Identifier: MIT */
#include "transport/resolve.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/eventfd.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/os.h"
#include "core/process.h"

/* What getaddrinfo said, and errno for EAI_SYSTEM. */
struct answer {
	struct addrinfo *list;
	int error;
	int sys_errno;
};

/*
 * What the thread and who waits for it have in common. The last of the two
 * frees it: memory of the C library, for it may outlive the caller's allocator.
 *
 * @bell:    readable when .answer is there
 * @is_left: nobody waits for the thread any more, and it is counted
 */
struct lookup {
	atomic_int n_users;
	bool is_left;
	int bell;
	struct addrinfo hints;
	struct answer answer;
	char service[8];
	char host[256];
};

static struct answer
ask(const char *host, const char *service, const struct addrinfo *hints)
{
	struct answer answer = { .list = NULL };

	answer.error = fy_os_getaddrinfo(host[0] ? host : NULL, service, hints,
					 &answer.list);
	answer.sys_errno = errno;
	if (answer.error)
		answer.list = NULL;
	return answer;
}

static ferry_err
read_answer(const char *host, struct answer answer, struct addrinfo **out,
	    struct ferry_error *why)
{
	if (!answer.error) {
		*out = answer.list;
		return FERRY_OK;
	}
	errno = answer.sys_errno;
	if (answer.error == EAI_SYSTEM)
		return fy_fail_errno_as(why, FERRY_ECONNECT, "look up \"%s\"",
					host);
	return fy_fail(why,
		       answer.error == EAI_MEMORY ? FERRY_ENOMEM
						  : FERRY_ECONNECT,
		       "cannot look up the host \"%.120s\": %s: check the "
		       "name, or write its number", host,
		       gai_strerror(answer.error));
}

/* ---- threads that were left ---- */

/*
 * How many there are in this process: a state of the library that belongs to no
 * object, for it is the process that has too many. The process in the upper
 * half, as a child of fork(2) has none of its parent's.
 */
static _Atomic uint64_t left;

static uint64_t
left_here(uint64_t value)
{
	uint64_t pid = (uint32_t)fy_process_id();

	return value >> 32 == pid ? value : pid << 32;
}

static uint32_t
count_left(void)
{
	return (uint32_t)left_here(atomic_load(&left));
}

/* @by: 1 or -1 */
static void
change_left(int by)
{
	uint64_t before = atomic_load(&left);
	uint64_t after;

	do
		after = left_here(before) + (uint64_t)(int64_t)by;
	while (!atomic_compare_exchange_weak(&left, &before, after));
}

/* ---- one look-up ---- */

static void
leave(struct lookup *lookup)
{
	if (atomic_fetch_sub(&lookup->n_users, 1) > 1)
		return;
	if (lookup->is_left)
		change_left(-1);
	fy_os_freeaddrinfo(lookup->answer.list);
	fy_os_close(lookup->bell);
	fy_free(NULL, lookup);
}

static void *
run(void *arg)
{
	const uint64_t once = 1;
	struct lookup *lookup = arg;

	lookup->answer = ask(lookup->host, lookup->service, &lookup->hints);
	(void)!fy_os_write(lookup->bell, &once, sizeof(once));
	leave(lookup);
	return NULL;
}

static struct lookup *
new_lookup(const struct fy_resolve_query *query)
{
	struct lookup *lookup = fy_zalloc(NULL, sizeof(*lookup));

	if (!lookup)
		return NULL;
	lookup->bell = fy_os_eventfd(0, EFD_NONBLOCK);
	if (lookup->bell < 0) {
		fy_free(NULL, lookup);
		return NULL;
	}
	atomic_init(&lookup->n_users, 1);
	lookup->hints = *query->hints;
	(void)snprintf(lookup->host, sizeof(lookup->host), "%s", query->host);
	(void)snprintf(lookup->service, sizeof(lookup->service), "%s",
		       query->service);
	return lookup;
}

static ferry_err
start(struct lookup *lookup, struct ferry_error *why)
{
	pthread_t thread;

	atomic_store(&lookup->n_users, 2);
	if (fy_os_thread_start(&thread, run, lookup) == 0) {
		fy_os_thread_detach(thread);
		return FERRY_OK;
	}
	atomic_store(&lookup->n_users, 1);
	return fy_fail_errno(why, "start a thread to look up \"%s\"",
			     lookup->host);
}

static ferry_err
await_answer(struct lookup *lookup, struct ferry_deadline until,
	     struct addrinfo **out, struct ferry_error *why)
{
	struct pollfd bell = { lookup->bell, POLLIN, 0 };
	struct answer answer;
	int n = fy_os_poll(&bell, 1, until);

	if (n <= 0) {
		lookup->is_left = true;
		change_left(1);
	}
	if (n < 0)
		return fy_fail_errno(why, "wait for a name service");
	if (n == 0)
		return fy_fail(why, FERRY_ETIMEDOUT,
			       "the name service did not tell the address of "
			       "\"%.100s\" before the deadline: ask it again, "
			       "or write a number", lookup->host);
	answer = lookup->answer;
	lookup->answer.list = NULL;
	return read_answer(lookup->host, answer, out, why);
}

static ferry_err
resolve_name(const struct fy_resolve_query *query, struct ferry_deadline until,
	     struct addrinfo **out, struct ferry_error *why)
{
	struct lookup *lookup;
	ferry_err err;

	if (until.ns == FERRY_NOW.ns)
		return fy_fail(why, FERRY_EAGAIN,
			       "\"%.100s\" is a name, which takes time to look "
			       "up: give it some, or write a number",
			       query->host);
	if (until.ns == FERRY_NEVER.ns)
		return read_answer(query->host,
				   ask(query->host, query->service,
				       query->hints), out, why);
	if (count_left() >= FY_RESOLVE_LEFT_MOST)
		return fy_fail(why, FERRY_ETIMEDOUT,
			       "\"%.100s\" is not looked up: the name service "
			       "has not answered %d questions asked before: "
			       "write a number", query->host,
			       FY_RESOLVE_LEFT_MOST);
	lookup = new_lookup(query);
	if (!lookup)
		return fy_fail_errno(why, "look up \"%s\"", query->host);
	err = start(lookup, why);
	if (!err)
		err = await_answer(lookup, until, out, why);
	leave(lookup);
	return err;
}

ferry_err
fy_resolve(const struct fy_resolve_query *query, struct ferry_deadline until,
	   struct addrinfo **out, struct ferry_error *why)
{
	struct addrinfo numeric = *query->hints;
	struct answer answer;

	numeric.ai_flags |= AI_NUMERICHOST;
	answer = ask(query->host, query->service, &numeric);
	if (answer.error == EAI_NONAME && query->host[0])
		return resolve_name(query, until, out, why);
	return read_answer(query->host, answer, out, why);
}

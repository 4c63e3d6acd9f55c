/* SPDX-License-Identifier: MIT */
#include "transport/activation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/err.h"
#include "core/os.h"
#include "transport/body.h"

/* The number of the first one, by the protocol. */
#define FIRST (STDERR_FILENO + 1)

/* The number in the variable @name; -1: it is not there, or is none. */
static int
read_variable(const char *name)
{
	const char *at = secure_getenv(name);
	int number = at ? fy_body_fd(&at) : -1;

	return at && *at == '\0' ? number : -1;
}

/* What the environment says: @n descriptors, @names with colons between. */
struct passed {
	const char *names;
	int n;
};

static ferry_err
look(const char *name, struct passed *out, struct ferry_error *why)
{
	int pid = read_variable("LISTEN_PID");
	struct passed passed = { secure_getenv("LISTEN_FDNAMES"),
				 read_variable("LISTEN_FDS") };

	if (pid < 0 || passed.n <= 0)
		return fy_fail(why, FERRY_EADDR,
			       "fd:%.40s: no service manager has passed any "
			       "descriptor on: there is no LISTEN_FDS; or write "
			       "fd:N, N the number of an open socket", name);
	if (pid != fy_os_getpid())
		return fy_fail(why, FERRY_EADDR,
			       "fd:%.40s: the descriptors were passed to the "
			       "process %d, and this one is %d", name, pid,
			       fy_os_getpid());
	if (!passed.names)
		return fy_fail(why, FERRY_EADDR,
			       "fd:%.40s: the descriptors %d to %d have no "
			       "names, as there is no LISTEN_FDNAMES: write "
			       "fd:%d", name, FIRST, FIRST + passed.n - 1,
			       FIRST);
	*out = passed;
	return FERRY_OK;
}

static bool
is_name(const char *at, size_t len, const char *name)
{
	return strlen(name) == len && memcmp(at, name, len) == 0;
}

/* Whether there is one more after *@at, which moves on to it. */
static bool
next_name(const char **at)
{
	*at += strcspn(*at, ":");
	return *(*at)++ == ':';
}

/* "web is fd:3, db is fd:4"; as much as there is room for. */
static void
format_names(const struct passed *passed, char *out, size_t bytes)
{
	const char *at = passed->names;
	size_t n = 0;
	int i = 0;

	do {
		int more = snprintf(out + n, bytes - n, "%s%.*s is fd:%d",
				    i ? ", " : "", (int)strcspn(at, ":"), at,
				    FIRST + i);

		if (more < 0 || (size_t)more >= bytes - n)
			return;
		n += (size_t)more;
	} while (++i < passed->n && next_name(&at));
}

ferry_err
fy_activation_find(const char *name, int *out, struct ferry_error *why)
{
	struct passed passed = { NULL, 0 };
	const char *at;
	char list[120];
	int found = -1, n_found = 0, i = 0;
	ferry_err err = look(name, &passed, why);

	if (err)
		return err;
	at = passed.names;
	do {
		if (!is_name(at, strcspn(at, ":"), name))
			continue;
		found = FIRST + i;
		n_found++;
	} while (++i < passed.n && next_name(&at));
	if (n_found == 1) {
		*out = found;
		return FERRY_OK;
	}
	format_names(&passed, list, sizeof(list));
	return fy_fail(why, FERRY_EADDR,
		       n_found ? "fd:%.40s: several have that name, choose by "
				 "number: %s"
			       : "fd:%.40s: no descriptor has that name: %s",
		       name, list);
}

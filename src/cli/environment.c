/* SPDX-License-Identifier: MIT */
#include "cli/environment.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "idl/mem.h"

/* More than all that is set here. */
#define MAX_OWN 16
#define MAX_VALUE 2048

static const char *const own_names[] = {
	"FERRY_ADDRESS",    "FERRY_AUTH_GID",  "FERRY_AUTH_GIDS",
	"FERRY_AUTH_MACHINE", "FERRY_AUTH_UID", "FERRY_PEER",
	"FERRY_PEER_GID",   "FERRY_PEER_PID",  "FERRY_PEER_UID",
	"FERRY_PROCEDURE",  "FERRY_PROGRAM",   "FERRY_TIMEOUT_MS",
	"FERRY_VERSION",
};

struct list {
	struct ferry_arena *mem;
	char **vars;
	size_t n;
	bool failed;
};

/* Of a server that runs in a command of another one, say. */
static bool
is_own(const char *variable)
{
	for (size_t i = 0; i < FY_ARRAY_LEN(own_names); i++) {
		size_t len = strlen(own_names[i]);

		if (strncmp(variable, own_names[i], len) == 0 &&
		    variable[len] == '=')
			return true;
	}
	return false;
}

static void
inherit(struct list *list)
{
	size_t n = 0;

	while (environ[n])
		n++;
	list->vars = fy_new(list->mem, (n + MAX_OWN) * sizeof(*list->vars));
	list->failed = !list->vars;
	for (size_t i = 0; !list->failed && i < n; i++)
		if (!is_own(environ[i]))
			list->vars[list->n++] = environ[i];
}

FY_PRINTF(2, 3) static void
set(struct list *list, const char *format, ...)
{
	char text[MAX_VALUE];
	va_list args;
	char *copy;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	copy = fy_text(list->mem, text, strlen(text));
	if (!copy)
		list->failed = true;
	if (!list->failed)
		list->vars[list->n++] = copy;
}

static void
set_peer(struct list *list, const struct ferry_peer *peer)
{
	set(list, "FERRY_PEER=%s", peer->text);
	if (peer->has_ids)
		set(list, "FERRY_PEER_UID=%" PRIu32, peer->uid);
	if (peer->has_ids && peer->gid != FERRY_NO_GID)
		set(list, "FERRY_PEER_GID=%" PRIu32, peer->gid);
	if (peer->has_pid)
		set(list, "FERRY_PEER_PID=%" PRId32, peer->pid);
}

static void
set_auth(struct list *list, const struct ferry_auth_sys *auth)
{
	char machine[FERRY_AUTH_SYS_NAME + 1] = "";
	char gids[FERRY_AUTH_SYS_GIDS * sizeof("4294967295")] = "";
	size_t len = 0;

	for (uint32_t i = 0; i < auth->machine.len; i++) {
		unsigned char c = (unsigned char)auth->machine.data[i];

		machine[i] = c >= 0x20 && c < 0x7f ? (char)c : '?';
	}
	for (uint32_t i = 0; i < auth->n_gids; i++)
		len += (size_t)snprintf(gids + len, sizeof(gids) - len,
					"%s%" PRIu32, i > 0 ? " " : "",
					auth->gids[i]);
	set(list, "FERRY_AUTH_MACHINE=%s", machine);
	set(list, "FERRY_AUTH_UID=%" PRIu32, auth->uid);
	set(list, "FERRY_AUTH_GID=%" PRIu32, auth->gid);
	set(list, "FERRY_AUTH_GIDS=%s", gids);
}

static ferry_err
finish(struct list *list, char ***out)
{
	if (list->failed)
		return FERRY_ENOMEM;
	list->vars[list->n] = NULL;
	*out = list->vars;
	return FERRY_OK;
}

ferry_err
fy_environment_make(const struct fy_environment *call,
		    struct ferry_arena *mem, char ***out)
{
	struct list list = { .mem = mem };

	inherit(&list);
	set(&list, "FERRY_PROGRAM=%s", call->program);
	set(&list, "FERRY_VERSION=%s", call->version);
	set(&list, "FERRY_PROCEDURE=%s", call->procedure);
	set(&list, "FERRY_TIMEOUT_MS=%" PRId64, call->timeout_ms);
	set_peer(&list, call->peer);
	if (call->auth)
		set_auth(&list, call->auth);
	return finish(&list, out);
}

ferry_err
fy_environment_of_channel(const char *addr, const struct ferry_peer *peer,
			  struct ferry_arena *mem, char ***out)
{
	struct list list = { .mem = mem };

	inherit(&list);
	set(&list, "FERRY_ADDRESS=%s", addr);
	set_peer(&list, peer);
	return finish(&list, out);
}

/* SPDX-License-Identifier: MIT */
#include "cli/target.h"

#include <string.h>

#include <ferry/stub.h>

#include "cli/cmd.h"
#include "core/err.h"
#include "rpc/uaddr.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
/* Bytes of the longest name of a machine (RFC 1035), and the NUL. */
#define MAX_HOST 256

bool
fy_target_is_address(const char *word)
{
	size_t scheme = strspn(word, LOWER);

	return scheme > 0 && word[scheme] == ':' && !fy_uaddr_is_ipv6(word);
}

bool
fy_target_is_file(const char *word)
{
	size_t len = strlen(word);

	return len > 2 && strcmp(word + len - 2, ".x") == 0 &&
	       !fy_target_is_address(word);
}

/* HOST:PORT */
static bool
is_port(const char *word)
{
	const char *colon = strrchr(word, ':');

	if (!colon || colon == word || colon[1] == '\0' ||
	    colon[1 + strspn(colon + 1, DIGITS)] != '\0')
		return false;
	return word[0] == '[' || strchr(word, ':') == colon;
}

int
fy_target_complain(const char *word, const struct ferry_error *why)
{
	const char *text = why->text[0] ? why->text : ferry_strerror(why->code);
	bool unreadable = word && why->code == FERRY_EADDR;

	if (unreadable && is_port(word))
		fy_cmd_complain("%s; tcp:%s, perhaps?", text, word);
	else if (unreadable && !fy_target_is_address(word) && strchr(word, '/'))
		fy_cmd_complain("%s; unix:%s, perhaps?", text, word);
	else
		fy_cmd_complain("%s", text);
	return ferry_err_status(why->code);
}

ferry_err
fy_target_find(const char *host, const struct ferry_version *version,
	       struct ferry_deadline until, char addr[FERRY_RPCBIND_ADDR],
	       struct ferry_error *why)
{
	char bare[MAX_HOST];
	size_t len = strlen(host);

	if (host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	if (len == 0 || len >= sizeof(bare))
		return fy_fail(why, FERRY_EADDR,
			       "no machine has a name of %zu bytes", len);
	memcpy(bare, host, len);
	bare[len] = '\0';
	if (strchr(bare, ':') && !fy_uaddr_is_ipv6(bare))
		return fy_fail(why, FERRY_EADDR,
			       "'%.100s' is neither an address nor a machine",
			       bare);
	return ferry_rpcbind_find(bare, version->program, version->version,
				  until, addr, FERRY_RPCBIND_ADDR, why);
}

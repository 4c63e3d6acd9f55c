/* SPDX-License-Identifier: MIT */
#include "cli/refusal.h"

#include <stddef.h>

#include <ferry/auth.h>

#include "cli/cmd.h"

/* RFC 5531 section 9, auth_stat. */
const char *
fy_auth_stat_name(uint32_t stat)
{
	static const char *const names[] = {
		"AUTH_OK",
		"AUTH_BADCRED",
		"AUTH_REJECTEDCRED",
		"AUTH_BADVERF",
		"AUTH_REJECTEDVERF",
		"AUTH_TOOWEAK",
		"AUTH_INVALIDRESP",
		"AUTH_FAILED",
		"AUTH_KERB_GENERIC",
		"AUTH_TIMEEXPIRE",
		"AUTH_TKT_FILE",
		"AUTH_DECODE",
		"AUTH_NET_ADDR",
		"RPCSEC_GSS_CREDPROBLEM",
		"RPCSEC_GSS_CTXPROBLEM",
	};

	return stat < FY_ARRAY_LEN(names) ? names[stat] : NULL;
}

static const char *
auth_advice(uint32_t stat, bool auth_sys)
{
	if (stat == FERRY_AUTH_TOOWEAK && auth_sys)
		return "this server wants more than AUTH_SYS: RPCSEC_GSS "
		       "perhaps, which ferry does not speak";
	if (!auth_sys)
		return "the call had none: --auth sys may do, unless this "
		       "server wants RPCSEC_GSS";
	return "it was AUTH_SYS: this server may want another user or "
	       "machine, or --auth none";
}

static void
report_auth(const struct ferry_error *why, bool auth_sys)
{
	const char *name = fy_auth_stat_name(why->auth_stat);

	if (name)
		fy_cmd_complain("the server refused the credential: %s; %s",
				name, auth_advice(why->auth_stat, auth_sys));
	else
		fy_cmd_complain("the server refused the credential, auth_stat "
				"%u; %s",
				why->auth_stat,
				auth_advice(why->auth_stat, auth_sys));
}

/* What the library cannot know: the options of the command. */
static const char *
advice(ferry_err code)
{
	switch (code) {
	case FERRY_EPROG:
		return "; --program N calls it by another number";
	case FERRY_EVERSION:
		return "; --version N asks for another one";
	case FERRY_EARGS:
		return "; ferry describe prints what this one declares";
	case FERRY_ETIMEDOUT:
		return "; --timeout TIME waits longer";
	default:
		return "";
	}
}

int
fy_refusal_report(const struct ferry_error *why, bool auth_sys)
{
	if (why->code == FERRY_EAUTH)
		report_auth(why, auth_sys);
	else
		fy_cmd_complain("%s%s",
				why->text[0] ? why->text
					     : ferry_strerror(why->code),
				advice(why->code));
	return ferry_err_status(why->code);
}

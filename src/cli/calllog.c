/* SPDX-License-Identifier: MIT */
#include "cli/calllog.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "json/json.h"

/* The name of a machine is a peer's claim: any bytes may be in it. */
static json_t *
machine_of(struct ferry_str name)
{
	char text[FERRY_AUTH_SYS_NAME];
	size_t len = name.len < sizeof(text) ? name.len : sizeof(text);

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)name.data[i];

		text[i] = c >= 0x20 && c < 0x7f ? (char)c : '?';
	}
	return json_stringn(text, len);
}

static json_t *
auth_of(const struct ferry_auth_sys *auth)
{
	json_t *gids;

	if (!auth)
		return json_null();
	gids = json_array();
	for (uint32_t i = 0; i < auth->n_gids; i++)
		json_array_append_new(gids, json_integer(auth->gids[i]));
	return json_pack("{so sI sI so}", "machine", machine_of(auth->machine),
			 "uid", (json_int_t)auth->uid, "gid",
			 (json_int_t)auth->gid, "gids", gids);
}

static json_t *
line_of(const struct fy_call_record *record)
{
	json_t *line = json_pack("{ss ss so sO* ss sI}", "procedure",
				 record->procedure, "peer", record->peer->text,
				 "auth", auth_of(record->auth), "args",
				 record->args, "status", record->status,
				 "micros", (json_int_t)record->micros);

	if (line && record->error)
		json_object_set_new(line, "error", json_string(record->error));
	return line;
}

static ferry_err
print(FILE *to, const json_t *line, struct ferry_arena *mem)
{
	struct ferry_str text;
	ferry_err err = fy_json_text(line, FY_JSON_COMPACT, mem, &text);
	char *whole = err ? NULL : ferry_arena_alloc(mem, text.len + 1ul);

	if (err)
		return err;
	if (!whole)
		return FERRY_ENOMEM;
	memcpy(whole, text.data, text.len);
	whole[text.len] = '\n';
	fwrite(whole, 1, text.len + 1ul, to);
	return FERRY_OK;
}

void
fy_calllog_write(FILE *to, const struct fy_call_record *record)
{
	struct ferry_arena mem = { 0 };
	json_t *line = line_of(record);
	ferry_err err = line ? print(to, line, &mem) : FERRY_ENOMEM;

	if (err)
		fy_cmd_complain("%s: not logged: %s", record->procedure,
				ferry_strerror(err));
	ferry_arena_fini(&mem);
	json_decref(line);
}

/* SPDX-License-Identifier: MIT */
#include "cli/report.h"

#include <stdint.h>
#include <string.h>

#include <jansson.h>

/* A text of a source file may be Latin-1, which JSON cannot hold. */
static json_t *
text_of(struct fy_diag *diag, const char *text)
{
	json_t *value = json_string(text);
	char *copy;

	if (value)
		return value;
	copy = ferry_arena_alloc(diag->mem, strlen(text) + 1);
	if (!copy)
		return NULL;
	for (size_t i = 0; i <= strlen(text); i++)
		copy[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
	return json_string(copy);
}

static json_t *
place_of(struct fy_diag *diag, const struct fy_span *at, const char *text)
{
	return json_pack("{so si si si so}", "file",
			 text_of(diag, at->place.file), "line",
			 (int)at->place.line, "column", (int)at->place.column,
			 "length", (int)at->len, "message",
			 text_of(diag, text));
}

static json_t *
notes_of(struct fy_diag *diag, const struct fy_note *note)
{
	json_t *list = json_array();

	for (; note; note = note->next) {
		if (json_array_append_new(list, place_of(diag, &note->at,
							 note->text)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static const char *
severity_of(const struct fy_message *message)
{
	if (message->remark)
		return message->remark->severity;
	return message->is_error ? "error" : "warning";
}

static json_t *
message_of(struct fy_diag *diag, const struct fy_message *message)
{
	json_t *value = place_of(diag, &message->at, message->text);
	bool failed = !value;

	failed |= json_object_set_new(value, "severity",
				      json_string(severity_of(message))) != 0;
	if (message->remark && message->remark->rule)
		failed |= json_object_set_new(
				  value, "rule",
				  json_string(message->remark->rule)) != 0;
	if (message->warning != FY_NO_WARNING)
		failed |= json_object_set_new(
				  value, "warning",
				  json_string(fy_warn_kind(message->warning)
						      ->name)) != 0;
	if (message->n_more > 0)
		failed |= json_object_set_new(
				  value, "more",
				  json_integer((json_int_t)message->n_more)) !=
			  0;
	if (message->hint)
		failed |= json_object_set_new(value, "hint",
					      text_of(diag, message->hint)) !=
			  0;
	failed |= json_object_set_new(value, "notes",
				      notes_of(diag, message->notes)) != 0;
	if (!failed)
		return value;
	json_decref(value);
	return NULL;
}

ferry_err
fy_report_json(struct fy_diag *diag, FILE *to)
{
	const struct fy_message *const *list;
	json_t *all = json_array();
	json_t *root = NULL;
	size_t n_left_out;
	ferry_err err = fy_diag_sort(diag, SIZE_MAX, &list, &n_left_out);

	for (; !err && *list; list++) {
		if (json_array_append_new(all, message_of(diag, *list)) != 0)
			err = FERRY_ENOMEM;
	}
	if (!err)
		root = json_pack("{si sO}", "version", 1, "diagnostics", all);
	if (!err && (!root || json_dumpf(root, to, JSON_COMPACT) != 0))
		err = FERRY_ENOMEM;
	if (!err)
		fputc('\n', to);
	json_decref(root);
	json_decref(all);
	return err;
}

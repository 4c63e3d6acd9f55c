/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "channel/stats_read.h"
#include "cli/cmdline.h"
#include "cli/value.h"
#include "core/os.h"
#include "idl/mem.h"
#include "idl/utf8.h"

enum {
	OPTION_ALL = FY_LOAD_FIRST_FREE,
	OPTION_JSON,
	OPTION_PID,
};

static const struct option options[] = {
	{ "all", no_argument, NULL, OPTION_ALL },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "pid", required_argument, NULL, OPTION_PID },
	FY_CMDLINE_LONG,
};

/* The counters that tell of what went wrong. */
#define PROBLEMS(X)                                                            \
	X(late_sends)                                                          \
	X(late_receives)                                                       \
	X(too_big)                                                             \
	X(broken)                                                              \
	X(lost)                                                                \
	X(dropped_fds)                                                         \
	X(refused)                                                             \
	X(failed)                                                              \
	X(starved)

enum column {
	COLUMN_PID,
	COLUMN_COMMAND,
	COLUMN_KIND,
	COLUMN_ADDRESS,
	COLUMN_PEER,
	COLUMN_SINCE,
	COLUMN_SENT,
	COLUMN_RECEIVED,
	COLUMN_PROBLEMS,
	N_COLUMNS,
};

/* A line of the table; the text of others has lost what does not print. */
struct row {
	uint32_t uid;
	struct fy_stats_entry entry;
	const char *cells[N_COLUMNS];
};

struct list {
	struct ferry_arena mem;
	bool all;
	int32_t pid; /* 0: of any process */
	struct row *rows;
	size_t n;
	size_t cap;
	bool failed; /* for want of memory */
};

/* ---- one line ---- */

static const char *
shown(struct list *list, const char *text)
{
	size_t len = strlen(text);
	char *copy = fy_text(&list->mem, text, len);

	list->failed |= !copy;
	for (size_t i = 0; copy && i < len;) {
		size_t n = fy_utf8_shown_len(copy + i, len - i);

		if (n == 0)
			copy[i] = '?';
		i += n > 0 ? n : 1;
	}
	return copy && len > 0 ? copy : "-";
}

FY_PRINTF(2, 3) static const char *
print(struct list *list, const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return shown(list, text);
}

static const char *
since(struct list *list, int64_t ns)
{
	time_t seconds = (time_t)(ns / 1000000000);
	struct tm local;
	char text[64] = "";

	if (localtime_r(&seconds, &local))
		(void)strftime(text, sizeof(text), "%F %T", &local);
	return shown(list, text);
}

/* "lost 1, refused 3" */
static const char *
problems(struct list *list, const struct ferry_counters *n)
{
	const struct {
		const char *name;
		uint64_t count;
	} counts[] = {
#define COUNT(name) { #name, n->name },
		PROBLEMS(COUNT)
#undef COUNT
	};
	char text[400] = "";
	size_t len = 0;

	for (size_t i = 0; i < FY_ARRAY_LEN(counts); i++) {
		if (counts[i].count == 0)
			continue;
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"%s%s %" PRIu64, len > 0 ? ", " : "",
					counts[i].name, counts[i].count);
		if (len >= sizeof(text))
			break;
	}
	return shown(list, text);
}

static bool
add_row(void *user, const struct fy_stats_process *process,
	const struct fy_stats_entry *entry)
{
	struct list *list = user;
	const struct ferry_counters *n = &entry->counters;
	struct row *rows;

	if (!list->all && process->uid != fy_os_geteuid())
		return true;
	if (list->pid != 0 && process->pid != list->pid)
		return true;
	rows = fy_grow(&list->mem, list->rows, list->n, &list->cap,
		       sizeof(*rows));
	list->failed |= !rows;
	if (!rows)
		return false;
	list->rows = rows;
	rows[list->n++] = (struct row){
		.uid = process->uid,
		.entry = *entry,
		.cells = {
			[COLUMN_PID] = print(list, "%" PRId32, process->pid),
			[COLUMN_COMMAND] = shown(list, process->name),
			[COLUMN_KIND] = fy_stats_kind_name(entry->kind),
			[COLUMN_ADDRESS] = shown(list, entry->address),
			[COLUMN_PEER] = shown(list, entry->peer.text),
			[COLUMN_SINCE] = since(list, entry->since_ns),
			[COLUMN_SENT] = print(list, "%" PRIu64, n->sent),
			[COLUMN_RECEIVED] = print(list, "%" PRIu64,
						  n->received),
			[COLUMN_PROBLEMS] = problems(list, n),
		},
	};
	return !list->failed;
}

/* ---- all of them ---- */

/* Characters, as a terminal counts most of them. */
static int
width_of(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

static void
print_row(const char *const cells[N_COLUMNS], const int widths[N_COLUMNS])
{
	for (int i = 0; i < N_COLUMNS - 1; i++)
		printf("%s%*s", cells[i], widths[i] - width_of(cells[i]) + 2,
		       "");
	printf("%s\n", cells[N_COLUMNS - 1]);
}

static void
print_table(const struct list *list)
{
	static const char *const titles[N_COLUMNS] = {
		"pid", "command", "kind", "address", "peer", "since", "sent",
		"received", "problems",
	};
	int widths[N_COLUMNS];

	for (int i = 0; i < N_COLUMNS; i++)
		widths[i] = width_of(titles[i]);
	for (size_t r = 0; r < list->n; r++)
		for (int i = 0; i < N_COLUMNS; i++)
			if (width_of(list->rows[r].cells[i]) > widths[i])
				widths[i] = width_of(list->rows[r].cells[i]);
	print_row(titles, widths);
	for (size_t r = 0; r < list->n; r++)
		print_row(list->rows[r].cells, widths);
}

static json_t *
peer_json(const struct row *row)
{
	const struct ferry_peer *peer = &row->entry.peer;
	json_t *value;

	if (!peer->text[0])
		return json_null();
	value = json_pack("{ss}", "text", row->cells[COLUMN_PEER]);
	if (peer->has_ids)
		(void)json_object_set_new(value, "uid",
					  json_integer(peer->uid));
	if (peer->has_ids && peer->gid != FERRY_NO_GID)
		(void)json_object_set_new(value, "gid",
					  json_integer(peer->gid));
	if (peer->has_pid)
		(void)json_object_set_new(value, "pid",
					  json_integer(peer->pid));
	return value;
}

static json_t *
row_json(const struct row *row)
{
	const struct ferry_counters *n = &row->entry.counters;
	json_t *counters = json_object();

#define SET(name, text)                                                        \
	(void)json_object_set_new(counters, #name,                             \
				  json_integer((json_int_t)n->name));
	FERRY_COUNTERS(SET)
#undef SET
	return json_pack("{si sI ss ss ss so sf so}", "pid",
			 atoi(row->cells[COLUMN_PID]), "uid",
			 (json_int_t)row->uid, "command",
			 row->cells[COLUMN_COMMAND], "kind",
			 row->cells[COLUMN_KIND], "address",
			 row->cells[COLUMN_ADDRESS], "peer", peer_json(row),
			 "since", (double)row->entry.since_ns / 1e9, "counters",
			 counters);
}

static int
print_json(const struct list *list)
{
	int status = 0;

	for (size_t i = 0; !status && i < list->n; i++) {
		json_t *line = row_json(&list->rows[i]);

		status = line ? fy_value_print(line, FY_JSON_COMPACT, stdout)
			      : fy_cmd_complain("%s", ferry_strerror(
							      FERRY_ENOMEM));
		json_decref(line);
	}
	return status;
}

/* Return: 0, or an exit status after a message. */
static int
set_pid(struct list *list, const char *text)
{
	char *end;
	long pid;

	errno = 0;
	pid = strtol(text, &end, 10);
	if (errno != 0 || *end != '\0' || pid < 1 || pid > INT32_MAX)
		return fy_cmd_misused(&fy_cmd_ls, "--pid takes the number of a "
				      "process, not '%s'", text);
	list->pid = (int32_t)pid;
	return 0;
}

static int
run_list(struct list *list, bool as_json)
{
	struct ferry_error why = { .text = "" };
	ferry_err err = fy_stats_read_all(add_row, list, &why);

	if (!err && list->failed)
		err = FERRY_ENOMEM;
	if (err) {
		fy_cmd_complain("%s", why.text[0] ? why.text
						  : ferry_strerror(err));
		return ferry_err_status(err);
	}
	if (as_json)
		return print_json(list);
	print_table(list);
	return 0;
}

static int
run_ls(struct fy_cmdline *line)
{
	struct list list = { .n = 0 };
	bool as_json = false;
	int option;
	int status;

	while ((option = fy_cmdline_next(line)) != 0) {
		if (option == OPTION_PID)
			line->status = set_pid(&list, optarg);
		list.all |= option == OPTION_ALL;
		as_json |= option == OPTION_JSON;
	}
	if (line->status)
		return line->status;
	if (line->n_words > 0)
		return fy_cmd_misused(&fy_cmd_ls, "what is '%s'?",
				      line->words[0]);
	status = run_list(&list, as_json);
	ferry_arena_fini(&list.mem);
	return status;
}

const struct fy_command fy_cmd_ls = {
	.name = "ls",
	.info = "lists the channels and listeners of this user's processes",
	.usage = "usage: ferry ls [OPTION]...\n"
		 "\n"
		 "Lists the channels and listeners that this user's processes "
		 "have open, with who is\n"
		 "at the other end and how many messages passed. A channel of "
		 "two such processes is\n"
		 "there twice, once for each end.\n"
		 "\n"
		 "  --all            of all users, as far as this one may look\n"
		 "  --json           as JSON, each on a line\n"
		 "  --pid N          of this process\n"
		 "\n"
		 "The exit status is 0, also if there are none; 2 if this "
		 "command was called\n"
		 "wrongly; 1 if the system failed.\n",
	.shorts = FY_CMDLINE_SHORT,
	.longs = options,
	.run = run_ls,
};

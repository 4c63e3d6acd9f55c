/* SPDX-License-Identifier: MIT */
#include "cli/services.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <ferry/rpc.h>
#include <ferry/stub.h>

#include "cli/rpc_names.h"
#include "core/os.h"

/* ---- from the list of an rpcbind ---- */

static bool
is_plain(char c)
{
	return c > ' ' && c <= '~' && c != '\\';
}

/* % too: what the address has escaped itself stays as it is. */
static bool
is_ascii(char c)
{
	return c >= ' ' && c <= '~';
}

/* @text with what is not @kept in hexadecimal behind @mark; NULL: no memory. */
static const char *
escape(struct ferry_str text, bool (*kept)(char c), const char *mark,
       struct ferry_arena *mem)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t len = strlen(mark);
	char *word = ferry_arena_alloc(mem, text.len * (len + 2) + 1);
	char *at = word;

	for (uint32_t i = 0; word && i < text.len; i++) {
		uint8_t c = (uint8_t)text.data[i];

		if (kept(text.data[i])) {
			*at++ = text.data[i];
			continue;
		}
		memcpy(at, mark, len);
		at += len;
		*at++ = hex[c >> 4];
		*at++ = hex[c & 15];
	}
	if (word)
		*at = '\0';
	return word;
}

/* Any bytes as a word: what does not print, and the blank, as \x20. */
static const char *
make_word(struct ferry_str text, struct ferry_arena *mem)
{
	return escape(text, is_plain, "\\x", mem);
}

static ferry_err
make_service(struct fy_service *out, const struct ferry_rpcbind_entry *entry,
	     const struct fy_rpc_names *names, struct ferry_arena *mem)
{
	const char *name = fy_rpc_names_find(names, entry->program);
	uint32_t *version = ferry_arena_alloc(mem, sizeof(*version));

	*out = (struct fy_service){
		.program = entry->program,
		.versions = version,
		.n_versions = 1,
		.name = make_word(ferry_str_of(name), mem),
		.netid = make_word(entry->netid, mem),
		.uaddr = make_word(entry->uaddr, mem),
		.owner = make_word(entry->owner, mem),
		.addr = escape(ferry_str_of(entry->addr), is_ascii, "%", mem),
	};
	if (!version || !out->name || !out->netid || !out->uaddr ||
	    !out->owner || !out->addr)
		return FERRY_ENOMEM;
	*version = entry->version;
	return FERRY_OK;
}

static int
compare_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* All but the version. */
static int
compare_place(const struct fy_service *a, const struct fy_service *b)
{
	int order = compare_numbers(a->program, b->program);

	if (!order)
		order = strcmp(a->netid, b->netid);
	if (!order)
		order = strcmp(a->uaddr, b->uaddr);
	return order ? order : strcmp(a->owner, b->owner);
}

static int
compare(const void *left, const void *right)
{
	const struct fy_service *a = left;
	const struct fy_service *b = right;
	int order = compare_place(a, b);

	return order ? order : compare_numbers(a->versions[0], b->versions[0]);
}

/* Neighbours at one place become one, with the versions of all. */
static ferry_err
join(struct fy_services *services, struct ferry_arena *mem)
{
	struct fy_service *items = services->items;
	size_t n = services->n_items;
	size_t kept = 0;

	for (size_t i = 0, end; i < n; i = end) {
		uint32_t *versions;

		for (end = i + 1; end < n; end++)
			if (compare_place(&items[i], &items[end]) != 0)
				break;
		versions = ferry_arena_alloc(mem,
					     (end - i) * sizeof(*versions));
		if (!versions)
			return FERRY_ENOMEM;
		for (size_t j = i; j < end; j++)
			versions[j - i] = items[j].versions[0];
		items[kept] = items[i];
		items[kept].versions = versions;
		items[kept].n_versions = (uint32_t)(end - i);
		kept++;
	}
	services->n_items = kept;
	return FERRY_OK;
}

ferry_err
fy_services_make(struct fy_services *services,
		 const struct ferry_rpcbind_list *list, bool joined,
		 struct ferry_arena *mem)
{
	struct fy_services made = { .spoken = list->spoken,
				    .n_items = list->n_entries };
	struct fy_rpc_names names;
	ferry_err err = fy_rpc_names_load(&names, FY_RPC_NAMES_PATH, mem);

	made.items = ferry_arena_alloc(mem,
				       made.n_items * sizeof(*made.items));
	if (!made.items)
		err = FERRY_ENOMEM;
	for (size_t i = 0; !err && i < made.n_items; i++)
		err = make_service(&made.items[i], &list->entries[i], &names,
				   mem);
	if (err)
		return err;
	if (made.n_items > 0)
		qsort(made.items, made.n_items, sizeof(*made.items), compare);
	err = joined ? join(&made, mem) : FERRY_OK;
	if (!err)
		*services = made;
	return err;
}

/* ---- asking whether they are there ---- */

static ferry_err
call_null(const struct fy_service *service, struct ferry_deadline until)
{
	const struct ferry_version version = {
		.name = "",
		.program = service->program,
		.version = service->versions[0],
	};
	struct ferry_client *client = NULL;
	struct ferry_call call;
	ferry_err err = ferry_client_open(service->addr, NULL, until, &client,
					  NULL);

	if (err)
		return err;
	call = ferry_call_to(client, until, NULL);
	(void)ferry_call_begin(&call, &version, 0, 0);
	err = ferry_call_send(&call);
	if (!err) {
		(void)ferry_call_wait(&call);
		err = ferry_call_end(&call);
	}
	ferry_client_free(client);
	return err;
}

void
fy_services_ping(struct fy_services *services, int64_t ns_each)
{
	for (size_t i = 0; i < services->n_items; i++) {
		struct fy_service *service = &services->items[i];
		int64_t from = fy_os_now_ns();

		if (!service->addr[0])
			continue;
		service->answer = call_null(service, ferry_in_ns(ns_each));
		service->took_ns = fy_os_now_ns() - from;
		service->pinged = true;
	}
}

/* ---- showing ---- */

#define N_COLUMNS 7
#define LAST_ALWAYS 5
/* One endless word of a peer is not to become blanks on every line. */
#define MAX_WIDTH 120

static const char *const heads[N_COLUMNS] = {
	"program", "name", "versions", "netid", "address", "owner", "answer",
};

/* "2-4,7", of ascending numbers; "2-4,..." where there is no room for all */
static void
put_versions(char *buf, size_t bytes, const struct fy_service *service)
{
	const uint32_t *v = service->versions;
	size_t room = bytes - sizeof(",...");
	size_t at = 0;

	buf[0] = '\0';
	for (uint32_t i = 0, end; i < service->n_versions; i = end) {
		size_t from = at;

		for (end = i + 1; end < service->n_versions; end++)
			if (v[end] != v[end - 1] + 1)
				break;
		at += (size_t)snprintf(buf + at, bytes - at,
				       end - i > 1 ? "%s%" PRIu32 "-%" PRIu32
						   : "%s%" PRIu32,
				       i ? "," : "", v[i], v[end - 1]);
		if (at > room) {
			memcpy(buf + from, ",...", sizeof(",..."));
			return;
		}
	}
}

static const char *
or_dash(const char *text)
{
	return text[0] ? text : "-";
}

/* What stands in a column; @buf is room for it. */
static const char *
cell(const struct fy_service *service, int column, char *buf, size_t bytes)
{
	switch (column) {
	case 0:
		(void)snprintf(buf, bytes, "%" PRIu32, service->program);
		return buf;
	case 1:
		return or_dash(service->name);
	case 2:
		put_versions(buf, bytes, service);
		return buf;
	case 3:
		return or_dash(service->netid);
	case 4:
		return or_dash(service->addr[0] ? service->addr
						: service->uaddr);
	case 5:
		return or_dash(service->owner);
	default:
		if (!service->pinged)
			return "-";
		if (service->answer)
			return ferry_strerror(service->answer);
		(void)snprintf(buf, bytes, "%.3f ms",
			       (double)service->took_ns / 1e6);
		return buf;
	}
}

static const char *
end_of(int column, int last)
{
	return column < last ? "  " : "\n";
}

void
fy_services_table(const struct fy_services *services, FILE *to)
{
	int width[N_COLUMNS];
	int last = LAST_ALWAYS;
	char buf[80];

	for (int c = 0; c < N_COLUMNS; c++)
		width[c] = (int)strlen(heads[c]);
	for (size_t i = 0; i < services->n_items; i++) {
		const struct fy_service *service = &services->items[i];

		for (int c = 0; c < N_COLUMNS; c++) {
			int n = (int)strlen(cell(service, c, buf, sizeof(buf)));

			if (n > width[c])
				width[c] = n < MAX_WIDTH ? n : MAX_WIDTH;
		}
		if (service->pinged)
			last = N_COLUMNS - 1;
	}
	width[last] = 0; /* no blanks at the end of a line */
	for (int c = 0; c <= last; c++)
		fprintf(to, "%-*s%s", width[c], heads[c], end_of(c, last));
	for (size_t i = 0; i < services->n_items; i++)
		for (int c = 0; c <= last; c++)
			fprintf(to, "%-*s%s", width[c],
				cell(&services->items[i], c, buf, sizeof(buf)),
				end_of(c, last));
}

/* Takes @value over; NULL is no memory. */
static bool
put(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) == 0;
}

static json_t *
text_or_null(const char *text)
{
	return text[0] ? json_string(text) : json_null();
}

static bool
put_answer(json_t *object, const struct fy_service *service)
{
	if (!service->pinged)
		return true;
	if (service->answer)
		return put(object, "error",
			   json_string(ferry_err_name(service->answer)));
	return put(object, "answered_us",
		   json_integer(service->took_ns / 1000));
}

static json_t *
json_of(const struct fy_service *service)
{
	json_t *object = json_object();
	json_t *versions = json_array();
	bool ok = object && versions;

	for (uint32_t i = 0; ok && i < service->n_versions; i++)
		ok = json_array_append_new(
			     versions,
			     json_integer(service->versions[i])) == 0;
	ok = ok && put(object, "program", json_integer(service->program)) &&
	     put(object, "name", text_or_null(service->name)) &&
	     put(object, "versions", json_incref(versions)) &&
	     put(object, "netid", json_string(service->netid)) &&
	     put(object, "uaddr", json_string(service->uaddr)) &&
	     put(object, "address", text_or_null(service->addr)) &&
	     put(object, "owner", text_or_null(service->owner)) &&
	     put_answer(object, service);
	json_decref(versions);
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

json_t *
fy_services_json(const struct fy_services *services)
{
	json_t *list = json_array();
	json_t *all = json_object();
	bool ok = list && all;

	for (size_t i = 0; ok && i < services->n_items; i++)
		ok = json_array_append_new(list,
					   json_of(&services->items[i])) == 0;
	ok = ok && put(all, "rpcbind_version",
		       json_integer(services->spoken)) &&
	     put(all, "services", json_incref(list));
	json_decref(list);
	if (ok)
		return all;
	json_decref(all);
	return NULL;
}

/* SPDX-License-Identifier: MIT */
#include "schema/there.h"

#include <string.h>
#include <strings.h>

#include "core/err.h"

#define MAX_LISTED 100

static bool
any(const void *value)
{
	return value != NULL;
}

void
fy_there_add(struct fy_there *there, const char *name)
{
	void *found = NULL;

	if (!there->err)
		there->err = fy_names_put(&there->names, there->list.mem,
					  ferry_str_of(name), there, &found);
	if (there->err || found || there->is_cut)
		return;
	there->is_cut = there->list.len + strlen(name) > MAX_LISTED;
	fy_write_format(&there->list, "%s%s", there->list.len > 0 ? ", " : "",
			there->is_cut ? "..." : name);
}

/* Names that have @key behind a '_', the first in alphabetical order. */
struct longer {
	const char *first;
	const char *second;
	size_t n;
};

static bool
has_last_word(const char *name, struct ferry_str key)
{
	size_t len = strlen(name);

	return len > key.len && key.len > 0 &&
	       name[len - key.len - 1] == '_' &&
	       strncasecmp(name + len - key.len, key.data, key.len) == 0;
}

static struct longer
longer_names(const struct fy_names *names, struct ferry_str key)
{
	struct longer found = { .n = 0 };

	for (size_t i = 0; i < names->cap; i++) {
		const char *name = names->slots[i].key.data;

		if (!name || !has_last_word(name, key))
			continue;
		found.n++;
		if (!found.first || strcmp(name, found.first) < 0) {
			found.second = found.first;
			found.first = name;
		} else if (!found.second || strcmp(name, found.second) < 0) {
			found.second = name;
		}
	}
	return found;
}

ferry_err
fy_there_fail(struct fy_there *there, const struct fy_model *model,
	      const char *what, struct ferry_str key, struct ferry_error *why)
{
	int len = key.len < FY_MAX_QUOTED ? (int)key.len : FY_MAX_QUOTED;
	struct longer longer = longer_names(&there->names, key);
	const char *list = "";
	const char *like;

	if (!there->err)
		there->err = fy_write_end(&there->list, &list);
	if (there->err)
		return fy_fail_memory(why, 0);
	like = fy_names_like(&there->names, key, any, there->list.mem);
	if (!like && longer.n == 1)
		like = longer.first;
	if (like)
		return fy_fail(why, FERRY_EINVAL,
			       "%s has no %s '%.*s': did you mean '%.*s'?",
			       model->file, what, len, key.data, FY_MAX_QUOTED,
			       like);
	if (longer.n == 2)
		return fy_fail(why, FERRY_EINVAL,
			       "%s has no %s '%.*s': did you mean '%.*s' or "
			       "'%.*s'?", model->file, what, len, key.data,
			       FY_MAX_QUOTED, longer.first, FY_MAX_QUOTED,
			       longer.second);
	if (there->names.n == 0)
		return fy_fail(why, FERRY_EINVAL, "%s has no %s at all",
			       model->file, what);
	return fy_fail(why, FERRY_EINVAL, "%s has no %s '%.*s': it has %s",
		       model->file, what, len, key.data, list);
}

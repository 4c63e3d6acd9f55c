/* SPDX-License-Identifier: MIT */
#include "schema/there.h"

#include <string.h>

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

ferry_err
fy_there_fail(struct fy_there *there, const struct fy_model *model,
	      const char *what, struct ferry_str key, struct ferry_error *why)
{
	int len = key.len < FY_MAX_QUOTED ? (int)key.len : FY_MAX_QUOTED;
	const char *list = "";
	const char *like;

	if (!there->err)
		there->err = fy_write_end(&there->list, &list);
	if (there->err)
		return fy_fail_memory(why, 0);
	like = fy_names_like(&there->names, key, any, there->list.mem);
	if (like)
		return fy_fail(why, FERRY_EINVAL,
			       "%s has no %s '%.*s': did you mean '%.*s'?",
			       model->file, what, len, key.data, FY_MAX_QUOTED,
			       like);
	if (there->names.n == 0)
		return fy_fail(why, FERRY_EINVAL, "%s has no %s at all",
			       model->file, what);
	return fy_fail(why, FERRY_EINVAL, "%s has no %s '%.*s': it has %s",
		       model->file, what, len, key.data, list);
}

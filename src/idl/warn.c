/* SPDX-License-Identifier: MIT */
#include "idl/warn.h"

#include <string.h>

#include "idl/names.h"

static const struct fy_warn_kind kinds[FY_N_WARNINGS] = {
#define KIND(id, name, on, text) [FY_WARN_##id] = { name, on, text },
	FY_WARNINGS(KIND)
#undef KIND
};

const struct fy_warn_kind *
fy_warn_kind(enum fy_warning warning)
{
	return &kinds[warning];
}

bool
fy_warn_is_error(const struct fy_warn_levels *levels, enum fy_warning warning)
{
	enum fy_warn_level level = levels->of[warning];

	if (level == FY_LEVEL_DEFAULT && levels->strict)
		return true;
	return level == FY_LEVEL_ERROR ||
	       (levels->is_error && fy_warn_is_on(levels, warning));
}

bool
fy_warn_is_on(const struct fy_warn_levels *levels, enum fy_warning warning)
{
	enum fy_warn_level level = levels->of[warning];

	return level == FY_LEVEL_DEFAULT ? kinds[warning].on
					 : level != FY_LEVEL_OFF;
}

static bool
set_named(struct fy_warn_levels *levels, const char *name,
	  enum fy_warn_level level)
{
	for (size_t i = 0; i < FY_N_WARNINGS; i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			levels->of[i] = level;
			return true;
		}
	}
	return false;
}

static bool
set_all(struct fy_warn_levels *levels, enum fy_warn_level level)
{
	for (size_t i = 0; i < FY_N_WARNINGS; i++)
		levels->of[i] = level;
	return true;
}

bool
fy_warn_set(struct fy_warn_levels *levels, const char *word)
{
	if (strcmp(word, "all") == 0)
		return set_all(levels, FY_LEVEL_ALL);
	if (strcmp(word, "none") == 0)
		return set_all(levels, FY_LEVEL_OFF);
	if (strcmp(word, "error") == 0) {
		levels->is_error = true;
		return true;
	}
	if (strncmp(word, "error=", 6) == 0)
		return set_named(levels, word + 6, FY_LEVEL_ERROR);
	if (strncmp(word, "no-", 3) == 0)
		return set_named(levels, word + 3, FY_LEVEL_OFF);
	return set_named(levels, word, FY_LEVEL_ALL);
}

static bool
fits(const void *value)
{
	return value != NULL;
}

const char *
fy_warn_like(const char *word, struct ferry_arena *mem)
{
	struct fy_names names = { NULL, 0, 0 };
	void *found;

	for (size_t i = 0; i < FY_N_WARNINGS; i++) {
		if (fy_names_put(&names, mem, ferry_str_of(kinds[i].name),
				 (void *)&kinds[i], &found) != FERRY_OK)
			return NULL;
	}
	return fy_names_like(&names, ferry_str_of(word), fits, mem);
}

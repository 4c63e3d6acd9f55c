/* SPDX-License-Identifier: MIT */
/* An interface file with a type of every kind, and values of them. */
#pragma once

#include <stddef.h>

/* Its text. */
extern const char kinds_x[];

/* A value of a type, in JSON as ferry writes it, and its bytes as hex. */
struct kinds_value {
	const char *type;
	const char *json;
	const char *wire;
};

/* At least one of every type of the file; ends with .type NULL. */
extern const struct kinds_value kinds_values[];

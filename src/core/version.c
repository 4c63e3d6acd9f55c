/* SPDX-License-Identifier: MIT */
#include <ferry/ferry.h>

const char *
ferry_version_text(void)
{
	/* Said once, in meson.build. */
	return FY_VERSION;
}

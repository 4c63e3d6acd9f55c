#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: table.sh TEST-CONFORMANCE DOCS
#
# The page has the table that the suite prints, and no cell of it is blank.
set -eu
table=$("$1" --table)
if grep -En '\| +\|' <<< "$table" | grep -v '^1:'; then
	echo "a cell is blank"
	exit 1
fi
diff -u <(grep '^|' "$2/conformance.md") - <<< "$table"

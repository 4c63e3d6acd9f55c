#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: capabilities.sh FERRY CAPABILITIES DOCS
#
# Every scheme of the command has its line in the table of transports.md, with
# the capabilities that it has, a section of its own there, and an address in
# addresses.md.
set -u
docs=$3
failed=0
schemes=$("$1" recv x: 2>&1 | sed -n 's/ and /, /; s/,//g; s/.*there are //p')
[ -n "$schemes" ] || { echo "no schemes"; exit 1; }
# shellcheck disable=SC2086 # a list
lines=$("$2" $schemes) || exit 1
while read -r line; do
	grep -Fxq "$line" "$docs/transports.md" && continue
	echo "docs/transports.md lacks: $line"
	failed=1
done <<< "$lines"
for scheme in $schemes; do
	grep -qE "^## .*\b$scheme:" "$docs/transports.md" ||
		{ echo "docs/transports.md: no section for $scheme:"; failed=1; }
	grep -qE "^\| .*\`$scheme:" "$docs/addresses.md" ||
		{ echo "docs/addresses.md: no address of $scheme:"; failed=1; }
done
exit $failed

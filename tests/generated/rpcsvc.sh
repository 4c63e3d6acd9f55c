#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every interface file under /usr/include/rpcsvc goes through ferry, and its C
# through gcc, with the headers that its % lines want and Debian lacks.
# rpcsvc.sh FERRY
set -euo pipefail
ferry=$1
include=$(cd "$(dirname "$0")/../../include" && pwd)
others=$(cd "$(dirname "$0")/../corpora/rpcsvc" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

check() { # FILE.x
	local stem names=()
	stem=$(basename "$1" .x)
	[ "$stem" != nis ] || names=(-include names.h)
	mkdir "$work/$stem"
	"$ferry" gen -W none -l c -o "$work/$stem" "$1" &&
		gcc -std=gnu11 -Wall -Wextra -Wno-unknown-pragmas -Werror \
			-I"$include" -isystem "$others" \
			-isystem "$work/nis" -isystem /usr/include/tirpc \
			"${names[@]}" -c "$work/$stem/$stem.c" \
			-o "$work/$stem.o"
}

for x in /usr/include/rpcsvc/*.x; do
	if check "$x"; then
		passed=$((passed + 1))
	else
		echo "FAILED: $x"
		failed=$((failed + 1))
	fi
done
echo "$passed compiled, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -ge 17 ]

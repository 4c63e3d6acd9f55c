#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every interface file under /usr/include/rpcsvc goes through ferry, and its C
# through gcc, but for two that use names of each other without #include.
# rpcsvc.sh FERRY
set -euo pipefail
ferry=$1
include=$(cd "$(dirname "$0")/../../include" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# The % lines of some include headers of libtirpc's.
check() { # FILE.x
	local stem
	stem=$(basename "$1" .x)
	"$ferry" gen -l c -o "$work" "$1" &&
		gcc -std=gnu11 -Wall -Wextra -Wno-unknown-pragmas -Werror \
			-I"$include" -I/usr/include/tirpc \
			-c "$work/$stem.c" -o "$work/$stem.o"
}

for x in /usr/include/rpcsvc/*.x; do
	case $x in
	*/nis.x | */nis_callback.x)
		continue
		;;
	esac
	if check "$x"; then
		passed=$((passed + 1))
	else
		echo "FAILED: $x"
		failed=$((failed + 1))
	fi
done
echo "$passed compiled, $failed failed"
[ "$failed" = 0 ] && [ "$passed" = 15 ]

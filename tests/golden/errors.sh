#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: errors.sh FERRY [--write]
#
# Every folder of errors/ holds a file with mistakes, in.x, and what ferry check
# has to say of it, errors.txt, byte for byte. With --write the latter is made
# anew, to be read before it is committed.
set -u
ferry=$(realpath "$1")
write=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
said=$(mktemp)
trap 'rm -f "$said"' EXIT
n=0
failed=0

for folder in "$here"/errors/*/; do
	name=$(basename "$folder")
	n=$((n + 1))
	(cd "$folder" && "$ferry" check in.x 2>"$said" >/dev/null)
	status=$?
	if [ "$status" -ne 1 ]; then
		echo "$name: exit status $status, not 1"
		failed=1
	fi
	[ -n "$write" ] && cp "$said" "$folder/errors.txt"
	if ! diff -u "$folder/errors.txt" "$said"; then
		echo "$name: not what is expected"
		failed=1
	fi
done
if [ "$n" -lt 100 ]; then
	echo "only $n cases: where are the others?"
	failed=1
fi
exit "$failed"

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: errors.sh FERRY [--write]
#
# Every folder of errors/ holds a file with mistakes, in.x, and what ferry check
# has to say of it, errors.txt, byte for byte; the exit status is 0 where that
# is but warnings. A file "options" has options, one a line. With --write
# errors.txt is made anew, to be read before it is committed.
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
	set --
	if [ -f "$folder/options" ]; then
		while IFS= read -r option; do
			set -- "$@" "$option"
		done <"$folder/options"
	fi
	(cd "$folder" && "$ferry" check "$@" in.x 2>"$said" >/dev/null)
	status=$?
	wanted=0
	! grep -q ': error: ' "$said" || wanted=1
	if [ "$status" -ne "$wanted" ]; then
		echo "$name: exit status $status, not $wanted"
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

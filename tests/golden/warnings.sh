#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: warnings.sh FERRY SOURCE-FOLDER [--write]
#
# For each kind of warning there is warnings/NAME.x, which earns it, and
# NAME.txt, what ferry check says then, byte for byte. --strict refuses the file,
# -Wno-NAME is silent about it, -Werror=NAME refuses it alone, and the manual
# page of the language knows the name. With --write, NAME.txt is made anew.
set -u
ferry=$(realpath "$1")
source=$(realpath "$2")
write=${3:-}
cd "$(dirname "$0")/warnings" || exit 1
said=$(mktemp)
names=$(mktemp)
trap 'rm -f "$said" "$names"' EXIT
failed=0
n=0

wrong() {
	echo "$1: $2"
	failed=1
}

# check STATUS NAME OPTION...: what is said is in $said.
check() {
	status=$1
	name=$2
	shift 2
	timeout 20 "$ferry" check "$@" "$name.x" >"$said" 2>&1
	got=$?
	[ "$got" -eq "$status" ] ||
		wrong "$name" "status $got, not $status, with $*"
}

sed -n 's/^\tX([A-Z0-9_]*, "\([a-z-]*\)",.*/\1/p' \
	"$source/src/idl/warn.h" >"$names"
while read -r name; do
	n=$((n + 1))
	if [ ! -e "$name.x" ]; then
		wrong "$name" "there is no file that earns this warning"
		continue
	fi
	check 0 "$name" "-W$name"
	[ -n "$write" ] && cp "$said" "$name.txt"
	diff -u "$name.txt" "$said" || wrong "$name" "not what is expected"
	grep -q "warning: .* \[-W$name\]" "$said" ||
		wrong "$name" "the warning does not come"
	check 1 "$name" --strict
	grep -q "error: .* \[-Werror=$name\]" "$said" ||
		wrong "$name" "--strict does not refuse it"
	check 1 "$name" -Wnone "-Werror=$name"
	check 0 "$name" "-W$name" "-Wno-$name"
	! grep -q "\[-W$name\]" "$said" || wrong "$name" "is not silenced"
	check 0 "$name" --strict -Wnone
	[ ! -s "$said" ] || wrong "$name" "-Wnone is not silent"
	grep -q "^\.It Cm $name\$" "$source/docs/man/ferry-idl.5" ||
		wrong "$name" "ferry-idl(5) does not know it"
done <"$names"
for file in *.x; do
	grep -q "\"${file%.x}\"" "$source/src/idl/warn.h" ||
		wrong "$file" "there is no such warning"
done
[ "$n" -ge 30 ] || wrong "$source" "only $n warnings: where are the others?"
exit "$failed"

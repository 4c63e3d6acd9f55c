#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: rpcgen.sh FERRY INCLUDE
#
# rpcgen is the judge of values: the constants and enumerators of each file under
# /usr/include/rpcsvc, as its header and as ferry's have them, printed by one
# program for each and compared.
set -u
ferry=$(realpath "$1")
include=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
n_values=0

command -v rpcgen >/dev/null || { echo "there is no rpcgen"; exit 1; }
cflags=$(pkg-config --cflags libtirpc) || exit 1

# The names of all constants and enumerators, out of ferry's own words.
names() {
	sed 's|/\*.*\*/||; s|^%.*||' "$1" | awk '
		$1 == "const" && $0 !~ /"/ { sub(/=.*/, ""); print $2 }
		/^enum/ { inside = 1; next }
		inside && /^}/ { inside = 0 }
		inside && match($0, /[A-Za-z_][A-Za-z0-9_]*/) {
			print substr($0, RSTART, RLENGTH) }' | sort -u
}

# program HEADER FILE.x: prints "NAME VALUE" lines.
program() {
	printf '#include <stdio.h>\n#include "%s"\nint main(void)\n{\n' "$1"
	names "$2" | sed 's/.*/printf("& %lld\\n", (long long)(&));/'
	printf 'return 0;\n}\n'
}

for file in /usr/include/rpcsvc/*.x; do
	stem=$(basename "$file" .x)
	case $stem in
	nis | nis_callback) continue ;;
	esac
	mkdir "$stem" "$stem/old" "$stem/new"
	rpcgen -h -o "$stem/old/$stem.h" "$file" || exit 1
	"$ferry" gen -l c -o "$stem/new" "$file" || { failed=1; continue; }
	program "$stem.h" "$file" >"$stem/print.c"
	for side in old new; do
		# shellcheck disable=SC2086
		cc -w -I"$stem/$side" -I"$include" $cflags \
			"$stem/print.c" -o "$stem/$side/print" &&
			"$stem/$side/print" >"$stem/$side/values" || failed=1
	done
	n_values=$((n_values + $(wc -l <"$stem/old/values")))
	diff -u "$stem/old/values" "$stem/new/values" || {
		echo "$stem: other values than rpcgen's"
		failed=1
	}
done
echo "$n_values values are the same"
if [ "$n_values" -lt 250 ]; then
	echo "only $n_values values compared"
	failed=1
fi
exit "$failed"

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: accept.sh FERRY
#
# ferry check takes every accept/y_*.x, and says what y_*.warnings has, byte for
# byte, or nothing; it refuses every n_*.x with a place, and takes every s_*.x
# with --strict. What is too long to keep is made here.
set -u
ferry=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
said=$work/said
failed=0

wrong() {
	echo "$1: $2"
	failed=1
}

# The 100,000 and the million of something that must cost no stack and no more
# than seconds.
awk 'BEGIN { printf "struct s { "; for (i = 0; i < 100000; i++)
	printf "struct { "; print "" }' >"$work/n_deep.x"
awk 'BEGIN { print "#if 1"; for (i = 0; i < 100000; i++)
	printf "("; print "1\n#endif" }' >"$work/n_deep_if_open.x"
awk 'BEGIN { printf "#if "; for (i = 0; i < 100000; i++)
	printf "!"; print "1\n#endif" }' >"$work/n_deep_if.x"
awk 'BEGIN { print "#define f(x) x"; for (i = 0; i < 100000; i++)
	printf "f("; print ")" }' >"$work/n_deep_calls.x"
awk 'BEGIN { for (i = 0; i < 40; i++)
	printf "#define f%d(x) f%d(x x) f%d(x)\n", i, i + 1, i + 1
	print "f0(1)" }' >"$work/n_bomb.x"
awk 'BEGIN { for (i = 0; i < 100000; i++) print "#if 1"
	print "const A = 1;"; for (i = 0; i < 100000; i++) print "#endif" }' \
	>"$work/y_deep_conditions.x"
awk 'BEGIN { for (i = 0; i < 50000; i++)
	printf "#define M%d(x) x\nconst A%d = M%d(%d);\n", i, i, i, i }' \
	>"$work/y_many_macros.x"
awk 'BEGIN { for (i = 0; i < 100000; i++)
	printf "const A%d = A%d;\n", i, i + 1; print "const A100000 = 1;" }' \
	>"$work/y_long_chain.x"
awk 'BEGIN { for (i = 0; i < 50000; i++)
	printf "struct s%d { s%d a; };\n", i, i + 1
	print "struct s50000 { int a; };" }' >"$work/y_deep_structs.x"
awk 'BEGIN { for (i = 0; i < 50000; i++)
	printf "typedef t%d t%d;\n", i + 1, i; print "typedef int t50000;"
	for (i = 0; i < 1000; i++)
	printf "union u%d switch (t%d a) { case 1: void; };\n", i, i }' \
	>"$work/y_long_typedefs.x"
awk 'BEGIN { print "enum e {"; for (i = 0; i < 100000; i++)
	printf "E%d = %d,\n", i, i; print "LAST = -1 };" }' \
	>"$work/y_big_enum.x"
awk 'BEGIN { for (i = 0; i < 100000; i++)
	print "struct {" }' >"$work/n_many_errors.x"

n=0
for file in "$here"/accept/y_*.x "$work"/y_*.x; do
	n=$((n + 1))
	(cd "$(dirname "$file")" &&
		timeout 20 "$ferry" check "$(basename "$file")") >"$said" 2>&1 ||
		wrong "$file" "refused: $(head -3 "$said")"
	warnings=${file%.x}.warnings
	[ -e "$warnings" ] || warnings=/dev/null
	diff -u "$warnings" "$said" ||
		wrong "$file" "not the warnings that are expected"
done
for file in "$here"/accept/s_*.x; do
	n=$((n + 1))
	timeout 20 "$ferry" check --strict "$file" >"$said" 2>&1 ||
		wrong "$file" "refused with --strict"
	[ ! -s "$said" ] || wrong "$file" "$(cat "$said")"
done
for file in "$here"/accept/n_*.x "$work"/n_*.x; do
	n=$((n + 1))
	timeout 20 "$ferry" check "$file" >"$said" 2>&1
	[ $? -eq 1 ] || wrong "$file" "not refused with exit status 1"
	grep -q '\.x:[0-9]*:[0-9]*: error: ' "$said" ||
		wrong "$file" "refused without a place"
done
[ "$n" -ge 30 ] || wrong "$here" "only $n files: where are the others?"
exit "$failed"

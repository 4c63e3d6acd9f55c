#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What ferry makes of each case is, byte for byte, what lies in expected/, and
# compiles as C11 and C++17 with all warnings, under gcc and clang, and where
# size_t has 32 bits.
# golden.sh FERRY [--accept]: with --accept the output becomes the expectation.
set -euo pipefail
ferry=$(realpath "$1")
accept=${2-}
here=$(cd "$(dirname "$0")" && pwd)
include=$(cd "$here/../../../include" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
warnings='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror'
n_cases=0
failed=0

complain() { # TEXT...
	echo "FAILED: $*"
	failed=$((failed + 1))
}

compile() { # CASE COMMAND...
	local name=$1
	shift
	# shellcheck disable=SC2086 # the list of warnings is to be split
	"$@" $warnings -I"$include" -I"$work/out" || complain "$name: $*"
}

check_case() { # NAME
	local name=$1
	mkdir "$work/out"
	# From another folder, by another path: the output must not know.
	if ! (cd "$work" && "$ferry" gen -l c -o out "$here/$name/in.x"); then
		complain "$name: not generated"
		rm -rf "$work/out"
		return
	fi
	if [ "$accept" = --accept ]; then
		mkdir -p "$here/$name/expected"
		cp "$work/out"/* "$here/$name/expected/"
	fi
	diff -r -u "$here/$name/expected" "$work/out" || complain "$name: differs"
	echo '#include "in.h"' > "$work/alone.c"
	for cc in gcc clang; do
		compile "$name" $cc -std=c11 -Wstrict-prototypes \
			-Wmissing-prototypes -O1 -c "$work/out/in.c" \
			-o "$work/in.o"
		compile "$name" $cc -std=c11 -fsyntax-only "$work/alone.c"
		compile "$name" $cc -x c++ -std=c++17 -fsyntax-only \
			"$work/alone.c"
	done
	compile "$name" i686-linux-gnu-gcc -std=c11 -O1 -c "$work/out/in.c" \
		-o "$work/in.o"
	rm -rf "$work/out"
}

# Structs of eight of the one before, from 64 bytes on: s6 takes 16 MiB, and s7
# more than a table has room for.
check_large() {
	local n field
	echo 'struct s0 { hyper a[8]; };' > "$work/large.x"
	for n in {1..7}; do
		echo "struct s$n {"
		for field in a b c d e f g h; do
			echo "s$((n - 1)) $field;"
		done
		echo '};'
		[ "$n" != 6 ] || (cd "$work" && "$ferry" gen -l c large.x) ||
			complain 'large.x: 16 MiB refused'
	done >> "$work/large.x"
	if (cd "$work" && "$ferry" gen -l c large.x) 2> "$work/said"; then
		complain 'large.x: more than 16 MiB accepted'
	fi
	grep -q '^large.x:62:8: error: .* more than 16 MiB' "$work/said" ||
		complain "large.x: $(cat "$work/said")"
}

check_large
for dir in "$here"/*/; do
	n_cases=$((n_cases + 1))
	check_case "$(basename "$dir")"
done
echo "$n_cases cases, $failed failed"
[ "$failed" = 0 ] && [ "$n_cases" -gt 0 ]

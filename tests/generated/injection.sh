#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Interface files whose comments, texts and names try to become code: what is
# made of them compiles without a warning, as C11 with trigraphs, and the word
# INJECTED with a bracket behind it is never a token; or nothing is made. Files
# that are called refused_* are refused.
# injection.sh FERRY
set -euo pipefail
ferry=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
include=$(cd "$here/../../include" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
warnings='-Wall -Wextra -Wpedantic -Wtrigraphs -Wcomment -Werror'
failed=0
n_files=0

complain() { # TEXT...
	echo "FAILED: $*"
	failed=$((failed + 1))
}

# What is left of a file without comments, trigraphs, joined lines and texts.
code_of() { # FILE
	gcc -std=c11 -w -E -P -nostdinc -I"$work/empty" "$1" |
		sed 's/"\([^"\\]\|\\.\)*"/""/g'
}

compile() { # FILE
	local cc
	for cc in gcc clang; do
		# shellcheck disable=SC2086 # the list is to be split
		$cc -std=c11 $warnings -I"$include" -I"$work/out" -c "$1" \
			-o "$work/out.o" || complain "$cc: $1"
	done
}

check() { # FILE.x
	local made status=0
	rm -rf "$work/out"
	mkdir "$work/out"
	n_files=$((n_files + 1))
	"$ferry" gen -l c -o "$work/out" -- "$1" 2> "$work/log" || status=$?
	case $(basename "$1"):$status in
	refused_*:1)
		[ -z "$(ls -A "$work/out")" ] || complain "$1: made something"
		return
		;;
	refused_*)
		complain "$1: not refused, but $status"
		return
		;;
	*:0) ;;
	*)
		complain "$1: exit status $status"
		cat "$work/log"
		return
		;;
	esac
	for made in "$work"/out/*; do
		code_of "$made" > "$work/code"
		! grep -nE '(^|[^A-Za-z0-9_])INJECTED *\(' "$work/code" ||
			complain "$1: $made"
	done
	for made in "$work"/out/*.c; do
		compile "$made"
	done
}

mkdir -p "$work/empty/ferry" "$work/names"
touch "$work/empty/ferry/"{codec,rpc,stub}.h
for x in "$here"/injection/*.x; do
	check "$x"
done

# Files that are called as no file should be.
names=('a*' 'a b' '$(INJECTED)' 'a%s%n$stem' "a'b" '#include' 'é' ' '
	'*; INJECTED();' $'refused_\nINJECTED();' 'refused_"; INJECTED(); "'
	'refused_\' "refused_??'" $'refused_\r*' $'refused_\x01')
for name in "${names[@]}"; do
	cp "$here/injection/names.x" "$work/names/$name.x"
	check "$work/names/$name.x"
done
echo "$n_files files, $failed failed"
[ $failed = 0 ] && [ $n_files -gt 15 ]

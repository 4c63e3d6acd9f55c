#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# How many bytes of object code ferry's C comes to, beside rpcgen's: over all of
# /usr/include/rpcsvc that rpcgen makes C of that compiles, and over a file of
# 6,000 lines, whose C must be free of warnings, too. The compiler is gcc -O2.
# code_size.sh FERRY
#
# text: machine code alone. size: with constants, and with what unwinding needs.
# all: with tables that hold addresses, which are data until they are loaded.
set -euo pipefail
ferry=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
include=$(cd "$here/../../include" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
most=150 # per cent
warnings='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror'
failed=0
n_files=0
sums=(0 0 0 0 0 0)

# The .text, the size as size(1) has it, and all, of objects together.
measure() { # OBJECT...
	size -A "$@" | awk '
		$1 ~ /^\.text/ { text += $2; size += $2 }
		$1 ~ /^\.(rodata|eh_frame)/ { size += $2 }
		$1 ~ /^\.data/ { data += $2 }
		END { print text + 0, size + 0, size + data }'
}

by_rpcgen() { # FILE.x STEM
	local part
	mkdir "$work/rpcgen"
	cp "$1" "$work/rpcgen/$2.x"
	(
		cd "$work/rpcgen"
		rpcgen -C -h -o "$2.h" "$2.x"
		rpcgen -C -c -o xdr.c "$2.x"
		rpcgen -C -l -o clnt.c "$2.x"
		rpcgen -C -m -o svc.c "$2.x"
		# What is empty was not made.
		for part in xdr clnt svc; do
			[ ! -s $part.c ] || gcc -std=gnu11 -O2 -w \
				-I/usr/include/tirpc -c $part.c -o $part.o
		done
	) > "$work/rpcgen.log" 2>&1
}

by_ferry() { # FILE.x STEM FLAGS...
	local x=$1 stem=$2
	shift 2
	mkdir "$work/ferry"
	"$ferry" gen -l c -o "$work/ferry" "$x" 2> "$work/ferry.log"
	gcc -std=gnu11 -O2 "$@" -I"$include" -I/usr/include/tirpc \
		-c "$work/ferry/$stem.c" -o "$work/ferry/$stem.o"
}

row() { # NAME OURS... THEIRS...
	printf '%-16s %7d %7d %7d   %7d %7d %7d   %3d%% %3d%% %3d%%\n' "$@" \
		$(($2 * 100 / $5)) $(($3 * 100 / $6)) $(($4 * 100 / $7))
}

limit() { # NAME OURS THEIRS
	[ $(($2 * 100)) -le $(($3 * most)) ] && return
	echo "FAILED: $1 is more than $most% of rpcgen's"
	failed=$((failed + 1))
}

compare() { # FILE.x FLAGS...
	local x=$1 stem ours theirs
	shift
	stem=$(basename "$x" .x)
	rm -rf "$work/rpcgen" "$work/ferry"
	if ! by_rpcgen "$x" "$stem"; then
		echo "$stem: rpcgen's does not compile"
		return
	fi
	by_ferry "$x" "$stem" "$@"
	read -ra ours <<< "$(measure "$work"/ferry/*.o)"
	read -ra theirs <<< "$(measure "$work"/rpcgen/*.o)"
	row "$stem" "${ours[@]}" "${theirs[@]}"
	limit "$stem" "${ours[1]}" "${theirs[1]}"
	for i in 0 1 2; do
		sums[i]=$((sums[i] + ours[i]))
		sums[i + 3]=$((sums[i + 3] + theirs[i]))
	done
	n_files=$((n_files + 1))
}

printf '%-16s %23s   %23s   %s\n' '' "ferry's text size all" \
	"rpcgen's text size all" 'text size all'
for x in /usr/include/rpcsvc/*.x; do
	case $x in
	*/nis.x | */nis_callback.x) # their % lines use names that rpcgen makes
		continue
		;;
	esac
	compare "$x" -w
done
[ $n_files -ge 14 ] || { echo "FAILED: only $n_files files"; exit 1; }
row rpcsvc "${sums[@]}"
limit 'all of rpcsvc' "${sums[2]}" "${sums[5]}"

"$here/large.py" 6000 > "$work/large.x"
sums=(0 0 0 0 0 0)
# shellcheck disable=SC2086 # the list of warnings is to be split
compare "$work/large.x" $warnings
limit 'all of large' "${sums[2]}" "${sums[5]}"
# shellcheck disable=SC2086
clang -std=c11 $warnings -I"$include" -c "$work/ferry/large.c" \
	-o "$work/large.o"
echo "$(wc -l < "$work/large.x") lines, $failed failed"
[ $failed = 0 ] && [ $n_files -ge 15 ]

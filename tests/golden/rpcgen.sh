#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: rpcgen.sh FERRY INCLUDE [--write]
#
# What rpcgen does with a file, shown first, and what ferry does. The folders of
# rpcgen/ say the former: it
#	refuses	the file, or dies of it
#	hangs
#	breaks	it: makes C that no compiler takes
#	takes	it, though it has no meaning
# Of a file y_*.x ferry makes C that compiles without a warning; n_*.x it refuses
# with the words of n_*.txt.
set -u
ferry=$(realpath "$1")
include=$(realpath "$2")
write=${3:-}
here=$(cd "$(dirname "$0")/rpcgen" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
n=0

command -v rpcgen >/dev/null || { echo "there is no rpcgen"; exit 1; }
cflags=$(pkg-config --cflags libtirpc) || exit 1

wrong() {
	echo "$1: $2"
	failed=1
}

# Header, codec and client as rpcgen makes them; its status.
rpcgen_makes() {
	rm -f in.h in_xdr.c in_clnt.c
	timeout 5 rpcgen -N -h -o in.h in.x &&
		timeout 5 rpcgen -N -c -o in_xdr.c in.x &&
		timeout 5 rpcgen -N -l -o in_clnt.c in.x
}

rpcgen_compiles() {
	# shellcheck disable=SC2086 # several words
	cc -Werror=implicit-function-declaration $cflags -fsyntax-only \
		in_xdr.c in_clnt.c
}

# What rpcgen does with in.x.
rpcgen_does() {
	rpcgen_makes >said 2>&1
	status=$?
	if [ "$status" -eq 124 ]; then
		echo hangs
	elif [ "$status" -ne 0 ]; then
		echo refuses
	elif ! rpcgen_compiles >said 2>&1; then
		echo breaks
	else
		echo takes
	fi
}

ferry_takes() {
	mkdir -p out
	if ! timeout 10 "$ferry" gen -Wnone -l c -o out in.x >said 2>&1; then
		wrong "$1" "ferry refuses it: $(head -2 said)"
	elif ! cc -std=c11 -Wall -Wextra -Werror "-I$include" -fsyntax-only \
		out/in.c >said 2>&1; then
		wrong "$1" "ferry's C does not compile: $(head -3 said)"
	fi
}

ferry_refuses() {
	timeout 10 "$ferry" check in.x >said 2>&1
	[ $? -eq 1 ] || wrong "$1" "ferry does not refuse it"
	[ -n "$write" ] && cp said "${1%.x}.txt"
	diff -u "${1%.x}.txt" said || wrong "$1" "not what is expected"
}

for file in "$here"/*/*.x; do
	n=$((n + 1))
	rm -rf out
	cp "$file" in.x
	does=$(rpcgen_does)
	[ "$does" = "$(basename "$(dirname "$file")")" ] ||
		wrong "$file" "rpcgen $does it: $(head -2 said)"
	case $file in
	*/y_*) ferry_takes "$file" ;;
	*) ferry_refuses "$file" ;;
	esac
done
[ "$n" -ge 50 ] || wrong "$here" "only $n files: where are the others?"
exit "$failed"

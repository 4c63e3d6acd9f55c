#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# install.sh SOURCE: installs into a temporary prefix; then README's example is
# built outside the tree by pkg-config alone, every way there is, and run.
set -uo pipefail
source=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
wrong=0
warnings='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror'

try() { # WHAT COMMAND...
	local what=$1
	shift
	if "$@" > "$work/log" 2>&1; then
		echo "ok - $what"
	else
		echo "not ok - $what"
		sed 's/^/# /' "$work/log"
		wrong=1
	fi
}

install() {
	meson setup "$work/build" "$source" --prefix "$prefix" -Dlibdir=lib \
		-Dbuildtype=release -Dtests=false &&
		ninja -C "$work/build" && meson install -C "$work/build"
}
try "install into an empty prefix" install
[ $wrong = 0 ] || exit 1

for file in bin/ferry lib/libferry.so lib/libferry.so.0 lib/libferry.so.0.1.0 \
	lib/libferry.a lib/pkgconfig/ferry.pc share/man/man1/ferry.1 \
	share/man/man3/ferry_client_open.3 share/man/man3/ferry_client_free.3 \
	share/man/man5/ferry-idl.5 share/man/man7/ferry-rpc.7 \
	share/bash-completion/completions/ferry \
	share/zsh/site-functions/_ferry; do
	try "$file" [ -e "$prefix/$file" ]
done
try "the headers, and no others" diff -r "$source/include/ferry" \
	"$prefix/include/ferry"
# grep reads to the end: a pipe that breaks would count as a failure.
soname() {
	readelf -d "$prefix/lib/libferry.so" |
		grep 'SONAME.*\[libferry.so.0\]'
}
try "the soname" soname
versions() {
	nm -D --defined-only "$prefix/lib/libferry.so" | grep '@@FERRY_0$'
}
try "versioned symbols" versions

# ---- outside the tree, with nothing but what was installed ----

export PATH=$prefix/bin:$PATH
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
export LD_LIBRARY_PATH=$prefix/lib
mkdir "$work/user"
cd "$work/user" || exit 1
for file in date.x server.c client.c; do
	awk -v name="/* file: $file */" '
		/^```/ { copy = 0 }
		copy { print }
		$0 == name { copy = 1 }' "$source/README.md" > "$file"
	try "README has $file" [ -s "$file" ]
done
awk '/^```/ { copy = 0 } copy { print } /^```sh$/ { copy = 1 }' \
	"$source/README.md" > build.sh
try "README's commands say the time" \
	sh -c 'sh -e build.sh | grep "^20..-..-.. ..:..:.. UTC$"'

cflags=$(pkg-config --cflags ferry)
libs=$(pkg-config --libs ferry)
static=$(pkg-config --static --libs ferry)

# says_the_time CLIENT SERVER: over a child's pipes and a unix socket
says_the_time() {
	local pid status
	timeout 20 "$1" "exec:$2 pipe:0,1" | grep -q '^20.* UTC$' || return 1
	"$2" "unix:$PWD/socket" &
	pid=$!
	status=1
	# README's server does not say when it listens: its client asks.
	for _ in $(seq 500); do
		timeout 20 "$1" "unix:$PWD/socket" 2> /dev/null |
			grep -q '^20.* UTC$' && status=0 && break
		sleep 0.02
	done
	kill "$pid"
	wait "$pid" 2> /dev/null
	rm -f socket
	return "$status"
}

# build OUT COMPILER OPTION... -- LINK...: one of the programs
build() {
	local out=$1 cc=$2
	shift 2
	# shellcheck disable=SC2086 # lists of options are to be split
	$cc $warnings $cflags "$@" -o "$out"
}

# shellcheck disable=SC2086
for cc in gcc clang; do
	try "$cc: the server" build server-$cc $cc -std=c11 -D_GNU_SOURCE \
		server.c date.c $libs
	try "$cc: the client" build client-$cc $cc -std=c11 client.c date.c $libs
	try "$cc: they talk" says_the_time ./client-$cc ./server-$cc
	try "$cc: the stubs, for C++" build date-$cc.o $cc -std=c11 -c date.c
	try "$cc: the client as C++17" build client-$cc++ $cc -x c++ -std=c++17 \
		client.c -x none date-$cc.o $libs
	try "$cc: C++ talks to C" says_the_time ./client-$cc++ ./server-$cc
	try "$cc: a static client" build client-$cc-static $cc -static -std=c11 \
		client.c date.c $static
	try "$cc: a static server" build server-$cc-static $cc -static -std=c11 \
		-D_GNU_SOURCE server.c date.c $static
	try "$cc: they talk without the shared library" \
		env -u LD_LIBRARY_PATH bash -c "$(declare -f says_the_time)
			says_the_time ./client-$cc-static ./server-$cc-static"
done
shared() { ldd ./client-gcc | grep "$prefix/lib/libferry.so.0" > /dev/null; }
try "the shared client uses the installed library" shared
alone() { [ -x client-gcc-static ] && ! ldd ./client-gcc-static; }
try "the static client needs no library" alone
try "the installed header knows its version" \
	sh -c '[ "$(pkg-config --modversion ferry)" = 0.1.0 ]'
exit $wrong

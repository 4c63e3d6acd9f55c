#!/bin/sh
# SPDX-License-Identifier: MIT
# ferry's channels and calls inside a suite of peers, in the same run:
#
#	bench/peers/run.sh SUITE [OPTION...]
#
# SUITE is the folder of the suite: src/, and its ./run, which takes candidates
# by CAND_MSG and CAND_RPC and gets the options (-r 3 -s 0.2 -m REGEX).
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
[ $# -gt 0 ] || { sed -n '3,9s/^# \{0,1\}//p' "$0"; exit 2; }
suite=$(cd "$1" && pwd)
shift

build=$here/build
[ -f "$build/build.ninja" ] ||
	meson setup "$build" "$here" --buildtype=release -Dtests=false > /dev/null
ninja -C "$build" ferry libferry.a > /dev/null
made=$build/peers
mkdir -p "$made"
# Another name: the suite has a bench.h of its own.
cp "$suite/src/bench.x" "$made/suite.x"
"$build/ferry" gen -l c -o "$made" "$made/suite.x" 2> /dev/null
compile() { # PROGRAM SOURCE...
	program=$1
	shift
	gcc -O2 -std=gnu11 -Wall -Wextra -I"$suite/src" -I"$here/include" \
		-I"$made" "$@" "$build/libferry.a" -pthread -o "$made/$program"
}
compile msg_ferry "$here/bench/peers/msg_ferry.c" "$suite/src/msg_main.c"
compile rpc_ferry "$here/bench/peers/rpc_ferry.c" "$made/suite.c" \
	"$suite/src/rpc_main.c"

variants=
for scheme in shm pipe fd unix tcp fifo mq sysv; do
	variants=$variants,ferry-$scheme,ferry-$scheme-late
done
variants=$variants,ferry-shm-cork,ferry-shm-poll,ferry-shm-trust
variants=$variants,ferry-unix-cork,ferry-unix-poll
CAND_MSG="${CAND_MSG-} $made/msg_ferry:${variants#,}"
CAND_RPC="${CAND_RPC-} $made/rpc_ferry:ferry-shm,ferry-unix,ferry-tcp"
export CAND_MSG CAND_RPC
cd "$suite"
exec ./run "$@"

#!/bin/sh
# SPDX-License-Identifier: MIT
# ferry's channels inside a suite of peers, in the same run:
#
#	bench/peers/run.sh SUITE [OPTION...]
#
# SUITE is the folder of the suite: src/msg.h, src/msg_main.c and its ./run,
# which takes candidates by CAND_MSG and gets the options (-r 3 -s 0.2 -m REGEX).
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
[ $# -gt 0 ] || { sed -n '3,9s/^# \{0,1\}//p' "$0"; exit 2; }
suite=$(cd "$1" && pwd)
shift

build=$here/build
[ -f "$build/build.ninja" ] ||
	meson setup "$build" "$here" --buildtype=release -Dtests=false > /dev/null
ninja -C "$build" libferry.a > /dev/null
gcc -O2 -std=gnu11 -Wall -Wextra -I"$suite/src" -I"$here/include" \
	"$here/bench/peers/msg_ferry.c" "$suite/src/msg_main.c" \
	"$build/libferry.a" -pthread -o "$build/msg_ferry"

variants=
for scheme in pipe fd unix tcp fifo mq sysv; do
	variants=$variants,ferry-$scheme,ferry-$scheme-late
done
CAND_MSG="${CAND_MSG-} $build/msg_ferry:${variants#,},ferry-unix-cork"
export CAND_MSG
cd "$suite"
exec ./run "$@"

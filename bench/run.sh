#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh BUILD [ARGUMENT...]: builds the benchmarks in BUILD and runs each
set -eu
cd "$(dirname "$0")/.."
build=$1
shift
ninja -C "$build" benchmarks > "$build/benchmarks.log" 2>&1 ||
	{ tail -n 60 "$build/benchmarks.log" >&2; exit 1; }
for name in serialisation null_call channels shm; do
	[ ! -x "$build/bench/$name" ] || "$build/bench/$name" "$@"
done
for name in crowd death; do
	[ ! -x "$build/bench/$name" ] || "$build/bench/$name"
done

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: java.sh FERRY
#
# The textbooks' date server and date client, which have one port, with ferry at
# the other end. In a world of its own, by tests/lib/world.sh.
# shellcheck disable=SC2154 # hands.sh sets what is not set here
set -u
ferry=$(realpath "$1")
root=$(realpath "$(dirname "$0")/..")
here=$root/cli
# shellcheck source=tests/cli/hands.sh
. "$here/hands.sh"
date='[A-Z][a-z]{2} [A-Z][a-z]{2} [0-9]{2} [0-9:]{8} [A-Z]+ [0-9]{4}'
addr='tcp:127.0.0.1:6013?frame=line'
export LC_ALL=C

javac -d . "$root/textbook/DateServer.java" "$root/textbook/DateClient.java" ||
	exit 1

# listening: somebody is at the port, which ss(8) tells without calling them.
await_listener() {
	local end=$((SECONDS + 30))
	until ss -Hltn 'sport = :6013' | grep -q .; do
		kill -0 $! && [ $SECONDS -lt $end ] || return 1
	done
}

java -Xshare:auto DateServer &
pids+=($!)
await_listener || wrong "no DateServer listens"
for _ in 1 2 3; do
	want 0 "^$date\$" recv "$addr"
	[ "$(wc -l < out)" = 1 ] || wrong "more than one line: $(cat out)"
done
want 0 '^\{"bytes":[0-9]+,"text":"'"$date"'"\}$' recv --json --count 1 "$addr"
want 0 "^$date\$" send --wait "$addr"
kill $!
wait $! 2> /dev/null

timeout --foreground 60 "$ferry" listen --count 2 "$addr" -- date \
	'+%a %b %d %T %Z %Y' 2> log &
pids+=($!)
await_listener || wrong "ferry does not listen: $(cat log)"
for _ in 1 2; do
	timeout 60 java -Xshare:auto DateClient > out 2>&1
	[ $? = 0 ] && grep -qE "^$date\$" out ||
		wrong "DateClient prints $(cat out)"
	[ "$(wc -l < out)" = 1 ] || wrong "more than one line: $(cat out)"
done
wait $! || wrong "ferry listen ends with $?: $(cat log)"
[ "$failed" = 0 ] && echo "ok"
exit "$failed"

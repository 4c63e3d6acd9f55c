#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# echo.sh SERVER CLIENT: the example in one event loop sends back what comes
# through many channels, of several facilities.
set -euo pipefail
server=$1
client=$2
work=$(mktemp -d)
pid=

finish() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT

start() { # ADDRESS
	coproc "$server" "$1"
	pid=$COPROC_PID
	read -r -t 20 address <&"${COPROC[0]}"
}

stop() {
	kill "$pid"
	wait "$pid" 2>/dev/null || true
	pid=
}

try() { # ADDRESS N
	start "$1"
	got=$(timeout 50 "$client" "$address" "$2")
	# The same again: what the first clients left behind does no harm.
	got+=" $(timeout 50 "$client" "$address" "$2")"
	echo "$address: $got"
	[ "$got" = "$2 of $2 came back $2 of $2 came back" ]
	stop
}

# No descriptor is left for what tells that a channel holds more messages: the
# server has to look when ferry_channel_timeout() says so.
try_without_bells() { # ADDRESS N
	local lowest=0
	start "$1"
	mkfifo "$work/in" "$work/out"
	timeout 50 "$client" "$address" "$2" 40 < "$work/in" > "$work/out" &
	exec 8> "$work/in" 9< "$work/out"
	read -r -t 20 <&9
	while [ -e "/proc/$pid/fd/$lowest" ]; do
		lowest=$((lowest + 1))
	done
	prlimit --pid "$pid" --nofile=$lowest
	echo >&8
	read -r -t 50 got <&9
	exec 8>&- 9<&-
	echo "$address, no descriptor left: $got"
	[ "$got" = "$((40 * $2)) of $((40 * $2)) came back" ]
	stop
}

many=500
[ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge 4096 ] || many=100
try "unix:$work/echo.sock" $many
try "tcp:127.0.0.1:0" 50
try "shm:$work/echo.shm" 100
try_without_bells "unix:$work/echo.sock" 20

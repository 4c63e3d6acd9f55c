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

try() { # ADDRESS N
	coproc "$server" "$1"
	pid=$COPROC_PID
	read -r -t 20 address <&"${COPROC[0]}"
	got=$(timeout 50 "$client" "$address" "$2")
	# The same again: what the first clients left behind does no harm.
	got+=" $(timeout 50 "$client" "$address" "$2")"
	echo "$address: $got"
	[ "$got" = "$2 of $2 came back $2 of $2 came back" ]
	kill "$pid"
	wait "$pid" 2>/dev/null || true
	pid=
}

many=500
[ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge 4096 ] || many=100
try "unix:$work/echo.sock" $many
try "tcp:127.0.0.1:0" 50

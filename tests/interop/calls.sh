#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# calls.sh SERVER CLIENT unix|tcp|exec: all calls of one program to the other.
set -euo pipefail
server=$1
client=$2
work=$(mktemp -d)
pid=
stop() {
	[ -z "$pid" ] || kill "$pid" 2> /dev/null || true
	rm -rf "$work"
}
trap stop EXIT

if [ "$3" = exec ]; then
	timeout 100 "$client" call "exec:$server serve pipe:0,1" "$server"
	exit
fi
case $3 in
unix) addr=unix:$work/socket ;;
tcp) addr=tcp:127.0.0.1:0 ;;
esac
mkfifo "$work/ready"
# In the foreground it passes SIGTERM on and no more. The SIGCONT that would
# follow undoes the SIGSTOP of a leak checker's ptrace, which waits for ever.
timeout --foreground -k 10 110 "$server" serve "$addr" > "$work/ready" &
pid=$!
# The server's first line is the address that it serves.
read -r -t 60 addr < "$work/ready"
timeout 100 "$client" call "$addr" "$server"

# libtirpc's server knows no end but a signal; ferry's stops when told to.
kill "$pid"
status=0
wait "$pid" || status=$?
pid=
case $server in
*tirpc) ;;
*) [ $status = 0 ] || { echo "not ok - the server ends cleanly: $status"; exit 1; }
	echo "ok - the server ends cleanly" ;;
esac

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: host.sh FERRY DATE_X
#
# ferry serve --register tells rpcbind, and ferry call HOST asks it. In a world
# of its own, by tests/lib/world.sh.
# shellcheck disable=SC2154 # hands.sh sets what is not set here
set -u
ferry=$(realpath "$1")
date_x=$(realpath "$2")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/cli/hands.sh
. "$here/hands.sh"
cp "$date_x" date.x
answer='{"seconds":"1","nanoseconds":2,"text":"tea"}'

want 3 'no rpcbind answers' serve --register tcp:127.0.0.1:0 date.x
want 3 'no rpcbind answers' call 127.0.0.1 date.x NOW

rpcbind -f &
pids+=($!)
until rpcinfo -s > /dev/null 2>&1; do
	kill -0 $! || { wrong "rpcbind does not start"; exit 1; }
done

want 7 'rpcbind|registered' call 127.0.0.1 date.x NOW
start "$ferry" serve --register --quiet 'tcp:*:0' "unix:$work/date" date.x \
	--reply "NOW=$answer"
rpcinfo -s | tr -s ' ' | grep -q ' 536874311 1 .*local' ||
	wrong "rpcinfo knows nothing: $(rpcinfo -s)"
rpcinfo -T tcp 127.0.0.1 536874311 1 > out 2>&1 ||
	wrong "rpcinfo pings nobody: $(cat out)"
ip addr add fe80::9/64 dev lo nodad
for host in 127.0.0.1 localhost ::1 '[::1]' fe80::9%lo '[fe80::9%lo]'; do
	gives "$answer" call "$host" date.x NOW
done
want 0 '^lookup [0-9.]+ ms, connect [0-9.]+ ms, call' \
	call --time 127.0.0.1 date.x NOW
want 7 'registered with versions 1 to 1' call --version 2 127.0.0.1 date.x NOW
want 7 '' call --program 0x20000d48 127.0.0.1 date.x NOW

# Killed, it leaves what is in the way of the next one, which takes its place.
kill -KILL "$(cat "/proc/$pid/task/$pid/children")"
wait "$pid" 2> /dev/null
want 3 'refused|cannot connect' call 127.0.0.1 date.x NOW
start "$ferry" serve --register --quiet tcp:127.0.0.1:0 date.x \
	--reply "NOW=$answer"
gives "$answer" call 127.0.0.1 date.x NOW
stop TERM
! rpcinfo -s | grep -q 536874311 || wrong "it is still registered"
[ "$failed" = 0 ] && echo "ok"
exit "$failed"

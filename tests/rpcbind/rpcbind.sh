#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# rpcbind.sh FERRY OURS PEER DATE_SERVER: ferry's rpcbind client beside rpcbind,
# rpcinfo and libtirpc. In a world of its own, by tests/lib/world.sh.
set -euo pipefail
# The world of a user who is not root has but one user id.
if ! grep -q 4294967295 /proc/self/uid_map; then
	echo "SKIPPED: rpcbind runs as root alone, to become somebody else"
	exit 77
fi
ferry=$1
ours=$2
peer=$3
date_server=$4
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

date=0x20000d47 # of date.x, version 1
decimal=536874311
there=0x20000d48 # of nobody: what is only registered

# expect PATTERN COMMAND...: it prints just this
expect() {
	local pattern=$1 got
	shift
	got=$("$@" 2>&1) || true
	# shellcheck disable=SC2053 # a pattern
	if [[ $got == $pattern ]]; then
		echo "ok - ${1##*/} ${*:2}: $got"
	else
		echo "not ok - $*: \"$got\", not \"$pattern\""
		failed=1
	fi
}

# start COMMAND...: in the background; sets line to the first that it prints
start() {
	rm -f "$work/ready"
	mkfifo "$work/ready"
	"$@" > "$work/ready" &
	read -r -t 30 line < "$work/ready"
}

# What rpcinfo knows of a program by its decimal number, blanks squeezed.
of_rpcinfo() { # PROGRAM
	rpcinfo -s | grep " $1 " | tr -s ' ' | sed 's/^ //; s/ $//'
}

# shellcheck disable=SC2317 # expect enters it
of_ours() { # HOST PROGRAM
	"$ours" dump "$1" | grep "^$2 "
}

echo "# without an rpcbind"
expect "FERRY_ECONNECT no rpcbind answers at unix:/run/rpcbind.sock or \
tcp:127.0.0.1:111: is it running? *" "$ours" dump -
expect "FERRY_ECONNECT no rpcbind answers at *" "$ours" register $date 1 \
	tcp:127.0.0.1:80
expect "ferry: no rpcbind answers at *" "$ferry" services

echo "# libtirpc, as a port mapper that knows version 2 alone"
start "$peer" mapper
mapper=$!
expect "spoken 2" "$ours" dump -
expect "" "$ours" register $there 1 tcp:*:4711
expect "FERRY_EACCES program $((there)) version 1 is registered already, at \
0.0.0.0.18.103: unregister it first" "$ours" register $there 1 tcp:127.0.0.1:80
expect "1 6 4711" "$peer" getmaps 127.0.0.1 $there
expect "tcp:127.0.0.1:4711" "$ours" find - $there 1
expect "FERRY_ENOTSUP rpcbind at tcp:127.0.0.1:111: it speaks version 2, *" \
	"$ours" register $there 2 unix:/run/there.sock
expect "FERRY_EPROTO rpcbind at tcp:127.0.0.1:111: *" "$ours" dump - 3
expect "FERRY_EVERSION program $((there)) is registered with versions 1 to 1, \
not with 2" "$ours" find - $there 2
expect "" "$ours" unregister $there 1
expect "FERRY_EPROG program $((there)) version 1 is not registered *" \
	"$ours" unregister $there 1
expect "FERRY_EPROG *" "$ours" find 127.0.0.1 $there 1
kill "$mapper"
wait "$mapper" || true

# It is ready when its first process ends.
rpcbind -w

echo "# one list, by both"
expect "$(rpcinfo -s | awk '$1 == 100000 { print $4, $5 }')" \
	echo portmapper superuser
for host in - 127.0.0.1 ::1 localhost; do
	for spoken in 4 3; do
		# rpcinfo: PROGRAM VERSION NETID UADDR SERVICE OWNER
		diff <(rpcinfo | awk 'NR > 1 { print $1, $2, $3, $4, $6 }' |
			sort) \
			<("$ours" dump "$host" $spoken | awk 'NR > 1 {
				print $1, $2, $3, $4, $6 }' | sort) ||
			{ echo "not ok - the list by $host, $spoken"; failed=1; }
	done
	# rpcinfo -p: PROGRAM VERSION PROTOCOL PORT SERVICE
	diff <(rpcinfo -p | awk 'NR > 1 { print $1, $2, $3, $4 }' | sort) \
		<("$ours" dump "$host" 2 | awk 'NR > 1 {
			n = split($4, part, ".")
			print $1, $2, $3, part[n - 1] * 256 + part[n] }' | sort) ||
		{ echo "not ok - the list by $host, 2"; failed=1; }
done
[ $failed = 1 ] || echo "ok - rpcinfo's list, in versions 4, 3 and 2"

echo "# a server of ours, registered in each version, found by theirs"
# Only tcp:, for version 2 has nothing else.
start "$date_server" tcp:127.0.0.1:0
addr=$line
for spoken in "" 4 3 2; do
	# shellcheck disable=SC2086 # an empty word is none
	expect "" "$ours" register $date 1 "$addr" $spoken
	expect "$decimal 1 tcp superuser" echo \
		"$(of_rpcinfo $decimal | sed 's/ -//')"
	expect "program $decimal version 1 ready and waiting" \
		rpcinfo -T tcp 127.0.0.1 $decimal 1
	port=${addr##*:}
	expect "127.0.0.1.$((port / 256)).$((port % 256))" \
		"$peer" getaddr 127.0.0.1 $date 1 tcp
	expect "$port" "$peer" getport 127.0.0.1 $date 1
	expect "*day, * UTC" "$peer" date 127.0.0.1 $date 1 tcp
	for host in - 127.0.0.1 localhost tcp:127.0.0.1:111 \
		unix:/run/rpcbind.sock; do
		for asked in "" 4 3 2; do
			# Version 2 has ports alone: the host is the one asked.
			# shellcheck disable=SC2086
			expect "tcp:@(127.0.0.1|localhost):$port" \
				"$ours" find $host $date 1 $asked
		done
	done
	# shellcheck disable=SC2086
	expect "" "$ours" unregister $date 1 $spoken
	expect "" of_rpcinfo $decimal
done
expect "FERRY_EPROG rpcbind at tcp:127.0.0.1:111 knows no address of program \
$decimal version 1 that can be dialled: *" "$ours" find 127.0.0.1 $date 1

echo "# what libtirpc registers, found by ours"
"$peer" set $there 1 tcp 127.0.0.1.47.17
"$peer" set $there 3 tcp 127.0.0.1.47.18
expect tcp:127.0.0.1:12049 "$ours" find - $there 1
expect tcp:127.0.0.1:12050 "$ours" find - $there 3
expect "FERRY_EVERSION program $((there)) is registered with versions 1 to 3, \
not with 2" "$ours" find - $there 2
"$peer" set $there 2 local /run/there.sock
expect unix:/run/there.sock "$ours" find - $there 2
expect unix:/run/there.sock "$ours" find 127.0.0.1 $there 2
"$peer" unset $there 1
expect "FERRY_EVERSION *" "$ours" find - $there 1
"$peer" unset $there 2
"$peer" unset $there 3

echo "# all addresses of a machine"
expect "" "$ours" register $there 1 tcp:*:4711
expect "$((there)) 1 tcp 0.0.0.0.18.103 tcp:127.0.0.1:4711 superuser
$((there)) 1 tcp6 ::.18.103 tcp:\[::1\]:4711 superuser" of_ours - $((there))
expect "" "$ours" register $there 1 tcp:*:4711
"$peer" unset $there 1
expect "" "$ours" register $there 1 tcp:0.0.0.0:4711
expect "$((there)) 1 tcp 0.0.0.0.18.103 tcp:127.0.0.1:4711 superuser" \
	of_ours - $((there))
expect "" "$ours" unregister $there 1
"$peer" set $there 1 tcp6 ::.1.1
expect "FERRY_EACCES program $((there)) version 1 is registered already, at \
::.1.1 by superuser: unregister it first" "$ours" register $there 1 tcp:*:4711
expect "$((there)) 1 tcp6 ::.1.1 tcp:\[::1\]:257 superuser" \
	of_ours - $((there))
expect "" "$ours" unregister $there 1
expect "" "$ours" register $there 1 "unix:@there"
expect "unix:@there" "$ours" find - $there 1
expect "" "$ours" unregister $there 1

echo "# asked from elsewhere, as far as addresses tell"
ip addr add 10.9.9.9/32 dev lo
ip addr add fd00::9/128 dev lo nodad
ip addr add fe80::9/64 dev lo nodad
"$peer" set $there 1 tcp 127.0.0.1.47.17
"$peer" set $there 1 local /run/there.sock
expect "FERRY_EPROG * that can be dialled: *" "$ours" find fd00::9 $there 1
"$peer" set $there 1 tcp6 ::ffff:127.0.0.2.47.17
expect "$((there)) 1 tcp 127.0.0.1.47.17 - superuser
$((there)) 1 local /run/there.sock - superuser
$((there)) 1 tcp6 ::ffff:127.0.0.2.47.17 - superuser" of_ours 10.9.9.9 $((there))
"$peer" unset $there 1
"$peer" set $there 1 tcp 0.0.0.0.47.17
for spoken in "" 4 3 2; do
	# shellcheck disable=SC2086
	expect tcp:10.9.9.9:12049 "$ours" find 10.9.9.9 $there 1 $spoken
	# shellcheck disable=SC2086
	expect "FERRY_EPROG * that can be dialled: *" \
		"$ours" find fd00::9 $there 1 $spoken
done
"$peer" set $there 1 tcp6 ::.47.18
for host in fe80::9%lo "[fe80::9%lo]" "tcp:[fe80::9%25lo]:111"; do
	expect "tcp:\[fe80::9%25lo\]:12050" "$ours" find "$host" $there 1
	expect "$((there)) 1 tcp 0.0.0.0.47.17 - superuser
$((there)) 1 tcp6 ::.47.18 tcp:\[fe80::9%25lo\]:12050 superuser" \
		of_ours "$host" $((there))
done
"$peer" unset $there 1

echo "# somebody else's"
expect "" "$ours" register $there 1 tcp:127.0.0.1:80
expect "" "$ours" register $there 1 tcp:127.0.0.1:80
expect "FERRY_EACCES program $((there)) version 1 is registered already, at \
127.0.0.1.0.80 by superuser: unregister it first" \
	"$ours" register $there 1 tcp:127.0.0.1:81
nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
expect "FERRY_EACCES program $((there)) version 1 is registered already, at \
127.0.0.1.0.80 by superuser: only its owner may take it back" \
	"${nobody[@]}" "$ours" unregister $there 1
expect "" "${nobody[@]}" "$ours" register $there 2 unix:/run/nobody.sock
expect "$((there)) 2 local /run/nobody.sock unix:/run/nobody.sock 65534" \
	of_ours - "$((there)) 2"
expect "" "${nobody[@]}" "$ours" unregister $there 2
expect "" "${nobody[@]}" "$ours" register $there 1 unix:/run/nobody.sock
expect tcp:127.0.0.1:80 "$ours" find - $there 1
expect "FERRY_EACCES *" "${nobody[@]}" "$ours" unregister $there 1
expect "" "$ours" unregister $there 1
expect "" of_ours - "$((there))"

echo "# the command"
# PROGRAM VERSION NETID UADDR OWNER, as rpcinfo prints them
flatten='
import json, sys
for s in json.load(sys.stdin)["services"]:
    for v in s["versions"]:
        print(s["program"], v, s["netid"], s["uaddr"], s["owner"])
'
expect "$(rpcinfo | awk 'NR > 1 { print $1, $2, $3, $4, $6 }' | sort)" \
	sort <("$ferry" services --json | python3 -c "$flatten")
# status WANTED COMMAND...: what it exits with
status() {
	local wanted=$1 got=0
	shift
	"$@" > "$work/out" 2>&1 || got=$?
	if [ $got = "$wanted" ]; then
		echo "ok - ${1##*/} ${*:2} exits with $got"
	else
		echo "not ok - $* exits with $got, not $wanted"
		failed=1
	fi
}
expect "" "$ours" register $there 7 unix:/run/nobody.sock
status 0 "$ferry" services
status 1 "$ferry" services --ping
expect "*$((there)) *7 *local *unix:/run/nobody.sock *superuser *cannot connect" \
	grep "$((there))" "$work/out"
expect "100000 *portmapper *2 *tcp *tcp:127.0.0.1:111 *superuser *[0-9] ms" \
	grep -m 1 "2 *tcp " "$work/out"
status 1 "$ferry" services --ping --json
expect '*"error": "FERRY_ECONNECT"*' grep error "$work/out"
expect "" "$ours" unregister $there 7
expect "" "$ours" register $there 7 unix:/run/caf%E9%C2%9B.sock
status 0 "$ferry" services
expect "*unix:/run/caf%E9%C2%9B.sock  superuser" grep "$((there))" "$work/out"
status 0 "$ferry" services --json
expect '*"unix:/run/caf%E9%C2%9B.sock"*' grep caf "$work/out"
expect "" "$ours" unregister $there 7
status 2 "$ferry" services --timeout never
status 2 "$ferry" services one two
status 2 "$ferry" services nope:111
expect '* tcp:nope:111, perhaps?' cat "$work/out"
status 3 "$ferry" services tcp:127.0.0.1:9
status 5 "$ferry" services "$addr"

echo "# the command, by its page"
mkdir "$work/man"
sed '/^\.\\" untested/d' "$root/docs/man/ferry-services.1" \
	> "$work/man/ferry-services.1"
"$root/tests/cli/man.py" "$ferry" "$root/examples/date/date.x" "$date_server" \
	"$work/man" || failed=1
exit $failed

# SPDX-License-Identifier: MIT
#
# What the tests with real peers share. Sourced by scripts that run in a world
# of their own (lib/world.sh): what they start ends with them, and may listen
# where it likes.
# shellcheck shell=bash
set -uo pipefail
work=$(mktemp -d)
trap 'umount -l export 2> /dev/null; rm -rf --one-file-system "$work"' EXIT
cd "$work" || exit
failed=0
# Their daemons are where only root looks.
PATH=$PATH:/usr/sbin:/sbin:/usr/lib/yp

# needs COMMAND PACKAGE...: skips the test if one is not there
needs() {
	while [ $# -gt 0 ]; do
		command -v "$1" > /dev/null || skip "no $1; it is in $2"
		shift 2
	done
}

skip() {
	echo "SKIPPED: $*"
	exit 77
}

# fatal WHAT [FILE...]: ends the test, and shows what may tell why
fatal() {
	echo "not ok - $1"
	shift
	[ $# = 0 ] || tail -n 40 "$@" 2> /dev/null | sed 's/^/# /'
	exit 1
}

# check WHAT COMMAND...: one test; what the command prints is in the files "out"
# and "err", which the next check writes anew
check() {
	local what=$1
	shift
	if timeout -k 5 60 "$@" > out 2> err; then
		echo "ok - $what"
	else
		echo "not ok - $what: status $?"
		head -n 20 out err | sed 's/^/# /'
		failed=1
	fi
}

# same WHAT EXPECTED GOT: two texts
same() {
	if [ "$2" = "$3" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		diff <(echo "$2") <(echo "$3") | head -n 20 | sed 's/^/# /'
		failed=1
	fi
}

# await SECONDS COMMAND...: until it succeeds. Peers do not tell when they are
# ready: they are asked until they answer.
await() {
	local end=$((SECONDS + $1))
	shift
	until "$@" > await.log 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}

# field FILE KEY...: what is at that place in a file of JSON
field() {
	python3 -c 'import json, sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2:]:
    value = value[int(key) if key.isdigit() else key]
print(value)' "$@"
}

# services NETID FILE: what "ferry services --json" printed, as "rpcinfo -p" has
# it: program, version, transport and port, but for rpcbind's own
services() {
	python3 -c 'import json, sys
for s in json.load(open(sys.argv[2]))["services"]:
    if s["netid"] == sys.argv[1] and s["program"] != 100000:
        for version in s["versions"]:
            port = s["address"].rsplit(":", 1)[1]
            print(s["program"], version, s["netid"], port)' "$@"
}

start_rpcbind() {
	# The world of a user who is not root has but one user id.
	grep -q 4294967295 /proc/self/uid_map ||
		skip "rpcbind runs as root alone, to become somebody else"
	rpcbind -f > rpcbind.log 2>&1 &
	await 20 rpcinfo -T tcp 127.0.0.1 portmapper ||
		fatal "rpcbind starts" rpcbind.log await.log
}

# ---- what was sent, as tshark sees it ----

# Whether a datagram that is sent has arrived in the capture.
captured() { # MARK
	echo "$1" > /dev/udp/127.0.0.1/9
	grep -aq "$1" frames
}

capture_start() {
	rm -f frames
	dumpcap -q -B 64 -i lo -w frames > /dev/null 2> dumpcap.log &
	dumpcap=$!
	await 20 captured ferry-capture-begins || fatal "a capture" dumpcap.log
}

# Ends the capture, when all that was sent before has arrived in it.
capture_end() {
	await 20 captured ferry-capture-ends || fatal "a capture" dumpcap.log
	kill -INT "$dumpcap"
	wait "$dumpcap"
}

# frames PORTS FILTER FIELD...: the fields of each frame that the filter takes,
# where PORTS, with spaces between, carry RPC
frames() {
	local ports=$1 filter=$2 field decode=() fields=()
	shift 2
	for field in "$@"; do fields+=(-e "$field"); done
	for field in $ports; do decode+=(-d "tcp.port==$field,rpc"); done
	timeout -k 5 60 tshark -n -r frames "${decode[@]}" \
		-o rpc.dissect_unknown_programs:TRUE -Y "$filter" \
		-T fields "${fields[@]}" 2> tshark.log
}

# well_formed PORTS CALLS: that there are that many calls at least, and no frame
# of which a dissector says that it is malformed
well_formed() {
	local bad calls
	bad=$(frames "$1" '_ws.malformed' frame.number _ws.col.Info)
	same "no malformed frame" "" "$bad"
	calls=$(frames "$1" 'rpc.msgtyp == 0' rpc.program | wc -l)
	if [ "$calls" -ge "$2" ]; then
		echo "ok - tshark saw $calls calls"
	else
		echo "not ok - tshark saw $calls calls, not $2"
		sed 's/^/# /' tshark.log
		failed=1
	fi
}

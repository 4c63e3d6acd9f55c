#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: netcat.sh FERRY
#
# nc (of OpenBSD) and socat at the other end of tcp: and unix:, connecting and
# connected to, with each framing. What they carry is bytes, so the script makes
# and reads what a framing puts around a message.
# shellcheck disable=SC2154 # hands.sh sets what is not set here
set -u
ferry=$(realpath "$1")
here=$(realpath "$(dirname "$0")/../cli")
# shellcheck source=tests/cli/hands.sh
. "$here/hands.sh"
command -v nc > /dev/null && command -v socat > /dev/null || exit 77

# What each framing makes of the messages "one" and "two".
framed=(
	[0]='line:one\ntwo\n'
	[1]='nul:one\0two\0'
	[2]='u32:\0\0\0\003one\0\0\0\003two'
	[3]='raw:onetwo'
	[4]='record:\0200\0\0\003one\0200\0\0\003two'
)

# await COMMAND...: until it succeeds, for as long as the last job runs.
await() {
	local end=$((SECONDS + 30))
	until "$@"; do
		if ! kill -0 $! || [ $SECONDS -ge $end ]; then
			wrong "in vain: $*"
			return 1
		fi
	done 2> /dev/null
}

# Whether somebody listens at the socket: its file is there before that.
listens() {
	grep -q " 00010000 .* $work/s\$" /proc/net/unix
}

# same FILE TEXT WHAT: FILE holds exactly that.
same() {
	printf '%b' "$2" | cmp -s - "$1" ||
		wrong "$3: $(od -c "$1" | head -n 5), not $2"
}

# finished PID WHAT: it ends well.
finished() {
	wait "$1" || wrong "$2: status $?: $(cat log)"
}

# What ferry prints of the two messages: raw ones are but bytes.
printed_of() {
	if [ "$1" = raw ]; then echo 'onetwo'; else echo 'one\ntwo\n'; fi
}

# ferry listens with COMMAND... behind; sets host, port, path and pid.
listen() { # FRAME ARGUMENT...
	local frame=$1
	shift
	rm -f "$work/s"
	: > log
	timeout 60 "$ferry" listen --count 2 --frame "$frame" tcp:127.0.0.1:0 \
		"unix:$work/s" "$@" > got 2> log &
	pid=$!
	pids+=("$pid")
	await grep -q "unix:" log
	port=$(sed -n 's/^tcp:127.0.0.1:\([0-9]*\).*/\1/p' log)
}

for item in "${framed[@]}"; do
	frame=${item%%:*}
	bytes=${item#*:}
	printed=$(printed_of "$frame")
	printf '%b' "$bytes" > bytes

	# They connect, and send to ferry,
	listen "$frame"
	timeout 20 nc -N 127.0.0.1 "$port" < bytes > out
	timeout 20 socat -u - "UNIX-CONNECT:$work/s" < bytes
	finished "$pid" "$frame: listen"
	same got "$printed$printed" "$frame: nc and socat send"

	# or are sent what a command prints, or what they have sent.
	listen "$frame" -- printf 'one\ntwo\n'
	timeout 20 nc -U "$work/s" < /dev/null > out
	[ "$frame" = raw ] && bytes='one\ntwo\n'
	same out "$bytes" "$frame: nc receives"
	timeout 20 socat -u "TCP:127.0.0.1:$port" - > out
	same out "$bytes" "$frame: socat receives"
	finished "$pid" "$frame: listen with a command"
	bytes=${item#*:}

	# They listen: ferry sends to them,
	rm -f s
	timeout 20 nc -lU "$work/s" > out &
	await listens
	want 0 '' send --frame "$frame" "unix:$work/s" one two
	finished $! "$frame: nc -l"
	same out "$bytes" "$frame: ferry sends to nc"
	rm -f s
	timeout 20 socat -u "UNIX-LISTEN:$work/s" - > out &
	await listens
	want 0 '' send --frame "$frame" "unix:$work/s" one two
	finished $! "$frame: socat listens"
	same out "$bytes" "$frame: ferry sends to socat"

	# or receives from them.
	rm -f s
	timeout 20 nc -NlU "$work/s" < bytes > sent &
	await listens
	want 0 '' recv "unix:$work/s?frame=$frame"
	same out "$printed" "$frame: ferry receives from nc"
	finished $! "$frame: nc -l sends"
	rm -f s
	timeout 20 socat -U "UNIX-LISTEN:$work/s" - < bytes &
	await listens
	want 0 '' recv "unix:$work/s?frame=$frame"
	same out "$printed" "$frame: ferry receives from socat"
	finished $! "$frame: socat sends"
done

# Both ways at once, a command at each end.
rm -f s
timeout 20 socat "UNIX-LISTEN:$work/s" 'EXEC:tr a-z A-Z' &
await listens
want 0 '^HELLO$' send --wait --frame line "unix:$work/s" hello
finished $! "socat with a command"

# What stops in the middle of a message has broken off.
rm -f s
printf '\0\0\0\011one' | timeout 20 nc -NlU "$work/s" > sent &
await listens
want 3 'middle of a message|broke' recv "unix:$work/s?frame=u32"
[ "$failed" = 0 ] && echo "ok"
exit "$failed"

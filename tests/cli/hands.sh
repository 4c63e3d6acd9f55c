# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# What call.sh, serve.sh and host.sh share beside want.sh: servers, which go when
# the script ends. $here is this folder.

# They start python3 often: where it is a script that looks for another one, it
# is that one, at a tenth of the time.
python=$(python3 -c 'import sys; print(sys.executable)')
PATH=$(dirname "$python"):$PATH
# shellcheck source=tests/cli/want.sh
. "$here/want.sh"
syntax=-E
pids=()

cleanup() {
	[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2> /dev/null
	wait 2> /dev/null
	rm -rf "$work"
}
trap cleanup EXIT

# gives RESULT ARGUMENT...: ferry succeeds and prints this JSON, white space
# aside.
gives() {
	local result=$1
	shift
	want 0 '' "$@"
	[ "$(tr -d ' \n' < out)" = "${result// /}" ] ||
		wrong "ferry $*: $(cat out), not $result"
}

# start COMMAND...: in the background; sets pid, and addr to its first line.
# timeout in the foreground passes signals on and no more.
start() {
	rm -f ready
	mkfifo ready
	timeout --foreground -k 5 120 "$@" > ready 2> log &
	pid=$!
	pids+=("$pid")
	read -r -t 60 addr < ready || wrong "$1 does not start: $(tail -c 1500 log)"
}

# stop SIGNAL: the server that was started last ends well.
stop() {
	local status=0
	kill -s "$1" "$pid"
	wait "$pid" || status=$?
	[ "$status" = 0 ] || wrong "exit status $status after SIG$1: $(tail -c 1500 log)"
}

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: serve.sh FERRY DATE_X DATE_CLIENT TYPES_X INTEROP_TIRPC
#
# ferry serve, with a client of libtirpc and with ferry call at the other end.
# shellcheck disable=SC2154 # hands.sh sets what is not set here
set -u
ferry=$(realpath "$1")
date_x=$(realpath "$2")
date_client=$(realpath "$3")
types_x=$(realpath "$4")
tirpc=$(realpath "$5")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/cli/hands.sh
. "$here/hands.sh"
cp "$date_x" date.x
cp "$types_x" types.x
cat > hand.x <<-'END'
	struct pair { int a; hyper b; };
	program HAND {
		version HAND_1 {
			int ONE(void) = 1; pair SAME(pair) = 2;
			void NONE(void) = 3; string ECHO(string) = 4;
			int SUM(int, int) = 5; int WAIT(void) = 6;
			int WAKE(void) = 7;
		} = 1;
		version HAND_2 { int ONE(void) = 1; } = 2;
	} = 0x20000001;
END

# logged PATTERN: the log of the server has such a line.
logged() {
	grep -qE -- "$1" log || wrong "no '$1' in the log: $(tail -c 1500 log)"
}

# ---- libtirpc calls commands ----

runs=()
for name in NOTHING WHO REVERSE ROTATE INTEROP_FIRST.NEGATE WIDEN INVERT HALVE \
	PAINT GREET SORT CHOOSE QUARTER DOUBLE MIRROR REFUSE INTEROP_THIRD.NEGATE
do
	runs+=(--run "$name=python3 -IS $here/hand.py")
done
start "$ferry" serve "unix:$work/hand" tcp:127.0.0.1:0 types.x \
	"${runs[@]}"
[ "$addr" = "unix:$work/hand" ] || wrong "its address is $addr"
timeout 100 "$tirpc" call "$addr" "$tirpc" > calls 2>&1
# A command cannot answer AUTH_ERROR, and has no walk through ECHO's values.
if [ "$(grep -v '^ok' calls | grep -c '^not ok')" != 2 ] ||
	[ "$(grep -c '^ok' calls)" -lt 29 ] ||
	! grep -q '^not ok.*AUTH_TOOWEAK' calls; then
	wrong "libtirpc's client: $(cat calls)"
fi
logged '"procedure":"INTEROP.INTEROP_THIRD.NEGATE".*"args":7,"status":"SUCCESS"'
logged '"INTEROP.INTEROP_FIRST.INVERT","peer".*"GARBAGE_ARGS".*"error":".*2'
logged 'REFUSE".*"SYSTEM_ERR".*exited with 3'
logged '"auth":{"machine":"m{255}","uid":12345,"gid":4294967294,"gids":\[4294'
grep '^{' log | python3 -c 'import json, sys
for line in sys.stdin:
    call = json.loads(line)
    assert list(call)[:3] == ["procedure", "peer", "auth"], call
    assert call["micros"] >= 0, call' || wrong "the log is not JSON"
stop TERM
[ ! -e hand ] || wrong "the socket is still there"

# ---- ferry's stubs get what --reply says ----

echo '{"seconds": "1", "nanoseconds": 2, "text": "tea time"}' > now.json
start "$ferry" serve tcp:127.0.0.1:0 date.x --reply NOW=@now.json
case $addr in
tcp:127.0.0.1:0) wrong "the port it got is not told" ;;
tcp:127.0.0.1:*) ;;
*) wrong "its address is $addr" ;;
esac
[ "$(timeout 60 "$date_client" "$addr")" = 'tea time' ] ||
	wrong "date-client does not get the value"
logged '"DATE.DATE_1.NOW","peer":"127.0.0.1:[0-9]*","auth":null,"args":null,'
stop INT

# ---- each kind of answer ----

start "$ferry" serve "unix:$work/hand" "shm:$work/fast?ring=64k" hand.x \
	--reply HAND_1.ONE=1 --reply HAND_2.ONE=2 --run SAME=cat --reply NONE=null \
	--run 'ECHO=cat' --run 'SUM=tr "[],\n" "   \n" | { read a b; echo $((a + b)); }'
gives 1 call "$addr" hand.x HAND_1.ONE
gives 2 call "$addr" hand.x ONE
gives null call "$addr" hand.x NONE
gives null call "$addr" hand.x 0
gives '{"a":-1,"b":"-9223372036854775808"}' call "$addr" hand.x SAME \
	'{"a": -1, "b": "-9223372036854775808"}'
gives 7 call "$addr" hand.x SUM '[3, 4]'
want 7 'does not have procedure 6' call "$addr" hand.x WAIT
logged 'HAND_1.WAIT".*"status":"PROC_UNAVAIL"'
logged 'HAND_1.NULL".*"status":"SUCCESS"|HAND_2.NULL".*"SUCCESS"'
want 7 'could not decode' call --raw "$addr" hand.x SAME 00
want 7 'could not decode' call --raw "$addr" hand.x HAND_1.ONE 00000000
logged '"GARBAGE_ARGS".*4 bytes are left over'
want 7 'does not have program 9' call --program 9 "$addr" hand.x 0
logged '^ferry: uid .*program 9, version 2, procedure 0, .*: PROG_UNAVAIL$'
want 7 'versions 1 to 2' call --version 3 "$addr" hand.x 0
logged '^ferry: uid .*version 3, procedure 0, .*: PROG_MISMATCH$'
want 7 'does not have procedure 99' call --raw "$addr" 0x20000001.1.99
logged '^ferry: uid .*version 1, procedure 99, .*: PROC_UNAVAIL$'
# A caller's words are data, whatever a shell would make of them.
for text in '; touch pwned #' '$(touch pwned)' '`touch pwned`' "'; touch pwned;'" \
	'"; touch pwned; "' '\n touch pwned' '%s%n' '-n'; do
	word=$(printf '%s' "$text" | sed 's/[\\"]/\\&/g')
	want 0 '' call "$addr" hand.x ECHO -- "\"$word\""
	[ "$(cat out)" = "\"$word\"" ] || wrong "$word comes back as $(cat out)"
done
[ ! -e pwned ] || wrong "a caller runs commands"
gives '{"hex":"ff00"}' call "$addr" hand.x ECHO '{"hex": "ff00"}'
python3 -c 'print("\"" + "x" * 900000 + "\"")' > long.json
for where in "$addr" "shm:$work/fast" "shm:$work/fast?ring=4k"; do
	"$ferry" call "$where" hand.x ECHO @long.json 2> err |
		cmp -s - long.json ||
		wrong "a long string by $where: $(head -c 300 err)"
done
gives '{"a":1,"b":"2"}' call "shm:$work/fast" hand.x SAME '{"a": 1, "b": "2"}'
logged 'HAND_1.SAME","peer":"uid [0-9]*, pid [0-9]*".*"status":"SUCCESS"'
want 5 '' call "$addr" hand.x ECHO 7
stop TERM

# ---- commands that do not answer well ----

fails() { # PATTERN COMMAND [OPTION...]
	local pattern=$1 command=$2
	shift 2
	start "$ferry" serve "unix:$work/bad" hand.x --run "SAME=$command" "$@"
	want 7 'SYSTEM_ERR' call "$addr" hand.x SAME '{"a": 1, "b": "2"}'
	gives null call "$addr" hand.x 0
	stop TERM
	logged "$pattern"
}
fails 'the command exited with 3' 'exit 3'
fails 'the command exited with 127' 'no-such-command'
fails 'the command died of signal 9' 'kill -9 $$'
fails 'the output of the command is not the result' 'echo 7'
logged 'int a;'
fails 'the output of the command is not the result' 'echo "{"'
fails 'the output of the command is not the result' :
fails 'the output of the command is not the result' 'cat; cat; echo {}'
fails 'the command was ended: longer than the limit' 'cat /dev/zero'
fails '^ferry: HAND.HAND_1.SAME: the command exited with 3$' 'exit 3' --quiet
fails '^oops$' 'echo oops >&2; exit 1'

# What a command has started ends with it: nobody holds the pipe any more.
mkfifo held begun
timeout 60 cat held > /dev/null &
holder=$!
fails 'the command was ended: the deadline passed' \
	'tail -f /dev/null > held & wait' --timeout 1s
wait "$holder" || wrong "a child of a command lives on"

# A server that ends takes its commands along, and tells who waits for them.
timeout 60 cat held > /dev/null &
holder=$!
start "$ferry" serve "unix:$work/slow" hand.x --run \
	'WAIT=exec 8> held; echo > begun; tail -f /dev/null'
"$ferry" call "$addr" hand.x WAIT > out 2> err &
caller=$!
read -r -t 60 _ < begun || wrong "the command was not started"
stop TERM
wait "$holder" || wrong "a command outlives its server"
wait "$caller"
[ $? = 7 ] || wrong "who waits is not told: $(cat err)"

# ---- side by side ----

mkfifo door
start "$ferry" serve --quiet "unix:$work/hand" hand.x \
	--run 'WAIT=cat door' --run 'WAKE=echo 5 > door; echo 6' --run SAME=cat
"$ferry" call "$addr" hand.x WAIT > waited &
waiter=$!
gives 6 call "$addr" hand.x WAKE
wait "$waiter"
[ "$(cat waited)" = 5 ] || wrong "one command waits for another"
callers=()
for i in $(seq 80); do
	"$ferry" call "$addr" hand.x SAME "{\"a\": $i, \"b\": \"0\"}" \
		> "same.$i" 2>&1 &
	callers+=($!)
done
wait "${callers[@]}"
for i in $(seq 80); do
	grep -q "\"a\": $i," "same.$i" || wrong "call $i: $(cat "same.$i")"
done
[ ! -s log ] || wrong "--quiet: $(tail -c 1500 log)"
stop TERM

# ---- the environment of a command ----

start env FERRY_AUTH_UID=stale "$ferry" serve "unix:$work/hand" hand.x \
	--timeout 5s --run 'HAND_1.ONE=env | grep ^FERRY_ | sort >&2; echo 1'
want 0 1 call "$addr" hand.x HAND_1.ONE
logged '^FERRY_PROGRAM=HAND$'
logged '^FERRY_VERSION=HAND_1$'
logged '^FERRY_PROCEDURE=ONE$'
logged '^FERRY_TIMEOUT_MS=5000$'
logged "^FERRY_PEER_UID=$(id -u)$"
logged '^FERRY_PEER_PID=[0-9]+$'
! grep -q FERRY_AUTH log || wrong "a stale credential"
want 0 1 call --auth sys "$addr" hand.x HAND_1.ONE
logged "^FERRY_AUTH_UID=$(id -u)$"
logged "^FERRY_AUTH_MACHINE=$(hostname)$"
stop TERM

# ---- its end ----

start "$ferry" serve --count 2 "unix:$work/two" hand.x --reply HAND_1.ONE=1
gives 1 call "$addr" hand.x HAND_1.ONE
gives 1 call "$addr" hand.x HAND_1.ONE
wait "$pid" || wrong "--count 2 ends with $?"
gives 1 call "exec:$ferry serve pipe:0,1 hand.x --reply HAND_1.ONE=1" hand.x \
	HAND_1.ONE

# ---- words ----

want 2 'at which address' serve
want 2 'at which address' serve hand.x
want 2 'which file' serve "unix:$work/hand"
want 2 'one file at a time' serve "unix:$work/hand" hand.x date.x
want 2 "no procedure 'TWO'" serve "unix:$work/hand" hand.x --reply TWO=1
want 2 'takes PROCEDURE=' serve "unix:$work/hand" hand.x --reply ONE
want 2 'takes PROCEDURE=' serve "unix:$work/hand" hand.x --run =cat
want 2 'ONE has two answers' serve "unix:$work/hand" hand.x --reply ONE=1 \
	--run ONE=cat
want 5 'takes a|is not|struct' serve "unix:$work/hand" hand.x --reply SAME=1
grep -q 'hyper b;' err || wrong "no declaration: $(cat err)"
want 2 '' serve "unix:$work/hand" hand.x --reply 'SAME={'
want 2 'number of calls' serve --count 0 "unix:$work/hand" hand.x
want 2 'number of calls' serve --count -1 "unix:$work/hand" hand.x
want 2 'a time as' serve --timeout -1 "unix:$work/hand" hand.x
want 2 'no transport' serve nope:x hand.x
start "$ferry" serve "unix:$work/address.x" hand.x --reply HAND_2.ONE=2
gives 2 call "$addr" hand.x ONE
gives 2 call hand.x "$addr" ONE
stop TERM
echo 'struct s { int a; };' > none.x
want 1 'declares no program' serve "unix:$work/hand" none.x
want 1 'cannot open gone.x' serve "unix:$work/hand" gone.x
want 0 'usage: ferry serve' serve --help
[ "$failed" = 0 ] && echo "ok"
exit "$failed"

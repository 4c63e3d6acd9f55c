#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: call.sh FERRY DATE_X DATE_SERVER TYPES_X INTEROP_TIRPC
#
# ferry call, with servers of libtirpc and of ferry at the other end, and with
# some that never answer or do not know how.
# shellcheck disable=SC2154 # hands.sh sets what is not set here
set -u
ferry=$(realpath "$1")
date_x=$(realpath "$2")
date_server=$(realpath "$3")
types_x=$(realpath "$4")
tirpc=$(realpath "$5")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/cli/hands.sh
. "$here/hands.sh"
cp "$date_x" date.x
cp "$types_x" types.x

# ---- libtirpc answers ----

values() {
	gives null call "$addr" types.x NOTHING
	gives null call "$addr" types.x 0
	gives 5 call "$addr" types.x INTEROP_FIRST.NEGATE -5
	gives -7 call "$addr" types.x INTEROP_THIRD.NEGATE 7
	gives -7 call "$addr" types.x negate 7
	gives '"-21474836485"' call "$addr" types.x WIDEN -5
	gives '"2"' call "$addr" types.x DOUBLE '"9223372036854775809"'
	gives '"18446744073709551614"' call "$addr" types.x DOUBLE \
		'"0x7fffffffffffffff"'
	gives false call "$addr" types.x INVERT true
	gives 0.0625 call "$addr" types.x HALVE 0.125
	gives '"NaN"' call "$addr" types.x HALVE '"NaN"'
	gives '"BLUE"' call "$addr" types.x PAINT '"RED"'
	gives '"hello, ü \\ \""' call "$addr" types.x GREET '"ü \\ \""'
	gives '{"hex": "68656c6c6f2c20ff"}' call "$addr" types.x GREET \
		'{"hex": "ff"}'
	gives '[-1, 4, 9]' call "$addr" types.x SORT '[9, -1, 4]'
	gives '{"x": -2, "y": 1}' call "$addr" types.x MIRROR '{"x":1,"y":-2}'
	gives '{"kind": 3, "text": "x"}' call "$addr" types.x CHOOSE \
		'{"kind": 2, "text": "x"}'
	gives '{"kind": 4}' call "$addr" types.x CHOOSE '{"kind": 4}'
	gives '"0300ff"' call "$addr" types.x REVERSE '"ff0003"'
	gives '[{"value":2},{"value":1}]' call "$addr" types.x ROTATE \
		'[{"value": 1}, {"value": 2}]'
	gives '[]' call "$addr" types.x ROTATE null
}

ways_to_say_it() {
	echo 7 > seven.json
	gives -7 call "$addr" types.x NEGATE @seven.json
	echo 8 | "$ferry" call "$addr" types.x NEGATE - > out 2> err
	[ "$(cat out)" = -8 ] || wrong "arguments from standard input"
	want 0 '^lookup|^connect [0-9.]+ ms, call [0-9.]+ ms$' \
		call --time "$addr" types.x NEGATE 7
	printf '\0\0\0\7' > seven
	for seven in 00000007 @seven; do
		"$ferry" call --raw "$addr" 0x20000077.3.6 $seven > out 2> err
		printf '\377\377\377\371' | cmp -s - out ||
			wrong "--raw $seven by number"
		"$ferry" call --raw "$addr" types.x \
			INTEROP_THIRD.NEGATE $seven | cmp -s - out ||
			wrong "--raw $seven by name"
	done
	python3 -c 'print("\"" + "%0*x" % (600002, 7 ** 20000) + "\"")' > big.json
	"$ferry" call "$addr" types.x REVERSE @big.json > once.json
	"$ferry" call "$addr" types.x REVERSE @once.json > twice.json
	cmp -s big.json twice.json || wrong "300,001 bytes there and back"
	! cmp -s big.json once.json || wrong "nothing was reversed"
}

credentials() {
	gives '{"flavor": 0, "uid": 0, "gid": 0, "gids": [], "machine": ""}' \
		call "$addr" types.x WHO
	want 0 '' call --auth sys "$addr" types.x WHO
	python3 -c 'import json, os, socket, sys
got = json.load(open("out"))
groups = os.getgroups()[:16]
want = dict(flavor=1, uid=os.geteuid(), gid=os.getegid(), gids=groups,
            machine=socket.gethostname())
sys.exit(got != want)' || wrong "--auth sys: $(cat out)"
}

refusals() {
	want 7 'does not have program 9 .*--program' \
		call --program 9 "$addr" types.x NOTHING
	want 7 'versions 1 to 3 of program .* not 2; --version' \
		call --version 2 "$addr" types.x NOTHING
	want 7 'does not have procedure 99' call --raw "$addr" 0x20000077.1.99
	want 7 'could not decode the arguments' \
		call --raw "$addr" 0x20000077.1.8
	want 7 'failed to run the call \(SYSTEM_ERR\)' \
		call "$addr" types.x REFUSE 0
	want 6 'AUTH_TOOWEAK; the call had none: --auth sys' \
		call "$addr" types.x REFUSE 5
	want 6 'AUTH_TOOWEAK; .*RPCSEC_GSS' \
		call --auth sys "$addr" types.x REFUSE 5
	want 6 'AUTH_REJECTEDCRED; it was AUTH_SYS' \
		call --auth sys "$addr" types.x REFUSE 2
}

for addr in "unix:$work/socket" tcp:127.0.0.1:0; do
	start "$tirpc" serve "$addr"
	values
	ways_to_say_it
	credentials
	refusals
	kill "$pid"
	wait "$pid" 2> /dev/null
done

# ---- ferry answers, as a child ----

child="exec:$date_server pipe:0,1"
want 0 '"text": ".* UTC"' call "$child" date.x NOW
want 0 '"text"' call "$child" date.x DATE.DATE_1.NOW
want 0 '"text"' call "$child" date.x 1.NOW
want 0 '"text"' call "$child" date.x 1
want 2 "no procedure 'NOV': did you mean 'NOW'" call "$child" date.x NOV
want 5 'takes no arguments' call "$child" date.x NOW 7

# ---- over shared memory ----

start "$date_server" "shm:$work/memory?ring=8k"
for options in '' '?ring=4k' '?trust=peer&ring=1m' "?uid=$(id -u)"; do
	want 0 '"text": ".* UTC"' call "$addr$options" date.x NOW
done
want 6 'asks for uid' call "$addr?uid=$(($(id -u) + 1))" date.x NOW
want 2 'a power of two from 4k to 1g' call "$addr?ring=5" date.x NOW
want 2 'write .trust=peer, or leave it out' call "$addr?trust=me" date.x NOW
want 2 'leave .frame= out' call "$addr?frame=line" date.x NOW
want 3 'speaks shm:, not unix:' call "unix:$work/memory" date.x NOW
kill "$pid"
wait "$pid" || wrong "a server over shm: ends with $?"
want 3 'No such file' call "$addr" date.x NOW

# ---- words and options in any order; a number below zero is no option ----

want 0 '"text"' call date.x "$child" NOW
want 0 '"text"' call "$child" NOW date.x
want 0 '^connect .*"text"|"text"' call "$child" date.x NOW --time
grep -q ^connect err || wrong "an option behind the words is none"
want 5 'takes no arguments' call "$child" --time date.x NOW -5
want 5 'takes no arguments' call "$child" date.x NOW -5 --time
want 5 'takes no arguments' call "$child" date.x NOW -- -5
want 5 'takes no arguments' call "$child" date.x NOW -0.5e3
want 2 "a time as 250ms, 2s or 1m, not '-5'" \
	call "$child" date.x NOW --timeout -5
want 2 'there is no option -x' call "$child" date.x NOW -x
want 2 'one word too many' call "$child" date.x NOW -5 -6
cp date.x host.x
want 3 "cannot look up the host .?host.x" call host.x date.x NOW

# ---- what is not of its type, from either side ----

cat > small.x <<-'END'
	struct pair { int a; hyper b; };
	program P { version V {
		int ONE(void) = 1; pair TAKE(pair) = 2; void NONE(void) = 3;
	} = 1; } = 0x20000001;
END
sed 's/int ONE/void ONE/; s/void NONE/string NONE/' small.x > other.x
peer="exec:$ferry serve --quiet pipe:0,1 small.x --reply ONE=1 --reply NONE=null"
want 5 '4 bytes are left over' call "$peer" other.x ONE
want 5 'the result' call "$peer" other.x NONE
want 5 'the arguments.*a: ' call "$peer" small.x TAKE '{"a": "x", "b": 1}'
grep -q 'int a;' err || wrong "no declaration of what was expected"
want 5 "'b' is missing" call "$peer" small.x TAKE '{"a": 1}'
want 5 '' call "$peer" small.x TAKE '{"a": 1, "b": 1, "c": 1}'
want 5 '' call "$peer" small.x TAKE
want 5 '' call "$peer" small.x TAKE '{"a": 2147483648, "b": 1}'
for hostile in '{' '' ' ' '{"a": 1, "a": 2}' '[[[' '"\ud800"' 'nul' '1 2' \
	"$(printf '"\377"')" '{"a": 1e999, "b": 1}' \
	"$(printf '%0100000d' 0 | tr 0 '[')"; do
	want '[25]' '' call "$peer" small.x TAKE "$hostile" 2> /dev/null
done
want 2 'half|even number' call --raw "$peer" small.x TAKE 123
want 2 'hex' call --raw "$peer" small.x TAKE 0g
want '[12]' 'gone' call "$peer" small.x TAKE @gone

# ---- nobody answers, or not in time, or nonsense ----

want 3 'No such file' call "unix:$work/nobody" date.x NOW
want 3 'No such file|cannot run|cannot' call exec:no-such-command date.x NOW
want 4 'deadline.*--timeout' call --timeout 50ms 'exec:tail -f /dev/null' \
	date.x NOW
want 4 '' call --timeout 0 'exec:tail -f /dev/null' date.x NOW
want 3 'broke|closed' call exec:true date.x NOW
want 3 'broke|closed' call 'exec:head -c 8' date.x NOW
want 3 'exec:sh (ended with status 7|closed its output)' \
	call "exec:sh -c 'head -c 8 >/dev/null; exit 7'" date.x NOW
want 5 'not an RPC reply' call exec:cat date.x NOW
want 3 '' call 'exec:cat /dev/zero' date.x NOW
want '[35]' '' call 'exec:cat /dev/urandom' date.x NOW

# One record in, one out: the transaction id, and what is said in hexadecimal.
cat > reply.py <<-'END'
	import struct, sys
	mark = struct.unpack(">I", sys.stdin.buffer.read(4))[0]
	call = sys.stdin.buffer.read(mark & 0x7fffffff)
	reply = call[:4] + bytes.fromhex(sys.argv[1])
	sys.stdout.buffer.write(struct.pack(">I", len(reply) | 1 << 31) + reply)
	sys.stdout.flush()
	sys.stdin.buffer.read()
END
replies() { # STATUS PATTERN HEX
	want "$1" "$2" call --timeout 5s \
		"exec:python3 -IS $work/reply.py '${3// /}'" small.x ONE
}
accepted='00000001 00000000 00000000 00000000'
denied='00000001 00000001'
replies 0 '^7$' "$accepted 00000000 00000007"
replies 5 'result' "$accepted 00000000 0000"
replies 5 'result' "$accepted 00000000"
replies 5 '4 bytes are left over' "$accepted 00000000 00000007 00000000"
replies 7 'versions 3 to 4 of the RPC protocol' "$denied 00000000 00000003 00000004"
replies 6 'RPCSEC_GSS_CREDPROBLEM; the call had none' "$denied 00000001 0000000d"
replies 6 'auth_stat 99; ' "$denied 00000001 00000063"
replies 5 'not an RPC reply' "$accepted 00000006"
replies 5 'not an RPC reply' "$denied 00000002"
replies 5 'not an RPC reply' 00000002
replies 5 'not an RPC reply' "00000001 00000000 00000000 00000190"
replies 5 '' ''

# Nobody takes connections, and there is room for one: to connect is to wait.
cat > deaf.py <<-'END'
	import socket, sys, time
	s = socket.socket(socket.AF_UNIX)
	s.bind("deaf")
	s.listen(0)
	first = socket.socket(socket.AF_UNIX)
	first.connect("deaf")
	print("unix:deaf", flush=True)
	sys.stdin.read()
END
mkfifo alive
start sh -c 'exec python3 deaf.py <> alive'
want 4 'deadline|in time' call --timeout 100ms "unix:$work/deaf" date.x NOW

# Many that fail at once and share a log leave whole lines there.
callers=()
for _ in $(seq 40); do
	"$ferry" call "unix:$work/nobody" date.x NOW 2>> lines &
	callers+=($!)
done
wait "${callers[@]}"
[ "$(wc -l < lines) $(sort -u lines | wc -l)" = '40 1' ] ||
	wrong "lines of several commands in one: $(sort -u lines | head -5)"

# ---- words ----

want 2 'call whom' call
want 2 'which procedure' call "$child" date.x
want 2 'no reflection yet: name the interface file' call "$child" NOW
want 2 'one word too many' call "$child" date.x NOW 1 2
want 2 "takes sys or none, not 'gss'" call --auth gss "$child" date.x NOW
want 2 "a time as 250ms" call --timeout soon "$child" date.x NOW
want 2 'a number of 32 bits' call --program 4294967296 "$child" date.x NOW
want 2 'PROGRAM.VERSION.PROCEDURE' call --raw "$child" 1.2
want 2 'PROGRAM.VERSION.PROCEDURE' call --raw "$child" 1.2.NOW
want 2 'tcp:localhost:4711, perhaps' call localhost:4711 date.x NOW
want 2 'there are exec, fd, fifo, mq, pipe, shm, sysv, tcp and unix' call nope:x date.x NOW
want 2 'tcp:127.0.0.1:4711, perhaps' call 127.0.0.1:4711 date.x NOW
want 2 'unix:./socket, perhaps' call ./socket date.x NOW
want 2 'neither an address nor a machine' call 1:2:3:4 date.x NOW
want 1 'cannot open gone.x' call "$child" gone.x NOW
echo 'struct s { nope a; };' > bad.x
want 1 "bad.x:1:12: error: there is no type 'nope'" call "$child" bad.x NOW
want 0 'usage: ferry call' call --help
if "$ferry" call "$child" date.x NOW > /dev/full 2> err; then
	wrong "output that is lost goes unnoticed"
fi

# ---- ^C ----

mkfifo begun
start "$ferry" serve --quiet "unix:$work/slow" date.x \
	--run 'NOW=echo > begun; exec tail -f /dev/null'
env --default-signal=INT "$ferry" call "$addr" date.x NOW > out 2> err &
caller=$!
read -r -t 60 _ < begun || wrong "the command was not started"
kill -INT "$caller"
wait "$caller"
[ $? = 130 ] || wrong "a call that is interrupted exits by the signal"
want 0 null call "$addr" date.x 0
stop TERM
[ "$failed" = 0 ] && echo "ok"
exit "$failed"

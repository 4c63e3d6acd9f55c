#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: channel.sh FERRY
#
# ferry send, recv and listen with each other, and with what goes wrong.
# shellcheck disable=SC2154 # hands.sh sets what is not set here
set -u
ferry=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/cli/hands.sh
. "$here/hands.sh"

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

# serve ARGUMENT...: ferry listen in the background; sets pid, and addr to the
# first address that it prints.
serve() {
	: > log
	timeout --foreground -k 5 120 "$ferry" listen "$@" > printed 2> log &
	pid=$!
	pids+=("$pid")
	await test -s log
	read -r addr < log
}

# prints TEXT ARGUMENT...: ferry succeeds and prints exactly that.
prints() {
	local text=$1
	shift
	want 0 '' "$@"
	printf '%b' "$text" | cmp -s - out ||
		wrong "ferry $*: $(od -c out | head), not $text"
}

# ---- what is sent is what comes ----

serve "unix:$work/cat" -- cat
echo=$addr
prints 'one\ntwo\n' send --wait "$echo" one two
prints 'one\n' send --replies 1 "$echo" one
prints '\n\n' send --wait "$echo" '' ''
prints '' send "$echo" one two
prints '{"sent":1,"sent_bytes":3,"received":1,"received_bytes":3}\n' \
	send --json "unix:$work/cat" one
printf 'a\n\nlast' > lines
input=lines
prints 'a\n\nlast\n' send --wait "$echo"
head -c 3000000 /dev/urandom > bytes
input=bytes
want 0 '' send --wait "$echo"
cmp -s bytes <(head -c 3000000 out) || wrong "lines of any bytes are changed"
seq 100000 > many
input=many
want 0 '' send --wait "$echo"
cmp -s many out || wrong "lines are lost"
input=/dev/null
prints '' send --wait "$echo"
stop TERM

serve --null "unix:$work/nul" -- cat
printf 'a\nb\0c' > lines
input=lines
prints 'a\nb\0c\0' send --null --wait "$addr"
input=/dev/null
stop INT

serve --whole "unix:$work/whole" -- cat
input=bytes
want 0 '' send --whole --wait "$addr"
cmp -s bytes out || wrong "a whole file is changed"
input=/dev/null
prints '' send --whole --wait "$addr"
prints '{"bytes":0,"text":""}\n' recv --json --count 1 --timeout 2s \
	"exec:$ferry listen --whole pipe:0,1 -- true"
stop TERM

# The same over each scheme that listens; queues take their time.
head -n 20000 many > some
head -c 300000 bytes > fewer
schemes=$("$ferry" recv x: 2>&1 | sed -n 's/ and /, /; s/,//g; s/.*there are //p')
for scheme in $schemes; do
	case $scheme in
	exec | fd | pipe) continue ;;
	tcp) where=tcp:127.0.0.1:0 ;;
	sysv) where=sysv:$((0x66730000 + $$ % 65536)) ;;
	mq) where=mq:/ferry-cli-$$ ;;
	*) where="$scheme:$work/$scheme" ;;
	esac
	# tests/lib/mq_alone.h
	[ "$scheme" != mq ] || { exec 8< /tmp && flock 8; }
	serve "$where" -- cat
	want 1 "$scheme:.*stop who .* or choose another" listen "$addr"
	input=some
	want 0 '' send --wait --timeout 30s "$addr"
	cmp -s some out || wrong "$scheme: lines are lost"
	input=fewer
	want 0 '' send --wait --timeout 30s "$addr"
	cmp -s fewer <(head -c 300000 out) ||
		wrong "$scheme: lines of any bytes are changed"
	stop TERM
	want '[36]' '' send --timeout 5s "$addr" x
	# Who does not want the answers has sent all the same.
	rm -f taken
	serve "$where" -- tee taken
	input=some
	want 0 '' send --timeout 30s "$addr"
	cmp -s some taken || wrong "$scheme: lines are not all taken"
	input=/dev/null
	stop TERM
	exec 8<&-
done

# Two rings, each as large as its writer says; names are those of unix:.
serve "shm:$work/rings?ring=4k&trust=peer" -- cat
[ "$addr" = "shm:$work/rings" ] || wrong "its address is $addr"
for options in '' '?ring=1m' '?ring=4096&trust=peer' "?uid=$(id -u)"; do
	input=some
	want 0 '' send --wait --timeout 30s "$addr$options"
	cmp -s some out || wrong "shm:$options: lines are lost"
	# One message, each line of which comes back by itself.
	input=bytes
	want 0 '' send --whole --wait "$addr$options"
	tr -d '\n' < bytes | cmp -s - out ||
		wrong "shm:$options: a large message is changed"
done
input=/dev/null
want 3 'speaks shm:, not unix:' send "unix:$work/rings" x
want 1 'Address already in use' listen "unix:$work/rings"
want 6 'asks for uid' send "$addr?uid=$(($(id -u) + 1))" x
stop TERM
serve "unix:$work/rings" -- cat
want 3 'speaks unix:, not shm:' send "shm:$work/rings" x
stop TERM
for size in '' 5 2k 3m 2g 4K 64kb; do
	want 2 'a power of two from 4k to 1g' send "shm:$work/rings?ring=$size" x
	want 2 'a power of two from 4k to 1g' listen "shm:$work/rings?ring=$size"
done
want 2 'write .trust=peer' listen "shm:$work/rings?trust=yes"

# ---- one way ----

mkfifo oneway
timeout 20 cat oneway > got &
want 0 '' send --timeout 20s "fifo:$work/oneway?way=out&frame=line" a b
wait $!
[ "$(cat got)" = $'a\nb' ] || wrong "one way: $(cat got)"
timeout 20 sh -c 'echo c > oneway' &
prints 'c\n' recv --timeout 20s "fifo:$work/oneway?way=in&frame=line"
[ "$("$ferry" send --wait 'pipe:,1?frame=line' x | cat)" = x ] ||
	wrong "one way: pipe:,1 does not send"
want 2 'one-way' send --timeout 2s "fifo:$work/oneway?way=in&frame=line" x

# ---- a peer that takes no more ----

# It answers what it took and goes: the answer comes, then the error.
cat > answer.py << 'EOF'
import socket, sys
here = socket.socket(socket.AF_UNIX if sys.argv[1:] else socket.AF_INET)
here.bind(sys.argv[1] if sys.argv[1:] else ("127.0.0.1", 0))
here.listen()
name = here.getsockname()
print("unix:" + name if sys.argv[1:] else "tcp:127.0.0.1:%d" % name[1],
      flush=True)
peer = here.accept()[0]
line = peer.makefile("rb", 0).readline()
peer.sendall(b"got " + line + b"enough\n")
EOF
for where in '' "$work/answer"; do
	start python3 answer.py ${where:+"$where"}
	timeout 60 "$ferry" send --wait "$addr?frame=line" \
		< <(seq 1000000) > out 2> err
	[ $? = 3 ] && grep -qE "^ferry: $addr.*: cannot (send|receive)" err &&
		printf 'got 1\nenough\n' | cmp -s - out ||
		wrong "$addr: $(cat out err)"
	wait "$pid"
done

# ---- who receives ----

serve "unix:$work/three" tcp:127.0.0.1:0 -- printf 'x\n\\xff\ny'
printf 'x\n\377\ny\n' > expected
want 0 '' recv "$addr"
prints 'x\n' recv --count 1 "$addr"
prints '{"bytes":1,"text":"x"}\n{"bytes":4,"text":"\\\\xff"}\n{"bytes":1,"text":"y"}\n' \
	recv --json "$addr"
stop TERM

serve "unix:$work/odd" -- printf '\377\033[1m'
prints '{"bytes":5,"hex":"ff1b5b316d"}\n' recv --json "$addr"
prints '\0377\033[1m\n' recv "$addr"
# On a terminal no message is in control.
script -qec "timeout 20 '$ferry' recv '$addr'" /dev/null < /dev/null > out 2>&1
grep -q '^??\[1m' out || wrong "a terminal is shown $(od -c out)"
stop TERM

# ---- the command of a listener ----

# shellcheck disable=SC2016 # the inner shell's
serve "unix:$work/who" -- sh -c 'env | grep ^FERRY | sort; echo "$@"' sh 'a b'
want 0 "^FERRY_ADDRESS=unix:$work/who\$" recv "$addr"
for line in "FERRY_PEER=.*uid $(id -u)" "FERRY_PEER_UID=$(id -u)" \
	"FERRY_PEER_GID=$(id -g)" 'FERRY_PEER_PID=[0-9]+' 'a b'; do
	grep -qE "^$line" out || wrong "no $line in $(cat out)"
done
stop TERM

# It reads no more than it likes, ends when it likes, and need not be there.
serve "unix:$work/head" -- head -n 1
input=many
want '[03]' '' send --wait "$addr"
input=/dev/null
stop TERM
serve "unix:$work/none" -- "$work/nothing"
prints '' recv "$addr"
stop TERM
serve "unix:$work/fails" -- sh -c 'echo well; exit 7'
prints 'well\n' recv "$addr"
stop TERM

# What is asked to end does; what does not listen to that is killed.
serve "unix:$work/deaf" -- sh -c 'trap "" TERM; echo up; exec sleep 1000'
prints 'up\n' recv --count 1 "$addr"
"$ferry" recv "$addr" > up &
await grep -q up up
kill -TERM $!
wait $!
[ $? = 143 ] || wrong "recv does not end by its signal"
stop TERM

# What a peer sent is read to its end, though it has gone and takes no answers.
serve "unix:$work/tee?frame=line" -- sh -c 'cat go > /dev/null; exec tee taken'
rm -f taken
mkfifo go
socat -u - "UNIX:$work/tee" < some
: > go
await cmp -s some taken
stop TERM

# One that does not end once its peer broke off is killed, with what it started,
# but for who has left. That takes its time: the end of this script looks.
# shellcheck disable=SC2016 # the inner shells'
serve "unix:$work/broken" -- sh -c 'trap "" TERM
	setsid sh -c "echo \$\$ > away; exec sleep 100" &
	sleep 100 & echo $$ $! > deaf
	until [ -s away ]; do sleep 0.01; done
	seq 100000; exec sleep 100'
prints '1\n' recv --count 1 "$addr"
broken=$pid

# ---- nothing is left for one more ----

# Each takes a handful of descriptors; who cannot have them waits for his turn.
: > log
(ulimit -n 24 && exec timeout --foreground -k 5 120 "$ferry" listen \
	"unix:$work/short" -- cat) 2> log &
pid=$!
pids+=("$pid")
await test -s log
senders=()
for i in 1 2 3 4 5 6 7 8; do
	"$ferry" send --wait --timeout 60s "unix:$work/short" \
		< <(echo "$i"; until [ -e free ]; do sleep 0.1; done) \
		> "short.$i" &
	senders+=($!)
done
await grep -q 'Too many open files' log
touch free
for sender in "${senders[@]}"; do
	wait "$sender" || wrong "who came to a full listener fails: $?"
done
cat short.? | sort | cmp -s <(seq 8) - || wrong "lost: $(cat short.?)"
[ "$(grep -c 'Too many' log)" = 1 ] || wrong "said again: $(cat log)"
grep -q 'waits until' log || wrong "not said what happens: $(cat log)"
stop TERM

# ---- who listens ----

"$ferry" listen --json --count 2 "unix:$work/two" > got 2> place &
listener=$!
await grep -q two place
prints '' send "unix:$work/two" hello
prints '' send "unix:$work/two" world
wait $listener || wrong "listen --count does not end well"
grep -q '^{"channel":1,"peer":"uid.*","bytes":5,"text":"hello"}$' got &&
	grep -q '^{"channel":2,.*"text":"world"}$' got || wrong "got $(cat got)"
[ ! -e "$work/two" ] || wrong "the socket's file is left"

# No more at a time than it is told; the others wait for their turn.
serve --max-channels 1 "unix:$work/one" -- cat
mkfifo hold
"$ferry" send --wait "$addr" < hold > first &
exec 3> hold
echo 1 >&3
await grep -q 1 first
want 4 'time is up' send --wait --timeout 200ms "$addr" 2
exec 3>&-
wait $!
prints '2\n' send --wait --timeout 20s "$addr" 2
stop TERM

# ---- a child at the other end ----

prints 'a\nb\n' send --wait 'exec:sort?frame=line' b a
want 0 '' send "exec:sh -c 'cat; sleep 0.7; echo >$work/slow'?frame=line" a
[ -e slow ] || wrong "a child has not had its time"
prints 'hi\n' recv 'exec:echo hi?frame=line'
want 1 'exit status 3' recv "exec:sh -c 'exit 3'?frame=line"
want 1 'signal 9' recv "exec:sh -c 'kill -9 \$\$'?frame=line"
want '[13]' '' send --wait 'exec:false?frame=line' a
want 4 'time is up|deadline' recv --timeout 200ms 'exec:sleep 10?frame=line'
want 3 'nothing-there' recv 'exec:nothing-there'
want 3 'nothing-there' listen 'exec:nothing-there'

# ---- who has what open ----

shows() {
	"$ferry" ls > out && grep -qE "$1" out
}
for where in "unix:$work/shown" "shm:$work/shown"; do
	serve "$where" -- cat
	listener=$(cat "/proc/$pid/task/$pid/children")
	listener=${listener% }
	exec 4> >(exec "$ferry" send --wait "$addr" > /dev/null)
	sender=$!
	line="ferry +channel +$where +"
	await shows "^$listener +${line}uid $(id -u), pid $sender +[0-9-]+ [0-9:]+ +0 +0 +-\$"
	shows "^$sender +${line}uid $(id -u), pid $listener " ||
		wrong "one end is missing: $(cat out)"
	shows "^$listener +ferry +listener +$where +- " ||
		wrong "the listener is missing: $(cat out)"
	echo hello >&4
	await shows "^$sender .* 1 +1 +-\$"
	want 0 '"uid":'"$(id -u)"',"command":"ferry","kind":"listener"' \
		ls --json --pid "$listener"
	[ "$(grep -c '"peer":{"text":"uid.*"sent_bytes":5' out)" = 1 ] ||
		wrong "ls --json --pid: $(cat out)"
	want 0 '^pid +command' ls --all
	exec 4>&-
	stop TERM
done
prints 'pid  command  kind  address  peer  since  sent  received  problems\n' \
	ls --pid 1
# What another process says of itself is in control of nothing.
cat > hostile.py << 'EOF'
import fcntl, os, struct, time
fd = os.memfd_create("ferry-stats", os.MFD_ALLOW_SEALING)
os.write(fd, struct.pack("=QIIiI", 0x7374617466657279, 1, 512, os.getpid(), 3)
         .ljust(512, b"\0"))
for kind in 1, 99, 1:
    slot = struct.pack("=IIqIIIi", 2, kind, -2 ** 63, 3, 1, 1, -1)
    os.write(fd, (slot + b"\033[31mP".ljust(80, b"P")).ljust(512, b"\xff"))
fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | 0x10)
with open("/proc/self/comm", "wb") as comm:
    comm.write(b"o\033[1m")
print(os.getpid(), flush=True)
time.sleep(100)
EOF
start python3 hostile.py
want 0 "^$addr +o\\?\\[1m +channel +\\?+ +\\?\\[31mP+ " ls --pid "$addr"
[ "$(wc -l < out)" = 3 ] && ! LC_ALL=C grep -q '[^ -~]' out ||
	wrong "a hostile process: $(cat -v out)"
want 0 '"address":"\?+"' ls --json --pid "$addr"
python3 -c 'import json, sys; [json.loads(line) for line in sys.stdin]' < out ||
	wrong "a hostile process in JSON: $(cat -v out)"
kill "$pid"
wait "$pid"
want 2 'takes the number of a process' ls --pid 0
want 2 "what is 'x'" ls x

# ---- what programs read ----

# Each line of FILE is an object with these members and no others, so typed; a
# question mark is behind one that may be missing.
cat > shape.py << 'EOF'
import json, sys
types = {"int": int, "str": str, "num": (int, float)}
def check(value, shape):
    wanted = dict(word.rsplit(":", 1) for word in shape.split())
    for name, kind in wanted.items():
        if name.rstrip("?") in value:
            got = value[name.rstrip("?")]
            fits = kind == "any" or isinstance(got, types[kind])
            assert fits and not isinstance(got, bool), (name, got)
        else:
            assert name.endswith("?"), (name, value)
    for name in value:
        assert name in wanted or name + "?" in wanted, (name, value)
lines = [json.loads(line) for line in open(sys.argv[1])]
assert lines, "nothing"
for line in lines:
    check(line, sys.argv[2])
    for member, shape in zip(sys.argv[3::2], sys.argv[4::2]):
        if line[member] is not None:
            check(line[member], shape)
EOF
shaped() {
	python3 shape.py "$@" || wrong "the JSON of $1: $(head -c 300 "$1")"
}
serve --json "unix:$work/json"
receiver=$pid
prints '{"sent":2,"sent_bytes":3,"received":0,"received_bytes":0}\n' \
	send --json "unix:$work/json" é "$(printf '\377')"
await grep -q hex printed
shaped printed 'channel:int peer:str bytes:int text?:str hex?:str'
shaped out 'sent:int sent_bytes:int received:int received_bytes:int'
serve "unix:$work/says" -- printf 'x\n\377\n'
want 0 '' recv --json "$addr"
shaped out 'bytes:int text?:str hex?:str'
exec 4> >(exec "$ferry" send --wait "unix:$work/json" > /dev/null)
await shows " channel +unix:$work/json "
want 0 '' ls --json
shaped out 'pid:int uid:int command:str kind:str address:str peer:any
	since:num counters:any' peer 'text:str uid?:int gid?:int pid?:int' \
	counters 'sent:int sent_bytes:int sent_fds:int received:int
	received_bytes:int received_fds:int late_sends:int late_receives:int
	too_big:int broken:int lost:int dropped_fds:int accepted:int
	refused:int failed:int starved:int'
exec 4>&-
stop TERM
pid=$receiver
stop TERM
want 3 '' send --json "unix:$work/json" x
shaped err 'error:str status:int text:str'

# ---- what goes wrong ----

want 2 'at which address' listen
want 2 'at which address' listen -- cat
want 2 'to which address' send
want 2 'from which address' recv
want 2 'one address at a time' recv unix:a unix:b
want 2 'no option --nope' send --nope unix:a
for count in 0 -1 1x '' 99999999999999999999; do
	want 2 'takes a number from 1' recv "--count=$count" unix:a
done
want 2 'takes a time' recv --timeout soon unix:a
want 2 'exclude each other' send --null --whole unix:a
want 2 'leave --frame out' send --frame line 'tcp:127.0.0.1:1?frame=nul' x
want 2 'frame=sideways' send --frame sideways tcp:127.0.0.1:1 x
for command in send recv listen; do
	want 2 'no transport is called "carrier"' $command carrier:pigeon
	want 2 'tcp:' $command tcp:
	want 2 '' $command nonsense
	want 2 '' $command 'unix:%zz'
	want 2 'longer than' $command "unix:/$(printf '%0120d' 0)"
done
want 3 "$work/nobody" send "unix:$work/nobody" x
want 3 '^{"error":"FERRY_ECONNECT","status":3,"text":".*"}$' \
	recv --json "unix:$work/nobody"
ln -s lines met.d
want 1 "fifo:$work/met: $work/met.d is in the way.*: remove it" \
	listen "fifo:$work/met"
ln -s lines met.takeover
want 1 "unix:$work/met: $work/met.takeover is in the way.*: remove it" \
	listen "unix:$work/met"
[ -L met.d ] && [ -L met.takeover ] && [ ! -e met ] ||
	wrong "not left as it was: $(ls -l met*)"
# Who finds an address taken is no peer of the one who has it.
serve "unix:$work/busy" "unix:@ferry-cli-$$" -- sh -c 'echo >> ran'
for taken in "$work/busy" "@ferry-cli-$$"; do
	want 1 "$taken.*Address already in use" listen "unix:$taken"
done
prints '' recv "unix:$work/busy"
[ "$(wc -l < ran)" = 1 ] || wrong "a command is run for another listener"
if [ "$(id -u)" != 0 ]; then
	mkdir locked
	chmod 0 locked
	want 6 'locked' recv "unix:$work/locked/x"
	want 6 'locked' listen "unix:$work/locked/x"
fi
stop TERM
echo text > plain
want '[13]' 'plain' recv "unix:$work/plain"
want 1 'plain.*: remove it, or choose another' listen "unix:$work/plain"
want 1 'plain.*: remove it, or choose another' listen "fifo:$work/plain"
want 3 'plain.*: choose another' send "fifo:$work/plain" x
ln -s plain link
want 1 'link.*: remove it, or choose another' listen "fifo:$work/link"
want 6 'link.*; name what the link leads to' send "fifo:$work/link" x
[ "$(cat plain)" = text ] || wrong "listen destroyed a file"
want 4 'time is up' listen --timeout 100ms "unix:$work/late"
[ ! -e late ] || wrong "the socket's file is left"

serve "unix:$work/mute"
want 4 "$addr: the time is up" recv --timeout 100ms "$addr"
# It can be stopped while somebody is there.
timeout 60 "$ferry" recv "$addr" &
receiver=$!
listener=$(cat "/proc/$pid/task/$pid/children")
there() {
	"$ferry" ls --pid "${listener% }" | grep -q ' channel '
}
await there
stop TERM
wait $receiver || wrong "a listener that was stopped has not ended its channel"

# A command that never ends the channel: all was sent, but who knows.
serve "unix:$work/endless" -- sleep 1000
want 4 'all was sent' send --timeout 200ms "$addr" x
stop TERM

# Standard input and output that are closed are no place for anything else.
serve "unix:$work/closed" -- cat
"$ferry" send "$addr" 2> err <&-
[ $? = 1 ] && grep -q 'cannot read what is to be sent' err ||
	wrong "a closed input: $(cat err)"
"$ferry" send "$addr" x <&- || wrong "a closed input that nobody reads"
"$ferry" send --wait "$addr" x 2> err >&-
[ $? = 1 ] && grep -q 'cannot write to standard output' err ||
	wrong "a closed output: $(cat err)"
stop TERM

# Output that cannot be written.
serve "unix:$work/full" -- yes
timeout 20 "$ferry" recv "$addr" > /dev/full 2> err
[ $? = 1 ] && grep -q 'cannot write to standard output' err ||
	wrong "a full disk: $(cat err)"
timeout 20 "$ferry" recv "$addr" 2> err | head -n 1 > /dev/null
[ "${PIPESTATUS[0]}" = 1 ] && grep -q 'cannot write' err ||
	wrong "a closed pipe: $(cat err)"
stop TERM
"$ferry" listen "unix:$work/full" > /dev/full 2> err &
listener=$!
await grep -q full err
prints '' send "unix:$work/full" x
wait $listener
[ $? = 1 ] && grep -q 'cannot write to standard output' err ||
	wrong "listen on a full disk: $(cat err)"

# ---- who was to be killed ----

# lives PROCESS: it does, and does not only wait for its parent to ask.
lives() {
	grep -qs '^State:.[^ZX]' "/proc/$1/status"
}
read -r deaf child < deaf
read -r away < away
end=$((SECONDS + 30))
while lives "$deaf" || lives "$child"; do
	[ $SECONDS -lt $end ] || { wrong "a deaf command lives" && break; }
	sleep 0.1
done
lives "$away" || wrong "who had left was killed, too"
kill "$away"
pid=$broken
stop TERM

[ "$failed" = 0 ] && echo "ok"
exit "$failed"

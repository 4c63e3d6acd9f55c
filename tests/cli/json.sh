#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: json.sh FERRY
#
# ferry encode and ferry decode: where values come from and go to, and what is
# said of those that are none.
set -u
ferry=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/cli/want.sh
. "$here/want.sh"
input=in

# prints TEXT: that is all that the last command wrote to standard output.
prints() {
	printf '%s\n' "$1" | cmp -s - out || wrong "not '$1': $(cat out)"
}

# says TEXT: that is all that the last command wrote to standard error.
says() {
	printf '%s\n' "$1" | cmp -s - err || wrong "not '$1': $(cat err)"
}

cat >dir.x <<'X'
enum kind { FILE_ = 1, DIR = 2 };
struct entry { unsigned hyper id; string name<255>; entry *next; };
union found switch (kind what) {
case FILE_: opaque data<8>;
case DIR: entry *entries;
};
struct opened { unsigned which; };
typedef double real;
program P { version V {
	found FIND(string) = 1;
	int ADD(int, int) = 2;
	void NOTHING(void) = 3;
} = 1; } = 0x20000001;
X
echo 'struct s { nope a; };' >bad.x
echo '{"what": "FILE_", "data": "0a0b"}' >file.json
: >in

# ---- where a value comes from, and how it is written ----

bytes=00000001000000020a0b0000
want 0 '' encode --hex dir.x found '{"what": "FILE_", "data": "0a0b"}'
prints "$bytes"
want 0 '' encode --hex dir.x found @file.json
prints "$bytes"
cp file.json in
want 0 '' encode --hex dir.x found -
prints "$bytes"
want 0 '' encode dir.x found --hex
prints "$bytes"
want 0 '' encode dir.x found
[ "$(od -An -v -tx1 out | tr -d ' \n')" = "$bytes" ] || wrong "not the bytes"
cp out in
cp out wire
want 0 '' decode dir.x found
prints '{"what": "FILE_", "data": "0a0b"}'
want 0 '' decode --compact dir.x found @wire
prints '{"what":"FILE_","data":"0a0b"}'
want 0 '' decode --hex dir.x found "$bytes"
prints '{"what": "FILE_", "data": "0a0b"}'
echo "00000001 00000002 0A0B0000" >in
want 0 '' decode --hex dir.x found
prints '{"what": "FILE_", "data": "0a0b"}'

want 0 '' encode --hex dir.x ADD:args '[1, -2]'
prints 00000001fffffffe
want 0 '' encode dir.x ADD:result -2 --hex
prints fffffffe
want 0 '' encode --hex dir.x FIND:args '"x"'
prints 0000000178000000
want 0 '' encode --hex dir.x NOTHING:args null
prints ''
want 0 '' decode --hex dir.x NOTHING:args ''
prints null
want 0 '' decode --hex dir.x ADD:args 00000001fffffffe
prints '[1, -2]'

printf '1 2\n\n3' >in
want 0 '' encode --many --hex dir.x ADD:result
prints '00000001
00000002
00000003'
want 0 '' decode --many --hex dir.x ADD:args 00000001000000020000000300000004
prints '[1, 2]
[3, 4]'
: >in
want 0 '' encode --many dir.x ADD:result
[ ! -s out ] || wrong "no values are no bytes"
want 0 '' decode --many dir.x ADD:result
[ ! -s out ] || wrong "no bytes are no values"

# Lines are as full as 79 columns allow.
awk 'BEGIN {
	printf "{\"what\": \"DIR\", \"entries\": [{\"id\": 0, \"name\": \"\"}"
	for (n = 40; n < 60; n++)
		printf ", {\"id\": %d, \"name\": \"%0*d\"}", n, n, 0
	print "]}"
}' >in
want 0 '' encode dir.x found
cp out in
want 0 '' decode dir.x found
longest=$(awk '{ if (length > n) n = length } END { print n }' out)
[ "$longest" -eq 79 ] || wrong "the longest line has $longest columns"

# A long value is broken into lines, and what stands in them is that value.
names=$(seq 1 40 | sed 's/.*/{"id": "&", "name": "file number &"},/' |
	tr -d '\n')
echo "{\"what\": \"DIR\", \"entries\": [${names%,}]}" >in
want 0 '' encode dir.x found
cp out in
want 0 '^    {"id": "40", "name": "file number 40"}$' decode dir.x found
[ "$(wc -l <out)" -eq 45 ] || wrong "not 45 lines: $(cat out)"
awk 'length > 79 { exit 1 }' out || wrong "a line of more than 79 columns"
cp out in
want 0 '' encode dir.x found
cp out again
cp again in
want 0 '' decode dir.x found

# What a terminal would obey is escaped.
want 0 '' encode --hex dir.x FIND:args '"\u009b\u001b[2J\u007f"'
want 0 '"\\u009b\\u001b\[2J\\u007f"' decode --hex dir.x FIND:args "$(cat out)"

# ---- what is no JSON ----

want 2 'the value:1:23: ' encode --hex dir.x found '{"what": "FILE_" "data": 5}'
want 2 '^  {"what": "FILE_" "data": 5}$' encode --hex dir.x found \
	'{"what": "FILE_" "data": 5}'
want 2 '^                        ^$' encode --hex dir.x found \
	'{"what": "FILE_" "data": 5}'
printf '{\n  "what": é\n}' >in
want 2 'standard input:2:' encode --hex dir.x found
want 2 "hint: a string stands in quotes" encode --hex dir.x FIND:args hello
want 2 'hint: write an unsigned hyper as a string' encode --hex dir.x entry \
	'[{"id": 18446744073709551615, "name": ""}]'
want 2 'hint: no double is that large' encode --hex dir.x real 1e999
want 2 'hint: no double is that large' encode --hex dir.x real -1e999
want 2 "hint: a string stands in quotes" encode --hex dir.x FIND:args ' hello'
want 2 'duplicate' encode --hex dir.x opened '{"which": 1, "which": 2}'
printf '1\n2\n [3' >in
want 2 'standard input:3:' encode --many --hex dir.x ADD:result
prints '00000001
00000002'
# The place is that in the line, whatever stands before the value.
printf '1\n "é" "é" tru' >in
want 5 'value 1: a string takes' encode --many --hex dir.x FIND:args
printf '"é"\n "é" "é" tru' >in
want 2 'standard input:2:12: ' encode --many --hex dir.x FIND:args
want 2 '^   "é" "é" tru$' encode --many --hex dir.x FIND:args
want 2 '^             ^$' encode --many --hex dir.x FIND:args
: >in
want 2 'standard input is empty' encode --hex dir.x found
want 2 'the value is empty' encode --hex dir.x found ''
want 2 "'@' stands before the name" encode --hex dir.x found @
want 1 'cannot read gone.json: No such file' encode --hex dir.x found @gone.json
want 1 'cannot read .: Is a directory' decode dir.x found @.

# A value that there is no memory for is no wrong JSON. Under a sanitizer the
# command does not even start within this.
awk 'BEGIN { printf "[0"; for (n = 1; n < 2e6; n++) printf ",0"; print "]" }' >in
if (ulimit -v 60000 && "$ferry" help) >out 2>&1; then
	(
		ulimit -v 60000
		want 1 'standard input: out of memory' encode --hex dir.x opened
		exit "$failed"
	) || failed=1
fi
: >in

# ---- what is no value of the type ----

want 5 '' encode --hex dir.x found '{"what": "DIR", "entries": [
	{"id": 1, "name": "a"}, {"id": 2, "nane": "b"}]}'
says "ferry: the value, at entries[1]: there is no field 'nane': did you mean 'name'?
dir.x:2 has:
struct entry {
	unsigned hyper id;
	string name<255>;
	entry *next;
};"
[ ! -s out ] || wrong "half a value is written"
want 5 "did you mean 'FILE_'" encode --hex dir.x found '{"what": "FILE"}'
want 5 'an array of its 2 arguments' encode --hex dir.x ADD:args 5
want 5 'int ADD(int, int) = 2;' encode --hex dir.x ADD:args '[1, "x"]'
want 5 'int ADD(int, int) = 2;' decode --hex dir.x ADD:args 00000001
want 5 'byte 4, at data: 9 bytes are more than 8' \
	decode --hex dir.x found 0000000100000009010203040506070809000000
want 5 '4 bytes are left behind the value' \
	decode --hex dir.x ADD:result 0000000100000002
want 5 '1 byte is left' decode --hex dir.x ADD:result 0000000100
want 5 'byte 8: the bytes end here' decode --many --hex dir.x ADD:result \
	000000010000000200
want 5 'which takes none' decode --many --hex dir.x NOTHING:args 00000000

# ---- what a terminal would obey is not said ----

csi=$(printf '\033[31m')
c1=$(printf '\302\23331m')
tame() {
	if LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" err ||
		LC_ALL=C grep -q "$(printf '\302[\200-\237]')" err; then
		wrong "a terminal obeys this: $(cat -v err)"
	fi
}
want 5 "there is no field" encode --hex dir.x opened \
	'{"which": 1, "\u009b31m\u001b[31m": 2}'
tame
want 5 'the enum has no "??31m"' encode --hex dir.x found \
	'{"what": "\u009b31m"}'
tame
want 2 'invalid token' encode --hex dir.x found "$csi$c1"
tame
want 2 "has no type" encode dir.x "$csi$c1" 1
tame
want 1 "cannot read" encode dir.x found "@$csi$c1"
tame
want 2 "there is no option" encode dir.x "--$csi$c1"
tame

# ---- the command line ----

want 2 'which file' encode
want 2 'which type of dir.x' decode dir.x
want 2 'one value at a time' encode dir.x found 1 2
want 2 'there is no option --compact' encode --compact dir.x found 1
want 0 '^fffffffe$' encode --hex dir.x ADD:result -2
want 0 '^fffffffe$' encode dir.x ADD:result --hex -- -2
want 2 "neither @FILE nor -, and no bytes without --hex" \
	decode dir.x found 00000001
want 2 'not an even number of hex digits' decode --hex dir.x found 000
want 2 'not an even number of hex digits' decode --hex dir.x found 0x00
want 2 "did you mean 'found'" encode dir.x fond 1
want 2 'FIND is a procedure: FIND:args or FIND:result?' encode dir.x FIND 1
want 2 "there is no option --hex=5" encode --hex=5 dir.x found 1
want 2 "FINDS" encode dir.x FINDS:args 1
want 1 "there is no type 'nope'" encode bad.x s 1
want 1 "cannot open gone.x" decode gone.x s 1 --hex
want 0 'usage: ferry encode' encode --help
want 0 'usage: ferry decode' help decode
# The file's own peculiarities are told on demand.
want 0 '' encode --hex dir.x opened '{"which": 1}'
[ ! -s err ] || wrong "a warning nobody asked for: $(cat err)"
want 0 'bare-unsigned' encode --hex -W all dir.x opened '{"which": 1}'

# Bytes do not go to a terminal, hex digits do.
if command -v script >/dev/null; then
	script -qec "'$ferry' encode dir.x ADD:result 1" /dev/null >out 2>&1
	grep -q 'not for a terminal' out || wrong "bytes on a terminal"
	script -qec "'$ferry' encode --hex dir.x ADD:result 1" /dev/null >out
	grep -q '^00000001' out || wrong "no digits on a terminal"
fi
if "$ferry" encode dir.x ADD:result 1 >/dev/full 2>err ||
	! grep -q 'cannot write' err; then
	wrong "output that is lost goes unnoticed"
fi
exit "$failed"

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: schema.sh FERRY
#
# ferry describe, diff, fmt and lint: exit statuses, and where the words go.
# What they find is for the unit tests.
set -u
ferry=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/cli/want.sh
. "$here/want.sh"

# quiet FILE: nothing may be in out or err.
quiet() {
	[ ! -s "$1" ] && return
	echo "something in $1: $(cat "$1")"
	failed=1
}

json() {
	python3 -m json.tool <out >pretty || { echo "no JSON: $1"; failed=1; }
}

cat >a.x <<'X'
/* What it is about. */
struct entry {
	string name<64>;
};
program DIR {
	version DIR_V1 {
		entry READ(void) = 1;
	} = 1;
} = 0x20000001;
X
sed 's/64/65/' a.x >wire.x
sed 's/name/called/' a.x >source.x
sed 's/= 1;/&\n		void MORE(void) = 2;/' a.x | sed '0,/MORE/b;/MORE/d' >safe.x
sed 's/string/sting/' a.x >bad.x

want 0 'program DIR = 0x20000001 (536870913)' describe a.x
want 0 'result: 4 to 68 bytes' describe a.x DIR.READ
want 0 'What it is about' describe a.x ENTRY
want 2 "has no name 'entri': did you mean 'entry'" describe a.x entri
want 2 'no reflection yet: give the interface file' describe unix:/x READ
quiet out
want 0 '^READ$' describe --names a.x
want 0 '^entry$' describe --names a.x types
want 2 'procedures or types' describe --names a.x things
want 1 "there is no type 'sting'" describe bad.x
want 0 'ferry_model' describe --json a.x
json describe
want 0 'ferry_about' describe --json a.x READ
json describe
want 2 'which file' describe

want 0 '' diff a.x a.x
quiet out
want 4 'wire.x:3:9: wire: .*bound-grown' diff a.x wire.x
quiet err
want 3 'source.x:3:9: source: .*field-name' diff a.x source.x
want 0 'safe: .*procedure-added' diff a.x safe.x
want 4 'wire: .*procedure-removed' diff safe.x a.x
want 4 '"rule":"bound-grown"' diff --json a.x wire.x
json diff
want 1 "there is no type 'sting'" diff a.x bad.x
want 2 'two files' diff a.x

want 0 '' fmt --check a.x
quiet out
tr -d '\t' <a.x >flat.x
chmod 640 flat.x
want 3 '^flat.x$' fmt --check flat.x
want 1 'cannot open gone.x' fmt --check a.x gone.x
ln -s flat.x link.x
want 0 '' fmt --write link.x
cmp a.x flat.x || failed=1
[ -L link.x ] || { echo "the link was written over"; failed=1; }
[ "$(stat -c %a flat.x)" = 640 ] || { echo "another mode"; failed=1; }
mkfifo pipe.x
timeout 60 sh -c "printf 'struct s{int a;};' >pipe.x" &
want 1 'pipe.x back: it is no plain file' fmt --write pipe.x
[ -p pipe.x ] || { echo "the pipe was written over"; failed=1; }
if [ "$(id -u)" -eq 0 ]; then
	tr -d '\t' <a.x >theirs.x
	chown 65534:65534 theirs.x
	chmod 4600 theirs.x
	want 0 '' fmt --write theirs.x
	[ "$(stat -c '%u:%g %a' theirs.x)" = '65534:65534 4600' ] ||
		{ echo "another owner or mode"; failed=1; }
fi
echo 'struct s { int a' >cut.x
cp cut.x before
want 1 'cut.x:' fmt --write cut.x
cmp cut.x before || failed=1
"$ferry" fmt - <a.x | cmp - a.x || { echo "not from stdin"; failed=1; }
want 2 'not both' fmt --check --write a.x
want 2 'which file' fmt

want 0 '' lint a.x
quiet out
want 1 'advice: .*\[null-procedure\]' lint --enable null-procedure a.x
quiet err
want 1 '"rule":"null-procedure"' lint --json --enable null-procedure a.x
json lint
cp a.x b.x
want 1 'b.x.*null-procedure' lint --json --enable null-procedure a.x b.x bad.x
json 'lint of several files'
want 0 '' lint --enable all --disable all a.x
want 2 "there is no rule 'nope'" lint --enable nope a.x
want 1 "there is no type 'sting'" lint bad.x
want 0 '^unbounded  *on' lint --rules
want 2 'which file' lint

want 0 '' gen -l json a.x
python3 - <<'P' || failed=1
import json
model = json.load(open("a.json"))
assert model["ferry_model"] == 1 and model["file"] == "a.x"
entry = model["types"][model["definitions"][0]["type"]]
assert entry["name"] == "entry" and entry["doc"] == "What it is about."
assert (entry["wire_min"], entry["wire_max"]) == (4, 68)
P
# What a file says controls no terminal: ESC, and U+009B of both encodings.
printf '/* \033[1m \233 \302\233 */\nconst S = "\033[31m\233\302\233";\n' >rude.x
for name in '' S; do
	# shellcheck disable=SC2086 # no word for no name
	want 0 'const S' describe rude.x $name
	LC_ALL=C grep -q "$(printf '[\033\233]')" out err &&
		{ echo "control characters: describe $name"; failed=1; }
done
printf 'const BIG = 18446744073709551615;\nconst S = "caf\351";\n' >odd.x
want 0 '"18446744073709551615"' describe --json odd.x
json describe
exit "$failed"

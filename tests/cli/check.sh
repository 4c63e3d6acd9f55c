#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: check.sh FERRY
#
# ferry check, help and --version: exit statuses, and where the words go.
set -u
ferry=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/cli/want.sh
. "$here/want.sh"

silent() {
	[ ! -s out ] && [ ! -s err ] && return
	echo "$1: not silent"
	failed=1
}

echo 'struct s { int a; };' >good.x
echo 'struct s { nope a; };' >bad.x
mkdir folder.x inc
echo 'typedef int nope;' >inc/types.x
printf '#include "types.x"\nstruct s { nope a; };\n' >needs.x
printf '#include <types.x>\nstruct s { nope a; };\n' >angle.x

want 0 '' check good.x
silent "a good file"
want 1 "bad.x:1:12: error: there is no type 'nope'" check good.x bad.x
[ ! -s out ] || { echo "diagnostics belong on standard error"; failed=1; }
want 1 'cannot open gone.x: No such file' check gone.x
want 1 'folder.x: Is a directory' check folder.x
want 1 'there is no file "types.x"' check needs.x
want 0 '' check -I inc needs.x
want 0 '' check -I folder.x -Iinc angle.x
want 1 'there is no file <types.x>' check angle.x
want 1 'bad.x' check ./bad.x
want 0 '' check /dev/null

# The user may name a pipe; a file that names one would wait for ever.
mkfifo pipe.x
echo '#include "pipe.x"' >waits.x
timeout 20 "$ferry" check waits.x 2>err
[ $? -eq 1 ] && grep -q 'waits.x:1:10: error: pipe.x is no file' err || {
	echo "a pipe was included:"
	cat err
	failed=1
}
cat bad.x >pipe.x &
want 1 'pipe.x:1:12: error: there is no type' check pipe.x
wait
if [ "$(id -u)" -ne 0 ]; then
	chmod 000 good.x
	want 1 'good.x: Permission denied' check good.x
fi
head -c 5000000 /dev/zero | tr '\0' ' ' >huge.x
want 1 'huge.x is longer than an interface file may be' check huge.x

want 2 'which file' check
want 2 'there is no option -x' check -x good.x
want 2 "a time as 250ms, 2s or 1m, not 'never'" services --timeout never
want 2 'there is no option --nope' check --nope good.x
want 2 '-I needs a value' check -I
want 0 'usage: ferry check' check --help
want 0 'usage: ferry check' check -I inc --help
want 0 'usage: ferry check' help check
want 0 'check .*reads interface files' help
want 0 'usage: ferry COMMAND' --help
want 2 "there is no command 'chek'" chek
want 2 "there is no command 'nope'" help nope
want 2 'one command at a time' help help more
want 0 '^ferry [0-9]' --version
"$ferry" >out 2>err
[ $? -eq 2 ] || { echo "ferry alone is misuse"; failed=1; }
if "$ferry" help >/dev/full 2>err || ! grep -q 'cannot write' err; then
	echo "output that is lost goes unnoticed"
	failed=1
fi

for file in /usr/include/rpcsvc/*.x; do
	want 0 '' check -Wnone "$file"
	silent "$file"
done
# Editors read diagnostics as JSON, whatever bytes the file has.
json() {
	"$ferry" check --json "$@" >out 2>err
	python3 -c '
import json, sys
for line in open("out", "rb").read().decode("utf-8").splitlines():
    for one in json.loads(line)["diagnostics"]:
        print(one["severity"], one["file"], one["line"], one["column"],
              one.get("warning", "-"), one["message"],
              one.get("hint", "-"), len(one["notes"]))' >said ||
		{ echo "ferry check --json $*: no JSON"; cat out; failed=1; }
}

printf 'struct caf { int a; };\nstruct s { ca\351 b; "\351\033\302\233" };\n' \
	>latin.x
printf '#error caf\351 \001\nstruct s { long a; nope b; int a; };\n' >error.x
json latin.x
grep -q '^error latin.x 2 ' said || { echo "latin.x:"; cat said; failed=1; }
json error.x
grep -q '^error error.x 1 .*caf' said || { echo "error.x:"; cat said; failed=1; }
grep -q "^error error.x 2 20 - there is no type 'nope'" said ||
	{ echo "error.x:"; cat said; failed=1; }
grep -q "^error error.x 2 32 .* 1\$" said ||
	{ echo "error.x has no note:"; cat said; failed=1; }
grep -q "^warning error.x 2 12 c-type " said ||
	{ echo "error.x has no warning:"; cat said; failed=1; }
# One object for all files, and what one has is none of the next one's.
json good.x error.x gone.x bad.x
[ "$(wc -l <out)" -eq 1 ] || { echo "not one object:"; cat out; failed=1; }
for line in 'error.x 2 20' 'gone.x 0 0' 'bad.x 1 12'; do
	grep -q "^error $line " said ||
		{ echo "no $line of several files:"; cat said; failed=1; }
done
# No byte of a file may move the cursor, and what is printed is UTF-8.
for file in latin.x error.x; do
	"$ferry" check --color never "$file" >out 2>err
	if LC_ALL=C tr -d '\11\12\40-\176\200-\377' <err | grep -q . ||
		! python3 -c 'open("err", encoding="utf-8").read()'; then
		echo "$file: control characters or no UTF-8 in what is said"
		failed=1
	fi
done

file=/usr/include/rpcsvc/nis_callback.x
want 0 "'nis_object'.*-Wforeign-type" check "$file"
want 0 "'nis_error'.*-Wforeign-type" check "$file"
exit "$failed"

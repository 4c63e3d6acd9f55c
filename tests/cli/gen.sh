#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: gen.sh FERRY
#
# ferry gen: all of the output or none, whatever goes wrong.
set -u
ferry=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/cli/want.sh
. "$here/want.sh"

empty() {
	[ -z "$(ls -A "$1")" ] || wrong "$2: left $(ls -A "$1")"
}

cat >date.x <<'X'
/* What time it is, over there. */
struct answer { hyper t; string zone<32>; };
program DATE { version V1 { answer NOW(void) = 1; } = 1; } = 0x20000001;
X
sed 's/hyper/nope/' date.x >bad.x
mkdir o p q r

want 0 '' gen -l c -o o date.x
for file in date.h date.c; do
	[ -s "o/$file" ] || wrong "o/$file is not there"
done
grep -q 'What time it is, over there' o/date.h || wrong "no comment in date.h"
[ "$(find o -name '.?*')" = "" ] || wrong "a temporary file is left"

# The same again touches nothing, and only what differs is written.
touch -d '2001-01-01' o/*
want 0 '' gen -l c -o o date.x
[ "$(find o -newermt '2002-01-01' -type f)" = "" ] || wrong "touched in vain"
echo '/* edited */' >>o/date.h
want 0 '' gen -l c -o o date.x
grep -q edited o/date.h && wrong "o/date.h was not made anew"
[ "$(find o -newermt '2002-01-01' -type f)" = "o/date.h" ] ||
	wrong "more than o/date.h was written"

# Where and when it runs makes no difference.
cp date.x p/date.x
(cd p && "$ferry" gen -l c ./date.x) || wrong "no output in the current folder"
cmp o/date.h p/date.h && cmp o/date.c p/date.c || wrong "not a pure function"
want 0 '' gen -l c -o q --prefix my_ date.x
grep -q 'my_' q/date.h || wrong "no prefix in q/date.h"

# Errors leave what was there.
cp o/date.h before
want 1 "there is no type 'nope'" gen -l c -o r bad.x
empty r "an error in the file"
cp bad.x date.x
want 1 "there is no type 'nope'" gen -l c -o o date.x
cmp o/date.h before || wrong "an error touched the output"
sed 's/nope/hyper/' bad.x >date.x

want 1 'cannot .*nowhere.*No such file' gen -l c -o nowhere date.x
want 1 'cannot' gen -l c -o /proc date.x
mkdir s s/date.c
want 1 'date.c: it is a folder' gen -l c -o s date.x
[ "$(ls -A s)" = date.c ] || wrong "half of the output: $(ls -A s)"
want 1 'date.x' gen -l c -o date.x date.x
want 1 'cannot open gone.x' gen -l c -o r gone.x
empty r "a file that is not there"
if [ "$(id -u)" -ne 0 ]; then
	chmod 500 r
	want 1 'Permission denied' gen -l c -o r date.x
	chmod 700 r
fi
# A limit on the size of files stands for a full disk.
(ulimit -f 1; trap '' XFSZ; "$ferry" gen -l c -o r date.x >out 2>err)
[ $? -eq 1 ] || wrong "a full disk goes unnoticed"
grep -q 'cannot write r/date' err || wrong "a full disk: $(cat err)"
empty r "a full disk"

want 2 'which language' gen date.x
want 2 "there is no language 'pascal'" gen -l pascal date.x
want 2 'which file' gen -l c
want 2 'one file at a time' gen -l c date.x bad.x
want 2 "no name can begin with '4u'" gen -l c --prefix 4u date.x
want 2 '--prefix needs a value' gen -l c date.x --prefix
want 2 'there is no option -z' gen -z
want 2 '-o needs a folder' gen -l c -o '' date.x
want 0 'usage: ferry gen' gen --help
want 0 'usage: ferry gen' gen -l c -o r --help
want 0 'usage: ferry gen' help gen
# What names a header stands in quotes in the source.
for name in 'a"b' 'a\b' 'a
b'; do
	cp date.x "$name.x"
	want 1 "no header can have this file's name" gen -l c -o r "$name.x"
done
empty r "a file whose name no header can have"

# --depfile: what make is to know, with the output or not at all.
mkdir -p 'd d/sub' build
cat >'d d/a.x' <<'X'
#include "sub/b#c.x"
#include "sub/b#c.x"
# 7 "never-read.y"
typedef b a;
X
cat >'d d/sub/b#c.x' <<'X'
#ifndef B
#define B
#include <e$.x>
typedef e b;
#endif
X
echo 'typedef int e;' >'d d/e$.x'
want 0 '' gen -l c -o build -I 'd d' --depfile build/a.d 'd d/a.x'
cat >wanted <<'D'
build/a.h build/a.c: d\ d/a.x \
 d\ d/sub/b\#c.x \
 d\ d/e$$.x

d\ d/sub/b\#c.x:

d\ d/e$$.x:
D
diff -u wanted build/a.d || wrong "not the rule that is expected"
printf 'all: build/a.h\n\ninclude build/a.d\n\nbuild/a.h:\n\ttouch made\n' \
	>Makefile
for file in 'd d/a.x' 'd d/e$.x' 'd d/sub/b#c.x'; do
	touch -d '2001-01-01' d*/*.x d*/*/*.x
	touch -d '2002-01-01' build/*
	rm -f made
	make >/dev/null 2>&1 && [ ! -e made ] || wrong "make: made in vain"
	touch "$file"
	make >/dev/null 2>&1 && [ -e made ] || wrong "make: $file is unknown"
done
(cd build && "$ferry" gen -l c -I '../d d' --depfile=x.d '../d d/a.x') ||
	wrong "--depfile in the current folder"
grep -q '^a.h a.c: ../d\\ d/a.x ' build/x.d ||
	wrong "--depfile in the current folder: $(cat build/x.d)"
sed -i 's/^typedef b/typedef nope/' 'd d/a.x'
rm build/a.d
want 1 "there is no type 'nope'" gen -l c -o build -I 'd d' \
	--depfile build/a.d 'd d/a.x'
[ ! -e build/a.d ] || wrong "an error wrote a depfile"
rm -f q/*
want 1 'cannot .*nowhere' gen -l c -o q --depfile nowhere/a.d date.x
empty q "a depfile that cannot be written"
want 2 '--depfile needs a file' gen -l c --depfile '' date.x
exit "$failed"

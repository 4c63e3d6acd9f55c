#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: many.sh FERRY
#
# A hundred thousand of whatever the dialects have: taken (y_*) or refused with
# a place (n_*), in seconds and on a small stack.
set -u
ferry=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0

# many TEXT: TEXT a hundred thousand times; numbered TEXT: & is which.
many() {
	yes "$1" | head -n 100000
}

numbered() {
	seq 0 99999 | sed "s/.*/$1/"
}

# Each constant is one more than the next.
chain() {
	seq 0 99999 | awk '{ print "const A" $1 " = A" $1 + 1 " + 1;" }'
}

{ many 'namespace a {'; echo 'const X = 1;'; many '}'; } >y_namespaces.x
many 'namespace a {' >n_open_namespaces.x
{ echo 'namespace a { typedef int t; } struct s {'; many 'a::'
	echo 't x; };'; } >y_qualified.x
{ many '[doc("x")]'; echo 'const X = 1;'; } >y_attributes.x
many '[a(' >n_open_attribute.x
many 'pragma a b;' >y_pragmas.x
{ echo 'const X = 1;'; many ';'; } >y_semicolons.x
{ echo 'const X = 1'; many '+ 1'; echo ';'; } >y_sum.x
{ echo 'const X ='; many '('; echo 1; many ')'; echo ';'; } >n_parentheses.x
{ echo 'const X ='; many '('; } >n_open_parentheses.x
{ echo 'const X ='; many '-'; echo '1;'; } >n_signs.x
{ chain; echo 'const A100000 = 1;'; } >y_chain.x
{ chain; echo 'const A100000 = A0;'; } >n_circle.x
{ numbered 'const A& = 1;'; echo 'const X = 1'; numbered '+ A&'; echo ';'; } \
	>y_many_names.x
{ echo '%#include <x.h>'; echo 'struct s {'; numbered 'f& a&;'; echo '};'; } \
	>y_foreign.x
{ numbered '%typedef int f&;'; echo 'struct s { f5 a; };'; } \
	>y_foreign_lines.x
{ echo 'program P { version V { void F(int'; many ', int *'
	echo ') = 1; } = 1; } = 5;'; } >y_arguments.x
{ echo 'union u switch (int a) {'; numbered 'case &:'
	echo 'default: int x; };'; } >y_cases.x
{ echo 'enum e {'; numbered 'E& = &,'; echo 'LAST = -1 };'
	echo 'union u switch (e a) {'; numbered 'case E&:'
	echo 'default: int x; };'; } >y_enum_cases.x
{ echo 'union u switch (int a) {'; many 'default: void;'; echo '};'; } \
	>n_defaults.x
many 'strcut s { int a; };' >n_misspelt.x

# shellcheck disable=SC3045 # dash and bash have it
ulimit -s 1024
for file in ./*.x; do
	timeout 30 "$ferry" check -Wnone "$file" >said 2>&1
	status=$?
	case $file in
	*/y_*) [ "$status" -eq 0 ] && [ ! -s said ] ;;
	*) [ "$status" -eq 1 ] &&
		grep -q '\.x:[0-9]*:[0-9]*: error: ' said ;;
	esac && continue
	echo "$file: status $status: $(head -c 300 said)"
	failed=1
done
exit "$failed"

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# dialect.sh TIRPC STUBS FERRY FILE.x
#
# TIRPC prints values of FILE.x as libtirpc encodes them, with what they are as
# JSON. ferry decodes the bytes to that and encodes that to the bytes, and so
# does STUBS, with the C that ferry made of the file.
set -u
tirpc=$1
stubs=$2
ferry=$3
file=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

wrong() {
	echo "$1"
	failed=1
}

"$tirpc" >"$work/made" || wrong "libtirpc's side failed"
while read -r type hex json; do
	said=$("$ferry" decode -Wnone --compact --hex "$file" "$type" "$hex" 2>&1)
	[ "$said" = "$json" ] || wrong "$type: decoded to $said, not $json"
	said=$("$ferry" encode -Wnone --hex "$file" "$type" "$json" 2>&1)
	[ "$said" = "$hex" ] || wrong "$type: encoded to $said, not $hex"
done <"$work/made"
"$stubs" <"$work/made" >"$work/again" || wrong "the stubs failed"
cut -d ' ' -f 1,2 "$work/made" | grep -v : | diff - "$work/again" ||
	wrong "the stubs make other bytes"
[ "$(wc -l <"$work/made")" -ge 29 ] || wrong "where are the other values?"
[ "$(wc -l <"$work/again")" -ge 22 ] || wrong "the stubs know too few types"
exit "$failed"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# wire.sh TIRPC FERRY: the bytes that both make of the same 200 values.
set -uo pipefail
tirpc=$1
ferry=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0

try() { # WHAT COMMAND...
	local what=$1
	shift
	if "$@"; then
		echo "ok - $what"
	else
		echo "not ok - $what"
		wrong=1
	fi
}

"$tirpc" make > "$work/tirpc" || wrong=1
"$ferry" make > "$work/ferry" || wrong=1
try "200 values have encodings of $(wc -c < "$work/tirpc") digits" \
	[ "$(wc -l < "$work/tirpc")" = 200 ]
try "ferry's bytes are libtirpc's" cmp "$work/tirpc" "$work/ferry"
"$ferry" check < "$work/tirpc"
try "ferry decodes libtirpc's bytes to the same values" [ $? = 0 ]
"$tirpc" check < "$work/ferry"
try "libtirpc decodes ferry's bytes to the same values" [ $? = 0 ]
exit $wrong

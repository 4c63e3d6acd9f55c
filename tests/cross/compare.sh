#!/bin/sh
# SPDX-License-Identifier: MIT
# compare.sh VECTORS [EMULATOR] COMPARE: libtirpc's bytes to the other processor
set -eu
vectors=$1
shift
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
"$vectors" > "$lines"
"$@" < "$lines"

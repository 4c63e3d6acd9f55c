#!/bin/sh
# SPDX-License-Identifier: MIT
# rpcgen.sh FILE.x FOLDER: what rpcgen makes of it, as FOLDER/FILE_tirpc.h and .c.
# In a folder of its own, because rpcgen includes the header by the path it was
# given, and does not overwrite.
set -eu
stem=$(basename "$1" .x)_tirpc
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$1" "$work/$stem.x"
(cd "$work" && rpcgen -h -o "$stem.h" "$stem.x" &&
	rpcgen -c -o "$stem.c" "$stem.x")
cp "$work/$stem.h" "$work/$stem.c" "$2"

#!/bin/sh
# SPDX-License-Identifier: MIT
# rpcgen.sh OPTION IN.x OUT HEADER [-N]: one output of rpcgen, including HEADER.
# rpcgen refuses to overwrite, and names the header by the path of its input.
set -e
rm -f "$3"
rpcgen -C ${5:+"$5"} "$1" "$2" -o "$3"
sed -i "s|^#include \".*\.h\"|#include \"$4\"|" "$3"

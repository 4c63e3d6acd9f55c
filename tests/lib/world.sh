#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# world.sh [-e FOLDER]... COMMAND...: runs COMMAND in a world of its own. It is
# root there; the network is a loopback where every port is free; /run, and each
# FOLDER that is there, is empty; and no process outlives COMMAND, whose exit
# status is that of world.sh. 77, for a skipped test, if there are no worlds here.
set -euo pipefail

if [ "${1-}" = --inside ]; then
	shift
	while [ "${1-}" = -e ]; do
		mount -t tmpfs -o mode=0755 world "$2"
		shift 2
	done
	ip link set lo up
	# Not exec: this shell is the first process of the world, to which
	# signals do nothing, and which has to wait for orphans.
	status=0
	"$@" || status=$?
	exit $status
fi

enter=(unshare --net --mount --pid --fork --kill-child --mount-proc)
[ "$(id -u)" = 0 ] || enter+=(--user --map-root-user)
if ! refusal=$("${enter[@]}" "$0" --inside -e /run true 2>&1); then
	echo "SKIPPED, for there are no worlds here ($refusal): $*"
	exit 77
fi
exec "${enter[@]}" "$0" --inside -e /run "$@"

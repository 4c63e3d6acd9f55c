# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154
# What the scripts here share; they are given the command as $ferry. They run in
# a folder of their own, which goes when they end.
work=$(mktemp -d)
failed=0
input=/dev/null # of each command
syntax=-G # of patterns, for grep

trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1

wrong() {
	echo "not ok - $*"
	failed=1
}

# want STATUS PATTERN ARGUMENT...: ferry exits so, in time, and prints what
# matches; STATUS is a pattern of the shell, as [25]. Its variables are its own:
# callers have some of these names.
want() {
	want_status=$1
	want_pattern=$2
	shift 2
	timeout 60 "$ferry" "$@" >out 2>err <"$input"
	want_got=$?
	cat out err >both
	[ -n "$want_pattern" ] || echo >>both
	# shellcheck disable=SC2254 # a pattern
	case $want_got in
	$want_status) grep -q "$syntax" -e "$want_pattern" both && return ;;
	esac
	wrong "ferry $*: status $want_got, not $want_status, or no '$want_pattern':"
	head -c 2000 both
}

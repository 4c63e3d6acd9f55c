#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# ypserv.sh PEER-YP FERRY: a NIS server of a domain with one map. Its answers
# are what this script put into the map.
yp=$(realpath "$1")
ferry=$(realpath "$2")
# shellcheck source=tests/peers/lib.sh
. "$(dirname "$0")/lib.sh"
needs ypserv ypserv rpcbind rpcbind rpcinfo rpcbind \
	dumpcap wireshark-common tshark tshark python3 python3
port=10834

# /var/yp is this world's own.
mkdir /var/yp/ferry.test
word=ferry-$RANDOM-$RANDOM
printf 'boat %s\nsea channel\n' "$word" |
	makedbm - /var/yp/ferry.test/words.byname || fatal "makedbm"
start_rpcbind
ypserv -f -p $port > ypserv.log 2>&1 &
await 20 rpcinfo -T tcp 127.0.0.1 ypserv 2 ||
	fatal "ypserv starts" ypserv.log await.log
capture_start

check "NULL and two other calls" \
	"$yp" tcp:127.0.0.1:$port ferry.test words.byname boat
same "the domain and the word are the server's" \
	"serves ferry.test: yes boat: 1 $word" "$(xargs < out)"
check "a domain that it does not have" \
	"$yp" tcp:127.0.0.1:$port other.test words.byname boat
same "is told so" "serves other.test: no boat: -2" "$(xargs < out)"

# The same by hand, from the interface file as it is installed.
by_hand() { # PROCEDURE [JSON]
	check "ferry call $1" "$ferry" call --version 2 127.0.0.1 \
		/usr/include/rpcsvc/yp.x "$@"
}
by_hand YPPROC_NULL
by_hand YPPROC_DOMAIN '"ferry.test"'
same "the domain is served" true "$(cat out)"
by_hand YPPROC_MATCH "{\"domain\": \"ferry.test\", \"map\": \"words.byname\",
	\"key\": \"$(printf boat | od -An -tx1 | tr -d ' ')\"}"
same "and the word is found" "YP_TRUE $(printf %s "$word" | od -An -v -tx1 |
	tr -d ' \n')" "$(field out stat) $(field out val)"
check "ferry services" "$ferry" services --json
same "knows ypserv" "100004 1 tcp $port 100004 2 tcp $port" \
	"$(services tcp out | xargs)"

capture_end
well_formed $port 9
same "the calls that tshark knows" "0 1 3" \
	"$(frames $port 'rpc.msgtyp == 0 && rpc.program == 100004' \
		rpc.procedure | sort -u | xargs)"
exit $failed

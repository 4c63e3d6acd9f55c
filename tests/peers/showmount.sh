#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# showmount.sh PEER-MOUNTD NFS-LIST FERRY FOLDER: MOUNT servers of ours, one of
# stubs and one by hand, found through rpcbind and asked by the client that NFS
# administrators use. FOLDER has mount3.x.
mountd=$(realpath "$1")
list=$(realpath "$2")
ferry=$(realpath "$3")
x=$(realpath "$4")
# shellcheck source=tests/peers/lib.sh
. "$(dirname "$0")/lib.sh"
needs showmount nfs-common rpcbind rpcbind rpcinfo rpcbind \
	dumpcap wireshark-common tshark tshark

start_rpcbind
capture_start
"$mountd" tcp:127.0.0.1:0 /public /house=family > mountd.log 2> mountd.err &
pid=$!
await 20 test -s mountd.log || fatal "our server starts" mountd.err
port=$(sed 's/.*://' mountd.log)

for version in 1 3; do
	check "rpcinfo calls version $version of our server" \
		rpcinfo -T tcp 127.0.0.1 mountd $version
done
same "rpcinfo lists it" "100005 1 tcp $port 100005 3 tcp $port" \
	"$(rpcinfo -p | awk '$1 == 100005 { print $1, $2, $3, $4 }' | xargs)"
check "showmount -e" showmount --no-headers -e 127.0.0.1
same "shows what is exported, and to whom" "/public (everyone) /house family" \
	"$(xargs < out)"

# It mounts; then the server has no NFS, which is no wonder.
"$list" "$(cat mountd.log)" "$(cat mountd.log)" /house > out 2>&1
same "a client mounts" 7 $?
check "showmount -a" showmount --no-headers -a 127.0.0.1
same "shows who has mounted what" "$(hostname):/house" "$(xargs < out)"
check "showmount -d" showmount --no-headers -d 127.0.0.1
same "shows what is mounted" /house "$(xargs < out)"

kill $pid
wait $pid
same "our server ends cleanly" "0 " "$? $(cat mountd.err)"
same "and is not registered any more" "" "$(rpcinfo -p | grep 100005)"
# ---- a server by hand ----

"$ferry" serve --register tcp:127.0.0.1:0 "$x/mount3.x" \
	--reply 'MOUNTPROC3_EXPORT=[{"ex_dir": "/boat", "ex_groups":
		[{"gr_name": "crew"}, {"gr_name": "captain"}]}]' \
	--run 'MOUNTPROC3_DUMP=echo "[{\"ml_hostname\": \"pier\",
		\"ml_directory\": \"/boat\"}]"' > serve.log 2> serve.err &
pid=$!
await 20 test -s serve.log || fatal "ferry serve starts" serve.err
hand=$(sed 's/.*://' serve.log)
check "showmount -e" showmount --no-headers -e 127.0.0.1
same "shows what was told to ferry serve" "/boat crew,captain" "$(xargs < out)"
check "showmount -a" showmount --no-headers -a 127.0.0.1
same "shows what the command said" "pier:/boat" "$(xargs < out)"
kill $pid
wait $pid
same "it ends cleanly" 0 $?
same "and is not registered any more" "" "$(rpcinfo -p | grep 100005)"

capture_end
well_formed "$port $hand 111" 15
same "what tshark says we said" "DUMP EXPORT MNT NULL" \
	"$(frames "$port" 'rpc.msgtyp == 1 && mount' _ws.col.Info |
		sed 's/^V[13] \([A-Z]*\) Reply.*/\1/' | sort -u | xargs)"
exit $failed

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# ganesha.sh NFS-LIST FERRY: a real NFS server exports a folder that this script
# filled; what comes out of it through the stubs must be what was put in.
list=$(realpath "$1")
# shellcheck source=tests/peers/lib.sh
. "$(dirname "$0")/lib.sh"
needs ganesha.nfsd nfs-ganesha rpcbind rpcbind rpcinfo rpcbind \
	dumpcap wireshark-common tshark tshark
nfs=12049
mnt=12050

# Of its own, since not every file system can find a file by its handle.
mkdir export
mount -t tmpfs -o mode=0755 export export || skip "no tmpfs for the export"
mkdir -p export/deep/er
head -c 3333333 /dev/urandom > export/deep/er/random
: > export/empty
for i in $(seq 700); do
	: > "export/file-$i-with-a-name-that-makes-the-list-go-over-several-calls"
done

cat > ganesha.conf <<END
NFS_CORE_PARAM {
	NFS_Port = $nfs;
	MNT_Port = $mnt;
	Enable_NLM = false;
	Enable_RQUOTA = false;
	Enable_UDP = false;
	Protocols = 3;
}
EXPORT {
	Export_Id = 1;
	Path = $work/export;
	Pseudo = /export;
	Protocols = 3;
	Transports = TCP;
	Access_Type = RO;
	Squash = No_Root_Squash;
	SecType = sys;
	FSAL { Name = VFS; }
}
END
start_rpcbind
ganesha.nfsd -F -f ganesha.conf -L ganesha.log -p ganesha.pid \
	-N NIV_EVENT > /dev/null 2>&1 &
await 30 rpcinfo -T tcp 127.0.0.1 100003 3 ||
	fatal "ganesha starts" ganesha.log await.log
capture_start

list=("$list" "tcp:127.0.0.1:$mnt" "tcp:127.0.0.1:$nfs" "$work/export")

# ---- the C client ----

check "a client mounts and lists" "${list[@]}"
same "the list is the folder's" "$(find export -mindepth 1 -maxdepth 1 \
	-printf '%f\n' | sort)" \
	"$(sed 1d out | awk '{ print $6 }' | grep -v '^\.*$' | sort)"
same "so are the attributes" \
	"$(stat -c '- 0%a %u %g %s %n' export/empty | sed 's|export/||')" \
	"$(awk '$6 == "empty" { print $1, $2, $3, $4, $5, $6 }' out)"

check "a client looks up and reads" "${list[@]}" deep/er/random
same "the bytes are the file's" "$(sha256sum < export/deep/er/random)" \
	"$(sha256sum < out)"
check "an empty file is read" "${list[@]}" empty
same "and has no bytes" "" "$(cat out)"

"${list[@]}" deep/nothing > out 2>&1
same "what is not there is refused" \
	"7 nfs-list: nothing: the server says no: error 2" "$? $(cat out)"

# ---- rpcinfo knows the same server ----

same "rpcinfo sees what was called" \
	"100003 3 tcp $nfs 100005 3 tcp $mnt" \
	"$(rpcinfo -p | awk '$1 != 100000 && $2 == 3 { print $1, $2, $3, $4 }' |
		sort | xargs)"

# ---- on the wire ----

capture_end
well_formed "$nfs $mnt" 20
same "the names that were looked up" "deep er random deep nothing" "$(frames \
	"$nfs $mnt" 'rpc.msgtyp == 0 && nfs.procedure_v3 == 3' nfs.name |
	grep -v empty | xargs)"
same "the calls that tshark knows" "FSINFO LOOKUP MNT READ READDIRPLUS" \
	"$(frames "$nfs $mnt" 'rpc.msgtyp == 0 && (nfs || mount)' \
		_ws.col.Info | sed 's/^V3 \([A-Z]*\) Call.*/\1/' | sort -u |
		grep -v NULL | xargs)"
exit $failed

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# ganesha.sh NFS-LIST FERRY FOLDER: a real NFS server exports a folder that this
# script filled; what comes out of it, through stubs and by hand, must be what
# was put in. FOLDER has mount3.x and nfs3.x.
list=$(realpath "$1")
ferry=$(realpath "$2")
x=$(realpath "$3")
# shellcheck source=tests/peers/lib.sh
. "$(dirname "$0")/lib.sh"
needs ganesha.nfsd nfs-ganesha rpcbind rpcbind rpcinfo rpcbind \
	dumpcap wireshark-common tshark tshark python3 python3
nfs=12049
mnt=12050

# Of its own, since not every file system can find a file by its handle.
mkdir export
mount -t tmpfs -o mode=0755 export export || skip "no tmpfs for the export"
# ganesha looks the export's file system up in a file that bare machines lack.
if [ ! -e /etc/mtab ]; then
	cp -a /etc etc
	ln -s /proc/self/mounts etc/mtab
	mount --bind etc /etc
fi
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

# ---- by hand: JSON, and addresses from rpcbind ----

nfs() { # PROCEDURE JSON
	check "ferry call $1" \
		"$ferry" call --auth sys 127.0.0.1 "$x/nfs3.x" "NFSPROC3_$1" "$2"
}

check "ferry call MNT" "$ferry" call 127.0.0.1 "$x/mount3.x" MOUNTPROC3_MNT \
	"\"$work/export\""
handle=$(field out mountinfo fhandle)
nfs FSINFO "{\"fsroot\": {\"data\": \"$handle\"}}"
same "FSINFO is of the export" "$(stat -c %i export)" \
	"$(field out resok obj_attributes attributes fileid)"
for name in deep er random; do
	nfs LOOKUP "{\"what\": {\"dir\": {\"data\": \"$handle\"},
		\"name\": \"$name\"}}"
	folder=$handle
	handle=$(field out resok object data)
done
nfs READDIR "{\"dir\": {\"data\": \"$folder\"}, \"cookie\": 0,
	\"cookieverf\": \"0000000000000000\", \"count\": 4000}"
same "READDIR lists the folder" ". .. random" "$(for i in 0 1 2; do
	field out resok reply entries $i name; done | sort | xargs)"
: > parts
for offset in 0 1000000 2000000 3000000; do
	nfs READ "{\"file\": {\"data\": \"$handle\"}, \"offset\": $offset,
		\"count\": 1000000}"
	field out resok data >> parts
done
same "the file ends there" True "$(field out resok eof)"
python3 -c 'import sys; sys.stdout.buffer.write(
	bytes.fromhex(sys.stdin.read()))' < parts > whole
same "the bytes are the file's" "$(sha256sum < export/deep/er/random)" \
	"$(sha256sum < whole)"
nfs LOOKUP "{\"what\": {\"dir\": {\"data\": \"$folder\"},
	\"name\": \"nothing\"}}"
same "what is not there is said by name" NFS3ERR_NOENT "$(field out status)"

# ---- rpcinfo and ferry know the same server ----

known="100003 3 tcp $nfs 100005 1 tcp $mnt 100005 3 tcp $mnt"
same "rpcinfo sees what was called" "$known" \
	"$(rpcinfo -p | awk '$1 + 0 > 100000 { print $1, $2, $3, $4 }' |
		sort | xargs)"
check "ferry services" "$ferry" services --json 127.0.0.1
same "sees the same" "$known" "$(services tcp out | xargs)"
check "ferry services --ping" "$ferry" services --ping 127.0.0.1

# ---- on the wire ----

capture_end
well_formed "$nfs $mnt 111" 40
same "the names that were looked up" \
	"deep er random deep nothing deep er random nothing" "$(frames \
	"$nfs $mnt" 'rpc.msgtyp == 0 && nfs.procedure_v3 == 3' nfs.name |
	grep -v empty | xargs)"
same "the calls that tshark knows" "FSINFO LOOKUP MNT READ READDIR READDIRPLUS" \
	"$(frames "$nfs $mnt" 'rpc.msgtyp == 0 && (nfs || mount)' \
		_ws.col.Info | sed 's/^V3 \([A-Z]*\) Call.*/\1/' | sort -u |
		grep -v NULL | xargs)"

# ---- that tshark would tell ----

capture_start
timeout 60 "$ferry" call --raw "tcp:127.0.0.1:$nfs" 100003.3.3 \
	"00000040$handle" > out 2> err
same "a handle longer than the call is garbage to the server" 7 $?
capture_end
same "and malformed to tshark" "LOOKUP" \
	"$(frames "$nfs" '_ws.malformed && rpc.msgtyp == 0' _ws.col.Info |
		sed 's/^V3 \([A-Z]*\) Call.*/\1/')"
exit $failed

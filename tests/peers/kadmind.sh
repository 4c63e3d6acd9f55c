#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# kadmind.sh PEER-ASK FERRY: a Kerberos administration server, which takes no
# credentials but RPCSEC_GSS, refuses ours with AUTH_TOOWEAK.
ask=$(realpath "$1")
ferry=$(realpath "$2")
# shellcheck source=tests/peers/lib.sh
. "$(dirname "$0")/lib.sh"
needs kadmind krb5-admin-server kdb5_util krb5-kdc \
	dumpcap wireshark-common tshark tshark
port=10749

cat > krb5.conf <<END
[libdefaults]
	default_realm = FERRY.TEST
	dns_lookup_kdc = false
	dns_canonicalize_hostname = false
[realms]
	FERRY.TEST = {
		admin_server = 127.0.0.1:$port
	}
END
cat > kdc.conf <<END
[realms]
	FERRY.TEST = {
		database_name = $work/principal
		key_stash_file = $work/stash
		acl_file = $work/acl
		kadmind_listen = 127.0.0.1:$port
		kpasswd_listen = 127.0.0.1:10464
	}
END
: > acl
export KRB5_CONFIG=$work/krb5.conf KRB5_KDC_PROFILE=$work/kdc.conf
kdb5_util create -s -r FERRY.TEST -P "not a secret" > kdb5.log 2>&1 ||
	fatal "a realm is made" kdb5.log
kadmind -nofork -W > kadmind.log 2>&1 &
await 20 grep -q starting kadmind.log || fatal "kadmind starts" kadmind.log
capture_start

# It says that it starts when it listens.
refusal() { # WHAT ARGUMENT...
	local what=$1 got
	shift
	got=$(timeout 60 "$ask" tcp:127.0.0.1:$port 2112 2 "$@")
	same "$what" "6 FERRY_EAUTH 5" "$? $got"
}
refusal "NULL without a credential is AUTH_TOOWEAK" 0
refusal "so is a procedure" 12
refusal "so is a call with AUTH_SYS" 12 sys

by_hand() { # ARGUMENT...
	timeout 60 "$ferry" call "tcp:127.0.0.1:$port" "$@" > out 2>&1
	same "ferry call $* says AUTH_TOOWEAK" "6 1" \
		"$? $(grep -c AUTH_TOOWEAK out)"
}
by_hand --raw 2112.2.0
by_hand --raw --auth sys 2112.2.12

capture_end
well_formed "$port" 5
same "it was kadmind that refused, in words of the wire" "5 5 5 5 5" \
	"$(frames $port 'rpc.msgtyp == 1' rpc.state_auth | xargs)"
exit $failed

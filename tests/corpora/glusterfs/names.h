/* SPDX-License-Identifier: MIT */
/*
 * What glusterfs4-xdr.x has from glusterfs3-xdr.x, by the names that rpcgen
 * gives. Its codecs are those that ferry made.
 */
#pragma once
typedef struct gf_statfs gf_statfs;
typedef struct gf_proto_flock gf_proto_flock;
typedef struct gf_proto_lease gf_proto_lease;
typedef struct gfs3_locklist gfs3_locklist;

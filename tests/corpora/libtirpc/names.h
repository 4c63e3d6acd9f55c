/* SPDX-License-Identifier: MIT */
/* What rpcb_prot.x's lines for C call by the names that rpcgen gives. */
#pragma once
#include <rpc/types.h>
#include <rpc/xdr.h>
typedef struct rpcb rpcb;
struct netbuf;
typedef struct netbuf netbuf;

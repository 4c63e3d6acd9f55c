/* SPDX-License-Identifier: MIT */
/*
 * What nis.x's lines for C and <rpcsvc/nislib.h> call by the names that rpcgen
 * gives: its structs without the tag, its strings as char *.
 */
#pragma once
#include <rpc/rpc.h>
typedef char *nis_name;
typedef struct nis_result nis_result;
typedef struct nis_object nis_object;
typedef struct nis_server nis_server;
typedef struct nis_tag nis_tag;
typedef enum nis_error nis_error;
typedef struct directory_obj directory_obj;
typedef struct group_obj group_obj;
typedef struct table_obj table_obj;
typedef struct link_obj link_obj;
typedef struct entry_obj entry_obj;
typedef struct ib_request ib_request;
typedef struct fd_result fd_result;

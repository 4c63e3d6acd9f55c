/* SPDX-License-Identifier: MIT */
/*
 * What lxc_protocol.x and qemu_protocol.x have from remote_protocol.x, by the
 * names that rpcgen gives. Its codecs are those that ferry made.
 */
#pragma once
#include <ferry/str.h>
typedef struct remote_nonnull_domain remote_nonnull_domain;
typedef struct ferry_str remote_nonnull_string;
typedef struct ferry_str *remote_string;

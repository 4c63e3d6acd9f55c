/* SPDX-License-Identifier: MIT */
/* Stands in for NFS 4.2, which nfs-ganesha has in nfsv41.h: RFC 7862. */
#pragma once
#include <stdint.h>
typedef struct device_error4 {
	uint8_t de_deviceid[16];
	int32_t de_status;
	int32_t de_opnum;
} device_error4;

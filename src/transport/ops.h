/* SPDX-License-Identifier: MIT */
/* The transports of the library: each file ends in its table. */
#pragma once

#include <ferry/transport.h>

extern const struct ferry_transport_ops fy_transport_exec;
extern const struct ferry_transport_ops fy_transport_fd;
extern const struct ferry_transport_ops fy_transport_fifo;
extern const struct ferry_transport_ops fy_transport_mq;
extern const struct ferry_transport_ops fy_transport_pipe;
extern const struct ferry_transport_ops fy_transport_shm;
extern const struct ferry_transport_ops fy_transport_sysv;
extern const struct ferry_transport_ops fy_transport_tcp;
extern const struct ferry_transport_ops fy_transport_unix;

/* SPDX-License-Identifier: MIT */
/*
 * Names of unix sockets: a path, a name in the user's own folder, an abstract
 * name. Schemes that meet through one differ by the type of the socket, which
 * the kernel compares: none can be mistaken for another.
 */
#pragma once

#include <stdbool.h>

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#include <ferry/addr.h>
#include <ferry/err.h>
#include <ferry/time.h>

#include "core/compiler.h"
#include "transport/access.h"

#define FY_LOCAL_PATH_BYTES sizeof(((struct sockaddr_un *)NULL)->sun_path)

/**
 * struct fy_local_kind - how a scheme uses them
 * @scheme:  its name
 * @type:    SOCK_STREAM or SOCK_SEQPACKET
 * @other:   the scheme that uses the other one
 * @options: that its addresses may have, ended by NULL
 */
struct fy_local_kind {
	const char *scheme;
	int type;
	const char *other;
	const char *const *options;
};

/**
 * struct fy_local_name - what an address says; a plain value
 * @text:   for messages; borrowed from the address
 * @access: of a listener's file
 */
struct fy_local_name {
	const struct fy_local_kind *kind;
	struct sockaddr_un addr;
	socklen_t bytes;
	const char *text;
	struct fy_access access;
};

/**
 * struct fy_local_file - the socket file that a listener has made; zeroed: none
 * @owner: the process that removes it
 */
struct fy_local_file {
	char path[FY_LOCAL_PATH_BYTES];
	dev_t dev;
	ino_t ino;
	pid_t owner;
};

/**
 * fy_local_resolve() - the name that @addr says
 * @make: make the user's folder, if the name lives there
 * @out:  valid as long as @addr
 *
 * FERRY_EADDR: no name, too long, an option that @kind does not know, or that
 * an abstract name cannot have. Else as fy_rundir_path().
 */
FY_MUST_CHECK ferry_err fy_local_resolve(const struct fy_local_kind *kind,
					 const struct ferry_addr *addr,
					 bool make, struct fy_local_name *out,
					 struct ferry_error *why);

/** fy_local_is_abstract() - whether anybody may take the name */
bool fy_local_is_abstract(const struct fy_local_name *name);

/**
 * fy_local_connect() - a socket that is connected to who listens at @name
 * @out: the caller's; it may block or not
 *
 * A listener whose queue is full is waited for. FERRY_ECONNECT: nobody is
 * there, or one of the other kind. FERRY_ETIMEDOUT (FERRY_EAGAIN for
 * FERRY_NOW), FERRY_EACCES.
 */
FY_MUST_CHECK ferry_err fy_local_connect(const struct fy_local_name *name,
					 struct ferry_deadline until, int *out,
					 struct ferry_error *why);

/**
 * fy_local_listen() - a socket that does not block and listens at @name
 * @file: zeroed before; to be given to fy_local_remove() before *@out is closed
 * @out:  the caller's
 *
 * The file of a listener that has died is replaced. FERRY_ESYS with EADDRINUSE:
 * somebody listens there, or something is in the way.
 */
FY_MUST_CHECK ferry_err fy_local_listen(const struct fy_local_name *name,
					struct fy_local_file *file, int *out,
					struct ferry_error *why);

/**
 * fy_local_remove() - removes the file, and no other that has taken its place
 *
 * Harmless if there is none, and in a child of who made it.
 */
void fy_local_remove(const struct fy_local_file *file);

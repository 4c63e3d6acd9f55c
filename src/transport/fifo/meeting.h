/* SPDX-License-Identifier: MIT */
/*
 * Where listener and clients of fifo: meet, by name:
 *
 *	PATH    a FIFO, 0600, in which clients write who they are. Nobody but
 *	        the listener's user can read it.
 *	PATH.d  a folder, 02700, in which each client makes a pair of FIFOs
 *
 * With ?group= (or a ?mode= that lets others write) the FIFO is 0620 and the
 * folder 03730: members can make names there, but neither see nor remove those
 * of others. The set-group-id bit gives a client's FIFOs the group, so that
 * the listener can open them.
 */
#pragma once

#include <stdbool.h>

#include <sys/stat.h>
#include <sys/types.h>

#include <ferry/addr.h>
#include <ferry/err.h>

#include "core/compiler.h"
#include "transport/access.h"

/* Bytes of PATH, which is an address's body or the user's folder and a name. */
#define FY_MEETING_PATH (FERRY_ADDR_BODY + 64)

/**
 * struct fy_meeting - both, open
 * @path:   of the FIFO
 * @fd:     the FIFO: to read and write, or a client's to write
 * @folder: a client's is O_PATH
 * @uid:    whose they are
 * @stamp:  the time that a client's FIFOs bear, see fy_meeting_bears()
 * @dev:    of the FIFO, as .ino
 * @owner:  the process that removes them
 */
struct fy_meeting {
	char path[FY_MEETING_PATH];
	int fd;
	int folder;
	uid_t uid;
	struct timespec stamp;
	dev_t dev;
	ino_t ino;
	pid_t owner;
};

/**
 * fy_meeting_path() - the path that an address means
 * @make: the user's folder, if the name lives there
 */
FY_MUST_CHECK ferry_err fy_meeting_path(const struct ferry_addr *addr,
					bool make, char out[FY_MEETING_PATH],
					struct ferry_error *why);

/**
 * fy_meeting_make() - makes both, in the place of what a dead listener left
 * @m: .path is set; the rest is written on success
 *
 * Return: FERRY_OK; FERRY_ESYS (EADDRINUSE): somebody listens, or what is there
 * is no FIFO; FERRY_EACCES: it is somebody else's. Nothing is left behind then.
 */
FY_MUST_CHECK ferry_err fy_meeting_make(struct fy_meeting *m,
					const struct fy_access *access,
					struct ferry_error *why);

/** fy_meeting_end() - closes and removes both, as far as they are its own */
void fy_meeting_end(struct fy_meeting *m);

/**
 * fy_meeting_sweep() - removes what dead clients left, for a listener
 *
 * Nobody else finds it: whoever was killed before his hello said nothing. Looks
 * at some of the names only if they are many.
 */
void fy_meeting_sweep(const struct fy_meeting *m);

/** fy_meeting_remove() - both FIFOs of a client; @name: of either */
void fy_meeting_remove(const struct fy_meeting *m, const char *name);

/**
 * fy_meeting_find() - opens both, for a client
 *
 * @m as above. FERRY_ECONNECT: nobody listens; FERRY_EACCES: what is there may
 * not be trusted, or not be used.
 */
FY_MUST_CHECK ferry_err fy_meeting_find(struct fy_meeting *m,
					struct ferry_error *why);

/**
 * fy_meeting_bears() - whether the FIFO @st was made for this meeting
 *
 * Its owner alone can set the time of a file to other than now, and a client
 * sets that of its FIFOs to what follows from the folder, from when it was made
 * too: another may have its number once it is removed. So nobody else can
 * move the FIFOs that somebody made for another listener here, and be taken
 * for him: a folder's owner may rename what others made in it.
 */
bool fy_meeting_bears(const struct fy_meeting *m, const struct stat *st);

/** fy_meeting_close() - closes both; harmless twice */
void fy_meeting_close(struct fy_meeting *m);

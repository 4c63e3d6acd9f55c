/* SPDX-License-Identifier: MIT */
/*
 * peer-mountd ADDRESS FOLDER[=GROUP]...: a MOUNT server that exports names, and
 * is registered with rpcbind, for real clients of MOUNT to ask. Prints its
 * address; ends by SIGTERM, and takes its registration back.
 *
 * A caller that mounts is noted, as the MOUNT protocol wants it, under the name
 * that its AUTH_SYS credential claims.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <ferry/ferry.h>
#include <ferry/rpcbind.h>

#include "mount3.h"

#define MAX_FOLDERS 8
#define MAX_NOTES 8

/* One thread serves, and nothing is locked. */
struct mountd {
	struct exportnode folders[MAX_FOLDERS];
	struct groupnode groups[MAX_FOLDERS];
	size_t n_folders;
	struct mountbody notes[MAX_NOTES]; /* each points at the next */
	char names[MAX_NOTES][MNTNAMLEN];
	size_t n_notes;
};

/* For the signal handler alone. */
static struct ferry_server *served;

static void
stop(int signal)
{
	(void)signal;
	ferry_server_stop(served);
}

static ferry_err
null_call(struct ferry_call *call)
{
	(void)call;
	return FERRY_OK;
}

static struct exportnode *
find_folder(struct mountd *mountd, struct ferry_str path)
{
	for (size_t i = 0; i < mountd->n_folders; i++) {
		struct ferry_str dir = mountd->folders[i].ex_dir;

		if (dir.len == path.len &&
		    memcmp(dir.data, path.data, path.len) == 0)
			return &mountd->folders[i];
	}
	return NULL;
}

static void
note(struct mountd *mountd, const struct ferry_auth_sys *who,
     const struct exportnode *folder)
{
	size_t n = mountd->n_notes;

	if (!who || n == MAX_NOTES)
		return;
	memcpy(mountd->names[n], who->machine.data, who->machine.len);
	mountd->notes[n] = (struct mountbody){
		.ml_hostname = { mountd->names[n], who->machine.len },
		.ml_directory = folder->ex_dir,
	};
	if (n > 0)
		mountd->notes[n - 1].ml_next = &mountd->notes[n];
	mountd->n_notes = n + 1;
}

static ferry_err
mnt(struct ferry_call *call, struct ferry_str path, struct mountres3 *out)
{
	static int32_t flavors[] = { FERRY_AUTH_SYS };
	struct mountd *mountd = call->ctx;
	struct exportnode *folder = find_folder(mountd, path);

	if (!folder) {
		out->fhs_status = MNT3ERR_NOENT;
		return FERRY_OK;
	}
	note(mountd, ferry_call_auth_sys(call), folder);
	out->fhs_status = MNT3_OK;
	out->u.mountinfo = (struct mountres3_ok){
		.fhandle = { (const uint8_t *)folder->ex_dir.data,
			     folder->ex_dir.len },
		.n_auth_flavors = 1,
		.auth_flavors = flavors,
	};
	return FERRY_OK;
}

static ferry_err
dump(struct ferry_call *call, mountlist *out)
{
	struct mountd *mountd = call->ctx;

	*out = mountd->n_notes > 0 ? &mountd->notes[0] : NULL;
	return FERRY_OK;
}

static ferry_err
list_exports(struct ferry_call *call, exports *out)
{
	struct mountd *mountd = call->ctx;

	*out = mountd->n_folders > 0 ? &mountd->folders[0] : NULL;
	return FERRY_OK;
}

/* Version 1 has the same lists; its handles are of NFS version 2. */
static const struct mount_program_1_ops ops_1 = {
	.mountproc_null = null_call,
	.mountproc_dump = dump,
	.mountproc_export = list_exports,
};

static const struct mount_program_3_ops ops_3 = {
	.mountproc3_null = null_call,
	.mountproc3_mnt = mnt,
	.mountproc3_dump = dump,
	.mountproc3_export = list_exports,
};

/* "/folder" for all, "/folder=group" for one. */
static void
add_folder(struct mountd *mountd, char *word)
{
	size_t n = mountd->n_folders++;
	char *group = strchr(word, '=');

	if (group) {
		*group++ = '\0';
		mountd->groups[n].gr_name = ferry_str_of(group);
		mountd->folders[n].ex_groups = &mountd->groups[n];
	}
	mountd->folders[n].ex_dir = ferry_str_of(word);
	if (n > 0)
		mountd->folders[n - 1].ex_next = &mountd->folders[n];
}

static ferry_err
serve(struct ferry_server *server, const char *addr, struct ferry_error *why)
{
	static const uint32_t versions[] = { 1, 3 };
	struct ferry_deadline until = ferry_in_ms(10000);
	char got[256];
	ferry_err err = ferry_server_listen(server, addr, why);

	if (err)
		return err;
	ferry_server_addr(server, 0, got, sizeof(got));
	for (size_t i = 0; !err && i < 2; i++)
		err = ferry_rpcbind_register(100005, versions[i], got, until,
					     why);
	if (err)
		return err;
	printf("%s\n", got);
	fflush(stdout);
	err = ferry_server_run(server, 1, why);
	until = ferry_in_ms(10000);
	for (size_t i = 0; !err && i < 2; i++)
		err = ferry_rpcbind_unregister(100005, versions[i], until, why);
	return err;
}

int
main(int argc, char **argv)
{
	struct mountd mountd = { 0 };
	struct sigaction action = { .sa_handler = stop };
	struct ferry_error why = { .text = "" };
	struct ferry_server *server = NULL;
	ferry_err err;

	if (argc < 3 || argc - 2 > MAX_FOLDERS) {
		fprintf(stderr, "usage: peer-mountd ADDRESS FOLDER...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++)
		add_folder(&mountd, argv[i]);
	err = ferry_server_new(NULL, &server, &why);
	if (!err)
		err = mount_program_1_serve(server, &ops_1, &mountd);
	if (!err)
		err = mount_program_3_serve(server, &ops_3, &mountd);
	if (!err) {
		served = server;
		sigaction(SIGTERM, &action, NULL);
		err = serve(server, argv[1], &why);
	}
	if (err)
		fprintf(stderr, "peer-mountd: %s\n",
			why.text[0] ? why.text : ferry_strerror(err));
	ferry_server_free(server);
	return ferry_err_status(err);
}

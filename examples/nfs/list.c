/* SPDX-License-Identifier: MIT */
/*
 * nfs-list MOUNT-ADDRESS NFS-ADDRESS EXPORT [FILE]: what is in an exported
 * folder of an NFS server, version 3; or the bytes of a file in it.
 *
 *	nfs-list tcp:server:20048 tcp:server:2049 /export
 *	nfs-list tcp:server:20048 tcp:server:2049 /export notes/today.txt
 *
 * The kernel has no part in it: the stubs are made from mount3.x and nfs3.x.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <ferry/ferry.h>

#include "mount3.h"
#include "nfs3.h"

#define TIMEOUT_MS 10000
/* What one READ and one list ask for at most, whatever the server offers. */
#define MAX_READ (1024u * 1024u)
#define MAX_LIST (64u * 1024u)

/*
 * What all steps need. @file is the handle of what has been found so far; its
 * bytes live in @mem. @part is for answers that are printed and forgotten.
 */
struct session {
	struct ferry_client *nfs;
	struct ferry_arena mem;
	struct ferry_arena part;
	struct nfs_fh3 file;
	struct FSINFO3resok limits;
	struct ferry_error why;
};

/* A refusal by the server's program, as an error of ours. */
static ferry_err
refused(struct session *s, const char *what, uint32_t status)
{
	s->why.code = FERRY_ESERVER;
	snprintf(s->why.text, sizeof(s->why.text),
		 "%s: the server says no: error %" PRIu32, what, status);
	return s->why.code;
}

static struct ferry_call
call_to(struct ferry_client *client, struct ferry_arena *mem)
{
	return ferry_call_to(client, ferry_in_ms(TIMEOUT_MS), mem);
}

static ferry_err
failed(struct session *s, const struct ferry_call *call)
{
	s->why = call->why;
	return call->why.code;
}

/* The handle of the folder @path, which MOUNT gives to us. */
static ferry_err
mount_folder(struct session *s, struct ferry_client *mount, const char *path)
{
	struct ferry_call call = call_to(mount, &s->mem);
	struct mountres3 got;

	if (mountproc3_mnt_3(&call, ferry_str_of(path), &got))
		return failed(s, &call);
	if (got.fhs_status != MNT3_OK)
		return refused(s, path, got.fhs_status);
	s->file.data = got.u.mountinfo.fhandle;
	return FERRY_OK;
}

/* How much the server takes and gives at a time. */
static ferry_err
ask_limits(struct session *s)
{
	struct FSINFO3args args = { .fsroot = s->file };
	struct ferry_call call = call_to(s->nfs, &s->mem);
	struct FSINFO3res got;

	if (nfsproc3_fsinfo_3(&call, &args, &got))
		return failed(s, &call);
	if (got.status != NFS3_OK)
		return refused(s, "FSINFO", got.status);
	s->limits = *got.u.resok;
	return FERRY_OK;
}

/* Goes on from s->file to what is called @name there. */
static ferry_err
look_up(struct session *s, struct ferry_str name)
{
	struct LOOKUP3args args = { .what = { s->file, name } };
	struct ferry_call call = call_to(s->nfs, &s->mem);
	struct LOOKUP3res got;

	if (nfsproc3_lookup_3(&call, &args, &got))
		return failed(s, &call);
	if (got.status != NFS3_OK)
		return refused(s, ferry_str_dup(&s->mem, name), got.status);
	s->file = got.u.resok.object;
	return FERRY_OK;
}

static ferry_err
walk(struct session *s, const char *path)
{
	ferry_err err = FERRY_OK;

	while (!err && *path) {
		size_t len = strcspn(path, "/");

		if (len > 0)
			err = look_up(s, (struct ferry_str){ path,
							     (uint32_t)len });
		path += len + (path[len] == '/');
	}
	return err;
}

/* Prints the file's bytes, one READ after the other. */
static ferry_err
print_file(struct session *s)
{
	uint32_t count = s->limits.rtpref < MAX_READ ? s->limits.rtpref :
						       MAX_READ;
	struct READ3args args = { .file = s->file, .count = count };
	struct READ3res got = { 0 };
	struct READ3resok *ok = &got.u.resok;

	do {
		struct ferry_call call = call_to(s->nfs, &s->part);

		if (nfsproc3_read_3(&call, &args, &got))
			return failed(s, &call);
		if (got.status != NFS3_OK)
			return refused(s, "READ", got.status);
		if (ok->data.len == 0 && !ok->eof)
			return refused(s, "READ gives nothing", 0);
		fwrite(ok->data.data, 1, ok->data.len, stdout);
		args.offset += ok->data.len;
		ferry_arena_reset(&s->part);
	} while (!ok->eof);
	return FERRY_OK;
}

static void
print_entry(const struct entryplus3 *entry)
{
	static const char types[] = "?-dbclsp";
	const struct fattr3 *a = entry->name_attributes.u.attributes;

	if (entry->name_attributes.attributes_follow)
		printf("%c %04" PRIo32 " %5" PRIu32 " %5" PRIu32 " %12" PRIu64,
		       types[a->type], a->mode & 07777, a->uid, a->gid,
		       a->size);
	else
		printf("%-31s", "?");
	printf(" %.*s\n", (int)entry->name.len, entry->name.data);
}

/* Prints the folder's entries, one READDIRPLUS after the other. */
static ferry_err
print_folder(struct session *s)
{
	struct READDIRPLUS3args args = { .dir = s->file, .dircount = MAX_LIST,
					 .maxcount = MAX_LIST };
	struct READDIRPLUS3res got = { 0 };
	struct READDIRPLUS3resok *ok = &got.u.resok;

	do {
		struct ferry_call call = call_to(s->nfs, &s->part);
		uint64_t before = args.cookie;

		if (nfsproc3_readdirplus_3(&call, &args, &got))
			return failed(s, &call);
		if (got.status != NFS3_OK)
			return refused(s, "READDIRPLUS", got.status);
		for (struct entryplus3 *e = ok->reply.entries; e;
		     e = e->nextentry) {
			print_entry(e);
			args.cookie = e->cookie;
		}
		if (args.cookie == before && !ok->reply.eof)
			return refused(s, "READDIRPLUS goes nowhere", 0);
		args.cookieverf = ok->cookieverf;
		ferry_arena_reset(&s->part);
	} while (!ok->reply.eof);
	return FERRY_OK;
}

static ferry_err
run(struct session *s, struct ferry_client *mount, char **words)
{
	ferry_err err = mount_folder(s, mount, words[0]);

	if (!err)
		err = ask_limits(s);
	if (!err && words[1])
		err = walk(s, words[1]);
	if (err)
		return err;
	if (words[1])
		return print_file(s);
	printf("READ: at most %" PRIu32 " bytes, best %" PRIu32 "\n",
	       s->limits.rtmax, s->limits.rtpref);
	return print_folder(s);
}

int
main(int argc, char **argv)
{
	/* NFS servers go by user and group: a claim, checked by nobody. */
	struct ferry_auth_sys self = { .uid = geteuid(), .gid = getegid() };
	struct ferry_client_config config = { .auth_sys = &self };
	struct session s = { .why = { .text = "" } };
	struct ferry_client *mount = NULL;
	char host[FERRY_AUTH_SYS_NAME + 1] = "";
	ferry_err err;

	if (argc != 4 && argc != 5) {
		fprintf(stderr, "usage: nfs-list MOUNT-ADDRESS NFS-ADDRESS "
				"EXPORT [FILE]\n");
		return 2;
	}
	gethostname(host, sizeof(host) - 1);
	self.machine = ferry_str_of(host);
	err = ferry_client_open(argv[1], &config, ferry_in_ms(TIMEOUT_MS),
				&mount, &s.why);
	if (!err)
		err = ferry_client_open(argv[2], &config,
					ferry_in_ms(TIMEOUT_MS), &s.nfs,
					&s.why);
	if (!err)
		err = run(&s, mount, argv + 3);
	if (err)
		fprintf(stderr, "nfs-list: %s\n",
			s.why.text[0] ? s.why.text : ferry_strerror(err));
	ferry_client_free(mount);
	ferry_client_free(s.nfs);
	ferry_arena_fini(&s.part);
	ferry_arena_fini(&s.mem);
	return ferry_err_status(err);
}

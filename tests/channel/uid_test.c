/* SPDX-License-Identifier: MIT */
/*
 * Who gets in to whom: a listener of user A, clients of A, of B and root, by
 * path and by abstract name, with and without ?uid= and ?gid= at either end.
 * Needs root, to become all of them.
 */
#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ferry/channel.h>

/* Nobody has these; where they come from does not matter to the kernel. */
#define A 61001
#define B 61002
#define GROUP 61010
#define SOON_MS 20000
#define ADDRESS_MOST 200

/*
 * How a client fares; also its exit status. A listener's is how many it has
 * refused, of two, or BROKEN.
 */
enum outcome {
	SERVED = 0,
	BROKEN = 9,
	DISTRUSTS = 10, /* it does not trust the listener */
	REFUSED = 11,	/* the listener closes at once */
};

/*
 * @name:    of any scheme, with an exclamation mark for what is the test's own
 * @grouped: the client is in GROUP besides its own group
 */
struct one {
	const char *name;
	const char *server_options;
	uid_t client;
	const char *client_options;
	bool grouped;
	enum outcome want;
};

#define PATH "!/s"
#define ABSTRACT "@!"

/* Those where the kernel tells who it is, as he connects. */
static const char *const schemes[] = { "unix", "shm" };

static const struct one cases[] = {
	/* A path is guarded by its mode, which lets all in. */
	{ PATH, "?mode=0666", A, "", false, SERVED },
	{ PATH, "?mode=0666", B, "", false, SERVED },
	{ PATH, "?mode=0666", 0, "", false, SERVED },
	{ PATH, "?mode=0666&uid=61001", A, "", false, SERVED },
	{ PATH, "?mode=0666&uid=61001", B, "", false, REFUSED },
	{ PATH, "?mode=0666&uid=61001", 0, "", false, REFUSED },
	{ PATH, "?mode=0600", B, "", false, DISTRUSTS },
	{ PATH, "?mode=0666&uid=61002,root", B, "", false, SERVED },
	{ PATH, "?mode=0666&uid=61002,root", 0, "", false, SERVED },
	{ PATH, "?mode=0666&uid=61002,root", A, "", false, REFUSED },
	{ PATH, "?mode=0666&gid=61002", B, "", false, SERVED },
	{ PATH, "?mode=0666&gid=61010", B, "", false, REFUSED },
	{ PATH, "?mode=0666&gid=61010", B, "", true, SERVED },
	{ PATH, "?mode=0666", B, "?uid=61001", false, SERVED },
	{ PATH, "?mode=0666", B, "?uid=61002", false, DISTRUSTS },
	{ PATH, "?mode=0666", 0, "?uid=0", false, DISTRUSTS },
	{ PATH, "?mode=0666", B, "?gid=61001", false, SERVED },
	/* Nobody guards an abstract name: this user and root, unless said. */
	{ ABSTRACT, "", A, "", false, SERVED },
	{ ABSTRACT, "", B, "", false, DISTRUSTS },
	{ ABSTRACT, "", 0, "", false, DISTRUSTS },
	{ ABSTRACT, "", B, "?uid=61001", false, REFUSED },
	{ ABSTRACT, "", 0, "?uid=61001", false, SERVED },
	{ ABSTRACT, "?uid=61001,61002", A, "", false, SERVED },
	{ ABSTRACT, "?uid=61001,61002", B, "?uid=61001", false, SERVED },
	{ ABSTRACT, "?uid=61001,61002", 0, "?uid=61001", false, REFUSED },
	{ ABSTRACT, "?uid=61002", A, "", false, REFUSED },
};

static void
become(uid_t uid, bool grouped)
{
	const gid_t more = GROUP;

	if (uid == 0)
		return;
	if (setgroups(grouped ? 1 : 0, &more) < 0 || setgid(uid) < 0 ||
	    setuid(uid) < 0)
		_exit(BROKEN);
}

static void
put_address(char out[ADDRESS_MOST], const char *scheme, const struct one *one,
	    const char *folder, const char *options)
{
	const char *mark = strchr(one->name, '!');

	snprintf(out, ADDRESS_MOST, "%s:%.*s%s%s%s", scheme,
		 (int)(mark - one->name), one->name, folder, mark + 1, options);
}

/* Answers with the ids that the kernel gave. */
static void
serve(struct ferry_channel *ch)
{
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got;
	struct ferry_peer peer;
	uint32_t ids[2];
	ferry_err err;

	ferry_channel_peer(ch, &peer);
	ids[0] = peer.has_ids ? peer.uid : UINT32_MAX;
	ids[1] = (uint32_t)peer.pid;
	err = ferry_channel_recv(ch, &mem, &got, ferry_in_ms(SOON_MS), NULL);
	if (!err)
		err = ferry_channel_send(ch,
					 (struct ferry_bytes){ (uint8_t *)ids,
							       sizeof(ids) },
					 FERRY_NEVER, NULL);
	/* Who does not trust it says nothing. */
	if (err && err != FERRY_EOF)
		_exit(BROKEN);
	ferry_channel_close(ch, ferry_in_ms(SOON_MS), NULL);
	ferry_arena_fini(&mem);
}

static void
count_warning(void *ctx, enum ferry_log_level level, const char *line)
{
	(void)line;
	if (level == FERRY_LOG_WARNING)
		++*(int *)ctx;
}

/* Until @go ends. Its status: how many were refused, told once if any was. */
static void
run_server(const char *addr, int told, int go)
{
	int n_warnings = 0;
	const struct ferry_hooks hooks = { .log = count_warning,
					   .ctx = &n_warnings };
	const struct ferry_listener_config config = { .channel.hooks = &hooks };
	struct ferry_listener *listener;
	struct ferry_counters counters;
	struct pollfd fds[2] = { { -1, POLLIN, 0 }, { go, POLLIN, 0 } };

	if (ferry_listener_open(addr, &config, &listener, NULL) ||
	    ferry_listener_fd(listener, &fds[0].fd, NULL) ||
	    write(told, "r", 1) != 1)
		_exit(BROKEN);
	while (poll(fds, 2, SOON_MS) > 0 && !fds[1].revents) {
		struct ferry_channel *ch;

		if (ferry_listener_accept(listener, FERRY_NOW, &ch, NULL) ==
		    FERRY_OK)
			serve(ch);
	}
	ferry_listener_counters(listener, &counters);
	ferry_listener_close(listener);
	_exit(n_warnings == (counters.refused > 0) ? (int)counters.refused
						   : BROKEN);
}

static enum outcome
visit(const char *addr)
{
	struct ferry_channel *ch;
	struct ferry_arena mem = { 0 };
	struct ferry_bytes got = { NULL, 0 };
	const struct ferry_bytes hello = { (const uint8_t *)"hello", 5 };
	uint32_t ids[2];
	ferry_err err = ferry_channel_open(addr, NULL, ferry_in_ms(SOON_MS),
					   &ch, NULL);

	if (err)
		return err == FERRY_EACCES ? DISTRUSTS : BROKEN;
	/* Who was refused may find the end already. */
	err = ferry_channel_send(ch, hello, FERRY_NEVER, NULL);
	if (!err)
		err = ferry_channel_recv(ch, &mem, &got, ferry_in_ms(SOON_MS),
					 NULL);
	ferry_channel_close(ch, FERRY_NOW, NULL);
	if (err)
		return err == FERRY_EOF || err == FERRY_ELOST ? REFUSED
							      : BROKEN;
	if (got.len != sizeof(ids))
		return BROKEN;
	memcpy(ids, got.data, sizeof(ids));
	return ids[0] == geteuid() && ids[1] == (uint32_t)getpid() ? SERVED
								  : BROKEN;
}

static int
status_of(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static bool
run(const char *scheme, const struct one *one, const char *folder)
{
	char server_addr[ADDRESS_MOST], client_addr[ADDRESS_MOST];
	int told[2], go[2];
	int server_status, outcome[2];
	pid_t server;
	char byte;

	put_address(server_addr, scheme, one, folder, one->server_options);
	put_address(client_addr, scheme, one, folder, one->client_options);
	if (pipe(told) < 0 || pipe(go) < 0)
		return false;
	server = fork();
	if (server == 0) {
		close(go[1]);
		become(A, false);
		run_server(server_addr, told[1], go[0]);
	}
	close(told[1]);
	if (read(told[0], &byte, 1) != 1)
		printf("# no listener at %s\n", server_addr);
	for (int i = 0; i < 2; i++) {
		pid_t client = fork();

		if (client == 0) {
			become(one->client, one->grouped);
			_exit((int)visit(client_addr));
		}
		outcome[i] = status_of(client);
	}
	close(go[1]);
	server_status = status_of(server);
	close(told[0]);
	close(go[0]);
	printf("%s:%s uid %u of %s%s: %d and %d, wanted %d; listener %d\n",
	       scheme, one->name, one->client, one->server_options,
	       one->client_options, outcome[0], outcome[1], one->want,
	       server_status);
	if (outcome[0] != (int)one->want || outcome[1] != (int)one->want)
		return false;
	/* Who goes without a word may be gone before he is looked at. */
	if (one->want == DISTRUSTS)
		return server_status >= 0 && server_status <= 2;
	return server_status == (one->want == REFUSED ? 2 : 0);
}

int
main(void)
{
	char folder[] = "/tmp/ferry-test-XXXXXX";
	bool good = true;

	if (geteuid() != 0) {
		printf("skipped: only root can be other users\n");
		return 77;
	}
	if (!mkdtemp(folder) || chmod(folder, 0777) < 0)
		return 1;
	fflush(stdout);
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		good &= run(schemes[i % 2], &cases[i / 2], folder);
		fflush(stdout);
	}
	/* Nothing is left in it. */
	good &= rmdir(folder) == 0;
	return good ? 0 : 1;
}

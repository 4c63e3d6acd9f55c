/* SPDX-License-Identifier: MIT */
/*
 * test-channel-limit SECONDS SERVER: a server that echoes, and says its
 * address in its first line, has no descriptor left for those who wait: it
 * rests for so long, and serves again as soon as some have gone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ferry/channel.h>

#include "audit.h"

#define SOON ferry_in_ms(20000)
#define FEW 24
#define CLIENTS 60
/* Of its time, in percent. */
#define CPU_MOST 5
#define RECOVERY_MS 1000

struct server {
	pid_t pid;
	char addr[200];
};

static unsigned long rest_s;
static const char *program;

static void
start(struct server *s, const char *addr, rlim_t most)
{
	const struct rlimit few = { most, most };
	int fds[2], quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
	ssize_t n;

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	s->pid = fork();
	if (s->pid == 0) {
		dup2(fds[1], 1);
		dup2(quiet, 2);
		setrlimit(RLIMIT_NOFILE, &few);
		execl(program, program, addr, NULL);
		_exit(127);
	}
	close(fds[1]);
	close(quiet);
	n = read(fds[0], s->addr, sizeof(s->addr) - 1);
	assert_true(n > 1 && s->addr[n - 1] == '\n');
	s->addr[n - 1] = '\0';
	close(fds[0]);
}

static void
stop(struct server *s)
{
	assert_int_equal(kill(s->pid, SIGTERM), 0);
	assert_int_equal(waitpid(s->pid, NULL, 0), s->pid);
}

/* What a server leaves that is killed: the next one would clear it. */
static void
remove_folder(const char *folder)
{
	DIR *dir = opendir(folder);

	assert_non_null(dir);
	for (struct dirent *at; (at = readdir(dir));) {
		if (at->d_name[0] != '.' || strlen(at->d_name) > 2)
			unlinkat(dirfd(dir), at->d_name, 0);
	}
	closedir(dir);
	assert_int_equal(rmdir(folder), 0);
}

/* Seconds of processor that it has used. */
static double
used(const struct server *s)
{
	unsigned long user, kernel;
	char path[40];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)s->pid);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%*d %*s %*c %*d %*d %*d %*d %*d %*u "
				"%*u %*u %*u %*u %lu %lu", &user, &kernel), 2);
	fclose(file);
	return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

static ferry_err
echo(struct ferry_channel *ch, struct ferry_deadline until)
{
	const struct ferry_bytes word = { (const uint8_t *)"word", 4 };
	struct ferry_bytes got;
	ferry_err err = ferry_channel_send(ch, word, until, NULL);

	if (!err)
		err = ferry_channel_take(ch, &got, until, NULL);
	if (!err)
		ferry_channel_release(ch);
	return err;
}

/* Who had the last descriptor may be sent away: he comes again. */
static void
expect_service(const char *addr, struct ferry_deadline until)
{
	struct ferry_channel *ch;
	ferry_err err;

	do {
		assert_int_equal(ferry_channel_open(addr, NULL, until, &ch,
						    NULL),
				 FERRY_OK);
		err = echo(ch, until);
		ferry_channel_close(ch, FERRY_NOW, NULL);
		assert_int_not_equal(err, FERRY_ETIMEDOUT);
	} while (err);
}

static void
try_limit(rlim_t most)
{
	char folder[] = "/tmp/ferry-test-XXXXXX", addr[100];
	struct ferry_channel *ch[CLIENTS];
	size_t n_fds = fy_audit_fds();
	struct server server;
	double cpu;
	int64_t start_ns;

	assert_non_null(mkdtemp(folder));
	snprintf(addr, sizeof(addr), "unix:%s/s", folder);
	start(&server, addr, most);
	for (int i = 0; i < CLIENTS; i++)
		assert_int_equal(ferry_channel_open(server.addr, NULL, SOON,
						    &ch[i], NULL),
				 FERRY_OK);
	assert_int_equal(echo(ch[0], SOON), FERRY_OK);
	cpu = used(&server);
	(void)poll(NULL, 0, (int)rest_s * 1000);
	cpu = (used(&server) - cpu) / (double)rest_s * 100;
	printf("at its limit it used %.1f %% of a processor\n", cpu);
	assert_true(cpu < CPU_MOST);
	for (int i = 0; i < CLIENTS; i++)
		ferry_channel_close(ch[i], FERRY_NOW, NULL);
	start_ns = ferry_in_ms(0).ns;
	expect_service(server.addr, ferry_in_ms(RECOVERY_MS));
	printf("it served again %.0f ms after they had gone\n",
	       (double)(ferry_in_ms(0).ns - start_ns) / 1e6);
	stop(&server);
	remove_folder(folder);
	assert_int_equal(fy_audit_fds(), n_fds);
}

/*
 * A channel takes two: whether there is none for the first or for the second is
 * not the same, and one of two limits makes it the first.
 */
static void
a_server_without_descriptors_rests_and_recovers(void **state)
{
	(void)state;
	try_limit(FEW);
	try_limit(FEW + 1);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_server_without_descriptors_rests_and_recovers),
	};

	if (argc != 3)
		return 2;
	rest_s = strtoul(argv[1], NULL, 10);
	program = argv[2];
	return cmocka_run_group_tests(tests, NULL, NULL);
}

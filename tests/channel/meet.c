/* SPDX-License-Identifier: MIT */
#include "meet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit.h"

void
meet_each(void (*run)(const char *scheme))
{
	static const char *const schemes[] = { "fifo", "mq",	 "shm",	 "sysv",
					       "tcp",  "unix", NULL };

	for (const char *const *at = schemes; *at; at++)
		run(*at);
}

void
meet_begin(struct meet *m, const char *scheme)
{
	*m = (struct meet){ .n_fds = fy_audit_fds() };
	snprintf(m->folder, sizeof(m->folder), "/tmp/ferry-test-XXXXXX");
	assert_non_null(mkdtemp(m->folder));
	/* Where sysv: notes whose queues are whose: nobody else sweeps that. */
	assert_int_equal(setenv("XDG_RUNTIME_DIR", m->folder, 1), 0);
	assert_int_equal(pipe(m->told), 0);
	if (strcmp(scheme, "tcp") == 0)
		snprintf(m->at, sizeof(m->at), "tcp:127.0.0.1:0");
	else if (strcmp(scheme, "mq") == 0)
		snprintf(m->at, sizeof(m->at), "mq:/ferry-test-%d",
			 (int)getpid());
	else if (strcmp(scheme, "sysv") == 0)
		snprintf(m->at, sizeof(m->at), "sysv:%d", (int)getpid());
	else
		snprintf(m->at, sizeof(m->at), "%s:%s/s", scheme, m->folder);
}

pid_t
meet_child(struct meet *m, int (*run)(const char *addr, uint32_t id),
	   uint32_t id)
{
	pid_t child = fork();

	assert_true(child >= 0);
	m->n_children++;
	if (child > 0)
		return child;
	/* A test that fails leaves nobody behind. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(m->told[1]);
	if (read(m->told[0], m->addr, sizeof(m->addr)) != sizeof(m->addr))
		_exit(125);
	close(m->told[0]);
	_exit(run(m->addr, id));
}

void
meet_listen(struct meet *m)
{
	assert_int_equal(ferry_listener_open(m->at, NULL, &m->listener, NULL),
			 FERRY_OK);
	ferry_listener_addr(m->listener, m->addr, sizeof(m->addr));
	/* All the addresses are shorter than what a pipe takes at once. */
	for (uint32_t i = 0; i < m->n_children; i++)
		assert_int_equal(write(m->told[1], m->addr, sizeof(m->addr)),
				 sizeof(m->addr));
	close(m->told[0]);
	close(m->told[1]);
}

void
meet_reap(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

void
meet_end(struct meet *m)
{
	char notes[60];

	ferry_listener_close(m->listener);
	snprintf(notes, sizeof(notes), "%s/ferry", m->folder);
	(void)rmdir(notes);
	assert_int_equal(rmdir(m->folder), 0);
	assert_int_equal(fy_audit_fds(), m->n_fds);
}

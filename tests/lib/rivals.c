/* SPDX-License-Identifier: MIT */
#include "rivals.h"

#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ferry/channel.h>

/* In a child: 0 if all went well. */
static int
compete(const char *addr, int go, int told)
{
	struct ferry_listener *listener = NULL;
	ferry_err err = ferry_listener_open(addr, NULL, &listener, NULL);
	const char answer = err ? 'n' : 'y';
	char byte;

	if (write(told, &answer, 1) != 1 || read(go, &byte, 1) != 0)
		return 1;
	ferry_listener_close(listener);
	return 0;
}

/* How many answers are yes, of FY_RIVALS; -1: one did not come. */
static int
count_answers(int told)
{
	int n = 0;

	for (int i = 0; i < FY_RIVALS; i++) {
		char answer;

		if (read(told, &answer, 1) != 1)
			return -1;
		n += answer == 'y';
	}
	return n;
}

int
fy_rivals_start(struct fy_rivals *rivals, const char *addr)
{
	int go[2], told[2];
	int n;

	if (pipe(go) < 0 || pipe(told) < 0)
		return -1;
	for (int i = 0; i < FY_RIVALS; i++) {
		if (fork() == 0) {
			close(go[1]);
			_exit(compete(addr, go[0], told[1]));
		}
	}
	close(go[0]);
	close(told[1]);
	n = count_answers(told[0]);
	close(told[0]);
	rivals->go = go[1];
	return n;
}

bool
fy_rivals_stop(struct fy_rivals *rivals)
{
	bool well = true;

	close(rivals->go);
	for (int i = 0; i < FY_RIVALS; i++) {
		int status;

		if (wait(&status) < 0 || status != 0)
			well = false;
	}
	return well;
}

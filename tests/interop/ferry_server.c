/* SPDX-License-Identifier: MIT */
/* A server by ferry: the same as tirpc_server.c. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

/*
 * Stops the server at SIGTERM. A thread, not a handler: ThreadSanitizer holds
 * a handler back while the thread waits in a call that it does not know.
 */
static void *
stop_at_sigterm(void *server)
{
	sigset_t set;
	int signal;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigwait(&set, &signal);
	ferry_server_stop(server);
	return NULL;
}

static ferry_err
nothing(struct ferry_call *call)
{
	(void)call;
	return FERRY_OK;
}

/* Replies by itself, so that what was drawn can be freed once it is encoded. */
static ferry_err
echo(struct ferry_call *call, const struct probe *probe, struct verdict *out)
{
	uint32_t index = probe->index;
	struct everything value = probe->value;
	struct seq theirs;
	struct seq ours;

	seq_init(&theirs, index, true);
	walk_everything(&theirs, &value);
	out->differs = ferry_str_of(theirs.differs);

	seq_init(&ours, index + SEQ_REPLY, false);
	walk_everything(&ours, &out->value);
	if (echo_1_reply(call, out))
		fprintf(stderr, "%u: no reply\n", index);
	seq_fini(&theirs);
	seq_fini(&ours);
	return FERRY_LATER;
}

static ferry_err
who(struct ferry_call *call, struct claim *out)
{
	const struct ferry_auth_sys *sys = ferry_call_auth_sys(call);

	out->flavor = sys ? FERRY_AUTH_SYS : FERRY_AUTH_NONE;
	if (!sys)
		return FERRY_OK;
	out->uid = sys->uid;
	out->gid = sys->gid;
	out->machine = sys->machine;
	out->n_gids = sys->n_gids;
	out->gids = ferry_arena_alloc(call->mem, sizeof(sys->gids));
	if (!out->gids)
		return FERRY_ENOMEM;
	memcpy(out->gids, sys->gids, sizeof(sys->gids));
	return FERRY_OK;
}

static ferry_err
reverse(struct ferry_call *call, struct ferry_bytes arg,
	struct ferry_bytes *out)
{
	uint8_t *turned = ferry_arena_alloc(call->mem, arg.len);

	if (!turned)
		return FERRY_ENOMEM;
	for (uint32_t i = 0; i < arg.len; i++)
		turned[i] = arg.data[arg.len - 1 - i];
	*out = (struct ferry_bytes){ turned, arg.len };
	return FERRY_OK;
}

/* The first node goes to the end. */
static ferry_err
rotate(struct ferry_call *call, chain arg, chain *out)
{
	struct node *last = arg;

	(void)call;
	*out = arg;
	if (!arg || !arg->next)
		return FERRY_OK;
	while (last->next)
		last = last->next;
	*out = arg->next;
	last->next = arg;
	arg->next = NULL;
	return FERRY_OK;
}

static ferry_err
negate(struct ferry_call *call, int32_t arg, int32_t *out)
{
	(void)call;
	*out = (int32_t)(0u - (uint32_t)arg);
	return FERRY_OK;
}

static ferry_err
widen(struct ferry_call *call, int32_t arg, int64_t *out)
{
	(void)call;
	*out = arg * (int64_t)0x100000001;
	return FERRY_OK;
}

static ferry_err
invert(struct ferry_call *call, bool arg, bool *out)
{
	(void)call;
	*out = !arg;
	return FERRY_OK;
}

static ferry_err
halve(struct ferry_call *call, double arg, double *out)
{
	(void)call;
	*out = arg / 2;
	return FERRY_OK;
}

static ferry_err
quarter(struct ferry_call *call, float arg, float *out)
{
	(void)call;
	*out = arg / 4;
	return FERRY_OK;
}

static ferry_err
twice(struct ferry_call *call, uint64_t arg, uint64_t *out)
{
	(void)call;
	*out = arg * 2;
	return FERRY_OK;
}

static ferry_err
mirror(struct ferry_call *call, const struct point *arg, struct point *out)
{
	(void)call;
	out->x = arg->y;
	out->y = arg->x;
	return FERRY_OK;
}

static ferry_err
paint(struct ferry_call *call, enum colour arg, enum colour *out)
{
	(void)call;
	*out = arg == RED ? BLUE : arg == BLUE ? LAST : RED;
	return FERRY_OK;
}

static ferry_err
greet(struct ferry_call *call, struct ferry_str arg, struct ferry_str *out)
{
	char *text = ferry_arena_alloc(call->mem, 40);

	if (!text)
		return FERRY_ENOMEM;
	snprintf(text, 33, "hello, %.*s", (int)arg.len, arg.data);
	*out = ferry_str_of(text);
	return FERRY_OK;
}

static ferry_err
sort(struct ferry_call *call, const struct small_ints *arg,
     struct small_ints *out)
{
	(void)call;
	*out = *arg;
	for (int i = 0; i < 2; i++) {
		for (int j = 0; j < 2; j++) {
			int32_t left = out->items[j];

			if (left <= out->items[j + 1])
				continue;
			out->items[j] = out->items[j + 1];
			out->items[j + 1] = left;
		}
	}
	return FERRY_OK;
}

static ferry_err
choose(struct ferry_call *call, const struct by_int *arg, struct by_int *out)
{
	(void)call;
	/* Each arm answers by another one. */
	if (arg->kind == 1) {
		out->kind = 99;
		out->u.other = arg->u.number;
	} else if (arg->kind == 2) {
		out->kind = 3;
		out->u.text = arg->u.text;
	} else {
		out->kind = 4;
	}
	return FERRY_OK;
}

static ferry_err
refuse(struct ferry_call *call, uint32_t arg)
{
	(void)call;
	switch (arg) {
	case 0:
		return FERRY_ESERVER;
	case 100:
		return FERRY_EARGS;
	case 101:
		return FERRY_EPROC;
	default:
		return FERRY_EAUTH;
	}
}

static const struct interop_1_ops first = {
	.nothing = nothing,
	.echo = echo,
	.who = who,
	.reverse = reverse,
	.rotate = rotate,
	.negate = negate,
	.widen = widen,
	.invert = invert,
	.halve = halve,
	.paint = paint,
	.greet = greet,
	.sort = sort,
	.choose = choose,
	.quarter = quarter,
	.double_ = twice,
	.mirror = mirror,
	.refuse = refuse,
};

static const struct interop_3_ops third = { .negate = negate };

static ferry_err
serve(struct ferry_server *server, const char *addr, struct ferry_error *why)
{
	char text[256];
	ferry_err err = interop_1_serve(server, &first, NULL);

	if (!err)
		err = interop_3_serve(server, &third, NULL);
	if (!err)
		err = ferry_server_listen(server, addr, why);
	if (err)
		return err;
	if (ferry_server_addr(server, 0, text, sizeof(text)) > 0) {
		printf("%s\n", text);
		fflush(stdout);
	}
	return ferry_server_run(server, 2, why);
}

int
ferry_serve(const char *addr)
{
	struct ferry_server *server = NULL;
	struct ferry_error why = { .text = "" };
	pthread_t stopper;
	sigset_t set;
	ferry_err err = ferry_server_new(NULL, &server, &why);

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (err || pthread_create(&stopper, NULL, stop_at_sigterm, server)) {
		ferry_server_free(server);
		return 1;
	}
	err = serve(server, addr, &why);
	if (err)
		fprintf(stderr, "%s: %s\n", ferry_strerror(err), why.text);
	pthread_kill(stopper, SIGTERM);
	pthread_join(stopper, NULL);
	ferry_server_free(server);
	return ferry_err_status(err);
}

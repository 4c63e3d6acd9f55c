/* SPDX-License-Identifier: MIT */
/* A client's life, and its place in a foreign event loop. */
#include "rpc/client.h"

#include <sys/eventfd.h>

#include "core/alloc.h"
#include "core/err.h"
#include "core/os.h"
#include "core/time.h"
#include "rpc/auth.h"

#define CONNECT_DEFAULT_MS 10000

static ferry_err
encode_cred(const struct ferry_auth_sys *sys, uint8_t *buf,
	    struct fy_msg_auth *out, struct ferry_error *why)
{
	const struct fy_auth_ops *ops = sys ? &fy_auth_sys : &fy_auth_none;
	struct ferry_encoder e = ferry_encoder_on(buf, FY_MSG_AUTH_MAX);

	ops->encode(&e, sys);
	if (e.err)
		return fy_fail(why, FERRY_EINVAL,
			       "not an AUTH_SYS credential: at most %d bytes "
			       "of machine name and %d groups",
			       FERRY_AUTH_SYS_NAME, FERRY_AUTH_SYS_GIDS);
	out->flavor = ops->flavor;
	out->body = (struct ferry_bytes){ buf, (uint32_t)(e.at - buf) };
	return FERRY_OK;
}

/* What all calls have in common is encoded once. */
static ferry_err
make_header(struct ferry_client *client, const struct ferry_auth_sys *sys,
	    struct ferry_error *why)
{
	struct ferry_encoder e = ferry_encoder_on(client->header,
						  sizeof(client->header));
	uint8_t body[FY_MSG_AUTH_MAX];
	struct fy_msg_call call = { 0 };
	ferry_err err = encode_cred(sys, body, &call.cred, why);

	if (err)
		return err;
	fy_msg_put_call(&e, &call);
	client->header_bytes = (size_t)(e.at - client->header);
	return e.err;
}

static ferry_err
start(struct ferry_client *client, const char *addr,
      const struct ferry_client_config *config, struct ferry_deadline until,
      struct ferry_error *why)
{
	struct fy_channel_config channel = {
		.link = { .hooks = config->hooks,
			  .max_message = client->max_message },
		.transports = config->transports,
		.shown_as = FY_STATS_RPC_CLIENT,
		.is_rpc = true,
	};
	struct ferry_events events;
	uint32_t seed;
	ferry_err err = make_header(client, config->auth_sys, why);

	if (err)
		return err;
	if (fy_os_random(&seed, sizeof(seed)) < 0)
		return fy_fail_errno(why, "get a random number");
	fy_calls_init(&client->calls, seed, config->hooks);
	err = fy_channel_open(&client->ch, &channel, addr,
			      fy_deadline_said(until, CONNECT_DEFAULT_MS), why);
	if (err)
		return err;
	err = fy_link_pollable(client->ch.link, why);
	if (err) {
		fy_channel_fini(&client->ch);
		return err;
	}
	client->ch.link->ops->events(client->ch.link, &events);
	client->both = events.both;
	return FERRY_OK;
}

ferry_err
ferry_client_open(const char *addr, const struct ferry_client_config *config,
		  struct ferry_deadline until, struct ferry_client **out,
		  struct ferry_error *why)
{
	static const struct ferry_client_config defaults;
	struct ferry_client *client;
	ferry_err err;

	if (!config)
		config = &defaults;
	client = fy_zalloc(config->hooks, sizeof(*client));
	if (!client)
		return fy_fail_memory(why, sizeof(*client));
	client->hooks = config->hooks;
	client->max_message = config->max_message ? config->max_message
						  : FERRY_MESSAGE_DEFAULT;
	client->bell = -1;
	client->poll.fd = -1;
	client->loop_bell = -1;
	err = start(client, addr, config, until, why);
	if (err) {
		fy_free(config->hooks, client);
		return err;
	}
	*out = client;
	return FERRY_OK;
}

void
ferry_client_free(struct ferry_client *client)
{
	if (!client)
		return;
	fy_poll_close(&client->poll);
	if (client->loop_bell >= 0)
		fy_os_close(client->loop_bell);
	if (client->bell >= 0)
		fy_os_close(client->bell);
	fy_channel_fini(&client->ch);
	fy_calls_fini(&client->calls);
	fy_free(client->hooks, client);
}

void
ferry_client_peer(const struct ferry_client *client, struct ferry_peer *out)
{
	client->ch.link->ops->peer(client->ch.link, out);
}

/*
 * The client's lock is held. Rung at once if nobody reads and the link's
 * buffer may have something, for no descriptor would tell of it.
 */
static ferry_err
open_bell(struct ferry_client *client)
{
	struct ferry_link *link = client->ch.link;
	bool rung = !client->led && link->ops->pending(link);
	int bell = fy_os_eventfd(rung, EFD_NONBLOCK);
	ferry_err err;

	if (bell < 0)
		return FERRY_ESYS;
	err = fy_poll_add(&client->poll, bell, EPOLLIN, NULL, NULL);
	if (err)
		fy_os_close(bell);
	else
		__atomic_store_n(&client->loop_bell, bell, __ATOMIC_RELEASE);
	return err;
}

/* The client's lock is held. */
static ferry_err
open_poll(struct ferry_client *client)
{
	ferry_err err = fy_poll_open(&client->poll, NULL);

	if (err)
		return err;
	err = fy_watch_open(&client->watch, &client->poll, client->ch.link, 0,
			    client, NULL);
	if (!err)
		err = fy_watch_sync(&client->watch, &client->poll,
				    client->ch.link, NULL);
	if (!err)
		err = open_bell(client);
	if (err)
		fy_poll_close(&client->poll);
	return err;
}

ferry_err
ferry_client_fd(struct ferry_client *client, int *out)
{
	ferry_err err = fy_channel_own(&client->ch, NULL);

	if (err)
		return err;
	fy_lock(&client->lock);
	if (client->poll.fd < 0)
		err = open_poll(client);
	if (!err)
		*out = client->poll.fd;
	fy_unlock(&client->lock);
	return err;
}

static ferry_err
flush(struct ferry_client *client)
{
	struct ferry_error why = { .code = FERRY_OK };
	ferry_err err;

	if (!fy_lock_try(&client->send))
		return FERRY_OK;
	err = client->ch.link->ops->flush(client->ch.link, &why);
	if (!err || err == FERRY_EAGAIN) {
		fy_lock(&client->lock);
		err = FERRY_OK;
		if (client->poll.fd >= 0)
			err = fy_watch_sync(&client->watch, &client->poll,
					    client->ch.link, &why);
		fy_unlock(&client->lock);
	} else {
		fy_client_lose(client, &why);
	}
	fy_unlock(&client->send);
	return err;
}

static void
hear_bell(struct ferry_client *client)
{
	int bell = __atomic_load_n(&client->loop_bell, __ATOMIC_ACQUIRE);
	uint64_t rung;

	/* Only counts; whether it was rung is of no interest. */
	if (bell >= 0 && fy_os_read(bell, &rung, sizeof(rung)) < 0)
		rung = 0;
}

ferry_err
ferry_client_process(struct ferry_client *client)
{
	ferry_err err = fy_channel_own(&client->ch, NULL);
	bool leads;

	if (err)
		return err;
	hear_bell(client);
	fy_lock(&client->lock);
	leads = !client->led;
	client->led = true;
	fy_unlock(&client->lock);
	/* Else whoever leads reads, and has just been told as well. */
	if (!leads)
		return FERRY_OK;
	err = fy_client_read(client);
	fy_client_step_down(client);
	return err ? err : flush(client);
}

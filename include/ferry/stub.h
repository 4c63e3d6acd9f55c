/* SPDX-License-Identifier: MIT */
/*
 * What generated C is made of; the only header that it includes. Written for
 * the compiler's output, stable for it, and readable in a debugger.
 */
#pragma once

#include <ferry/codec.h>
#include <ferry/rpc.h>
#include <ferry/xdr.h>

#ifdef __cplusplus
#error "generated .c files are C; their headers are C and C++"
#endif

/* What runs once in a call is to be small rather than fast. */
#define FERRY_COLD __attribute__((cold))

/**
 * struct ferry_procedure - one procedure, as client and server know it
 * @number: as in the interface file
 * @member: where in the ops the pointer to its handler is
 * @name:   as in the interface file
 * @args:   what it takes, several as one struct; NULL: nothing
 * @result: what it gives; NULL: nothing
 *
 * Made with designated initialisers: what is not named is zero. A client by
 * hand and a serve() that is not ferry_stub_serve() need number and name alone.
 */
struct ferry_procedure {
	uint32_t number;
	uint32_t member;
	const char *name;
	const struct ferry_codec *args;
	const struct ferry_codec *result;
};

/**
 * struct ferry_version - one version of a program, as its stubs know it
 * @name:       the program's name in the interface file
 * @procedures: sorted by number
 *
 * Made with designated initialisers: what is not named is zero.
 */
struct ferry_version {
	const char *name;
	uint32_t program;
	uint32_t version;
	uint32_t n_procedures;
	const struct ferry_procedure *procedures;
	/**
	 * serve() - answers one call; NULL if nothing of it is served
	 * @procedure: one of @procedures
	 * @ops:       what ferry_server_add() was given; call->ctx likewise
	 * @d:         the arguments; they live until the reply has been sent
	 *
	 * Replies by ferry_reply_begin() and ferry_reply_send(). It may return
	 * FERRY_LATER, too, and any thread replies so, or by
	 * ferry_call_fail(), later.
	 *
	 * Return: what ferry_reply_send() returned; FERRY_LATER; FERRY_EPROC:
	 * there is no handler; FERRY_EARGS: the arguments are not valid; any
	 * other that a handler may return.
	 */
	ferry_err (*serve)(struct ferry_call *call,
			   const struct ferry_procedure *procedure,
			   const void *ops, struct ferry_decoder *d);
	/**
	 * enter() - calls the handler of a procedure, which is there
	 * @args: decoded
	 * @out:  zeroed memory for the result
	 *
	 * For ferry_stub_serve(). Return: what the handler returned.
	 */
	ferry_err (*enter)(struct ferry_call *call, uint32_t procedure,
			   const void *ops, const void *args, void *out);
};

/* ---- whole stubs, by the codecs of a procedure ---- */

/**
 * ferry_stub_call() - makes a call and waits for its results
 * @args:      as the procedure's codec has them; NULL if it takes none
 * @out:       untouched on failure; NULL if it gives none
 * @procedure: its number
 */
FERRY_TRY ferry_err ferry_stub_call(struct ferry_call *call, const void *args,
				    void *out,
				    const struct ferry_version *version,
				    uint32_t procedure);

/** ferry_stub_start() - sends the call */
FERRY_TRY ferry_err ferry_stub_start(struct ferry_call *call, const void *args,
				     const struct ferry_version *version,
				     uint32_t procedure);

/**
 * ferry_stub_finish() - waits for the results of the call
 *
 * FERRY_EINVAL, too, if another procedure was started.
 */
FERRY_TRY ferry_err ferry_stub_finish(struct ferry_call *call, void *out,
				      const struct ferry_version *version,
				      uint32_t procedure);

/**
 * ferry_stub_reply() - answers the call
 *
 * FERRY_EINVAL, and the call is as before, if it is of another procedure.
 */
FERRY_TRY ferry_err ferry_stub_reply(struct ferry_call *call, const void *out,
				     const struct ferry_version *version,
				     uint32_t procedure);

/** ferry_stub_serve() - the .serve of a version with an .enter */
FERRY_TRY ferry_err ferry_stub_serve(struct ferry_call *call,
				     const struct ferry_procedure *procedure,
				     const void *ops, struct ferry_decoder *d);

/* ---- the parts of a client's stub ---- */

/**
 * ferry_call_begin() - starts a call
 * @bytes: of the encoded arguments, exactly; SIZE_MAX if they have no encoding
 *
 * Return: an encoder with room for @bytes, never NULL; after a failure one
 * that has failed. ferry_call_send() must follow, in the same thread.
 */
FERRY_API struct ferry_encoder *
ferry_call_begin(struct ferry_call *call, const struct ferry_version *version,
		 uint32_t procedure, size_t bytes);

/**
 * ferry_call_send() - sends the call if its arguments were encoded whole
 *
 * Return: FERRY_OK: the call is in flight, and ends by ferry_call_end() or
 * ferry_call_abandon(). Any other: it is not, and call->why has the reason.
 */
FERRY_TRY ferry_err ferry_call_send(struct ferry_call *call);

/**
 * ferry_call_wait() - waits for the reply, until call->until at the latest
 *
 * Return: a decoder of the results, never NULL; after a failure one that has
 * failed. ferry_call_end() must follow.
 */
FERRY_API struct ferry_decoder *ferry_call_wait(struct ferry_call *call);

/** ferry_call_end() - ends the call. Return: the first error of all of it */
FERRY_TRY ferry_err ferry_call_end(struct ferry_call *call);

/* ---- the parts of a server's ---- */

/**
 * ferry_server_add() - serves @version by the handlers @ops; both borrowed
 *
 * FERRY_EINVAL: it is served already, its procedures are not sorted, or it has
 * some and no serve().
 */
FERRY_TRY ferry_err ferry_server_add(struct ferry_server *server,
				     const struct ferry_version *version,
				     const void *ops, void *ctx);

/**
 * ferry_reply_begin() - starts the reply of @call
 * @bytes: of the encoded results, exactly; SIZE_MAX if they have no encoding
 *
 * Return: as ferry_call_begin(). ferry_reply_send() must follow.
 */
FERRY_API struct ferry_encoder *ferry_reply_begin(struct ferry_call *call,
						  size_t bytes);

/**
 * ferry_reply_send() - sends the reply
 *
 * Return: FERRY_OK: it is sent, or the caller is gone. FERRY_EENCODE,
 * FERRY_ETOOBIG: the results have no encoding or are too long; the caller has
 * been told (SYSTEM_ERR). In any case the call has been answered; a deferred
 * one is the library's again.
 */
FERRY_TRY ferry_err ferry_reply_send(struct ferry_call *call);

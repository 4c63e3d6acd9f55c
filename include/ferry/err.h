/* SPDX-License-Identifier: MIT */
/*
 * Errors: one code, one text, one exit status of the command for each.
 *
 * Every fallible function returns ferry_err. FERRY_OK is 0. A function's
 * docstring names the codes that its caller is expected to handle; any other
 * is to be returned unchanged. Whoever needs the reason passes a struct
 * ferry_error, which is plain data on his stack. A failed call consumes
 * nothing and writes no out-parameter.
 */
#pragma once

#include <stdint.h>

#include <ferry/visibility.h>

/* X(name, value, exit status of the command, text) */
#define FERRY_ERRORS(X)                                                        \
	X(OK, 0, 0, "success")                                                 \
	X(EOF, 1, 3, "the peer closed the channel")                            \
	X(LATER, 2, 1, "the answer comes later")                               \
	X(EAGAIN, 3, 4, "nothing can be done without waiting")                 \
	X(ETIMEDOUT, 4, 4, "the deadline passed")                              \
	X(ETOOBIG, 5, 5, "longer than the limit")                              \
	X(ENOMEM, 6, 1, "out of memory")                                       \
	X(EINVAL, 7, 2, "an argument is not valid")                            \
	X(EADDR, 8, 2, "not a ferry address")                                  \
	X(ENOTSUP, 9, 2, "not supported by this transport")                    \
	X(ESYS, 10, 1, "a system call failed")                                 \
	X(ECONNECT, 11, 3, "cannot connect")                                   \
	X(ELOST, 12, 3, "the connection broke: outcome unknown")               \
	X(EACCES, 13, 6, "permission refused")                                 \
	X(EPROTO, 14, 5, "the peer broke the protocol")                        \
	X(EDECODE, 15, 5, "bytes that are not the declared XDR type")          \
	X(EENCODE, 16, 5, "a value that the declared XDR type cannot hold")    \
	X(EFORK, 17, 1, "of another process: handles do not survive fork")     \
	X(ECLOSED, 18, 1, "closed or being stopped")                           \
	X(EPROG, 19, 7, "the server does not have this program")               \
	X(EVERSION, 20, 7, "the server does not have this version")            \
	X(EPROC, 21, 7, "the server does not have this procedure")             \
	X(EARGS, 22, 7, "the server could not decode the arguments")           \
	X(ESERVER, 23, 7, "the server failed to run the call")                 \
	X(ERPCVERS, 24, 7, "the server does not speak RPC version 2")          \
	X(EAUTH, 25, 6, "the server refused the credential")

typedef enum ferry_err {
#define FERRY_ERR_ENUM_(name, value, status, text) FERRY_##name = value,
	FERRY_ERRORS(FERRY_ERR_ENUM_)
#undef FERRY_ERR_ENUM_
} ferry_err;

/**
 * struct ferry_error - why an operation failed
 * @code:      the code that the operation returned
 * @sys_errno: errno of the system call that failed, else 0
 * @low:       EVERSION, ERPCVERS: the lowest version the server has
 * @high:      EVERSION, ERPCVERS: the highest
 * @auth_stat: EAUTH: the auth_stat of RFC 5531 section 9
 * @text:      a whole sentence in English with what to do, NUL-terminated
 *
 * Plain data: nothing to free. Untouched when the operation succeeds.
 */
struct ferry_error {
	ferry_err code;
	int sys_errno;
	uint32_t low;
	uint32_t high;
	uint32_t auth_stat;
	char text[236];
};

/** ferry_strerror() - the text of a code; never NULL, never freed */
FERRY_API const char *ferry_strerror(ferry_err err);

/** ferry_err_name() - the name of a code, "FERRY_EOF"; never NULL */
FERRY_API const char *ferry_err_name(ferry_err err);

/** ferry_err_status() - the exit status that the command gives for a code */
FERRY_API int ferry_err_status(ferry_err err);

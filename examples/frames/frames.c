/* SPDX-License-Identifier: MIT */
/*
 * frames [N]: a camera gives N pictures of 4 MiB to a process that looks at
 * them, without a copy: each is written into the memory that both share, and
 * read there. The two of this example are a parent and its child; any two that
 * know the address can do the same.
 *
 * The ring holds four pictures: one message is lent in it up to half of it.
 * ?trust=peer says that the camera does not change a picture that it has sent.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ferry/channel.h>

#define PICTURE (4u << 20)
#define RING "16m"
/* How long either waits for the other. */
#define PATIENCE ferry_in_ms(10000)

static int
fail(const char *what, const struct ferry_error *why)
{
	fprintf(stderr, "frames: cannot %s: %s\n", what, why->text);
	return 1;
}

/* What the camera sees is the number of the picture, everywhere. */
static int
be_camera(struct ferry_channel *ch, unsigned int n)
{
	struct ferry_error why;
	uint8_t *picture;

	for (unsigned int i = 0; i < n; i++) {
		if (ferry_channel_loan(ch, PICTURE, &picture, PATIENCE, &why))
			return fail("get room for a picture", &why);
		memset(picture, (int)(i & 0xff), PICTURE);
		if (ferry_channel_commit(ch, PATIENCE, &why))
			return fail("send a picture", &why);
	}
	return 0;
}

static int
connect_camera(const char *addr, unsigned int n)
{
	struct ferry_channel *ch;
	struct ferry_error why;
	char text[256];
	int failed;

	snprintf(text, sizeof(text), "%s?ring=" RING, addr);
	if (ferry_channel_open(text, NULL, PATIENCE, &ch, &why))
		return fail("connect", &why);
	failed = be_camera(ch, n);
	if (ferry_channel_close(ch, PATIENCE, NULL))
		return 1;
	return failed;
}

static bool
is_picture(struct ferry_bytes picture, unsigned int number)
{
	for (size_t i = 0; i < picture.len; i++) {
		if (picture.data[i] != (number & 0xff))
			return false;
	}
	return picture.len == PICTURE;
}

static int
look(struct ferry_channel *ch, unsigned int n)
{
	struct ferry_bytes picture;
	struct ferry_error why;

	for (unsigned int i = 0; i < n; i++) {
		if (ferry_channel_take(ch, &picture, PATIENCE, &why))
			return fail("get a picture", &why);
		if (!is_picture(picture, i)) {
			fprintf(stderr, "frames: picture %u is another\n", i);
			return 1;
		}
		ferry_channel_release(ch);
	}
	printf("%u pictures of %u bytes were seen, and none was copied\n", n,
	       PICTURE);
	return 0;
}

static int
accept_and_look(struct ferry_listener *listener, unsigned int n)
{
	struct ferry_channel *ch;
	struct ferry_error why;
	int failed;

	if (ferry_listener_accept(listener, PATIENCE, &ch, &why))
		return fail("accept the camera", &why);
	failed = look(ch, n);
	if (ferry_channel_close(ch, FERRY_NOW, NULL))
		return 1;
	return failed;
}

int
main(int argc, char **argv)
{
	unsigned int n = argc > 1 ? (unsigned int)atoi(argv[1]) : 100;
	struct ferry_listener *listener;
	struct ferry_error why;
	int status = 1, failed;
	char text[64], addr[200];
	pid_t child;

	snprintf(text, sizeof(text), "shm:@frames-%d?trust=peer",
		 (int)getpid());
	if (ferry_listener_open(text, NULL, &listener, &why))
		return fail("listen", &why);
	ferry_listener_addr(listener, addr, sizeof(addr));
	child = fork();
	if (child == 0)
		_exit(connect_camera(addr, n));
	failed = accept_and_look(listener, n);
	ferry_listener_close(listener);
	if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0)
		failed = 1;
	return failed;
}

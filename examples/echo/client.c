/* SPDX-License-Identifier: MIT */
/*
 * client ADDRESS N [MESSAGES]: opens N channels, sends through each of them,
 * and only then receives what each sends back. Then, when a line was typed, the
 * rest of the MESSAGES of each at once, in the same way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/resource.h>

#include <ferry/ferry.h>

static void
fail(const struct ferry_error *why)
{
	fprintf(stderr, "%s\n", why->text);
	exit(1);
}

static void
ask(struct ferry_channel *ch, uint32_t number)
{
	struct ferry_error why;
	struct ferry_bytes message = { (const uint8_t *)&number,
				       sizeof(number) };

	if (ferry_channel_send(ch, message, ferry_in_ms(10000), &why))
		fail(&why);
}

static bool
is_answered(struct ferry_channel *ch, uint32_t number)
{
	struct ferry_error why;
	struct ferry_bytes got;
	bool same;

	if (ferry_channel_take(ch, &got, ferry_in_ms(10000), &why))
		fail(&why);
	same = got.len == sizeof(number) &&
	       memcmp(got.data, &number, sizeof(number)) == 0;
	ferry_channel_release(ch);
	return same;
}

/* How many of @n_messages come back right, sent through @n in turn. */
static uint32_t
exchange(struct ferry_channel **channels, uint32_t n, uint32_t n_messages)
{
	uint32_t n_right = 0;

	for (uint32_t i = 0; i < n_messages; i++)
		ask(channels[i % n], i);
	for (uint32_t i = 0; i < n_messages; i++)
		n_right += is_answered(channels[i % n], i);
	return n_right;
}

int
main(int argc, char **argv)
{
	uint32_t n = argc >= 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
	uint32_t m = argc >= 4 ? (uint32_t)strtoul(argv[3], NULL, 10) : 1;
	struct ferry_channel **channels = calloc(n, sizeof(*channels));
	struct rlimit files;
	struct ferry_error why;
	uint32_t n_right;

	if (n == 0 || m == 0 || !channels) {
		fprintf(stderr, "usage: %s ADDRESS N [MESSAGES]\n", argv[0]);
		return 2;
	}
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	for (uint32_t i = 0; i < n; i++)
		if (ferry_channel_open(argv[1], NULL, ferry_in_ms(10000),
				       &channels[i], &why))
			fail(&why);
	n_right = exchange(channels, n, n);
	if (m > 1) {
		printf("%u channels\n", n);
		fflush(stdout);
		(void)getchar();
		n_right += exchange(channels, n, n * (m - 1));
	}
	for (uint32_t i = 0; i < n; i++)
		ferry_channel_close(channels[i], FERRY_NOW, NULL);
	free(channels);
	printf("%u of %u came back\n", n_right, n * m);
	return n_right != n * m;
}

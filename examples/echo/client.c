/* SPDX-License-Identifier: MIT */
/*
 * client ADDRESS N: opens N channels, sends through each of them, and only then
 * receives what each sends back.
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

int
main(int argc, char **argv)
{
	uint32_t n = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
	struct ferry_channel **channels = calloc(n, sizeof(*channels));
	struct rlimit files;
	struct ferry_error why;
	uint32_t n_right = 0;

	if (n == 0 || !channels) {
		fprintf(stderr, "usage: %s ADDRESS N\n", argv[0]);
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
	for (uint32_t i = 0; i < n; i++)
		ask(channels[i], i);
	for (uint32_t i = 0; i < n; i++)
		n_right += is_answered(channels[i], i);
	for (uint32_t i = 0; i < n; i++)
		ferry_channel_close(channels[i], FERRY_NOW, NULL);
	free(channels);
	printf("%u of %u came back\n", n_right, n);
	return n_right != n;
}

/* SPDX-License-Identifier: MIT */
/* ferry and libtirpc write the same bytes and read each other's. */
#include "wire/tirpc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static size_t
ferry_bytes_of(const struct sample *s, uint8_t *buf, size_t bytes)
{
	struct ferry_encoder e = ferry_encoder_on(buf, bytes);

	memset(buf, 0xee, bytes);
	sample_put(s, &e);
	assert_int_equal(e.err, FERRY_OK);
	return (size_t)(e.at - buf);
}

static size_t
tirpc_bytes_of(const struct sample *s, uint8_t *buf, size_t bytes)
{
	size_t n;

	memset(buf, 0xdd, bytes);
	n = tirpc_put(s, buf, bytes);
	assert_true(n > 0);
	return n;
}

static void
ferry_writes_the_bytes_of_libtirpc(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_samples; i++) {
		uint8_t ours[SAMPLE_MOST], theirs[SAMPLE_MOST];
		size_t n = tirpc_bytes_of(&samples[i], theirs, sizeof(theirs));

		print_message("%s\n", samples[i].name);
		assert_int_equal(
			ferry_bytes_of(&samples[i], ours, sizeof(ours)), n);
		assert_memory_equal(ours, theirs, n);
	}
}

static void
libtirpc_reads_the_values_that_ferry_wrote(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_samples; i++) {
		uint8_t ours[SAMPLE_MOST];
		size_t n = ferry_bytes_of(&samples[i], ours, sizeof(ours));

		print_message("%s\n", samples[i].name);
		assert_true(tirpc_get(&samples[i], ours, n));
	}
}

static void
ferry_reads_the_values_that_libtirpc_wrote(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_samples; i++) {
		uint8_t theirs[SAMPLE_MOST];
		size_t n = tirpc_bytes_of(&samples[i], theirs, sizeof(theirs));
		struct ferry_decoder d = ferry_decoder_on(theirs, n, NULL);

		print_message("%s\n", samples[i].name);
		assert_true(sample_get(&samples[i], &d));
		assert_int_equal(ferry_get_end(&d), FERRY_OK);
	}
}

static void
ferry_refuses_every_truncation_of_what_libtirpc_wrote(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_samples; i++) {
		uint8_t theirs[SAMPLE_MOST];
		size_t n = tirpc_bytes_of(&samples[i], theirs, sizeof(theirs));

		for (size_t len = 0; len < n; len++) {
			struct ferry_decoder d =
				ferry_decoder_on(theirs, len, NULL);

			(void)sample_get(&samples[i], &d);
			assert_int_equal(ferry_get_end(&d), FERRY_EDECODE);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ferry_writes_the_bytes_of_libtirpc),
		cmocka_unit_test(libtirpc_reads_the_values_that_ferry_wrote),
		cmocka_unit_test(ferry_reads_the_values_that_libtirpc_wrote),
		cmocka_unit_test(
			ferry_refuses_every_truncation_of_what_libtirpc_wrote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Bulk words on x86: by AVX2 or by SSE2, which x86-64 always has.
 *
 * SSE2 cannot turn the bytes of a word in one step: it swaps the bytes of each
 * half word by shifts, then the half words by a shuffle. What does not fill a
 * vector at the end is left to the portable path.
 */
#include "xdr/words.h"

#include <stdint.h>

#include <immintrin.h>

#define SSE2 __attribute__((target("sse2")))
#define AVX2 __attribute__((target("avx2")))

/* ---- SSE2: 16 bytes at a time ---- */

SSE2 static inline __m128i
load128(const uint8_t *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

SSE2 static inline void
store128(uint8_t *p, __m128i v)
{
	_mm_storeu_si128((__m128i *)(void *)p, v);
}

SSE2 static inline __m128i
swap_halves(__m128i v)
{
	return _mm_or_si128(_mm_slli_epi16(v, 8), _mm_srli_epi16(v, 8));
}

/* Two vectors a turn, whose chains of steps run side by side. */
SSE2 static void
sse2_swap32(void *to, const void *from, size_t n)
{
	enum { ORDER = _MM_SHUFFLE(2, 3, 0, 1) };
	uint8_t *out = to;
	const uint8_t *in = from;

	for (; n >= 8; n -= 8, in += 32, out += 32) {
		__m128i a = swap_halves(load128(in));
		__m128i b = swap_halves(load128(in + 16));

		a = _mm_shufflelo_epi16(a, ORDER);
		b = _mm_shufflelo_epi16(b, ORDER);
		store128(out, _mm_shufflehi_epi16(a, ORDER));
		store128(out + 16, _mm_shufflehi_epi16(b, ORDER));
	}
	fy_words_portable.swap32(out, in, n);
}

SSE2 static void
sse2_swap64(void *to, const void *from, size_t n)
{
	enum { ORDER = _MM_SHUFFLE(0, 1, 2, 3) };
	uint8_t *out = to;
	const uint8_t *in = from;

	for (; n >= 4; n -= 4, in += 32, out += 32) {
		__m128i a = swap_halves(load128(in));
		__m128i b = swap_halves(load128(in + 16));

		a = _mm_shufflelo_epi16(a, ORDER);
		b = _mm_shufflelo_epi16(b, ORDER);
		store128(out, _mm_shufflehi_epi16(a, ORDER));
		store128(out + 16, _mm_shufflehi_epi16(b, ORDER));
	}
	fy_words_portable.swap64(out, in, n);
}

static bool
have_sse2(void)
{
	return __builtin_cpu_supports("sse2");
}

static const struct fy_words words_sse2 = {
	.name = "SSE2",
	.have = have_sse2,
	.swap32 = sse2_swap32,
	.swap64 = sse2_swap64,
};

/* ---- AVX2: 32 bytes at a time ---- */

AVX2 static inline void
shuffle256(uint8_t *to, const uint8_t *from, __m256i order)
{
	__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)from);

	_mm256_storeu_si256((__m256i *)(void *)to,
			    _mm256_shuffle_epi8(v, order));
}

/* Shuffles @bytes, as far as they fill vectors. Return: how far that is. */
AVX2 static inline size_t
shuffle_all(uint8_t *to, const uint8_t *from, size_t bytes, __m256i order)
{
	size_t i = 0;

	for (; bytes - i >= 128; i += 128) {
		shuffle256(to + i, from + i, order);
		shuffle256(to + i + 32, from + i + 32, order);
		shuffle256(to + i + 64, from + i + 64, order);
		shuffle256(to + i + 96, from + i + 96, order);
	}
	for (; bytes - i >= 32; i += 32)
		shuffle256(to + i, from + i, order);
	return i;
}

AVX2 static void
avx2_swap32(void *to, const void *from, size_t n)
{
	const __m256i order = _mm256_broadcastsi128_si256(_mm_set_epi8(
		12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
	size_t done = shuffle_all(to, from, n * 4, order);

	fy_words_portable.swap32((uint8_t *)to + done,
				 (const uint8_t *)from + done, n - done / 4);
}

AVX2 static void
avx2_swap64(void *to, const void *from, size_t n)
{
	const __m256i order = _mm256_broadcastsi128_si256(_mm_set_epi8(
		8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
	size_t done = shuffle_all(to, from, n * 8, order);

	fy_words_portable.swap64((uint8_t *)to + done,
				 (const uint8_t *)from + done, n - done / 8);
}

static bool
have_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

static const struct fy_words words_avx2 = {
	.name = "AVX2",
	.have = have_avx2,
	.swap32 = avx2_swap32,
	.swap64 = avx2_swap64,
};

const struct fy_words *const fy_words_ways[] = {
	&words_avx2,
	&words_sse2,
	&fy_words_portable,
	NULL,
};

/*
 * nonce.c - nonces that prove themselves: nothing is kept for a challenge
 *
 * Pure: no I/O, no clock, no log; time and randomness are arguments.
 */
#include "nonce.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "same.h"
#include "sum.h"

enum {
	VERSION = 1,
	INSTANCE_AT = 1,
	ISSUED_AT = 5,
	RANDOM_AT = 11,
	MAC_AT = 17,
	MAC_SIZE = 16,
	RAW_SIZE = MAC_AT + MAC_SIZE /* 33: a multiple of three, no padding */
};

_Static_assert(RAW_SIZE % 3 == 0, "base64 without padding");
_Static_assert(RAW_SIZE / 3 * 4 + 1 == NONCE_SIZE, "length of the text");

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz"
			       "0123456789-_";

static void put(uint8_t *p, uint64_t v, size_t n)
{
	for (size_t i = n; i > 0; i--) {
		p[i - 1] = (uint8_t)v;
		v >>= 8;
	}
}

static uint64_t get(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static void encode(const uint8_t raw[RAW_SIZE], char out[NONCE_SIZE])
{
	for (size_t i = 0, o = 0; i < RAW_SIZE; i += 3, o += 4) {
		uint32_t v = (uint32_t)get(raw + i, 3);

		out[o] = alphabet[v >> 18];
		out[o + 1] = alphabet[v >> 12 & 63];
		out[o + 2] = alphabet[v >> 6 & 63];
		out[o + 3] = alphabet[v & 63];
	}
	out[NONCE_SIZE - 1] = '\0';
}

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	return c == '_' ? 63 : -1;
}

static bool decode(const char *text, uint8_t raw[RAW_SIZE])
{
	if (strnlen(text, NONCE_SIZE) != NONCE_SIZE - 1)
		return false;
	for (size_t i = 0, o = 0; o < RAW_SIZE; i += 4, o += 3) {
		uint32_t v = 0;

		for (size_t k = 0; k < 4; k++) {
			int digit = value_of(text[i + k]);

			if (digit < 0)
				return false;
			v = v << 6 | (uint32_t)digit;
		}
		put(raw + o, v, 3);
	}
	return true;
}

static void authenticate(const struct nonce_maker *maker,
                         const struct nonce_scope *scope, const uint8_t *raw,
                         uint8_t mac[SUM_MAC_SIZE])
{
	const struct piece pieces[] = {
		{(const char *)raw, MAC_AT},
		/* with its NUL, so that the border is unambiguous */
		{scope->source, strlen(scope->source) + 1},
		piece_of(scope->realm),
	};

	sum_mac(maker->sum, pieces, 3, mac);
}

void nonce_make(const struct nonce_maker *maker,
                const struct nonce_scope *scope, uint64_t now_ms,
                uint64_t random, char out[NONCE_SIZE])
{
	uint8_t raw[RAW_SIZE], mac[SUM_MAC_SIZE];

	raw[0] = VERSION;
	put(raw + INSTANCE_AT, maker->instance, 4);
	put(raw + ISSUED_AT, now_ms, 6);
	put(raw + RANDOM_AT, random, 6);
	authenticate(maker, scope, raw, mac);
	memcpy(raw + MAC_AT, mac, MAC_SIZE);
	encode(raw, out);
}

enum nonce_state nonce_check(const struct nonce_maker *maker,
                             const struct nonce_scope *scope, uint64_t now_ms,
                             const char *text, struct nonce *n)
{
	uint8_t raw[RAW_SIZE], mac[SUM_MAC_SIZE];

	if (!decode(text, raw) || raw[0] != VERSION)
		return NONCE_FORGED;
	authenticate(maker, scope, raw, mac);
	if (!same_bytes(mac, raw + MAC_AT, MAC_SIZE))
		return NONCE_FORGED;

	n->issued_ms = get(raw + ISSUED_AT, 6);
	n->id = get(raw + MAC_AT, 8);
	if (get(raw + INSTANCE_AT, 4) != maker->instance)
		return NONCE_FOREIGN;
	/* A clock that was set back makes nonces of the future: old as well. */
	if (n->issued_ms > now_ms || now_ms - n->issued_ms > NONCE_LIFE_MS)
		return NONCE_OLD;
	return NONCE_GOOD;
}

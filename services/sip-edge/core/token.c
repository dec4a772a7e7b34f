/*
 * token.c - names of flows that only we can make (RFC 5626 5.2)
 *
 *     use·transport·side·socket (2)  ip (4 or 16)  port (2)
 *     [boot (4) connection (4)]  HMAC (10)          in base64url
 *
 * Pure: no I/O, no clock, no log.
 */
#define OPENSSL_SUPPRESS_DEPRECATED /* SHA256_*: see token_key below */

#include "token.h"

#include <errno.h>
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/sha.h>

enum { BLOCK = 64, BODY_MAX = 2 + 16 + 2 + 8, RAW_MAX = BODY_MAX + TOKEN_MAC };
enum { IS_IPV6 = 0x80, IS_INTERNAL = 0x40 };

_Static_assert((RAW_MAX * 4 + 2) / 3 < TOKEN_SIZE, "a token fits its buffer");

/* Both pads of RFC 2104 are hashed once; a message costs two compressions.
 * OpenSSL 3's one-shot HMAC() costs ten times that, for looking itself up. */
struct token_key {
	SHA256_CTX inner, outer;
};

int token_key_alloc(struct token_key **kp, const uint8_t secret[TOKEN_SECRET])
{
	struct token_key *key = calloc(1, sizeof(*key));
	uint8_t pad[BLOCK];

	if (!key)
		return ENOMEM;
	memset(pad, 0x36, sizeof(pad));
	for (size_t i = 0; i < TOKEN_SECRET; i++)
		pad[i] ^= secret[i];
	SHA256_Init(&key->inner);
	SHA256_Update(&key->inner, pad, sizeof(pad));
	memset(pad, 0x5c, sizeof(pad));
	for (size_t i = 0; i < TOKEN_SECRET; i++)
		pad[i] ^= secret[i];
	SHA256_Init(&key->outer);
	SHA256_Update(&key->outer, pad, sizeof(pad));
	OPENSSL_cleanse(pad, sizeof(pad));
	*kp = key;
	return 0;
}

void token_key_free(struct token_key *key)
{
	if (key)
		OPENSSL_cleanse(key, sizeof(*key));
	free(key);
}

static void finish(const struct token_key *key, SHA256_CTX *inner,
                   uint8_t mac[SHA256_DIGEST_LENGTH])
{
	SHA256_CTX outer = key->outer;

	SHA256_Final(mac, inner);
	SHA256_Update(&outer, mac, SHA256_DIGEST_LENGTH);
	SHA256_Final(mac, &outer);
}

static size_t put(uint8_t *out, uint32_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		out[i] = (uint8_t)(v >> (8 * (bytes - 1 - i)));
	return bytes;
}

static uint32_t get(const uint8_t *p, size_t bytes)
{
	uint32_t v = 0;

	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | p[i];
	return v;
}

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static size_t encode(const uint8_t *in, size_t n, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i < 3 ? n - i : 3;
		uint32_t v = get(in + i, left) << (8 * (3 - left));

		for (size_t k = 0; k <= left; k++)
			out[len++] = alphabet[v >> (18 - 6 * k) & 63];
	}
	out[len] = '\0';
	return len;
}

/* @return bytes, 0 when it is not base64url or too long */
static size_t decode(struct slice in, uint8_t out[RAW_MAX])
{
	uint32_t bits = 0;
	unsigned n_bits = 0;
	size_t len = 0;

	for (size_t i = 0; i < in.n; i++) {
		const char *at = in.p[i] ? strchr(alphabet, in.p[i]) : NULL;

		if (!at || len == RAW_MAX)
			return 0;
		bits = bits << 6 | (uint32_t)(at - alphabet);
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			out[len++] = (uint8_t)(bits >> n_bits);
		}
	}
	return (bits & ((1U << n_bits) - 1)) == 0 ? len : 0;
}

static size_t pack(enum token_use use, const struct flow *flow, uint8_t *out)
{
	bool v4 = address_is_ipv4(&flow->peer);
	size_t ip = v4 ? 4 : 16;
	size_t n = 2;

	out[0] = (uint8_t)((v4 ? 0 : IS_IPV6) |
	                   (flow->internal ? IS_INTERNAL : 0) |
	                   (unsigned)flow->transport);
	out[1] = (uint8_t)((unsigned)use << 4 | (flow->socket & 7U));
	memcpy(out + n, flow->peer.ip + 16 - ip, ip);
	n += ip;
	n += put(out + n, flow->peer.port, 2);
	if (flow->connection != 0) {
		n += put(out + n, flow->boot, 4);
		n += put(out + n, flow->connection, 4);
	}
	return n;
}

static bool unpack(enum token_use use, const uint8_t *in, size_t n,
                   struct flow *flow)
{
	size_t ip = in[0] & IS_IPV6 ? 16 : 4;
	size_t at = 2 + ip;

	if ((in[0] & 3) > TRANSPORT_TLS || in[1] >> 4 != (unsigned)use ||
	    (n != at + 2 && n != at + 10))
		return false;
	*flow = (struct flow){
		.transport = (enum transport)(in[0] & 3),
		.internal = (in[0] & IS_INTERNAL) != 0,
		.socket = in[1] & 7,
	};
	if (ip == 4)
		flow->peer = address_ipv4(in + 2, 0);
	else
		memcpy(flow->peer.ip, in + 2, 16);
	flow->peer.port = (uint16_t)get(in + at, 2);
	if (n == at + 10) {
		flow->boot = get(in + at + 2, 4);
		flow->connection = get(in + at + 6, 4);
	}
	return true;
}

static void seal(const struct token_key *key, const uint8_t *body, size_t n,
                 uint8_t mac[SHA256_DIGEST_LENGTH])
{
	SHA256_CTX inner = key->inner;

	SHA256_Update(&inner, "flow", 4);
	SHA256_Update(&inner, body, n);
	finish(key, &inner, mac);
}

void token_make(const struct token_key *key, enum token_use use,
                const struct flow *flow, char out[TOKEN_SIZE])
{
	uint8_t raw[RAW_MAX];
	uint8_t mac[SHA256_DIGEST_LENGTH];
	size_t n = pack(use, flow, raw);

	seal(key, raw, n, mac);
	memcpy(raw + n, mac, TOKEN_MAC);
	encode(raw, n + TOKEN_MAC, out);
}

bool token_read(const struct token_key *key, enum token_use use,
                struct slice token, struct flow *flow)
{
	uint8_t raw[RAW_MAX];
	uint8_t mac[SHA256_DIGEST_LENGTH];
	size_t n;

	if (token.n >= TOKEN_SIZE)
		return false;
	n = decode(token, raw);
	if (n < 2 + 4 + 2 + TOKEN_MAC)
		return false;
	n -= TOKEN_MAC;
	seal(key, raw, n, mac);
	return CRYPTO_memcmp(mac, raw + n, TOKEN_MAC) == 0 &&
	       unpack(use, raw, n, flow);
}

void token_hash(const struct token_key *key, const struct slice *parts,
                size_t n, char out[TOKEN_HASH + 1])
{
	SHA256_CTX inner = key->inner;
	uint8_t mac[SHA256_DIGEST_LENGTH];

	SHA256_Update(&inner, "hash", 4);
	for (size_t i = 0; i < n; i++) {
		uint8_t len[4];

		SHA256_Update(&inner, len, put(len, (uint32_t)parts[i].n, 4));
		SHA256_Update(&inner, parts[i].p, parts[i].n);
	}
	finish(key, &inner, mac);
	encode(mac, (size_t)TOKEN_HASH / 4 * 3, out);
}

/*
 * sum.h - MD5, SHA-256 and HMAC-SHA-256 over several pieces of text
 *
 * One object holds OpenSSL's contexts, so that a digest costs no allocation.
 */
#ifndef REGISTRAR_CORE_SUM_H
#define REGISTRAR_CORE_SUM_H

#include <stddef.h>
#include <stdint.h>

struct sum;

enum sum_algorithm { SUM_MD5, SUM_SHA256 };

enum { SUM_HEX_MAX = 65 }; /* hexadecimal SHA-256 and NUL */
enum { SUM_MAC_SIZE = 32 };

/** A piece of what is hashed; not NUL-terminated */
struct piece {
	const char *p;
	size_t n;
};

/** A piece that is a whole string. */
struct piece piece_of(const char *s);

/** ASCII lower case of a character. */
char piece_lower(char c);

/**
 * @param key of the HMAC, any length
 * @return 0, ENOMEM, or ENOTSUP (OpenSSL does not offer MD5: FIPS mode)
 */
int sum_alloc(struct sum **sp, const void *key, size_t key_len);
void sum_free(struct sum *s); /**< NULL is a no-op */

/** Hash the pieces as if they were one text; @p out gets lower-case hex. */
void sum_hex(struct sum *s, enum sum_algorithm algorithm,
             const struct piece *pieces, size_t n, char out[SUM_HEX_MAX]);

/** HMAC-SHA-256 under the key of sum_alloc() (RFC 2104). */
void sum_mac(struct sum *s, const struct piece *pieces, size_t n,
             uint8_t out[SUM_MAC_SIZE]);

#endif

/*
 * seal.h - secrets at rest: what Redis holds of them is sealed with a key
 *
 * A sealed value is "sealed:v1:" and base64 of a nonce (12 bytes), the text
 * under AES-256-GCM, and its tag (16 bytes). The key comes from the environment
 * (TRESTLE_SECRET_KEY), never from Redis. Who reads Redis, its files or its
 * backups, learns no secret; who can write there can still do all that
 * configuration can: a plain value is believed as well.
 *
 * Rotation: TRESTLE_SECRET_KEY_OLD opens what the new key can not, until
 * `trestle-cli seal` has sealed everything anew.
 *
 * A seal that is NULL has no key: it seals nothing and opens only plain values.
 */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seal;

enum { SEAL_KEY_SIZE = 32 }; /* bytes; twice as many hexadecimal digits */

#define SEAL_PREFIX "sealed:v1:"

/** What to tell a person when a value could not be opened (EACCES). */
extern const char seal_remedy[];

/**
 * @param key 64 hexadecimal digits; "" = none: then nothing is sealed
 * @param old the key before it, or ""
 * @return 0, EINVAL (a key is not 64 hexadecimal digits) or ENOMEM
 */
int seal_alloc(struct seal **sp, const char *key, const char *old);
void seal_free(struct seal *s); /**< NULL is a no-op */

bool seal_is_sealed(const char *value);

/**
 * Seal a text, whatever it is. @p out owned by the caller; NULL where there is no
 * key or the text is "": it stands as it is.
 *
 * @return 0, ENOMEM or EIO (no random bytes)
 */
int seal_text(const struct seal *s, const char *text, char **out);

/**
 * Open a value. @p out owned by the caller, to be cleansed; NULL where the
 * value is not sealed: it stands as it is.
 *
 * @return 0, ENOMEM, or EACCES (no key of ours fits, or it is broken)
 */
int seal_open(const struct seal *s, const char *value, char **out);

/* ---- fields of a hash (proto/README.md) -------------------------------- */

/**
 * Seal what is secret in a field of this name: tokens, HA1, passwords, the
 * password of each target of a carrier, an URL with a user and password before
 * its host, a document with a password="…".
 *
 * @return as seal_text(); a field that holds no secret: 0 and NULL
 */
int seal_field(const struct seal *s, const char *field, const char *value,
               char **out);

/**
 * Seal the values of an HSET in place.
 *
 * @param pairs name, value, name …
 * @param n     of them, even
 * @param kept  n / 2 places, NULL, for the sealed texts, which @p pairs points to
 *              then: free them afterwards, on an error too
 * @return as seal_text()
 */
int seal_pairs(const struct seal *s, const char **pairs, size_t n, char **kept);

/** Open a field that may have been sealed so; any other one, which a tenant may
 *  have filled with anything, stands as it is. @return as seal_open() */
int seal_open_field(const struct seal *s, const char *field, const char *value,
                    char **out);

/** Is it time to tell the log of a value that could not be opened? @return true
 *  once in @p every_ms, and always without a seal */
bool seal_complain(struct seal *s, uint64_t now_ms, uint64_t every_ms);

/** Overwrite and free; NULL is a no-op. */
void seal_cleanse(char *text);

#endif

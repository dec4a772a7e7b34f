/*
 * secret.h - the installation's HMAC key: of nonces and flow tokens
 *
 * The key `secret` in Redis, made by the first process that looks. Asked for
 * until it is there; once known it stands, and who knows it writes it again when
 * it is gone: to replace it, all processes have to be stopped.
 */
#ifndef STORE_SECRET_H
#define STORE_SECRET_H

struct loop;
struct redis;
struct secret;

enum { SECRET_SIZE = 32 }; /* bytes */

/** @p ready, which may be NULL, is called once, from the loop, when the
 *  secret is known. @return 0 or ENOMEM */
int secret_alloc(struct secret **sp, struct loop *loop, struct redis *redis,
                 void (*ready)(void *arg), void *arg);
void secret_free(struct secret *s); /**< NULL is a no-op */

/** SECRET_SIZE bytes, or NULL as long as it is not known. */
const unsigned char *secret_bytes(const struct secret *s);

#endif

/*
 * tls.h - our certificate, whom we believe, and the sessions made from both
 */
#ifndef EDGE_ADAPTERS_TLS_H
#define EDGE_ADAPTERS_TLS_H

#include <openssl/ssl.h>

struct log;
struct tls;

/**
 * Read @p dir: `agent.pem` (our chain and key), `cafile.pem` (whom else we
 * believe beside the system's authorities; may be absent).
 *
 * @return 0, ENOMEM, or EINVAL after telling the log what is wrong
 */
int tls_alloc(struct tls **tp, const char *dir, const struct log *log);
void tls_free(struct tls *tls); /**< NULL is a no-op */

/** Read the files again when they changed; sessions that are open stay. */
void tls_refresh(struct tls *tls);

/** A session on a connected socket, to be driven by SSL_do_handshake().
 *  @return owned by the caller, NULL when memory ran out */
SSL *tls_server(struct tls *tls, int fd);

/** @p name must be in the peer's certificate, a host name or an IP address
 *  (RFC 5922 7.3). */
SSL *tls_client(struct tls *tls, int fd, const char *name);

#endif

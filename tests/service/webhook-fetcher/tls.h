/*
 * tls.h - applications behind TLS, with good and bad certificates
 */
#ifndef TLS_H
#define TLS_H

#include <stdint.h>

enum tls_kind {
	TLS_GOOD,    /**< signed by our authority, for the address it is at */
	TLS_EXPIRED, /**< the same, until yesterday */
	TLS_WRONG_NAME,  /**< the same, for another address */
	TLS_SELF_SIGNED, /**< by nobody that is trusted */
	TLS_OLD          /**< good, but speaks TLS 1.1 at most */
};

/** Make an authority and write its certificate to @p path. */
void tls_authority(const char *path);

/** Serve `<Response/>` from a thread until the program ends. @return the port */
uint16_t tls_start(const char *address, enum tls_kind kind);

#endif

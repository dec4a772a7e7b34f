/*
 * zap.h - who may connect to our ROUTER: holders of the installation's key
 *
 * CURVE alone lets in anybody who knows our public key; ZeroMQ asks this
 * handler (RFC 27/ZAP) whether the client's own key is that of the
 * installation.
 */
#ifndef BUS_ZAP_H
#define BUS_ZAP_H

#include <stdint.h>

struct loop;
struct watch;

struct zap {
	void *socket;
	struct watch *watch;
	uint8_t public_key[32];
};

/** Before the ROUTER is bound, on the same context. @return 0 or an errno,
 *  EINVAL: not a key pair */
int zap_open(struct zap *zap, void *context, struct loop *loop,
             const char *public_key, const char *secret_key);
void zap_close(struct zap *zap); /**< before the context ends */

#endif

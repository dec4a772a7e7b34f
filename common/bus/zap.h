/*
 * zap.h - who may connect to our ROUTER: holders of the installation's key
 *
 * CURVE alone lets in anybody who knows our public key; ZeroMQ asks this
 * handler (RFC 27/ZAP) whether the client's own key is that of the
 * installation, which is also the ZAP domain of the ROUTER.
 */
#ifndef BUS_ZAP_H
#define BUS_ZAP_H

struct loop;

/** Before a ROUTER with this key pair is bound. There is one handler in a
 *  process: the first call opens it, on @p loop; others only check their keys.
 *  @return 0 or an errno, EINVAL: not a key pair */
int zap_open(struct loop *loop, const char *public_key, const char *secret_key);

/** Once for each zap_open() that returned 0; the last one closes it. */
void zap_close(void);

#endif

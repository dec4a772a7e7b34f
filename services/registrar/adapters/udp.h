/*
 * udp.h - one UDP socket: datagrams in by the batch, answers out at once
 */
#ifndef REGISTRAR_ADAPTERS_UDP_H
#define REGISTRAR_ADAPTERS_UDP_H

#include <stddef.h>
#include <stdint.h>

#include <netinet/in.h>

struct loop;
struct udp;

enum { UDP_DATAGRAM_MAX = 65536 }; /* bytes */
enum { UDP_BATCH = 16 };           /* datagrams taken from the kernel at once */
enum { UDP_BUFFER = 4 * 1024 * 1024 }; /* of the kernel, for a burst [bytes] */

/** An address and port, IPv4 or IPv6 */
struct udp_peer {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} address;
	socklen_t len;
};

/** A datagram came; @p data is borrowed until the handler returns, and has a
 *  NUL behind its @p n bytes. */
typedef void udp_h(void *arg, const char *data, size_t n,
                   const struct udp_peer *from);

/** @param port 0: any free one. @return 0, ENOMEM, or an errno of bind(2) */
int udp_alloc(struct udp **up, struct loop *loop, const char *address,
              uint16_t port, udp_h *handler, void *arg);
void udp_free(struct udp *u); /**< NULL is a no-op */

uint16_t udp_port(const struct udp *u);

/** Send now or, when the kernel has no room, not at all. */
void udp_send(struct udp *u, const struct udp_peer *to, const char *data,
              size_t n);

/** The IP address as text, without brackets; and the port. */
void udp_peer_text(const struct udp_peer *p, char ip[INET6_ADDRSTRLEN],
                   uint32_t *port);

#endif

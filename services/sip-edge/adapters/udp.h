/*
 * udp.h - one UDP socket: datagrams in, datagrams out
 */
#ifndef EDGE_ADAPTERS_UDP_H
#define EDGE_ADAPTERS_UDP_H

#include "core/address.h"

struct loop;
struct udp;

/** @p p is borrowed until it returns. */
typedef void udp_h(void *arg, struct udp *udp, const struct address *from,
                   struct slice datagram);

/** @return 0, ENOMEM, or why it could not be bound; udp_free() accepts NULL */
int udp_alloc(struct udp **up, struct loop *loop, const struct address *local,
              udp_h *handler, void *arg);
void udp_free(struct udp *udp);

/** How long the datagram that is being handled has waited to be read [ms]. */
uint32_t udp_waited(const struct udp *udp);

/** What it is bound to, with the port. */
const struct address *udp_local(const struct udp *udp);

/** @return 0 or an errno; a full socket buffer drops the datagram (EAGAIN) */
int udp_send(struct udp *udp, const struct address *to, struct slice datagram);

#endif

/*
 * socket.h - addresses and sockets of the kernel
 */
#ifndef EDGE_ADAPTERS_SOCKET_H
#define EDGE_ADAPTERS_SOCKET_H

#include <sys/socket.h>

#include "core/address.h"

/** @return its length */
socklen_t socket_name(const struct address *a, struct sockaddr_storage *name);
struct address socket_address(const struct sockaddr_storage *name);

/**
 * Open a non-blocking socket and bind it. @p type SOCK_DGRAM or SOCK_STREAM;
 * a stream listens.
 *
 * @param fd    set on success
 * @param bound what it was bound to: the port when @p a has none; or NULL
 * @return 0 or an errno
 */
int socket_bind(const struct address *a, int type, int *fd,
                struct address *bound);

#endif

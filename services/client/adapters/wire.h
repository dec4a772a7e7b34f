/*
 * wire.h - sockets for one phone: datagrams with a deadline, and whether a
 *          stream can be opened
 */
#ifndef CLIENT_ADAPTERS_WIRE_H
#define CLIENT_ADAPTERS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/socket.h>

enum { WIRE_MAX = 65536 };

/** Where a name and port are (IPv4). @return whether it was found */
bool wire_resolve(const char *host, uint16_t port, struct sockaddr_storage *to);

/** A UDP socket on any port, whose own address is the one that is used towards
 *  @p to. @return the descriptor, -1 = none */
int wire_open(const struct sockaddr_storage *to, char ip[64], uint16_t *port);

void wire_send(int fd, const struct sockaddr_storage *to, const void *data,
               size_t n);

/** One datagram, NUL-terminated, @p out has WIRE_MAX + 1 bytes.
 *  @return its length, 0 = none came in time */
size_t wire_receive(int fd, char *out, uint32_t ms);

/** Open a TCP or TLS connection, send @p text, wait for what comes back.
 *  @return whether it begins with "SIP/2.0" */
bool wire_stream(const char *host, uint16_t port, bool tls, const char *text);

#endif

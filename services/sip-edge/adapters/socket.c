/*
 * socket.c - addresses and sockets of the kernel
 */
#include "socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

enum { BACKLOG = 1024, RECEIVE_BUFFER = 4 * 1024 * 1024 };

socklen_t socket_name(const struct address *a, struct sockaddr_storage *name)
{
	if (address_is_ipv4(a)) {
		struct sockaddr_in sin = {.sin_family = AF_INET,
		                          .sin_port = htons(a->port)};

		memcpy(&sin.sin_addr, a->ip + 12, 4);
		memcpy(name, &sin, sizeof(sin));
		return sizeof(sin);
	}
	struct sockaddr_in6 sin6 = {.sin6_family = AF_INET6,
	                            .sin6_port = htons(a->port)};

	memcpy(&sin6.sin6_addr, a->ip, 16);
	memcpy(name, &sin6, sizeof(sin6));
	return sizeof(sin6);
}

struct address socket_address(const struct sockaddr_storage *name)
{
	struct address a = {.port = 0};
	struct sockaddr_in6 sin6;

	if (name->ss_family == AF_INET) {
		struct sockaddr_in sin;
		uint8_t ip[4];

		memcpy(&sin, name, sizeof(sin));
		memcpy(ip, &sin.sin_addr, sizeof(ip));
		return address_ipv4(ip, ntohs(sin.sin_port));
	}
	memcpy(&sin6, name, sizeof(sin6));
	memcpy(a.ip, &sin6.sin6_addr, sizeof(a.ip));
	a.port = ntohs(sin6.sin6_port);
	return a;
}

static void set(int fd, int level, int option, int value)
{
	/* Each of these only makes things better: go on without */
	(void)setsockopt(fd, level, option, &value, sizeof(value));
}

int socket_bind(const struct address *a, int type, int *fd,
                struct address *bound)
{
	struct sockaddr_storage name;
	socklen_t len = socket_name(a, &name);
	int s = socket(name.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err = 0;

	if (s < 0)
		return errno;
	if (name.ss_family == AF_INET6)
		set(s, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (type == SOCK_STREAM)
		set(s, SOL_SOCKET, SO_REUSEADDR, 1);
	else
		set(s, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
	set(s, SOL_SOCKET, SO_TIMESTAMPNS, type == SOCK_DGRAM);
	if (bind(s, (struct sockaddr *)&name, len) != 0 ||
	    (type == SOCK_STREAM && listen(s, BACKLOG) != 0)) {
		err = errno;
		goto out;
	}
	if (bound) {
		len = sizeof(name);
		if (getsockname(s, (struct sockaddr *)&name, &len) != 0) {
			err = errno;
			goto out;
		}
		*bound = socket_address(&name);
	}
	*fd = s;
out:
	if (err)
		close(s);
	return err;
}

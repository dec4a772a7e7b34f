/*
 * udp.c - one UDP socket: datagrams in by the batch, answers out at once
 */
#include "adapters/udp.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop/loop.h"

struct udp {
	int fd;
	struct watch *watch;
	udp_h *handler;
	void *arg;
	struct mmsghdr messages[UDP_BATCH];
	struct iovec parts[UDP_BATCH];
	struct udp_peer from[UDP_BATCH];
	char data[UDP_BATCH][UDP_DATAGRAM_MAX];
};

static void on_readable(void *arg, int events)
{
	struct udp *u = arg;
	int n;

	(void)events;
	for (int i = 0; i < UDP_BATCH; i++)
		u->messages[i].msg_hdr.msg_namelen = sizeof(u->from[i].address);
	n = recvmmsg(u->fd, u->messages, UDP_BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++) {
		u->from[i].len = u->messages[i].msg_hdr.msg_namelen;
		u->data[i][u->messages[i].msg_len] = '\0';
		u->handler(u->arg, u->data[i], u->messages[i].msg_len,
		           &u->from[i]);
	}
}

static void prepare(struct udp *u)
{
	for (size_t i = 0; i < UDP_BATCH; i++) {
		struct msghdr *h = &u->messages[i].msg_hdr;

		u->parts[i].iov_base = u->data[i];
		u->parts[i].iov_len = UDP_DATAGRAM_MAX - 1;
		h->msg_iov = &u->parts[i];
		h->msg_iovlen = 1;
		h->msg_name = &u->from[i].address;
	}
}

static bool read_address(struct udp_peer *p, const char *address, uint16_t port)
{
	memset(p, 0, sizeof(*p));
	if (inet_pton(AF_INET, address, &p->address.v4.sin_addr) == 1) {
		p->address.v4.sin_family = AF_INET;
		p->address.v4.sin_port = htons(port);
		p->len = sizeof(p->address.v4);
		return true;
	}
	p->address.v6.sin6_family = AF_INET6;
	p->address.v6.sin6_port = htons(port);
	p->len = sizeof(p->address.v6);
	return inet_pton(AF_INET6, address, &p->address.v6.sin6_addr) == 1;
}

static int bind_socket(struct udp *u, const char *address, uint16_t port)
{
	int room = UDP_BUFFER;
	struct udp_peer p;

	if (!read_address(&p, address, port))
		return EINVAL;
	u->fd = socket(p.address.any.sa_family,
	               SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (u->fd < 0)
		return errno;
	/* as much as the kernel grants: with less a burst is sent again */
	(void)setsockopt(u->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	(void)setsockopt(u->fd, SOL_SOCKET, SO_RCVBUFFORCE, &room,
	                 sizeof(room));
	return bind(u->fd, &p.address.any, p.len) == 0 ? 0 : errno;
}

int udp_alloc(struct udp **up, struct loop *loop, const char *address,
              uint16_t port, udp_h *handler, void *arg)
{
	struct udp *u = calloc(1, sizeof(*u));
	int err = ENOMEM;

	if (!u)
		return ENOMEM;
	u->handler = handler;
	u->arg = arg;
	prepare(u);
	err = bind_socket(u, address, port);
	if (!err)
		err = watch_alloc(&u->watch, loop, u->fd, LOOP_READ,
		                  on_readable, u);
	if (err)
		udp_free(u);
	else
		*up = u;
	return err;
}

void udp_free(struct udp *u)
{
	if (!u)
		return;
	watch_free(u->watch);
	if (u->fd >= 0)
		(void)close(u->fd);
	free(u);
}

uint16_t udp_port(const struct udp *u)
{
	struct udp_peer p = {.len = sizeof(p.address)};
	char ip[INET6_ADDRSTRLEN];
	uint32_t port = 0;

	if (getsockname(u->fd, &p.address.any, &p.len) == 0)
		udp_peer_text(&p, ip, &port);
	return (uint16_t)port;
}

void udp_send(struct udp *u, const struct udp_peer *to, const char *data,
              size_t n)
{
	(void)sendto(u->fd, data, n, MSG_DONTWAIT | MSG_NOSIGNAL,
	             &to->address.any, to->len);
}

void udp_peer_text(const struct udp_peer *p, char ip[INET6_ADDRSTRLEN],
                   uint32_t *port)
{
	bool v6 = p->address.any.sa_family == AF_INET6;
	const void *address = v6 ? (const void *)&p->address.v6.sin6_addr
	                         : (const void *)&p->address.v4.sin_addr;

	*port = ntohs(v6 ? p->address.v6.sin6_port : p->address.v4.sin_port);
	if (!inet_ntop(p->address.any.sa_family, address, ip, INET6_ADDRSTRLEN))
		ip[0] = '\0';
}

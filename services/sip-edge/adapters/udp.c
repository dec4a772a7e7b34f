/*
 * udp.c - one UDP socket: datagrams in, datagrams out
 */
#include "udp.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/message.h"
#include "loop/loop.h"
#include "socket.h"

enum { BATCH = 16, ROUNDS = 4, DATAGRAM = MESSAGE_MAX + 1 };

struct udp {
	int fd;
	struct watch *watch;
	struct address local;
	udp_h *handler;
	void *arg;
	struct mmsghdr headers[BATCH];
	struct iovec pieces[BATCH];
	struct sockaddr_storage names[BATCH];
	char bytes[BATCH][DATAGRAM];
};

/* A bounded number of datagrams at a time, so that a flood leaves time for
 * the other sockets; the watch is level-triggered and calls again. */
static void on_readable(void *arg, int events)
{
	struct udp *udp = arg;

	(void)events;
	for (int round = 0; round < ROUNDS; round++) {
		int n;

		for (size_t i = 0; i < BATCH; i++)
			udp->headers[i].msg_hdr.msg_namelen =
				sizeof(udp->names[i]);
		n = recvmmsg(udp->fd, udp->headers, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < n; i++) {
			struct address from = socket_address(&udp->names[i]);
			struct slice s = {udp->bytes[i],
			                  udp->headers[i].msg_len};

			udp->handler(udp->arg, udp, &from, s);
		}
		if (n < BATCH)
			return;
	}
}

int udp_alloc(struct udp **up, struct loop *loop, const struct address *local,
              udp_h *handler, void *arg)
{
	struct udp *udp = calloc(1, sizeof(*udp));
	int err = ENOMEM;

	if (!udp)
		goto out;
	udp->fd = -1;
	udp->handler = handler;
	udp->arg = arg;
	for (size_t i = 0; i < BATCH; i++) {
		udp->pieces[i].iov_base = udp->bytes[i];
		udp->pieces[i].iov_len = DATAGRAM;
		udp->headers[i].msg_hdr = (struct msghdr){
			.msg_name = &udp->names[i],
			.msg_iov = &udp->pieces[i],
			.msg_iovlen = 1,
		};
	}
	err = socket_bind(local, SOCK_DGRAM, &udp->fd, &udp->local);
	if (err)
		goto out;
	err = watch_alloc(&udp->watch, loop, udp->fd, LOOP_READ, on_readable,
	                  udp);
out:
	if (err)
		udp_free(udp);
	else
		*up = udp;
	return err;
}

void udp_free(struct udp *udp)
{
	if (!udp)
		return;
	watch_free(udp->watch);
	if (udp->fd >= 0)
		close(udp->fd);
	free(udp);
}

const struct address *udp_local(const struct udp *udp)
{
	return &udp->local;
}

int udp_send(struct udp *udp, const struct address *to, struct slice datagram)
{
	struct sockaddr_storage name;
	socklen_t len = socket_name(to, &name);
	ssize_t n = sendto(udp->fd, datagram.p, datagram.n, MSG_DONTWAIT,
	                   (struct sockaddr *)&name, len);

	return n < 0 ? errno : 0;
}

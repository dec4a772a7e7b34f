/*
 * udp.c - one UDP socket: datagrams in, datagrams out
 */
#include "udp.h"

#include <errno.h>
#include <stdalign.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/message.h"
#include "loop/loop.h"
#include "socket.h"

enum { BATCH = 16, ROUNDS = 4, DATAGRAM = MESSAGE_MAX + 1 };
enum { CONTROL = CMSG_SPACE(sizeof(struct timespec)) };

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
	alignas(struct cmsghdr) char control[BATCH][CONTROL];
	uint32_t waited_ms; /* the one that is being handled */
};

/* The kernel has noted when it came (SO_TIMESTAMPNS, wall clock). */
static uint32_t waited(struct msghdr *h, const struct timespec *now)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(h);
	struct timespec came;
	int64_t ms;

	if (!c || c->cmsg_level != SOL_SOCKET ||
	    c->cmsg_type != SCM_TIMESTAMPNS)
		return 0;
	memcpy(&came, CMSG_DATA(c), sizeof(came));
	ms = (now->tv_sec - came.tv_sec) * 1000 +
	     (now->tv_nsec - came.tv_nsec) / 1000000;
	return ms > 0 && ms < UINT32_MAX ? (uint32_t)ms : 0;
}

/* A bounded number of datagrams at a time, so that a flood leaves time for
 * the other sockets; the watch is level-triggered and calls again. */
static void on_readable(void *arg, int events)
{
	struct udp *udp = arg;

	(void)events;
	for (int round = 0; round < ROUNDS; round++) {
		struct timespec now;
		int n;

		for (size_t i = 0; i < BATCH; i++) {
			struct msghdr *h = &udp->headers[i].msg_hdr;

			h->msg_namelen = sizeof(udp->names[i]);
			h->msg_controllen = sizeof(udp->control[i]);
		}
		n = recvmmsg(udp->fd, udp->headers, BATCH, MSG_DONTWAIT, NULL);
		(void)clock_gettime(CLOCK_REALTIME, &now);
		for (int i = 0; i < n; i++) {
			struct address from = socket_address(&udp->names[i]);
			struct slice s = {udp->bytes[i],
			                  udp->headers[i].msg_len};

			udp->waited_ms = waited(&udp->headers[i].msg_hdr, &now);
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
			.msg_control = udp->control[i],
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

uint32_t udp_waited(const struct udp *udp)
{
	return udp->waited_ms;
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

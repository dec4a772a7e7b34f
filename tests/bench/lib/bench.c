#include "bench.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int bench_udp(const char *ip, uint16_t port, struct sockaddr_in *at)
{
	socklen_t len = sizeof(*at);
	int size = 8 << 20;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	memset(at, 0, sizeof(*at));
	at->sin_family = AF_INET;
	at->sin_port = htons(port);
	(void)inet_pton(AF_INET, ip, &at->sin_addr);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)at, sizeof(*at)) ||
	    getsockname(fd, (struct sockaddr *)at, &len))
		return -1;
	return fd;
}

void bench_send(const struct bench *b, int fd, const char *text)
{
	(void)sendto(fd, text, strlen(text), 0, (const void *)&b->edge,
	             sizeof(b->edge));
}

static const char sdp_form[] = "v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\n"
			       "c=IN IP4 %s\r\nt=0 0\r\n"
			       "m=audio %d RTP/AVP 0 101\r\n"
			       "a=rtpmap:101 telephone-event/8000\r\n";

void bench_sdp(const struct bench *b, int port, char *out, size_t size)
{
	(void)snprintf(out, size, sdp_form, b->opt.ip, b->opt.ip, port);
}

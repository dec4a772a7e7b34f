#include "net.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

uint64_t net_clock_us(clockid_t id)
{
	struct timespec t;

	(void)clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

uint64_t net_now_us(void)
{
	return net_clock_us(CLOCK_MONOTONIC);
}

void net_die(const char *what)
{
	perror(what);
	exit(1);
}

static struct sockaddr_in address(const char *ip, unsigned port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
	                        .sin_port = htons((uint16_t)port)};

	(void)inet_pton(AF_INET, ip, &a.sin_addr);
	return a;
}

int net_open(const char *ip, unsigned port, const char *to, unsigned to_port)
{
	struct sockaddr_in a = address(ip, port);
	struct sockaddr_in b = address(to, to_port);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) ||
	    connect(fd, (struct sockaddr *)&b, sizeof(b)))
		net_die("socket");
	return fd;
}

void net_watch(int epoll, int fd, unsigned number)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.u32 = number};

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev))
		net_die("epoll_ctl");
}

/*
 * sockets.c - UDP sockets in pairs, and addresses as the kernel has them
 */
#include "sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PORT_MAX = 65535 };

static void unmap(struct address *a)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (a->family != ADDRESS_IP6 || memcmp(a->ip, mapped, 12) != 0)
		return;
	a->family = ADDRESS_IP4;
	memmove(a->ip, a->ip + 12, 4);
	memset(a->ip + 4, 0, 12);
}

bool address_parse(struct address *out, const char *ip, uint16_t port)
{
	memset(out, 0, sizeof(*out));
	out->port = port;
	if (inet_pton(AF_INET, ip, out->ip) == 1)
		out->family = ADDRESS_IP4;
	else if (inet_pton(AF_INET6, ip, out->ip) == 1)
		out->family = ADDRESS_IP6;
	unmap(out);
	return out->family != ADDRESS_NONE;
}

static bool parse_number(const char *s, unsigned long max, unsigned long *n)
{
	char *end;

	if (*s < '0' || *s > '9')
		return false;
	errno = 0;
	*n = strtoul(s, &end, 10);
	return errno == 0 && *end == '\0' && *n <= max;
}

void address_print_ip(const struct address *a, char out[ADDRESS_TEXT])
{
	int family = a->family == ADDRESS_IP6 ? AF_INET6 : AF_INET;

	if (a->family == ADDRESS_NONE ||
	    !inet_ntop(family, a->ip, out, ADDRESS_TEXT))
		out[0] = '\0';
}

void address_print(const struct address *a, char out[ADDRESS_TEXT])
{
	char ip[INET6_ADDRSTRLEN + 1] = "";
	int family = a->family == ADDRESS_IP6 ? AF_INET6 : AF_INET;

	out[0] = '\0';
	if (a->family == ADDRESS_NONE ||
	    !inet_ntop(family, a->ip, ip, sizeof(ip)))
		return;
	(void)snprintf(out, ADDRESS_TEXT,
	               a->family == ADDRESS_IP6 ? "[%s]:%u" : "%s:%u", ip,
	               a->port);
}

bool address_parse_pair(struct address *out, const char *text)
{
	char ip[ADDRESS_TEXT];
	const char *colon = strrchr(text, ':');
	const char *start = text + (text[0] == '[');
	size_t len;
	unsigned long port;

	memset(out, 0, sizeof(*out));
	if (!colon || !parse_number(colon + 1, PORT_MAX, &port))
		return false;
	len = (size_t)(colon - start) - (text[0] == '[');
	if (colon < start || len >= sizeof(ip))
		return false;
	memcpy(ip, start, len);
	ip[len] = '\0';
	return address_parse(out, ip, (uint16_t)port);
}

void address_from_kernel(struct address *out, const union sockaddr_any *sa)
{
	memset(out, 0, sizeof(*out));
	if (sa->any.sa_family == AF_INET) {
		out->family = ADDRESS_IP4;
		out->port = ntohs(sa->ip4.sin_port);
		memcpy(out->ip, &sa->ip4.sin_addr, 4);
	} else if (sa->any.sa_family == AF_INET6) {
		out->family = ADDRESS_IP6;
		out->port = ntohs(sa->ip6.sin6_port);
		memcpy(out->ip, &sa->ip6.sin6_addr, 16);
		unmap(out);
	}
}

socklen_t address_to_kernel(const struct address *a, union sockaddr_any *sa)
{
	memset(sa, 0, sizeof(*sa));
	switch (a->family) {
	case ADDRESS_NONE: return 0;
	case ADDRESS_IP4:
		sa->ip4.sin_family = AF_INET;
		sa->ip4.sin_port = htons(a->port);
		memcpy(&sa->ip4.sin_addr, a->ip, 4);
		return sizeof(sa->ip4);
	case ADDRESS_IP6:
		sa->ip6.sin6_family = AF_INET6;
		sa->ip6.sin6_port = htons(a->port);
		memcpy(&sa->ip6.sin6_addr, a->ip, 16);
		return sizeof(sa->ip6);
	}
	return 0;
}

static int open_one(int *fdp, const struct address *ip, uint16_t port,
                    unsigned dscp)
{
	struct address a = *ip;
	union sockaddr_any sa;
	int tos = (int)dscp << 2;
	bool six = ip->family == ADDRESS_IP6;
	socklen_t len;
	int fd;

	a.port = port;
	len = address_to_kernel(&a, &sa);
	fd = socket(sa.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	            0);
	if (fd < 0)
		return errno;
	/* best effort: a network without DSCP carries calls too */
	(void)setsockopt(fd, six ? IPPROTO_IPV6 : IPPROTO_IP,
	                 six ? IPV6_TCLASS : IP_TOS, &tos, sizeof(tos));
	if (bind(fd, &sa.any, len)) {
		int err = errno;

		close(fd);
		return err;
	}
	*fdp = fd;
	return 0;
}

bool sockets_can_bind(const struct address *ip)
{
	int fd = -1, err = open_one(&fd, ip, 0, 0);

	if (fd >= 0)
		close(fd);
	return err != EADDRNOTAVAIL;
}

int sockets_open(struct socket_pair *pair, const struct address *ip,
                 uint16_t port, unsigned dscp)
{
	int err = open_one(&pair->rtp, ip, port, dscp);

	if (err)
		return err;
	err = open_one(&pair->rtcp, ip, (uint16_t)(port + 1), dscp);
	if (err)
		close(pair->rtp);
	return err;
}

int sockets_own_addresses(struct address_policy *policy)
{
	struct ifaddrs *all;

	if (getifaddrs(&all))
		return errno;
	for (struct ifaddrs *i = all; i; i = i->ifa_next) {
		union sockaddr_any sa;
		size_t size = 0;

		if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET)
			size = sizeof(sa.ip4);
		else if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET6)
			size = sizeof(sa.ip6);
		if (size == 0 || policy->n_own == POLICY_OWN_MAX)
			continue;
		memcpy(&sa, i->ifa_addr, size);
		address_from_kernel(&policy->own[policy->n_own++], &sa);
	}
	freeifaddrs(all);
	return 0;
}

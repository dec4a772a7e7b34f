/*
 * nameservers.c - the name servers of resolv.conf and the routes to them
 */
#include "nameservers.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include "core/address.h"
#include "socket.h"

enum { LINE_SIZE = 512, LINES_MAX = 1000, DNS_PORT = 53 };

/* A datagram socket that is connected has found a route, and sent nothing. */
static bool reachable(struct address *a)
{
	struct sockaddr_storage name;
	socklen_t len;
	bool done;
	int fd;

	a->port = DNS_PORT;
	len = socket_name(a, &name);
	fd = socket(name.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	done = connect(fd, (const struct sockaddr *)&name, len) == 0;
	(void)close(fd);
	return done;
}

/* @return false: the line names no server */
static bool read_server(const char *line, struct address *a)
{
	static const char word[] = "nameserver";
	struct slice ip = {line + sizeof(word) - 1, 0};

	if (strncmp(line, word, sizeof(word) - 1) != 0)
		return false;
	ip.p += strspn(ip.p, " \t");
	ip.n = strcspn(ip.p, " \t\r\n");
	return address_parse_ip(a, ip);
}

bool nameservers_reachable(void)
{
	FILE *f = fopen("/etc/resolv.conf", "re");
	bool named = false, found = false;
	char line[LINE_SIZE];
	struct address a = {0};

	if (!f)
		return true;
	for (int i = 0; i < LINES_MAX && !found; i++) {
		if (!fgets(line, sizeof(line), f))
			break;
		if (!read_server(line, &a))
			continue;
		named = true;
		found = reachable(&a);
	}
	(void)fclose(f);
	return found || !named;
}

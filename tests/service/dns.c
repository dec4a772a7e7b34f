/*
 * dns.c - a name server of the test's own (RFC 1035 4)
 */
#include "service/dns.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

enum { HEADER = 12, PACKET_MAX = 1500, NAME_MAX_SIZE = 256, TTL_S = 60 };

static const char address[] = "127.0.0.53";

struct server {
	const struct dns_record *records;
	size_t n;
	bool in_turn;
	unsigned turn;
	int fd;
};

struct packet {
	uint8_t b[PACKET_MAX];
	size_t n;
};

static void put(struct packet *p, const void *b, size_t n)
{
	if (p->n + n > sizeof(p->b))
		exit(1);
	memcpy(p->b + p->n, b, n);
	p->n += n;
}

static void put16(struct packet *p, unsigned v)
{
	uint8_t b[] = {(uint8_t)(v >> 8), (uint8_t)v};

	put(p, b, 2);
}

static void put_text(struct packet *p, const char *s)
{
	uint8_t n = (uint8_t)strlen(s);

	put(p, &n, 1);
	put(p, s, n);
}

static void put_name(struct packet *p, const char *name)
{
	while (*name) {
		uint8_t n = (uint8_t)strcspn(name, ".");

		put(p, &n, 1);
		put(p, name, n);
		name += n + (name[n] == '.');
	}
	put(p, "", 1);
}

static void put_data(struct packet *p, const struct dns_record *r)
{
	struct in_addr ip;

	switch (r->type) {
	case DNS_A:
		(void)inet_pton(AF_INET, r->data, &ip);
		put(p, &ip, 4);
		break;
	case DNS_SRV:
		put16(p, r->priority);
		put16(p, r->weight);
		put16(p, r->port);
		put_name(p, r->data);
		break;
	case DNS_NAPTR:
		put16(p, r->priority);
		put16(p, r->weight);
		put_text(p, "s");
		put_text(p, r->service);
		put_text(p, "");
		put_name(p, r->data);
		break;
	}
}

static void put_record(struct packet *p, const struct dns_record *r, bool once)
{
	size_t at;

	put16(p, 0xc000 | HEADER); /* the name of the question */
	put16(p, r->type);
	put16(p, 1);
	put16(p, 0);
	put16(p, once ? 0 : TTL_S);
	at = p->n;
	put16(p, 0);
	put_data(p, r);
	p->b[at] = (uint8_t)((p->n - at - 2) >> 8);
	p->b[at + 1] = (uint8_t)(p->n - at - 2);
}

/* The question's name as text. @return what stands behind it */
static size_t read_name(const struct packet *p, char out[NAME_MAX_SIZE])
{
	size_t at = HEADER, n = 0;

	while (at < p->n && p->b[at] && n + p->b[at] + 2 < NAME_MAX_SIZE) {
		memcpy(out + n, p->b + at + 1, p->b[at]);
		n += p->b[at];
		out[n++] = '.';
		at += p->b[at] + 1U;
	}
	out[n ? n - 1 : 0] = '\0';
	return at + 1;
}

static void answer(struct server *s, struct packet *p)
{
	char name[NAME_MAX_SIZE];
	size_t end = read_name(p, name), found = 0, told = 0;
	unsigned type = (unsigned)p->b[end] << 8 | p->b[end + 1];

	for (size_t i = 0; i < s->n; i++)
		found += s->records[i].type == type &&
		         strcasecmp(s->records[i].name, name) == 0;
	p->n = end + 4;
	for (size_t i = 0, k = 0; i < s->n; i++) {
		const struct dns_record *r = &s->records[i];

		if (r->type != type || strcasecmp(r->name, name) != 0)
			continue;
		if (s->in_turn && k++ != s->turn % found)
			continue;
		put_record(p, r, s->in_turn);
		told++;
	}
	s->turn += found > 0;
	p->b[2] = 0x84; /* a response, of authority */
	p->b[3] = 0;
	memset(p->b + 6, 0, 6);
	p->b[7] = (uint8_t)told;
}

static void serve(struct server *s)
{
	for (;;) {
		struct sockaddr_in from;
		socklen_t len = sizeof(from);
		struct packet p;
		ssize_t n = recvfrom(s->fd, p.b, sizeof(p.b), 0,
		                     (struct sockaddr *)&from, &len);

		if (n < HEADER + 5)
			continue;
		p.n = (size_t)n;
		answer(s, &p);
		(void)sendto(s->fd, p.b, p.n, 0, (struct sockaddr *)&from, len);
	}
}

static bool name_it(void)
{
	char path[] = "/tmp/trestle-resolv-XXXXXX";
	char text[64];
	int fd = mkstemp(path);
	bool done;
	int n = snprintf(text, sizeof(text), "nameserver %s\n", address);

	done = fd >= 0 && write(fd, text, (size_t)n) == n &&
	       fchmod(fd, 0644) == 0 && unshare(CLONE_NEWNS) == 0 &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount(path, "/etc/resolv.conf", NULL, MS_BIND, NULL) == 0;
	if (fd >= 0)
		close(fd);
	(void)unlink(path);
	return done;
}

void dns_name(const char *ip)
{
	FILE *f = fopen("/etc/resolv.conf", "we");

	if (!f)
		return;
	(void)fprintf(f, "nameserver %s\n", ip);
	(void)fclose(f);
}

bool dns_start(const struct dns_record *records, size_t n, bool in_turn)
{
	struct server s = {.records = records, .n = n, .in_turn = in_turn};
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(53)};
	pid_t pid;

	(void)inet_pton(AF_INET, address, &a.sin_addr);
	s.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (bind(s.fd, (struct sockaddr *)&a, sizeof(a)) != 0 || !name_it()) {
		close(s.fd);
		return false;
	}
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(&s);
	}
	close(s.fd);
	return pid > 0;
}

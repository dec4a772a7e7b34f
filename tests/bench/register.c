/*
 * register.c - how many authenticated registrations a second?
 *
 *     register ADDRESS PORT DOMAIN USERS WINDOW SECONDS [name=pid,...]
 *
 * A closed loop of WINDOW phones, each doing full cycles (REGISTER, 401,
 * REGISTER with digest, 200) as users a0, a1, ... with password Bench-password-<user>.
 * Prints cycles a second, latency, and the CPU time of a cycle in each process.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/cpu.h"
#include "lib/figures.h"
#include "lib/net.h"
#include "lib/text.h"

enum {
	WINDOW_MAX = 1024,
	LOST_US = 1000000,
	LATENCIES_MAX = 4000000,
	TEXT_MAX = 2048
};

struct phone {
	uint32_t user;
	uint32_t cseq;
	bool signing; /* waits for the 200 */
	uint64_t began_us, sent_us;
};

struct bench {
	int fd;
	const char *domain;
	uint32_t users, window, next_user, run;
	char self[64];
	struct phone phones[WINDOW_MAX];
	uint64_t cycles, lost, refused;
	uint32_t *latency_us;
	size_t n_latencies;
	bool measuring;
};

/* The header that answers @p challenge, a 401; none for NULL */
static void authorization(const struct bench *b, const struct phone *p,
                          const char *challenge, char *out, size_t size)
{
	char value[TEXT_MAX / 2], user[16], password[32], uri[256];
	struct text_digest d = {.username = user,
	                        .password = password,
	                        .method = "REGISTER",
	                        .uri = uri,
	                        .count = 1};

	out[0] = '\0';
	if (!challenge)
		return;
	(void)snprintf(user, sizeof(user), "a%u", p->user);
	(void)snprintf(password, sizeof(password), "Bench-password-a%u",
	               p->user);
	(void)snprintf(uri, sizeof(uri), "sip:%s", b->domain);
	if (text_authorize(challenge, &d, value, sizeof(value)))
		(void)snprintf(out, size, "Authorization: %s\r\n", value);
}

static void send_register(struct bench *b, struct phone *p,
                          const char *challenge)
{
	uint32_t i = (uint32_t)(p - b->phones);
	char auth[TEXT_MAX], text[2 * TEXT_MAX];
	int n;

	authorization(b, p, challenge, auth, sizeof(auth));
	p->cseq++;
	n = snprintf(text, sizeof(text),
	             "REGISTER sip:%s SIP/2.0\r\n"
	             "Via: SIP/2.0/UDP %s;branch=z9hG4bK%x.%x.%x;rport\r\n"
	             "Max-Forwards: 70\r\n"
	             "From: <sip:a%u@%s>;tag=%x\r\n"
	             "To: <sip:a%u@%s>\r\n"
	             "Call-ID: %u-%x-%u\r\n"
	             "CSeq: %u REGISTER\r\n"
	             "X-Trestle-Source: %s;transport=udp\r\n"
	             "Path: <sip:dG9rZW4tdG9rZW4tdG9rZW4@%s;lr>\r\n"
	             "Contact: <sip:a%u@%s>\r\n%s"
	             "Expires: 3600\r\n"
	             "User-Agent: bench\r\n"
	             "Content-Length: 0\r\n\r\n",
	             b->domain, b->self, b->run, i, p->cseq, p->user, b->domain,
	             b->run, p->user, b->domain, i, b->run, p->user, p->cseq,
	             b->self, b->self, p->user, b->self, auth);
	p->signing = challenge != NULL;
	p->sent_us = net_now_us();
	(void)send(b->fd, text, (size_t)n, 0);
}

static void begin_cycle(struct bench *b, struct phone *p)
{
	p->user = b->next_user;
	b->next_user = (b->next_user + 1) % b->users;
	p->began_us = net_now_us();
	send_register(b, p, NULL);
}

static void end_cycle(struct bench *b, struct phone *p)
{
	if (b->measuring) {
		b->cycles++;
		if (b->n_latencies < LATENCIES_MAX)
			b->latency_us[b->n_latencies++] =
				(uint32_t)(net_now_us() - p->began_us);
	}
	begin_cycle(b, p);
}

static void on_answer(struct bench *b, char *text)
{
	const char *call_id = strstr(text, "\r\nCall-ID: ");
	const char *cseq = strstr(text, "\r\nCSeq: ");
	struct phone *p;
	unsigned i;

	if (!call_id || !cseq)
		return;
	i = (unsigned)strtoul(call_id + 11, NULL, 10);
	if (i >= b->window)
		return;
	p = &b->phones[i];
	if (strtoul(cseq + 8, NULL, 10) != p->cseq)
		return;
	if (text_status(text) == 401 && !p->signing) {
		send_register(b, p, text);
	} else if (text_status(text) == 200) {
		end_cycle(b, p);
	} else {
		if (b->refused++ == 0)
			fprintf(stderr, "%.*s\n", (int)strcspn(text, "\r"),
			        text);
		begin_cycle(b, p);
	}
}

static void run(struct bench *b, uint64_t until_us)
{
	char text[8192];
	ssize_t n;

	while (net_now_us() < until_us) {
		struct pollfd pfd = {b->fd, POLLIN, 0};

		(void)poll(&pfd, 1, 20);
		while ((n = recv(b->fd, text, sizeof(text) - 1, MSG_DONTWAIT)) >
		       0) {
			text[n] = '\0';
			on_answer(b, text);
		}
		for (uint32_t i = 0; i < b->window; i++) {
			struct phone *p = &b->phones[i];

			if (net_now_us() - p->sent_us < LOST_US)
				continue;
			b->lost++;
			begin_cycle(b, p);
		}
	}
}

static void report(struct bench *b, double seconds)
{
	size_t n = b->n_latencies;

	figures_sort_u32(b->latency_us, n);
	printf("cycles_per_second=%.0f lost=%llu refused=%llu",
	       (double)b->cycles / seconds, (unsigned long long)b->lost,
	       (unsigned long long)b->refused);
	if (n > 0)
		printf(" p50_us=%u p99_us=%u max_us=%u", b->latency_us[n / 2],
		       b->latency_us[n - 1 - n / 100], b->latency_us[n - 1]);
	printf("\n");
}

static void open_socket(struct bench *b, const char *ip, const char *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t n = sizeof(a);
	char host[INET_ADDRSTRLEN];

	b->fd = socket(AF_INET, SOCK_DGRAM, 0);
	a.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
	if (b->fd < 0 || inet_pton(AF_INET, ip, &a.sin_addr) != 1 ||
	    connect(b->fd, (struct sockaddr *)&a, sizeof(a)) != 0 ||
	    getsockname(b->fd, (struct sockaddr *)&a, &n) != 0) {
		perror("socket");
		exit(1);
	}
	(void)snprintf(b->self, sizeof(b->self), "%s:%u",
	               inet_ntop(AF_INET, &a.sin_addr, host, sizeof(host)),
	               ntohs(a.sin_port));
}

static void prepare(struct bench *b, char **argv)
{
	b->domain = argv[3];
	b->users = (uint32_t)strtoul(argv[4], NULL, 10);
	b->window = (uint32_t)strtoul(argv[5], NULL, 10);
	if (b->users == 0 || b->window == 0 || b->window > WINDOW_MAX ||
	    b->window > b->users) {
		fprintf(stderr, "WINDOW is 1 to %d, and at most USERS\n",
		        WINDOW_MAX);
		exit(1);
	}
	b->latency_us = calloc(LATENCIES_MAX, sizeof(b->latency_us[0]));
	if (!b->latency_us)
		exit(1);
	b->run = (uint32_t)net_now_us();
	open_socket(b, argv[1], argv[2]);
}

int main(int argc, char **argv)
{
	static struct bench b;
	struct cpu_set cpu;
	double seconds;

	if (argc < 7 || cpu_parse(&cpu, argc > 7 ? argv[7] : "")) {
		fprintf(stderr, "usage: register ADDRESS PORT DOMAIN USERS "
		                "WINDOW SECONDS [name=pid,...]\n");
		return 2;
	}
	prepare(&b, argv);
	seconds = strtod(argv[6], NULL);
	for (uint32_t i = 0; i < b.window; i++)
		begin_cycle(&b, &b.phones[i]);
	run(&b, net_now_us() + 1000000); /* until its caches are warm */
	b.lost = 0;
	b.measuring = true;
	cpu_start(&cpu);
	run(&b, net_now_us() + (uint64_t)(seconds * 1e6));
	report(&b, seconds);
	if (b.cycles > 0)
		(void)cpu_report(&cpu, b.cycles);
	free(b.latency_us);
	(void)close(b.fd);
	return b.cycles > 0 && b.refused == 0 ? 0 : 1;
}

/*
 * registrar__register.c - how many authenticated registrations a second?
 *
 *     registrar__register ADDRESS PORT DOMAIN USERS WINDOW SECONDS [PID...]
 *
 * A closed loop of WINDOW phones, each doing full cycles (REGISTER, 401,
 * REGISTER with digest, 200) as users a0, a1, ... with password Bench-password-<user>.
 * Prints cycles a second, latency, and for each PID the CPU time of a cycle.
 * TRESTLE_BENCH_SHA256=1 answers the SHA-256 challenge instead of MD5's.
 * Without arguments it says so and does nothing.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/evp.h>

enum {
	PIDS_MAX = 16,
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
	const char *domain, *algorithm;
	const EVP_MD *md;
	EVP_MD_CTX *ctx;
	uint32_t users, window, next_user, run;
	char self[64];
	struct phone phones[WINDOW_MAX];
	uint64_t cycles, lost, refused;
	uint32_t *latency_us;
	size_t n_latencies;
	bool measuring;
};

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void hex_sum(struct bench *b, char out[65], const char *fmt, ...)
{
	unsigned char raw[EVP_MAX_MD_SIZE];
	char text[TEXT_MAX];
	unsigned n;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!EVP_DigestInit_ex(b->ctx, b->md, NULL) ||
	    !EVP_DigestUpdate(b->ctx, text, strlen(text)) ||
	    !EVP_DigestFinal_ex(b->ctx, raw, &n))
		abort();
	for (size_t i = 0; i < n; i++)
		(void)sprintf(out + 2 * i, "%02x", raw[i]);
}

static void authorization(struct bench *b, const struct phone *p,
                          const char *nonce, char *out, size_t size)
{
	char ha1[65], ha2[65], response[65];

	hex_sum(b, ha1, "a%u:%s:Bench-password-a%u", p->user, b->domain,
	        p->user);
	hex_sum(b, ha2, "REGISTER:sip:%s", b->domain);
	hex_sum(b, response, "%s:%s:00000001:c0ffee:auth:%s", ha1, nonce, ha2);
	(void)snprintf(out, size,
	               "Authorization: Digest username=\"a%u\", realm=\"%s\", "
	               "nonce=\"%s\", uri=\"sip:%s\", response=\"%s\", "
	               "algorithm=%s, qop=auth, nc=00000001, "
	               "cnonce=\"c0ffee\"\r\n",
	               p->user, b->domain, nonce, b->domain, response,
	               b->algorithm);
}

static void send_register(struct bench *b, struct phone *p, const char *nonce)
{
	uint32_t i = (uint32_t)(p - b->phones);
	char auth[TEXT_MAX] = "", text[2 * TEXT_MAX];
	int n;

	if (nonce)
		authorization(b, p, nonce, auth, sizeof(auth));
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
	p->signing = nonce != NULL;
	p->sent_us = now_us();
	(void)send(b->fd, text, (size_t)n, 0);
}

static void begin_cycle(struct bench *b, struct phone *p)
{
	p->user = b->next_user;
	b->next_user = (b->next_user + 1) % b->users;
	p->began_us = now_us();
	send_register(b, p, NULL);
}

/* The nonce of the challenge with our algorithm. */
static bool find_nonce(const struct bench *b, const char *text, char *out,
                       size_t size)
{
	char want[32];
	const char *at = text, *end;

	(void)snprintf(want, sizeof(want), "algorithm=%s,", b->algorithm);
	while ((at = strstr(at, "\r\nWWW-Authenticate:"))) {
		at += 2;
		end = strstr(at, "\r\n");
		const char *alg = strstr(at, want);
		const char *nonce = strstr(at, "nonce=\"");

		if (!end || !alg || alg > end || !nonce || nonce > end)
			continue;
		nonce += 7;
		(void)snprintf(out, size, "%.*s", (int)strcspn(nonce, "\""),
		               nonce);
		return true;
	}
	return false;
}

static void end_cycle(struct bench *b, struct phone *p)
{
	if (b->measuring) {
		b->cycles++;
		if (b->n_latencies < LATENCIES_MAX)
			b->latency_us[b->n_latencies++] =
				(uint32_t)(now_us() - p->began_us);
	}
	begin_cycle(b, p);
}

static void on_answer(struct bench *b, char *text)
{
	const char *call_id = strstr(text, "\r\nCall-ID: ");
	const char *cseq = strstr(text, "\r\nCSeq: ");
	char nonce[128];
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
	if (strncmp(text, "SIP/2.0 401", 11) == 0 && !p->signing &&
	    find_nonce(b, text, nonce, sizeof(nonce))) {
		send_register(b, p, nonce);
	} else if (strncmp(text, "SIP/2.0 200", 11) == 0) {
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

	while (now_us() < until_us) {
		struct pollfd pfd = {b->fd, POLLIN, 0};

		(void)poll(&pfd, 1, 20);
		while ((n = recv(b->fd, text, sizeof(text) - 1, MSG_DONTWAIT)) >
		       0) {
			text[n] = '\0';
			on_answer(b, text);
		}
		for (uint32_t i = 0; i < b->window; i++) {
			struct phone *p = &b->phones[i];

			if (now_us() - p->sent_us < LOST_US)
				continue;
			b->lost++;
			begin_cycle(b, p);
		}
	}
}

static double cpu_of(const char *pid)
{
	char path[64], text[1024], *at;
	unsigned long user = 0, system = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	f = fopen(path, "r");
	if (!f)
		return 0;
	at = fgets(text, sizeof(text), f) ? strrchr(text, ')') : NULL;
	(void)fclose(f);
	for (int i = 0; at && i < 12; i++)
		at = strchr(at + 1, ' ');
	if (at) {
		user = strtoul(at, &at, 10);
		system = strtoul(at, NULL, 10);
	}
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void report(struct bench *b, double seconds)
{
	size_t n = b->n_latencies;

	qsort(b->latency_us, n, sizeof(b->latency_us[0]), by_value);
	printf("cycles_per_second=%.0f lost=%llu refused=%llu",
	       (double)b->cycles / seconds, (unsigned long long)b->lost,
	       (unsigned long long)b->refused);
	if (n > 0)
		printf(" p50_us=%u p99_us=%u max_us=%u", b->latency_us[n / 2],
		       b->latency_us[n - 1 - n / 100], b->latency_us[n - 1]);
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
	bool sha256 = getenv("TRESTLE_BENCH_SHA256") != NULL;

	b->domain = argv[3];
	b->users = (uint32_t)strtoul(argv[4], NULL, 10);
	b->window = (uint32_t)strtoul(argv[5], NULL, 10);
	if (b->users == 0 || b->window == 0 || b->window > WINDOW_MAX ||
	    b->window > b->users) {
		fprintf(stderr, "WINDOW is 1 to %d, and at most USERS\n",
		        WINDOW_MAX);
		exit(1);
	}
	b->algorithm = sha256 ? "SHA-256" : "MD5";
	b->md = sha256 ? EVP_sha256() : EVP_md5();
	b->ctx = EVP_MD_CTX_new();
	b->latency_us = calloc(LATENCIES_MAX, sizeof(b->latency_us[0]));
	if (!b->ctx || !b->latency_us)
		exit(1);
	b->run = (uint32_t)now_us();
	open_socket(b, argv[1], argv[2]);
}

int main(int argc, char **argv)
{
	static struct bench b;
	double cpu[PIDS_MAX] = {0}, seconds;

	if (argc < 7 || argc - 7 > PIDS_MAX) {
		printf("registrar__register: needs a running registrar: "
		       "ADDRESS PORT DOMAIN USERS WINDOW SECONDS [PID...]\n");
		return 0;
	}
	prepare(&b, argv);
	seconds = strtod(argv[6], NULL);
	for (uint32_t i = 0; i < b.window; i++)
		begin_cycle(&b, &b.phones[i]);
	run(&b, now_us() + 1000000); /* until its caches are warm */
	b.lost = 0;
	b.measuring = true;
	for (int i = 7; i < argc; i++)
		cpu[i - 7] = cpu_of(argv[i]);
	run(&b, now_us() + (uint64_t)(seconds * 1e6));
	report(&b, seconds);
	for (int i = 7; i < argc; i++)
		printf(" cpu_us_of_%s=%.1f", argv[i],
		       (cpu_of(argv[i]) - cpu[i - 7]) * 1e6 /
		               (double)(b.cycles ? b.cycles : 1));
	printf("\n");
	EVP_MD_CTX_free(b.ctx);
	free(b.latency_us);
	(void)close(b.fd);
	return b.cycles > 0 && b.refused == 0 ? 0 : 1;
}

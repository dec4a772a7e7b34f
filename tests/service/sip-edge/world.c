/*
 * world.c - an edge, and a registrar and two controllers that are the test
 */
#include "world.h"

#include <signal.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/stat.h>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/log.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "unit/test.h"

static const struct log quiet;

static struct sockaddr_in name_of(const char *text)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};
	const char *colon = strchr(text, ':');
	char ip[32];

	(void)snprintf(ip, sizeof(ip), "%.*s", (int)(colon - text), text);
	assert_int_equal(1, inet_pton(AF_INET, ip, &sa.sin_addr));
	sa.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
	return sa;
}

uint16_t world_port(int fd)
{
	struct sockaddr_in sa;
	socklen_t len = sizeof(sa);

	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&sa, &len));
	return ntohs(sa.sin_port);
}

int world_udp(void)
{
	struct sockaddr_in sa = name_of("127.0.0.1:0");
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(0, bind(fd, (struct sockaddr *)&sa, sizeof(sa)));
	return fd;
}

int world_tcp(struct world *w, uint16_t port)
{
	struct sockaddr_in sa = name_of("127.0.0.1:0");
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	(void)w;
	sa.sin_port = htons(port);
	assert_int_equal(0, connect(fd, (struct sockaddr *)&sa, sizeof(sa)));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

SSL *world_tls(struct world *w)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl = SSL_new(ctx);

	SSL_CTX_free(ctx);
	assert_int_equal(1, SSL_set_fd(ssl, world_tcp(w, w->sips_port)));
	assert_int_equal(1, SSL_connect(ssl));
	return ssl;
}

void world_tls_free(SSL *ssl)
{
	int fd = SSL_get_fd(ssl);

	SSL_free(ssl);
	close(fd);
}

/* Printf with CRLF for \n. @return length */
static size_t print(char *out, size_t size, const char *fmt, va_list ap)
{
	static char plain[WORLD_TEXT];
	size_t n = 0;
	int len = vsnprintf(plain, sizeof(plain), fmt, ap);

	assert_true(len >= 0 && (size_t)len < sizeof(plain));
	for (int i = 0; i < len; i++) {
		assert_true(n + 2 < size);
		if (plain[i] == '\n')
			out[n++] = '\r';
		out[n++] = plain[i];
	}
	return n;
}

static char said[WORLD_TEXT * 2];

void world_send(int fd, const char *to, const char *text, size_t n)
{
	struct sockaddr_in sa = name_of(to);

	assert_int_equal(
		n, sendto(fd, text, n, 0, (struct sockaddr *)&sa, sizeof(sa)));
}

void world_say(int fd, const char *to, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = print(said, sizeof(said), fmt, ap);
	va_end(ap);
	world_send(fd, to, said, n);
}

void world_write(int fd, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = print(said, sizeof(said), fmt, ap);
	va_end(ap);
	assert_int_equal(n, send(fd, said, n, MSG_NOSIGNAL));
}

static bool readable(void *arg)
{
	struct pollfd p = {.fd = *(int *)arg, .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

static ssize_t receive(struct world *w, int fd)
{
	struct sockaddr_in sa = {.sin_port = 0};
	socklen_t len = sizeof(sa);
	char ip[INET_ADDRSTRLEN];
	ssize_t n = recvfrom(fd, w->text, sizeof(w->text) - 1, 0,
	                     (struct sockaddr *)&sa, &len);

	w->text[n > 0 ? n : 0] = '\0';
	(void)snprintf(w->from, sizeof(w->from), "%s:%u",
	               inet_ntop(AF_INET, &sa.sin_addr, ip, sizeof(ip)),
	               ntohs(sa.sin_port));
	return n;
}

bool world_waits(struct world *w, int fd)
{
	return run_until(w->loop, readable, &fd, WORLD_WAIT_MS);
}

bool world_hears(struct world *w, int fd, uint32_t ms)
{
	w->text[0] = '\0';
	return run_until(w->loop, readable, &fd, ms) && receive(w, fd) > 0;
}

void world_hear(struct world *w, int fd, const char *start)
{
	if (!world_hears(w, fd, WORLD_WAIT_MS))
		fail_msg("nothing came, wanted %s", start);
	if (strncmp(w->text, start, strlen(start)) != 0)
		fail_msg("wanted %s, came %s", start, w->text);
}

void world_silent(struct world *w, int fd, uint32_t ms)
{
	if (world_hears(w, fd, ms))
		fail_msg("wanted nothing, came %s", w->text);
}

void world_closed(struct world *w, int fd, uint32_t ms)
{
	uint64_t end = loop_now_ms() + ms;

	while (loop_now_ms() < end) {
		if (run_until(w->loop, readable, &fd, ms) &&
		    receive(w, fd) <= 0)
			return;
	}
	fail_msg("the connection is still open");
}

void world_has(struct world *w, const char *part)
{
	if (!strstr(w->text, part))
		fail_msg("no %s in %s", part, w->text);
}

void world_lacks(struct world *w, const char *part)
{
	if (strstr(w->text, part))
		fail_msg("%s in %s", part, w->text);
}

const char *world_header(struct world *w, const char *name, int n,
                         char out[1024])
{
	size_t len = strlen(name);

	out[0] = '\0';
	for (const char *line = strstr(w->text, "\r\n"); line;
	     line = strstr(line + 2, "\r\n")) {
		if (strncasecmp(line + 2, name, len) != 0 ||
		    line[2 + len] != ':' || n-- > 0)
			continue;
		(void)snprintf(out, 1024, "%.*s",
		               (int)strcspn(line + 4 + len, "\r"),
		               line + 4 + len);
		break;
	}
	return out;
}

static size_t copy_headers(struct world *w, const char *name, char *out,
                           size_t size)
{
	char value[1024];
	size_t n = 0;

	for (int i = 0; *world_header(w, name, i, value); i++)
		n += (size_t)snprintf(out + n, size - n, "%s: %s\n", name,
		                      value);
	return n;
}

void world_answer(struct world *w, int fd, const char *status, const char *more)
{
	static const char *const names[] = {"Via", "Record-Route", "From",
	                                    "To",  "Call-ID",      "CSeq"};
	char head[8192];
	size_t n = 0;

	for (size_t i = 0; i < N_OF(names); i++)
		n += copy_headers(w, names[i], head + n, sizeof(head) - n);
	world_say(fd, w->from, "SIP/2.0 %s\n%s%sContent-Length: 0\n\n", status,
	          head, more);
}

const char *world_edge(const struct world *w)
{
	static char text[32];

	(void)snprintf(text, sizeof(text), "127.0.0.1:%u", w->port);
	return text;
}

const char *world_inside(const struct world *w)
{
	static char text[32];

	(void)snprintf(text, sizeof(text), "127.0.0.1:%u", w->internal);
	return text;
}

/* --- processes ----------------------------------------------------------- */

static void certify(struct world *w)
{
	X509 *x = X509_new();
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_NAME *name = X509_get_subject_name(x);
	char path[128];
	FILE *f;

	(void)snprintf(w->certificates, sizeof(w->certificates),
	               "/tmp/edge-test-XXXXXX");
	assert_non_null(mkdtemp(w->certificates));
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -60);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	                           (const unsigned char *)"localhost", -1, -1,
	                           0);
	X509_set_issuer_name(x, name);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	(void)snprintf(path, sizeof(path), "%s/agent.pem", w->certificates);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(1, PEM_write_X509(f, x));
	assert_int_equal(
		1, PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL));
	fclose(f);
	EVP_PKEY_free(key);
	X509_free(x);
}

static uint16_t free_udp_port(void)
{
	int fd = world_udp();
	uint16_t port = world_port(fd);

	close(fd);
	return port;
}

static void start_edge(struct world *w)
{
	const char *env[WORLD_SETTINGS + 1] = {NULL};

	for (size_t i = 0; i < WORLD_SETTINGS && w->settings[i][0]; i++)
		env[i] = w->settings[i];
	w->edge = process_start(TRESTLE_BIN "/trestle-sip-edge", env);
	wait_healthy(w->http_port);
}

__attribute__((format(printf, 2, 3))) static void set(struct world *w,
                                                      const char *fmt, ...)
{
	size_t i = 0;
	va_list ap;

	while (w->settings[i][0])
		i++;
	assert_true(i < WORLD_SETTINGS);
	va_start(ap, fmt);
	(void)vsnprintf(w->settings[i], sizeof(w->settings[i]), fmt, ap);
	va_end(ap);
}

static void settings(struct world *w, const char *const *more)
{
	w->port = free_port();
	w->sips_port = free_port();
	w->http_port = free_port();
	w->internal = free_udp_port();
	set(w, "TRESTLE_REDIS=%s", w->redis.url);
	set(w, "TRESTLE_INSTANCE=edge-1");
	set(w, "TRESTLE_ADDRESS=127.0.0.1");
	set(w, "TRESTLE_HTTP_PORT=%u", w->http_port);
	set(w, "TRESTLE_SIP_ADDRESS=127.0.0.1");
	set(w, "TRESTLE_SIP_PORT=%u", w->port);
	set(w, "TRESTLE_SIPS_PORT=%u", w->sips_port);
	set(w, "TRESTLE_EDGE_PORT=%u", w->internal);
	set(w, "TRESTLE_TLS_CERTIFICATES=%s", w->certificates);
	set(w, "TRESTLE_LOG=error");
	set(w, "TRESTLE_SIP_ANSWER_RATE=100000");
	set(w, "TRESTLE_SIP_RATE=100000");
	for (; more && *more; more++)
		set(w, "%s", *more);
}

static bool is_up(void *arg)
{
	return redis_up(((struct world *)arg)->conn);
}

static void announce(struct world *w, int service)
{
	static const char *const names[] = {"registrar", "call-controller",
	                                    "call-controller"};
	static const char *const none[] = {NULL};
	struct bus_config cfg = {
		.loop = w->loop,
		.redis = w->conn,
		.log = &quiet,
		.service = names[service],
		.instance = w->services[service].name,
		.address = "127.0.0.1",
		.sip = w->services[service].sip,
		.http = "",
		.wants = none,
	};

	w->services[service].fd = world_udp();
	(void)snprintf(w->services[service].name, 32, "%s-%d", names[service],
	               service);
	(void)snprintf(w->services[service].sip, 32, "127.0.0.1:%u",
	               world_port(w->services[service].fd));
	assert_int_equal(0, bus_alloc(&w->services[service].bus, &cfg));
}

void world_silence(struct world *w, int service)
{
	bus_free(w->services[service].bus);
	w->services[service].bus = NULL;
}

/* One request of many Call-IDs until one reaches this service */
static void reach(struct world *w, int service, int phone)
{
	for (int i = 0; i < 200; i++) {
		world_say(phone, world_edge(w),
		          "%s sip:localhost SIP/2.0\n"
		          "Via: SIP/2.0/UDP x;branch=z9hG4bKs%d\n"
		          "From: <sip:a@b>;tag=1\nTo: <sip:a@b>\n"
		          "Call-ID: settle-%d\nCSeq: 1 %s\n\n",
		          service == REGISTRAR ? "REGISTER" : "CANCEL", i, i,
		          service == REGISTRAR ? "REGISTER" : "CANCEL");
		if (world_hears(w, w->services[service].fd, 50))
			return;
	}
	fail_msg("the edge does not know %s", w->services[service].name);
}

static void flush(struct world *w, int fd)
{
	while (world_hears(w, fd, 60))
		;
}

void world_settle(struct world *w)
{
	int phone = world_udp();

	for (int i = 0; i < SERVICES; i++) {
		if (w->services[i].bus)
			reach(w, i, phone);
	}
	for (int i = 0; i < SERVICES; i++)
		flush(w, w->services[i].fd);
	close(phone);
}

void world_restart_edge(struct world *w)
{
	(void)process_stop(w->edge, SIGKILL);
	start_edge(w);
	world_settle(w);
}

void world_count(struct world *w, const char *metric, double least)
{
	static char page[256 * 1024];
	uint64_t end = loop_now_ms() + WORLD_WAIT_MS;
	double value = -1;

	while (value < least && loop_now_ms() < end) {
		const char *at;

		assert_int_equal(200, http_get(w->http_port, "/metrics", page,
		                               sizeof(page)));
		at = strstr(page, metric);
		value = at ? strtod(at + strlen(metric), NULL) : -1;
	}
	if (value < least)
		fail_msg("%s is %g, not %g", metric, value, least);
}

void world_open(struct world *w, const char *const *more)
{
	memset(w, 0, sizeof(*w));
	log_set_level(LOG_ERROR);
	redis_server_start(&w->redis, 0);
	certify(w);
	settings(w, more);
	assert_int_equal(0, loop_alloc(&w->loop));
	assert_int_equal(0,
	                 redis_alloc(&w->conn, w->loop, &quiet, w->redis.url));
	assert_true(run_until(w->loop, is_up, w, 5000));
	for (int i = 0; i < SERVICES; i++)
		announce(w, i);
	start_edge(w);
	world_settle(w);
}

void world_close(struct world *w)
{
	char path[128];

	if (w->edge > 0)
		(void)process_stop(w->edge, SIGKILL);
	for (int i = 0; i < SERVICES; i++) {
		bus_free(w->services[i].bus);
		close(w->services[i].fd);
	}
	redis_free(w->conn);
	loop_free(w->loop);
	redis_server_stop(&w->redis);
	(void)snprintf(path, sizeof(path), "%s/agent.pem", w->certificates);
	(void)unlink(path);
	(void)rmdir(w->certificates);
}

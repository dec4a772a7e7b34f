/*
 * world.c - an edge, and a registrar and two controllers that are the test
 */
#include "world.h"

#include <signal.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/log.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "unit/test.h"

static const struct log quiet;

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

/* It is once it has met the services that we are. */
static bool is_well(void *arg)
{
	return http_get(((struct world *)arg)->http_port, "/healthz", NULL,
	                0) == 200;
}

static void start_edge(struct world *w)
{
	const char *env[WORLD_SETTINGS + 1] = {NULL};

	for (size_t i = 0; i < WORLD_SETTINGS && w->settings[i][0]; i++)
		env[i] = w->settings[i];
	w->edge = process_start(TRESTLE_BIN "/trestle-sip-edge", env);
	if (!run_until(w->loop, is_well, w, 10000))
		fail_msg("the edge is not well");
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

void world_return(struct world *w, int service)
{
	close(w->services[service].fd);
	announce(w, service);
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

/* Until requests reach the registrar and both controllers. */
static void settle(struct world *w)
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
	settle(w);
}

void world_count(struct world *w, const char *metric, double least)
{
	uint64_t end = loop_now_ms() + WORLD_WAIT_MS;
	double value;

	do {
		value = metric_sum(w->http_port, metric);
	} while (value < least && loop_now_ms() < end);
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
	settle(w);
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

/*
 * app.c - the edge: its sockets and how what comes in reaches the step
 *
 * The sockets open when Redis has told the installation's secret: without it a
 * token could be neither made nor read.
 */
#include "app.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/rand.h>

#include "adapters/tls.h"
#include "base/log.h"
#include "base/service.h"
#include "core/framing.h"
#include "loop/loop.h"
#include "step.h"
#include "store/secret.h"
#include "store/tenants.h"

_Static_assert((int)SECRET_SIZE == (int)TOKEN_SECRET, "the key of tokens");

enum { QUIET_MS = 1000 }; /* without a message: drained */

static void on_public(void *arg, struct udp *udp, const struct address *from,
                      struct slice datagram)
{
	struct app *app = arg;
	struct flow flow = {.transport = TRANSPORT_UDP, .peer = *from};

	if (framing_keepalive(datagram.p, datagram.n)) {
		stats_dropped(app->stats, DROP_KEEPALIVE, from);
		return;
	}
	while (app->public[flow.socket] != udp)
		flow.socket++;
	app->waited_ms = udp_waited(udp);
	app->waited_at = loop_now_ms();
	stats_lag(app->stats, app->waited_ms);
	step_outside(app, &flow, datagram);
}

static void on_internal(void *arg, struct udp *udp, const struct address *from,
                        struct slice datagram)
{
	struct flow flow = {
		.transport = TRANSPORT_UDP, .internal = true, .peer = *from};

	(void)udp;
	step_inside(arg, &flow, datagram);
}

static void on_message(void *arg, const struct flow *flow, struct slice text)
{
	step_outside(arg, flow, text);
}

static void on_bad(void *arg, const struct flow *flow, struct slice text)
{
	step_bad(arg, flow, text);
}

static void on_undelivered(void *arg, const struct flow *flow,
                           struct slice text)
{
	step_undelivered(arg, flow, text);
}

static bool on_accept(void *arg, const struct address *peer)
{
	struct app *app = arg;

	stats_connections(app->stats, streams_count(app->streams) + 1);
	if (limiter_banned(app->limiter, peer, loop_now_ms()))
		return false;
	return limiter_connect(app->limiter, peer, loop_now_ms());
}

static void on_release(void *arg, const struct address *peer)
{
	struct app *app = arg;

	limiter_disconnect(app->limiter, peer);
}

static void on_ended(void *arg, enum streams_end why)
{
	struct app *app = arg;

	stats_ended(app->stats, why);
	stats_connections(app->stats, streams_count(app->streams));
}

static bool on_held(void *arg, const struct flow *from, struct slice text,
                    bool late)
{
	return step_held(arg, from, text, late);
}

static const struct streams_handlers handlers = {
	.message = on_message,
	.bad = on_bad,
	.undelivered = on_undelivered,
	.accept = on_accept,
	.release = on_release,
	.ended = on_ended,
};

static int open_public(struct app *app, const struct address *ip)
{
	struct address local = *ip;
	char text[ADDRESS_TEXT_SIZE];
	int err;

	local.port = (uint16_t)app->conf->port;
	err = udp_alloc(&app->public[app->n_public], app -> loop, &local,
	                on_public, app);
	if (!err) {
		app->n_public++;
		err = streams_listen(app->streams, &local, TRANSPORT_TCP);
	}
	if (!err && app->tls) {
		local.port = (uint16_t)app->conf->sips_port;
		err = streams_listen(app->streams, &local, TRANSPORT_TLS);
	}
	if (err)
		log_error(app->log,
		          "cannot listen on %s (%s): change "
		          "TRESTLE_SIP_ADDRESS, TRESTLE_SIP_PORT or "
		          "TRESTLE_SIPS_PORT",
		          address_print(&local, text), strerror(err));
	return err;
}

static bool next_address(struct slice *rest, struct address *ip)
{
	size_t n = 0;
	struct slice one;

	*rest = slice_trim(*rest);
	while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != ',')
		n++;
	one = (struct slice){rest->p, n};
	*rest = slice_from(*rest, n < rest->n ? n + 1 : n);
	return address_parse_ip(ip, one);
}

static int open_publics(struct app *app)
{
	struct slice rest = slice_str(app->conf->address);

	while (rest.n > 0) {
		struct address ip;
		int err;

		if (app->n_public == APP_PUBLIC_MAX ||
		    !next_address(&rest, &ip)) {
			log_error(
				app->log,
				"TRESTLE_SIP_ADDRESS is not a list of at most "
				"%d IP addresses",
				APP_PUBLIC_MAX);
			return EINVAL;
		}
		err = open_public(app, &ip);
		if (err)
			return err;
	}
	return app->n_public > 0 ? 0 : EINVAL;
}

static int open_internal(struct app *app)
{
	struct address local;
	int err;

	if (!address_parse_ip(&local, slice_str(service_address(app->service))))
		return EINVAL;
	local.port = (uint16_t)app->conf->edge_port;
	err = udp_alloc(&app->internal, app->loop, &local, on_internal, app);
	if (err) {
		log_error(app->log,
		          "cannot open the internal socket (%s): "
		          "change TRESTLE_EDGE_PORT",
		          strerror(err));
		return err;
	}
	app->self.internal = *udp_local(app->internal);
	address_print(&app->self.internal, app->internal_text);
	return 0;
}

/* What others call us: the setting, else the first address that is one */
static void name_us(struct app *app)
{
	const struct address *first = udp_local(app->public[0]);
	static const uint8_t none[16];
	bool any = memcmp(first->ip + 12, none, 4) == 0;

	if (app->conf->advertise[0])
		(void)snprintf(app->advertise, sizeof(app->advertise), "%s",
		               app->conf->advertise);
	else
		address_print_ip(any ? &app->self.internal : first,
		                 app->advertise);
	app->self.advertise = slice_str(app->advertise);
}

static int open_all(struct app *app)
{
	int err = open_internal(app);

	if (!err)
		err = open_publics(app);
	if (err)
		return err;
	name_us(app);
	err = service_open(app->service, app->internal_text, NULL, NULL);
	if (!err)
		log_info(app->log, "ready sip=%s:%u tls=%s internal=%s",
		         app->advertise, app->conf->port,
		         app->tls ? "yes" : "no", app->internal_text);
	return err;
}

static void on_secret(void *arg)
{
	struct app *app = arg;

	if (token_key_alloc(&app->key, secret_bytes(app->secret)) != 0 ||
	    open_all(app) != 0)
		loop_stop(app->loop);
}

bool app_carrier(const struct app *app, const struct address *source)
{
	char text[ADDRESS_TEXT_SIZE];
	char *ip = text;

	address_print_ip(source, text);
	if (ip[0] == '[') { /* the configuration has no brackets */
		ip[strlen(ip) - 1] = '\0';
		ip++;
	}
	return tenants_carrier_by_source(app->tenants, ip) != NULL;
}

static const char *on_health(void *arg)
{
	const struct app *app = arg;

	return app->n_public > 0 ? NULL : "waiting for the secret in Redis";
}

/* Called while the process is asked to end: answers the rest of what is being
 * set up, takes nothing new. */
static bool drained(void *arg)
{
	struct app *app = arg;

	if (!app->self.draining) {
		app->self.draining = true;
		app->forwarded_at = loop_now_ms();
	}
	return held_empty(app->held) &&
	       loop_now_ms() - app->forwarded_at > QUIET_MS;
}

static uint16_t redis_port(void)
{
	const char *url = getenv("TRESTLE_REDIS");
	const char *colon = url ? strrchr(url, ':') : NULL;
	unsigned long port = colon ? strtoul(colon + 1, NULL, 10) : 0;

	return port > 0 && port < 65536 ? (uint16_t)port : 6379;
}

static int make_parts(struct app *app)
{
	const struct conf *conf = app->conf;
	struct limiter_config limits = {
		.rate = {[LIMITER_REQUEST] = conf->rate,
	                 [LIMITER_DIALOG] = conf->dialog_rate,
	                 [LIMITER_ANSWER] = conf->answer_rate},
		.connections = conf->connections,
	};
	struct streams_config streams = {
		.boot = app->boot,
		.message_ms = conf->message_seconds * 1000,
		.idle_ms = conf->idle_seconds * 1000,
	};
	int err = stats_alloc(&app->stats, service_metrics(app->service),
	                      app->log);

	if (!err)
		err = limiter_alloc(&app->limiter, &limits);
	if (!err)
		err = tenants_alloc(&app->tenants, app->loop,
		                    service_redis(app->service), app->log,
		                    service_instance(app->service));
	if (!err)
		err = sticky_alloc(&app->sticky);
	if (!err)
		err = outages_alloc(&app->outages);
	if (!err)
		err = held_alloc(&app->held, app->loop, on_held, app);
	if (!err)
		err = resolver_alloc(&app->resolver, app->loop, app->outages);
	if (!err && conf->certificates[0])
		err = tls_alloc(&app->tls, conf->certificates, app->log);
	if (!err)
		err = streams_alloc(&app->streams, app->loop, app->tls,
		                    &streams, &handlers, app);
	if (!err)
		err = secret_alloc(&app->secret, app->loop,
		                   service_redis(app->service), on_secret, app);
	return err;
}

int app_init(struct app *app, struct service *service, const struct conf *conf)
{
	int err;

	*app = (struct app){
		.service = service,
		.loop = service_loop(service),
		.log = service_log(service),
		.conf = conf,
		.redis_port = redis_port(),
	};
	if (RAND_bytes((unsigned char *)&app->boot, sizeof(app->boot)) != 1)
		return EIO;
	if (cidr_set_parse(&app->allow_private, conf->allow_private)) {
		log_error(app->log, "TRESTLE_SIP_ALLOW_PRIVATE is not a list "
		                    "of networks like 10.0.0.0/8");
		return EINVAL;
	}
	err = make_parts(app);
	if (err)
		return err;
	service_on_health(service, on_health, app);
	service_on_drain(service, drained, app);
	return 0;
}

void app_close(struct app *app)
{
	secret_free(app->secret);
	udp_free(app->internal);
	for (size_t i = 0; i < app->n_public; i++)
		udp_free(app->public[i]);
	streams_free(app->streams);
	tls_free(app->tls);
	resolver_free(app->resolver);
	held_free(app->held);
	outages_free(app->outages);
	sticky_free(app->sticky);
	tenants_free(app->tenants);
	limiter_free(app->limiter);
	token_key_free(app->key);
	stats_free(app->stats);
}

/*
 * ping.c - are the carriers there? OPTIONS to each of their targets, by one of
 * the controllers
 */
#include "ping.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NTA_OUTGOING_MAGIC_T struct one
#include <sofia-sip/nta.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_protos.h>

#include "app.h"
#include "base/metrics.h"
#include "base/service.h"
#include "base/strbuf.h"
#include "bus/bus.h"
#include "health.h"
#include "loop/loop.h"
#include "sip.h"
#include "store/redis.h"
#include "store/tenants.h"

enum { FIRST_MS = 1000 };
enum { TICK_MAX_MS = 5000 }; /* so old may be what another controller found */
enum { ANSWER_MS = 4000 };   /* copies after 0.5, 1.5 and 3.5 s */
enum { KEEP_MORE_S = 10 };   /* what is known outlives three missed pings */
enum { TEXT_MAX = 512 };     /* bytes of a From, To, Route */

/* One OPTIONS under way */
struct one {
	struct one *next, **prev;
	struct ping *ping;
	nta_leg_t *leg;
	nta_outgoing_t *orq;
	struct timer *timer;
	char uri[];
};

struct ping {
	struct app *app; /* borrowed */
	struct timer *timer;
	struct health *health;
	struct one *open;
	size_t n_open;
	struct metric *up, *down, *answered, *silent;
};

static uint32_t every_ms(const struct ping *p)
{
	return p->app->settings->carrier_ping * 1000;
}

static void one_free(struct one *o)
{
	*o->prev = o->next;
	if (o->next)
		o->next->prev = o->prev;
	o->ping->n_open--;
	nta_outgoing_destroy(o->orq);
	nta_leg_destroy(o->leg);
	timer_free(o->timer);
	free(o);
}

/* ---- what came of it ------------------------------------------------------- */

static void show(const struct ping *p)
{
	metric_set(p->up, (double)health_count(p->health, false));
	metric_set(p->down, (double)health_count(p->health, true));
}

static void write_health(struct ping *p, const char *uri)
{
	struct strbuf b = {0};

	health_print(p->health, uri, &b);
	if (b.len && !b.failed) {
		(void)redis_command(p->app->redis, NULL, NULL,
		                    "HSET carriers:health %s %s", uri,
		                    strbuf_str(&b));
		(void)redis_command(
			p->app->redis, NULL, NULL, "EXPIRE carriers:health %u",
			3 * p->app->settings->carrier_ping + KEEP_MORE_S);
	}
	strbuf_close(&b);
}

/* @p status 0: no answer */
static void settle(struct one *o, bool reached, unsigned status)
{
	struct ping *p = o->ping;
	bool lives = health_lives(reached, status);

	metric_add(lives ? p->answered : p->silent, 1);
	if (health_note(p->health, o->uri, lives, loop_wall_ms())) {
		if (lives)
			log_info(&p->app->log,
			         "carrier target %s answers again", o->uri);
		else
			log_warn(
				&p->app->log,
				"carrier target %s does not answer (%u): it is "
				"tried last",
				o->uri, status);
	}
	write_health(p, o->uri);
	show(p);
	one_free(o);
}

static int on_response(struct one *o, nta_outgoing_t *orq, const sip_t *sip)
{
	bool reached = false;

	(void)orq;
	if (sip->sip_status->st_status < 200)
		return 0;
	/* An edge says so of what comes from outside; else it is its own. */
	for (const sip_unknown_t *u = sip->sip_unknown; u; u = u->un_next)
		reached = reached ||
		          strcasecmp(u->un_name, "X-Trestle-Source") == 0;
	settle(o, reached, (unsigned)sip->sip_status->st_status);
	return 0;
}

static void on_silence(void *arg)
{
	settle(arg, false, 0);
}

/* ---- one ping --------------------------------------------------------------- */

static bool send_options(struct one *o, const struct carrier *c,
                         const char *edge)
{
	const struct app *app = o->ping->app;
	const char *host = c->host[0] ? c->host
	                   : app->settings->host[0]
	                           ? app->settings->host
	                           : service_address(app->service);
	char from[TEXT_MAX], to[TEXT_MAX], route[TEXT_MAX];

	(void)snprintf(from, sizeof(from), "<sip:%s>", host);
	(void)snprintf(to, sizeof(to), "<%s>", o->uri);
	(void)snprintf(route, sizeof(route), "<sip:%s;lr>", edge);
	o->leg = nta_leg_tcreate(sip_agent(app->sip), NULL, NULL,
	                         SIPTAG_FROM_STR(from), SIPTAG_TO_STR(to),
	                         TAG_END());
	if (!o->leg || !nta_leg_tag(o->leg, NULL))
		return false;
	o->orq = nta_outgoing_tcreate(
		o->leg, on_response, o, NULL, SIP_METHOD_OPTIONS,
		URL_STRING_MAKE(o->uri), SIPTAG_ROUTE_STR(route),
		SIPTAG_MAX_FORWARDS_STR("70"),
		SIPTAG_ACCEPT_STR("application/sdp"), TAG_END());
	return o->orq != NULL;
}

static bool is_open(const struct ping *p, const char *uri)
{
	for (const struct one *o = p->open; o; o = o->next)
		if (strcmp(o->uri, uri) == 0)
			return true;
	return false;
}

static void ping_one(struct ping *p, const struct carrier *c, const char *uri,
                     const char *edge)
{
	size_t n = strlen(uri) + 1;
	uint32_t wait = every_ms(p) < ANSWER_MS ? every_ms(p) : ANSWER_MS;
	struct one *o;

	/* Carriers may share a target. */
	if (p->n_open >= PING_OPEN_MAX || n > TEXT_MAX / 2 || is_open(p, uri))
		return;
	o = calloc(1, sizeof(*o) + n);
	if (!o)
		return;
	o->ping = p;
	memcpy(o->uri, uri, n);
	o->next = p->open;
	o->prev = &p->open;
	if (o->next)
		o->next->prev = &o->next;
	p->open = o;
	p->n_open++;
	if (timer_alloc(&o->timer, p->app->loop, on_silence, o) ||
	    !send_options(o, c, edge))
		one_free(o);
	else
		timer_start(o->timer, wait);
}

static void ping_all(struct ping *p)
{
	const struct carrier *c;
	const struct peer *edge;

	for (size_t i = 0; (c = tenants_carrier_nth(p->app->tenants, i)); i++)
		for (size_t k = 0; k < c->n_targets; k++) {
			const char *uri = c->targets[k].uri;

			edge = peers_pick(bus_peers(p->app->bus), "sip-edge",
			                  uri);
			if (edge && edge->sip[0])
				ping_one(p, c, uri, edge->sip);
		}
}

/* ---- whose turn is it, and what do all know? ---------------------------------- */

static void on_turn(void *arg, int err, const redisReply *reply)
{
	/* nil: another controller has it */
	if (!err && reply->type == REDIS_REPLY_STATUS)
		ping_all(arg);
}

static bool is_configured(const struct tenants *t, const char *uri)
{
	const struct carrier *c;

	for (size_t i = 0; (c = tenants_carrier_nth(t, i)); i++)
		for (size_t k = 0; k < c->n_targets; k++)
			if (strcmp(c->targets[k].uri, uri) == 0)
				return true;
	return false;
}

static void on_health(void *arg, int err, const redisReply *reply)
{
	struct ping *p = arg;

	if (err || reply->type != REDIS_REPLY_ARRAY)
		return;
	health_begin(p->health);
	for (size_t i = 0; i + 1 < reply->elements; i += 2) {
		const char *uri = reply->element[i]->str;

		if (is_configured(p->app->tenants, uri))
			health_read(p->health, uri, reply->element[i + 1]->str);
		else
			(void)redis_command(p->app->redis, NULL, NULL,
			                    "HDEL carriers:health %s", uri);
	}
	health_end(p->health);
	show(p);
}

static void tick(void *arg)
{
	struct ping *p = arg;
	struct app *app = p->app;
	uint32_t wait = every_ms(p) / 4;

	if (tenants_ready(app->tenants) &&
	    tenants_carrier_nth(app->tenants, 0) && !app->draining) {
		(void)redis_command(app->redis, on_health, p,
		                    "HGETALL carriers:health");
		if (peers_alive(bus_peers(app->bus), "sip-edge"))
			(void)redis_command(app->redis, on_turn, p,
			                    "SET carriers:pinger %s NX PX %u",
			                    service_instance(app->service),
			                    every_ms(p) - every_ms(p) / 8);
	}
	timer_start(p->timer, wait > TICK_MAX_MS ? TICK_MAX_MS : wait);
}

/* ---- begin and end ------------------------------------------------------------ */

static void register_metrics(struct ping *p)
{
	struct metrics *m = service_metrics(p->app->service);
	const char *targets = "Targets of carriers, by whether they answer";
	const char *pings = "OPTIONS to targets of carriers";

	p->up = metrics_gauge(m, "trestle_carrier_targets", "state=\"up\"",
	                      targets);
	p->down = metrics_gauge(m, "trestle_carrier_targets", "state=\"down\"",
	                        targets);
	p->answered = metrics_counter(m, "trestle_carrier_pings_total",
	                              "result=\"answered\"", pings);
	p->silent = metrics_counter(m, "trestle_carrier_pings_total",
	                            "result=\"silent\"", pings);
}

int ping_alloc(struct ping **pp, struct app *app)
{
	struct ping *p = calloc(1, sizeof(*p));
	int err = ENOMEM;

	if (!p)
		goto out;
	p->app = app;
	err = health_alloc(&p->health);
	if (!err)
		err = timer_alloc(&p->timer, app->loop, tick, p);
	if (err)
		goto out;
	register_metrics(p);
	if (app->settings->carrier_ping)
		timer_start(p->timer, FIRST_MS);
out:
	if (err)
		ping_free(p);
	else
		*pp = p;
	return err;
}

void ping_free(struct ping *p)
{
	struct one *next;

	if (!p)
		return;
	redis_cancel(p->app->redis, p);
	for (struct one *o = p->open; o; o = next) {
		next = o->next;
		one_free(o);
	}
	timer_free(p->timer);
	health_free(p->health);
	free(p);
}

bool ping_is_down(const struct ping *p, const char *uri)
{
	return p && health_is_down(p->health, uri);
}

/*
 * app.c - the relay's main thread: set up, events of the plane, what is due
 */
#include "app.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapters/clips.h"
#include "adapters/control.h"
#include "adapters/gauges.h"
#include "adapters/outbox.h"
#include "adapters/sockets.h"
#include "adapters/store.h"
#include "adapters/takes.h"
#include "app_recordings.h"
#include "app_session.h"
#include "base/service.h"
#include "loop/loop.h"

enum { TICK_MS = 1000 };

static const char service_controller[] = "call-controller";

struct app_session *app_find(const struct app *app, const char *id)
{
	struct hash_entry *h = hash_find(&app->sessions, id);

	return h ? hash_object(h, struct app_session, hash) : NULL;
}

/* --- events of the plane --------------------------------------------------- */

static void take_figures(struct app_session *as, const struct plane_event *ev)
{
	for (size_t i = 0; i < ev->n; i++) {
		const struct plane_snapshot *snap = &ev->snapshots[i];
		struct session_leg *leg = session_find_id(as->state, snap->leg);

		if (!leg)
			continue;
		leg->now = snap->figures;
		leg->memory = snap->memory;
		leg->place_at_ms = loop_wall_ms();
		if (!snap->closed)
			continue;
		leg->closed = true;
		ports_give(as->app->ports, leg->port, loop_now_ms());
	}
	if (ev->heard_ms > as->heard_ms)
		as->heard_ms = ev->heard_ms;
}

static void note(struct app_session *as, enum session_event_type type,
                 const struct plane_fact *fact)
{
	struct session_leg *leg = session_find_id(as->state, fact->leg);
	struct session_event *ev;

	if (!leg || leg->closed)
		return;
	if (type == SESSION_PLAYED && fact->play_id == leg->spec.play_id)
		leg->played = true;
	ev = session_note(as->state, type, leg->spec.name);
	ev->digit = fact->key.digit;
	ev->duration_ms = fact->key.duration_ms;
	ev->play_id = fact->play_id;
	ev->play = fact->play;
	ev->error = fact->error;
	(void)snprintf(ev->why, sizeof(ev->why), "%s", fact->why);
	outbox_send(as);
}

static void on_event(void *arg, const struct plane_event *ev)
{
	struct app_session *as = ev->owner;

	(void)arg;
	take_figures(as, ev);
	switch (ev->fact.type) {
	case PLANE_FIGURES: break;
	case PLANE_KEY:
		/* which key it was is the caller's secret */
		log_info(&as->log_session, "key pressed on leg %u",
		         ev->fact.leg);
		note(as, SESSION_DIGIT, &ev->fact);
		break;
	case PLANE_SILENT:
		log_info(&as->log_session, "no media on leg %u", ev->fact.leg);
		note(as, SESSION_TIMEOUT, &ev->fact);
		break;
	case PLANE_PLAYED: note(as, SESSION_PLAYED, &ev->fact); break;
	case PLANE_UNPLAYED: note(as, SESSION_UNPLAYED, &ev->fact); break;
	case PLANE_RECORDS: app_recordings_begun(as, ev->fact.file); return;
	case PLANE_MACHINE:
		log_info(&as->log_session, "leg %u is: %s", ev->fact.leg,
		         ev->fact.why);
		note(as, SESSION_MACHINE, &ev->fact);
		break;
	case PLANE_HEARD: app_listen_heard(as, ev); return;
	case PLANE_RELEASED: app_session_released(as); return;
	}
	store_write(as);
}

/* --- what is due ----------------------------------------------------------- */

static bool controller_alive(const struct app_session *as)
{
	struct bus *bus = service_bus(as->app->service);
	const struct peer *p =
		bus ? peers_find(bus_peers(bus), service_controller,
	                         as->state->controller)
		    : NULL;

	return p && p->alive;
}

/* How long it is of use after its release */
static uint64_t keep_ms(const struct app_session *as)
{
	return as->state->n_events > 0 || app_recordings_pending(as)
	               ? APP_WORDS_MS
	               : APP_KEEP_MS;
}

static void look_at(struct app *app, struct app_session *as, uint64_t now)
{
	if (as->state->released) {
		if (now - as->released_at_ms < keep_ms(as))
			return;
		store_forget(app, as->state->id);
		app_session_free(as);
		return;
	}
	if (controller_alive(as))
		as->controller_ms = now;
	if (as->releasing || now - as->controller_ms < APP_ORPHAN_MS ||
	    now - as->heard_ms < app->conf->timeout_s * 1000ULL)
		return;
	log_warn(&as->log_session,
	         "released: no controller for %d s, and no media",
	         APP_ORPHAN_MS / 1000);
	as->releasing = plane_release(app->plane, as->plane) == 0;
}

static size_t open_sessions(const struct app *app)
{
	struct hash_iter it = hash_iter(&app->sessions);
	struct hash_entry *h;
	size_t n = 0;

	while ((h = hash_next(&it)))
		n += hash_object(h, struct app_session, hash)->plane != NULL;
	return n;
}

static void on_tick(void *arg)
{
	struct app *app = arg;
	struct hash_iter it = hash_iter(&app->sessions);
	struct hash_entry *h;
	uint64_t now = loop_now_ms();

	while ((h = hash_next(&it)))
		look_at(app, hash_object(h, struct app_session, hash), now);
	takes_sweep(app->takes);
	gauges_update(app);
	if (app->open)
		bus_set_load(service_bus(app->service),
		             (uint32_t)open_sessions(app), app->draining);
	timer_start(app->tick, TICK_MS);
}

static bool on_drain(void *arg)
{
	struct app *app = arg;

	app->draining = true;
	return open_sessions(app) == 0;
}

static const char *on_health(void *arg)
{
	struct app *app = arg;

	if (!app->open)
		return "sessions of the last run are not read yet: Redis?";
	if (ports_taken(app->ports) == ports_total(app->ports))
		return "all RTP ports are in use: widen TRESTLE_RTP_PORTS";
	return NULL;
}

/* Sessions of an earlier life are open: now others may find us. */
static void on_restored(void *arg)
{
	struct app *app = arg;

	if (app->open)
		return;
	app->open = service_open(app->service, "", control_request, app) == 0;
	app_recordings_restored(app);
	if (app->open)
		log_info(app->log, "serving; %zu sessions reopened",
		         open_sessions(app));
	else
		log_error(app->log, "the bus could not be opened");
}

/* --- set up ---------------------------------------------------------------- */

static bool parse_ports(struct address_policy *policy, const char *text)
{
	char *end;
	unsigned long min = strtoul(text, &end, 10);
	unsigned long max = *end == '-' ? strtoul(end + 1, &end, 10) : 0;

	policy->port_min = (uint16_t)min;
	policy->port_max = (uint16_t)max;
	return *end == '\0' && min <= max && max <= UINT16_MAX;
}

static bool parse_addresses(struct app *app, struct address_policy *policy)
{
	static const uint8_t any[16];
	const char *advertise = app->conf->advertise;
	bool everywhere;

	if (!address_parse(&app->bind, app->conf->address, 0))
		return false;
	everywhere = memcmp(app->bind.ip, any, sizeof(any)) == 0;
	policy->only_ip4 = app->bind.family == ADDRESS_IP4;
	if (advertise[0] == '\0')
		advertise = everywhere ? service_address(app->service)
		                       : app->conf->address;
	if (!address_parse(&policy->own[policy->n_own++], advertise, 0))
		return false;
	(void)snprintf(app->advertise, sizeof(app->advertise), "%s", advertise);
	/* A relay on one address has no sockets on the others. */
	if (everywhere)
		(void)sockets_own_addresses(policy);
	else
		policy->own[policy->n_own++] = app->bind;
	return true;
}

static const char *parse(struct app *app, struct address_policy *policy)
{
	if (!parse_addresses(app, policy))
		return "TRESTLE_RTP_ADDRESS and TRESTLE_RTP_ADVERTISE must be "
		       "IP addresses";
	if (!sockets_can_bind(&app->bind))
		return "TRESTLE_RTP_ADDRESS is no address of this machine; the "
		       "one that phones see is TRESTLE_RTP_ADVERTISE";
	if (!parse_ports(policy, app->conf->ports))
		return "TRESTLE_RTP_PORTS must be like 30000-39999";
	if (cidr_set_parse(&policy->allowed, app->conf->allow_private))
		return "TRESTLE_RTP_ALLOW_PRIVATE must be a list of networks "
		       "like 10.0.0.0/8";
	return NULL;
}

static unsigned worker_count(const struct app_conf *conf)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (conf->workers > 0)
		return conf->workers;
	if (cores < 1)
		return 1;
	return cores < PLANE_WORKERS_MAX ? (unsigned)cores : PLANE_WORKERS_MAX;
}

static int start_takes(struct app *app)
{
	const struct takes_config cfg = {
		.loop = app->loop,
		.service = app->service,
		.log = app->log,
		.size_max = (size_t)app->conf->cache_mb * 1024 * 1024,
	};

	return takes_alloc(&app->takes, &cfg);
}

static int start_plane(struct app *app, struct plane_config *cfg)
{
	cfg->loop = app->loop;
	cfg->writer = app->writer;
	cfg->workers = worker_count(app->conf);
	cfg->timeout_ms = app->conf->timeout_s * 1000;
	cfg->batch_us = app->conf->batch_us;
	cfg->inband_keys = app->conf->inband_keys;
	cfg->on_event = on_event;
	cfg->arg = app;
	return plane_alloc(&app->plane, cfg);
}

int app_init(struct app *app, struct service *service,
             const struct app_conf *conf)
{
	struct plane_config cfg = {0};
	const char *problem;
	int err;

	memset(app, 0, sizeof(*app));
	app->conf = conf;
	app->service = service;
	app->loop = service_loop(service);
	app->redis = service_redis(service);
	app->log = service_log(service);
	problem = parse(app, &cfg.policy);
	if (problem) {
		log_error(app->log, "%s", problem);
		return EINVAL;
	}
	err = ports_alloc(&app->ports, cfg.policy.port_min,
	                  cfg.policy.port_max);
	if (!err)
		err = hash_init(&app->sessions);
	if (!err)
		err = clips_alloc(&app->clips, conf->prompts);
	if (!err)
		err = start_takes(app);
	if (!err)
		err = app_recordings_init(app);
	if (!err)
		err = start_plane(app, &cfg);
	if (!err)
		err = gauges_alloc(&app->metrics, service_metrics(service));
	if (!err)
		err = timer_alloc(&app->tick, app->loop, on_tick, app);
	if (err) {
		log_error(app->log, "can not start: %s", strerror(err));
		return err;
	}
	service_on_drain(service, on_drain, app);
	service_on_health(service, on_health, app);
	store_restore(app, on_restored);
	timer_start(app->tick, TICK_MS);
	return 0;
}

void app_close(struct app *app)
{
	struct hash_iter it;
	struct hash_entry *h;

	store_close(app);
	timer_free(app->tick);
	plane_free(app->plane);
	if (app->sessions.slots) {
		it = hash_iter(&app->sessions);
		while ((h = hash_next(&it)))
			app_session_free(
				hash_object(h, struct app_session, hash));
		hash_close(&app->sessions);
	}
	app_recordings_close(app);
	gauges_free(app->metrics);
	takes_free(app->takes);
	clips_free(app->clips);
	ports_free(app->ports);
}

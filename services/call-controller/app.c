/*
 * app.c - the step: find the call, let the core decide, log, execute
 */
#include "app.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/adopt.h"
#include "adapters/alerts.h"
#include "adapters/ask.h"
#include "adapters/awake.h"
#include "adapters/control.h"
#include "adapters/detach.h"
#include "adapters/fetch.h"
#include "adapters/handover.h"
#include "adapters/lookup.h"
#include "adapters/media.h"
#include "adapters/ping.h"
#include "adapters/prune.h"
#include "adapters/simulate.h"
#include "adapters/sip.h"
#include "adapters/snapshot.h"
#include "adapters/store.h"
#include "adapters/timers.h"
#include "adapters/transcribe.h"
#include "adapters/uri.h"
#include "adapters/waiting.h"
#include "base/metrics.h"
#include "base/service.h"
#include "loop/loop.h"
#include "numbering/country.h"
#include "step_log.h"
#include "store/redis.h"
#include "store/sure.h"
#include "store/tenants.h"

struct posted {
	struct posted *next;
	char sid[SID_SIZE];
	struct event ev;
};

typedef void execute_h(struct app *app, struct owned *o,
                       const struct command *cmd);

static void end(struct app *app, struct owned *o, const struct command *cmd)
{
	(void)cmd;
	store_end(app, o);
	o->ended = true;
}

static execute_h *const execute[] = {
	[CMD_RESPOND] = sip_respond,           /* adapters/sip_uas.c    */
	[CMD_INVITE] = sip_invite,             /* adapters/sip_uac.c    */
	[CMD_ACK] = sip_ack,                   /* adapters/sip_dialog.c */
	[CMD_CANCEL] = sip_cancel,             /* adapters/sip_uac.c    */
	[CMD_BYE] = sip_bye,                   /* adapters/sip_dialog.c */
	[CMD_REINVITE] = sip_reinvite,         /* adapters/sip_dialog.c */
	[CMD_ANSWER] = sip_answer,             /* adapters/sip_uas.c    */
	[CMD_MEDIA] = media_put,               /* adapters/media.c      */
	[CMD_MEDIA_RELEASE] = media_release,   /* adapters/media.c      */
	[CMD_FETCH] = fetch_document,          /* adapters/fetch.c      */
	[CMD_NOTIFY] = fetch_notify,           /* adapters/fetch.c      */
	[CMD_TRANSCRIBE] = transcribe_ask,     /* adapters/transcribe.c */
	[CMD_TRANSCRIPTION] = transcribe_keep, /* adapters/transcribe.c */
	[CMD_RESOLVE] = lookup_resolve,        /* adapters/lookup.c     */
	[CMD_TIMER_START] = timers_start,      /* adapters/timers.c     */
	[CMD_TIMER_STOP] = timers_stop,        /* adapters/timers.c     */
	[CMD_ALERT] = alerts_write,            /* adapters/alerts.c     */
	[CMD_STATUS] = store_status,           /* adapters/store.c      */
	[CMD_REPLY] = control_reply,           /* adapters/control.c    */
	[CMD_DETACH] = detach_fetch,           /* adapters/detach.c     */
	[CMD_SAVE] = snapshot_save,            /* adapters/store.c      */
	[CMD_END] = end,
};

static void release(struct app *app, struct owned *o)
{
	hash_remove(&app->calls, &o->entry);
	snapshot_forget(app, o);
	sip_forget(o);
	timers_forget(o);
	media_forget(o);
	call_free(o->call);
	free(o->domain);
	free(o);
	metric_set(app->live, (double)app->calls.n);
	bus_set_load(app->bus, (uint32_t)app->calls.n, app->draining);
}

void app_step(struct app *app, const char *sid, struct event *ev)
{
	struct owned *o = app_find(app, sid);
	const char *before;

	assert(!app->stepping);
	if (!o) /* it ended while the event was under way: normal */
		return;

	app->stepping = true;
	metric_add(app->steps, 1);
	ev->now_ms = loop_wall_ms();
	before = call_state_name(o->call);
	call_step(o->call, ev, app->out);
	step_log(o, before, ev, app->out);
	for (size_t i = 0; i < app->out->n; i++)
		execute[app->out->v[i].type](app, o, &app->out->v[i]);
	if (o->ended)
		release(app, o);
	app->stepping = false;
}

struct event app_event(enum event_type type, unsigned leg)
{
	return (struct event){
		.type = type,
		.leg = leg,
		.url = "",
		.content_type = "",
		.body = "",
		.text = "",
		.child = "",
		.caller = "",
		.tag = "",
		.sid = "",
		.id = "",
	};
}

struct owned *app_find(struct app *app, const char *sid)
{
	struct hash_entry *e = hash_find(&app->calls, sid);

	return e ? hash_object(e, struct owned, entry) : NULL;
}

struct owned *app_add(struct app *app, struct call *call, const char *domain,
                      uint64_t epoch)
{
	struct owned *o = calloc(1, sizeof(*o));
	char *copy = strdup(domain);

	if (!o || !copy) {
		free(o);
		free(copy);
		return NULL;
	}
	o->app = app;
	o->call = call;
	o->domain = copy;
	o->epoch = epoch;
	(void)snprintf(o->sid, sizeof(o->sid), "%s", call_sid(call));
	o->log = (struct log){&app->log, "call_sid", o->sid};
	hash_add(&app->calls, &o->entry, o->sid);
	metric_set(app->live, (double)app->calls.n);
	bus_set_load(app->bus, (uint32_t)app->calls.n, app->draining);
	return o;
}

void app_forget(struct app *app, struct owned *o)
{
	o->lost = true;
	if (app->stepping)
		o->ended = true;
	else
		release(app, o);
}

static void step_posted(void *arg)
{
	struct app *app = arg;
	struct posted *p = app->posted;

	/* What a step posts comes in the next round of the loop. */
	app->posted = NULL;
	while (p) {
		struct posted *next = p->next;

		app_step(app, p->sid, &p->ev);
		free(p);
		p = next;
	}
}

void app_post(struct app *app, const char *sid, const struct event *ev)
{
	struct posted *p = calloc(1, sizeof(*p));
	struct posted **last = &app->posted;

	if (!p) {
		log_error(&app->log, "out of memory: an event of %s is lost",
		          sid);
		return;
	}
	p->ev = *ev;
	(void)snprintf(p->sid, sizeof(p->sid), "%s", sid);
	while (*last)
		last = &(*last)->next;
	*last = p;
	timer_start(app->post_timer, 0);
}

static const char *unready(const struct app *app)
{
	if (app->calls.n >= app->settings->calls_max)
		return "too many calls";
	if (!tenants_ready(app->tenants))
		return "configuration is not loaded yet";
	return NULL;
}

const char *app_refuses(const struct app *app)
{
	if (app->draining)
		return "draining";
	if (!media_possible(app))
		return "no media-relay takes calls";
	return unready(app);
}

/* A call at rest goes to another controller, when there is one: its state is
 * in Redis, and who adopts calls finds it there as soon as we are gone. */
static bool drained(void *arg)
{
	struct app *app = arg;
	struct hash_iter it = hash_iter(&app->calls);
	struct hash_entry *e;

	if (!app->draining)
		log_info(&app->log, "draining calls=%zu", app->calls.n);
	app->draining = true;
	bus_set_load(app->bus, (uint32_t)app->calls.n, true);
	if (!adopt_others_alive(app->adopt) || !redis_up(app->redis))
		return app->calls.n == 0;
	while ((e = hash_next(&it))) {
		struct owned *o = hash_object(e, struct owned, entry);

		if (sip_at_rest(o) && !ask_open(app, o->sid))
			adopt_release(app->adopt, o);
	}
	return app->calls.n == 0;
}

static void on_bus(void *arg, const struct bus_return *from,
                   const Trestle__Envelope *env)
{
	if (env->body_case == TRESTLE__ENVELOPE__BODY_CALL_LEAVE)
		handover_on_leave(arg, from, env->call_sid);
	else if (env->body_case == TRESTLE__ENVELOPE__BODY_ROUTE_QUERY)
		simulate_on_request(arg, from, env);
	else if (!control_on_request(arg, from, env))
		media_on_request(arg, from, env);
}

static const char *health(void *arg)
{
	struct app *app = arg;

	return app->draining ? NULL : unready(app);
}

static bool dialing_known(const struct app *app)
{
	const char *wrong = country_defaults_wrong(app->settings->dialing);

	if (wrong)
		log_error(&app->log, "TRESTLE_DIALING \"%s\" %s",
		          app->settings->dialing, wrong);
	return !wrong;
}

/* What the loop hands to everything else */
static int init_base(struct app *app)
{
	int err = hash_init(&app->calls);

	if (err)
		return err;
	app->out = calloc(1, sizeof(*app->out));
	app->fields = calloc(1, sizeof(*app->fields));
	app->allow_private = calloc(1, sizeof(*app->allow_private));
	if (!app->out || !app->fields || !app->allow_private)
		return ENOMEM;
	if (cidr_set_parse(app->allow_private, app->settings->allow_private)) {
		log_error(&app->log, "TRESTLE_SIP_ALLOW_PRIVATE is not a list "
		                     "of networks like 10.0.0.0/8");
		return EINVAL;
	}
	if (!dialing_known(app))
		return EINVAL;
	commands_init(app->out);
	fields_init(app->fields);
	err = timer_alloc(&app->post_timer, app->loop, step_posted, app);
	if (!err)
		err = timer_alloc(&app->save_timer, app->loop, snapshot_flush,
		                  app);
	if (err)
		return err;
	app_metrics(app);
	/* the first of those whom a Redis that is back calls */
	err = sure_alloc(&app->sure, app->loop, app->redis, &app->log);
	if (err)
		return err;
	return tenants_alloc(&app->tenants, app->loop, app->redis, &app->log,
	                     service_instance(app->service));
}

int app_init(struct app *app, struct service *service,
             const struct settings *settings)
{
	int err;

	*app = (struct app){
		.service = service,
		.loop = service_loop(service),
		.redis = service_redis(service),
		.settings = settings,
		.log = {service_log(service), NULL, NULL},
	};
	err = init_base(app);
	if (err)
		goto out;
	err = sip_alloc(&app->sip, app);
	if (err)
		goto out;
	err = service_open(service, sip_address(app->sip), on_bus, app);
	if (err)
		goto out;
	app->bus = service_bus(service);
	err = adopt_alloc(&app->adopt, app);
	if (!err)
		err = awake_alloc(&app->awake, app);
	if (!err)
		err = prune_alloc(&app->prune, app);
	if (!err)
		err = waiting_alloc(&app->waiting, app);
	if (!err)
		err = ping_alloc(&app->ping, app);
	if (err)
		goto out;
	service_on_health(service, health, app);
	service_on_drain(service, drained, app);
out:
	if (err) {
		log_error(&app->log, "can not start: %s", strerror(err));
		app_close(app);
	}
	return err;
}

void app_close(struct app *app)
{
	struct hash_iter it = hash_iter(&app->calls);
	struct hash_entry *e;

	ping_free(app->ping);
	waiting_free(app->waiting);
	prune_free(app->prune);
	awake_free(app->awake);
	adopt_free(app->adopt);
	while (app->calls.slots && (e = hash_next(&it)))
		release(app, hash_object(e, struct owned, entry));
	ask_free_all(app);
	while (app->posted) {
		struct posted *next = app->posted->next;

		free(app->posted);
		app->posted = next;
	}
	sip_free(app->sip);
	tenants_free(app->tenants);
	sure_free(app->sure);
	timer_free(app->post_timer);
	timer_free(app->save_timer);
	if (app->fields)
		fields_close(app->fields);
	if (app->out)
		commands_close(app->out);
	free(app->allow_private);
	free(app->fields);
	free(app->out);
	hash_close(&app->calls);
}

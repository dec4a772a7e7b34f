/*
 * record.c - the record of a call in Redis: the Call as the API shows it
 */
#include "record.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "core/date.h"
#include "loop/loop.h"
#include "store.h"
#include "store/redis.h"
#include "store/sure.h"
#include "store/tenants.h"
#include "store/time.h"

enum { FIELDS = 26 };     /* of a record; add() checks it */
enum { VALUE_SIZE = 32 }; /* bytes of a number or an instant as text */

/* HSET and its arguments */
struct hset {
	int argc;
	const char *argv[2 + 2 * FIELDS];
	size_t n_values;
	char values[FIELDS][VALUE_SIZE];
};

static void add(struct hset *h, const char *name, const char *value)
{
	if (h->argc + 2 > (int)(sizeof(h->argv) / sizeof(h->argv[0])))
		return;
	h->argv[h->argc++] = name;
	h->argv[h->argc++] = value;
}

static char *room(struct hset *h)
{
	return h->values[h->n_values < FIELDS - 1 ? h->n_values++ : FIELDS - 1];
}

static void add_number(struct hset *h, const char *name, uint64_t number)
{
	char *value = room(h);

	(void)snprintf(value, VALUE_SIZE, "%llu", (unsigned long long)number);
	add(h, name, value);
}

static void add_time(struct hset *h, const char *name, uint64_t ms)
{
	char *value = room(h);

	_Static_assert((int)VALUE_SIZE >= (int)TIME_TEXT_SIZE,
	               "an instant fits");
	if (ms)
		time_text(ms, value);
	else
		value[0] = '\0';
	add(h, name, value);
}

/* The number of ours that was called, or that is seen calling */
static const char *number_sid(const struct app *app, const struct cmd_status *s)
{
	bool inbound = strcmp(s->direction, "inbound") == 0;
	const struct number *n;

	if (*s->number_sid)
		return s->number_sid;
	n = tenants_number(app->tenants, inbound ? s->to : s->from);
	return n && strcmp(n->account_sid, s->account_sid) == 0 ? n->sid : "";
}

/* Voice Insights: of a call that came in the phone is the caller. */
static const char *disconnected_by(const struct cmd_status *s)
{
	bool inbound = strcmp(s->direction, "inbound") == 0;

	if (!s->ended || !s->answer_ms)
		return "";
	return s->hung_up == inbound ? "caller" : "callee";
}

static void add_times(struct hset *h, const struct cmd_status *s)
{
	add_time(h, "date_created", s->created_ms);
	add_time(h, "date_updated", loop_wall_ms());
	add_time(h, "start_time", s->start_ms);
	add_time(h, "answer_time", s->answer_ms);
	add_time(h, "end_time", s->ended ? s->end_ms : 0);
	if (s->ended)
		add_number(h, "duration",
		           date_seconds(s->answer_ms, s->end_ms));
	else
		add(h, "duration", "");
	if (s->start_ms >= s->created_ms)
		add_number(h, "queue_time", s->start_ms - s->created_ms);
	if (s->ring_ms >= s->start_ms && s->ring_ms)
		add_number(h, "pdd_ms", s->ring_ms - s->start_ms);
}

void record_write(struct app *app, const struct owned *o,
                  const struct cmd_status *s)
{
	char key[STORE_KEY_MAX];
	struct hset h = {.argc = 2, .argv = {"HSET", key}};

	(void)snprintf(key, sizeof(key), "call:{%s}", s->sid);
	add(&h, "sid", s->sid);
	add(&h, "parent_call_sid", s->parent_sid);
	add(&h, "account_sid", s->account_sid);
	add(&h, "direction", s->direction);
	add(&h, "from", s->from);
	add(&h, "to", s->to);
	add(&h, "status", s->status);
	add_times(&h, s);
	add_number(&h, "sip_status", s->sip_status);
	add(&h, "disconnected_by", disconnected_by(s));
	add(&h, "answered_by", s->answered_by);
	add(&h, "carrier_sid", s->carrier);
	add(&h, "phone_number_sid", number_sid(app, s));
	add(&h, "domain_sid", s->domain_sid);
	add(&h, "forwarded_from", s->forwarded_from);
	add(&h, "caller_name", s->caller_name);
	add(&h, "session", call_session(o->call));
	add(&h, "sip_call_id", s->callid);
	if (s->ended) /* it would live on in Redis, and be adopted */
		sure_argv(app->sure, h.argc, h.argv);
	else
		(void)redis_argv(app->redis, NULL, NULL, h.argc, h.argv, NULL);
}

void record_index(struct app *app, const struct cmd_status *s)
{
	(void)redis_command(app->redis, NULL, NULL, "ZADD calls:{%s} %llu %s",
	                    s->account_sid, (unsigned long long)s->created_ms,
	                    s->sid);
	if (*s->parent_sid)
		(void)redis_command(app->redis, NULL, NULL,
		                    "SADD call:{%s}:children %s", s->parent_sid,
		                    s->sid);
}

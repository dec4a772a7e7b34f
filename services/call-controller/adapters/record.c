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
#include "store/usage.h"

enum { FIELDS = 28 };     /* of a record; add() checks it */
enum { VALUE_SIZE = 32 }; /* bytes of a number or an instant as text */

enum { BEFORE = 6 }; /* arguments before those of HSET */

/* HSET and its arguments, with room for those of the script at an end */
struct hset {
	int argc;
	const char *argv[BEFORE + 2 * FIELDS];
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

static bool is_inbound(const struct cmd_status *s)
{
	return strcmp(s->direction, "inbound") == 0;
}

/* The number of ours that was called, or that is seen calling */
static const char *number_sid(const struct app *app, const struct cmd_status *s)
{
	const struct number *n;

	if (*s->number_sid)
		return s->number_sid;
	n = tenants_number(app->tenants, is_inbound(s) ? s->to : s->from);
	return n && strcmp(n->account_sid, s->account_sid) == 0 ? n->sid : "";
}

/* Voice Insights: of a call that came in the phone is the caller. */
static const char *disconnected_by(const struct cmd_status *s)
{
	if (!s->ended || !s->answer_ms)
		return "";
	return s->hung_up == is_inbound(s) ? "caller" : "callee";
}

static void add_times(struct hset *h, const struct cmd_status *s)
{
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

/* What is so from the first status to the last */
static void add_lasting(struct hset *h, const struct app *app,
                        const struct owned *o, const struct cmd_status *s)
{
	add(h, "sid", s->sid);
	add(h, "parent_call_sid", s->parent_sid);
	add(h, "account_sid", s->account_sid);
	add(h, "direction", s->direction);
	add(h, "from", s->from);
	add(h, "to", s->to);
	add_time(h, "date_created", s->created_ms);
	add(h, "phone_number_sid", number_sid(app, s));
	add(h, "domain_sid", s->domain_sid);
	add(h, "forwarded_from", s->forwarded_from);
	add(h, "caller_name", s->caller_name);
	add(h, "session", call_session(o->call));
}

static void add_changing(struct hset *h, const struct cmd_status *s)
{
	add(h, "status", s->status);
	add_times(h, s);
	add_number(h, "sip_status", s->sip_status);
	add(h, "disconnected_by", disconnected_by(s));
	add(h, "answered_by", s->answered_by);
	add(h, "carrier_sid", s->carrier);
	add(h, "sip_call_id", s->callid);
}

/* Each leg costs by its own number and length. @return [1e-5 of the currency] */
static uint64_t add_price(const struct app *app, const struct cmd_status *s,
                          struct hset *h)
{
	const struct rate_table *t =
		tenants_rates(app->tenants, s->account_sid);
	const struct rate *rate =
		t ? rate_find(t->rates, t->n, is_inbound(s), s->to) : NULL;
	uint64_t seconds = date_seconds(s->answer_ms, s->end_ms);
	char *price = room(h);

	if (!rate)
		return 0;
	_Static_assert((int)VALUE_SIZE >= (int)RATE_PRICE_SIZE, "a price fits");
	rate_price(rate, seconds, price);
	add(h, "price", price);
	add(h, "price_unit", t->currency);
	return rate_amount(rate, seconds);
}

/* The record, how long it stays, and what was used by a leg that was answered: it
 * is counted with its end, or neither is there. */
static struct redis_script end_script = {
	.source = USAGE_LUA
	"redis.call('HSET', KEYS[1], unpack(ARGV, 6))\n"
	"redis.call('EXPIRE', KEYS[1], ARGV[1])\n"
	"if ARGV[3] ~= '' then usage(KEYS[1], ARGV[2], ARGV[3], ARGV[4], "
	"ARGV[5]) end\n"
	"return 1\n",
};

/* It would live on in Redis, and be adopted. */
static void write_end(struct app *app, const struct cmd_status *s,
                      struct hset *h)
{
	char keep[VALUE_SIZE], day[USAGE_DAY_SIZE], minutes[VALUE_SIZE],
		price[VALUE_SIZE] = "0";

	if (s->answer_ms)
		(void)snprintf(price, sizeof(price), "%llu",
		               (unsigned long long)add_price(app, s, h));
	(void)snprintf(keep, sizeof(keep), "%llu",
	               (unsigned long long)store_keep_s(app));
	usage_day(s->end_ms, day);
	(void)snprintf(minutes, sizeof(minutes), "%llu",
	               (unsigned long long)usage_minutes(
			       date_seconds(s->answer_ms, s->end_ms)));
	h->argv[1] = keep;
	h->argv[2] = day;
	h->argv[3] = s->answer_ms ? usage_of_leg(is_inbound(s), s->to) : "";
	h->argv[4] = minutes;
	h->argv[5] = price;
	sure_eval(app->sure, &end_script, 1, h->argc, h->argv);
}

void record_write(struct app *app, const struct owned *o,
                  const struct cmd_status *s)
{
	char key[STORE_KEY_MAX];
	struct hset h = {.argc = BEFORE, .argv = {key}};

	(void)snprintf(key, sizeof(key), "call:{%s}", s->sid);
	if (s->first || s->ended) /* the end mends what Redis missed */
		add_lasting(&h, app, o, s);
	add_changing(&h, s);
	if (s->ended) {
		write_end(app, s, &h);
		return;
	}
	h.argv[BEFORE - 2] = "HSET";
	h.argv[BEFORE - 1] = key;
	(void)redis_argv(app->redis, NULL, NULL, h.argc - (BEFORE - 2),
	                 h.argv + BEFORE - 2, NULL);
}

void record_index(struct app *app, const struct cmd_status *s)
{
	char calls[STORE_KEY_MAX], children[STORE_KEY_MAX], created[VALUE_SIZE];

	(void)snprintf(calls, sizeof(calls), "calls:{%s}", s->account_sid);
	(void)snprintf(created, sizeof(created), "%llu",
	               (unsigned long long)s->created_ms);
	(void)redis_argv(app->redis, NULL, NULL, 4,
	                 (const char *[]){"ZADD", calls, created, s->sid},
	                 NULL);
	if (!*s->parent_sid)
		return;
	(void)snprintf(children, sizeof(children), "call:{%s}:children",
	               s->parent_sid);
	(void)redis_argv(app->redis, NULL, NULL, 3,
	                 (const char *[]){"SADD", children, s->sid}, NULL);
}

/*
 * show.c - look inside a running system: tables for people, from Redis
 */
#include "show.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "adapters/reseal.h"
#include "adapters/store.h"
#include "base/json_read.h"
#include "store/seal.h"

enum { ALERTS_SHOWN = 20 };
enum { REQUESTS_SHOWN = 10 };

/* Text from the network, at least @p width wide. */
static void put(FILE *out, const char *s, int width)
{
	int n = 0;

	for (; *s; s++, n++)
		(void)fputc((unsigned char)*s < 0x20 || *s == 0x7f ? '?' : *s,
		            out);
	for (; n < width; n++)
		(void)fputc(' ', out);
}

static const char *text_of(const redisReply *r)
{
	return r && (r->type == REDIS_REPLY_STRING ||
	             r->type == REDIS_REPLY_STATUS)
	               ? r->str
	               : "";
}

/* The value of a field in the reply to HGETALL, or "". */
static const char *hash_text(const redisReply *hash, const char *field)
{
	for (size_t i = 0; i + 1 < hash->elements; i += 2)
		if (strcmp(text_of(hash->element[i]), field) == 0)
			return text_of(hash->element[i + 1]);
	return "";
}

static void show_binding(FILE *out, const char *aor, const char *json)
{
	json_t *o = json_loads(json, 0, NULL);

	put(out, aor, 32);
	(void)fputc(' ', out);
	put(out, json_read_text(o, "transport"), 4);
	(void)fputc(' ', out);
	put(out, json_read_text(o, "source"), 22);
	(void)fputc(' ', out);
	put(out, json_read_text(o, "expires_at"), 24);
	(void)fputc(' ', out);
	put(out, json_read_text(o, "user_agent"), 0);
	(void)fputc('\n', out);
	json_decref(o);
}

static int show_aor(struct store *s, const char *user, const char *domain,
                    FILE *out)
{
	redisReply *r = store_ask(s, "HGETALL aor:{%s@%s}", user, domain);
	char aor[512];

	if (!r)
		return 1;
	(void)snprintf(aor, sizeof(aor), "%s@%s", user, domain);
	for (size_t i = 0; i + 1 < r->elements; i += 2)
		show_binding(out, aor, text_of(r->element[i + 1]));
	freeReplyObject(r);
	return 0;
}

static int show_domain(struct store *s, const char *domain, FILE *out)
{
	redisReply *r = store_ask(s, "ZRANGE aors:%s 0 -1", domain);
	int err = r ? 0 : 1;

	for (size_t i = 0; !err && i < r->elements; i++)
		err = show_aor(s, text_of(r->element[i]), domain, out);
	if (r)
		freeReplyObject(r);
	return err;
}

int show_registrations(struct store *s, const char *domain, FILE *out)
{
	redisReply *r;
	int err;

	put(out, "WHO", 33);
	put(out, "BY", 5);
	put(out, "FROM", 23);
	put(out, "UNTIL", 25);
	put(out, "WITH", 0);
	(void)fputc('\n', out);
	if (domain)
		return show_domain(s, domain, out);
	r = store_ask(s, "SMEMBERS domains");
	err = r ? 0 : 1;
	for (size_t i = 0; !err && i < r->elements; i++)
		err = show_domain(s, text_of(r->element[i]), out);
	if (r)
		freeReplyObject(r);
	return err;
}

int show_calls(struct store *s, FILE *out)
{
	redisReply *calls = store_ask(s, "ZRANGE calls:live 0 -1");
	int err = calls ? 0 : 1;

	put(out, "CALL", 35);
	put(out, "STATUS", 12);
	put(out, "START", 25);
	put(out, "FROM -> TO", 0);
	(void)fputc('\n', out);
	for (size_t i = 0; !err && i < calls->elements; i++) {
		const char *sid = text_of(calls->element[i]);
		redisReply *call = store_ask(s, "HGETALL call:{%s}", sid);

		if (!call) {
			err = 1;
			break;
		}
		put(out, sid, 35);
		put(out, hash_text(call, "status"), 12);
		put(out, hash_text(call, "start_time"), 25);
		put(out, hash_text(call, "from"), 0);
		put(out, " -> ", 0);
		put(out, hash_text(call, "to"), 0);
		(void)fputc('\n', out);
		freeReplyObject(call);
	}
	if (calls)
		freeReplyObject(calls);
	return err;
}

/* A value that is JSON is unfolded, one member a line. */
static void put_value(FILE *out, const char *value)
{
	json_t *o = value[0] == '{' ? json_loads(value, 0, NULL) : NULL;
	const char *key;
	json_t *member;

	if (!o) {
		put(out, value, 0);
		(void)fputc('\n', out);
		return;
	}
	(void)fputc('\n', out);
	json_object_foreach(o, key, member)
	{
		char *text = json_dumps(member, JSON_ENCODE_ANY | JSON_COMPACT);

		put(out, "", 8);
		put(out, key, 22);
		put(out, text ? text : "", 0);
		(void)fputc('\n', out);
		free(text);
	}
	json_decref(o);
}

/* One hash, a field a line. @return the fields, negative without Redis */
static int show_hash(struct store *s, const char *key, FILE *out)
{
	redisReply *r = store_ask(s, "HGETALL %s", key);
	int n;

	if (!r)
		return -1;
	n = (int)(r->elements / 2);
	if (n) {
		put(out, key, 0);
		(void)fputc('\n', out);
	}
	for (size_t i = 0; i + 1 < r->elements; i += 2) {
		put(out, "", 4);
		put(out, text_of(r->element[i]), 26);
		put_value(out, text_of(r->element[i + 1]));
	}
	freeReplyObject(r);
	return n;
}

static int show_requests(struct store *s, const char *call_sid, FILE *out)
{
	redisReply *r = store_ask(s, "LRANGE request:%s 0 %d", call_sid,
	                          REQUESTS_SHOWN - 1);

	if (!r)
		return 1;
	if (r->elements)
		(void)fprintf(out, "request:%s\n", call_sid);
	for (size_t i = 0; i < r->elements; i++) {
		(void)fprintf(out, "    %zu", i + 1);
		put_value(out, text_of(r->element[i]));
	}
	freeReplyObject(r);
	return 0;
}

int show_call(struct store *s, const char *call_sid, FILE *out)
{
	static const char *const parts[] = {"", ":legs", ":twiml"};
	redisReply *session;
	char key[512];
	int n = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && n >= 0; i++) {
		(void)snprintf(key, sizeof(key), "call:{%s}%s", call_sid,
		               parts[i]);
		n = show_hash(s, key, out);
		if (i == 0 && n == 0) {
			(void)fprintf(stderr, "there is no call %s\n",
			              call_sid);
			return 1;
		}
	}
	if (n < 0)
		return 1;
	session = store_ask(s, "HGET call:{%s} session", call_sid);
	if (!session)
		return 1;
	(void)snprintf(key, sizeof(key), "media:{%s}", text_of(session));
	n = text_of(session)[0] ? show_hash(s, key, out) : 0;
	freeReplyObject(session);
	return n < 0 ? 1 : show_requests(s, call_sid, out);
}

int show_alerts(struct store *s, FILE *out)
{
	redisReply *r =
		store_ask(s, "XREVRANGE alerts + - COUNT %d", ALERTS_SHOWN);

	if (!r)
		return 1;
	put(out, "TIME", 25);
	put(out, "CODE", 7);
	put(out, "CALL", 35);
	put(out, "WHAT", 0);
	(void)fputc('\n', out);
	for (size_t i = 0; i < r->elements; i++) {
		const redisReply *alert = r->element[i]->element[1];

		put(out, hash_text(alert, "time"), 25);
		put(out, hash_text(alert, "code"), 7);
		put(out, hash_text(alert, "call_sid"), 35);
		put(out, hash_text(alert, "text"), 0);
		(void)fputc('\n', out);
	}
	freeReplyObject(r);
	return 0;
}

int show_seal(struct store *s, FILE *out)
{
	size_t n;
	int err = reseal(s, &n);

	if (err == EACCES)
		(void)fprintf(stderr, "trestle-cli: %s\n", seal_remedy);
	else if (err == ENOMEM)
		(void)fprintf(stderr, "trestle-cli: out of memory\n");
	else if (!err)
		(void)fprintf(out, "%zu values written\n", n);
	return err ? 1 : 0;
}

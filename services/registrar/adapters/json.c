/*
 * json.c - a binding as text: the value of its field in Redis
 *
 * Written by hand, because that is done for every REGISTER; read by jansson.
 */
#include "adapters/json.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "adapters/location.h"
#include "adapters/targets.h"
#include "base/decimal.h"
#include "base/json_read.h"
#include "base/strbuf.h"
#include "store/time.h"

/* A string; what is not printable ASCII is escaped, so that neither bad UTF-8
 * nor control characters get into Redis. Bytes above 127 become their Latin-1
 * code point: still told apart, and always valid. */
static void add_string(struct strbuf *out, const char *s, size_t n)
{
	size_t plain = 0;

	strbuf_addc(out, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c >= ' ' && c < 0x7f && c != '"' && c != '\\')
			continue;
		strbuf_addn(out, s + plain, i - plain);
		strbuf_addf(out, "\\u%04x", c);
		plain = i + 1;
	}
	strbuf_addn(out, s + plain, n - plain);
	strbuf_addc(out, '"');
}

static void add_field(struct strbuf *out, const char *name, const char *value)
{
	strbuf_add(out, ",\"");
	strbuf_add(out, name);
	strbuf_add(out, "\":");
	add_string(out, value, strlen(value));
}

static void add_number(struct strbuf *out, const char *before, uint32_t v)
{
	char text[DECIMAL_SIZE];

	strbuf_add(out, before);
	strbuf_add(out, decimal(v, text));
}

static void add_paths(struct strbuf *out, const struct location_req *req)
{
	strbuf_add(out, ",\"path\":[");
	for (size_t i = 0; i < req->n_paths; i++) {
		if (i > 0)
			strbuf_addc(out, ',');
		add_string(out, req->paths[i], strlen(req->paths[i]));
	}
	strbuf_addc(out, ']');
}

static void add_source(struct strbuf *out, const struct source *s)
{
	bool v6 = strchr(s->ip, ':') != NULL;

	strbuf_add(out, v6 ? ",\"source\":\"[" : ",\"source\":\"");
	strbuf_add(out, s->ip);
	add_number(out, v6 ? "]:" : ":", s->port);
	strbuf_addc(out, '"');
	add_field(out, "transport", s->transport);
}

void json_add_binding(struct strbuf *out, const struct location_req *req,
                      const struct binding *b, uint64_t now_ms)
{
	char now[TIME_TEXT_SIZE], end[TIME_TEXT_SIZE];

	time_text(now_ms, now);
	time_text(now_ms + b->expires * 1000ULL, end);
	strbuf_add(out, "{\"contact\":");
	add_string(out, b->contact, strlen(b->contact));
	add_paths(out, req);
	add_source(out, req->source);
	add_number(out, ",\"q\":", b->q);
	strbuf_add(out, ",\"instance\":");
	add_string(out, b->instance, b->instance_len);
	add_number(out, ",\"reg_id\":", b->reg_id);
	add_field(out, "call_id", req->call_id);
	add_number(out, ",\"cseq\":", req->cseq);
	strbuf_add(out, ",\"user_agent\":");
	add_string(out, req->user_agent,
	           strnlen(req->user_agent, JSON_USER_AGENT_MAX));
	add_field(out, "registered_at", now);
	add_field(out, "expires_at", end);
	strbuf_addc(out, '}');
}

static uint32_t number_of(const json_t *json, const char *name)
{
	json_int_t v = json_integer_value(json_object_get(json, name));

	return v > 0 && v <= UINT32_MAX ? (uint32_t)v : 0;
}

static void read_paths(const json_t *json, struct target *t)
{
	const json_t *list = json_object_get(json, "path");

	t->n_paths = 0;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *s = json_string_value(json_array_get(list, i));

		if (s && t->n_paths < TARGET_PATHS_MAX)
			t->paths[t->n_paths++] = s;
	}
}

static bool read_source(const json_t *json, struct source *s)
{
	char text[SOURCE_IP_SIZE + 32];

	(void)snprintf(text, sizeof(text), "%s;transport=%s",
	               json_read_text(json, "source"),
	               json_read_text(json, "transport"));
	return source_parse(s, text);
}

struct json_t *json_open_target(const char *text, size_t len, uint64_t now_ms,
                                struct target *t, bool *ended)
{
	json_t *json = json_loadb(text, len, 0, NULL);
	uint64_t end = time_parse(json_read_text(json, "expires_at"));

	*ended = end > 0 && end <= now_ms;
	if (!json || end <= now_ms || !read_source(json, &t->source)) {
		json_decref(json);
		return NULL;
	}
	t->contact = json_read_text(json, "contact");
	t->instance = json_read_text(json, "instance");
	t->user_agent = json_read_text(json, "user_agent");
	t->registered_at = json_read_text(json, "registered_at");
	t->reg_id = number_of(json, "reg_id");
	t->q = number_of(json, "q");
	t->expires = (uint32_t)((end - now_ms + 999) / 1000);
	read_paths(json, t);
	return json;
}

void json_close(struct json_t *json)
{
	json_decref(json);
}

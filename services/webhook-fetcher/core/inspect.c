/*
 * inspect.c - one request as the inspector shows it: a line of JSON
 *
 * Pure: no I/O, no clock, no log.
 */
#include "inspect.h"

#include <string.h>
#include <strings.h>

#include "base/strbuf.h"
#include "store/time.h"

/* Bytes of the UTF-8 sequence at @p s, 0 when it is none (RFC 3629) */
static size_t utf8_length(const unsigned char *s)
{
	size_t n;
	unsigned min2 = 0x80, max2 = 0xbf;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	n = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (s[0] == 0xe0)
		min2 = 0xa0;
	if (s[0] == 0xed)
		max2 = 0x9f;
	if (s[0] == 0xf0)
		min2 = 0x90;
	if (s[0] == 0xf4)
		max2 = 0x8f;
	if (s[1] < min2 || s[1] > max2)
		return 0;
	for (size_t i = 2; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	return n;
}

static void add_string(struct strbuf *b, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	strbuf_addc(b, '"');
	while (*s) {
		size_t plain = 0, n;

		while (s[plain] >= ' ' && s[plain] < 0x7f && s[plain] != '"' &&
		       s[plain] != '\\')
			plain++;
		strbuf_addn(b, (const char *)s, plain);
		s += plain;
		if (*s == '\0')
			break;
		n = utf8_length(s);
		if (*s == '"' || *s == '\\')
			strbuf_addf(b, "\\%c", *s);
		else if (n == 0)
			strbuf_add(b, "\\ufffd");
		else if (n == 1)
			strbuf_addf(b, "\\u%04x", *s);
		else
			strbuf_addn(b, (const char *)s, n);
		s += n ? n : 1;
	}
	strbuf_addc(b, '"');
}

/* `password = "` at @p s, in any case. @return its length, 0 = it is none */
static size_t password_at(const char *s)
{
	static const char word[] = "password";
	size_t n = sizeof(word) - 1;

	if (strncasecmp(s, word, n) != 0)
		return 0;
	n += strspn(s + n, " \t\r\n");
	if (s[n] != '=')
		return 0;
	n++;
	n += strspn(s + n, " \t\r\n");
	return s[n] == '"' || s[n] == '\'' ? n + 1 : 0;
}

/* `user:password@` behind a `://`. @return its length, 0 = it is none */
static size_t user_at(const char *s)
{
	size_t n = strcspn(s, "/?# \t\r\n\"'<>");

	while (n > 0 && s[n - 1] != '@')
		n--;
	return n;
}

/* Nothing secret of a document is shown. */
static void add_masked(struct strbuf *b, const char *s)
{
	while (*s) {
		size_t n = password_at(s);

		if (n > 0) {
			const char quote[] = {s[n - 1], '\0'};

			strbuf_addn(b, s, n);
			strbuf_add(b, "***");
			s += n;
			s += strcspn(s, quote);
		} else if (strncmp(s, "://", 3) == 0) {
			n = user_at(s + 3);
			strbuf_add(b, n ? "://***@" : "://");
			s += 3 + n;
		} else {
			strbuf_addc(b, *s++);
		}
	}
}

static void add_part(struct strbuf *out, const char *s, size_t n)
{
	struct strbuf text = {0}, masked = {0};

	strbuf_addn(&text, s, n);
	add_masked(&masked, strbuf_str(&text));
	add_string(out, strbuf_str(&masked));
	out->failed = out->failed || text.failed || masked.failed;
	strbuf_close(&text);
	strbuf_close(&masked);
}

static void add_body(struct strbuf *out, const struct inspect_record *record)
{
	size_t n = record->body_len < INSPECT_BODY_MAX ? record->body_len
	                                               : INSPECT_BODY_MAX;

	add_part(out, record->body ? record->body : "", record->body ? n : 0);
}

/* Headers whose values are for nobody's eyes */
static bool is_secret(const char *name, size_t n)
{
	static const char *const secrets[] = {
		"authorization", "proxy-authorization", "authentication-info",
		"cookie",        "set-cookie",
	};

	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		if (strlen(secrets[i]) == n &&
		    strncasecmp(secrets[i], name, n) == 0)
			return true;
	return false;
}

/* @return whether it was a header */
static bool add_header(struct strbuf *out, const char *line, size_t n,
                       bool first)
{
	const char *colon = memchr(line, ':', n);
	size_t name = colon ? (size_t)(colon - line) : 0, from = name + 1;

	if (name == 0)
		return false;
	while (n > from && strchr(" \t\r", line[n - 1]))
		n--;
	while (from < n && strchr(" \t", line[from]))
		from++;
	if (!first)
		strbuf_addc(out, ',');
	add_part(out, line, name);
	strbuf_addc(out, ':');
	if (is_secret(line, name))
		strbuf_add(out, "\"***\"");
	else
		add_part(out, line + from, n - from);
	return true;
}

/* @p lines, each ended by a line feed, as an object */
static void add_headers(struct strbuf *out, const char *name, const char *lines)
{
	const char *end = lines ? lines + strlen(lines) : NULL;
	bool first = true;

	strbuf_addf(out, ",\"%s\":{", name);
	for (const char *at = lines; at && at < end;) {
		size_t n = strcspn(at, "\n");

		if (at + n - lines > INSPECT_HEADERS_MAX)
			break;
		if (add_header(out, at, n, first))
			first = false;
		at += n + (at[n] ? 1 : 0);
	}
	strbuf_addc(out, '}');
}

void inspect_write(const struct inspect_record *record, struct strbuf *out)
{
	const struct request *r = record->request;
	char time[TIME_TEXT_SIZE];

	time_text(record->wall_ms, time);
	strbuf_addf(out, "{\"time\":\"%s\"", time);
	strbuf_add(out, r->post ? ",\"method\":\"POST\",\"url\":"
	                        : ",\"method\":\"GET\",\"url\":");
	add_string(out, record->url);
	strbuf_add(out, ",\"params\":{");
	for (size_t i = 0; i < r->n_params; i++) {
		if (i)
			strbuf_addc(out, ',');
		add_string(out, r->params[i].name);
		strbuf_addc(out, ':');
		add_string(out, r->params[i].value);
	}
	strbuf_addc(out, '}');
	add_headers(out, "request_headers", record->asked);
	add_headers(out, "response_headers", record->told);
	strbuf_addf(out,
	            ",\"status\":%u,\"error\":%u,\"text\":", record->status,
	            record->code);
	add_string(out, record->text);
	strbuf_addf(out, ",\"attempts\":%u,\"ms\":%u,\"content_type\":",
	            record->attempts, record->ms);
	add_string(out, record->content_type);
	strbuf_add(out, ",\"body\":");
	add_body(out, record);
	strbuf_addc(out, '}');
}

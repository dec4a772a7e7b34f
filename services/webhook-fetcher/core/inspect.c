/*
 * inspect.c - one request as the inspector shows it: a line of JSON
 *
 * Pure: no I/O, no clock, no log.
 */
#include "inspect.h"

#include <string.h>

#include "base/strbuf.h"

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

/* Days since 1970 to a civil date (Howard Hinnant's algorithm) */
static void add_time(struct strbuf *b, uint64_t wall_ms)
{
	uint64_t s = wall_ms / 1000, day = s / 86400 + 719468;
	uint64_t era = day / 146097, doe = day % 146097;
	uint64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	uint64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	uint64_t mp = (5 * doy + 2) / 153;
	unsigned mday = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
	unsigned month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
	unsigned year = (unsigned)(yoe + era * 400 + (month <= 2));

	strbuf_addf(b, "\"%04u-%02u-%02uT%02u:%02u:%02u.%03uZ\"", year, month,
	            mday, (unsigned)(s / 3600 % 24), (unsigned)(s / 60 % 60),
	            (unsigned)(s % 60), (unsigned)(wall_ms % 1000));
}

void inspect_write(const struct inspect_record *record, struct strbuf *out)
{
	const struct request *r = record->request;

	strbuf_add(out, "{\"time\":");
	add_time(out, record->wall_ms);
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
	strbuf_addf(out,
	            "},\"status\":%u,\"error\":%u,\"text\":", record->status,
	            record->code);
	add_string(out, record->text);
	strbuf_addf(out, ",\"attempts\":%u,\"ms\":%u}", record->attempts,
	            record->ms);
}

/*
 * inspect.c - one request as the inspector shows it: a line of JSON
 *
 * Pure: no I/O, no clock, no log.
 */
#include "inspect.h"

#include <string.h>

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
	strbuf_addf(out,
	            "},\"status\":%u,\"error\":%u,\"text\":", record->status,
	            record->code);
	add_string(out, record->text);
	strbuf_addf(out, ",\"attempts\":%u,\"ms\":%u}", record->attempts,
	            record->ms);
}

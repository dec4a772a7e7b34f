/*
 * sdp.c - the codecs that we know, and writing session descriptions
 *
 * Pure. Reading is in sdp_parse.c.
 */
#include "sdp.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 4096 }; /* of a description of ours: ≤ 16 refused lines */

static const struct sdp_codec_info codecs[SDP_CODECS] = {
	[SDP_PCMU] = {"PCMU", 8000, 1, 0, ""},
	[SDP_PCMA] = {"PCMA", 8000, 1, 8, ""},
	[SDP_G722] = {"G722", 8000, 1, 9, ""},
	[SDP_OPUS] = {"opus", 48000, 2, 111, "useinbandfec=1"},
	[SDP_EVENT] = {"telephone-event", 8000, 1, 101, "0-16"},
	[SDP_EVENT_48] = {"telephone-event", 48000, 1, 110, "0-16"},
};

const struct sdp_codec_info *sdp_codec_info(enum sdp_codec codec)
{
	return &codecs[codec];
}

bool sdp_codec_audio(enum sdp_codec codec)
{
	return codec < SDP_EVENT;
}

struct text {
	char s[TEXT_MAX];
	size_t n;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *t,
                                                      const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->s + t->n, sizeof(t->s) - t->n, fmt, ap);
	va_end(ap);
	if (n > 0 && (size_t)n < sizeof(t->s) - t->n)
		t->n += (size_t)n;
	else
		t->s[t->n] = '\0';
}

static void put_format(struct text *t, const struct sdp_format *f)
{
	const struct sdp_codec_info *info = &codecs[f->codec];

	put(t, "a=rtpmap:%u %s/%u", f->payload_type, info->name, info->rate);
	if (info->channels > 1)
		put(t, "/%u", info->channels);
	put(t, "\r\n");
	if (*f->fmtp)
		put(t, "a=fmtp:%u %s\r\n", f->payload_type, f->fmtp);
}

static void put_audio(struct text *t, const struct sdp_local *l)
{
	static const char *const directions[] = {
		[SDP_SENDRECV] = "sendrecv",
		[SDP_SENDONLY] = "sendonly",
		[SDP_RECVONLY] = "recvonly",
		[SDP_INACTIVE] = "inactive",
	};
	const char *proto =
		l->n_lines ? l->lines[l->audio_line].proto : "RTP/AVP";

	put(t, "m=audio %u %s", l->port, proto);
	for (size_t i = 0; i < l->n_formats; i++)
		put(t, " %u", l->formats[i].payload_type);
	put(t, "\r\n");
	for (size_t i = 0; i < l->n_formats; i++)
		put_format(t, &l->formats[i]);
	if (l->rtcp_mux)
		put(t, "a=rtcp-mux\r\n");
	else if (l->rtcp_port && l->rtcp_port != l->port + 1)
		put(t, "a=rtcp:%u\r\n", l->rtcp_port);
	put(t, "a=ptime:20\r\na=%s\r\n", directions[l->direction]);
}

const char *sdp_write(struct arena *a, const struct sdp_local *l)
{
	const char *family = strchr(l->ip, ':') ? "IP6" : "IP4";
	struct text t = {.n = 0};

	put(&t, "v=0\r\no=- %llu %llu IN %s %s\r\ns=-\r\n",
	    (unsigned long long)l->id, (unsigned long long)l->version, family,
	    l->ip);
	put(&t, "c=IN %s %s\r\nt=0 0\r\n", family, l->ip);
	if (l->n_lines == 0)
		put_audio(&t, l);
	for (size_t i = 0; i < l->n_lines; i++) {
		const struct sdp_line *line = &l->lines[i];

		if ((int)i == l->audio_line)
			put_audio(&t, l);
		else
			put(&t, "m=%s 0 %s %s\r\n", line->media, line->proto,
			    line->format);
	}
	return arena_strn(a, t.s, t.n);
}

/*
 * sdp.c - the codecs that we know, and writing session descriptions
 *
 * Pure. Reading is in sdp_parse.c.
 */
#include "sdp.h"

#include <string.h>

#include "base/decimal.h"

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

/* What does not fit is left out. */
static void put(struct text *t, const char *s)
{
	size_t n = strlen(s);

	if (n >= sizeof(t->s) - t->n)
		return;
	memcpy(t->s + t->n, s, n + 1);
	t->n += n;
}

static void put_number(struct text *t, unsigned long long value)
{
	char digits[DECIMAL_SIZE];

	put(t, decimal(value, digits));
}

static void put_all(struct text *t, const char *const *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(t, parts[i]);
}

#define PUT(t, ...)                                                            \
	put_all(t, (const char *const[]){__VA_ARGS__},                         \
	        sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void put_format(struct text *t, const struct sdp_format *f)
{
	const struct sdp_codec_info *info = &codecs[f->codec];

	put(t, "a=rtpmap:");
	put_number(t, f->payload_type);
	PUT(t, " ", info->name, "/");
	put_number(t, info->rate);
	if (info->channels > 1) {
		put(t, "/");
		put_number(t, info->channels);
	}
	put(t, "\r\n");
	if (*f->fmtp) {
		put(t, "a=fmtp:");
		put_number(t, f->payload_type);
		PUT(t, " ", f->fmtp, "\r\n");
	}
}

static void put_audio(struct text *t, const struct sdp_local *l)
{
	static const char *const directions[] = {
		[SDP_SENDRECV] = "sendrecv",
		[SDP_SENDONLY] = "sendonly",
		[SDP_RECVONLY] = "recvonly",
		[SDP_INACTIVE] = "inactive",
	};

	put(t, "m=audio ");
	put_number(t, l->port);
	PUT(t, " ", l->n_lines ? l->lines[l->audio_line].proto : "RTP/AVP");
	for (size_t i = 0; i < l->n_formats; i++) {
		put(t, " ");
		put_number(t, l->formats[i].payload_type);
	}
	put(t, "\r\n");
	for (size_t i = 0; i < l->n_formats; i++)
		put_format(t, &l->formats[i]);
	if (l->rtcp_mux) {
		put(t, "a=rtcp-mux\r\n");
	} else if (l->rtcp_port && l->rtcp_port != l->port + 1) {
		put(t, "a=rtcp:");
		put_number(t, l->rtcp_port);
		put(t, "\r\n");
	}
	PUT(t, "a=ptime:20\r\na=", directions[l->direction], "\r\n");
}

const char *sdp_write(struct arena *a, const struct sdp_local *l)
{
	const char *family = strchr(l->ip, ':') ? "IP6" : "IP4";
	struct text t;

	t.s[0] = '\0';
	t.n = 0;
	put(&t, "v=0\r\no=- ");
	put_number(&t, l->id);
	put(&t, " ");
	put_number(&t, l->version);
	PUT(&t, " IN ", family, " ", l->ip, "\r\ns=-\r\nc=IN ", family, " ",
	    l->ip, "\r\nt=0 0\r\n");
	if (l->n_lines == 0)
		put_audio(&t, l);
	for (size_t i = 0; i < l->n_lines; i++) {
		const struct sdp_line *line = &l->lines[i];

		if ((int)i == l->audio_line)
			put_audio(&t, l);
		else
			PUT(&t, "m=", line->media, " 0 ", line->proto, " ",
			    line->format, "\r\n");
	}
	return arena_strn(a, t.s, t.n);
}

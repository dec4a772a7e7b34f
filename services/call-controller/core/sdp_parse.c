/*
 * sdp_parse.c - reading session descriptions (RFC 8866), strictly
 *
 * Pure. Works on spans of the body: nothing is copied before its length is
 * known to fit, and no size is taken from a number in the text.
 */
#include "sdp.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "span.h"

/* What is read of the session part or of one m= line. */
struct section {
	struct sdp_audio audio;
	bool has_address;
	bool has_direction;
	size_t n_attributes;
	size_t n_formats;
	struct {
		uint8_t payload_type;
		bool known;
		enum sdp_codec codec;
		char fmtp[SDP_FMTP_SIZE];
	} formats[SDP_FORMATS_MAX];
};

struct parser {
	struct sdp *out;
	struct section session;
	struct section media;
	struct sdp_line line; /* the m= line in hand */
	bool in_media;
	bool is_audio; /* audio over plain RTP with a port */
};

/* Nobody's phone: what is sent there reaches many (RFC 1112 4, RFC 4291 2.7) */
static bool is_multicast(struct span v, bool v6)
{
	struct span first = {v.s, 0};
	uint32_t byte;

	if (v6)
		return v.n >= 4 && strncasecmp(v.s, "ff", 2) == 0 &&
		       v.s[2] != ':' && v.s[3] != ':';
	while (first.n < v.n && v.s[first.n] != '.')
		first.n++;
	return span_number(first, 255, &byte) && byte >= 224;
}

/* "IN IP4 192.0.2.1" with an optional "/ttl" */
static int on_connection(struct section *to, struct span v)
{
	bool v6 = span_skip(&v, "IN IP6 ");
	size_t n = 0;

	if (!v6 && !span_skip(&v, "IN IP4 "))
		return EINVAL;
	while (n < v.n && v.s[n] != '/')
		n++;
	v.n = n;
	if (v6 ? !span_ip6(v) : !span_ip4(v))
		return EINVAL;
	if (is_multicast(v, v6))
		return EINVAL;
	to->has_address = true;
	to->audio.no_address = (v.n == 7 && memcmp(v.s, "0.0.0.0", 7) == 0) ||
	                       (v.n == 2 && memcmp(v.s, "::", 2) == 0);
	return span_copy(v, to->audio.ip, sizeof(to->audio.ip));
}

/* Payload types with a meaning of their own (RFC 3551 6) */
static void set_static(struct section *m, size_t i)
{
	static const struct {
		uint8_t payload_type;
		enum sdp_codec codec;
	} known[] = {{0, SDP_PCMU}, {8, SDP_PCMA}, {9, SDP_G722}};

	for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++) {
		if (known[k].payload_type == m->formats[i].payload_type) {
			m->formats[i].known = true;
			m->formats[i].codec = known[k].codec;
		}
	}
}

static int read_formats(struct section *m, struct span v, struct span first)
{
	struct span format = first;
	uint32_t value;

	while (format.n) {
		if (m->n_formats == SDP_FORMATS_MAX)
			return E2BIG;
		if (!span_number(format, 127, &value))
			return EINVAL;
		m->formats[m->n_formats].payload_type = (uint8_t)value;
		set_static(m, m->n_formats++);
		format = span_word(&v);
	}
	return 0;
}

/* Keep the finished audio line when it is the first that we can use. */
static int finish_media(struct parser *p)
{
	struct section *m = &p->media;
	struct sdp_audio *audio = &p->out->audio;

	if (!p->in_media || !p->is_audio || p->out->audio_line >= 0)
		return 0;
	if (!m->has_address && !p->session.has_address)
		return EINVAL;
	*audio = m->audio;
	if (!m->has_address) {
		memcpy(audio->ip, p->session.audio.ip, sizeof(audio->ip));
		audio->no_address = p->session.audio.no_address;
	}
	if (!m->has_direction)
		audio->direction = p->session.audio.direction;
	for (size_t i = 0; i < m->n_formats; i++) {
		struct sdp_format *f = &audio->formats[audio->n_formats];

		if (!m->formats[i].known || audio->n_formats == SDP_CODECS_MAX)
			continue;
		f->codec = m->formats[i].codec;
		f->payload_type = m->formats[i].payload_type;
		memcpy(f->fmtp, m->formats[i].fmtp, sizeof(f->fmtp));
		audio->n_formats++;
	}
	p->out->audio_line = (int)p->out->n_lines - 1;
	return 0;
}

/* m=audio 49170[/2] RTP/AVP 0 8 101 */
static int on_media(struct parser *p, struct span v)
{
	struct sdp_line *line = &p->out->lines[p->out->n_lines];
	struct span media, port, proto, format;
	uint32_t value;
	int err = finish_media(p);

	if (err)
		return err;
	if (p->out->n_lines == SDP_LINES_MAX)
		return E2BIG;
	media = span_word(&v);
	port = span_word(&v);
	proto = span_word(&v);
	format = span_word(&v);
	for (size_t i = 0; i < port.n; i++) {
		if (port.s[i] == '/')
			port.n = i;
	}
	if (span_copy(media, line->media, sizeof(line->media)) ||
	    span_copy(proto, line->proto, sizeof(line->proto)) ||
	    span_copy(format, line->format, sizeof(line->format)) ||
	    !span_number(port, 65535, &value))
		return EINVAL;
	p->out->n_lines++;
	memset(&p->media, 0, sizeof(p->media));
	p->in_media = true;
	p->media.audio.port = (uint16_t)value;
	p->is_audio = value && strcmp(line->media, "audio") == 0 &&
	              (strcmp(line->proto, "RTP/AVP") == 0 ||
	               strcmp(line->proto, "RTP/AVPF") == 0);
	if (value && strcmp(line->media, "audio") == 0 && !p->is_audio)
		p->out->secure = true;
	return p->is_audio ? read_formats(&p->media, v, format) : 0;
}

/* @return SDP_CODECS when it is none of ours */
static enum sdp_codec find_codec(struct span name, uint32_t hz,
                                 uint32_t channels)
{
	for (int c = 0; c < SDP_CODECS; c++) {
		const struct sdp_codec_info *info =
			sdp_codec_info((enum sdp_codec)c);

		if (info->rate == hz && info->channels == channels &&
		    strlen(info->name) == name.n &&
		    strncasecmp(info->name, name.s, name.n) == 0)
			return (enum sdp_codec)c;
	}
	return SDP_CODECS;
}

/* rtpmap:101 telephone-event/8000[/1] */
static int on_rtpmap(struct section *m, struct span v)
{
	struct span pt = span_word(&v), name = span_part(&v),
		    rate = span_part(&v);
	uint32_t payload_type, hz, channels = 1;
	enum sdp_codec codec;

	if (name.n == 0 || !span_number(pt, 127, &payload_type) ||
	    !span_number(rate, 999999999, &hz) ||
	    (v.n && !span_number(v, 255, &channels)))
		return EINVAL;
	codec = find_codec(name, hz, channels);
	for (size_t i = 0; i < m->n_formats; i++) {
		if (m->formats[i].payload_type != payload_type)
			continue;
		m->formats[i].known = codec < SDP_CODECS;
		m->formats[i].codec = codec;
	}
	return 0;
}

static int on_fmtp(struct section *m, struct span v)
{
	struct span pt = span_word(&v);
	uint32_t payload_type;

	if (!span_number(pt, 127, &payload_type))
		return EINVAL;
	for (size_t i = 0; i < m->n_formats; i++) {
		/* Parameters too long to keep are none that we act upon. */
		if (m->formats[i].payload_type == payload_type)
			(void)span_copy(v, m->formats[i].fmtp, SDP_FMTP_SIZE);
	}
	return 0;
}

static bool set_direction(struct section *m, struct span v)
{
	static const char *const names[] = {"sendrecv", "sendonly", "recvonly",
	                                    "inactive"};

	for (int i = 0; i < 4; i++) {
		if (v.n == 8 && memcmp(v.s, names[i], 8) == 0) {
			m->audio.direction = (enum sdp_direction)i;
			m->has_direction = true;
			return true;
		}
	}
	return false;
}

static int on_attribute(struct section *m, struct span v)
{
	uint32_t value;

	if (++m->n_attributes > SDP_ATTRIBUTES_MAX)
		return E2BIG;
	if (set_direction(m, v))
		return 0;
	if (span_skip(&v, "rtpmap:"))
		return on_rtpmap(m, v);
	if (span_skip(&v, "fmtp:"))
		return on_fmtp(m, v);
	if (v.n == 8 && span_skip(&v, "rtcp-mux")) {
		m->audio.rtcp_mux = true;
	} else if (span_skip(&v, "rtcp:")) {
		if (!span_number(span_word(&v), 65535, &value))
			return EINVAL;
		m->audio.rtcp_port = (uint16_t)value;
	} else if (span_skip(&v, "ptime:")) {
		if (span_number(v, 200, &value) && value >= 10)
			m->audio.ptime = value;
	}
	return 0;
}

static int on_line(struct parser *p, size_t index, struct span v)
{
	struct section *section = p->in_media ? &p->media : &p->session;
	char type;

	if (v.n < 3 || v.s[1] != '=' || memchr(v.s, '\0', v.n))
		return EINVAL;
	type = v.s[0];
	v.s += 2;
	v.n -= 2;
	if (index == 0)
		return type == 'v' && v.n == 1 && *v.s == '0' ? 0 : EINVAL;
	if (index == 1)
		return type == 'o' ? 0 : EINVAL;
	switch (type) {
	case 'c': return on_connection(section, v);
	case 'm': return on_media(p, v);
	case 'a': return on_attribute(section, v);
	default: return type >= 'a' && type <= 'z' ? 0 : EINVAL;
	}
}

static bool ignorable(struct span line)
{
	return line.n == 0 || (line.n == 2 && memcmp(line.s, "s=", 2) == 0) ||
	       (line.n == 2 && memcmp(line.s, "i=", 2) == 0);
}

int sdp_parse(const char *text, size_t n, struct sdp *out)
{
	struct span rest = {text, n};
	struct parser p;
	size_t index = 0;
	int err = 0;

	memset(&p, 0, sizeof(p));
	memset(out, 0, sizeof(*out));
	p.out = out;
	out->audio_line = -1;
	if (n > SDP_SIZE_MAX)
		return E2BIG;
	while (rest.n && !err) {
		struct span line = span_line(&rest);

		if (!ignorable(line))
			err = on_line(&p, index++, line);
	}
	if (!err && index < 2)
		err = EINVAL;
	if (!err)
		err = finish_media(&p);
	if (out->audio_line >= 0)
		out->secure = false;
	return err;
}

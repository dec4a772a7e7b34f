/*
 * record_write.c - a leg and an event of a session as JSON
 *
 * Made to be read by people: addresses are "ip:port". Written straight as text:
 * it happens several times a call.
 */
#include "adapters/record.h"
#include "adapters/record_names.h"
#include "adapters/sockets.h"
#include "base/json_text.h"
#include "base/mask.h"
#include "base/strbuf.h"

const char *const record_directions[DIRECTIONS] = {
	[DIRECTION_BOTH] = "sendrecv",
	[DIRECTION_SEND] = "sendonly",
	[DIRECTION_RECEIVE] = "recvonly",
	[DIRECTION_NONE] = "inactive",
};
const char *const record_sources[SOURCES] = {
	[SOURCE_NOTHING] = "silence", [SOURCE_LEG] = "peer",
	[SOURCE_RINGING] = "tone",    [SOURCE_FILE] = "prompt",
	[SOURCE_LIST] = "plays",
};
const char *const record_kinds[KINDS] = {
	[PLAY_SILENCE] = "silence", [PLAY_URL] = "url",
	[PLAY_SPEECH] = "speech",   [PLAY_TONE] = "tone",
	[PLAY_PROMPT] = "prompt",   [PLAY_DIGITS] = "digits",
};

static void open_object(struct strbuf *b, const char *name)
{
	json_text_name(b, name);
	strbuf_addc(b, '{');
}

static void open_item(struct strbuf *b)
{
	json_text_next(b);
	strbuf_addc(b, '{');
}

static void write_address(struct strbuf *b, const char *name,
                          const struct address *a)
{
	char text[ADDRESS_TEXT];

	address_print(a, text);
	json_text_member(b, name, text);
}

static void write_sources(struct strbuf *b, const struct latch_offer *o)
{
	char text[ADDRESS_TEXT];

	json_text_name(b, "allowed");
	strbuf_addc(b, '[');
	for (size_t i = 0; i < o->n_sources; i++) {
		address_print_ip(&o->sources[i], text);
		json_text_next(b);
		json_text_string(b, text);
	}
	strbuf_addc(b, ']');
}

static void write_formats(struct strbuf *b, const struct leg_spec *spec)
{
	json_text_name(b, "codecs");
	strbuf_addc(b, '[');
	for (size_t i = 0; i < spec->n_formats; i++) {
		const struct format *f = &spec->formats[i];

		open_item(b);
		json_text_number(b, "type", f->type);
		json_text_member(b, "name", f->name);
		json_text_number(b, "rate", f->rate);
		json_text_number(b, "channels", f->channels);
		strbuf_addc(b, '}');
	}
	strbuf_addc(b, ']');
}

static void write_figures(struct strbuf *b, const struct session_leg *leg)
{
	struct figures f;

	session_figures(leg, &f);
	open_object(b, "figures");
	json_text_number(b, "received", f.received);
	json_text_number(b, "sent", f.sent);
	json_text_number(b, "expected", f.expected);
	json_text_number(b, "lost", f.lost);
	json_text_number(b, "dropped", f.dropped);
	json_text_number(b, "octets_received", f.octets_received);
	json_text_number(b, "octets_sent", f.octets_sent);
	json_text_number(b, "remote_lost", f.remote_lost);
	json_text_number(b, "jitter_us", f.jitter_us);
	json_text_number(b, "remote_jitter_us", f.remote_jitter_us);
	json_text_number(b, "round_trip_us", f.round_trip_us);
	json_text_number(b, "mos_x100", f.mos_x100);
	strbuf_addc(b, '}');
}

static void write_memory(struct strbuf *b, const struct leg_memory *m)
{
	open_object(b, "stream");
	json_text_number(b, "ssrc", m->ssrc);
	json_text_number(b, "seq", m->seq);
	json_text_number(b, "ts", m->ts);
	json_text_bool(b, "used", m->sent);
	if (m->pressed) {
		open_object(b, "key");
		json_text_number(b, "ssrc", m->press.ssrc);
		json_text_number(b, "ts", m->press.ts);
		json_text_number(b, "code", m->press.code);
		strbuf_addc(b, '}');
	}
	strbuf_addc(b, '}');
}

static void write_plays(struct strbuf *b, const struct plays *plays)
{
	struct strbuf shown = {0};

	json_text_name(b, "plays");
	strbuf_addc(b, '[');
	for (size_t i = 0; i < plays->n; i++) {
		const struct play *p = &plays->items[i];

		strbuf_reset(&shown);
		(void)mask_add(&shown, p->what);

		open_item(b);
		json_text_member(b, "kind", record_kinds[p->kind]);
		json_text_member(b, "what", strbuf_str(&shown));
		json_text_member(b, "voice", p->voice);
		json_text_member(b, "language", p->language);
		json_text_number(b, "length_ms", p->length_ms);
		json_text_number(b, "times", p->times);
		strbuf_addc(b, '}');
	}
	strbuf_addc(b, ']');
	strbuf_close(&shown);
}

/* Where it is in the list, for the next life of the process */
static void write_place(struct strbuf *b, const struct session_leg *leg)
{
	const struct leg_memory *m = &leg->memory;

	open_object(b, "place");
	json_text_number(b, "play_id", m->play_id);
	json_text_number(b, "item", m->place.item);
	json_text_number(b, "round", m->place.round);
	json_text_number(b, "ms", m->place.ms);
	json_text_number(b, "at_ms", leg->place_at_ms);
	strbuf_addc(b, '}');
}

static void write_play(struct strbuf *b, const struct session_leg *leg)
{
	if (leg->spec.source == SOURCE_LIST && leg->plays)
		write_plays(b, leg->plays);
	if (leg->memory.playing)
		write_place(b, leg);
	json_text_member(b, "play", leg->spec.play);
	json_text_number(b, "play_id", leg->spec.play_id);
	json_text_bool(b, "played", leg->played);
}

static void write_spec(struct strbuf *b, const struct leg_spec *s)
{
	json_text_number(b, "rtcp_port", s->rtcp_port);
	json_text_bool(b, "rtcp_mux", s->rtcp_mux);
	json_text_bool(b, "any_source", s->offer.any);
	json_text_bool(b, "loops", s->offer.loops);
	json_text_member(b, "direction", record_directions[s->direction]);
	json_text_member(b, "source", record_sources[s->source]);
	json_text_member(b, "peer", s->peer);
	json_text_bool(b, "want_digits", s->want_digits);
	json_text_bool(b, "keys_stop", s->keys_stop);
	json_text_bool(b, "expect_media", s->expect_media);
	json_text_bool(b, "detects", s->detects);
	json_text_number(b, "ptime", s->ptime_ms);
	write_address(b, "remote", &s->offer.sdp);
	write_sources(b, &s->offer);
	write_formats(b, s);
	json_text_member(b, "listen", s->listen.id);
}

char *record_leg(const struct session_leg *leg)
{
	struct strbuf b = {0};

	strbuf_addc(&b, '{');
	json_text_member(&b, "leg", leg->spec.name);
	json_text_bool(&b, "closed", leg->closed);
	json_text_number(&b, "port", leg->port);
	write_spec(&b, &leg->spec);
	write_address(&b, "latched", &leg->memory.source);
	write_address(&b, "latched_rtcp", &leg->memory.rtcp_source);
	write_memory(&b, &leg->memory);
	write_figures(&b, leg);
	write_play(&b, leg);
	strbuf_addc(&b, '}');
	return strbuf_take(&b);
}

char *record_event(const struct session_event *ev)
{
	char digit[2] = {ev->digit, '\0'};
	struct strbuf b = {0};

	strbuf_addc(&b, '{');
	json_text_number(&b, "sequence", ev->sequence);
	json_text_number(&b, "type", ev->type);
	json_text_member(&b, "leg", ev->leg);
	json_text_member(&b, "digit", digit);
	json_text_number(&b, "duration_ms", ev->duration_ms);
	json_text_number(&b, "play_id", ev->play_id);
	json_text_number(&b, "play_index", ev->play);
	json_text_number(&b, "error", ev->error);
	json_text_member(&b, "text", ev->why);
	if (ev->speech)
		json_text_member(&b, "speech", ev->speech);
	json_text_number(&b, "confidence", ev->confidence_x1000);
	json_text_bool(&b, "final", ev->final);
	if (ev->id[0]) {
		json_text_member(&b, "id", ev->id);
		json_text_number(&b, "ended_by", ev->ended_by);
		json_text_number(&b, "length_ms", ev->length_ms);
	}
	strbuf_addc(&b, '}');
	return strbuf_take(&b);
}

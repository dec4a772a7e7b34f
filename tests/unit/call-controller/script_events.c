/*
 * script_events.c - text to events
 */
#include "script_priv.h"

#include "core/control.h"
#include "core/sdp.h"
#include "unit/test.h"

struct words {
	char text[SCRIPT_TEXT_MAX];
	size_t n;
	char *v[16];
};

static int number(const char *s)
{
	return (int)strtol(s, NULL, 10);
}

static void split(struct words *w, const char *text)
{
	char *save = NULL;

	(void)snprintf(w->text, sizeof(w->text), "%s", text);
	for (char *word = strtok_r(w->text, " ", &save); word && w->n < 16;
	     word = strtok_r(NULL, " ", &save))
		w->v[w->n++] = word;
}

static const char *word(const struct words *w, size_t i)
{
	return i < w->n ? w->v[i] : "";
}

/* An SDP body with one codec, as a phone would send it. */
static const char *body_of(const char *codec, const char *direction)
{
	static char text[512];

	for (int c = 0; c < SDP_EVENT; c++) {
		const struct sdp_codec_info *info =
			sdp_codec_info((enum sdp_codec)c);

		if (strcmp(info->name, codec) != 0)
			continue;
		(void)snprintf(
			text, sizeof(text),
			"v=0\r\no=- 7 7 IN IP4 192.0.2.9\r\ns=-\r\n"
			"c=IN IP4 192.0.2.9\r\nt=0 0\r\n"
			"m=audio 5000 RTP/AVP %u\r\na=rtpmap:%u %s/%u%s\r\n"
			"%s%s%s",
			info->payload_type, info->payload_type, info->name,
			info->rate, info->channels > 1 ? "/2" : "",
			*direction ? "a=" : "", direction,
			*direction ? "\r\n" : "");
		return text;
	}
	return strcmp(codec, "broken") == 0 ? "v=0\r\nbroken" : NULL;
}

static void set_body(struct event *ev, const char *codec, const char *direction)
{
	ev->sdp = body_of(codec, direction);
	ev->sdp_len = ev->sdp ? strlen(ev->sdp) : 0;
}

static const char *const the_route[] = {"<sip:token@127.0.6.1:5061;lr>"};

static const struct target the_target = {
	.uri = "sip:target@192.0.2.2",
	.to = "",
	.from_host = "example.test",
	.routes = the_route,
	.n_routes = 1,
	.username = "",
	.password = "",
	.carrier = "",
	.source_ip = "192.0.2.2",
};

static void set_resolved(struct script *s, struct event *ev,
                         const struct words *w)
{
	static const char *const names[] = {
		"fork",        "failover",     "not-registered", "not-found",
		"no-user",     "other-tenant", "forbidden",      "no-carrier",
		"unavailable", "closed",       "no-country",     "trial"};
	static struct target targets[TARGETS_MAX];
	bool own = strcmp(word(w, 2), "own") == 0;

	ev->type = EV_RESOLVED;
	ev->child = s->sids[word(w, 1)[0] - 'A'];
	ev->resolution = RESOLVED_FAILOVER;
	for (size_t i = 0; i < N_OF(names); i++) {
		if (strcmp(names[i], word(w, 2)) == 0)
			ev->resolution = (enum resolution)i;
	}
	for (size_t i = 0; i < TARGETS_MAX; i++) {
		targets[i] = the_target;
		targets[i].own_number = own;
	}
	ev->targets = targets;
	ev->n_targets = own ? 1 : (size_t)number(word(w, 3));
	ev->caller_owned = strcmp(word(w, w->n - 1), "owned") == 0;
}

static void set_timer(struct event *ev, const struct words *w)
{
	static const char *const names[] = {"verb",    "limit",     "apology",
	                                    "call",    "recording", "glare",
	                                    "refresh", "expire",    "guard"};

	ev->type = EV_TIMER;
	ev->leg = w->n == 3 ? (unsigned)number(word(w, 1)) : 0;
	for (size_t i = 0; i < N_OF(names); i++) {
		if (strcmp(names[i], word(w, w->n - 1)) == 0)
			ev->timer = (enum timer_id)i;
	}
}

static void set_ports(struct script *s, struct event *ev, const char *ip)
{
	static struct media_port ports[16];

	ev->type = EV_MEDIA_READY;
	ev->version = s->version;
	for (size_t i = 0; i < s->n_media; i++) {
		ports[i] = (struct media_port){
			s->media[i], ip,
			(uint16_t)(10000 + 2 * (s->media[i][33] % 100)), 0};
	}
	ev->ports = ports;
	ev->n_ports = s->n_media;
}

static void set_status(struct event *ev, const struct words *w)
{
	static const char *contact;

	ev->status = (unsigned)number(word(w, 1));
	ev->tag = "tag";
	if (ev->status < 200) {
		ev->type = EV_LEG_PROVISIONAL;
		set_body(ev, word(w, 2), "");
	} else if (ev->status < 300) {
		ev->type = EV_LEG_ANSWERED;
		set_body(ev, word(w, 2), "");
		if (w->n > 3)
			ev->tag = word(w, 3);
	} else {
		ev->type = EV_LEG_FAILED;
		contact = word(w, 2);
		ev->contacts = &contact;
		ev->n_contacts = w->n > 2;
		if (ev->status == 422)
			ev->session_timer.min_se = 3600;
	}
}

static void set_leg_event(struct event *ev, const struct words *w)
{
	const char *what = word(w, 1);

	ev->leg = (unsigned)number(word(w, 0));
	ev->tag = "";
	if (*what >= '1' && *what <= '6') {
		set_status(ev, w);
	} else if (strcmp(what, "ack") == 0) {
		ev->type = EV_LEG_ACKED;
		set_body(ev, word(w, 2), "");
	} else if (strcmp(what, "noack") == 0) {
		ev->type = EV_LEG_ACK_TIMEOUT;
	} else if (strcmp(what, "cancel") == 0) {
		ev->type = EV_LEG_CANCELED;
	} else if (strcmp(what, "bye") == 0) {
		ev->type = EV_LEG_HUNGUP;
		ev->tag = word(w, 2);
	} else if (strcmp(what, "ended") == 0) {
		ev->type = EV_LEG_ENDED;
	} else if (strcmp(what, "offer") == 0 || strcmp(what, "update") == 0) {
		ev->type = EV_LEG_OFFER;
		ev->method = *what == 'u' ? METHOD_UPDATE : METHOD_INVITE;
		set_body(ev, word(w, 2), word(w, 3));
	} else if (strcmp(what, "reanswer") == 0) {
		ev->type = EV_LEG_REOFFER_ANSWERED;
		ev->status = 200;
		set_body(ev, word(w, 2), "");
	} else if (strcmp(what, "refail") == 0) {
		ev->type = EV_LEG_REOFFER_FAILED;
		ev->status = (unsigned)number(word(w, 2));
	} else {
		fail_msg("no such event: %s %s", word(w, 0), what);
	}
}

static void set_document(struct script *s, struct event *ev, const char *body)
{
	ev->type = EV_DOCUMENT;
	ev->fetch_id = s->fetch_id;
	ev->content_type = "text/xml";
	ev->body = body;
	ev->body_len = strlen(body);
}

static void restore(struct script *s)
{
	static const uint8_t seed[SEED_SIZE] = {9};
	struct fields *f = malloc(sizeof(*f));

	assert_non_null(f);
	fields_init(f);
	assert_int_equal(0, call_save(s->call, f));
	call_free(s->call);
	s->call = NULL;
	assert_int_equal(0, call_restore(&s->call, f, seed));
	fields_close(f);
	free(f);
}

static const char *after(const char *text, size_t words)
{
	for (; words && *text; words--) {
		text += strcspn(text, " ");
		text += *text == ' ';
	}
	return text;
}

static void set_recorded(struct event *ev, const struct words *w)
{
	static const char *const ways[] = {"stopped", "silence", "length",
	                                   "failed"};

	ev->type = EV_RECORDING_ENDED;
	ev->length_ms = (uint32_t)number(word(w, 1));
	for (size_t i = 0; i < N_OF(ways); i++) {
		if (strcmp(ways[i], word(w, 2)) == 0)
			ev->ended_by = (enum ended_by)i;
	}
	ev->error_code = ev->ended_by == ENDED_FAILED ? 16001 : 0;
}

/* What speech and recordings tell. @return false when it is another event */
static bool set_voice(struct script *s, struct event *ev, const char *text,
                      const struct words *w)
{
	const char *what = word(w, 0);

	if (strcmp(what, "word") == 0 || strcmp(what, "said") == 0 ||
	    strcmp(what, "hint") == 0) {
		ev->type = EV_SPEECH;
		ev->id = s->listen;
		ev->text = after(text, 2);
		ev->final = *what != 'w';
		ev->confidence = *what == 'h' ? 0 : 875;
	} else if (strcmp(what, "voice") == 0) {
		ev->type = EV_VOICE;
		ev->id = s->listen;
	} else if (strcmp(what, "deaf") == 0) {
		ev->type = EV_SPEECH_FAILED;
		ev->id = s->listen;
		ev->error_code = (uint32_t)number(word(w, 2));
	} else if (strcmp(what, "machine") == 0) {
		ev->type = EV_MACHINE;
		ev->text = after(text, 2);
	} else if (strcmp(what, "info") == 0) {
		ev->type = EV_DIGIT;
		ev->leg = (unsigned)number(word(w, 1));
		ev->sid = call_leg_sid(s->call, ev->leg);
		ev->digit = word(w, 2)[0];
	} else if (strcmp(what, "recording") == 0) {
		ev->type = EV_RECORDING_STARTED;
		ev->id = s->recording;
	} else if (strcmp(what, "recorded") == 0) {
		set_recorded(ev, w);
		ev->id = s->recording;
	} else if (strcmp(what, "transcribed") == 0) {
		ev->type = EV_TRANSCRIBED;
		ev->id = s->recording;
		ev->error_code = (uint32_t)number(word(w, 1));
		ev->text = after(text, 1);
	} else if (strcmp(what, "unplayed") == 0) {
		ev->type = EV_PLAY_FAILED;
		ev->play_id = s->play_id;
		ev->error_code = (uint32_t)number(word(w, 1));
	} else {
		return false;
	}
	if (ev->type == EV_SPEECH || ev->type == EV_SPEECH_FAILED ||
	    ev->type == EV_VOICE || ev->type == EV_MACHINE)
		ev->sid = s->sids[word(w, 1)[0] - 'A'];
	return true;
}

/* "change A url /x" */
static void set_change(struct script *s, struct event *ev, const char *text,
                       const struct words *w)
{
	static struct call_change change;
	static char url[128];
	const char *what = word(w, 2);

	change = (struct call_change){
		.sid = s->sids[word(w, 1)[0] - 'A'],
		.url = "",
		.method = "POST",
		.twiml = "",
		.status = "",
		.fallback_url = "",
		.fallback_method = "POST",
		.status_url = "",
		.status_method = "POST",
	};
	(void)snprintf(url, sizeof(url), "http://app.test%s", word(w, 3));
	if (strcmp(what, "url") == 0)
		change.url = url;
	else if (strcmp(what, "told") == 0)
		change.status_url = url;
	else if (strcmp(what, "twiml") == 0)
		change.twiml = after(text, 3);
	else if (strcmp(what, "limit") == 0)
		change.time_limit_s = (unsigned)number(word(w, 3));
	else
		change.status = strcmp(what, "canceled") == 0 ? "canceled"
		                                              : "completed";
	ev->type = EV_CHANGE;
	ev->change = &change;
}

/* "pause A skip" */
static void set_record(struct script *s, struct event *ev,
                       const struct words *w)
{
	static const struct recording_spec spec = {
		.source = "StartCallRecordingAPI",
		.status_url = "http://app.test/recorded",
		.status_method = "POST",
		.events = RECORDED_COMPLETED,
		.sid = "RE0000000000000000000000000000beef",
	};
	static struct recording_spec wish;
	static struct record_change record;
	const char *what = word(w, 0);

	record = (struct record_change){
		.sid = s->sids[word(w, 1)[0] - 'A'],
		.recording = "Twilio.CURRENT",
		.status = "",
		.skip = strcmp(word(w, 2), "skip") == 0,
	};
	if (strcmp(what, "record") == 0) {
		wish = spec;
		wish.call_sid = record.sid;
		record.spec = &wish;
		record.recording = spec.sid;
	} else if (strcmp(what, "pause") == 0) {
		record.status = "paused";
	} else {
		record.status = *what == 's' ? "stopped" : "in-progress";
	}
	ev->type = EV_RECORD;
	ev->record = &record;
}

/* What the API does. @return false when it is another event */
static bool set_control(struct script *s, struct event *ev, const char *text,
                        const struct words *w)
{
	const char *what = word(w, 0);
	struct call *other;

	if (strcmp(what, "change") == 0) {
		set_change(s, ev, text, w);
	} else if (strcmp(what, "record") == 0 || strcmp(what, "pause") == 0 ||
	           strcmp(what, "resume") == 0 || strcmp(what, "stop") == 0) {
		set_record(s, ev, w);
	} else if (strcmp(what, "detached") == 0) {
		assert_non_null(s->detached);
		other = s->call;
		s->call = s->detached;
		s->detached = other;
		s->version = 0;
		ev->type = EV_DETACHED;
	} else {
		return false;
	}
	return true;
}

static void set_any(struct script *s, struct event *ev, const char *text,
                    const struct words *w)
{
	static const struct {
		const char *name;
		enum event_type type;
	} simple[] = {
		{"start", EV_START},          {"end", EV_END},
		{"shutdown", EV_SHUTDOWN},    {"restored", EV_RESTORED},
		{"nomedia", EV_MEDIA_FAILED}, {"lost", EV_MEDIA_LOST},
		{"digit", EV_DIGIT},          {"silent", EV_MEDIA_TIMEOUT},
		{"played", EV_PLAY_DONE},
	};
	const char *what = word(w, 0);

	for (size_t i = 0; i < N_OF(simple); i++) {
		if (strcmp(simple[i].name, what) != 0)
			continue;
		ev->type = simple[i].type;
		ev->sid = w->n > 1 && word(w, 1)[0] >= 'A'
		                  ? s->sids[word(w, 1)[0] - 'A']
		                  : "";
		ev->digit = word(w, 2)[0];
		ev->play_id = *word(w, 1) > '0' && *word(w, 1) <= '9'
		                      ? (uint64_t)number(word(w, 1))
		                      : s->play_id;
		if (ev->type == EV_RESTORED)
			restore(s);
		return;
	}
	if (set_voice(s, ev, text, w) || set_control(s, ev, text, w))
		return;
	if (strcmp(what, "doc") == 0) {
		set_document(s, ev, text + 4);
	} else if (strcmp(what, "plain") == 0) {
		set_document(s, ev, after(text, 1));
		ev->content_type = "text/plain";
	} else if (strcmp(what, "audio") == 0) {
		set_document(s, ev, "");
		ev->content_type = "audio/mpeg";
	} else if (strcmp(what, "fail") == 0) {
		ev->type = EV_FETCH_FAILED;
		ev->fetch_id = s->fetch_id;
		ev->error_code = (uint32_t)number(word(w, 1));
	} else if (strcmp(what, "resolve") == 0) {
		set_resolved(s, ev, w);
	} else if (strcmp(what, "ready") == 0) {
		set_ports(s, ev, "198.51.100.1");
	} else if (strcmp(what, "moved") == 0) {
		set_ports(s, ev, "198.51.100.2");
	} else if (strcmp(what, "timer") == 0) {
		set_timer(ev, w);
	} else {
		set_leg_event(ev, w);
	}
}

bool script_event(struct script *s, const char *text, struct event *ev)
{
	struct words w = {.n = 0};

	split(&w, text);
	ev->now_ms = s->now;
	if (strcmp(word(&w, 0), "wait") == 0) {
		s->now += (uint64_t)number(word(&w, 1));
		return false;
	}
	set_any(s, ev, text, &w);
	return true;
}

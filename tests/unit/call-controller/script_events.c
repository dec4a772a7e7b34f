/*
 * script_events.c - text to events
 */
#include "script_priv.h"

#include "core/sdp.h"
#include "unit/test.h"

int script_number(const char *s)
{
	return (int)strtol(s, NULL, 10);
}

static void split(struct script_words *w, const char *text)
{
	char *save = NULL;

	(void)snprintf(w->text, sizeof(w->text), "%s", text);
	for (char *word = strtok_r(w->text, " ", &save); word && w->n < 16;
	     word = strtok_r(NULL, " ", &save))
		w->v[w->n++] = word;
}

const char *script_word(const struct script_words *w, size_t i)
{
	return i < w->n ? w->v[i] : "";
}

const char *script_after(const char *text, size_t words)
{
	for (; words && *text; words--) {
		text += strcspn(text, " ");
		text += *text == ' ';
	}
	return text;
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
                         const struct script_words *w)
{
	static const char *const names[] = {
		"fork",           "failover",
		"not-registered", "not-found",
		"no-user",        "other-tenant",
		"forbidden",      "no-carrier",
		"no-target",      "unavailable",
		"closed",         "no-country",
		"trial",          "no-emergency",
		"emergency-off",  "no-emergency-carrier"};
	static struct target targets[TARGETS_MAX];
	bool own = strcmp(script_word(w, 2), "own") == 0;
	bool carrier = strcmp(script_word(w, 2), "carrier") == 0;

	ev->type = EV_RESOLVED;
	ev->child = s->sids[script_word(w, 1)[0] - 'A'];
	ev->resolution = RESOLVED_FAILOVER;
	for (size_t i = 0; i < N_OF(names); i++) {
		if (strcmp(names[i], script_word(w, 2)) == 0)
			ev->resolution = (enum resolution)i;
	}
	for (size_t i = 0; i < TARGETS_MAX; i++) {
		targets[i] = the_target;
		targets[i].own_number = own;
		if (carrier)
			targets[i].carrier =
				"BY0123456789abcdef0123456789abcdef";
	}
	ev->targets = targets;
	ev->n_targets = own ? 1 : (size_t)script_number(script_word(w, 3));
	if (w->n > 4 && strcmp(script_word(w, w->n - 2), "as") == 0)
		ev->caller = script_word(w, w->n - 1);
	ev->caller_owned = strcmp(script_word(w, w->n - 1), "owned") == 0;
}

static void set_timer(struct event *ev, const struct script_words *w)
{
	static const char *const names[] = {"verb",    "limit",     "apology",
	                                    "call",    "recording", "glare",
	                                    "refresh", "expire",    "guard"};

	ev->type = EV_TIMER;
	ev->leg = w->n == 3 ? (unsigned)script_number(script_word(w, 1)) : 0;
	for (size_t i = 0; i < N_OF(names); i++) {
		if (strcmp(names[i], script_word(w, w->n - 1)) == 0)
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

static void set_status(struct event *ev, const struct script_words *w)
{
	static const char *contact;

	ev->status = (unsigned)script_number(script_word(w, 1));
	ev->tag = "tag";
	if (ev->status < 200) {
		ev->type = EV_LEG_PROVISIONAL;
		set_body(ev, script_word(w, 2), "");
	} else if (ev->status < 300) {
		ev->type = EV_LEG_ANSWERED;
		set_body(ev, script_word(w, 2), "");
		if (w->n > 3)
			ev->tag = script_word(w, 3);
	} else {
		ev->type = EV_LEG_FAILED;
		contact = script_word(w, 2);
		if (strcmp(contact, "nohost") == 0)
			ev->error_code = 13254;
		ev->contacts = &contact;
		ev->n_contacts = w->n > 2 && !ev->error_code;
		if (ev->status == 422)
			ev->session_timer.min_se = 3600;
	}
}

static void set_leg_event(struct event *ev, const struct script_words *w)
{
	const char *what = script_word(w, 1);

	ev->leg = (unsigned)script_number(script_word(w, 0));
	ev->tag = "";
	if (*what >= '1' && *what <= '6') {
		set_status(ev, w);
	} else if (strcmp(what, "ack") == 0) {
		ev->type = EV_LEG_ACKED;
		set_body(ev, script_word(w, 2), "");
	} else if (strcmp(what, "noack") == 0) {
		ev->type = EV_LEG_ACK_TIMEOUT;
	} else if (strcmp(what, "cancel") == 0) {
		ev->type = EV_LEG_CANCELED;
	} else if (strcmp(what, "bye") == 0) {
		ev->type = EV_LEG_HUNGUP;
		ev->tag = script_word(w, 2);
	} else if (strcmp(what, "ended") == 0) {
		ev->type = EV_LEG_ENDED;
	} else if (strcmp(what, "offer") == 0 || strcmp(what, "update") == 0) {
		ev->type = EV_LEG_OFFER;
		ev->method = *what == 'u' ? METHOD_UPDATE : METHOD_INVITE;
		set_body(ev, script_word(w, 2), script_word(w, 3));
	} else if (strcmp(what, "reanswer") == 0) {
		ev->type = EV_LEG_REOFFER_ANSWERED;
		ev->status = 200;
		set_body(ev, script_word(w, 2), "");
	} else if (strcmp(what, "refail") == 0) {
		ev->type = EV_LEG_REOFFER_FAILED;
		ev->status = (unsigned)script_number(script_word(w, 2));
	} else {
		fail_msg("no such event: %s %s", script_word(w, 0), what);
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

static void set_any(struct script *s, struct event *ev, const char *text,
                    const struct script_words *w)
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
	const char *what = script_word(w, 0);

	for (size_t i = 0; i < N_OF(simple); i++) {
		if (strcmp(simple[i].name, what) != 0)
			continue;
		ev->type = simple[i].type;
		ev->sid = w->n > 1 && script_word(w, 1)[0] >= 'A'
		                  ? s->sids[script_word(w, 1)[0] - 'A']
		                  : "";
		ev->digit = script_word(w, 2)[0];
		ev->play_id =
			*script_word(w, 1) > '0' && *script_word(w, 1) <= '9'
				? (uint64_t)script_number(script_word(w, 1))
				: s->play_id;
		if (ev->type == EV_RESTORED)
			restore(s);
		return;
	}
	if (script_voice(s, ev, text, w) || script_control(s, ev, text, w))
		return;
	if (strcmp(what, "doc") == 0) {
		set_document(s, ev, text + 4);
	} else if (strcmp(what, "plain") == 0) {
		set_document(s, ev, script_after(text, 1));
		ev->content_type = "text/plain";
	} else if (strcmp(what, "audio") == 0) {
		set_document(s, ev, "");
		ev->content_type = "audio/mpeg";
	} else if (strcmp(what, "fail") == 0) {
		ev->type = EV_FETCH_FAILED;
		ev->fetch_id = s->fetch_id;
		ev->error_code = (uint32_t)script_number(script_word(w, 1));
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
	struct script_words w = {.n = 0};

	split(&w, text);
	ev->now_ms = s->now;
	if (strcmp(script_word(&w, 0), "wait") == 0) {
		s->now += (uint64_t)script_number(script_word(&w, 1));
		return false;
	}
	set_any(s, ev, text, &w);
	return true;
}

/*
 * script.c - a call told as a table: what happens, and what the call does
 */
#include "script.h"

#include <stdarg.h>

#include "core/sdp.h"
#include "unit/test.h"

const char script_sdp[] =
	"v=0\r\no=phone 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\n"
	"t=0 0\r\nm=audio 4000 RTP/AVP 0 8 101\r\n"
	"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n";

#define COMMON                                                                 \
	.sid = "CA00000000000000000000000000000001",                           \
	.session = "MS00000000000000000000000000000001",                       \
	.seed = {1, 2, 3, 4, 5, 6, 7, 8, 9},                                   \
	.account_sid = "AC00000000000000000000000000000001",                   \
	.voice_url = "http://app.test/voice", .voice_method = "POST",          \
	.fallback_url = "", .fallback_method = "POST",                         \
	.status_callback_url = "http://app.test/status",                       \
	.status_callback_method = "POST", .callid = "callid@phone",            \
	.source_ip = "192.0.2.1", .max_forwards = 70

#define OFFER .sdp = script_sdp, .sdp_len = sizeof(script_sdp) - 1
#define PHONE                                                                  \
	.from = "sip:+15550000001@example.test",                               \
	.to = "sip:+15559999999@example.test", .domain = "example.test",       \
	.domain_sid = "SD00000000000000000000000000000001",                    \
	.username = "+15550000001"

const struct call_start script_phone = {
	COMMON,
	PHONE,
	OFFER,
};

const struct call_start script_late = {COMMON, PHONE};

const struct call_start script_carrier = {
	COMMON,
	OFFER,
	.from = "+15550000001",
	.to = "+15559999999",
	.carrier = "BY00000000000000000000000000000001",
};

void script_open(struct script *s, const struct call_start *start)
{
	memset(s, 0, sizeof(*s));
	s->now = 1000000000000;
	s->out = malloc(sizeof(*s->out));
	assert_non_null(s->out);
	commands_init(s->out);
	assert_int_equal(0, call_alloc(&s->call, start));
	memcpy(s->sids[s->n_sids++], start->sid, SID_SIZE);
}

void script_close(struct script *s)
{
	call_free(s->call);
	commands_close(s->out);
	free(s->out);
}

/* ---- commands to text ------------------------------------------------ */

static char letter(struct script *s, const char *sid)
{
	for (size_t i = 0; i < s->n_sids; i++) {
		if (strcmp(s->sids[i], sid) == 0)
			return (char)('A' + i);
	}
	assert_true(s->n_sids < SCRIPT_CHILDREN_MAX);
	(void)snprintf(s->sids[s->n_sids], SID_SIZE, "%s", sid);
	return (char)('A' + s->n_sids++);
}

__attribute__((format(printf, 2, 3))) static void put(struct script *s,
                                                      const char *fmt, ...)
{
	size_t n = strlen(s->text);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(s->text + n, sizeof(s->text) - n, fmt, ap);
	va_end(ap);
}

static void put_sdp(struct script *s, const char *text)
{
	struct sdp sdp;
	const char *separator = "+";

	if (!text)
		return;
	assert_int_equal(0, sdp_parse(text, strlen(text), &sdp));
	assert_int_not_equal(-1, sdp.audio_line);
	for (size_t i = 0; i < sdp.audio.n_formats; i++) {
		enum sdp_codec codec = sdp.audio.formats[i].codec;

		if (!sdp_codec_audio(codec))
			continue;
		put(s, "%s%s", separator, sdp_codec_info(codec)->name);
		separator = ",";
	}
	if (sdp.audio.direction == SDP_RECVONLY)
		put(s, "/recvonly");
	if (sdp.audio.direction == SDP_INACTIVE)
		put(s, "/inactive");
}

static void put_media(struct script *s, const struct cmd_media *media)
{
	static const char *const marks[] = {"", "/sendonly", "/recvonly",
	                                    "/inactive"};

	put(s, " media(");
	assert_true(media->version > s->version);
	s->version = media->version;
	s->n_media = media->n_legs;
	for (size_t i = 0; i < media->n_legs; i++) {
		const struct media_leg *leg = &media->legs[i];

		memcpy(s->media[i], leg->sid, SID_SIZE);
		put(s, "%s%c", i ? "," : "", letter(s, leg->sid));
		if (leg->source == SRC_PEER)
			put(s, "<%c", letter(s, leg->peer));
		if (leg->source == SRC_TONE || leg->source == SRC_PROMPT)
			put(s, "~%s", leg->play);
		if (leg->source == SRC_PROMPT)
			s->play_id = leg->play_id;
		put(s, "%s", marks[leg->direction]);
	}
	put(s, ")");
}

static const char *path_of(const char *url)
{
	const char *path = strchr(strstr(url, "://") + 3, '/');

	return path ? path : "/";
}

static const char *param_of(const struct cmd_fetch *fetch, const char *name)
{
	for (size_t i = 0; i < fetch->n_params; i++) {
		if (strcmp(fetch->params[i].name, name) == 0)
			return fetch->params[i].value;
	}
	return NULL;
}

static void put_timer(struct script *s, const struct command *cmd)
{
	static const char *const names[] = {"verb", "limit", "apology"};

	if (cmd->timer.timer > TIMER_APOLOGY)
		return;
	if (cmd->type == CMD_TIMER_START)
		put(s, " %s=%llu", names[cmd->timer.timer],
		    (unsigned long long)cmd->timer.ms / 1000);
	else
		put(s, " -%s", names[cmd->timer.timer]);
}

static void put_dialog(struct script *s, const struct command *cmd)
{
	put(s, " %u:%s", cmd->leg, command_name(cmd->type));
	if (*cmd->dialog.tag && strcmp(cmd->dialog.tag, "tag") != 0)
		put(s, "/%s", cmd->dialog.tag);
}

static void put_command(struct script *s, const struct command *cmd)
{
	switch (cmd->type) {
	case CMD_RESPOND:
		put(s, " %u:%u", cmd->leg, cmd->respond.status);
		put_sdp(s, cmd->respond.sdp);
		break;
	case CMD_INVITE:
		put(s, " %u:INVITE", cmd->leg);
		put_sdp(s, cmd->invite.sdp);
		break;
	case CMD_ACK:
	case CMD_CANCEL:
	case CMD_BYE: put_dialog(s, cmd); break;
	case CMD_REINVITE:
		put(s, " %u:REINVITE", cmd->leg);
		put_sdp(s, cmd->reinvite.sdp);
		break;
	case CMD_ANSWER:
		put(s, " %u:answer%u", cmd->leg, cmd->respond.status);
		put_sdp(s, cmd->respond.sdp);
		break;
	case CMD_MEDIA: put_media(s, &cmd->media); break;
	case CMD_MEDIA_RELEASE: put(s, " release"); break;
	case CMD_FETCH:
		s->fetch_id = cmd->fetch.id;
		put(s, " %s:%s", cmd->fetch.method, path_of(cmd->fetch.url));
		break;
	case CMD_NOTIFY:
		put(s, " tell:%s?%s", path_of(cmd->fetch.url),
		    param_of(&cmd->fetch, "CallStatus"));
		break;
	case CMD_RESOLVE:
		put(s, " resolve(%c,%s)", letter(s, cmd->resolve.child),
		    cmd->resolve.what);
		break;
	case CMD_TIMER_START:
	case CMD_TIMER_STOP: put_timer(s, cmd); break;
	case CMD_ALERT: put(s, " alert%u", cmd->alert.code); break;
	case CMD_STATUS:
		put(s, " %c=%s", letter(s, cmd->status.sid),
		    cmd->status.status);
		break;
	case CMD_SAVE: break;
	case CMD_END: put(s, " end"); break;
	}
}

/* ---- text to events -------------------------------------------------- */

struct words {
	char text[SCRIPT_TEXT_MAX];
	size_t n;
	char *v[16];
};

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
		"fork",         "failover",  "not-registered", "not-found",
		"other-tenant", "forbidden", "no-carrier",     "unavailable"};
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
	ev->n_targets = own ? 1 : (size_t)atoi(word(w, 3));
	ev->caller_owned = strcmp(word(w, w->n - 1), "owned") == 0;
}

static void set_timer(struct event *ev, const struct words *w)
{
	static const char *const names[] = {"verb",  "limit",   "apology",
	                                    "glare", "refresh", "expire",
	                                    "guard"};

	ev->type = EV_TIMER;
	ev->leg = w->n == 3 ? (unsigned)atoi(word(w, 1)) : 0;
	for (size_t i = 0; i < N_OF(names); i++) {
		if (strcmp(names[i], word(w, w->n - 1)) == 0)
			ev->timer = (enum timer_id)i;
	}
}

static void set_ports(struct script *s, struct event *ev)
{
	static struct media_port ports[16];

	ev->type = EV_MEDIA_READY;
	ev->version = s->version;
	for (size_t i = 0; i < s->n_media; i++) {
		ports[i] = (struct media_port){
			s->media[i], "198.51.100.1",
			(uint16_t)(10000 + 2 * (s->media[i][33] % 100)), 0};
	}
	ev->ports = ports;
	ev->n_ports = s->n_media;
}

static void set_status(struct event *ev, const struct words *w)
{
	static const char *contact;

	ev->status = (unsigned)atoi(word(w, 1));
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

	ev->leg = (unsigned)atoi(word(w, 0));
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
		ev->status = (unsigned)atoi(word(w, 2));
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

static void set_event(struct script *s, struct event *ev, const char *text,
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
		ev->sid = w->n > 1 ? s->sids[word(w, 1)[0] - 'A'] : "";
		ev->digit = word(w, 2)[0];
		ev->play_id = s->play_id;
		if (ev->type == EV_RESTORED)
			restore(s);
		return;
	}
	if (strcmp(what, "doc") == 0) {
		set_document(s, ev, text + 4);
	} else if (strcmp(what, "fail") == 0) {
		ev->type = EV_FETCH_FAILED;
		ev->fetch_id = s->fetch_id;
		ev->error_code = (uint32_t)atoi(word(w, 1));
	} else if (strcmp(what, "resolve") == 0) {
		set_resolved(s, ev, w);
	} else if (strcmp(what, "ready") == 0) {
		set_ports(s, ev);
	} else if (strcmp(what, "timer") == 0) {
		set_timer(ev, w);
	} else {
		set_leg_event(ev, w);
	}
}

const char *script_step(struct script *s, const char *text)
{
	struct event ev = {.now_ms = s->now};
	struct words w = {.n = 0};

	s->text[0] = '\0';
	split(&w, text);
	if (strcmp(word(&w, 0), "wait") == 0) {
		s->now += (uint64_t)atoi(word(&w, 1));
		return "";
	}
	set_event(s, &ev, text, &w);
	call_step(s->call, &ev, s->out);
	for (size_t i = 0; i < s->out->n; i++)
		put_command(s, &s->out->v[i]);
	return *s->text ? s->text + 1 : s->text;
}

void script_run(struct script *s, const struct script_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *got = script_step(s, rows[i].event);

		if (strcmp(got, rows[i].commands) != 0)
			fail_msg("row %zu \"%.60s\"\n  expected: %s\n"
			         "       got: %s",
			         i + 1, rows[i].event, rows[i].commands, got);
	}
}

const char *script_param(const struct script *s, const char *name)
{
	for (size_t i = s->out->n; i > 0; i--) {
		const struct command *cmd = &s->out->v[i - 1];

		if (cmd->type == CMD_FETCH || cmd->type == CMD_NOTIFY)
			return param_of(&cmd->fetch, name);
	}
	return NULL;
}

const struct command *script_command(const struct script *s,
                                     enum command_type type)
{
	for (size_t i = s->out->n; i > 0; i--) {
		if (s->out->v[i - 1].type == type)
			return &s->out->v[i - 1];
	}
	return NULL;
}

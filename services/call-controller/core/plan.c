/*
 * plan.c - the media session that the present state of a call wants
 *
 * Pure.
 */
#include "plan.h"

#include <string.h>

#include "dial.h"
#include "outgoing.h"
#include "state.h"

void plan_close(struct plan *p)
{
	arena_close(&p->arena);
}

void plan_ports(struct plan *p, const struct event *ev)
{
	p->n_ports = 0;
	for (size_t i = 0; i < ev->n_ports && i < PLAN_LEGS_MAX; i++) {
		struct plan_port *port = &p->ports[p->n_ports];
		const struct media_port *from = &ev->ports[i];

		if (strlen(from->sid) >= sizeof(port->sid) || !from->port ||
		    strlen(from->ip) >= sizeof(port->ip))
			continue;
		memcpy(port->sid, from->sid, strlen(from->sid) + 1);
		memcpy(port->ip, from->ip, strlen(from->ip) + 1);
		port->port = from->port;
		port->rtcp_port = from->rtcp_port;
		p->n_ports++;
	}
}

const struct plan_port *plan_port(const struct plan *p, const char *sid)
{
	for (size_t i = 0; i < p->n_ports; i++) {
		if (strcmp(p->ports[i].sid, sid) == 0)
			return &p->ports[i];
	}
	return NULL;
}

static void add_codec(struct media_codec *to, const struct sdp_format *from,
                      struct arena *a)
{
	const struct sdp_codec_info *info = sdp_codec_info(from->codec);

	to->payload_type = from->payload_type;
	to->name = info->name;
	to->rate = info->rate;
	to->channels = info->channels;
	to->fmtp = arena_str(a, from->fmtp);
}

/* What was negotiated with the peer of a leg */
static void describe(struct media_leg *to, const struct leg *leg,
                     struct arena *a)
{
	const struct offer *o = &leg->media;
	struct media_codec *codecs;
	const char **sources;

	to->any_source = leg->any_source;
	to->loops = leg->loops;
	if (*leg->source_ip && (sources = arena_alloc(a, sizeof(*sources)))) {
		sources[0] = arena_str(a, leg->source_ip);
		to->allowed_sources = sources;
		to->n_allowed_sources = 1;
	}
	if (!o->remote_known)
		return;
	to->remote_ip = arena_str(a, o->remote.ip);
	to->remote_port = o->remote.port;
	to->remote_rtcp_port = o->remote.rtcp_port;
	to->rtcp_mux = o->remote.rtcp_mux;
	to->ptime = o->remote.ptime;
	to->direction = offer_media_direction(o);
	to->expect_media = leg->state == LEG_CONFIRMED && !offer_held(o);
	codecs = o->agreed ? arena_alloc(a, 2 * sizeof(*codecs)) : NULL;
	if (!codecs)
		return;
	add_codec(&codecs[0], &o->audio, a);
	if (o->has_event)
		add_codec(&codecs[1], &o->event, a);
	to->codecs = codecs;
	to->n_codecs = o->has_event ? 2 : 1;
}

static struct media_leg *add(struct media_leg *legs, size_t *n, const char *sid,
                             struct arena *a)
{
	struct media_leg *leg = &legs[(*n)++];

	leg->sid = arena_str(a, sid);
	leg->remote_ip = leg->peer = leg->play = leg->listen.id = "";
	return leg;
}

static void play(struct media_leg *leg, enum media_source source,
                 const char *name)
{
	leg->source = source;
	leg->play = name;
}

static void hear(struct media_leg *leg, const char *sid, struct arena *a)
{
	leg->source = SRC_PEER;
	leg->peer = arena_str(a, sid);
}

/* What the running verb of a program wants */
static void perform(const struct call *call, const struct program *program,
                    struct media_leg *leg, struct arena *a)
{
	const struct audio *audio = &program->audio;

	leg->want_digits = leg->want_digits || audio->want_digits;
	if (!program_connected(call, program)) {
		leg->prefetch = audio->plays;
		leg->n_prefetch = audio->n_plays;
		return;
	}
	if (audio->n_plays) {
		leg->keys_stop = audio->keys_stop;
		leg->source = SRC_PLAYS;
		leg->plays = audio->plays;
		leg->n_plays = audio->n_plays;
		leg->play_id = audio->play_id;
		leg->prefetch = audio->prefetch;
		leg->n_prefetch = audio->n_prefetch;
	}
	if (audio->listen.id) {
		leg->listen = audio->listen;
		leg->listen.id = arena_str(a, audio->listen.id);
	}
}

static void apologise(const struct call *call, struct media_leg *leg)
{
	static const struct play spoken = {
		.kind = PLAY_SPEECH,
		.what = "We are sorry, an application error has occurred. "
			"Goodbye.",
		.voice = "",
		.language = "en-US",
		.times = 1,
	};

	if (!program_connected(call, &call->program)) {
		leg->prefetch = &spoken;
		leg->n_prefetch = 1;
		return;
	}
	leg->play_id = call->plan.play_id;
	if (call->apology_packaged) { /* speech is away */
		play(leg, SRC_PROMPT, "apology");
		return;
	}
	leg->source = SRC_PLAYS;
	leg->plays = &spoken;
	leg->n_plays = 1;
}

static void plan_parent(const struct call *call, struct media_leg *leg,
                        struct arena *a)
{
	const struct dial *dial = call->dial;
	const struct leg *early = dial_early_leg(call);

	describe(leg, call->parent, a);
	if (call->outgoing && call->outgoing->child.detecting)
		leg->detect = call->outgoing->child.noun.detect;
	if (call->apology) {
		apologise(call, leg);
	} else if (dial && dial->state == DIAL_BRIDGED && dial->winner) {
		hear(leg, dial->winner->sid, a);
		leg->want_digits = dial->spec.hangup_on_star;
		dial_keys_plan(call, true, leg, a);
	} else if (early) {
		hear(leg, early->sid, a);
	} else if (dial && dial->state == DIAL_RINGING &&
	           (call->answer_wanted || call->parent->answer_sent ||
	            call_parent_answered(call))) {
		play(leg, SRC_TONE, arena_str(a, dial->spec.ring_tone));
	} else if (!dial) {
		perform(call, &call->program, leg, a);
	}
}

static void plan_child(const struct call *call, const struct child *child,
                       struct media_leg *leg, struct arena *a)
{
	const struct leg *early = dial_early_leg(call);
	const struct leg *from = NULL;

	if (child->leg)
		from = call_find_leg(call, child->leg);
	else if (early && strcmp(early->sid, child->sid) == 0)
		from = early;
	if (from)
		describe(leg, from, a);
	if (child->program)
		perform(call, child->program, leg, a);
	if (child->detecting)
		leg->detect = child->noun.detect;
	if (child != call->dial->winner || !call->parent)
		return;
	hear(leg, call->facts.sid, a);
	dial_keys_plan(call, false, leg, a);
}

static size_t build(const struct call *call, struct media_leg *legs,
                    struct arena *a)
{
	const struct dial *dial = call->dial;
	bool children = false;
	size_t n = 0;

	for (size_t i = 0; dial && i < dial->n_children; i++)
		children = children || child_live(&dial->children[i]);
	if (call->parent && call->parent->state < LEG_TERMINATING &&
	    (children || call->answer_wanted || call_parent_answered(call)))
		plan_parent(call, add(legs, &n, call->facts.sid, a), a);
	else if (call->outgoing && child_live(&call->outgoing->child))
		(void)add(legs, &n, call->facts.sid, a);
	for (size_t i = 0; children && i < dial->n_children; i++) {
		const struct child *child = &dial->children[i];

		if (child_live(child))
			plan_child(call, child, add(legs, &n, child->sid, a),
			           a);
	}
	return n;
}

static bool same_codecs(const struct media_leg *a, const struct media_leg *b)
{
	if (a->n_codecs != b->n_codecs)
		return false;
	for (size_t i = 0; i < a->n_codecs; i++) {
		if (a->codecs[i].payload_type != b->codecs[i].payload_type ||
		    a->codecs[i].rate != b->codecs[i].rate ||
		    strcmp(a->codecs[i].name, b->codecs[i].name) != 0 ||
		    strcmp(a->codecs[i].fmtp, b->codecs[i].fmtp) != 0)
			return false;
	}
	return true;
}

static bool same_sources(const struct media_leg *a, const struct media_leg *b)
{
	if (a->n_allowed_sources != b->n_allowed_sources)
		return false;
	return a->n_allowed_sources == 0 ||
	       strcmp(a->allowed_sources[0], b->allowed_sources[0]) == 0;
}

static bool same_leg(const struct media_leg *a, const struct media_leg *b)
{
	return strcmp(a->sid, b->sid) == 0 &&
	       strcmp(a->remote_ip, b->remote_ip) == 0 &&
	       a->remote_port == b->remote_port &&
	       a->remote_rtcp_port == b->remote_rtcp_port &&
	       a->rtcp_mux == b->rtcp_mux && same_sources(a, b) &&
	       a->any_source == b->any_source && a->loops == b->loops &&
	       same_codecs(a, b) && a->direction == b->direction &&
	       a->source == b->source && strcmp(a->peer, b->peer) == 0 &&
	       strcmp(a->play, b->play) == 0 && a->play_id == b->play_id &&
	       a->n_plays == b->n_plays && a->n_prefetch == b->n_prefetch &&
	       strcmp(a->listen.id, b->listen.id) == 0 &&
	       a->detect.wanted == b->detect.wanted &&
	       a->want_digits == b->want_digits &&
	       a->keys_stop == b->keys_stop && a->ptime == b->ptime &&
	       a->expect_media == b->expect_media;
}

/* Two bits for each recording: does it pause, and is that skipped? */
static unsigned pauses_of(const struct cmd_media *put)
{
	unsigned bits = 0;

	for (size_t i = 0; i < put->n_recordings; i++) {
		bits = bits << 2 | (put->recordings[i].paused ? 2U : 0) |
		       (put->recordings[i].pause_skips ? 1U : 0);
	}
	return bits;
}

/* Recordings are only added at the end and taken away. */
static bool same_recordings(const struct plan *p, const struct cmd_media *put)
{
	size_t n = put->n_recordings;

	return n == p->n_recordings && p->pauses == pauses_of(put) &&
	       (n == 0 || strcmp(put->recordings[n - 1].sid, p->newest) == 0);
}

static bool changed(const struct plan *p, const struct cmd_media *put)
{
	if (p->again || put->n_legs != p->n_last || !same_recordings(p, put))
		return true;
	for (size_t i = 0; i < put->n_legs; i++) {
		if (!same_leg(&p->last[i], &put->legs[i]))
			return true;
	}
	return false;
}

/* Remember what is put now: @p legs, in @p arena. */
static void keep(struct plan *p, const struct arena *arena,
                 const struct cmd_media *put)
{
	size_t n = put->n_recordings;

	arena_close(&p->arena);
	p->arena = *arena;
	p->last = put->legs;
	p->n_last = put->n_legs;
	p->n_recordings = n;
	p->pauses = pauses_of(put);
	if (n)
		memcpy(p->newest, put->recordings[n - 1].sid, SID_SIZE);
	p->again = false;
	p->put = true;
}

void plan_settle(struct call *call, struct step *st)
{
	struct plan *p = &call->plan;
	struct arena arena = {.blocks = NULL};
	struct media_leg *legs =
		arena_alloc(&arena, PLAN_LEGS_MAX * sizeof(*legs));
	struct cmd_media put = {
		.session = call->facts.session,
		.account_sid = call->facts.account_sid,
		.legs = legs,
	};

	if (!legs) {
		st->out->failed = true;
		return;
	}
	put.n_legs = build(call, legs, &arena);
	put.recordings = recordings_wanted(call, &arena, &put.n_recordings);
	if (arena.failed)
		st->out->failed = true;
	if (p->failed || (put.n_legs == 0 && !p->put) || !changed(p, &put)) {
		arena_close(&arena);
		return;
	}
	keep(p, &arena, &put);
	put.version = ++p->version;
	commands_add(st->out, CMD_MEDIA, 0)->media = put;
}

void plan_stop(struct call *call, struct step *st)
{
	struct plan *p = &call->plan;
	struct media_leg *legs =
		arena_alloc(&st->out->arena, (p->n_last + 1) * sizeof(*legs));
	struct cmd_media *media;

	if (!p->put || !legs)
		return;
	for (size_t i = 0; i < p->n_last; i++) {
		legs[i] = p->last[i];
		legs[i].source = SRC_SILENCE;
		legs[i].n_plays = legs[i].n_prefetch = 0;
		legs[i].listen.id = "";
		legs[i].detect.wanted = legs[i].expect_media = false;
	}
	media = &commands_add(st->out, CMD_MEDIA, 0)->media;
	media->session = call->facts.session;
	media->account_sid = call->facts.account_sid;
	media->version = ++p->version;
	media->legs = legs;
	media->n_legs = p->n_last;
}

void plan_release(struct call *call, struct step *st)
{
	struct command *cmd;

	if (!call->plan.put)
		return;
	call->plan.put = false;
	call->plan.n_ports = 0;
	cmd = commands_add(st->out, CMD_MEDIA_RELEASE, 0);
	cmd->media.session = call->facts.session;
	cmd->media.version = ++call->plan.version;
}

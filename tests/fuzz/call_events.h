/*
 * call_events.h - events out of bytes, possible or not, for the call targets
 */
#ifndef FUZZ_CALL_EVENTS_H
#define FUZZ_CALL_EVENTS_H

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/call.h"

/** The bytes that are left */
struct input {
	const uint8_t *p;
	size_t n;
};

static inline uint8_t next_byte(struct input *in)
{
	if (in->n == 0)
		return 0;
	in->n--;
	return *in->p++;
}

static const char sample_sdp[] =
	"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\n"
	"t=0 0\r\nm=audio 4000 RTP/AVP 8 0 96 101\r\n"
	"a=rtpmap:96 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n";

static const char *const sample_routes[] = {"<sip:t@192.0.2.5;lr>"};

static const struct target sample_target = {
	.uri = "sip:k@192.0.2.2",
	.to = "",
	.from_host = "example.test",
	.routes = sample_routes,
	.n_routes = 1,
	.username = "",
	.password = "",
	.carrier = "",
	.source_ip = "",
};

/* What the last commands made possible to say */
struct heard {
	uint64_t fetch_id, version, play_id;
	char child[SID_SIZE];
	struct media_port ports[16];
	size_t n_ports;
	char sids[16][SID_SIZE];
	char listen[SID_SIZE], recording[SID_SIZE];
};

static inline void hear_media(struct heard *h, const struct cmd_media *media)
{
	h->version = media->version;
	h->n_ports = media->n_legs;
	for (size_t i = 0; i < media->n_legs; i++) {
		memcpy(h->sids[i], media->legs[i].sid, SID_SIZE);
		h->ports[i] = (struct media_port){h->sids[i], "198.51.100.1",
		                                  (uint16_t)(2000 + i), 0};
		h->play_id = media->legs[i].play_id;
		if (*media->legs[i].listen.id)
			memcpy(h->listen, media->legs[i].listen.id, SID_SIZE);
	}
	for (size_t i = 0; i < media->n_recordings; i++)
		memcpy(h->recording, media->recordings[i].sid, SID_SIZE);
}

static inline void hear(struct heard *h, const struct commands *out)
{
	assert(!out->failed);
	for (size_t i = 0; i < out->n; i++) {
		const struct command *cmd = &out->v[i];

		if (cmd->type == CMD_FETCH)
			h->fetch_id = cmd->fetch.id;
		else if (cmd->type == CMD_RESOLVE)
			memcpy(h->child, cmd->resolve.child, SID_SIZE);
		else if (cmd->type == CMD_MEDIA)
			hear_media(h, &cmd->media);
		assert(cmd->type != CMD_END || i == out->n - 1);
	}
}

/** Make an event: any type, on any leg, with a likely payload. */
static inline struct event next_event(struct input *in, const struct heard *h,
                                      const char *document)
{
	static const char *contact = "sip:c@192.0.2.7";
	static struct target targets[TARGETS_MAX];
	static uint64_t now = 1000000;
	uint8_t a = next_byte(in), b = next_byte(in), c = next_byte(in);
	struct event ev = {
		.type = (enum event_type)(a % (EV_RECORDING_ENDED + 1)),
		.leg = b % 16,
		.now_ms = now += c,
		.timer = (enum timer_id)(c % (TIMER_LEG_GUARD + 1)),
		.url = "http://app.test/d",
		.content_type = "text/xml",
		.body = document,
		.body_len = strlen(document),
		.fetch_id = h->fetch_id,
		.child = h->child,
		.resolution = (enum resolution)(
			b % (RESOLVED_NO_EMERGENCY_CARRIER + 1)),
		.caller = c % 3 ? "" : "+12125550100",
		.caller_owned = c % 2,
		.targets = targets,
		.n_targets = c % 4,
		.tag = c % 8 ? "tag" : "other",
		.sdp = c % 5 ? sample_sdp : NULL,
		.sdp_len = sizeof(sample_sdp) - 1,
		.contacts = &contact,
		.n_contacts = 1,
		.method = c % 3 ? METHOD_INVITE : METHOD_UPDATE,
		.session_timer = {.expires = c * 10U, .min_se = b * 20U},
		.sid = h->sids[b % 3],
		.version = h->version,
		.ports = h->ports,
		.n_ports = h->n_ports,
		.digit = "*#0123A"[c % 7],
		.play_id = h->play_id,
		.id = b % 2 ? h->listen : h->recording,
		.text = c % 3 ? "human" : "",
		.error_code = c % 4 ? 0 : 12400,
		.final = c % 2,
		.ended_by = (enum ended_by)(b % (ENDED_FAILED + 1)),
		.length_ms = c * 100U,
	};

	for (size_t i = 0; i < TARGETS_MAX; i++)
		targets[i] = sample_target;
	ev.status = 300 + c * 2U;
	if (ev.type == EV_LEG_PROVISIONAL)
		ev.status = 100 + c % 100;
	return ev;
}

static const struct call_start sample_start = {
	.sid = "CA00000000000000000000000000000001",
	.session = "MS00000000000000000000000000000001",
	.seed = {1},
	.account_sid = "AC00000000000000000000000000000001",
	.public_url = "http://api.test",
	.voice_url = "http://app.test/voice",
	.fallback_url = "http://app.test/fallback",
	.status_callback_url = "http://app.test/status",
	.from = "sip:+15550000001@example.test",
	.to = "sip:+15559999999@example.test",
	.domain = "example.test",
	.callid = "callid",
	.source_ip = "192.0.2.1",
	.sdp = sample_sdp,
	.sdp_len = sizeof(sample_sdp) - 1,
	.max_forwards = 70,
};

/** Save and restore in the middle of everything: it must come back. */
static inline struct call *adopt(struct call *call)
{
	static const uint8_t seed[SEED_SIZE] = {5};
	static struct fields f;
	struct call *again;

	assert(call_save(call, &f) == 0);
	if (call_restore(&again, &f, seed) != 0)
		abort();
	fields_close(&f);
	call_free(call);
	return again;
}

/** Run a call on @p in until it ends or the input does. */
static inline void run_call(struct input *in, const char *const *documents,
                            size_t n_documents)
{
	static struct commands out;
	static struct heard h;
	struct event ev = {.type = EV_START, .now_ms = 1};
	struct call *call;

	memset(&h, 0, sizeof(h));
	if (call_alloc(&call, &sample_start) != 0)
		abort();
	call_step(call, &ev, &out);
	hear(&h, &out);
	while (in->n && !call_ended(call)) {
		ev = next_event(in, &h, documents[next_byte(in) % n_documents]);
		if (ev.type == EV_RESTORED)
			call = adopt(call);
		call_step(call, &ev, &out);
		hear(&h, &out);
	}
	if (call_ended(call)) {
		call_step(call, &ev, &out);
		assert(out.n == 0);
	}
	call_free(call);
	commands_close(&out);
}

#endif

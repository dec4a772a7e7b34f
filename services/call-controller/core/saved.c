/*
 * saved.c - which fields of a call are written down, under which names
 *
 * Pure.
 */
#include "saved.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dial.h"
#include "outgoing.h"
#include "state.h"

#define ROW(name, type, max, of, field)                                        \
	{                                                                      \
		name, type, max, offsetof(struct of, field),                   \
			sizeof(((struct of *)0)->field)                        \
	}
#define CALL(name, type, field)      ROW(name, type, 0, call, field)
#define LEG(name, type, field)       ROW(name, type, 0, leg, field)
#define CHILD(name, type, field)     ROW(name, type, 0, child, field)
#define DIAL(name, type, field)      ROW(name, type, 0, dial, field)
#define PROGRAM(name, type, field)   ROW(name, type, 0, program, field)
#define RECORDING(name, type, field) ROW(name, type, 0, recording, field)
#define OUTGOING(name, type, field)  ROW(name, type, 0, outgoing, field)
#define END_OF_TABLE                                                           \
	{                                                                      \
		NULL, SAVED_STRING, 0, 0, 0                                    \
	}

_Static_assert(sizeof(enum call_state) == 4, "enums are kept as SAVED_U32");

// clang-format off
const struct saved saved_call[] = {
	CALL("sid",                    SAVED_STRING, facts.sid),
	CALL("session",                SAVED_STRING, facts.session),
	CALL("account_sid",            SAVED_STRING, facts.account_sid),
	CALL("public_url",             SAVED_STRING, facts.public_url),
	CALL("direction",              SAVED_STRING, facts.direction),
	CALL("parent_call_sid",        SAVED_STRING, facts.parent_sid),
	CALL("from",                   SAVED_STRING, facts.from),
	CALL("to",                     SAVED_STRING, facts.to),
	CALL("voice_url",              SAVED_STRING, facts.voice_url),
	CALL("voice_method",           SAVED_STRING, facts.voice_method),
	CALL("fallback_url",           SAVED_STRING, facts.fallback_url),
	CALL("fallback_method",        SAVED_STRING, facts.fallback_method),
	CALL("status_callback_url",    SAVED_STRING, facts.status_callback_url),
	CALL("status_callback_method", SAVED_STRING, facts.status_callback_method),
	CALL("caller_name",            SAVED_STRING, facts.caller_name),
	CALL("phone_number_sid",       SAVED_STRING, facts.number_sid),
	CALL("forwarded_from",         SAVED_STRING, facts.forwarded_from),
	CALL("domain",                 SAVED_STRING, facts.domain),
	CALL("domain_sid",             SAVED_STRING, facts.domain_sid),
	CALL("username",               SAVED_STRING, facts.username),
	CALL("default_caller_id",      SAVED_STRING, facts.default_caller_id),
	CALL("carrier",                SAVED_STRING, facts.carrier),
	CALL("sip_call_id",            SAVED_STRING, facts.callid),
	CALL("source_ip",              SAVED_STRING, facts.source_ip),
	CALL("max_forwards",           SAVED_U32,    facts.max_forwards),
	CALL("depth",                  SAVED_U32,    facts.depth),
	CALL("tree_used",              SAVED_U32,    facts.tree_used),
	CALL("limit_s",                SAVED_U32,    facts.limit_s),
	ROW("call_state", SAVED_U32, CALL_ENDING, call, state),
	CALL("call_status",            SAVED_STATUS, status),
	CALL("sip_status",             SAVED_U32,    sip_status),
	CALL("created_ms",             SAVED_U64,    created_ms),
	CALL("start_ms",               SAVED_U64,    start_ms),
	CALL("answer_ms",              SAVED_U64,    answer_ms),
	CALL("end_ms",                 SAVED_U64,    end_ms),
	CALL("recorded",               SAVED_BOOL,   recorded),
	CALL("hung_up",                SAVED_BOOL,   hung_up),
	CALL("parent_leg",             SAVED_U32,    parent_leg),
	CALL("call_timer_at_ms",       SAVED_U64,    call_at),
	CALL("notified",               SAVED_U32,    notified),
	CALL("keys",                   SAVED_U64,    keys),
	CALL("fetches",                SAVED_U64,    fetches),
	CALL("last_leg",               SAVED_U32,    last_leg),
	CALL("answer_wanted",          SAVED_BOOL,   answer_wanted),
	CALL("apology",                SAVED_BOOL,   apology),
	CALL("apology_packaged",       SAVED_BOOL,   apology_packaged),
	CALL("apology_at_ms",          SAVED_U64,    apology_at),
	CALL("hangup_wanted",          SAVED_BOOL,   hangup_wanted),
	CALL("dialed",                 SAVED_BOOL,   dialed),
	CALL("last_dial_status",       SAVED_STATUS, dial_status),
	CALL("last_dial_sip_status",   SAVED_U32,    dial_sip),
	CALL("last_dial_error_code",   SAVED_U32,    dial_refusal.code),
	CALL("last_dial_error_text",   SAVED_STRING, dial_refusal.text),
	CALL("media_version",          SAVED_U64,    plan.version),
	CALL("media_put",              SAVED_BOOL,   plan.put),
	CALL("media_failed",           SAVED_BOOL,   plan.failed),
	CALL("play_id",                SAVED_U64,    plan.play_id),
	CALL("recordings_end_at_ms",   SAVED_U64,    recordings.end_at),
	END_OF_TABLE
};

const struct saved saved_leg[] = {
	LEG("call_sid",         SAVED_CHARS,  sid),
	LEG("sip_call_id",      SAVED_CHARS,  callid),
	LEG("caller_side",      SAVED_BOOL,   uas),
	LEG("state",            SAVED_LEG,    state),
	LEG("sip_status",       SAVED_U32,    status),
	LEG("provisional",      SAVED_BOOL,   provisional),
	LEG("canceled",         SAVED_BOOL,   canceled),
	LEG("ack_pending",      SAVED_BOOL,   ack_pending),
	LEG("bye_held",         SAVED_BOOL,   bye_held),
	LEG("answer_in_ack",    SAVED_BOOL,   answer_in_ack),
	LEG("answer_sent",      SAVED_BOOL,   answer_sent),
	LEG("early_media",      SAVED_BOOL,   early_media),
	LEG("tag",              SAVED_STRING, tag),
	LEG("source_ip",        SAVED_STRING, source_ip),
	LEG("any_source",       SAVED_BOOL,   any_source),
	LEG("loops",            SAVED_BOOL,   loops),
	LEG("session_expires",  SAVED_U32,    refresh.expires),
	LEG("session_refresher", SAVED_BOOL,  refresh.ours),
	LEG("refresh_at_ms",    SAVED_U64,    refresh_at),
	LEG("expire_at_ms",     SAVED_U64,    expire_at),
	LEG("guard_at_ms",      SAVED_U64,    guard_at),
	LEG("sdp_id",           SAVED_U64,    media.id),
	LEG("sdp_version",      SAVED_U64,    media.version),
	LEG("sdp_sum",          SAVED_U64,    media.said),
	LEG("local_ip",         SAVED_CHARS,  media.ip),
	LEG("local_port",       SAVED_U16,    media.port),
	LEG("local_rtcp_port",  SAVED_U16,    media.rtcp_port),
	LEG("only_ip4",         SAVED_BOOL,   media.only_ip4),
	LEG("remote_known",     SAVED_BOOL,   media.remote_known),
	LEG("remote_answered",  SAVED_BOOL,   media.remote_answered),
	LEG("remote_ip",        SAVED_CHARS,  media.remote.ip),
	LEG("remote_port",      SAVED_U16,    media.remote.port),
	LEG("remote_rtcp_port", SAVED_U16,    media.remote.rtcp_port),
	LEG("rtcp_mux",         SAVED_BOOL,   media.remote.rtcp_mux),
	LEG("remote_no_address", SAVED_BOOL,  media.remote.no_address),
	LEG("ptime",            SAVED_U32,    media.remote.ptime),
	LEG("codec_agreed",     SAVED_BOOL,   media.agreed),
	LEG("event_agreed",     SAVED_BOOL,   media.has_event),
	ROW("remote_direction", SAVED_U32, SDP_INACTIVE, leg, media.remote.direction),
	END_OF_TABLE
};

const struct saved saved_twiml[] = {
	CALL("limit_timer_at_ms",  SAVED_U64, limit_at),
	END_OF_TABLE
};

const struct saved saved_program[] = {
	PROGRAM("documents_in_a_row", SAVED_U32,    interp.in_a_row),
	PROGRAM("verb_timer_at_ms",   SAVED_U64,    verb_at),
	PROGRAM("play_id",            SAVED_U64,    audio.play_id),
	PROGRAM("fetch_id",           SAVED_U64,    fetch.id),
	PROGRAM("fetch_pending",      SAVED_BOOL,   fetch.pending),
	PROGRAM("fetch_is_fallback",  SAVED_BOOL,   fetch.fallback),
	PROGRAM("fetch_url",          SAVED_STRING, fetch.url),
	PROGRAM("fetch_method",       SAVED_STRING, fetch.method),
	PROGRAM("fetch_error_code",   SAVED_U32,    fetch.error_code),
	PROGRAM("fetch_error_url",    SAVED_STRING, fetch.error_url),
	END_OF_TABLE
};

const struct saved saved_recording[] = {
	RECORDING("sid",             SAVED_CHARS,  sid),
	RECORDING("call_sid",        SAVED_CHARS,  call_sid),
	RECORDING("paused",          SAVED_BOOL,   paused),
	RECORDING("pause_skips",     SAVED_BOOL,   pause_skips),
	ROW("state", SAVED_U32, RECORDING_ENDED, recording, state),
	RECORDING("source",          SAVED_STRING, spec.source),
	ROW("track", SAVED_U32, TRACK_OUTBOUND, recording, spec.track),
	RECORDING("dual",            SAVED_BOOL,   spec.dual),
	RECORDING("beep",            SAVED_BOOL,   spec.beep),
	RECORDING("trim",            SAVED_BOOL,   spec.trim),
	RECORDING("max_ms",          SAVED_U32,    spec.max_ms),
	RECORDING("silence_ms",      SAVED_U32,    spec.silence_ms),
	RECORDING("status_url",      SAVED_STRING, spec.status_url),
	RECORDING("status_method",   SAVED_STRING, spec.status_method),
	RECORDING("events",          SAVED_U32,    spec.events),
	RECORDING("transcribe",      SAVED_BOOL,   spec.transcribe),
	RECORDING("transcribe_url",  SAVED_STRING, spec.transcribe_url),
	RECORDING("transcription",   SAVED_CHARS,  transcription),
	RECORDING("transcribe_ms",   SAVED_U64,    transcribe_ms),
	RECORDING("action_url",      SAVED_STRING, action_url),
	RECORDING("action_method",   SAVED_STRING, action_method),
	RECORDING("start_ms",        SAVED_U64,    start_ms),
	RECORDING("length_ms",       SAVED_U32,    length_ms),
	RECORDING("error_code",      SAVED_U32,    error_code),
	END_OF_TABLE
};

const struct saved saved_dial[] = {
	ROW("state", SAVED_U32, DIAL_BRIDGED, dial, state),
	DIAL("bridged_ms",   SAVED_U64,  bridged_ms),
	DIAL("recording",    SAVED_CHARS, recording),
	DIAL("align_wanted", SAVED_BOOL, align_wanted),
	END_OF_TABLE
};

const struct saved saved_child[] = {
	CHILD("sid",        SAVED_CHARS,  sid),
	ROW("state", SAVED_U32, CHILD_DONE, child, state),
	CHILD("status",     SAVED_STATUS, status),
	CHILD("sip_status", SAVED_U32,    sip),
	CHILD("tree_share", SAVED_U32,    tree_share),
	CHILD("error_code", SAVED_U32,    refusal.code),
	CHILD("error_text", SAVED_STRING, refusal.text),
	CHILD("to",         SAVED_STRING, noun.what),
	CHILD("caller",     SAVED_STRING, caller),
	CHILD("leg",        SAVED_U32,    leg),
	CHILD("carrier",    SAVED_STRING, carrier),
	CHILD("sip_call_id", SAVED_STRING, callid),
	CHILD("notified",   SAVED_U32,    notified),
	CHILD("screened_out", SAVED_BOOL, screened_out),
	CHILD("detecting",  SAVED_BOOL,   detecting),
	CHILD("answered_by", SAVED_CHARS, answered_by),
	CHILD("hung_up",    SAVED_BOOL,   hung_up),
	CHILD("moved",      SAVED_BOOL,   moved),
	CHILD("start_ms",   SAVED_U64,    start_ms),
	CHILD("dialled_ms", SAVED_U64,    dialled_ms),
	CHILD("ring_ms",    SAVED_U64,    ring_ms),
	CHILD("answer_ms",  SAVED_U64,    answer_ms),
	CHILD("end_ms",     SAVED_U64,    end_ms),
	END_OF_TABLE
};

/* The recording of the whole call is not here: it has begun when the call can
 * be adopted. */
const struct saved saved_outgoing[] = {
	ROW("phase", SAVED_U32, OUTGOING_DONE, outgoing, phase),
	OUTGOING("twiml",               SAVED_STRING, twiml),
	OUTGOING("send_digits",         SAVED_STRING, send_digits),
	OUTGOING("events",              SAVED_U32,    events),
	OUTGOING("detect",              SAVED_BOOL,   child.noun.detect.wanted),
	OUTGOING("detect_async",        SAVED_BOOL,   detect_async),
	OUTGOING("detect_until_end",    SAVED_BOOL,   child.noun.detect.until_end),
	OUTGOING("detect_timeout_ms",   SAVED_U32,    child.noun.detect.timeout_ms),
	OUTGOING("detect_speech_ms",    SAVED_U32,    child.noun.detect.speech_ms),
	OUTGOING("detect_speech_end_ms", SAVED_U32,   child.noun.detect.speech_end_ms),
	OUTGOING("detect_silence_ms",   SAVED_U32,    child.noun.detect.silence_ms),
	OUTGOING("amd_url",             SAVED_STRING, child.noun.amd_url),
	OUTGOING("amd_method",          SAVED_STRING, child.noun.amd_method),
	OUTGOING("recording_sid",       SAVED_CHARS,  recording_sid),
	OUTGOING("recording_ms",        SAVED_U32,    recording_ms),
	OUTGOING("completed_held",      SAVED_BOOL,   completed_held),
	END_OF_TABLE
};
// clang-format on

bool saved_number(const char *s, unsigned long long max,
                  unsigned long long *out)
{
	unsigned long long value = 0;

	if (*s == '\0')
		return false;
	for (; *s; s++) {
		unsigned digit = (unsigned)(*s - '0');

		if (digit > 9 || digit > max || value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}

void saved_add(struct fields *f, enum field_group group, const char *key,
               const char *name, const char *value)
{
	if (*value == '\0')
		return;
	if (f->n == FIELDS_MAX) {
		f->failed = true;
		return;
	}
	f->v[f->n++] = (struct field){group, key, name, value};
}

static const char *print(struct arena *a, unsigned long long n)
{
	return n ? arena_number(a, n) : "";
}

static const char *text_of(struct arena *a, const struct saved *field,
                           const void *at)
{
	const char *string;
	uint64_t u64;
	uint32_t u32 = 0;
	uint16_t u16;

	if (field->size == sizeof(u32))
		memcpy(&u32, at, sizeof(u32));
	switch (field->type) {
	case SAVED_STRING:
		memcpy(&string, at, sizeof(string));
		return arena_str(a, string ? string : "");
	case SAVED_CHARS: return arena_str(a, at);
	case SAVED_BOOL: return *(const bool *)at ? "true" : "";
	case SAVED_U16: memcpy(&u16, at, sizeof(u16)); return print(a, u16);
	case SAVED_U32: return print(a, u32);
	case SAVED_U64: memcpy(&u64, at, sizeof(u64)); return print(a, u64);
	case SAVED_STATUS: return status_name((enum call_status)u32);
	case SAVED_LEG: return leg_state_name((enum leg_state)u32);
	}
	return "";
}

void saved_put(struct fields *f, const struct saved *table, const void *object,
               const struct field *where, const char *prefix)
{
	for (; table->name; table++) {
		const char *name = table->name;
		const char *text = text_of(&f->arena, table,
		                           (const char *)object + table->at);

		if (*text && *prefix)
			name = arena_join(&f->arena, prefix, name);
		saved_add(f, where->group, where->key, name, text);
	}
}

static int set_leg_state(void *at, const char *value)
{
	for (int i = LEG_INIT; i <= LEG_TERMINATED; i++) {
		enum leg_state state = (enum leg_state)i;

		if (strcmp(leg_state_name(state), value) == 0) {
			memcpy(at, &state, sizeof(state));
			return 0;
		}
	}
	return EINVAL;
}

static int set_number(const struct saved *field, void *at, const char *value)
{
	unsigned long long n, max = UINT64_MAX;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	if (field->type == SAVED_U16)
		max = UINT16_MAX;
	else if (field->type == SAVED_U32)
		max = field->max ? field->max : UINT32_MAX;
	if (!saved_number(value, max, &n))
		return EINVAL;
	u16 = (uint16_t)n;
	u32 = (uint32_t)n;
	u64 = n;
	if (field->type == SAVED_U16)
		memcpy(at, &u16, sizeof(u16));
	else if (field->type == SAVED_U32)
		memcpy(at, &u32, sizeof(u32));
	else
		memcpy(at, &u64, sizeof(u64));
	return 0;
}

static int set(const struct saved *field, void *at, struct arena *a,
               const char *value)
{
	const char *string;
	enum call_status status;

	switch (field->type) {
	case SAVED_STRING:
		string = arena_str(a, value);
		memcpy(at, &string, sizeof(string));
		return 0;
	case SAVED_CHARS:
		if (strlen(value) >= field->size)
			return EINVAL;
		memcpy(at, value, strlen(value) + 1);
		return 0;
	case SAVED_BOOL: *(bool *)at = strcmp(value, "true") == 0; return 0;
	case SAVED_U16:
	case SAVED_U32:
	case SAVED_U64: return set_number(field, at, value);
	case SAVED_STATUS:
		if (!status_parse(value, &status))
			return EINVAL;
		memcpy(at, &status, sizeof(status));
		return 0;
	case SAVED_LEG: return set_leg_state(at, value);
	}
	return EINVAL;
}

int saved_get(const struct saved *table, void *object, struct arena *a,
              const char *name, const char *value)
{
	for (; table->name; table++) {
		if (strcmp(table->name, name) == 0)
			return set(table, (char *)object + table->at, a, value);
	}
	return ENOENT;
}

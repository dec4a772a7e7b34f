/*
 * script.c - a call told as a table: what happens, and what the call does
 */
#include "script_priv.h"

#include "core/outgoing.h"
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
	.public_url = "http://api.test", .voice_url = "http://app.test/voice", \
	.voice_method = "POST", .fallback_url = "", .fallback_method = "POST", \
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

const struct outgoing_spec script_outgoing = {
	.to = "sip:kate@example.test?x-color=red",
	.caller = "desk",
	.username = "",
	.password = "",
	.carrier = "",
	.twiml = "",
	.send_digits = "",
	.timeout_s = 60,
	.time_limit_s = 14400,
	.events = NOTIFY_INITIATED | NOTIFY_RINGING | NOTIFY_ANSWERED |
                  NOTIFY_COMPLETED,
	.recording = {.source = "OutboundAPI"},
	.amd_url = "",
	.amd_method = "POST",
};

const struct call_start script_api = {
	COMMON,
	.from = "desk",
	.direction = "outbound-api",
	.outgoing = &script_outgoing,
};

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
	call_free(s->detached);
	commands_close(s->out);
	free(s->out);
}

const char *script_step(struct script *s, const char *event)
{
	struct event ev = {.caller = ""};

	s->text[0] = '\0';
	if (!script_event(s, event, &ev))
		return "";
	call_step(s->call, &ev, s->out);
	for (size_t i = 0; i < s->out->n; i++)
		script_tell(s, &s->out->v[i]);
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

void script_run_api(const struct outgoing_spec *spec,
                    const struct script_row *rows, size_t n)
{
	struct call_start start = script_api;
	struct script s;

	start.outgoing = spec;
	script_open(&s, &start);
	script_run(&s, rows, n);
	script_close(&s);
}

const char *script_param(const struct script *s, const char *name)
{
	for (size_t i = s->out->n; i > 0; i--) {
		const struct command *cmd = &s->out->v[i - 1];

		if (cmd->type == CMD_FETCH || cmd->type == CMD_NOTIFY)
			return script_param_of(&cmd->fetch, name);
	}
	return NULL;
}

void script_expect(const struct script *s, const char *name, const char *value)
{
	const char *got = script_param(s, name);

	if (!got || strcmp(got, value) != 0)
		fail_msg("%s is \"%s\", not \"%s\"", name, got ? got : "(none)",
		         value);
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

/*
 * script_commands.c - commands to text
 */
#include "script_priv.h"

#include <stdarg.h>

#include "core/sdp.h"
#include "unit/test.h"

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

static const char *path_of(const char *url)
{
	const char *path = strchr(strstr(url, "://") + 3, '/');

	return path ? path : "/";
}

static void put_play(struct script *s, const struct play *play)
{
	switch (play->kind) {
	case PLAY_SILENCE: put(s, "pause(%u)", play->length_ms); break;
	case PLAY_URL: put(s, "play(%s)", path_of(play->what)); break;
	case PLAY_SPEECH:
		put(s, "say(%s",
		    strncmp(play->what, "We are sorry", 12) == 0 ? "sorry"
		                                                 : play->what);
		if (*play->voice || strcmp(play->language, "en-US") != 0)
			put(s, "|%s|%s", play->voice, play->language);
		put(s, ")");
		break;
	case PLAY_DIGITS: put(s, "keys(%s)", play->what); break;
	case PLAY_TONE:
	case PLAY_PROMPT: put(s, "other(%s)", play->what); break;
	}
	if (play->times != 1)
		put(s, "*%u", play->times);
}

static void put_plays(struct script *s, const struct media_leg *leg)
{
	for (size_t i = 0; i < leg->n_plays; i++) {
		put(s, i ? "+" : "~");
		put_play(s, &leg->plays[i]);
	}
	for (size_t i = 0; i < leg->n_prefetch; i++) {
		put(s, "%s", i ? "," : "{");
		put_play(s, &leg->prefetch[i]);
	}
	if (leg->n_prefetch)
		put(s, "}");
	if (leg->source == SRC_PROMPT || leg->source == SRC_PLAYS)
		s->play_id = leg->play_id;
	if (leg->want_digits && leg->source != SRC_PEER)
		put(s, leg->n_plays && !leg->keys_stop ? "#=" : "#");
	if (*leg->listen.id) {
		put(s, "@%s", leg->listen.language);
		(void)snprintf(s->listen, sizeof(s->listen), "%s",
		               leg->listen.id);
	}
	if (leg->detect.wanted)
		put(s, "?");
}

static void put_recordings(struct script *s, const struct cmd_media *media)
{
	static const char *const tracks[] = {"both", "in", "out"};

	for (size_t i = 0; i < media->n_recordings; i++) {
		const struct media_recording *r = &media->recordings[i];

		put(s, ";%s/%s%s%s%s", r->source, tracks[r->track],
		    r->dual ? "/dual" : "", r->beep ? "/beep" : "",
		    r->trim ? "/trim" : "");
		if (r->paused)
			put(s, r->pause_skips ? "/skips" : "/paused");
		if (r->max_ms || r->silence_ms)
			put(s, "/%u/%u", r->max_ms / 1000,
			    r->silence_ms / 1000);
		(void)snprintf(s->recording, SID_SIZE, "%s", r->sid);
	}
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
		put_plays(s, leg);
		put(s, "%s", marks[leg->direction]);
	}
	put_recordings(s, media);
	put(s, ")");
}

const char *script_param_of(const struct cmd_fetch *fetch, const char *name)
{
	for (size_t i = 0; i < fetch->n_params; i++) {
		if (strcmp(fetch->params[i].name, name) == 0)
			return fetch->params[i].value;
	}
	return NULL;
}

/* What is told of: the call, or its recording, … */
static void put_notify(struct script *s, const struct cmd_fetch *fetch)
{
	static const char *const names[] = {
		"RecordingStatus",   "AnsweredBy", "UnstableSpeechResult",
		"TranscriptionText", "CallStatus",
	};
	const char *value = NULL;

	for (size_t i = 0; i < N_OF(names) && !value; i++)
		value = script_param_of(fetch, names[i]);
	put(s, " tell:%s?%s", path_of(fetch->url), value);
}

/* A call is queued, then its INVITE is sent: that is when it starts. @return whether
 * it is the second, which is to be seen already */
static bool put_dialled(const struct cmd_status *status)
{
	if (strcmp(status->status, "queued") != 0)
		return false;
	assert_int_equal(status->first, status->start_ms == 0);
	assert_true(status->created_ms > 0);
	return !status->first;
}

static void put_timer(struct script *s, const struct command *cmd)
{
	static const char *const names[] = {"verb", "limit", "apology", "call",
	                                    "recording"};
	char leg[16] = "";

	if (cmd->timer.timer > TIMER_RECORDING)
		return;
	if (cmd->leg)
		(void)snprintf(leg, sizeof(leg), "%u:", cmd->leg);
	if (cmd->type == CMD_TIMER_START)
		put(s, " %s%s=%llu", leg, names[cmd->timer.timer],
		    (unsigned long long)cmd->timer.ms / 1000);
	else
		put(s, " -%s%s", leg, names[cmd->timer.timer]);
}

static void put_dialog(struct script *s, const struct command *cmd)
{
	put(s, " %u:%s", cmd->leg, command_name(cmd->type));
	if (*cmd->dialog.tag && strcmp(cmd->dialog.tag, "tag") != 0)
		put(s, "/%s", cmd->dialog.tag);
}

static void put_reply(struct script *s, const struct cmd_reply *r)
{
	put(s, " reply");
	if (r->code)
		put(s, "%u", r->code);
	put(s, "(%s)", *r->recording_status ? r->recording_status : r->status);
}

void script_tell(struct script *s, const struct command *cmd)
{
	switch (cmd->type) {
	case CMD_RESPOND:
		put(s, " %u:%u", cmd->leg, cmd->respond.status);
		if (cmd->respond.error_code)
			put(s, "/%u", cmd->respond.error_code);
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
	case CMD_NOTIFY: put_notify(s, &cmd->fetch); break;
	case CMD_TRANSCRIBE:
		put(s, " transcribe(%s)", cmd->transcribe.language);
		break;
	case CMD_TRANSCRIPTION:
		put(s, " transcription(%s)", cmd->transcription.status);
		break;
	case CMD_RESOLVE:
		put(s, " resolve(%c,%s)", letter(s, cmd->resolve.child),
		    cmd->resolve.what);
		break;
	case CMD_TIMER_START:
	case CMD_TIMER_STOP: put_timer(s, cmd); break;
	case CMD_ALERT: put(s, " alert%u", cmd->alert.code); break;
	case CMD_STATUS:
		if (put_dialled(&cmd->status))
			break;
		put(s, " %c=%s", letter(s, cmd->status.sid),
		    cmd->status.status);
		break;
	case CMD_REPLY: put_reply(s, &cmd->reply); break;
	case CMD_DETACH:
		put(s, " detach(%u)", cmd->leg);
		call_free(s->detached);
		s->detached = call_take_detached(s->call);
		assert_non_null(s->detached);
		break;
	case CMD_SAVE: break;
	case CMD_END: put(s, " end"); break;
	}
}

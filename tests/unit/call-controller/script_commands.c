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

const char *script_param_of(const struct cmd_fetch *fetch, const char *name)
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

void script_tell(struct script *s, const struct command *cmd)
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
		    script_param_of(&cmd->fetch, "CallStatus"));
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

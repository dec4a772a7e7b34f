/*
 * io.c - the commands of one step, and names for the step log
 *
 * Pure: nothing but malloc.
 */
#include "io.h"

#include <string.h>

void commands_init(struct commands *out)
{
	out->n = 0;
	out->failed = false;
	memset(&out->arena, 0, sizeof(out->arena));
}

void commands_reset(struct commands *out)
{
	out->n = 0;
	out->failed = false;
	arena_reset(&out->arena);
}

void commands_close(struct commands *out)
{
	out->n = 0;
	arena_close(&out->arena);
}

struct command *commands_add(struct commands *out, enum command_type type,
                             unsigned leg)
{
	struct command *cmd = &out->v[COMMANDS_MAX - 1];

	if (out->n < COMMANDS_MAX - 1)
		cmd = &out->v[out->n++];
	else
		out->failed = true;
	memset(cmd, 0, sizeof(*cmd));
	cmd->type = type;
	cmd->leg = leg;
	return cmd;
}

const char *event_name(enum event_type type)
{
	static const char *const names[] = {
		[EV_START] = "START",
		[EV_RESTORED] = "RESTORED",
		[EV_END] = "END",
		[EV_SHUTDOWN] = "SHUTDOWN",
		[EV_CHANGE] = "CHANGE",
		[EV_RECORD] = "RECORD",
		[EV_DETACHED] = "DETACHED",
		[EV_TIMER] = "TIMER",
		[EV_DOCUMENT] = "DOCUMENT",
		[EV_FETCH_FAILED] = "FETCH_FAILED",
		[EV_RESOLVED] = "RESOLVED",
		[EV_TRANSCRIBED] = "TRANSCRIBED",
		[EV_LEG_PROVISIONAL] = "LEG_PROVISIONAL",
		[EV_LEG_ANSWERED] = "LEG_ANSWERED",
		[EV_LEG_FAILED] = "LEG_FAILED",
		[EV_LEG_CANCELED] = "LEG_CANCELED",
		[EV_LEG_ACKED] = "LEG_ACKED",
		[EV_LEG_ACK_TIMEOUT] = "LEG_ACK_TIMEOUT",
		[EV_LEG_HUNGUP] = "LEG_HUNGUP",
		[EV_LEG_ENDED] = "LEG_ENDED",
		[EV_LEG_OFFER] = "LEG_OFFER",
		[EV_LEG_REOFFER_ANSWERED] = "LEG_REOFFER_ANSWERED",
		[EV_LEG_REOFFER_FAILED] = "LEG_REOFFER_FAILED",
		[EV_MEDIA_READY] = "MEDIA_READY",
		[EV_MEDIA_FAILED] = "MEDIA_FAILED",
		[EV_MEDIA_LOST] = "MEDIA_LOST",
		[EV_MEDIA_TIMEOUT] = "MEDIA_TIMEOUT",
		[EV_DIGIT] = "DIGIT",
		[EV_PLAY_DONE] = "PLAY_DONE",
		[EV_PLAY_FAILED] = "PLAY_FAILED",
		[EV_SPEECH] = "SPEECH",
		[EV_SPEECH_FAILED] = "SPEECH_FAILED",
		[EV_VOICE] = "VOICE",
		[EV_MACHINE] = "MACHINE",
		[EV_RECORDING_STARTED] = "RECORDING_STARTED",
		[EV_RECORDING_ENDED] = "RECORDING_ENDED",
	};

	return names[type];
}

const char *command_name(enum command_type type)
{
	static const char *const names[] = {
		[CMD_RESPOND] = "RESPOND",
		[CMD_INVITE] = "INVITE",
		[CMD_ACK] = "ACK",
		[CMD_CANCEL] = "CANCEL",
		[CMD_BYE] = "BYE",
		[CMD_REINVITE] = "REINVITE",
		[CMD_ANSWER] = "ANSWER",
		[CMD_MEDIA] = "MEDIA",
		[CMD_MEDIA_RELEASE] = "MEDIA_RELEASE",
		[CMD_FETCH] = "FETCH",
		[CMD_NOTIFY] = "NOTIFY",
		[CMD_TRANSCRIBE] = "TRANSCRIBE",
		[CMD_TRANSCRIPTION] = "TRANSCRIPTION",
		[CMD_RESOLVE] = "RESOLVE",
		[CMD_TIMER_START] = "TIMER_START",
		[CMD_TIMER_STOP] = "TIMER_STOP",
		[CMD_ALERT] = "ALERT",
		[CMD_STATUS] = "STATUS",
		[CMD_REPLY] = "REPLY",
		[CMD_DETACH] = "DETACH",
		[CMD_SAVE] = "SAVE",
		[CMD_END] = "END",
	};

	return names[type];
}

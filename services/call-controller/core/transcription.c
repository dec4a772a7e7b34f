/*
 * transcription.c - a recording that has ended becomes text
 *
 * Pure.
 */
#include "transcription.h"

#include "recording.h"
#include "state.h"
#include "webhook.h"

enum { TRANSCRIBE_MIN_MS = 2000, TRANSCRIBE_MAX_MS = 120000 };

void transcription_ask(const struct recording *rec, struct step *st)
{
	struct command *cmd = commands_add(st->out, CMD_TRANSCRIBE, 0);

	cmd->transcribe.recording = arena_str(&st->out->arena, rec->sid);
	cmd->transcribe.language = "en-US";
}

static void write_transcription(const struct call *call,
                                const struct recording *rec, const char *status,
                                const char *text, struct step *st)
{
	struct arena *a = &st->out->arena;

	commands_add(st->out, CMD_TRANSCRIPTION, 0)->transcription =
		(struct cmd_transcription){
			.sid = arena_str(a, rec->transcription),
			.account_sid = call->facts.account_sid,
			.recording = arena_str(a, rec->sid),
			.call_sid = call->facts.sid,
			.status = status,
			.text = arena_str(a, text),
			.duration_s = (rec->length_ms + 500) / 1000,
			.created_ms = rec->transcribe_ms,
			.updated_ms = st->now,
		};
}

void transcription_begin(struct call *call, struct recording *rec,
                         struct step *st)
{
	if (rec->length_ms <= TRANSCRIBE_MIN_MS ||
	    rec->length_ms >= TRANSCRIBE_MAX_MS) {
		call_alert(call, st, 13617, false,
		           "only recordings of more than 2 and less than 120 "
		           "seconds are transcribed");
		return;
	}
	rec->state = RECORDING_TRANSCRIBED;
	rec->transcribe_ms = st->now;
	rng_sid(st->rng, "TR", rec->transcription);
	write_transcription(call, rec, "in-progress", "", st);
	transcription_ask(rec, st);
}

void transcription_done(struct call *call, struct recording *rec,
                        struct step *st)
{
	const struct event *ev = st->ev;
	bool failed = ev->error_code != 0;

	rec->state = RECORDING_ENDED;
	if (failed)
		call_alert(call, st, ev->error_code, false,
		           arena_str(&st->out->arena, ev->text));
	write_transcription(call, rec, failed ? "failed" : "completed",
	                    failed ? "" : ev->text, st);
	if (*rec->spec.transcribe_url)
		webhook_transcription(call, rec, st);
}

/*
 * webhook_voice.c - what applications are told about recordings and machines
 *
 * Pure.
 */
#include "webhook.h"

#include "child.h"
#include "state.h"
#include "store/time.h"
#include "webhook_priv.h"

static const char *date_of(struct params *p, uint64_t ms)
{
	char date[TIME_TEXT_SIZE];

	time_rfc2822(ms, date);
	return arena_str(p->arena, date);
}

void webhook_recording(struct call *call, const struct recording *rec,
                       const char *status, struct step *st)
{
	static const char *const tracks[] = {"both", "inbound", "outbound"};
	struct params p;

	params_init(&p, st);
	params_add(&p, "AccountSid", call->facts.account_sid);
	params_add(&p, "CallSid", arena_str(p.arena, rec->call_sid));
	recording_params(call, rec->sid, &p);
	params_add(&p, "RecordingStatus", status);
	params_add(&p, "RecordingDuration", recording_seconds(rec, p.arena));
	params_add(&p, "RecordingChannels", rec->spec.dual ? "2" : "1");
	if (rec->start_ms)
		params_add(&p, "RecordingStartTime",
		           date_of(&p, rec->start_ms));
	params_add(&p, "RecordingSource", arena_str(p.arena, rec->spec.source));
	params_add(&p, "RecordingTrack", tracks[rec->spec.track]);
	params_add(&p, "ErrorCode", params_number(&p, rec->error_code));
	(void)webhook_request(
		call, CMD_NOTIFY, arena_str(p.arena, rec->spec.status_url),
		arena_str(p.arena, rec->spec.status_method), &p, st);
}

void webhook_transcription(struct call *call, const struct recording *rec,
                           struct step *st)
{
	bool failed = st->ev->error_code != 0;
	struct params p;

	params_init(&p, st);
	params_add_parent(&p, call);
	params_add(&p, "TranscriptionSid",
	           arena_str(p.arena, rec->transcription));
	params_add(&p, "TranscriptionUrl",
	           arena_printf(p.arena,
	                        "%s/2010-04-01/Accounts/%s/Transcriptions/%s",
	                        call->facts.public_url, call->facts.account_sid,
	                        rec->transcription));
	params_add(&p, "TranscriptionStatus", failed ? "failed" : "completed");
	params_add(&p, "TranscriptionText",
	           failed ? "" : arena_str(p.arena, st->ev->text));
	params_add(&p, "RecordingSid", arena_str(p.arena, rec->sid));
	params_add(&p, "RecordingUrl", recording_url(call, rec->sid, p.arena));
	(void)webhook_request(call, CMD_NOTIFY,
	                      arena_str(p.arena, rec->spec.transcribe_url),
	                      "POST", &p, st);
}

void webhook_machine(struct call *call, const struct child *child,
                     struct step *st)
{
	struct cmd_fetch *cmd;
	struct params p;

	if (!*child->noun.amd_url)
		return;
	params_init(&p, st);
	params_add(&p, "CallSid", arena_str(p.arena, child->sid));
	params_add(&p, "AccountSid", call->facts.account_sid);
	params_add(&p, "AnsweredBy", arena_str(p.arena, child->answered_by));
	params_add(&p, "MachineDetectionDuration",
	           params_number(&p, st->now - child->answer_ms));
	cmd = webhook_request(
		call, CMD_NOTIFY, arena_str(p.arena, child->noun.amd_url),
		arena_str(p.arena, child->noun.amd_method), &p, st);
	cmd->call_sid = arena_str(p.arena, child->sid);
}

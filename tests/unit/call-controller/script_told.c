/*
 * script_told.c - text to events: what media and the API tell
 */
#include "script_priv.h"

#include "core/control.h"
#include "unit/test.h"

static void set_recorded(struct event *ev, const struct script_words *w)
{
	static const char *const ways[] = {"stopped", "silence", "length",
	                                   "failed"};

	ev->type = EV_RECORDING_ENDED;
	ev->length_ms = (uint32_t)script_number(script_word(w, 1));
	for (size_t i = 0; i < N_OF(ways); i++) {
		if (strcmp(ways[i], script_word(w, 2)) == 0)
			ev->ended_by = (enum ended_by)i;
	}
	ev->error_code = ev->ended_by == ENDED_FAILED ? 16001 : 0;
}

bool script_voice(struct script *s, struct event *ev, const char *text,
                  const struct script_words *w)
{
	const char *what = script_word(w, 0);

	if (strcmp(what, "word") == 0 || strcmp(what, "said") == 0 ||
	    strcmp(what, "hint") == 0) {
		ev->type = EV_SPEECH;
		ev->id = s->listen;
		ev->text = script_after(text, 2);
		ev->final = *what != 'w';
		ev->confidence = *what == 'h' ? 0 : 875;
	} else if (strcmp(what, "voice") == 0) {
		ev->type = EV_VOICE;
		ev->id = s->listen;
	} else if (strcmp(what, "deaf") == 0) {
		ev->type = EV_SPEECH_FAILED;
		ev->id = s->listen;
		ev->error_code = (uint32_t)script_number(script_word(w, 2));
	} else if (strcmp(what, "machine") == 0) {
		ev->type = EV_MACHINE;
		ev->text = script_after(text, 2);
	} else if (strcmp(what, "info") == 0) {
		ev->type = EV_DIGIT;
		ev->leg = (unsigned)script_number(script_word(w, 1));
		ev->sid = call_leg_sid(s->call, ev->leg);
		ev->digit = script_word(w, 2)[0];
	} else if (strcmp(what, "recording") == 0) {
		ev->type = EV_RECORDING_STARTED;
		ev->id = s->recording;
	} else if (strcmp(what, "recorded") == 0) {
		set_recorded(ev, w);
		ev->id = s->recording;
	} else if (strcmp(what, "transcribed") == 0) {
		ev->type = EV_TRANSCRIBED;
		ev->id = s->recording;
		ev->error_code = (uint32_t)script_number(script_word(w, 1));
		ev->text = script_after(text, 1);
	} else if (strcmp(what, "unplayed") == 0) {
		ev->type = EV_PLAY_FAILED;
		ev->play_id = s->play_id;
		ev->error_code = (uint32_t)script_number(script_word(w, 1));
	} else {
		return false;
	}
	if (ev->type == EV_SPEECH || ev->type == EV_SPEECH_FAILED ||
	    ev->type == EV_VOICE || ev->type == EV_MACHINE)
		ev->sid = s->sids[script_word(w, 1)[0] - 'A'];
	return true;
}

/* "change A url /x" */
static void set_change(struct script *s, struct event *ev, const char *text,
                       const struct script_words *w)
{
	static struct call_change change;
	static char url[128];
	const char *what = script_word(w, 2);

	change = (struct call_change){
		.sid = s->sids[script_word(w, 1)[0] - 'A'],
		.url = "",
		.method = "POST",
		.twiml = "",
		.status = "",
		.fallback_url = "",
		.fallback_method = "POST",
		.status_url = "",
		.status_method = "POST",
	};
	(void)snprintf(url, sizeof(url), "http://app.test%s",
	               script_word(w, 3));
	if (strcmp(what, "url") == 0)
		change.url = url;
	else if (strcmp(what, "told") == 0)
		change.status_url = url;
	else if (strcmp(what, "twiml") == 0)
		change.twiml = script_after(text, 3);
	else if (strcmp(what, "limit") == 0)
		change.time_limit_s =
			(unsigned)script_number(script_word(w, 3));
	else
		change.status = strcmp(what, "canceled") == 0 ? "canceled"
		                                              : "completed";
	ev->type = EV_CHANGE;
	ev->change = &change;
}

/* "pause A skip" */
static void set_record(struct script *s, struct event *ev,
                       const struct script_words *w)
{
	static const struct recording_spec spec = {
		.source = "StartCallRecordingAPI",
		.status_url = "http://app.test/recorded",
		.status_method = "POST",
		.events = RECORDED_COMPLETED,
		.sid = "RE0000000000000000000000000000beef",
	};
	static struct recording_spec wish;
	static struct record_change record;
	const char *what = script_word(w, 0);

	record = (struct record_change){
		.sid = s->sids[script_word(w, 1)[0] - 'A'],
		.recording = "Twilio.CURRENT",
		.status = "",
		.skip = strcmp(script_word(w, 2), "skip") == 0,
	};
	if (strcmp(what, "record") == 0) {
		wish = spec;
		wish.call_sid = record.sid;
		record.spec = &wish;
		record.recording = spec.sid;
	} else if (strcmp(what, "pause") == 0) {
		record.status = "paused";
	} else {
		record.status = *what == 's' ? "stopped" : "in-progress";
	}
	ev->type = EV_RECORD;
	ev->record = &record;
}

bool script_control(struct script *s, struct event *ev, const char *text,
                    const struct script_words *w)
{
	const char *what = script_word(w, 0);
	struct call *other;

	if (strcmp(what, "change") == 0) {
		set_change(s, ev, text, w);
	} else if (strcmp(what, "record") == 0 || strcmp(what, "pause") == 0 ||
	           strcmp(what, "resume") == 0 || strcmp(what, "stop") == 0) {
		set_record(s, ev, w);
	} else if (strcmp(what, "detached") == 0) {
		assert_non_null(s->detached);
		other = s->call;
		s->call = s->detached;
		s->detached = other;
		s->version = 0;
		ev->type = EV_DETACHED;
	} else {
		return false;
	}
	return true;
}

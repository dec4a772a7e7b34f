/*
 * script.h - a call told as a table: what happens, and what the call does
 *
 *     {"2 200 PCMU", "2:ACK B=in-progress media(A<B,B<A)"},
 *
 * Legs are numbers, CallSids are letters: A is the parent, B, C … its children
 * in the order in which they appear. CMD_SAVE and the timers of legs are not
 * written.
 *
 * Events                                what
 *   start, end, shutdown, restored
 *   doc <Response>…                     the answer to the last fetch
 *   plain Hello | audio                 the same, as text/plain, audio/mpeg
 *   fail 11205                          no answer to the last fetch
 *   resolve B fork 2 [owned]            targets; also failover
 *   resolve B carrier 2 [owned]         failover, of carriers
 *   resolve B own [owned]               one target, a number of ours
 *   resolve B not-registered            also not-found, forbidden, …
 *   ready, nomedia, lost                EV_MEDIA_READY for all, _FAILED, _LOST
 *   moved                               ready, at another relay
 *   2 180 | 2 183 PCMU | 2 200 PCMU [tag]
 *   2 486 [contact]                     final response
 *   1 ack [PCMU] | 1 noack | 1 cancel | 1 bye | 2 ended
 *   1 offer PCMU [sendonly] | 1 offer - | 1 update -
 *   1 reanswer PCMU | 1 refail 491
 *   timer verb | timer 1 glare
 *   digit A * | silent A | played [id] | unplayed 13420
 *   info 2 1                            a key by SIP INFO on leg 2
 *   word A hel | said A hello there     speech, not final and final
 *   hint A sales                        final, of unknown confidence
 *   voice A                             EV_VOICE
 *   deaf A 12400 | machine B human
 *   recording | recorded 5000 [silence] EV_RECORDING_STARTED, _ENDED
 *   transcribed [13620] hello           EV_TRANSCRIBED
 *   change A completed | change B url /x | change A twiml <Response/>
 *   change A limit 90 | change A told /x   EV_CHANGE; told: status callback
 *   record A | pause A [skip] | resume A | stop A   EV_RECORD
 *   detached                            EV_DETACHED; go on with that call
 *   wait 1000                           the clock goes on [ms]; nothing else
 *
 * Commands
 *   1:183+PCMU 2:INVITE+PCMU,PCMA 2:ACK 2:CANCEL 2:BYE 1:REINVITE+PCMA
 *   1:answer200+PCMU POST:/path tell:/path?completed resolve(B,+1415…)
 *   transcribe(en-US) transcription(completed)
 *   verb=30 -verb alert13214 A=ringing release end
 *   reply(completed) reply21220(ringing) detach(2)
 *   media(A~ringback-us,B<A,C)  tone, prompt; hears B's leg; silence
 *   media(A~say(Hi)+play(/a.wav)*2{say(More)}#@en-US;RecordVerb/in/beep)
 *                               list {prefetch}; # keys (#= that do not stop it) and @ speech are
 *                               wanted; recordings behind the legs
 */
#ifndef TESTS_SCRIPT_H
#define TESTS_SCRIPT_H

#include "core/call.h"
#include "core/outgoing.h"

enum { SCRIPT_TEXT_MAX = 16384, SCRIPT_CHILDREN_MAX = 60 };

struct script_row {
	const char *event;
	const char *commands;
};

struct script {
	struct call *call;
	struct call *detached; /* by the last CMD_DETACH, or what was before */
	struct commands *out;
	uint64_t now;
	uint64_t fetch_id, version, play_id;
	size_t n_sids;
	char sids[SCRIPT_CHILDREN_MAX][SID_SIZE];
	size_t n_media;
	char media[16][SID_SIZE];
	char listen[SID_SIZE], recording[SID_SIZE]; /* put last */
	char text[SCRIPT_TEXT_MAX];
};

/** A call from a phone, +15550000001@example.test to +15559999999; offers PCMU
 *  and PCMA. Change it before script_open(). */
extern const struct call_start script_phone;
/** The same without an offer */
extern const struct call_start script_late;
/** A call that the API places to kate, from 'desk'; it tells of all */
extern const struct call_start script_api;
/** The same from a carrier */
extern const struct call_start script_carrier;
extern const char script_sdp[];

/** Of script_api; change it, and a copy of that */
extern const struct outgoing_spec script_outgoing;

void script_open(struct script *s, const struct call_start *start);
void script_close(struct script *s);

/** Let one thing happen. @return the commands, borrowed until the next */
const char *script_step(struct script *s, const char *event);

/** Let all happen and compare. */
void script_run(struct script *s, const struct script_row *rows, size_t n);

/** Value of a parameter of the last fetch or notification, or NULL */
const char *script_param(const struct script *s, const char *name);
/** It must be this. */
void script_expect(const struct script *s, const char *name, const char *value);

/** The last command of this type, or NULL */
const struct command *script_command(const struct script *s,
                                     enum command_type type);

#define SCRIPT(start, ...)                                                     \
	do {                                                                   \
		static const struct script_row rows_[] = {__VA_ARGS__};        \
		struct script s_;                                              \
                                                                               \
		script_open(&s_, (start));                                     \
		script_run(&s_, rows_, sizeof(rows_) / sizeof(rows_[0]));      \
		script_close(&s_);                                             \
	} while (0)

/** The same for a call that the API places, with one thing changed. */
void script_run_api(const struct outgoing_spec *spec,
                    const struct script_row *rows, size_t n);

#define SCRIPT_API(spec, ...)                                                  \
	do {                                                                   \
		static const struct script_row rows_[] = {__VA_ARGS__};        \
                                                                               \
		script_run_api((spec), rows_, N_OF(rows_));                    \
	} while (0)

#endif

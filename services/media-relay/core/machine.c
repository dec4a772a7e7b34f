/*
 * machine.c - who answered: a person, a machine, a fax?
 *
 *            speech            longer than speech_ms
 *   WAITS ----------> SPEECH ------------------------> GREETING
 *     | silence_ms      | speech_end_ms of silence        | silence, beep
 *     v                 v                                 v
 *   unknown           human                             machine_…
 *
 * A beep is a machine's whenever it comes. Pure: no I/O, no clock, no log.
 */
#include "machine.h"

#include <math.h>
#include <string.h>

enum { FRAME_MS = 20 };
enum { WORD_MS = 60 }; /* shorter sounds are clicks */

static const float fax_cosine = -0.0785F; /* of 2100 Hz */
static const float fax_width = 0.03F;     /* some 40 Hz */
static const float low_cosine = 0.9627F;  /* of 350 Hz: below are vowels */
static const float steady = 0.03F;

static const char *const names[] = {
	[MACHINE_OPEN] = "",
	[MACHINE_HUMAN] = "human",
	[MACHINE_START] = "machine_start",
	[MACHINE_END_BEEP] = "machine_end_beep",
	[MACHINE_END_SILENCE] = "machine_end_silence",
	[MACHINE_END_OTHER] = "machine_end_other",
	[MACHINE_FAX] = "fax",
	[MACHINE_UNKNOWN] = "unknown",
};

const char *machine_name(enum machine_answer answer)
{
	return names[answer];
}

static uint32_t or_default(uint32_t ms, uint32_t otherwise)
{
	return ms ? ms : otherwise;
}

void machine_init(struct machine *m, const struct machine_spec *spec)
{
	memset(m, 0, sizeof(*m));
	m->spec.until_end = spec->until_end;
	m->spec.timeout_ms = or_default(spec->timeout_ms, 30000);
	m->spec.speech_ms = or_default(spec->speech_ms, 2400);
	m->spec.speech_end_ms = or_default(spec->speech_end_ms, 1200);
	m->spec.silence_ms = or_default(spec->silence_ms, 5000);
}

/* @return a beep has just ended */
static bool on_tone(struct machine *m, const int16_t *samples)
{
	float cosine = 0;
	bool tone = voice_is_tone(samples, MACHINE_FRAME, &cosine) &&
	            cosine < low_cosine;
	bool same =
		tone && m->tone_ms > 0 && fabsf(cosine - m->cosine) < steady;
	bool over = !same && m->tone_ms >= MACHINE_BEEP_MS;

	if (tone && fabsf(cosine - fax_cosine) < fax_width)
		m->fax_ms += FRAME_MS;
	else
		m->fax_ms = 0;
	if (same)
		m->tone_ms += FRAME_MS;
	else
		m->tone_ms = tone ? FRAME_MS : 0;
	m->cosine = cosine;
	return over;
}

static void on_voice(struct machine *m, bool loud)
{
	m->loud_ms = loud ? m->loud_ms + FRAME_MS : 0;
	if (m->loud_ms >= WORD_MS && !m->spoke) {
		m->spoke = true;
		m->spoke_since_ms = m->now_ms - m->loud_ms;
	}
	if (m->spoke && loud)
		m->spoke_until_ms = m->now_ms;
	m->greeting |= m->spoke && m->spoke_until_ms - m->spoke_since_ms >
	                                   m->spec.speech_ms;
}

static enum machine_answer on_beep(struct machine *m)
{
	if (m->spec.until_end)
		return MACHINE_END_BEEP;
	return MACHINE_START;
}

static enum machine_answer on_timeout(const struct machine *m)
{
	return m->greeting ? MACHINE_END_OTHER : MACHINE_UNKNOWN;
}

static enum machine_answer decide(struct machine *m, bool beep)
{
	const struct machine_spec *spec = &m->spec;

	if (m->fax_ms >= MACHINE_FAX_MS)
		return MACHINE_FAX;
	if (beep)
		return on_beep(m);
	if (m->greeting && !spec->until_end)
		return MACHINE_START;
	if (m->now_ms >= spec->timeout_ms)
		return on_timeout(m);
	if (m->tone_ms >= MACHINE_BEEP_MS)
		return MACHINE_OPEN; /* its end is waited for */
	if (!m->spoke)
		return m->now_ms >= spec->silence_ms ? MACHINE_UNKNOWN
		                                     : MACHINE_OPEN;
	if (m->now_ms - m->spoke_until_ms < spec->speech_end_ms)
		return MACHINE_OPEN;
	return m->greeting ? MACHINE_END_SILENCE : MACHINE_HUMAN;
}

enum machine_answer machine_put(struct machine *m,
                                const int16_t samples[MACHINE_FRAME])
{
	bool loud;
	bool beep;

	if (m->answer != MACHINE_OPEN)
		return m->answer;
	m->now_ms += FRAME_MS;
	loud = voice_put(&m->voice, samples, MACHINE_FRAME);
	beep = on_tone(m, samples);
	on_voice(m, loud && m->tone_ms < 2 * FRAME_MS);
	m->answer = decide(m, beep);
	return m->answer;
}

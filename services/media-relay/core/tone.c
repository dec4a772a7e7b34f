/*
 * tone.c - ringing tones of the countries (ITU-T E.180 Supplement 2)
 *
 * A tone that E.180 gives as modulated (400 Hz by 17 Hz) is made of its two
 * side frequencies. Pure: no I/O, no clock, no log.
 */
#include "tone.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { CADENCE_MAX = 4 };
enum { LEVEL = 6000 }; /* peak of all frequencies together, about -15 dBFS */
enum { RAMP_MS = 5 };  /* in and out, against clicks */

struct tone {
	const char *name;
	uint16_t hz[2];                /* 0 = no second one */
	uint16_t cadence[CADENCE_MAX]; /* on, off, on, off [ms] */
};

// clang-format off
static const struct tone tones[] = {
	{"at",     {420, 0},   {1000, 5000}},
	{"au",     {400, 425}, {400, 200, 400, 2000}},
	{"be",     {425, 0},   {1000, 3000}},
	{"bg",     {425, 0},   {1000, 4000}},
	{"br",     {425, 0},   {1000, 4000}},
	{"ch",     {425, 0},   {1000, 4000}},
	{"cl",     {400, 0},   {1000, 3000}},
	{"cn",     {450, 0},   {1000, 4000}},
	{"cz",     {425, 0},   {1000, 4000}},
	{"de",     {425, 0},   {1000, 4000}},
	{"dk",     {425, 0},   {1000, 4000}},
	{"ee",     {425, 0},   {1000, 4000}},
	{"es",     {425, 0},   {1500, 3000}},
	{"fi",     {425, 0},   {1000, 4000}},
	{"fr",     {440, 0},   {1500, 3500}},
	{"gb",     {400, 450}, {400, 200, 400, 2000}},
	{"gr",     {425, 0},   {1000, 4000}},
	{"hu",     {425, 0},   {1240, 3760}},
	{"il",     {400, 0},   {1000, 3000}},
	{"in",     {375, 425}, {400, 200, 400, 2000}},
	{"it",     {425, 0},   {1000, 4000}},
	{"jp",     {384, 416}, {1000, 2000}},
	{"lt",     {425, 0},   {1000, 4000}},
	{"mx",     {425, 0},   {1000, 4000}},
	{"my",     {425, 0},   {400, 200, 400, 2000}},
	{"nl",     {425, 0},   {1000, 4000}},
	{"no",     {425, 0},   {1000, 4000}},
	{"nz",     {400, 450}, {400, 200, 400, 2000}},
	{"ph",     {425, 480}, {1000, 4000}},
	{"pl",     {425, 0},   {1000, 4000}},
	{"pt",     {425, 0},   {1000, 5000}},
	{"ru",     {425, 0},   {1000, 4000}},
	{"se",     {425, 0},   {1000, 5000}},
	{"sg",     {401, 449}, {400, 200, 400, 2000}},
	{"th",     {400, 0},   {1000, 4000}},
	{"tw",     {440, 480}, {1000, 2000}},
	{"uk",     {400, 450}, {400, 200, 400, 2000}},
	{"us",     {440, 480}, {2000, 4000}},
	{"us-old", {400, 440}, {2000, 4000}},
	{"ve",     {425, 0},   {1000, 4000}},
	{"za",     {383, 417}, {400, 200, 400, 2000}},
};
// clang-format on

const struct tone *tone_find(const char *name)
{
	static const char prefix[] = "ringback-";

	if (strncmp(name, prefix, sizeof(prefix) - 1) == 0)
		name += sizeof(prefix) - 1;
	for (size_t i = 0; i < sizeof(tones) / sizeof(tones[0]); i++) {
		if (strcmp(tones[i].name, name) == 0)
			return &tones[i];
	}
	return NULL;
}

size_t tone_samples(const struct tone *t, uint32_t rate)
{
	size_t ms = 0;

	for (size_t i = 0; i < CADENCE_MAX; i++)
		ms += t->cadence[i];
	return ms * rate / 1000;
}

static double ramp(size_t i, size_t n, uint32_t rate)
{
	size_t edge = rate * RAMP_MS / 1000;
	size_t to_edge = i < n - i ? i : n - i;

	return to_edge < edge ? (double)to_edge / (double)edge : 1;
}

static void render_burst(const struct tone *t, uint32_t rate, int16_t *out,
                         size_t n)
{
	const double turn = 6.283185307179586 / rate;
	double level = t->hz[1] ? LEVEL / 2.0 : LEVEL;

	for (size_t i = 0; i < n; i++) {
		double s = sin(turn * t->hz[0] * (double)i);

		if (t->hz[1])
			s += sin(turn * t->hz[1] * (double)i);
		out[i] = (int16_t)(level * ramp(i, n, rate) * s);
	}
}

void tone_render(const struct tone *t, uint32_t rate, int16_t *out)
{
	bool on = true;

	for (size_t i = 0; i < CADENCE_MAX; i++, on = !on) {
		size_t n = (size_t)t->cadence[i] * rate / 1000;

		if (on)
			render_burst(t, rate, out, n);
		else
			memset(out, 0, n * sizeof(*out));
		out += n;
	}
}

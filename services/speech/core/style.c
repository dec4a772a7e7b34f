/*
 * style.c - what attributes of SSML elements do to a style
 */
#include "core/style.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_SIZE = 32 };
enum { RATE_MIN = 20, RATE_MAX = 400 };
enum { PITCH_MIN = 50, PITCH_MAX = 200 };
enum { VOLUME_MIN = -60, VOLUME_MAX = 12 };

struct word {
	const char *name; /* NULL ends a table */
	int value;
};

/* SSML 1.1 leaves the numbers of these names to the engine. */
static const struct word rates[] = {
	{"x-slow", 50}, {"slow", 75},    {"medium", 100}, {"default", 100},
	{"fast", 130},  {"x-fast", 170}, {NULL, 0}};
static const struct word pitches[] = {
	{"x-low", 70}, {"low", 85},     {"medium", 100}, {"default", 100},
	{"high", 120}, {"x-high", 140}, {NULL, 0}};
static const struct word volumes[] = {
	{"silent", VOLUME_MIN}, {"x-soft", -12}, {"soft", -6},  {"medium", 0},
	{"default", 0},         {"loud", 4},     {"x-loud", 8}, {NULL, 0}};
static const struct word breaks[] = {
	{"none", 0},     {"x-weak", 100},    {"weak", 250}, {"medium", 400},
	{"strong", 700}, {"x-strong", 1000}, {NULL, 0}};

static const struct word *find(const struct word *table, const char *name)
{
	for (; table->name; table++) {
		if (strcmp(table->name, name) == 0)
			return table;
	}
	return NULL;
}

static int clamp(double value, int min, int max)
{
	if (!(value > min)) /* NaN too */
		return min;
	return value > max ? max : (int)lrint(value);
}

/* "80%" is that part of @p now, "+10%" more of it, "+2st" semitones higher */
static double scaled(const char *value, double now)
{
	char *unit;
	double number = strtod(value, &unit);
	bool relative = *value == '+' || *value == '-';

	if (unit == value)
		return now;
	if (strcmp(unit, "%") == 0)
		return now * (relative ? 100 + number : number) / 100;
	if (strcmp(unit, "st") == 0 && relative && fabs(number) <= 48)
		return now * pow(2, number / 12);
	return now;
}

static void set_scaled(uint16_t *field, const struct word *names,
                       const char *value, int min, int max)
{
	const struct word *word = find(names, value);

	*field = (uint16_t)clamp(word ? word->value : scaled(value, *field),
	                         min, max);
}

static void set_volume(struct style *s, const char *value)
{
	const struct word *word = find(volumes, value);
	char *unit;
	double number = strtod(value, &unit);

	if (word)
		number = word->value;
	else if (strcmp(unit, "dB") != 0)
		return;
	else
		number += s->volume;
	s->volume = (int16_t)clamp(number, VOLUME_MIN, VOLUME_MAX);
}

void style_prosody(struct style *s, const struct xml *tag)
{
	char value[VALUE_SIZE];

	if (xml_attribute(tag, "rate", value, sizeof(value)))
		set_scaled(&s->rate, rates, value, RATE_MIN, RATE_MAX);
	if (xml_attribute(tag, "pitch", value, sizeof(value)))
		set_scaled(&s->pitch, pitches, value, PITCH_MIN, PITCH_MAX);
	if (xml_attribute(tag, "volume", value, sizeof(value)))
		set_volume(s, value);
}

void style_emphasis(struct style *s, const struct xml *tag)
{
	static const struct {
		const char *level;
		int rate, volume;
	} rows[] = {{"strong", 80, 4},
	            {"moderate", 90, 2},
	            {"reduced", 110, -3},
	            {"none", 100, 0}};
	char value[VALUE_SIZE] = "moderate";

	(void)xml_attribute(tag, "level", value, sizeof(value));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].level, value) != 0)
			continue;
		s->rate = (uint16_t)clamp(s->rate * rows[i].rate / 100.0,
		                          RATE_MIN, RATE_MAX);
		s->volume = (int16_t)clamp(s->volume + rows[i].volume,
		                           VOLUME_MIN, VOLUME_MAX);
	}
}

void style_language(struct style *s, const struct xml *tag)
{
	char value[SSML_LANGUAGE_SIZE] = ""; /* compared with memcmp() */

	if (xml_attribute(tag, "xml:lang", value, sizeof(value)))
		memcpy(s->language, value, sizeof(value));
}

uint32_t style_break_ms(const struct xml *tag)
{
	char value[VALUE_SIZE], *unit;
	const struct word *word;
	double number;

	if (xml_attribute(tag, "time", value, sizeof(value))) {
		number = strtod(value, &unit);
		if (strcmp(unit, "s") == 0)
			number *= 1000;
		else if (strcmp(unit, "ms") != 0)
			number = 400;
		return (uint32_t)clamp(number, 0, SSML_BREAK_MAX);
	}
	if (!xml_attribute(tag, "strength", value, sizeof(value)))
		return 400;
	word = find(breaks, value);
	return (uint32_t)(word ? word->value : 400);
}

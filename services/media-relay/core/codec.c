/*
 * codec.c - the codecs by name, as the relay tells them apart
 *
 * Pure: no I/O, no clock, no log.
 */
#include "codec.h"

#include <stddef.h>
#include <strings.h>

static const struct {
	const char *name;
	enum codec codec;
} names[] = {
	{"PCMU", CODEC_PCMU},
	{"PCMA", CODEC_PCMA},
	{"G722", CODEC_G722},
	{"opus", CODEC_OPUS},
	{"telephone-event", CODEC_EVENT},
};

enum codec codec_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcasecmp(names[i].name, name) == 0)
			return names[i].codec;
	}
	return CODEC_OTHER;
}

bool format_same(const struct format *a, const struct format *b)
{
	if (a->codec != b->codec || strcasecmp(a->name, b->name) != 0)
		return false;
	if (a->codec == CODEC_EVENT)
		return true;
	return a->rate == b->rate && a->channels == b->channels;
}

/*
 * sound_file.c - a sound file that comes in pieces: what it is, its bytes, and
 * the kinds that need no library
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/g711.h"
#include "sound_file_impl.h"

static const struct {
	const char *type;
	enum kind bare;
} types[] = {
	{"audio/mpeg", KIND_MPEG},      {"audio/mp3", KIND_MPEG},
	{"audio/wav", KIND_SNDFILE},    {"audio/wave", KIND_SNDFILE},
	{"audio/x-wav", KIND_SNDFILE},  {"audio/aiff", KIND_SNDFILE},
	{"audio/x-aifc", KIND_SNDFILE}, {"audio/x-aiff", KIND_SNDFILE},
	{"audio/x-gsm", KIND_GSM},      {"audio/gsm", KIND_GSM},
	{"audio/ulaw", KIND_ULAW},
};

int sound_file_alloc(struct sound_file **fp, const char *type, uint32_t rate)
{
	struct sound_file *f;
	enum kind bare = type[0] ? KIND_WAIT : KIND_PCM;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i].type, type) == 0)
			bare = types[i].bare;
	}
	if (bare == KIND_WAIT || (bare == KIND_PCM && (rate < SOUND_RATE_MIN ||
	                                               rate > SOUND_RATE_MAX)))
		return ENOTSUP;
	f = calloc(1, sizeof(*f));
	if (!f)
		return ENOMEM;
	f->kind = bare == KIND_PCM ? KIND_PCM : KIND_WAIT;
	f->bare = bare;
	f->rate = rate ? rate : 8000;
	*fp = f;
	return 0;
}

void sound_file_free(struct sound_file *f)
{
	if (!f)
		return;
	wave_close(f);
	mpeg_close(f);
	free(f->data);
	free(f);
}

uint32_t sound_file_rate(const struct sound_file *f)
{
	return f->rate;
}

/* What was read of a stream is not needed again. */
static void forget_read(struct sound_file *f)
{
	if (f->kind == KIND_WAIT || f->kind == KIND_SNDFILE ||
	    f->kind == KIND_GSM || f->at == 0)
		return;
	memmove(f->data, f->data + f->at, f->len - f->at);
	f->len -= f->at;
	f->at = 0;
}

int sound_file_feed(struct sound_file *f, const uint8_t *p, size_t n, bool last)
{
	f->last |= last;
	forget_read(f);
	if (n > SOUND_FILE_MAX - f->len)
		return EFBIG;
	if (f->len + n > f->size) {
		size_t size =
			f->size * 2 > f->len + n ? f->size * 2 : f->len + n;
		uint8_t *data = realloc(f->data, size);

		if (!data)
			return ENOMEM;
		f->data = data;
		f->size = size;
	}
	if (n > 0)
		memcpy(f->data + f->len, p, n);
	f->len += n;
	return 0;
}

/* --- without a header ------------------------------------------------------ */

static enum sound read_bare(struct sound_file *f, int16_t *out, size_t max,
                            size_t *n)
{
	size_t width = f->kind == KIND_PCM ? 2 : 1;
	size_t left = (f->len - f->at) / width;

	if (left == 0)
		return f->last ? SOUND_END : SOUND_HUNGRY;
	*n = left < max ? left : max;
	for (size_t i = 0; i < *n; i++, f->at += width) {
		const uint8_t *p = f->data + f->at;

		out[i] = f->kind == KIND_PCM ? (int16_t)(p[0] | p[1] << 8)
		                             : g711_from_ulaw(p[0]);
	}
	return SOUND_SAMPLES;
}

/* A file says what it is by its first bytes; its type counts for those that
 * do not. Only the two formats that are asked for get to libsndfile. */
static enum sound choose(struct sound_file *f)
{
	bool riff, form;

	if (f->len < 12)
		return f->last ? SOUND_BAD : SOUND_HUNGRY;
	riff = memcmp(f->data, "RIFF", 4) == 0 &&
	       memcmp(f->data + 8, "WAVE", 4) == 0;
	form = memcmp(f->data, "FORM", 4) == 0 &&
	       memcmp(f->data + 8, "AIF", 3) == 0;
	f->kind = riff || form ? KIND_SNDFILE : f->bare;
	return riff || form || f->bare != KIND_SNDFILE ? SOUND_SAMPLES
	                                               : SOUND_BAD;
}

enum sound sound_file_read(struct sound_file *f, int16_t *out, size_t max,
                           size_t *n)
{
	*n = 0;
	if (f->kind == KIND_WAIT) {
		enum sound found = choose(f);

		if (found != SOUND_SAMPLES)
			return found;
	}
	switch (f->kind) {
	case KIND_SNDFILE:
	case KIND_GSM: return wave_read(f, out, max, n);
	case KIND_MPEG: return mpeg_read(f, out, max, n);
	case KIND_ULAW:
	case KIND_PCM: return read_bare(f, out, max, n);
	case KIND_WAIT: break;
	}
	return SOUND_BAD;
}

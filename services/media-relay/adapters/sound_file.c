/*
 * sound_file.c - a sound file that comes in pieces, as linear mono samples
 *
 * libsndfile wants a whole file: it is shown what has come so far, and when
 * more did, the file is opened again and read from where it was. MP3 is
 * decoded as it comes.
 */
#include "sound_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <mpg123.h>
#include <sndfile.h>

#include "core/g711.h"

enum { GROWTH = 64 * 1024 };      /* bytes before a file is opened again */
enum { MARGIN = 4096 };           /* frames at an end that may be in a block */
enum { FEED = 16 * 1024 };        /* bytes given to libmpg123 at once */
enum { READ_FLOATS = 8192 };      /* samples of all channels */
enum { MPEG_RATE_MAX = 48000 };   /* Hz */
enum { RESYNC_MAX = 256 * 1024 }; /* bytes searched for MPEG audio */

enum kind { KIND_WAIT, KIND_SNDFILE, KIND_GSM, KIND_MPEG, KIND_ULAW, KIND_PCM };

struct sound_file {
	enum kind kind; /* KIND_WAIT: its first bytes decide */
	enum kind bare; /* what it is without a header that we know */
	uint8_t *data;
	size_t len, size, at; /* at: read, or given to the decoder */
	bool last;
	uint32_t rate;
	/* libsndfile */
	SNDFILE *snd;
	SF_INFO info;
	sf_count_t offset; /* of its reader */
	sf_count_t frames; /* that were read */
	size_t shown;      /* bytes that it knows of */
	/* libmpg123 */
	mpg123_handle *mpeg;
	int channels;
	bool heard; /* it has given samples */
};

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
	if (f->snd)
		(void)sf_close(f->snd);
	if (f->mpeg)
		mpg123_delete(f->mpeg);
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

/* --- libsndfile ------------------------------------------------------------ */

static sf_count_t on_length(void *arg)
{
	const struct sound_file *f = arg;

	return (sf_count_t)f->shown;
}

static sf_count_t on_seek(sf_count_t offset, int whence, void *arg)
{
	struct sound_file *f = arg;
	sf_count_t from = whence == SEEK_CUR   ? f->offset
	                  : whence == SEEK_END ? (sf_count_t)f->shown
	                                       : 0;

	if (offset < -from || offset > (sf_count_t)f->shown - from)
		return -1;
	f->offset = from + offset;
	return f->offset;
}

static sf_count_t on_read(void *to, sf_count_t n, void *arg)
{
	struct sound_file *f = arg;
	sf_count_t left = (sf_count_t)f->shown - f->offset;

	if (n > left)
		n = left;
	if (n <= 0)
		return 0;
	memcpy(to, f->data + f->offset, (size_t)n);
	f->offset += n;
	return n;
}

static sf_count_t on_tell(void *arg)
{
	const struct sound_file *f = arg;

	return f->offset;
}

static bool usable(const SF_INFO *info)
{
	return info->channels >= 1 && info->channels <= SOUND_CHANNELS_MAX &&
	       info->samplerate >= SOUND_RATE_MIN &&
	       info->samplerate <= SOUND_RATE_MAX;
}

/* Open what has come, where reading stopped. */
static bool open_again(struct sound_file *f)
{
	SF_VIRTUAL_IO io = {.get_filelen = on_length,
	                    .seek = on_seek,
	                    .read = on_read,
	                    .tell = on_tell};

	if (f->snd)
		(void)sf_close(f->snd);
	f->shown = f->len;
	f->offset = 0;
	memset(&f->info, 0, sizeof(f->info));
	if (f->kind == KIND_GSM)
		f->info = (SF_INFO){.samplerate = 8000,
		                    .channels = 1,
		                    .format = SF_FORMAT_RAW | SF_FORMAT_GSM610};
	f->snd = sf_open_virtual(&io, SFM_READ, &f->info, f);
	if (!f->snd || !usable(&f->info))
		return false;
	f->rate = (uint32_t)f->info.samplerate;
	return f->frames == 0 ||
	       sf_seek(f->snd, f->frames, SEEK_SET) == f->frames;
}

static int16_t to_sample(float sum)
{
	float s = sum * 32768;

	return (int16_t)(s > 32767 ? 32767 : s < -32768 ? -32768 : s);
}

static size_t read_frames(struct sound_file *f, int16_t *out, size_t max)
{
	float frames[READ_FLOATS];
	size_t channels = (size_t)f->info.channels;
	sf_count_t most = READ_FLOATS / f->info.channels;
	sf_count_t n;

	if (most > (sf_count_t)max)
		most = (sf_count_t)max;
	if (!f->last && most > f->info.frames - MARGIN - f->frames)
		most = f->info.frames - MARGIN - f->frames;
	n = most > 0 ? sf_readf_float(f->snd, frames, most) : 0;
	for (sf_count_t i = 0; i < n; i++) {
		float sum = 0;

		for (size_t c = 0; c < channels; c++)
			sum += frames[(size_t)i * channels + c];
		out[i] = to_sample(sum / (float)channels);
	}
	f->frames += n;
	return n > 0 ? (size_t)n : 0;
}

/* Show the decoder what has come since. @return SOUND_SAMPLES: it may be
 * read again */
static enum sound look_again(struct sound_file *f)
{
	if (f->last && f->snd && f->len == f->shown)
		return SOUND_END;
	if (!f->last && f->len < f->shown + GROWTH)
		return SOUND_HUNGRY;
	if (open_again(f))
		return SOUND_SAMPLES;
	/* the head may not be there yet */
	return f->last || f->snd ? SOUND_BAD : SOUND_HUNGRY;
}

static enum sound read_sndfile(struct sound_file *f, int16_t *out, size_t max,
                               size_t *n)
{
	enum sound found = SOUND_SAMPLES;

	while (found == SOUND_SAMPLES) {
		if (f->snd && usable(&f->info))
			*n = read_frames(f, out, max);
		if (*n > 0)
			return SOUND_SAMPLES;
		found = look_again(f);
	}
	return found;
}

/* --- libmpg123 ------------------------------------------------------------- */

static bool open_mpeg(struct sound_file *f)
{
	static const long rates[] = {8000,  11025, 12000, 16000, 22050,
	                             24000, 32000, 44100, 48000};
	mpg123_handle *m;

	(void)mpg123_init();
	m = mpg123_new(NULL, NULL);
	if (!m)
		return false;
	f->mpeg = m;
	(void)mpg123_param(m, MPG123_ADD_FLAGS, MPG123_QUIET, 0);
	(void)mpg123_param(m, MPG123_RESYNC_LIMIT, RESYNC_MAX, 0);
	(void)mpg123_format_none(m);
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
		(void)mpg123_format(m, rates[i], MPG123_MONO | MPG123_STEREO,
		                    MPG123_ENC_SIGNED_16);
	return mpg123_open_feed(m) == MPG123_OK;
}

static size_t to_mono(const struct sound_file *f, int16_t *s, size_t bytes)
{
	size_t n = bytes / sizeof(*s);

	if (f->channels != 2)
		return n;
	for (size_t i = 0; i < n / 2; i++)
		s[i] = (int16_t)((s[2 * i] + s[2 * i + 1]) / 2);
	return n / 2;
}

static bool take_format(struct sound_file *f)
{
	long rate = 0;
	int encoding = 0;

	if (mpg123_getformat(f->mpeg, &rate, &f->channels, &encoding) !=
	            MPG123_OK ||
	    rate < SOUND_RATE_MIN || rate > MPEG_RATE_MAX)
		return false;
	f->rate = (uint32_t)rate;
	return true;
}

/* @return false: there is nothing to give */
static bool feed_mpeg(struct sound_file *f)
{
	size_t n = f->len - f->at < FEED ? f->len - f->at : FEED;

	if (n == 0)
		return false;
	(void)mpg123_feed(f->mpeg, f->data + f->at, n);
	f->at += n;
	return true;
}

/* The decoder gave nothing. @return SOUND_SAMPLES: ask it again */
static enum sound go_on_mpeg(struct sound_file *f, int why)
{
	if (why == MPG123_OK)
		return SOUND_SAMPLES;
	if (why == MPG123_NEW_FORMAT)
		return take_format(f) ? SOUND_SAMPLES : SOUND_BAD;
	if (why == MPG123_NEED_MORE && feed_mpeg(f))
		return SOUND_SAMPLES;
	if (why == MPG123_NEED_MORE && !f->last)
		return SOUND_HUNGRY;
	return f->heard && (why == MPG123_NEED_MORE || why == MPG123_DONE)
	               ? SOUND_END
	               : SOUND_BAD;
}

static enum sound read_mpeg(struct sound_file *f, int16_t *out, size_t max,
                            size_t *n)
{
	enum sound found = SOUND_SAMPLES;

	if (!f->mpeg && !open_mpeg(f))
		return SOUND_BAD;
	while (found == SOUND_SAMPLES) {
		size_t got = 0;
		int err = mpg123_read(f->mpeg, (unsigned char *)out,
		                      max * sizeof(*out), &got);

		*n = to_mono(f, out, got);
		f->heard |= *n > 0;
		if (*n > 0)
			return SOUND_SAMPLES;
		found = go_on_mpeg(f, err);
	}
	return found;
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
	case KIND_GSM: return read_sndfile(f, out, max, n);
	case KIND_MPEG: return read_mpeg(f, out, max, n);
	case KIND_ULAW:
	case KIND_PCM: return read_bare(f, out, max, n);
	case KIND_WAIT: break;
	}
	return SOUND_BAD;
}

/*
 * sound_file_mpeg.c - MP3 by libmpg123, decoded as it comes
 */
#include "sound_file_impl.h"

enum { FEED = 16 * 1024 };        /* bytes given to libmpg123 at once */
enum { MPEG_RATE_MAX = 48000 };   /* Hz */
enum { RESYNC_MAX = 256 * 1024 }; /* bytes searched for MPEG audio */

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

enum sound mpeg_read(struct sound_file *f, int16_t *out, size_t max, size_t *n)
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

void mpeg_close(struct sound_file *f)
{
	if (f->mpeg)
		mpg123_delete(f->mpeg);
}

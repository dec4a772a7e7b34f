/*
 * sound_file_wave.c - WAVE, AIFF and GSM 06.10 by libsndfile
 *
 * It wants a whole file: it is shown what has come so far, and when more did,
 * the file is opened again and read from where it was.
 */
#include <math.h>
#include <string.h>

#include "sound_file_impl.h"

enum { GROWTH = 64 * 1024 }; /* bytes before a file is opened again */
enum { MARGIN = 4096 };      /* frames at an end that may be in a block */
enum { READ_FLOATS = 8192 }; /* samples of all channels */

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

/* A file of floats may have any in it, NaN too: that is silence. */
static int16_t to_sample(float sum)
{
	float s = sum * 32768;

	if (s >= 32767)
		return INT16_MAX;
	if (s <= -32768)
		return INT16_MIN;
	return isnan(s) ? 0 : (int16_t)s;
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

enum sound wave_read(struct sound_file *f, int16_t *out, size_t max, size_t *n)
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

void wave_close(struct sound_file *f)
{
	if (f->snd)
		(void)sf_close(f->snd);
}

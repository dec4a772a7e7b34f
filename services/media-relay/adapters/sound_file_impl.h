/*
 * sound_file_impl.h - inside of sound_file.c: one file for each library
 */
#ifndef MEDIA_ADAPTERS_SOUND_FILE_IMPL_H
#define MEDIA_ADAPTERS_SOUND_FILE_IMPL_H

#include <mpg123.h>
#include <sndfile.h>

#include "sound_file.h"

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

/* sound_file_wave.c: as sound_file_read() */
enum sound wave_read(struct sound_file *f, int16_t *out, size_t max, size_t *n);
void wave_close(struct sound_file *f);

/* sound_file_mpeg.c: as sound_file_read() */
enum sound mpeg_read(struct sound_file *f, int16_t *out, size_t max, size_t *n);
void mpeg_close(struct sound_file *f);

#endif

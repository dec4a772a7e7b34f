/*
 * clips.c - tones, prompts and keys, encoded once and kept
 */
#include "clips.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "core/encoder.h"
#include "core/key_tone.h"
#include "core/player.h"
#include "core/tone.h"
#include "core/wav.h"

enum { KEY_SIZE = 80 };

enum kind { TONE, PROMPT, KEY };

struct entry {
	struct hash_entry hash;
	char key[KEY_SIZE];
	struct clip *clip; /* a share */
};

struct clips {
	char *directory;
	struct hash entries;
};

/* What a clip is made of */
struct sound {
	uint32_t rate;
	size_t n;
	int16_t *samples;
};

int clips_alloc(struct clips **cp, const char *directory)
{
	struct clips *c = calloc(1, sizeof(*c));
	int err = ENOMEM;

	if (!c)
		goto out;
	c->directory = strdup(directory);
	if (!c->directory || hash_init(&c->entries))
		goto out;
	err = 0;
out:
	if (err)
		clips_free(c);
	else
		*cp = c;
	return err;
}

static void free_entry(struct entry *e)
{
	if (!e)
		return;
	clip_free(e->clip);
	free(e);
}

void clips_free(struct clips *c)
{
	struct hash_iter it;
	struct hash_entry *h;

	if (!c)
		return;
	if (c->entries.slots) {
		it = hash_iter(&c->entries);
		while ((h = hash_next(&it))) {
			hash_remove(&c->entries, h);
			free_entry(hash_object(h, struct entry, hash));
		}
		hash_close(&c->entries);
	}
	free(c->directory);
	free(c);
}

static uint8_t *read_file(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rbe");
	uint8_t *bytes = NULL;
	struct stat st;

	if (!f)
		return NULL;
	if (fstat(fileno(f), &st) == 0 && st.st_size > 0 &&
	    st.st_size <= CLIP_FILE_MAX) {
		*n = (size_t)st.st_size;
		bytes = malloc(*n);
	}
	if (bytes && fread(bytes, 1, *n, f) != *n) {
		free(bytes);
		bytes = NULL;
	}
	(void)fclose(f);
	return bytes;
}

/* Linear interpolation: prompts are speech at 8 kHz, played at 8 or 16 kHz. */
static bool resample(struct sound *s, const struct wav *w, uint32_t rate)
{
	s->rate = rate;
	s->n = (size_t)((uint64_t)w->n * rate / w->rate);
	s->samples = calloc(s->n + 1, sizeof(*s->samples));
	if (!s->samples)
		return false;
	for (size_t i = 0; i < s->n; i++) {
		uint64_t at = (uint64_t)i * w->rate;
		size_t k = (size_t)(at / rate);
		int part = (int)(at % rate);
		int a = wav_sample(w, k);
		int b = k + 1 < w->n ? wav_sample(w, k + 1) : a;

		s->samples[i] = (int16_t)(a + (b - a) * (double)part / rate);
	}
	return true;
}

static bool load_prompt(const struct clips *c, const char *name, uint32_t rate,
                        struct sound *s)
{
	char path[4096];
	uint8_t *file = NULL;
	size_t n = 0;
	struct wav w;
	bool ok = false;

	/* A name is a word: it never leads out of the directory. */
	if (name[0] == '\0' ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		return false;
	if ((size_t)snprintf(path, sizeof(path), "%s/%s.wav", c->directory,
	                     name) >= sizeof(path))
		return false;
	file = read_file(path, &n);
	if (file && wav_parse(&w, file, n) == 0)
		ok = resample(s, &w, rate);
	free(file);
	return ok;
}

static bool load_tone(const char *name, uint32_t rate, struct sound *s)
{
	const struct tone *t = tone_find(name);

	if (!t)
		return false;
	s->rate = rate;
	s->n = tone_samples(t, rate);
	s->samples = calloc(s->n, sizeof(*s->samples));
	if (!s->samples)
		return false;
	tone_render(t, rate, s->samples);
	return true;
}

/* A key as it sounds, and the pause after it */
static bool load_key(const char *name, uint32_t rate, struct sound *s)
{
	size_t per_ms = rate / 1000;
	bool waits = name[0] == 'w' || name[0] == 'W';

	s->rate = rate;
	s->n = per_ms * (name[0] == 'w'   ? PLAYER_SHORT_MS
	                 : name[0] == 'W' ? PLAYER_LONG_MS
	                                  : 2 * PLAYER_KEY_MS);
	s->samples = calloc(s->n, sizeof(*s->samples));
	if (s->samples && !waits)
		key_tone(name[0], rate, PLAYER_KEY_MS * per_ms, s->samples);
	return s->samples != NULL;
}

static bool load(const struct clips *c, enum kind kind, const char *name,
                 uint32_t rate, struct sound *s)
{
	switch (kind) {
	case TONE: return load_tone(name, rate, s);
	case PROMPT: return load_prompt(c, name, rate, s);
	case KEY: return load_key(name, rate, s);
	}
	return false;
}

static bool encode(struct clip *clip, const struct sound *s)
{
	size_t per_frame = (size_t)s->rate * clip->frame_ms / 1000;
	size_t frames = (s->n + per_frame - 1) / per_frame;
	int16_t *frame = calloc(per_frame, sizeof(*frame));
	uint8_t *bytes = malloc(frames * ENCODER_PACKET_MAX + 1);
	uint32_t *starts = calloc(frames + 1, sizeof(*starts));
	struct encoder *enc = NULL;
	bool ok = false;

	if (!frame || !bytes || !starts ||
	    encoder_alloc(&enc, clip->codec, s->rate))
		goto out;
	for (size_t i = 0; i < frames; i++) {
		size_t at = i * per_frame;
		size_t n = s->n - at < per_frame ? s->n - at : per_frame;

		memset(frame, 0, per_frame * sizeof(*frame));
		memcpy(frame, s->samples + at, n * sizeof(*frame));
		starts[i + 1] = starts[i] +
		                (uint32_t)encoder_encode(enc, frame, per_frame,
		                                         bytes + starts[i]);
	}
	ok = clip_append(clip, bytes, starts, frames) == 0;
	clip_end(clip);
out:
	encoder_free(enc);
	free(frame);
	free(bytes);
	free(starts);
	return ok;
}

static struct entry *make(const struct clips *c, enum kind kind,
                          const char *name, enum codec codec, uint32_t ptime_ms)
{
	struct entry *e = calloc(1, sizeof(*e));
	uint32_t rate = encoder_rate(codec);
	struct sound s = {0};
	bool ok = false;

	if (!e)
		return NULL;
	e->clip = clip_alloc(codec, ptime_ms);
	if (e->clip && load(c, kind, name, rate ? rate : 8000, &s)) {
		ok = rate == 0 || encode(e->clip, &s);
		clip_end(e->clip);
	}
	free(s.samples);
	if (!ok) {
		free_entry(e);
		return NULL;
	}
	return e;
}

static struct clip *get(struct clips *c, enum kind kind, const char *name,
                        enum codec codec, uint32_t ptime_ms)
{
	char key[KEY_SIZE];
	struct hash_entry *h;
	struct entry *e;

	if ((size_t)snprintf(key, sizeof(key), "%d %s %d %u", (int)kind, name,
	                     (int)codec, ptime_ms) >= sizeof(key))
		return NULL;
	h = hash_find(&c->entries, key);
	if (h)
		return hash_object(h, struct entry, hash)->clip;
	e = make(c, kind, name, codec, ptime_ms);
	if (!e)
		return NULL;
	memcpy(e->key, key, sizeof(e->key));
	hash_add(&c->entries, &e->hash, e->key);
	/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): the table has it */
	return e->clip;
}

struct clip *clips_tone(struct clips *c, const char *name, enum codec codec,
                        uint32_t ptime_ms)
{
	return get(c, TONE, name, codec, ptime_ms);
}

struct clip *clips_prompt(struct clips *c, const char *name, enum codec codec,
                          uint32_t ptime_ms)
{
	return get(c, PROMPT, name, codec, ptime_ms);
}

struct clip *clips_key(struct clips *c, char key, enum codec codec,
                       uint32_t ptime_ms)
{
	const char name[2] = {key, '\0'};

	return get(c, KEY, name, codec, ptime_ms);
}

struct clip *clips_silence(struct clips *c, enum codec codec, uint32_t ptime_ms)
{
	return clips_key(c, 'W', codec, ptime_ms);
}

/*
 * clips.h - tones, prompts and keys, encoded once and kept
 *
 * There are as many as there are names, codecs and packet times in use; they
 * stay until the process ends.
 */
#ifndef MEDIA_ADAPTERS_CLIPS_H
#define MEDIA_ADAPTERS_CLIPS_H

#include "core/clip.h"

struct clips;

enum { CLIP_FILE_MAX = 8 * 1024 * 1024 }; /* bytes of a prompt file */

/** @param directory of <name>.wav; copied. @return 0 or ENOMEM */
int clips_alloc(struct clips **cp, const char *directory);
void clips_free(struct clips *c);

/**
 * A ringing tone, "ringback-us" or "us".
 *
 * @param codec one that is not made here gives an empty clip
 * @return borrowed; NULL when there is no such tone or no memory
 */
struct clip *clips_tone(struct clips *c, const char *name, enum codec codec,
                        uint32_t ptime_ms);

/** A packaged prompt, "apology". NULL as above, or when its file is bad. */
struct clip *clips_prompt(struct clips *c, const char *name, enum codec codec,
                          uint32_t ptime_ms);

/** A key as it sounds and the pause after it: 0-9 A-D * # w W. */
struct clip *clips_key(struct clips *c, char key, enum codec codec,
                       uint32_t ptime_ms);

/** A second of silence */
struct clip *clips_silence(struct clips *c, enum codec codec,
                           uint32_t ptime_ms);

#endif

/*
 * plan.h - a request to speak, as pieces that are made and kept one by one
 *
 * The same request gives the same plan on every instance, so that audio can be
 * asked for by its offset. Pure: no I/O, no clock, no log.
 */
#ifndef SPEECH_CORE_PLAN_H
#define SPEECH_CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ssml.h"
#include "core/voices.h"

enum { PLAN_RATE = 16000 };          /* [Hz] of all audio that is made */
enum { PLAN_CHARACTERS_MAX = 4096 }; /* TwiML <Say> */
enum { PLAN_KEY_SIZE = 65 };         /* SHA-256 in hex and the NUL */

/** What is configured; borrowed */
struct plan_conf {
	bool has_espeak;
	const char *http_model;  /**< NULL = there is no HTTP engine */
	const char *http_voices; /**< "man=onyx Polly.Amy=nova *=alloy" */
	const char *embedded;    /**< versions of the engines, for the key */
};

struct plan_part {
	char key[PLAN_KEY_SIZE]; /**< of its content; "" = only a pause */
	enum engine engine;
	struct voice voice; /**< embedded: of the engine, or of its stand-in */
	const char *text;   /**< in the plan's ssml */
	struct style style;
	uint32_t pause_ms;
};

struct plan {
	struct ssml ssml;
	struct plan_part *parts; /**< owned */
	size_t n;
	char http_voice[VOICE_NAME_SIZE]; /**< as the HTTP engine calls it */
	unsigned warning_code;
	unsigned error_code; /**< then there are no parts */
	char text[VOICE_TEXT_SIZE];
};

/**
 * Make the plan. What is wrong with the request is in `error_code`.
 * @return 0 or ENOMEM; plan_close() either way
 */
int plan_make(struct plan *p, const char *ssml, const struct voice_wish *wish,
              const struct plan_conf *conf);
void plan_close(struct plan *p);

/** Bytes of audio in so much silence */
size_t plan_pause_bytes(uint32_t ms);

#endif

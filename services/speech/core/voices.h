/*
 * voices.h - the voice and language of a document onto what engines have
 *
 *     ""  man  woman  alice      of any language
 *     Polly.<Name>[-Neural …]    speaks its own language
 *     Google.<language>-<name>   the same
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef SPEECH_CORE_VOICES_H
#define SPEECH_CORE_VOICES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/ssml.h"

enum { VOICE_NAME_SIZE = 64 };
enum { VOICE_TEXT_SIZE = 200 };

/* TwiML <Say>, contract 7.2 */
enum {
	SAY_BAD_VOICE = 13511,
	SAY_BAD_LANGUAGE = 13512,
	SAY_BAD_TEXT = 13520,
	SAY_TOO_LONG = 13521
};

enum engine { ENGINE_FLITE, ENGINE_ESPEAK, ENGINE_HTTP };

/** What the document asks for */
struct voice_wish {
	const char *voice;    /**< as it stands there; "" = default */
	const char *language; /**< "" = default */
	bool has_espeak;      /**< it is installed */
};

struct voice {
	enum engine engine; /**< embedded: never ENGINE_HTTP */
	bool woman;
	char name[VOICE_NAME_SIZE];        /**< as the engine calls it */
	char language[SSML_LANGUAGE_SIZE]; /**< that it speaks */
	unsigned warning_code;             /**< 0 = as wished */
	unsigned error_code; /**< 0, or SAY_BAD_LANGUAGE: nobody speaks it */
	char text[VOICE_TEXT_SIZE]; /**< for a person, about either */
};

void voice_choose(const struct voice_wish *wish, struct voice *out);

/** The voice for a part in another language (<lang>), of the same sex.
 *  @return false: nobody speaks it; @p out is not written */
bool voice_for_language(const struct voice *base, const char *language,
                        bool has_espeak, struct voice *out);

#endif

/*
 * ssml.h - what stands in a <Say>, as a list of pieces with one style each
 *
 * Understood (TwiML <Say>): break emphasis lang p phoneme prosody s say-as sub
 * w, and an outer speak. Of other elements the content is spoken. Pure: no I/O,
 * no clock, no log.
 */
#ifndef SPEECH_CORE_SSML_H
#define SPEECH_CORE_SSML_H

#include <stddef.h>
#include <stdint.h>

enum { SSML_SIZE_MAX = 64 * 1024 }; /* bytes of a document */
enum { SSML_DEPTH_MAX = 32 };       /* elements in one another */
enum { SSML_PIECES_MAX = 4096 };
enum { SSML_PIECE_MAX = 600 };        /* bytes; longer sentences are cut */
enum { SSML_BREAK_MAX = 10 * 1000 };  /* [ms] of one <break> */
enum { SSML_PAUSE_MAX = 600 * 1000 }; /* [ms] of all together */
enum { SSML_LANGUAGE_SIZE = 24 };

/** How a piece is to be spoken; all zero is not a style: style_plain() is */
struct style {
	uint16_t rate;  /**< percent of the usual, 20-400 */
	uint16_t pitch; /**< percent of the usual, 50-200 */
	int16_t volume; /**< [dB] -60 to 12; -60 is silence */
	char language
		[SSML_LANGUAGE_SIZE]; /**< of <lang>; "" = the document's */
};

/** A sentence or a part of one, then silence */
struct piece {
	char *text; /**< owned, UTF-8, spaces normalised; "" = only a pause */
	struct style style;
	uint32_t pause_ms; /**< after it */
};

struct ssml {
	struct piece *v; /**< owned */
	size_t n;
	size_t characters; /**< that are spoken, for the limit */
	uint32_t pause_ms; /**< all together */
};

struct style style_plain(void);

/**
 * Read the content of a <Say>.
 *
 * @param why for a person, when EINVAL or E2BIG comes back
 * @return 0, EINVAL (not well-formed XML), E2BIG (a limit above) or ENOMEM;
 *         on an error @p out holds nothing
 */
int ssml_parse(const char *text, struct ssml *out, const char **why);

void ssml_close(struct ssml *s); /**< zero-initialised is fine */

#endif

/*
 * voice_names.h - the names of Amazon Polly's voices
 */
#ifndef SPEECH_CORE_VOICE_NAMES_H
#define SPEECH_CORE_VOICE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct voice_name {
	const char *name;     /**< "Joanna" */
	const char *language; /**< "en-US"  */
	bool woman;
};

/** Upper and lower case are the same. NULL = there is no such voice. */
const struct voice_name *voice_name_find(const char *name, size_t n);

#endif

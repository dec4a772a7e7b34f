/*
 * line.h - a command line: words, and parameters of the API
 *
 *     trestle domains add acme.example --voice-url https://app/voice --json
 *
 * `--voice-url X` and `--VoiceUrl X` are the parameter VoiceUrl; `--start-time-from`
 * and `--start-time-until` are StartTime> and StartTime<. Pure: no I/O.
 */
#ifndef CLIENT_CORE_LINE_H
#define CLIENT_CORE_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

enum { LINE_WORDS_MAX = 8, LINE_NAME_MAX = 64 };

struct line {
	const char *words[LINE_WORDS_MAX]; /**< borrowed from argv */
	size_t n;
	bool json; /**< for programs */
	bool all;  /**< every page */
	bool help;
};

/**
 * Read argv[1] and on; parameters are added to @p form, encoded.
 *
 * @param problem a sentence, when the line makes no sense
 * @return whether it makes sense
 */
bool line_read(struct line *line, int argc, char **argv, struct strbuf *form,
               const char **problem);

/** "voice-url" as "VoiceUrl" @return whether it fits */
bool line_param(const char *option, char out[LINE_NAME_MAX]);

#endif

/*
 * fixture.h - real speech processes with Redis, and an asker on the bus
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include "bus/bus.h"
#include "service/harness.h"

enum { AUDIO_MAX = 4 * 1024 * 1024 };
enum { INSTANCES = 2 };

/** What came back for a question */
struct answer {
	bool came;
	int err;     /**< of the bus */
	int refusal; /**< Trestle__Refusal__Reason, -1 = none */
	unsigned rate, warning, error, confidence;
	bool last, final;
	char text[1024];
	size_t n; /**< bytes of pcm */
	uint8_t pcm[256 * 1024];
	uint64_t ms; /**< after the question */
};

struct fixture {
	struct redis_server redis_server;
	struct loop *loop;
	struct redis *redis;
	struct bus *bus;
	char cache[64], recordings[64];
	pid_t speech[INSTANCES];
	uint16_t health_port[INSTANCES];
	char settings[4][128]; /**< beside the usual ones, "" = none */
	struct answer answer;
};

extern struct fixture fixture;

int fixture_set_up(void **state); /**< cmocka group fixtures: one is started */
int fixture_tear_down(void **state);

/** Start speech-<n + 1>; returns when it is found on the bus. */
void fixture_start(unsigned n);
void fixture_stop(unsigned n, int sig);

/** Ask one instance and wait. @return fixture.answer */
struct answer *ask(unsigned n, Trestle__Envelope *env);

/** One SpeakRequest. NULL = "" */
struct answer *speak_at(unsigned n, const char *ssml, const char *voice,
                        const char *language, uint64_t offset);

/** All of a text's audio. @return bytes, in @p out of AUDIO_MAX */
size_t speak_all(unsigned n, const char *ssml, const char *voice,
                 const char *language, uint8_t *out);

/** A piece of an utterance; what it is else is in @p r. */
struct answer *hear(unsigned n, Trestle__HearRequest *r, const uint8_t *pcm,
                    size_t bytes, bool last);

/** A whole utterance in pieces of 200 ms, as a relay sends it.
 *  @return the last answer */
struct answer *hear_all(unsigned n, Trestle__HearRequest *r, const uint8_t *pcm,
                        size_t bytes);

/** Speak, as it comes over a telephone line: 8 kHz, with silence around.
 *  @return bytes, in @p out of AUDIO_MAX */
size_t call_in(const char *words, const char *voice, uint8_t *out);

/** How many of the words of @p said are in @p heard [percent] */
unsigned words_heard(const char *said, const char *heard);

/** Send a signal to all helpers of an instance and their children.
 *  @return how many helpers */
int signal_helpers(unsigned n, int sig);

#endif

/*
 * app.h - speech: text to audio and audio to text, from the bus
 */
#ifndef SPEECH_APP_H
#define SPEECH_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/queue.h>

#include "base/hash.h"
#include "core/plan.h"

struct bus;
struct clips;
struct disk;
struct http;
struct log;
struct loop;
struct metric;
struct pool;
struct service;
struct recognisers;
struct text_http;
struct voice_http;

/* Contract 7.2 */
enum { APP_INTERNAL_ERROR = 12400, HEAR_BAD_LANGUAGE = 13331 };

struct settings {
	const char *cache;
	uint32_t cache_mb, memory_mb, workers, queue;
	const char *voice_url, *voice_key, *voice_model, *voice_map;
	uint32_t recognisers;
	const char *model, *recordings;
	const char *text_url, *text_key, *text_model;
	uint32_t http_seconds;
};

struct app {
	const struct settings *settings; /**< borrowed */
	struct service *service; /**< borrowed, as all to the blank line */
	const struct log *log;
	struct loop *loop;
	struct bus *bus;

	struct plan_conf plan;
	struct disk *disk;
	struct pool *pool;
	struct http *http;
	struct voice_http *voice_http; /**< NULL = there is none */
	struct text_http *text_http;   /**< NULL = there is none */
	struct recognisers *recognisers;
	struct clips *clips;
	struct timer *sweep;
	LIST_HEAD(, speaking) speakings;
	size_t n_speaking;
	struct hash hearings_by_id;
	LIST_HEAD(, hearing) hearings;
	size_t n_hearing, hearing_max;
	LIST_HEAD(, listening) listenings;
	LIST_HEAD(, transcribing) transcribings;
	size_t n_transcribing;
	struct metric *speak_well, *speak_failed, *hear_well, *hear_failed;
	struct metric *recognisers_used, *helper_deaths, *queue;
};

/** @return 0, or 1 after the log says what to do */
int app_init(struct app *app, struct service *service,
             const struct settings *settings);
void app_close(struct app *app); /**< after app_init(), failed or not */

#endif

/*
 * main.c - trestle-speech: settings and wiring
 */
#include <stddef.h>

#include "app.h"
#include "base/service.h"
#include "engine/engine.h"

#define AT(field) offsetof(struct settings, field)

static const struct conf_item items[] = {
	{"TRESTLE_SPEECH_CACHE", CONF_STRING, AT(cache), "", 0, 0,
         "folder of sentences that were spoken, which several copies may "
         "share; "
         "empty: they are kept in memory only"},
	{"TRESTLE_SPEECH_CACHE_MB", CONF_UINT, AT(cache_mb), "1024", 1, 1000000,
         "size of that folder; beyond it, what was used longest ago goes "
         "[MiB]"},
	{"TRESTLE_SPEECH_MEMORY_MB", CONF_UINT, AT(memory_mb), "64", 1, 100000,
         "sentences in memory [MiB]"},
	{"TRESTLE_SPEECH_WORKERS", CONF_UINT, AT(workers), "2", 1, 64,
         "helper processes that speak; each takes one core while it does"},
	{"TRESTLE_SPEECH_QUEUE", CONF_UINT, AT(queue), "200", 1, 10000,
         "sentences that wait for one of them; more are refused"},
	{"TRESTLE_VOICE_URL", CONF_STRING, AT(voice_url), "", 0, 0,
         "HTTP engine that speaks: what stands before /v1/audio/speech; empty: "
         "none"},
	{"TRESTLE_VOICE_KEY", CONF_STRING, AT(voice_key), "", 0, 0,
         "its key, sent as a Bearer token"},
	{"TRESTLE_VOICE_MODEL", CONF_STRING, AT(voice_model), "tts-1", 0, 0,
         "its model"},
	{"TRESTLE_VOICE_MAP", CONF_STRING, AT(voice_map), "*=alloy", 0, 0,
         "its voices: `Polly.Amy=nova man=onyx *=alloy`; * is all others, a "
         "voice that is not named is spoken by an embedded engine"},
	{"TRESTLE_RECOGNISERS", CONF_UINT, AT(recognisers), "4", 0, 1000,
         "utterances that are recognised at a time, by helper processes that "
         "take a third of a core each; more are refused"},
	{"TRESTLE_RECOGNISER_MODEL", CONF_STRING, AT(model),
         "/usr/share/pocketsphinx/model/en-us", 0, 0,
         "folder of the model: en-us/ cmudict-en-us.dict en-us.lm.bin"},
	{"TRESTLE_RECORDINGS", CONF_STRING, AT(recordings), "recordings", 0, 0,
         "folder that relays write recordings to"},
	{"TRESTLE_TEXT_URL", CONF_STRING, AT(text_url), "", 0, 0,
         "HTTP engine that listens: what stands before "
         "/v1/audio/transcriptions; empty: none"},
	{"TRESTLE_TEXT_KEY", CONF_STRING, AT(text_key), "", 0, 0,
         "its key, sent as a Bearer token"},
	{"TRESTLE_TEXT_MODEL", CONF_STRING, AT(text_model), "whisper-1", 0, 0,
         "its model"},
	{"TRESTLE_SPEECH_HTTP_SECONDS", CONF_UINT, AT(http_seconds), "10", 1,
         120, "longest time that an HTTP engine may take [s]"},
	{0},
};

static const char *const wants[] = {NULL};

int main(int argc, char **argv)
{
	static struct settings settings;
	const struct service_description description = {
		.name = "speech",
		.purpose = "text to speech and speech to text",
		.items = items,
		.conf = &settings,
		.wants = wants,
	};
	int failed = engine_main(argc, argv);
	struct service *service;
	struct app app;

	if (failed >= 0)
		return failed;
	if (service_alloc(&service, &description, argc, argv))
		return 1;
	failed = app_init(&app, service, &settings);
	if (!failed)
		service_run(service);
	app_close(&app);
	service_free(service);
	return failed;
}

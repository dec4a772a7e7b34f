/*
 * listen.c - speech that is to be understood: what is asked, and when it ends
 *
 * Pure: no I/O, no clock, no log.
 */
#include "listen.h"

#include <stdlib.h>
#include <string.h>

static bool within_limits(const char *language, char *const *hints, size_t n)
{
	if (strlen(language) >= LISTEN_LANGUAGE_SIZE || n > LISTEN_HINTS_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (strlen(hints[i]) > LISTEN_HINT_MAX)
			return false;
	}
	return true;
}

struct listen_order *listen_order_copy(const char *language, bool partial,
                                       char *const *hints, size_t n)
{
	struct listen_order *o;
	size_t size = sizeof(*o) + n * sizeof(char *);
	char *at;

	if (!within_limits(language, hints, n))
		return NULL;
	for (size_t i = 0; i < n; i++)
		size += strlen(hints[i]) + 1;
	o = calloc(1, size);
	if (!o)
		return NULL;
	memcpy(o->language, language, strlen(language) + 1);
	o->partial = partial;
	o->n_hints = n;
	o->hints = (char **)(void *)(o + 1);
	at = (char *)(o->hints + n);
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(hints[i]) + 1;

		memcpy(at, hints[i], len);
		o->hints[i] = at;
		at += len;
	}
	return o;
}

void utterance_init(struct utterance *u, const struct listen_spec *spec)
{
	memset(u, 0, sizeof(*u));
	u->spec = *spec;
	if (u->spec.max_ms == 0 || u->spec.max_ms > LISTEN_UTTERANCE_MS)
		u->spec.max_ms = LISTEN_UTTERANCE_MS;
}

bool utterance_put(struct utterance *u, const int16_t *samples, size_t n,
                   uint32_t ms)
{
	bool loud = voice_put(&u->voice, samples, n);

	u->now_ms += ms;
	u->loud_ms = loud ? u->loud_ms + ms : 0;
	if (!u->spoke && u->loud_ms >= LISTEN_WORD_MS) {
		u->spoke = true;
		u->began_ms = u->now_ms - u->loud_ms;
	}
	if (loud)
		u->spoke_ms = u->now_ms;
	u->over |= u->now_ms >= LISTEN_UTTERANCE_MS ||
	           (!u->spoke && u->now_ms >= LISTEN_SILENT_MS) ||
	           (u->spoke && u->now_ms - u->began_ms >= u->spec.max_ms);
	u->over |= u->spoke && u->spec.silence_ms > 0 &&
	           u->now_ms - u->spoke_ms >= u->spec.silence_ms;
	return u->over;
}

bool utterance_spoken(const struct utterance *u)
{
	return u->spoke && u->spoke_ms == u->now_ms;
}

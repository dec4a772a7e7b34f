/*
 * media.h - audio of the applications: fetched once, streamed to all who ask
 *
 *     AudioRequest --> waits? --> piece of an entity --> AudioReply
 *                        |            ^
 *                        +--> job ----+ bytes as they come, or "304 not
 *                                       changed"
 *
 * An entity is one response, kept as long as HTTP allows it to be used again,
 * or can be asked whether it changed. A version names it: a relay that plays
 * it gets the rest of the same one, or is told that there is none.
 */
#ifndef FETCHER_MEDIA_H
#define FETCHER_MEDIA_H

#include "adapters/client.h"
#include "bus/bus.h"

struct app;
struct library;
struct media;
struct outcome;

enum { MEDIA_VERSION_SIZE = 36 };
enum { MEDIA_PIECE_MAX = 256 * 1024 };    /* bytes in a reply */
enum { MEDIA_WAITERS_MAX = 1000 };        /* of one URL */
enum { MEDIA_TOTAL_MS = 45 * 60 * 1000 }; /* one that takes longer is cut */
enum { MEDIA_ENTITIES_MAX = 10000 };      /* kept, each an open file */
enum { MEDIA_UNREAD_MS = 60000 }; /* an entity that is replaced stays so long */

struct media_question {
	const char *account_sid, *call_sid, *url;
	const char *version; /**< "" = the present one, from its begin */
	uint64_t offset;
	bool check; /**< is the version still the present one? */
	const struct bus_return *from;
};

int library_alloc(struct library **lp, struct app *app); /**< 0 or ENOMEM */
void library_free(struct library *l);                    /**< NULL is a no-op */

/** Answer, at once or when there is something to say. */
void media_ask(struct library *l, const struct media_question *q);

/* --- from the job ---------------------------------------------------------- */

/** What to ask about: both "" when the whole is wanted. Borrowed. */
void media_validators(const struct media *m, const char **etag,
                      const char **last_modified);

enum cut media_take(struct media *m, const struct client_head *head,
                    const void *p, size_t n);

/** 304. @param cache the headers about caching */
void media_unchanged(struct media *m, const char *cache);

void media_ended(struct media *m, const struct outcome *outcome);

#endif

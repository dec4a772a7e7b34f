/*
 * platform.h - what a call-controller has around it, in one test program
 *
 * Redis and the controllers are real processes. Registrar, webhook-fetcher,
 * media-relay and edge are real instances on the bus with scripted answers; a
 * rest-api asks what a test wants it to.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/bus.h"
#include "phone.h"
#include "service/harness.h"

enum { PLATFORM_NOTES_MAX = 64 };

enum { PLAY_REGISTRAR, PLAY_FETCHER, PLAY_RELAY, PLAY_EDGE, PLAY_API, PLAYS };

struct platform {
	struct redis_server redis_server;
	struct loop *loop;
	struct redis *redis;
	struct bus *bus[PLAYS];
	struct phone edge; /**< both phones are behind it */
	pid_t controller[2];
	unsigned ping; /**< TRESTLE_CARRIER_PING of those that are started */
	const char *document;        /**< what the application answers */
	const char *number_document; /**< … to a call for a number    */
	const char *bindings[4];     /**< contacts of every AoR        */
	const char *binding_at;      /**< … registered from this IP    */
	unsigned lookups;
	Trestle__AuthorizeReply__Verdict verdict;
	const char *username; /**< who signed in; "" = an access list */
	char params[16384];   /**< of the last FetchRequest     */
	char notes[PLATFORM_NOTES_MAX][64]; /**< "completed CA…" of callbacks */
	unsigned n_notes;
	char note_url[256]; /**< of the last callback                   */
	bool relay_refuses; /**< SessionPut: OVERLOADED       */
	unsigned fetches, puts, releases, authorizations;
	uint64_t epoch; /**< of the last SessionPut       */
	char session[64];
};

int platform_open(void **state);
int platform_close(void **state);

/** Start or stop controller 0 or 1. */
void platform_start(struct platform *p, unsigned i);
/** Ask the controller with OPTIONS until it answers so. */
void platform_expect_options(struct platform *p, const char *status);
void platform_kill(struct platform *p, unsigned i, int signal);

/** Wait until a redis-cli-like HGET gives @p value (NULL: anything). */
void platform_expect(struct platform *p, const char *key, const char *field,
                     const char *value);

/** … that it begins with @p start. */
void platform_expect_start(struct platform *p, const char *key,
                           const char *field, const char *start);

#endif

/*
 * media_impl.h - inside of media.c and library.c
 */
#ifndef FETCHER_MEDIA_IMPL_H
#define FETCHER_MEDIA_IMPL_H

#include <sys/queue.h>

#include "adapters/blob.h"
#include "base/hash.h"
#include "core/freshness.h"
#include "core/label.h"
#include "media.h"

struct entity {
	TAILQ_ENTRY(entity) link; /* of the media, newest first */
	struct blob blob;
	bool whole;
	bool named;           /* its file outlives us */
	uint64_t fresh_until; /* monotonic [ms] */
	uint64_t read_at;
	struct freshness freshness;
	char version[MEDIA_VERSION_SIZE];
	char type[LABEL_TYPE_SIZE];
	uint32_t code; /* it ended too early: why */
	char text[OUTCOME_TEXT_MAX];
};

struct waiter {
	TAILQ_ENTRY(waiter) link;
	struct media_question question; /* version and from are the next two */
	struct bus_return from;
	char version[MEDIA_VERSION_SIZE];
};

/* What is known of one URL of one account */
struct media {
	struct hash_entry hash;
	struct library *library;
	char key[LABEL_KEY_SIZE]; /* of its account and URL */
	TAILQ_HEAD(, entity) entities;
	struct entity *current; /* may be used again; NULL = none */
	struct entity *coming;  /* is being fetched; NULL: no bytes came yet */
	bool fetching;
	TAILQ_HEAD(, waiter) waiters;
	size_t n_waiters;
};

struct library {
	struct app *app;
	struct hash table;
	struct timer *timer;
	size_t bytes, bytes_max;
	size_t entities, entities_max;
	bool closing; /* files keep their names */
	uint8_t piece[MEDIA_PIECE_MAX];
};

/* library.c */

/** @return NULL when memory ran out */
struct media *library_media(struct library *l, const struct media_question *q);

/** The one that its fetch brings; its head has come.
 *  @return NULL when memory ran out or the disk is full */
struct entity *library_begin(struct media *m, const struct client_head *head);

/** It is `current`, or was found to be unchanged: it outlives us from now on,
 *  if there is a directory and HTTP lets it be used again. */
void library_keep(struct media *m, struct entity *e);

struct entity *library_find(struct media *m, const char *version);
void library_drop(struct media *m, struct waiter *w); /**< answered or not */

#endif

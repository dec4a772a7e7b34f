/*
 * player.h - a list of clips, one after another without a gap
 *
 *     playlist (main thread) --> player (a worker's leg) --> frames
 *
 * An item is a clip so many times, a clip again and again for a time (a tone,
 * silence), or keys to send as telephone-events (RFC 4733) with a clip of
 * silence between them.
 */
#ifndef MEDIA_CORE_PLAYER_H
#define MEDIA_CORE_PLAYER_H

#include "clip.h"

enum { PLAYER_KEY_MS = 100 };   /* a key is pressed, and then the pause */
enum { PLAYER_SHORT_MS = 500 }; /* "w" */
enum { PLAYER_LONG_MS = 1000 }; /* "W" */
enum { PLAYER_KEY_ENDS = 3 };   /* end packets (RFC 4733 2.5.1.4) */

struct playlist_item {
	struct clip *clip;  /**< a share of it */
	uint32_t rounds;    /**< 0: again and again */
	uint64_t length_ms; /**< 0: as long as the clip is */
	char *digits;       /**< owned; NULL: no keys */
	uint32_t
		play; /**< of the controller's list: what fails is told by it */
};

/** Where in a list */
struct player_place {
	uint32_t item;
	uint32_t round;
	uint64_t ms; /**< of the round; of the item when that has a length */
};

struct playlist {
	uint64_t id;  /**< play_id: what is told when it ends         */
	bool endless; /**< a tone: nobody waits for its end           */
	bool goes_on; /**< the same as before in another codec        */
	struct player_place from;
	uint64_t skip_ms; /**< further on than that, after a restart      */
	size_t n;
	struct playlist_item items[];
};

/** Room for @p n items. @return NULL when memory ran out */
struct playlist *playlist_alloc(size_t n);
void playlist_free(struct playlist *list); /**< drops its shares; NULL: no-op */

struct player {
	struct playlist *list; /**< owned; NULL: plays nothing */
	bool begun;            /**< something was played, ever */
	uint64_t id;           /**< of this list, or of the last one */
	struct player_place place;
	struct clip_reader reader;
	uint64_t skip_ms;
	size_t key;      /**< of the digits: that is sent or comes next */
	uint32_t key_ms; /**< since it began */
	bool pending;    /**< the frame below was not sent yet */
	const uint8_t *payload;
	size_t len;
	char event; /**< that key is pressed in this frame; '\0': audio */
	uint32_t event_ms;  /**< so long, at the end of the frame */
	bool event_is_over; /**< it is an end packet */
	bool event_is_new;  /**< it is its first packet */
	bool warned;        /**< what the item's clip warns of was told */
};

enum player_state {
	PLAYER_READY,  /**< a frame is pending                     */
	PLAYER_WAITS,  /**< its clip is not made so far yet        */
	PLAYER_FAILED, /**< an item is missing, ended too early, or warns */
	PLAYER_ENDED   /**< the list is over; or there is none     */
};

/** Play this from now on. Takes @p list over, NULL: nothing. */
void player_start(struct player *p, struct playlist *list);

/** Which item failed, and why; or what it warns of, and is heard */
struct player_failure {
	uint32_t play;   /**< as in struct playlist_item */
	uint32_t error;  /**< contract 7.2 */
	const char *why; /**< borrowed until the next call */
};

/**
 * Have the next frame pending.
 *
 * @param failed set with PLAYER_FAILED; the next call goes on behind the item,
 *               or with it when that was a warning
 */
enum player_state player_prepare(struct player *p,
                                 struct player_failure *failed);

/** The frame that is pending is sent. */
void player_advance(struct player *p);

#endif

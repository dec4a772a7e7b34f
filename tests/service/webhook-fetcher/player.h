/*
 * player.h - a relay that asks the fetcher for audio, and a gallery that has it
 */
#ifndef PLAYER_H
#define PLAYER_H

#include "fixture.h"

enum { PLAYER_BODY = 600000 }; /* bytes that the gallery has most of */

/** One AudioRequest and what came */
struct piece {
	bool came;
	int err, refusal;
	uint32_t code, fresh_ms;
	bool last;
	char version[64];
	char type[64], text[400];
	uint8_t data[256 * 1024];
	size_t n;
	uint64_t asked_at, ms;
};

int player_set_up(void **state); /**< cmocka group fixtures */
int player_tear_down(void **state);

/** TRESTLE_MEDIA_CACHE of the fetcher that is started by player_set_up() */
const char *player_folder(void);

const char *player_body(void); /**< PLAYER_BODY bytes */

/** The gallery has @p len bytes of it as audio/wav. @param headers of the
 *  response; NULL = none */
void player_put(const char *path, const char *headers, size_t len);

/** @param path of the gallery, or a whole URL  @param version "" = any */
void player_ask(struct piece *p, const char *path, uint64_t offset,
                const char *version);
bool player_piece_came(void *piece);
void player_await(struct piece *p);

/** Ask and wait. @return static */
struct piece *player_piece(const char *path, uint64_t offset,
                           const char *version);
/** Is the version still so? @return static */
struct piece *player_still_so(const char *path, uint64_t len,
                              const char *version);

/** All of it, compared with player_body(). @return its version; static */
const char *player_whole(const char *path, size_t len);

#endif

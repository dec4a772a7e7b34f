/*
 * media_pack.h - the wanted session as a SessionPut on the wire
 */
#ifndef CC_ADAPTERS_MEDIA_PACK_H
#define CC_ADAPTERS_MEDIA_PACK_H

#include <stddef.h>
#include <stdint.h>

struct cmd_media;
struct owned;

/** @param out owned by the caller. @return 0, E2BIG or ENOMEM */
int media_pack(const struct owned *o, const struct cmd_media *c, uint8_t **out,
               size_t *len);

#endif

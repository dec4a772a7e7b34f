/*
 * arena.h - memory of one unpacked message, forgotten as one
 */
#ifndef BUS_ARENA_H
#define BUS_ARENA_H

#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

/* All that a hostile message of BUS_MESSAGE_MAX bytes may unfold to */
enum { ARENA_MAX = 8 * 1024 * 1024 };

struct arena_block;

struct bus_arena {
	ProtobufCAllocator allocator; /**< give this to protobuf-c */
	struct arena_block *blocks;   /**< the newest first */
	size_t used;                  /**< of the newest block */
	size_t total;
};

void bus_arena_init(struct bus_arena *a);
void bus_arena_reset(struct bus_arena *a); /**< keeps one block */
void bus_arena_close(struct bus_arena *a);

#endif

/*
 * arena.c - memory of one unpacked message, forgotten as one
 */
#include "bus/arena.h"

#include <stdint.h>
#include <stdlib.h>

enum { BLOCK = 32 * 1024, ALIGN = 16 };

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(ALIGN) unsigned char data[];
};

static struct arena_block *add_block(struct bus_arena *a, size_t size)
{
	struct arena_block *b;

	size = size > BLOCK ? size : BLOCK;
	if (a->total + size > ARENA_MAX)
		return NULL;
	b = malloc(sizeof(*b) + size);
	if (!b)
		return NULL;
	b->size = size;
	b->next = a->blocks;
	a->blocks = b;
	a->used = 0;
	a->total += size;
	return b;
}

static void *take(void *data, size_t size)
{
	struct bus_arena *a = data;
	struct arena_block *b = a->blocks;
	void *p;

	if (size > ARENA_MAX)
		return NULL;
	size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!b || b->size - a->used < size)
		b = add_block(a, size);
	if (!b)
		return NULL;
	p = b->data + a->used;
	a->used += size;
	return p;
}

static void give_back(void *data, void *p)
{
	(void)data;
	(void)p;
}

void bus_arena_init(struct bus_arena *a)
{
	*a = (struct bus_arena){
		.allocator = {.alloc = take,
	                      .free = give_back,
	                      .allocator_data = a},
	};
}

static void free_blocks(struct bus_arena *a, struct arena_block *keep)
{
	while (a->blocks != keep) {
		struct arena_block *b = a->blocks;

		a->blocks = b->next;
		free(b);
	}
}

void bus_arena_reset(struct bus_arena *a)
{
	struct arena_block *first = a->blocks;

	while (first && first->next)
		first = first->next;
	free_blocks(a, first);
	a->used = 0;
	a->total = first ? first->size : 0;
}

void bus_arena_close(struct bus_arena *a)
{
	free_blocks(a, NULL);
}

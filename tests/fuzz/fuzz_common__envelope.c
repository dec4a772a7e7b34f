/*
 * fuzz_common__envelope.c - any message on the bus, unpacked into its arena
 */
#include <assert.h>
#include <stdint.h>

#include "bus/arena.h"
#include "envelope.pb-c.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bus_arena arena;
	Trestle__Envelope *env;

	if (!arena.allocator.alloc)
		bus_arena_init(&arena);
	env = trestle__envelope__unpack(&arena.allocator, size, data);
	if (env)
		(void)trestle__envelope__get_packed_size(env);
	assert(arena.total <= ARENA_MAX);
	bus_arena_reset(&arena);
	return 0;
}

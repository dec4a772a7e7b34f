/*
 * fuzz_call-controller__interp.c - a hostile document, then hostile events
 *
 * The document ends at the first NUL byte, the events follow.
 */
#include "call_events.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\0', size) : NULL;
	struct input in = {data, 0};
	const char *documents[1];

	if (!end)
		return 0;
	documents[0] = (const char *)data;
	in.p = end + 1;
	in.n = size - (size_t)(end + 1 - data);
	run_call(&in, documents, 1);
	return 0;
}

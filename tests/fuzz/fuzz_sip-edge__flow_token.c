/*
 * fuzz_sip-edge__flow_token.c - tokens that were not made by us are not read
 */
#include <assert.h>
#include <stdlib.h>

#include "core/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t secret[TOKEN_SECRET] = {1};
	static struct token_key *key;
	struct slice text = {(const char *)data, size};
	struct flow flow = {.transport = TRANSPORT_UDP};
	struct flow back;
	char token[TOKEN_SIZE];

	if (!key && token_key_alloc(&key, secret) != 0)
		abort();
	assert(!token_read(key, TOKEN_ROUTE, text, &back));
	assert(!token_read(key, TOKEN_VIA, text, &back));
	if (size < sizeof(flow.peer))
		return 0;
	memcpy(&flow.peer, data, sizeof(flow.peer));
	token_make(key, TOKEN_VIA, &flow, token);
	assert(token_read(key, TOKEN_VIA, slice_str(token), &back));
	assert(address_same(&flow.peer, &back.peer));
	return 0;
}

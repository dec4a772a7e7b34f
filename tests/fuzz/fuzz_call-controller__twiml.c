/*
 * fuzz_call-controller__twiml.c - documents of applications
 */
#include <assert.h>
#include <string.h>

#include "twiml/twiml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count(const struct twiml_node *node, unsigned depth)
{
	size_t n = 0;

	assert(depth <= TWIML_DEPTH_MAX);
	for (; node; node = node->next) {
		assert(strlen(node->text) <= TWIML_ATTRIBUTE_MAX);
		for (const struct twiml_attr *a = node->attrs; a; a = a->next)
			assert(strlen(a->value) <= TWIML_ATTRIBUTE_MAX);
		n += 1 + count(node->children, depth + 1);
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct twiml *doc;
	struct twiml_error error;

	if (twiml_alloc(&doc, (const char *)data, size, &error)) {
		assert(error.code);
		return 0;
	}
	assert(count(twiml_root(doc), 1) <= TWIML_NODES_MAX);
	twiml_free(doc);
	return 0;
}

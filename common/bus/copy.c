/*
 * copy.c - a message that outlives the handler that it came to
 */
#include "bus/copy.h"

#include <stdlib.h>

void *message_copy(const ProtobufCMessage *message)
{
	size_t len = protobuf_c_message_get_packed_size(message);
	uint8_t *packed = malloc(len + 1); /* an empty one has no bytes */
	ProtobufCMessage *copy = NULL;

	if (packed) {
		(void)protobuf_c_message_pack(message, packed);
		copy = protobuf_c_message_unpack(message->descriptor, NULL, len,
		                                 packed);
	}
	free(packed);
	return copy;
}

/*
 * copy.h - a message that outlives the handler that it came to
 */
#ifndef BUS_COPY_H
#define BUS_COPY_H

#include <protobuf-c/protobuf-c.h>

/** @param message its `base`. @return a copy of its type, to be freed with the
 *  type's …__free_unpacked(copy, NULL); NULL when memory ran out */
void *message_copy(const ProtobufCMessage *message);

#endif

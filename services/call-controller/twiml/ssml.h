/*
 * ssml.h - the text of a <Say> as SSML that speech understands
 *
 * The elements of SSML that TwiML has are kept with the attributes that they
 * may have; all others are left out with a warning. The result is well-formed.
 */
#ifndef CC_TWIML_SSML_H
#define CC_TWIML_SSML_H

#include <stddef.h>

struct arena;
struct call;
struct step;
struct twiml_node;

enum { SSML_MAX = 65536 }; /* bytes, proto/speech.proto */

/**
 * @param chars set to the characters of text that would be spoken
 * @return the content of <speak>, in @p a; "" when it is over SSML_MAX
 */
const char *ssml_of(const struct twiml_node *node, struct arena *a,
                    struct call *call, struct step *st, size_t *chars);

#endif

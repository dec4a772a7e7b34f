/*
 * callback.h - URLs in attributes: of documents and of callbacks; the
 * recordingStatusCallback that several elements have
 */
#ifndef CC_TWIML_CALLBACK_H
#define CC_TWIML_CALLBACK_H

#include <stdint.h>

struct call;
struct recording_spec;
struct step;
struct twiml_node;

struct callback_attrs {
	const char *url;
	const char *method;
	const char *events;
};

/** Rows of the attribute table for them; @p type has a field `callback` */
// clang-format off
#define CALLBACK_ATTRS(type, method_code) \
	{"recordingStatusCallback", ATTR_STRING, 0, offsetof(type, callback.url), "", 0, 0}, \
	{"recordingStatusCallbackMethod", ATTR_METHOD, method_code, offsetof(type, callback.method), "POST", 0, 0}, \
	{"recordingStatusCallbackEvent", ATTR_STRING, 0, offsetof(type, callback.events), "completed", 0, 0}
// clang-format on

/** Fill in the callback of @p spec; what is wrong is told by a warning. */
void callback_read(const struct callback_attrs *attrs,
                   struct recording_spec *spec, const struct twiml_node *node,
                   struct call *call, struct step *st);

/** URL of a document. @return absolute; "" when there is none, or after the
 *  alert @p code */
const char *callback_document(const char *url, uint32_t code,
                              const struct twiml_node *node, struct call *call,
                              struct step *st);

/** The same for what is only told: a host of its own has no underscores. */
const char *callback_url(const char *url, uint32_t code,
                         const struct twiml_node *node, struct call *call,
                         struct step *st);

#endif

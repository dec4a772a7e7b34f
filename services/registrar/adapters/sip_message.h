/*
 * sip_message.h - one request as Sofia-SIP parsed it: shared by sip*.c only
 */
#ifndef REGISTRAR_ADAPTERS_SIP_MESSAGE_H
#define REGISTRAR_ADAPTERS_SIP_MESSAGE_H

#include "adapters/sip.h"
#include "adapters/udp.h"
#include "base/decimal.h"

#include <sofia-sip/sip.h>

struct strbuf;

/** Lives in the memory home of its message */
struct sip_message {
	struct sip_request request; /* first: the handler gets this one */
	struct sip *sip;
	msg_t *msg;
	const sip_t *parsed;
	struct udp_peer from;
	char expires[DECIMAL_SIZE]; /**< text of the header */
};

/** Is there all that an answer needs? @p sip may be NULL. */
bool sip_message_answerable(const sip_t *sip);

/** What is wrong with a request as such: a status and its phrase; 0 = nothing
 *  (it is a REGISTER). */
unsigned sip_message_fault(const struct sip_message *m, const char **phrase);

/** Fill `request`. @return false: answer 400 */
bool sip_message_read(struct sip_message *m);

/** Write the answer; a To without a tag gets one made with @p seed. */
void sip_message_answer(const struct sip_message *m, const struct sip_answer *a,
                        uint64_t seed, struct strbuf *out);

#endif

/*
 * sip_trust.h - who may speak in a dialog: whom it was made with, and nobody else
 */
#ifndef CC_ADAPTERS_SIP_TRUST_H
#define CC_ADAPTERS_SIP_TRUST_H

#include "sip_leg.h"
#include "sip_start.h"

struct json_t;

/** Whom our INVITE calls */
void sip_trust_callee(struct sip_leg *leg, const struct cmd_invite *invite);

/** The peer of a leg is where this answer to our INVITE came from. */
void sip_trust_learn(struct sip_leg *leg, const sip_t *sip);

/** … or the INVITE that made the leg, which was let in as @p facts say. */
void sip_trust_caller(struct sip_leg *leg, const sip_t *sip,
                      const struct start_facts *facts);

/** Members of the JSON object of a leg, and back. One that was saved by a process
 *  that knew nothing of this believes everybody. */
void sip_trust_save(const struct sip_leg *leg, struct strbuf *out);
void sip_trust_restore(struct sip_leg *leg, const struct json_t *saved);

/** Does it come from the peer, as far as that is known without asking? */
bool sip_trust_has(const struct sip_leg *leg, const sip_t *sip);

/** May this request be taken now? @return false when not: then it was answered,
 *  or sip_uas_take() gets it when a registrar knows its sender. */
bool sip_trust_request(struct sip_leg *leg, nta_incoming_t *irq,
                       const sip_t *sip);

#endif

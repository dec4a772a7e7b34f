/*
 * sip_start.h - an authorised INVITE becomes a call: who, whose, where to ask
 */
#ifndef CC_ADAPTERS_SIP_START_H
#define CC_ADAPTERS_SIP_START_H

#include "bus/bus.h"
#include "sip_leg.h"

/** X-Trestle-Source: where the edge got the request from */
struct start_source {
	char ip[64];
	uint16_t port;
	char transport[8]; /**< "udp", "tcp", "tls" */
};

/** Whose call it is; all borrowed until the handler returns */
struct start_facts {
	const char *account_sid;
	const struct voice *voice;
	const char *domain; /**< "" = from a carrier or from ourselves */
	const char *domain_sid;
	const char *username;
	const char *default_caller_id;
	const char *carrier;
	const char *number; /**< called number of ours, "" = a URI */
	const char *caller; /**< of a carrier; "" = the From URI */
	const char *user;   /**< of a phone: user part of the From that it may
	                     *   have; "" = that of the From URI */
	bool any_media_source;
};

/** @return false when the header is missing or broken */
bool sip_start_source(const sip_t *sip, struct start_source *out);

/** `sip:user@host` without port, parameters, headers, but a tel: URI whole;
 *  NULL = no memory */
char *sip_start_plain_uri(su_home_t *home, const url_t *url);

/** @return false when the configuration does not have what @p a names */
bool sip_start_facts(struct app *app, const Trestle__AuthorizeReply *a,
                     struct start_facts *out);

/** Is it from a controller, for a number of ours that a document dialled? */
bool sip_start_is_loop(const sip_t *sip);
bool sip_start_loop_facts(struct app *app, const sip_t *sip,
                          struct start_facts *out);

/**
 * Make the transaction, the dialog and the call of an INVITE.
 *
 * @param msg taken over on success only
 * @return 0, E2BIG or ENOMEM
 */
int sip_start(struct sip *s, msg_t *msg, const char *sid,
              const struct start_facts *facts, struct owned **op);

#endif

/*
 * sip_leg.h - one leg as Sofia has it; shared by the sip_….c only
 *
 * Sofia keeps a pointer to the leg in each dialog and transaction. All of them
 * are destroyed with the leg (sip_forget()), after which Sofia calls back no
 * more, so the pointer is never stale.
 */
#ifndef CC_ADAPTERS_SIP_LEG_H
#define CC_ADAPTERS_SIP_LEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NTA_AGENT_MAGIC_T    struct sip
#define NTA_LEG_MAGIC_T      struct sip_leg
#define NTA_OUTGOING_MAGIC_T struct sip_leg
#define NTA_INCOMING_MAGIC_T struct sip_leg
#include <sofia-sip/nta.h>
#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_protos.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/tport.h>

#include "app.h"
#include "base/hash.h"
#include "base/strbuf.h"
#include "envelope.pb-c.h"
#include "sip.h"

enum { SIP_MESSAGE_MAX = 65535 };  /* bytes; larger ones get 413 */
enum { SIP_ARRIVALS_MAX = 10000 }; /* INVITEs being authorised */
enum { SIP_HELD_MAX = 1000 };      /* requests that wait for an adoption */
enum { SIP_CONTACT_MAX = 256 };    /* bytes of a Contact of ours */
enum { SIP_SOURCE_SIZE = 64 };     /* an IP address as text, and NUL */
enum { SIP_INSTANCE_MAX = 256 };   /* bytes of a +sip.instance */

struct arrival;
struct ask;
struct held;

struct sip {
	struct app *app; /**< borrowed */
	nta_agent_t *agent;
	tport_t *tport;       /**< borrowed: the agent's one transport */
	char address[64];     /**< "10.0.0.4:5070" */
	struct hash arrivals; /**< struct arrival by Call-ID */
	struct held *held;
	size_t n_held;
	struct strbuf text; /**< scratch: header lines of one message */
	struct metric *disbelieved;
	unsigned foreign; /**< requests that came from no edge */
};

struct sip_leg {
	struct sip_leg *next;
	struct owned *owned; /**< borrowed: it frees its legs first */
	struct sip *sip;     /**< borrowed */
	unsigned number;
	char *callid; /**< Call-ID */
	char *local;  /**< our URI of From or To, without its tag */
	char *remote; /**< theirs */
	nta_leg_t *dialog;
	nta_incoming_t *invite_in;  /**< that made it, until it is answered
	                                 and acknowledged */
	nta_outgoing_t *invite_out; /**< that made it, until it is over */
	nta_incoming_t *offer_in;   /**< their re-INVITE or UPDATE */
	nta_outgoing_t *offer_out;  /**< our re-INVITE */
	nta_outgoing_t *bye_out;
	bool acked;     /**< our INVITE's 2xx, or theirs, has its ACK */
	bool answered;  /**< a 2xx was sent or came                  */
	uint32_t rseq;  /**< of the last reliable provisional        */
	char *username; /**< credentials for a challenge; NULL = none */
	char *password; /**< never logged, never saved               */
	unsigned signs; /**< times that one request was signed (sip_sign.c)  */
	char *instance; /**< +sip.instance of the peer; NULL = none  */
	unsigned flow_tries; /**< look-ups for a new flow (sip_flow.c) */
	/* sip_trust.c */
	bool source_known;
	char source[SIP_SOURCE_SIZE]; /**< IP of the peer; "" = one of ours */
	char carrier[SID_SIZE];       /**< BY… of the peer, or ""           */
	char *user;           /**< AoR that signed in; NULL = see `remote`  */
	bool listed;          /**< an access list let it in, no password    */
	uint32_t heard;       /**< highest CSeq of theirs that was believed */
	unsigned asks;        /**< requests that wait for a registrar       */
	unsigned disbelieved; /**< requests refused                         */
};

/* sip_dialog.c */
struct sip_leg *sip_leg_alloc(struct sip *s, struct owned *o, unsigned number);
struct sip_leg *sip_leg_find(const struct owned *o, unsigned number);

/** `<sip:CALLSID-LEG@internal:port;owner=INSTANCE>`, and display-safe */
void sip_leg_contact(const struct sip_leg *leg, char *out, size_t size);

/** Remember who the peer is, of the Contact of its INVITE or 2xx. */
void sip_leg_instance(struct sip_leg *leg, const sip_contact_t *contact);
/** Send a BYE. @return false when it could not be sent */
bool sip_dialog_bye(struct sip_leg *leg, const char *reason);

/** Their last CSeq is @p remote_cseq again: nta has taken over that of a request
 *  which is not believed, and would refuse the next true one. */
void sip_dialog_rewind(struct sip_leg *leg, uint32_t remote_cseq);

struct sip_dialog_id {
	const char *local_tag, *remote_tag; /**< "" = not known yet */
	uint32_t cseq, remote_cseq;
};

/** A dialog of nta for a leg whose names are known. @return NULL when it can not
 *  be made */
nta_leg_t *sip_dialog_make(struct sip_leg *leg, const struct sip_dialog_id *id);

/* sip_flow.c */
/** The leg that a question was about, if it still has a dialog; else NULL. */
struct sip_leg *sip_flow_leg(const struct ask *ask, unsigned number);
/** Our requests go by these Route values from now on (Path of a binding).
 *  @return false when there is none, or memory ran out */
bool sip_flow_set(struct sip_leg *leg, const char *const *routes, size_t n);
/** A BYE or re-INVITE of ours was answered 430: find the phone's new flow and
 *  send it again. @return false when there is nothing more to be tried; else
 *  EV_LEG_ENDED or EV_LEG_REOFFER_FAILED comes later */
bool sip_flow_again(struct sip_leg *leg, bool bye);

/* sip_in.c */
void sip_in_invite(struct sip *s, msg_t *msg, sip_t *sip);
/** @return false when it belongs to no INVITE that is being authorised */
bool sip_in_cancel(struct sip *s, msg_t *msg, sip_t *sip);
void sip_in_close(struct sip *s);

/* sip_inside.c */
/** Is it from an edge, another controller, or ourselves? Only they are believed
 *  what X-Trestle headers say; the port is open to whom the network lets to it. */
bool sip_inside(const struct sip *s, msg_t *msg);

/* sip_refuse.c: answers without a transaction; each takes over @p msg */
/** @p headers "" = none. */
void sip_refuse(struct sip *s, msg_t *msg, int status, const char *reason,
                const char *headers);
/** A new INVITE, told to the log; @p code of X-Trestle-Error, 0 = none */
void sip_refuse_invite(struct sip *s, msg_t *msg, int status,
                       const char *reason, uint32_t code);
/** 401 or 407, as a registrar said */
void sip_challenge(struct sip *s, msg_t *msg, const Trestle__AuthorizeReply *a);
/** A new INVITE that can not be read. @return false, and @p msg stays, when it
 *  can */
bool sip_refuse_format(struct sip *s, msg_t *msg, const sip_t *sip);

/* sip_uas.c: callbacks of nta */
int sip_on_request(struct sip_leg *leg, nta_leg_t *dialog, nta_incoming_t *irq,
                   const sip_t *sip);
/** A request in the dialog that is believed; takes over @p irq. */
void sip_uas_take(struct sip_leg *leg, nta_incoming_t *irq, const sip_t *sip);
int sip_on_ack_cancel(struct sip_leg *leg, nta_incoming_t *irq,
                      const sip_t *sip);
/* sip_uac.c: callbacks of nta */
int sip_on_response(struct sip_leg *leg, nta_outgoing_t *orq, const sip_t *sip);

/* sip_sign.c */
/**
 * A request of ours was refused: when @p response is a challenge that the
 * credentials of the leg answer, send @p orq again with them, once, and once more
 * when the nonce was stale. Without any the leg of a carrier has those of its
 * target. Set leg->signs to 0 for each new request.
 *
 * @return its new transaction; NULL = it stays refused
 */
nta_outgoing_t *sip_sign_again(struct sip_leg *leg, nta_outgoing_t *orq,
                               const sip_t *response, nta_response_f *callback);

/* sip_text.c */
struct pairs {
	size_t n;
	struct pair v[HEADERS_MAX];
};

/** X-… (but X-Trestle-…) and User-to-User; borrowed from @p sip. */
void sip_text_headers(const sip_t *sip, struct pairs *out);
/** Values of the Authorization headers. @return how many of @p out were filled */
size_t sip_text_credentials(su_home_t *home, const sip_t *sip, char **out,
                            size_t room);
/** Value of a header that Sofia does not know, or NULL */
const char *sip_text_find(const sip_t *sip, const char *name);
void sip_text_session_timer(const sip_t *sip, struct session_timer *out);
/** Append Session-Expires and Min-SE lines, as a request or response has. */
void sip_text_add_session_timer(struct strbuf *b, const struct session_timer *t,
                                int status);
/** Append `name: value`; what could end the line becomes a space. */
void sip_text_add(struct strbuf *b, const char *name, const char *value);
/** Append X-Trestle-Error and X-Twilio-Error, unless @p code is 0. */
void sip_text_add_error(struct strbuf *b, uint32_t code, const char *text);
/** Append an Unsupported line for each option that @p sip requires and we do not
 *  have (RFC 3261 8.2.2.3). @return was there any? */
bool sip_text_add_unsupported(struct strbuf *b, const sip_t *sip);

enum body { BODY_NONE, BODY_SDP, BODY_UNKNOWN };
/** Find the SDP of a message, also inside of a multipart. @p home owns what
 *  must be allocated. */
enum body sip_text_sdp(su_home_t *home, const sip_t *sip, const char **sdp,
                       size_t *len);

#endif

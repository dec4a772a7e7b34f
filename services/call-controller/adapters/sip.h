/*
 * sip.h - SIP on the internal hop, by Sofia's nta: what the rest may call
 *
 *   sip.c        the agent, requests outside of a dialog
 *   sip_in.c     a new INVITE: checked, authorised, made a call
 *   sip_inside.c whose X-Trestle headers are believed
 *   sip_refuse.c what we do not take: answers without a transaction
 *   sip_uas.c    our answers: responses, in-dialog requests, ACK and CANCEL
 *   sip_uac.c    our INVITEs: responses, PRACK, CANCEL
 *   sip_sign.c   our requests that are challenged: again, with credentials
 *   sip_dialog.c a leg: its dialog; ACK, BYE, re-INVITE; save and restore
 *   sip_flow.c   a phone whose connection broke: the way to it anew
 *   sip_trust.c  who may speak in a dialog
 *   sip_text.c   headers to words and back
 */
#ifndef CC_ADAPTERS_SIP_H
#define CC_ADAPTERS_SIP_H

#include <stdbool.h>
#include <stdint.h>

struct app;
struct nta_agent_s;
struct command;
struct json_t;
struct owned;
struct sip;
struct strbuf;

/** Open the internal UDP socket. @return 0, EADDRINUSE or ENOMEM */
int sip_alloc(struct sip **sp, struct app *app);
void sip_free(struct sip *s);
const char *sip_address(const struct sip *s); /**< "10.0.0.4:5070" */

/** Sofia's agent, for requests outside of all dialogs */
struct nta_agent_s *sip_agent(const struct sip *s);

void sip_respond(struct app *app, struct owned *o, const struct command *cmd);
void sip_invite(struct app *app, struct owned *o, const struct command *cmd);
void sip_ack(struct app *app, struct owned *o, const struct command *cmd);
void sip_cancel(struct app *app, struct owned *o, const struct command *cmd);
void sip_bye(struct app *app, struct owned *o, const struct command *cmd);
void sip_reinvite(struct app *app, struct owned *o, const struct command *cmd);
void sip_answer(struct app *app, struct owned *o, const struct command *cmd);

/** A leg belongs to another call now. */
void sip_move(struct owned *from, struct owned *to, unsigned number);

/** Let go of all legs of a call; their transactions run out by themselves. */
void sip_forget(struct owned *o);

/** Is nothing under way on any leg that is not ending? Then another process can
 *  go on. */
bool sip_at_rest(const struct owned *o);

/** Append the dialog of a leg as a JSON object, for sip_restore(). @return
 *  false when there is no such leg; then nothing is appended */
bool sip_save(const struct owned *o, unsigned number, struct strbuf *out);

/** Make the leg of a restored call again. @return 0, EINVAL or ENOMEM */
int sip_restore(struct owned *o, unsigned number, const struct json_t *saved);

/** Requests that waited for the adoption of @p call_sid: go on with them, or
 *  answer 481 when it is not here. */
void sip_resume(struct app *app, const char *call_sid);

#endif

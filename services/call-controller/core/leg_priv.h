/*
 * leg_priv.h - what leg.c, leg_step.c and leg_offer.c share
 */
#ifndef CC_CORE_LEG_PRIV_H
#define CC_CORE_LEG_PRIV_H

#include "leg.h"

/** Issue CMD_RESPOND, or CMD_ANSWER to a re-INVITE or UPDATE. @return what to add
 *  the rest to; until the next command */
struct cmd_respond *leg_response(struct leg *leg, enum command_type type,
                                 unsigned status, struct step *st);
/** Issue CMD_ACK, CMD_CANCEL or CMD_BYE for the dialog with this tag. */
void leg_dialog(struct leg *leg, enum command_type type, const char *tag,
                struct step *st);
void leg_terminated(struct leg *leg, struct step *st); /**< stops timers */
void leg_start_refresh(struct leg *leg, struct step *st);
void leg_bye(struct leg *leg, struct step *st);
void leg_cancel(struct leg *leg, struct step *st);
void leg_send_reoffer(struct leg *leg, struct step *st);
/** What was sent led to nothing. */
enum leg_outcome leg_on_guard(struct leg *leg, struct step *st);

/* leg_offer.c: EV_LEG_OFFER, EV_LEG_REOFFER_ANSWERED and _FAILED */
enum leg_outcome leg_on_offer(struct leg *leg, struct step *st);
enum leg_outcome leg_on_reoffer_answered(struct leg *leg, struct step *st);
enum leg_outcome leg_on_reoffer_failed(struct leg *leg, struct step *st);

#endif

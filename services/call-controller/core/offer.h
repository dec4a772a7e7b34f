/*
 * offer.h - offer and answer on one leg (RFC 3264, RFC 6337)
 *
 *     NONE ──receive──► TO_ANSWER ──answer──► STABLE
 *       └──make──► TO_BE_ANSWERED ──receive answer──┘   (and so again)
 *
 * Knows what the peer can do and what was agreed: one audio codec, and the
 * telephone-event that goes with it. Hold is answered here and not forwarded.
 */
#ifndef CC_CORE_OFFER_H
#define CC_CORE_OFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io.h"
#include "sdp.h"

enum offer_state {
	OFFER_NONE,
	OFFER_TO_ANSWER,
	OFFER_TO_BE_ANSWERED,
	OFFER_STABLE
};

enum offer_result {
	OFFER_OK,
	OFFER_EMPTY,    /**< no description where one has to be -> 488, 32103 */
	OFFER_BAD,      /**< a broken one, or an address that our relays can
	            *   not reach                          -> 488, 32102 */
	OFFER_NO_CODEC, /**< nothing that we can relay          -> 488, 32102 */
	OFFER_SECURE    /**< SRTP only                          -> 488, 32207 */
};

/** Code of the alert; not of OFFER_OK */
uint32_t offer_code(enum offer_result result);

struct offer {
	enum offer_state state;
	bool only_ip4; /**< the peer is reached by IPv4 */
	bool remote_known;
	bool remote_answered; /**< `remote` is an answer: it may be able to do
	                       *   more than it says */
	struct sdp_audio remote; /**< last description of the peer */
	size_t n_lines; /**< m= lines of its last offer, which all later
	                 *   descriptions repeat; 0 = one, ours */
	struct sdp_line lines[SDP_LINES_MAX];
	int audio_line;

	bool agreed;
	struct sdp_format audio; /**< the codec that both use */
	bool has_event;
	struct sdp_format event;

	char ip[SDP_IP_SIZE]; /**< ours at the relay; "" = not known yet */
	uint16_t port, rtcp_port;
	uint64_t id, version; /**< of our o= line; version 0 = none sent */
	uint64_t said;        /**< sum of what our last description said */
};

/** @p id: session id for the o= line, not 0 */
void offer_init(struct offer *o, uint64_t id);
void offer_set_local(struct offer *o, const char *ip, uint16_t port,
                     uint16_t rtcp_port);

/** The peer's offer. On anything but OFFER_OK @p o is unchanged. */
enum offer_result offer_receive(struct offer *o, const char *text, size_t n);

/** The peer's answer to ours. On anything but OFFER_OK the state that was
 *  agreed before stands. */
enum offer_result offer_receive_answer(struct offer *o, const char *text,
                                       size_t n);

/** Our offer came to nothing: what was agreed before stands. */
void offer_withdraw(struct offer *o);

/**
 * Agree on the codec for the answer: @p wish when the peer offered it, else
 * the first of its offer. @p wish SDP_CODECS = none.
 */
void offer_choose(struct offer *o, enum sdp_codec wish);

/** Write the answer (offer_choose() first). @return in @p a */
const char *offer_answer(struct offer *o, struct arena *a);

/**
 * Write an offer: the codecs that the far end of the bridge, @p other, named, in
 * its order, then the others that we know; the relay transcodes where none of
 * the first suits both. @p other NULL = ours. @p wish comes before them all;
 * SDP_CODECS = none.
 */
const char *offer_make(struct offer *o, const struct offer *other,
                       enum sdp_codec wish, struct arena *a);

/** Write an offer of this codec, which the other leg uses, and after it the one
 *  in use here: who has not the first stays with what it has. */
const char *offer_make_first(struct offer *o, enum sdp_codec codec,
                             struct arena *a);

/** Repeat our last offer or answer, version unchanged (session refresh). */
const char *offer_repeat(struct offer *o, struct arena *a);

/** May the peer be able to use this codec? */
bool offer_may_use(const struct offer *o, enum sdp_codec codec);

enum media_direction offer_media_direction(const struct offer *o);
bool offer_held(const struct offer *o); /**< the peer does not send */

#endif

/*
 * phone.h - a SIP phone for service tests: text over a UDP socket
 *
 * Waiting is for an answer, never for a time; PHONE_WAIT_MS only bounds it.
 */
#ifndef PHONE_H
#define PHONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PHONE_WAIT_MS = 3000, PHONE_SILENCE_MS = 300, PHONE_TEXT_MAX = 16384 };

struct phone {
	int fd;
	uint16_t port; /* of ours */
	const char *domain;
	const char *realm; /* NULL = the domain */
	const char *user;
	const char *password;
	const char *source;        /* X-Trestle-Source; NULL = none is sent */
	const char *to;            /* URI of To; NULL = sip:user@domain */
	const char *uri_in_digest; /* NULL = the Request-URI */
	bool sha256;
	int wait_ms; /* for an answer */
	char call_id[64];
	unsigned cseq;
	unsigned nc;     /* last one used with `nonce` */
	char nonce[128]; /* "" = none yet */
	char sent[PHONE_TEXT_MAX];
	char answer[PHONE_TEXT_MAX]; /* the last one */
};

/** Password "pw-<user>", a Call-ID of its own. */
void phone_open(struct phone *p, uint16_t server, const char *domain,
                const char *user);
void phone_close(struct phone *p);

/** Send what was sent last once more. */
unsigned phone_resend(struct phone *p);

/** One REGISTER with these header lines ("Contact: …\r\n"), no Authorization.
 *  @return the status */
unsigned phone_ask(struct phone *p, const char *headers);

/** One REGISTER with an answer to the challenge that came last. */
unsigned phone_sign(struct phone *p, const char *headers);

/** phone_ask(), and when that is challenged phone_sign(). */
unsigned phone_register(struct phone *p, const char *headers);

/** As it is, with these lines for Via, Call-ID and the rest. */
unsigned phone_send_raw(struct phone *p, const char *text);

/** The n-th (from 0) header of this name in the last answer; "" = none.
 *  Valid until the next call. */
const char *phone_header(const struct phone *p, const char *name, size_t n);

/** How many Contacts the last answer lists. */
size_t phone_contacts(const struct phone *p);

/** Does the last answer hold this text? */
bool phone_said(const struct phone *p, const char *text);

/** HA1-based response to a challenge, the value of (Proxy-)Authorization. */
void phone_credentials(struct phone *p, const char *method, const char *uri,
                       char *out, size_t size);

/** Take the nonce of a challenge header with the phone's algorithm. */
bool phone_take_nonce(struct phone *p, const char *challenge);

#endif

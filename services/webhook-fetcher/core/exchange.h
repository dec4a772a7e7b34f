/*
 * exchange.h - one question to an application: attempts, redirects, the end
 *
 *                 result            redirect, digest, retry
 *     start --> SEND ------> step ---------------------------> SEND
 *                              |
 *                              +--> DONE: outcome
 */
#ifndef FETCHER_CORE_EXCHANGE_H
#define FETCHER_CORE_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "outcome.h"
#include "request.h"

enum { EXCHANGE_REDIRECTS_MAX = 10 };
/* Origins and users that are known to want Digest, and for how long */
enum { EXCHANGE_DIGESTS_MAX = 4096, EXCHANGE_DIGEST_MS = 24 * 3600 * 1000 };

enum exchange_next {
	EXCHANGE_SEND, /**< send what exchange_* describe now */
	EXCHANGE_DONE  /**< the outcome stands                */
};

struct guard;

struct exchange {
	struct request *request; /**< owned */
	enum purpose purpose;
	uint64_t deadline_at;   /**< monotonic [ms] */
	struct url *redirected; /**< owned; NULL = at the configured URL */
	bool plain;  /**< a redirect made it a GET without parameters */
	bool begun;  /**< part of the answer was passed on: no second attempt */
	bool digest; /**< answer with digest, not basic, credentials */
	bool expected;       /**< … because it asked for that before */
	struct guard *known; /**< borrowed: who asked for digest; or NULL */
	unsigned attempts;   /**< 1.. */
	unsigned redirects;  /**< of this attempt */
	struct outcome outcome;
};

/** Takes ownership of @p request, also on an error. */
void exchange_init(struct exchange *x, struct request *request,
                   enum purpose purpose, uint64_t now_ms);
void exchange_close(struct exchange *x);

/** Its time begins now: it was waiting for its turn. */
void exchange_restart(struct exchange *x, uint64_t now_ms);

/** Nobody waits longer than until @p deadline_at (monotonic [ms]). */
void exchange_limit(struct exchange *x, uint64_t deadline_at);

/** What the response to the last request means. @return ENOMEM ends it too:
 *  the outcome then says so. */
enum exchange_next exchange_step(struct exchange *x, const struct result *r,
                                 uint64_t now_ms);

const struct url *exchange_url(const struct exchange *x);
bool exchange_is_post(const struct exchange *x);

/** Credentials for the present URL; NULL = none. Those of the configured URL
 *  go to its own origin only. */
const char *exchange_user(const struct exchange *x);
const char *exchange_password(const struct exchange *x);

/**
 * Are they to be sent as Digest, after a challenge? Basic is sent at once; who
 * asked for Digest then is not sent the password again.
 *
 * @param known borrowed from now on: who asked lately, of all exchanges
 */
bool exchange_digest(struct exchange *x, struct guard *known, uint64_t now_ms);

/** X-Twilio-Signature for the present URL. @return 0 or ENOMEM */
int exchange_sign(const struct exchange *x, struct signer *signer,
                  const char *token, char out[SIGNATURE_SIZE]);

uint32_t exchange_left_ms(const struct exchange *x, uint64_t now_ms);

#endif

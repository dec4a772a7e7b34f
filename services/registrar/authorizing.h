/*
 * authorizing.h - an authorisation under way: shared by authorize*.c only
 *
 * Each function that replies ends it: @p z is gone afterwards.
 */
#ifndef REGISTRAR_AUTHORIZING_H
#define REGISTRAR_AUTHORIZING_H

#include <stdbool.h>

#include "app.h"
#include "auth.h"
#include "core/aor.h"
#include "core/e164.h"
#include "core/reject.h"
#include "core/uri.h"
#include "store/credential.h"

struct domain;

struct authorizing {
	struct app *app;
	struct bus_return from;
	Trestle__AuthorizeRequest *req; /* a copy of ours */
	struct uri uri;                 /* Request-URI, into req */
	char host[AOR_DOMAIN_MAX + 1];  /* whose call; lower case */
	char realm[AOR_DOMAIN_MAX + 1]; /* of the challenge */
	struct digest_secret secret;    /* of a carrier */
	char carrier_sid[40];           /* that signs in */
	char number[E164_SIZE]; /* that a carrier calls; "" = none yet */
	const char *
		whose; /* AC…, of whom a carrier's refusal is; NULL = nobody's */
	struct explained *explained; /* of a simulation; or NULL */
	char username[CREDENTIAL_USERNAME_MAX + 1];  /* that signed in */
	char from_user[CREDENTIAL_USERNAME_MAX + 1]; /* as From says */
	bool registering; /* who may register is asked for the name of From */
};

/* The user part of a From, escaped */
enum { AUTHORIZING_CALLER_SIZE = 3 * CREDENTIAL_USERNAME_MAX + 1 };

enum { EXPLAINED_LISTS_MAX = 8 }; /* that are told of one user */

/** The check of its credentials, without the users. */
struct auth_req authorizing_request(const struct authorizing *z);

bool authorizing_active(const struct app *app, const char *account_sid);

/** A user of this domain calls. @p caller: user part of the From that it may
 *  have, escaped; "" = the one that it says */
void authorizing_user(struct authorizing *z, const struct domain *d,
                      const char *username, const char *caller);

/** The user part of From; "" = it has none, or one that no user can have. */
void authorizing_from_user(const struct authorizing *z,
                           char out[CREDENTIAL_USERNAME_MAX + 1]);

/** A phone has signed in by this user name: find out as whom it calls. */
void authorizing_phone(struct authorizing *z, const struct domain *d,
                       const char *username);

/** The first access list of the domain with this address; NULL = none */
const char *authorizing_access_list(const struct app *app,
                                    const struct domain *d, const char *ip);

/** A simulation: which credential lists have the user of From? */
void authorizing_explain(struct authorizing *z, const struct domain *d);
/** What lets a simulated call in. @return how many of @p out; 0 unless it is one */
size_t authorizing_lists(const struct authorizing *z, const struct domain *d,
                         char *out[EXPLAINED_LISTS_MAX]);

/** The Request-URI is for no domain of ours. */
void authorizing_as_carrier(struct authorizing *z);

void authorizing_log(const struct authorizing *z, const char *what);
void authorizing_reply(struct authorizing *z, Trestle__AuthorizeReply *r,
                       enum outcome outcome);
/** @p d NULL: of no domain, and then of the account that `whose` has set. */
void authorizing_reject(struct authorizing *z, enum reject reject,
                        const struct domain *d);
void authorizing_challenge(struct authorizing *z, bool md5_only, bool stale);
/** 404, and after some of them nothing. */
void authorizing_stranger(struct authorizing *z);
void authorizing_drop(struct authorizing *z, const char *why);
void authorizing_unavailable(struct authorizing *z);

#endif

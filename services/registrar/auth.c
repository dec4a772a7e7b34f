/*
 * auth.c - digest authentication of a request
 *
 *   credentials ─ parse ─ nonce ours? ─ source blocked? ─ HA1 ─ digest right?
 *                                                              │
 *      wrong ── nonce was sent to this source: counted, 403 ───┤
 *               made-up nonce: a fresh challenge               │
 *      right ── nonce good: nonce count new? AUTH_RIGHT ───────┘
 *               nonce old, foreign or used: stale=true
 *
 * What is counted is counted against the HA1 that it was wrong for: a user whose
 * password is set anew, or who is added to a list, begins with none. While Redis
 * has no configuration nobody is wrong: what is missing may be there again soon.
 *
 * A wrong password never gets stale=true, whatever the nonce: the phone would
 * try again and again instead of asking its owner.
 */
#include "auth.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/random.h"
#include "base/guard.h"
#include "base/hash.h"
#include "core/replay.h"
#include "core/source.h"
#include "loop/loop.h"
#include "store/credential.h"
#include "store/tenants.h"

struct auth {
	struct credentials *credentials; /* borrowed */
	const struct tenants *tenants;   /* borrowed */
	struct sum *sum;
	struct nonce_maker maker;
	struct replay *replay;
	struct guard *wrong; /* failures by source, by source and user, and
	                      * by these and what they were wrong for */
	uint64_t *known;     /* pairs that were right lately, a plain cache */
	struct check *open;  /* waiting for credentials, doubly linked */
	struct random_pool random;
};

/* A check that waits for the user's HA1 */
struct check {
	struct auth *auth;
	struct check *prev, *next;
	auth_h *handler;
	void *arg;
	const char *method; /* borrowed from the asker */
	uint64_t source, pair, request;
	uint64_t unseen; /* the pair, refused without a look */
	uint64_t at;     /* the pair and the HA1 that it has now */
	struct digest digest;
	enum nonce_state state;
	struct nonce nonce;
};

int auth_alloc(struct auth **ap, struct credentials *credentials,
               const struct tenants *tenants, const void *secret,
               size_t secret_len)
{
	struct auth *a = calloc(1, sizeof(*a));
	int err = ENOMEM;

	if (!a)
		return ENOMEM;
	a->credentials = credentials;
	a->tenants = tenants;
	a->known = calloc(AUTH_KNOWN_MAX, sizeof(*a->known));
	if (!a->known)
		goto out;
	err = sum_alloc(&a->sum, secret, secret_len);
	if (!err)
		err = replay_alloc(&a->replay, REPLAY_NONCES_MAX);
	if (!err)
		err = guard_alloc(&a->wrong, GUARD_KEYS_MAX, AUTH_WINDOW_MS);
	a->maker.sum = a->sum;
	a->maker.instance = (uint32_t)random_take(&a->random);
out:
	if (err)
		auth_free(a);
	else
		*ap = a;
	return err;
}

static void close_check(struct check *c)
{
	if (c->prev)
		c->prev->next = c->next;
	else
		c->auth->open = c->next;
	if (c->next)
		c->next->prev = c->prev;
	free(c);
}

static void finish(struct check *c, enum auth_result result)
{
	c->handler(c->arg, result, c->digest.username);
	close_check(c);
}

void auth_free(struct auth *a)
{
	if (!a)
		return;
	for (struct check *c = a->open, *next; c; c = next) {
		next = c->next;
		credentials_cancel(a->credentials, c);
		finish(c, AUTH_AWAY);
	}
	guard_free(a->wrong);
	replay_free(a->replay);
	sum_free(a->sum);
	free(a->known);
	free(a);
}

/* --- who was wrong, who was right ---------------------------------------- */

static uint64_t *known_slot(const struct auth *a, uint64_t pair)
{
	return &a->known[pair & (AUTH_KNOWN_MAX - 1)];
}

/* One user of one source may guess ten times; a source may be wrong about ten
 * users, and is then refused but for those that proved themselves from there.
 * So one phone with an old password does not take the others of its office
 * off, and guessing ends soon whether one name is tried or many. */
static bool source_blocked(const struct auth *a, const struct check *c,
                           uint64_t now_ms)
{
	return guard_seen(a->wrong, c->source, now_ms) >= AUTH_WRONG_MAX &&
	       *known_slot(a, c->pair) != c->pair;
}

/* Who was never wrong is refused without a look when the source is; else the
 * HA1 may be another one since then. */
static bool blocked_unseen(const struct auth *a, const struct check *c,
                           uint64_t now_ms)
{
	return source_blocked(a, c, now_ms) &&
	       guard_seen(a->wrong, c->pair, now_ms) == 0;
}

static bool blocked(const struct auth *a, const struct check *c,
                    uint64_t now_ms)
{
	uint32_t now = guard_seen(a->wrong, c->at, now_ms);

	return now >= AUTH_WRONG_MAX ||
	       (now > 0 && source_blocked(a, c, now_ms));
}

/* Only who got our nonce is counted: a forged source address never did, so
 * nobody can get someone else blocked. */
static uint32_t count_wrong(struct auth *a, const struct check *c,
                            uint64_t now_ms)
{
	uint32_t of_pair, of_source;

	if (c->state == NONCE_FORGED)
		return 0;
	(void)guard_count(a->wrong, c->at, now_ms);
	of_pair = guard_count(a->wrong, c->pair, now_ms);
	of_source = of_pair == 1 ? guard_count(a->wrong, c->source, now_ms)
	                         : guard_seen(a->wrong, c->source, now_ms);
	return of_pair > of_source ? of_pair : of_source;
}

/* The same of who is refused without a look, apart: it may have been right. */
static uint32_t count_unseen(struct auth *a, const struct check *c,
                             uint64_t now_ms)
{
	uint64_t unseen = hash_bytes("unseen", 6, c->source);
	uint32_t of_pair, of_source;

	if (c->state == NONCE_FORGED)
		return 0;
	of_pair = guard_count(a->wrong, c->unseen, now_ms);
	of_source = of_pair == 1 ? guard_count(a->wrong, unseen, now_ms)
	                         : guard_seen(a->wrong, unseen, now_ms);
	of_source += guard_seen(a->wrong, c->source, now_ms);
	return of_pair > of_source ? of_pair : of_source;
}

static void note_right(struct auth *a, const struct check *c, uint64_t now_ms)
{
	*known_slot(a, c->pair) = c->pair;
	if (guard_seen(a->wrong, c->pair, now_ms) > 0)
		guard_uncount(a->wrong, c->source); /* one less is wrong */
	guard_forget(a->wrong, c->pair);
	guard_forget(a->wrong, c->unseen);
	guard_forget(a->wrong, c->at);
}

/* --- the verdict --------------------------------------------------------- */

static enum auth_result judge_replay(struct auth *a, const struct check *c,
                                     uint64_t now_ms)
{
	const char *response = c->digest.response;

	switch (replay_check(a->replay, &c->nonce, c->digest.nc,
	                     hash_bytes(response, strlen(response), c->request),
	                     now_ms)) {
	case REPLAY_NEW: return AUTH_RIGHT;
	case REPLAY_RESENT: return AUTH_RESENT;
	case REPLAY_USED:
	case REPLAY_TOO_OLD: return AUTH_STALE;
	}
	return AUTH_STALE;
}

/* Refused, and at some point without a word. */
static enum auth_result refuse(uint32_t times)
{
	return times > AUTH_SILENT_MAX ? AUTH_SILENT : AUTH_BLOCKED;
}

static uint64_t hash_secret(const struct digest_secret *secret, uint64_t pair)
{
	uint64_t h = hash_bytes("ha1", 3, pair);

	if (!secret)
		return h;
	h = hash_bytes(secret->md5, strlen(secret->md5), h);
	return hash_bytes(secret->sha256, strlen(secret->sha256), h);
}

static enum auth_result judge(struct auth *a, struct check *c,
                              const struct digest_secret *secret)
{
	uint64_t now_ms = loop_now_ms();
	bool right = digest_right(&c->digest, a->sum, c->method, secret);
	bool stopped;

	c->at = hash_secret(secret, c->pair);
	stopped = blocked(a, c, now_ms);
	if ((stopped || !right) && tenants_lost(a->tenants))
		return AUTH_AWAY;
	if (stopped)
		return refuse(count_wrong(a, c, now_ms));
	if (!right) {
		if (c->state == NONCE_FORGED)
			return AUTH_CHALLENGE;
		(void)count_wrong(a, c, now_ms);
		return AUTH_WRONG;
	}
	if (c->state != NONCE_GOOD)
		return AUTH_STALE;
	note_right(a, c, now_ms);
	return judge_replay(a, c, now_ms);
}

static void on_credential(void *arg, int err, const struct credential *found)
{
	struct check *c = arg;
	struct digest_secret secret = {"", ""};

	if (err) {
		finish(c, AUTH_AWAY);
		return;
	}
	if (found->found) {
		memcpy(secret.md5, found->md5, sizeof(secret.md5));
		memcpy(secret.sha256, found->sha256, sizeof(secret.sha256));
	}
	finish(c, judge(c->auth, c, found->found ? &secret : NULL));
}

/* Of several credentials, those for our realm (RFC 3261 22.3). */
static enum digest_parsed choose(const struct auth_req *req, struct digest *d)
{
	enum digest_parsed worst = DIGEST_OTHER, parsed;

	for (size_t i = 0; i < req->n_credentials; i++) {
		parsed = digest_parse(d, req->credentials[i]);
		if (parsed == DIGEST_OK && strcmp(d->realm, req->realm) == 0)
			return DIGEST_OK;
		if (parsed == DIGEST_MALFORMED)
			worst = parsed;
	}
	return worst;
}

static void look_at_nonce(struct auth *a, const struct auth_req *req,
                          struct check *c)
{
	const struct nonce_scope scope = {req->source, req->realm};
	const char *username = c->digest.username;

	c->state = nonce_check(&a->maker, &scope, loop_wall_ms(),
	                       c->digest.nonce, &c->nonce);
	c->source = source_key(req->source);
	c->pair = hash_bytes(username, strlen(username), c->source);
	c->pair = hash_bytes(req->realm, strlen(req->realm), c->pair);
	c->unseen = hash_bytes("unseen", 6, c->pair);
}

static void ask(struct auth *a, const struct auth_req *req, struct check *c)
{
	const struct digest_secret *secret = req->secret;
	const struct credential_query query = {req->lists, req->n_lists,
	                                       req->realm, c->digest.username};

	if (secret) {
		if (strcmp(req->username, c->digest.username) != 0)
			secret = NULL;
		finish(c, judge(a, c, secret));
		return;
	}
	credentials_find(a->credentials, &query, on_credential, c);
}

void auth_check(struct auth *a, const struct auth_req *req, auth_h *handler,
                void *arg)
{
	uint64_t now_ms = loop_now_ms();
	struct digest digest;
	struct check *c;

	switch (choose(req, &digest)) {
	case DIGEST_OTHER: handler(arg, AUTH_CHALLENGE, ""); return;
	case DIGEST_MALFORMED: handler(arg, AUTH_MALFORMED, ""); return;
	case DIGEST_OK: break;
	}
	/* RFC 7616 3.4.6 */
	if (!digest_uri_matches(&digest, req->uri)) {
		handler(arg, AUTH_MALFORMED, "");
		return;
	}
	c = malloc(sizeof(*c));
	if (!c) {
		handler(arg, AUTH_AWAY, "");
		return;
	}
	*c = (struct check){.auth = a,
	                    .next = a->open,
	                    .handler = handler,
	                    .arg = arg,
	                    .method = req->method,
	                    .request = req->request,
	                    .digest = digest};
	if (a->open)
		a->open->prev = c;
	a->open = c;
	look_at_nonce(a, req, c);
	if (blocked_unseen(a, c, now_ms) && !tenants_lost(a->tenants))
		finish(c, refuse(count_unseen(a, c, now_ms)));
	else
		ask(a, req, c);
}

void auth_challenge(struct auth *a, struct auth_challenges *out,
                    const char *realm, const char *source, bool md5_only,
                    bool stale)
{
	const struct nonce_scope scope = {source, realm};
	char nonce[NONCE_SIZE];

	nonce_make(&a->maker, &scope, loop_wall_ms(), random_take(&a->random),
	           nonce);
	out->n = 0;
	if (!md5_only)
		digest_challenge(out->v[out->n++], SUM_SHA256, realm, nonce,
		                 stale);
	digest_challenge(out->v[out->n++], SUM_MD5, realm, nonce, stale);
}

/*
 * exchange.c - one question to an application: attempts, redirects, the end
 *
 * Pure: no I/O, no clock, no log.
 */
#include "exchange.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/guard.h"
#include "base/hash.h"

void exchange_init(struct exchange *x, struct request *request,
                   enum purpose purpose, uint64_t now_ms)
{
	*x = (struct exchange){
		.request = request,
		.purpose = purpose,
		.deadline_at = now_ms + request->overrides.total_ms,
		.attempts = 1,
	};
}

void exchange_close(struct exchange *x)
{
	url_free(x->redirected);
	request_free(x->request);
	*x = (struct exchange){.request = NULL};
}

void exchange_restart(struct exchange *x, uint64_t now_ms)
{
	x->deadline_at = now_ms + x->request->overrides.total_ms;
}

void exchange_limit(struct exchange *x, uint64_t deadline_at)
{
	if (deadline_at < x->deadline_at)
		x->deadline_at = deadline_at;
}

const struct url *exchange_url(const struct exchange *x)
{
	return x->redirected ? x->redirected : x->request->url;
}

bool exchange_is_post(const struct exchange *x)
{
	return x->request->post && !x->plain;
}

/* The URL whose user and password are meant for where we ask now */
static const struct url *credentials(const struct exchange *x)
{
	const struct url *now = exchange_url(x), *first = x->request->url;

	if (now->user)
		return now;
	return url_same_origin(now, first) && first->user ? first : NULL;
}

const char *exchange_user(const struct exchange *x)
{
	const struct url *u = credentials(x);

	return u ? u->user : NULL;
}

const char *exchange_password(const struct exchange *x)
{
	const struct url *u = credentials(x);

	return u ? u->password : NULL;
}

/* Who is asked, and for whom: an origin may want another scheme of others. */
static uint64_t digest_key(const struct exchange *x)
{
	const struct url *u = exchange_url(x);
	const char *user = exchange_user(x);

	return hash_bytes(user, strlen(user), hash_bytes(u->text, u->path, 0));
}

bool exchange_digest(struct exchange *x, struct guard *known, uint64_t now_ms)
{
	x->known = known;
	if (!x->digest && exchange_user(x) &&
	    guard_seen(known, digest_key(x), now_ms) > 0)
		x->digest = x->expected = true;
	return x->digest;
}

/* A 401 that another scheme may answer. @return whether to try */
static bool change_scheme(struct exchange *x, const struct result *r,
                          uint64_t now_ms)
{
	if (!exchange_user(x) || exchange_left_ms(x, now_ms) == 0)
		return false;
	if (r->digest_offered && !x->digest) {
		x->digest = true;
		if (x->known)
			(void)guard_count(x->known, digest_key(x), now_ms);
		return true;
	}
	if (r->digest_offered || !x->expected)
		return false;
	/* It wanted Digest once; now it wants something else. */
	x->digest = x->expected = false;
	guard_forget(x->known, digest_key(x));
	return true;
}

int exchange_sign(const struct exchange *x, struct signer *signer,
                  const char *token, char out[SIGNATURE_SIZE])
{
	const struct signed_text text = {
		.url = exchange_url(x)->text,
		.params = x->request->params,
		.n_params = exchange_is_post(x) ? x->request->n_params : 0,
	};

	return signature_make(signer, token, &text, out);
}

uint32_t exchange_left_ms(const struct exchange *x, uint64_t now_ms)
{
	return now_ms < x->deadline_at ? (uint32_t)(x->deadline_at - now_ms)
	                               : 0;
}

static enum exchange_next fail(struct exchange *x, uint32_t code,
                               const char *why)
{
	outcome_set(&x->outcome, code, "%s", why);
	return EXCHANGE_DONE;
}

static enum exchange_next out_of_time(struct exchange *x)
{
	outcome_set(&x->outcome, 11203,
	            "%s did not finish its answer within %u ms, all attempts "
	            "and redirects together.",
	            exchange_url(x)->host, x->request->overrides.total_ms);
	return EXCHANGE_DONE;
}

static enum exchange_next redirect(struct exchange *x, const struct result *r,
                                   uint64_t now_ms)
{
	const char *why = NULL;
	struct url *to;
	int err;

	if (x->redirects == EXCHANGE_REDIRECTS_MAX)
		return fail(x, 11215,
		            "The application redirected more than "
		            "ten times.");
	err = url_resolve(&to, exchange_url(x), r->location, &why);
	if (err == EINVAL)
		return fail(x, 11216, why);
	if (err)
		return fail(x, 11200, "Memory ran out.");
	if (exchange_left_ms(x, now_ms) == 0) {
		url_free(to);
		return out_of_time(x);
	}
	/* What browsers do: only 307 and 308 repeat a POST. */
	if (r->status != 307 && r->status != 308)
		x->plain = true;
	url_free(x->redirected);
	x->redirected = to;
	x->redirects++;
	x->digest = x->expected = false;
	return EXCHANGE_SEND;
}

static enum exchange_next retry_or_end(struct exchange *x, uint64_t now_ms)
{
	const struct overrides *limits = &x->request->overrides;

	if (x->begun || !(x->outcome.retry & limits->retry_on) ||
	    x->attempts > limits->retries || exchange_left_ms(x, now_ms) == 0)
		return EXCHANGE_DONE;
	url_free(x->redirected);
	x->redirected = NULL;
	x->plain = false;
	x->digest = x->expected = false;
	x->redirects = 0;
	x->attempts++;
	return EXCHANGE_SEND;
}

enum exchange_next exchange_step(struct exchange *x, const struct result *r,
                                 uint64_t now_ms)
{
	bool complete =
		r->curl == 0 || r->cut == CUT_UNREAD || r->cut == CUT_BODY;

	if (complete && outcome_is_redirect(r->status) && r->location)
		return redirect(x, r, now_ms);
	if (complete && r->status == 401 && change_scheme(x, r, now_ms))
		return EXCHANGE_SEND;
	outcome_judge(&x->outcome, r, x->purpose, exchange_url(x),
	              &x->request->overrides);
	return x->outcome.code ? retry_or_end(x, now_ms) : EXCHANGE_DONE;
}

/*
 * sip_sign.c - our requests that are challenged: again, with credentials
 *
 * RFC 3261 22.2 and 22.3. The request that went out is what is sent again, with
 * a CSeq and a Via of its own; nta puts the credentials of an INVITE into the ACK
 * of its 2xx. Only who the leg was made with is answered: a leg to a phone has no
 * credentials.
 */
#include "sip_leg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "digest.h"
#include "store/tenants.h"
#include "uri.h"

/* A proxy on the way and the peer may both ask, each again when its nonce is
 * stale. */
enum { SIGNS_MAX = 4 };
enum { CNONCE_BYTES = 16 };

/* ---- with which name and password ------------------------------------------ */

static bool same_place(const char *a, const char *b)
{
	struct uri x, y;

	return uri_parse(a, &x) && uri_parse(b, &y) &&
	       strcmp(x.host, y.host) == 0 && x.port == y.port;
}

/* The target that the call is with; where it is none of them, the first that has
 * a name. @return NULL when it has none */
static const struct carrier_target *target_of(const struct sip_leg *leg)
{
	const struct carrier *c =
		tenants_carrier(leg->sip->app->tenants, leg->carrier);
	const struct carrier_target *first = NULL;

	for (size_t i = 0; c && i < c->n_targets; i++) {
		const struct carrier_target *t = &c->targets[i];

		if (same_place(t->uri, leg->remote))
			return t->username[0] ? t : NULL;
		if (t->username[0] && !first)
			first = t;
	}
	return first;
}

/* Passwords are not saved: the leg of an adopted call has none, and one that a
 * carrier began neither. */
static bool has_login(struct sip_leg *leg)
{
	const struct carrier_target *t;

	if (leg->username)
		return leg->password != NULL;
	t = leg->carrier[0] ? target_of(leg) : NULL;
	if (!t)
		return false;
	leg->username = strdup(t->username);
	leg->password = strdup(t->password);
	return leg->username && leg->password;
}

/* ---- what the challenge says ------------------------------------------------ */

/* A parameter without its quotes and escapes; "" = absent or too long */
static const char *param(su_home_t *home, const msg_auth_t *a, const char *name)
{
	const char *value = msg_params_find(a->au_params, name);
	char *plain, *out;

	if (!value || strlen(value) > DIGEST_VALUE_MAX)
		return "";
	if (value[0] != '"')
		return value;
	plain = out = su_strdup(home, value);
	if (!plain)
		return "";
	for (value++; *value && *value != '"'; value++) {
		if (*value == '\\' && value[1])
			value++;
		*out++ = *value;
	}
	*out = '\0';
	return plain;
}

static bool best_challenge(su_home_t *home, const msg_auth_t *list,
                           struct digest_challenge *best)
{
	bool found = false;

	for (const msg_auth_t *a = list; a; a = a->au_next) {
		struct digest_challenge c = {
			.realm = param(home, a, "realm="),
			.nonce = param(home, a, "nonce="),
			.opaque = param(home, a, "opaque="),
			.algorithm = param(home, a, "algorithm="),
			.qop = param(home, a, "qop="),
			.stale = su_casematch(param(home, a, "stale="), "true"),
		};

		if (!su_casematch(a->au_scheme, "Digest") || !digest_known(&c))
			continue;
		if (found && !digest_stronger(&c, best))
			continue;
		*best = c;
		found = true;
	}
	return found;
}

/* ---- the request again -------------------------------------------------------- */

static void remove_all(msg_t *msg, void *list)
{
	sip_header_t *h = list, *next;

	for (; h; h = next) {
		next = h->sh_next;
		(void)sip_header_remove(msg, sip_object(msg), h);
	}
}

/* What is to be sent: @p sent without what belongs to its transaction. */
static msg_t *copy_request(msg_t *sent, bool proxy)
{
	msg_t *msg = msg_dup(sent);
	sip_t *sip = msg ? sip_object(msg) : NULL;

	if (!sip)
		return NULL;
	remove_all(msg, sip->sip_via);
	remove_all(msg, sip->sip_cseq);
	if (proxy)
		remove_all(msg, sip->sip_proxy_authorization);
	else
		remove_all(msg, sip->sip_authorization);
	return msg;
}

static nta_outgoing_t *send_signed(struct sip_leg *leg, msg_t *sent, bool proxy,
                                   const char *value, nta_response_f *callback)
{
	const sip_request_t *rq = sip_object(sent)->sip_request;
	msg_t *msg = copy_request(sent, proxy);
	nta_outgoing_t *orq = NULL;

	if (!msg)
		return NULL;
	if (sip_add_tl(msg, sip_object(msg),
	               TAG_IF(proxy, SIPTAG_PROXY_AUTHORIZATION_STR(value)),
	               TAG_IF(!proxy, SIPTAG_AUTHORIZATION_STR(value)),
	               TAG_END()) >= 0 &&
	    nta_msg_request_complete(msg, leg->dialog, rq->rq_method,
	                             rq->rq_method_name,
	                             (const url_string_t *)rq->rq_url) >= 0)
		orq = nta_outgoing_mcreate(leg->sip->agent, callback, leg, NULL,
		                           msg, NTATAG_PASS_100(1), TAG_END());
	if (orq)
		leg->signs++;
	else
		msg_destroy(msg);
	return orq;
}

static bool answer(const struct sip_leg *leg, const struct digest_challenge *c,
                   const sip_request_t *rq, struct strbuf *out)
{
	su_home_t home[1] = {SU_HOME_INIT(home)};
	unsigned char random[CNONCE_BYTES];
	char cnonce[2 * CNONCE_BYTES + 1];
	const struct digest_login login = {
		.username = leg->username,
		.password = leg->password,
		.method = rq->rq_method_name,
		.uri = url_as_string(home, rq->rq_url),
		.cnonce = cnonce,
	};
	bool done = false;

	if (!login.uri || getrandom(random, sizeof(random), 0) < 0)
		goto out;
	for (size_t i = 0; i < sizeof(random); i++)
		(void)snprintf(cnonce + 2 * i, 3, "%02x", random[i]);
	done = digest_answer(c, &login, out) == 0;
out:
	su_home_deinit(home);
	return done;
}

nta_outgoing_t *sip_sign_again(struct sip_leg *leg, nta_outgoing_t *orq,
                               const sip_t *response, nta_response_f *callback)
{
	int status = response->sip_status->st_status;
	bool proxy = status == 407;
	su_home_t home[1] = {SU_HOME_INIT(home)};
	nta_outgoing_t *again = NULL;
	struct digest_challenge c;
	struct strbuf value = {0};
	const sip_t *sip;
	bool was_signed;
	msg_t *sent;

	if ((status != 401 && status != 407) || leg->signs >= SIGNS_MAX ||
	    !has_login(leg))
		return NULL;
	sent = nta_outgoing_getrequest(orq);
	sip = sip_object(sent);
	was_signed = proxy ? sip->sip_proxy_authorization != NULL
	                   : sip->sip_authorization != NULL;
	if (best_challenge(home,
	                   proxy ? response->sip_proxy_authenticate
	                         : response->sip_www_authenticate,
	                   &c) &&
	    (!was_signed || c.stale) &&
	    answer(leg, &c, sip->sip_request, &value))
		again = send_signed(leg, sent, proxy, strbuf_str(&value),
		                    callback);
	strbuf_close(&value);
	msg_destroy(sent);
	su_home_deinit(home);
	return again;
}

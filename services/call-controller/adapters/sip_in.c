/*
 * sip_in.c - a new INVITE: checked, authorised by a registrar, made a call
 *
 *   INVITE ─► AuthorizeRequest ─┬─► CHALLENGE, REJECT: stateless answer
 *                               ├─► USER, CARRIER: 100, transaction, dialog,
 *                               │   call_alloc(), EV_START
 *                               ├─► Redis is away: asked again, for 4 s
 *                               └─► after 150 ms 100
 *
 * Until it is authorised nothing is kept but the message itself.
 */
#include "sip_leg.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "admit.h"
#include "ask.h"
#include "base/metrics.h"
#include "bus/copy.h"
#include "loop/loop.h"
#include "numbering/emergency.h"
#include "sip/credentials.h"
#include "sip_start.h"
#include "store/redis.h"

enum { AUTHORIZE_MS = 4000 };
enum { AGAIN_MS = 300 };  /* from "Redis is away" to the next question */
enum { TRYING_MS = 150 }; /* RFC 3261 17.2.1: no 100 when faster than 200 ms */
enum { CREDENTIALS_MAX = 8 }; /* Authorization headers of one request */

/* An INVITE that is being authorised */
struct arrival {
	struct hash_entry entry;
	struct sip *sip;
	msg_t *msg;
	struct timer *trying; /* 100, when there is no other answer by then */
	struct timer *again;  /* to ask once more */
	Trestle__AuthorizeReply *verdict; /* while a place is asked for; NULL:
	                                   * it comes from ourselves */
	uint64_t at_us;
	char sid[SID_SIZE]; /**< of the call that it will be, if it may */
};

static void arrival_free(struct arrival *a)
{
	timer_free(a->trying);
	timer_free(a->again);
	if (a->verdict)
		trestle__authorize_reply__free_unpacked(a->verdict, NULL);
	free(a);
}

static void send_trying(struct sip *s, msg_t *msg)
{
	(void)nta_msg_treply(s->agent, msg_ref_create(msg), SIP_100_TRYING,
	                     NTATAG_TPORT(s->tport), TAG_END());
}

static void on_trying(void *arg)
{
	const struct arrival *a = arg;

	send_trying(a->sip, a->msg);
}

/* ---- the answer of the registrar ---------------------------------------- */

/* Take over @p msg. */
static void begin(struct sip *s, msg_t *msg, const struct start_facts *facts,
                  uint64_t at_us, const char *sid)
{
	struct app *app = s->app;
	struct event ev = app_event(EV_START, 1);
	struct owned *o = NULL;
	int err;

	err = sip_start(s, msg, sid, facts, &o);
	if (err) {
		log_error(&app->log, "no call for an INVITE: %s",
		          strerror(err));
		sip_refuse_invite(s, msg, SIP_500_INTERNAL_SERVER_ERROR, 0);
		return;
	}
	o->invited_us = at_us;
	metric_add(app->calls_total, 1);
	app_step(app, sid, &ev);
}

static void decide(struct sip *s, msg_t *msg, const Trestle__AuthorizeReply *a,
                   uint64_t at_us, const char *sid)
{
	struct start_facts facts;

	switch (a->verdict) {
	case TRESTLE__AUTHORIZE_REPLY__VERDICT__USER:
	case TRESTLE__AUTHORIZE_REPLY__VERDICT__CARRIER:
		send_trying(s, msg);
		if (sip_start_facts(s->app, a, &facts))
			begin(s, msg, &facts, at_us, sid);
		else
			sip_refuse_invite(s, msg, SIP_503_SERVICE_UNAVAILABLE,
			                  0);
		return;
	case TRESTLE__AUTHORIZE_REPLY__VERDICT__CHALLENGE:
		sip_challenge(s, msg, a);
		return;
	case TRESTLE__AUTHORIZE_REPLY__VERDICT__REJECT:
		sip_refuse_invite(s, msg,
		                  a->status >= 300 ? (int)a->status : 403,
		                  a->reason, a->error_code);
		return;
	case TRESTLE__AUTHORIZE_REPLY__VERDICT__DROP: msg_destroy(msg); return;
	case TRESTLE__AUTHORIZE_REPLY__VERDICT__UNKNOWN:
	case _TRESTLE__AUTHORIZE_REPLY__VERDICT_IS_INT_SIZE: break;
	}
	sip_refuse_invite(s, msg, SIP_500_INTERNAL_SERVER_ERROR, 0);
}

/* A Redis that stands still for a moment: a phone that gets 503 would not call
 * again. */
static bool ask_later(struct arrival *a, const Trestle__Envelope *reply)
{
	if (!ask_is_away(reply) ||
	    loop_now_us() + AGAIN_MS * 1000 > a->at_us + AUTHORIZE_MS * 1000)
		return false;
	timer_start(a->again, AGAIN_MS);
	return true;
}

/* Whose call it will be. @return false: nobody's */
static bool facts_of(struct sip *s, const sip_t *sip,
                     const Trestle__AuthorizeReply *verdict,
                     struct start_facts *out)
{
	return verdict ? sip_start_facts(s->app, verdict, out)
	               : sip_start_loop_facts(s->app, sip, out);
}

static void on_admitted(void *arg, int err, const redisReply *reply)
{
	struct arrival *a = arg;
	struct sip *s = a->sip;
	const sip_t *sip = sip_object(a->msg);
	struct start_source source = {.ip = ""};
	struct start_facts facts;

	hash_remove(&s->arrivals, &a->entry);
	(void)sip_start_source(sip, &source);
	if (!facts_of(s, sip, a->verdict, &facts)) {
		sip_refuse_invite(s, a->msg, SIP_503_SERVICE_UNAVAILABLE, 0);
	} else if (admit_granted(s->app, err, reply)) {
		send_trying(s, a->msg);
		begin(s, a->msg, &facts, a->at_us, a->sid);
	} else {
		admit_alert(s->app, facts.account_sid,
		            &(struct admit_caller){
				    source.ip, sip->sip_from->a_url->url_user,
				    facts.domain});
		sip_refuse_invite(s, a->msg, 503, ADMIT_TEXT, ADMIT_REFUSED);
	}
	arrival_free(a);
}

/* Must a place be asked for, among the calls of the account? Then the arrival waits
 * for it. Help is called, however many calls there are.
 * @return false: it may go on now */
static bool ask_place(struct arrival *a, const Trestle__AuthorizeReply *verdict)
{
	struct sip *s = a->sip;
	const sip_t *sip = sip_object(a->msg);
	const char *user = sip->sip_request->rq_url->url_user;
	char number[EMERGENCY_SIZE];
	struct start_facts facts;

	if (!facts_of(s, sip, verdict, &facts) ||
	    !admit_limited(s->app, facts.account_sid) ||
	    (facts.domain[0] && emergency_somewhere(user ? user : "", number)))
		return false;
	a->verdict = verdict ? message_copy(&verdict->base) : NULL;
	return (!verdict || a->verdict) &&
	       !admit_ask(s->app, facts.account_sid, a->sid, on_admitted, a);
}

static bool lets_in(const Trestle__AuthorizeReply *a)
{
	return a->verdict == TRESTLE__AUTHORIZE_REPLY__VERDICT__USER ||
	       a->verdict == TRESTLE__AUTHORIZE_REPLY__VERDICT__CARRIER;
}

static void on_authorized(void *arg, int err, const Trestle__Envelope *reply)
{
	struct arrival *a = arg;
	struct sip *s = a->sip;
	bool answered = !err && reply->body_case ==
	                                TRESTLE__ENVELOPE__BODY_AUTHORIZE_REPLY;

	if (!err && ask_later(a, reply))
		return;
	if (answered && lets_in(reply->authorize_reply) &&
	    ask_place(a, reply->authorize_reply))
		return;
	hash_remove(&s->arrivals, &a->entry);
	if (answered)
		decide(s, a->msg, reply->authorize_reply, a->at_us, a->sid);
	else
		sip_refuse_invite(s, a->msg, 503,
		                  "No registrar could authorise the call", 0);
	arrival_free(a);
}

/* ---- asking ------------------------------------------------------------- */

static int ask(struct sip *s, struct arrival *a, const sip_t *sip)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__AuthorizeRequest request = TRESTLE__AUTHORIZE_REQUEST__INIT;
	su_home_t *home = msg_home(a->msg);
	char *values[CREDENTIALS_MAX];
	struct start_source source;
	struct bus_req req = {
		.service = "registrar",
		.key = sip->sip_call_id->i_id,
		.timeout_ms = AUTHORIZE_MS,
		.retry = true,
	};

	if (!sip_start_source(sip, &source))
		return EINVAL;
	env.call_sid = a->sid;
	env.body_case = TRESTLE__ENVELOPE__BODY_AUTHORIZE_REQUEST;
	env.authorize_request = &request;
	request.method = (char *)"INVITE";
	request.call_id = (char *)sip->sip_call_id->i_id;
	request.request_uri = url_as_string(home, sip->sip_request->rq_url);
	request.from_uri = sip_start_plain_uri(home, sip->sip_from->a_url);
	request.source_ip = source.ip;
	request.source_port = source.port;
	request.transport = source.transport;
	request.n_credentials =
		sip_text_credentials(home, sip, values, CREDENTIALS_MAX);
	request.credentials = values;
	if (sip->sip_payload)
		request.body_length = (uint32_t)sip->sip_payload->pl_len;
	if (!request.request_uri || !request.from_uri)
		return ENOMEM;
	return bus_request(s->app->bus, &req, &env, on_authorized, a);
}

static void on_again(void *arg)
{
	struct arrival *a = arg;

	if (ask(a->sip, a, sip_object(a->msg)))
		on_authorized(a, ENOMEM, NULL);
}

/* The same INVITE again, or by another way (RFC 3261 8.2.2.2) */
static void on_repeated(struct sip *s, const struct arrival *a, msg_t *msg,
                        const sip_t *sip)
{
	const sip_t *first = sip_object(a->msg);
	bool merged = first->sip_cseq->cs_seq == sip->sip_cseq->cs_seq &&
	              su_casematch(first->sip_via->v_branch,
	                           sip->sip_via->v_branch) == 0;

	if (merged)
		sip_refuse(s, msg, SIP_482_LOOP_DETECTED, "");
	else if (first->sip_cseq->cs_seq != sip->sip_cseq->cs_seq)
		sip_refuse(s, msg, SIP_500_INTERNAL_SERVER_ERROR,
		           "Retry-After: 1\r\n");
	else
		msg_destroy(msg);
}

static struct arrival *arrive(struct sip *s, msg_t *msg)
{
	struct arrival *a = NULL;

	if (s->arrivals.n < SIP_ARRIVALS_MAX)
		a = calloc(1, sizeof(*a));
	if (!a)
		return NULL;
	a->sip = s;
	a->msg = msg;
	a->at_us = loop_now_us();
	sid_make("CA", a->sid);
	if (timer_alloc(&a->trying, s->app->loop, on_trying, a) ||
	    timer_alloc(&a->again, s->app->loop, on_again, a)) {
		arrival_free(a);
		return NULL;
	}
	return a;
}

static void wait_for_answer(struct arrival *a, const sip_t *sip)
{
	timer_start(a->trying, TRYING_MS);
	hash_add(&a->sip->arrivals, &a->entry, sip->sip_call_id->i_id);
}

static void authorize(struct sip *s, msg_t *msg, sip_t *sip)
{
	struct arrival *a = arrive(s, msg);
	int err = a ? ask(s, a, sip) : ENOMEM;

	if (!err) {
		wait_for_answer(a, sip);
		return;
	}
	if (a)
		arrival_free(a);
	sip_refuse_invite(s, msg, err == EINVAL ? 400 : 503, NULL, 0);
}

/* From one of our own calls, which dialled a number of ours */
static void loop_in(struct sip *s, msg_t *msg, sip_t *sip)
{
	struct arrival *a = arrive(s, msg);
	struct start_facts facts;

	if (!a) {
		sip_refuse_invite(s, msg, 503, NULL, 0);
		return;
	}
	if (!sip_start_loop_facts(s->app, sip, &facts)) {
		sip_refuse_invite(s, msg, SIP_404_NOT_FOUND, 0);
	} else if (ask_place(a, NULL)) {
		wait_for_answer(a, sip);
		return;
	} else {
		begin(s, msg, &facts, a->at_us, a->sid);
	}
	arrival_free(a);
}

void sip_in_invite(struct sip *s, msg_t *msg, sip_t *sip)
{
	struct hash_entry *e = hash_find(&s->arrivals, sip->sip_call_id->i_id);
	const char *why;

	if (e) {
		on_repeated(s, hash_object(e, struct arrival, entry), msg, sip);
		return;
	}
	why = app_refuses(s->app);
	if (why) {
		sip_refuse_invite(s, msg, 503, why, 0);
		return;
	}
	if (sip_refuse_format(s, msg, sip))
		return;
	if (sip_start_is_loop(sip))
		loop_in(s, msg, sip);
	else
		authorize(s, msg, sip);
}

bool sip_in_cancel(struct sip *s, msg_t *msg, sip_t *sip)
{
	struct hash_entry *e = hash_find(&s->arrivals, sip->sip_call_id->i_id);
	struct arrival *a = e ? hash_object(e, struct arrival, entry) : NULL;
	const sip_t *first = a ? sip_object(a->msg) : NULL;

	/* The branch shows that it comes from the one that sent the INVITE. */
	if (!a || first->sip_cseq->cs_seq != sip->sip_cseq->cs_seq ||
	    !su_casematch(first->sip_via->v_branch, sip->sip_via->v_branch))
		return false;
	bus_cancel(s->app->bus, a);
	redis_cancel(s->app->redis, a);
	hash_remove(&s->arrivals, &a->entry);
	sip_refuse(s, msg, SIP_200_OK, "");
	sip_refuse(s, a->msg, SIP_487_REQUEST_CANCELLED, "");
	arrival_free(a);
	return true;
}

void sip_in_close(struct sip *s)
{
	struct hash_iter it = hash_iter(&s->arrivals);
	struct hash_entry *e;

	while (s->arrivals.slots && (e = hash_next(&it))) {
		struct arrival *a = hash_object(e, struct arrival, entry);

		redis_cancel(s->app->redis, a);
		hash_remove(&s->arrivals, e);
		msg_destroy(a->msg);
		arrival_free(a);
	}
	hash_close(&s->arrivals);
}

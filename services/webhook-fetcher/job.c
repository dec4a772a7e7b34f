/*
 * job.c - one fetch or callback from its request to its reply
 *
 *     job_run --> ask --> on_answer --exchange_step--> ask … or end
 *
 * Its states are those of core/state.h.
 */
#include "job.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <openssl/crypto.h>

#include "adapters/bins.h"
#include "adapters/client.h"
#include "app.h"
#include "base/hash.h"
#include "base/strbuf.h"
#include "core/cookies.h"
#include "loop/loop.h"
#include "media.h"
#include "store/redis.h"
#include "store/tenants.h"

enum { TIME_TO_REPLY_MS = 100 }; /* of the asker's patience */

static bool copy(char *to, size_t size, const char *from)
{
	return (size_t)snprintf(to, size, "%s", from) < size;
}

/* Of a request with a key the same in every process and attempt, so that the
 * application can see a repetition. */
static void make_token(struct job *job)
{
	char random[SID_SIZE];
	uint64_t a, b;

	if (!job->key[0])
		sid_make("KE", random);
	a = hash_bytes(job->key[0] ? job->key : random, strlen(job->key), 1);
	b = hash_bytes(job->key[0] ? job->key : random, strlen(job->key), 2);
	(void)snprintf(job->token, sizeof(job->token),
	               "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32),
	               (unsigned)(a >> 16) & 0xffff, (unsigned)a & 0xfff,
	               ((unsigned)(b >> 48) & 0x3fff) | 0x8000,
	               (unsigned long long)(b & 0xffffffffffff));
}

int job_alloc(struct job **jp, struct app *app, const struct job_spec *spec)
{
	struct job *job = calloc(1, sizeof(*job));
	int err = job ? 0 : ENOMEM;

	if (!job) {
		request_free(spec->request);
		return err;
	}
	job->app = app;
	job->media = spec->media;
	job->began_at = loop_now_ms();
	job->wall_ms = loop_wall_ms();
	exchange_init(&job->x, spec->request, spec->purpose, job->began_at);
	if (spec->timeout_ms > TIME_TO_REPLY_MS)
		exchange_limit(&job->x, job->began_at + spec->timeout_ms -
		                                TIME_TO_REPLY_MS);
	if (!copy(job->account_sid, SID_SIZE, spec->account_sid) ||
	    !copy(job->call_sid, SID_SIZE, spec->call_sid) ||
	    !copy(job->cookie_scope, SID_SIZE, spec->cookie_scope) ||
	    !copy(job->key, sizeof(job->key), spec->key))
		err = EINVAL;
	make_token(job);
	job->log = (struct log){app->log, "call_sid", job->call_sid};
	if (err)
		job_free(job);
	else
		*jp = job;
	return err;
}

void job_free(struct job *job)
{
	if (!job)
		return;
	if (job->transfer)
		client_cancel(job->transfer);
	if (job->reading)
		redis_cancel(job->app->redis, &job->cookies);
	exchange_close(&job->x);
	free(job);
}

static void end(struct job *job)
{
	app_job_ended(job->app, job);
}

/* It ends with this outcome without having been sent. */
__attribute__((format(printf, 3, 4))) static void fail(struct job *job,
                                                       uint32_t code,
                                                       const char *text, ...)
{
	char sentence[OUTCOME_TEXT_MAX];
	va_list args;

	va_start(args, text);
	(void)vsnprintf(sentence, sizeof(sentence), text, args);
	va_end(args);
	outcome_set(&job->x.outcome, code, "%s", sentence);
	end(job);
}

/* What a request to our own installation needs: `http://peer/path` as the URL
 * to connect to, the public name as Host. */
static bool redirect_to_peer(struct job *job, struct strbuf *url,
                             struct strbuf *host)
{
	const struct url *public = exchange_url(&job->x);
	char address[BINS_ADDRESS_MAX];
	size_t from = public->https ? strlen("https://") : strlen("http://");

	if (!bins_address(bus_peers(job->app->bus), job->own_attempt, address))
		return false;
	strbuf_add(url, "http://");
	strbuf_add(url, address);
	strbuf_add(url, public->text + public->path);
	strbuf_addn(host, public->text + from, public->path - from);
	return true;
}

static enum client_reach reach_of(const struct job *job)
{
	if (job->own)
		return CLIENT_OURS;
	return target_host_allowed(job->app->policy,
	                           exchange_url(&job->x)->host)
	               ? CLIENT_NAMED
	               : CLIENT_PUBLIC;
}

static void on_answer(void *arg, const struct client_answer *answer);

static enum cut on_data(void *arg, const struct client_head *head,
                        const void *p, size_t n)
{
	struct job *job = arg;

	job->x.begun = true;
	return media_take(job->media, head, p, n);
}

static int transmit(struct job *job, const char *url, const char *host,
                    const char *signature)
{
	const struct exchange *x = &job->x;
	const struct overrides *limits = &x->request->overrides;
	uint64_t now_ms = loop_now_ms();
	struct strbuf cookies = {0};
	struct client_req req = {
		.url = url,
		.host = host,
		.user = exchange_user(x),
		.password = exchange_password(x),
		.digest = exchange_digest(&job->x, job->app->digests, now_ms),
		.signature = signature,
		.token = job->token,
		.reach = reach_of(job),
		.purpose = x->purpose,
		.connect_ms = limits->connect_ms,
		.read_ms = limits->read_ms,
		.total_ms = exchange_left_ms(x, now_ms),
	};
	int err;

	if (job->media) {
		req.on_data = on_data;
		req.total_ms = MEDIA_TOTAL_MS;
		media_validators(job->media, &req.etag, &req.last_modified);
	}
	if (exchange_is_post(x)) {
		req.body = x->request->body;
		req.body_len = x->request->body_len;
	}
	if (job->cookie_scope[0])
		cookies_write(job->app->cookies, job->cookie_scope,
		              exchange_url(x), now_ms, &cookies);
	req.cookies = strbuf_str(&cookies);
	if (req.total_ms == 0)
		req.total_ms = 1; /* 0 would mean for ever */
	err = client_send(job->app->client, &req, on_answer, job,
	                  &job->transfer);
	strbuf_close(&cookies);
	return err;
}

/* Sign and send to the present URL. */
static void send_signed(struct job *job, const char *url, const char *host)
{
	const struct account *account =
		tenants_account(job->app->tenants, job->account_sid);
	char signature[SIGNATURE_SIZE];

	if (!account) {
		fail(job, 11200, "The account %s is not known here.",
		     job->account_sid);
		return;
	}
	if (exchange_sign(&job->x, job->app->signer, account->auth_token,
	                  signature) ||
	    transmit(job, url, host, signature))
		fail(job, 11200, "Memory ran out.");
	OPENSSL_cleanse(signature, sizeof(signature));
}

/* Nobody serves our URLs at the moment: one is probably being started again. */
static void park(struct job *job)
{
	uint32_t patience = job->x.request->overrides.connect_ms;

	if (loop_now_ms() - job->began_at < patience &&
	    exchange_left_ms(&job->x, loop_now_ms())) {
		job->own_attempt = 0;
		app_park(job->app, job);
		return;
	}
	fail(job, 11205,
	     "No rest-api instance is running, which serves the URLs of "
	     "this installation.");
}

static void send_to_peer(struct job *job)
{
	struct strbuf url = {0}, host = {0};

	if (redirect_to_peer(job, &url, &host))
		send_signed(job, strbuf_str(&url), strbuf_str(&host));
	else
		park(job);
	strbuf_close(&url);
	strbuf_close(&host);
}

static void send_to_host(struct job *job)
{
	const struct url *url = exchange_url(&job->x);

	(void)snprintf(job->host, sizeof(job->host), "%s %s:%u",
	               job->account_sid, url->host, url->port);
	if (job->x.purpose != PURPOSE_CALLBACK &&
	    !breaker_allows(job->app->breaker, job->host, loop_now_ms())) {
		fail(job, 11205,
		     "%s did not answer %d requests in a row in time, and "
		     "is not asked for %d seconds.",
		     url->host, BREAKER_TIMEOUTS, BREAKER_OPEN_MS / 1000);
		return;
	}
	send_signed(job, url->text, NULL);
}

static void ask(struct job *job)
{
	job->body = NULL;
	job->body_len = 0;
	job->asked = job->told = NULL;
	job->own = bins_own(&job->app->bins, exchange_url(&job->x));
	if (job->own)
		send_to_peer(job);
	else
		send_to_host(job);
}

void job_enter(struct job *job, enum job_state state)
{
	assert(state_may(job->state, state));
	job->state = state;
}

static void on_cookies(void *arg)
{
	struct job *job = arg;

	job->reading = false;
	ask(job);
}

/* Did another copy of this process have the call before? */
static bool reads_cookies(struct job *job)
{
	if (!job->cookie_scope[0] ||
	    cookies_known(job->app->cookies, job->cookie_scope))
		return false;
	job->cookies = (struct cookie_store_read){
		.redis = job->app->redis,
		.cookies = job->app->cookies,
		.scope = job->cookie_scope,
		.handler = on_cookies,
		.arg = job,
	};
	job->reading = cookie_store_read(&job->cookies) == 0;
	return job->reading;
}

void job_expire(struct job *job)
{
	fail(job, 11203,
	     "The request waited too long for others of the same "
	     "account, of which %u run at a time.",
	     job->app->settings->per_account);
}

void job_run(struct job *job)
{
	bool first = job->state != JOB_PARKED;

	job_enter(job, JOB_RUNNING);
	/* Nobody waits for a callback: its time begins with its turn. */
	if (job->x.purpose == PURPOSE_CALLBACK && first) {
		job->began_at = loop_now_ms();
		exchange_restart(&job->x, job->began_at);
	}
	if (exchange_left_ms(&job->x, loop_now_ms()) == 0)
		job_expire(job);
	else if (!reads_cookies(job))
		ask(job);
}

static void take_cookies(struct job *job, const char *set_cookies)
{
	uint64_t now_ms;
	char *list, *next;

	if (!job->cookie_scope[0] || !set_cookies[0])
		return;
	list = strdup(set_cookies);
	if (!list)
		return;
	now_ms = loop_now_ms();
	next = list;
	for (char *c; (c = strsep(&next, "\n")) && next;) {
		const struct url *url = exchange_url(&job->x);

		cookies_take(job->app->cookies, job->cookie_scope, url, c,
		             now_ms);
		cookie_store_add(job->app->redis, job->cookie_scope, url->host,
		                 c);
	}
	free(list);
}

/* One of our own instances died: ask another one. */
static bool asked_another(struct job *job, const struct result *r)
{
	if (!job->own || r->curl == CURLE_OK || r->cut != CUT_NONE ||
	    r->status || r->curl == CURLE_OPERATION_TIMEDOUT)
		return false;
	job->own_attempt++;
	ask(job);
	return true;
}

static void on_answer(void *arg, const struct client_answer *answer)
{
	struct job *job = arg;
	const struct result *r = &answer->result;
	uint64_t now_ms = loop_now_ms();
	bool timed_out = r->curl == CURLE_OPERATION_TIMEDOUT;

	job->transfer = NULL;
	if (r->verdict != TARGET_ALLOWED)
		log_warn(&job->log, "%s is at %s, which may not be reached",
		         exchange_url(&job->x)->host, r->address);
	take_cookies(job, answer->set_cookies);
	if (!job->own && job->x.purpose != PURPOSE_CALLBACK)
		breaker_report(job->app->breaker, job->host, timed_out, now_ms);
	if (asked_another(job, r))
		return;
	if (job->media && r->status == 304)
		media_unchanged(job->media, answer->cache);
	job->status = r->status;
	(void)snprintf(job->content_type, sizeof(job->content_type), "%s",
	               r->content_type);
	job->body = (const unsigned char *)answer->body;
	job->body_len = answer->body_len;
	job->asked = answer->asked;
	job->told = answer->told;
	switch (exchange_step(&job->x, r, now_ms)) {
	case EXCHANGE_SEND:
		log_debug(&job->log, "asking again: %s",
		          exchange_url(&job->x)->host);
		ask(job);
		break;
	case EXCHANGE_DONE: end(job); break;
	}
}

/*
 * fixture.c - a real webhook-fetcher with Redis, and an asker on the bus
 */
#include "fixture.h"

#include <signal.h>

#include "base/log.h"
#include "hostile.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "unit/test.h"

struct fixture fixture;

static const struct log log_top = {NULL, "svc", "test"};

static void keep(char *to, size_t size, const char *from)
{
	(void)snprintf(to, size, "%s", from);
}

static void keep_fetch(struct answer *a, const Trestle__FetchReply *f)
{
	a->status = f->http_status;
	a->code = f->error_code;
	a->attempts = f->attempts;
	keep(a->type, sizeof(a->type), f->content_type);
	keep(a->url, sizeof(a->url), f->url);
	keep(a->text, sizeof(a->text), f->error_text);
	a->body_len = f->body.len;
	if (f->body.len < sizeof(a->body) && f->body.len)
		memcpy(a->body, f->body.data, f->body.len);
}

static void on_reply(void *arg, int err, const Trestle__Envelope *reply)
{
	struct answer *a = arg;

	a->came = true;
	a->err = err;
	a->refusal = -1;
	a->ms = loop_now_ms() - a->asked_at;
	if (!reply)
		return;
	if (reply->body_case == TRESTLE__ENVELOPE__BODY_REFUSAL)
		a->refusal = (int)reply->refusal->reason;
	else if (reply->body_case == TRESTLE__ENVELOPE__BODY_NOTIFY_REPLY)
		keep(a->entry, sizeof(a->entry), reply->notify_reply->entry);
	else if (reply->body_case == TRESTLE__ENVELOPE__BODY_FETCH_REPLY)
		keep_fetch(a, reply->fetch_reply);
}

const char *app_url(const char *path)
{
	static char urls[4][9000];
	static unsigned n;
	char *url = urls[n++ % 4];

	(void)snprintf(url, sizeof(urls[0]), "http://%s:%u%s", APP_ADDRESS,
	               fixture.app_port, path);
	return url;
}

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

static void fill(Trestle__Envelope *env, const struct question *q)
{
	env->call_sid = text(CALL);
	env->key = text(q->key ? q->key : "");
	env->body_case = q->notify ? TRESTLE__ENVELOPE__BODY_NOTIFY_REQUEST
	                           : TRESTLE__ENVELOPE__BODY_FETCH_REQUEST;
}

static void send_question(const struct question *q, struct answer *a)
{
	static const struct bus_req defaults = {.service = "webhook-fetcher",
	                                        .timeout_ms = 16000};
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__FetchRequest f = TRESTLE__FETCH_REQUEST__INIT;
	Trestle__NotifyRequest n = TRESTLE__NOTIFY_REQUEST__INIT;
	Trestle__Param p1 = TRESTLE__PARAM__INIT, p2 = TRESTLE__PARAM__INIT;
	Trestle__Param *params[] = {&p1, &p2};
	struct bus_req req = defaults;

	p1.name = text("To");
	p1.value = text("sip:+1 555@acme.example");
	p2.name = text("CallSid");
	p2.value = text(CALL);
	f.account_sid = n.account_sid = text(q->account ? q->account : ACCOUNT);
	f.method = n.method = text(q->method ? q->method : "POST");
	f.url = n.url = text(q->url[0] == '/' ? app_url(q->url) : q->url);
	f.params = n.params = params;
	f.n_params = n.n_params = N_OF(params);
	f.cookie_scope = text(CALL);
	f.first = q->first;
	fill(&env, q);
	if (q->notify)
		env.notify_request = &n;
	else
		env.fetch_request = &f;
	if (q->timeout_ms)
		req.timeout_ms = q->timeout_ms;
	assert_int_equal(0, bus_request(fixture.bus, &req, &env, on_reply, a));
}

struct answer *ask_later(const struct question *q)
{
	struct answer *a = &fixture.answers[fixture.n_answers++ % ANSWERS_MAX];

	memset(a, 0, sizeof(*a));
	a->asked_at = loop_now_ms();
	send_question(q, a);
	return a;
}

static bool came(void *arg)
{
	return ((struct answer *)arg)->came;
}

void await_answer(struct answer *a)
{
	assert_true(run_until(fixture.loop, came, a, 20000));
}

struct answer *ask(const struct question *q)
{
	struct answer *a = ask_later(q);

	await_answer(a);
	return a;
}

struct answer *fetch(const char *path)
{
	const struct question q = {.url = path};

	return ask(&q);
}

static bool enough_requests(void *arg)
{
	return hostile_requests() >= *(unsigned *)arg;
}

void await_requests(unsigned n)
{
	assert_true(run_until(fixture.loop, enough_requests, &n, 10000));
}

struct wanted {
	char command[256];
	char text[256];
};

static bool prints_wanted(void *arg)
{
	const struct wanted *w = arg;
	char got[256] = "";
	FILE *out = popen(w->command, "r");

	if (out) {
		if (!fgets(got, sizeof(got), out))
			got[0] = '\0';
		pclose(out);
	}
	got[strcspn(got, "\n")] = '\0';
	return strcmp(got, w->text) == 0;
}

void await_redis(const char *words, const char *want)
{
	struct wanted w;

	(void)snprintf(w.command, sizeof(w.command), "redis-cli -p %u %s",
	               fixture.redis_server.port, words);
	keep(w.text, sizeof(w.text), want);
	if (!run_until(fixture.loop, prints_wanted, &w, 10000))
		fail_msg("%s is not %s", words, want);
}

const char *header(unsigned n, const char *name)
{
	static char request[HOSTILE_TEXT_MAX], wanted[64];
	char *at;

	hostile_request(n, request, sizeof(request));
	(void)snprintf(wanted, sizeof(wanted), "\r\n%s: ", name);
	at = strcasestr(request, wanted);
	if (!at)
		return "";
	at += strlen(wanted);
	at[strcspn(at, "\r")] = '\0';
	return at;
}

/* Does it answer, if only with a refusal? One that was started again under its
 * name is at another address, which takes a moment to be known. */
static bool answers(void *arg)
{
	const struct question q = {
		.url = "/", .account = "nobody", .timeout_ms = 500};

	(void)arg;
	return ask(&q)->refusal == TRESTLE__REFUSAL__REASON__NOT_FOUND;
}

void fixture_start_fetcher(void)
{
	static char redis[96], port[32], ca_file[96];
	static const char *const env[] = {
		redis,
		port,
		ca_file,
		"TRESTLE_INSTANCE=fetcher-1",
		"TRESTLE_ADDRESS=127.0.0.1",
		"TRESTLE_ALLOW_PRIVATE=127.0.3.0/24",
		"TRESTLE_FETCH_PER_ACCOUNT=4",
		"TRESTLE_PUBLIC_URL=https://api.acme.example",
		NULL};

	(void)snprintf(redis, sizeof(redis), "TRESTLE_REDIS=%s",
	               fixture.redis_server.url);
	(void)snprintf(port, sizeof(port), "TRESTLE_HTTP_PORT=%u",
	               fixture.health_port);
	(void)snprintf(ca_file, sizeof(ca_file), "TRESTLE_CA_FILE=%s",
	               fixture.ca_file);
	fixture.fetcher =
		process_start(TRESTLE_BIN "/trestle-webhook-fetcher", env);
	wait_healthy(fixture.health_port);
	assert_true(run_until(fixture.loop, answers, NULL, 10000));
}

static void load_tenants(void)
{
	const struct redis_server *r = &fixture.redis_server;

	redis_cli(r,
	          "HSET account:" ACCOUNT " sid " ACCOUNT " auth_token " TOKEN
	          " status active",
	          NULL);
	redis_cli(r,
	          "HSET account:" OTHER_ACCOUNT " sid " OTHER_ACCOUNT
	          " auth_token 67890 status active",
	          NULL);
	redis_cli(r, "SADD accounts " ACCOUNT " " OTHER_ACCOUNT, NULL);
	redis_cli(r, "INCR config:version", NULL);
}

int fixture_set_up(void **state)
{
	static const char *const wants[] = {"webhook-fetcher", NULL};
	struct bus_config cfg = {.log = &log_top,
	                         .service = "call-controller",
	                         .instance = "tester-1",
	                         .address = "127.0.0.1",
	                         .sip = "",
	                         .http = "",
	                         .wants = wants};

	(void)state;
	log_set_level(LOG_ERROR);
	redis_server_start(&fixture.redis_server, 0);
	load_tenants();
	assert_int_equal(0, loop_alloc(&fixture.loop));
	assert_int_equal(0, redis_alloc(&fixture.redis, fixture.loop, &log_top,
	                                fixture.redis_server.url));
	cfg.loop = fixture.loop;
	cfg.redis = fixture.redis;
	assert_int_equal(0, bus_alloc(&fixture.bus, &cfg));
	fixture.app_port = hostile_start(APP_ADDRESS);
	fixture.other_port = hostile_start(OTHER_ADDRESS);
	fixture.health_port = free_port();
	fixture_start_fetcher();
	return 0;
}

int fixture_tear_down(void **state)
{
	(void)state;
	if (fixture.fetcher)
		process_stop(fixture.fetcher, SIGTERM);
	bus_free(fixture.bus);
	redis_free(fixture.redis);
	loop_free(fixture.loop);
	redis_server_stop(&fixture.redis_server);
	return 0;
}

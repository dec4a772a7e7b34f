/*
 * test_follow.c - the configuration in memory follows that in a real Redis
 */
#include "store/tenants.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "loop/loop.h"
#include "service/harness.h"
#include "store/redis.h"
#include "unit/test.h"

enum { DOMAINS = 20, STEPS = 400 };

struct fixture {
	struct redis_server server;
	struct loop *loop;
	struct redis *redis;
	struct tenants *tenants;
	unsigned version; /* of the configuration */
	unsigned seen;    /* that the process tells of itself */
	bool asking;
	bool answered;
	const char *wanted; /* a domain, "" = none */
};

static const struct log quiet = {NULL, "svc", "test"};

static bool ready(void *arg)
{
	return tenants_ready(((struct fixture *)arg)->tenants);
}

static bool up(void *arg)
{
	return redis_up(((struct fixture *)arg)->redis);
}

static void put(const struct fixture *f, const char *name, const char *url)
{
	char words[256];

	(void)snprintf(words, sizeof(words), "SADD domains %s", name);
	redis_cli(&f->server, words, NULL);
	(void)snprintf(words, sizeof(words),
	               "HSET domain:%s sid SD-%s domain_name %s voice_url %s",
	               name, name, name, url);
	redis_cli(&f->server, words, NULL);
}

static void take_away(const struct fixture *f, const char *name)
{
	char words[256];

	(void)snprintf(words, sizeof(words), "SREM domains %s", name);
	redis_cli(&f->server, words, NULL);
	(void)snprintf(words, sizeof(words), "DEL domain:%s", name);
	redis_cli(&f->server, words, NULL);
}

/* The loop stands still meanwhile, so it is as atomic as the API's script. */
static void change(struct fixture *f, const char *keys)
{
	char words[256];

	f->version++;
	redis_cli(&f->server, "INCR config:version", NULL);
	if (keys) {
		(void)snprintf(words, sizeof(words),
		               "XADD config:changes %u-0 %s", f->version, keys);
		redis_cli(&f->server, words, NULL);
	}
}

static void tell(const struct fixture *f)
{
	redis_cli(&f->server, "PUBLISH config api", NULL);
}

static void on_seen(void *arg, int err, const redisReply *reply)
{
	struct fixture *f = arg;

	f->asking = false;
	if (!err && reply->type == REDIS_REPLY_STRING)
		f->seen = (unsigned)strtoul(reply->str, NULL, 10);
}

static bool followed(void *arg)
{
	struct fixture *f = arg;

	if (!f->asking &&
	    !redis_command(f->redis, on_seen, f, "HGET config:seen test-1"))
		f->asking = true;
	return f->seen == f->version;
}

static void follow(struct fixture *f)
{
	tell(f);
	assert_true(run_until(f->loop, followed, f, 3000));
}

static const char *url_of(const struct fixture *f, const char *name)
{
	const struct domain *d = tenants_domain(f->tenants, name);

	return d ? d->voice.url : "";
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	log_set_level(LOG_ERROR);
	redis_server_start(&f->server, 0);
	put(f, "a.example", "one");
	put(f, "b.example", "one");
	change(f, NULL);
	assert_int_equal(0, loop_alloc(&f->loop));
	assert_int_equal(
		0, redis_alloc(&f->redis, f->loop, &quiet, f->server.url));
	assert_true(run_until(f->loop, up, f, 5000));
	assert_int_equal(0, tenants_alloc(&f->tenants, f->loop, f->redis,
	                                  &quiet, "test-1"));
	assert_true(run_until(f->loop, ready, f, 5000));
	follow(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	redis_cancel(f->redis, f);
	tenants_free(f->tenants);
	redis_free(f->redis);
	loop_free(f->loop);
	redis_server_stop(&f->server);
	free(f);
	return 0;
}

static void only_what_a_change_touched_is_read(void **state)
{
	struct fixture *f = *state;

	put(f, "a.example", "two");
	put(f, "b.example", "two"); /* that nobody tells of */
	change(f, "key domain:a.example key nothing:we:know key other");
	follow(f);
	assert_string_equal("two", url_of(f, "a.example"));
	assert_string_equal("one", url_of(f, "b.example"));
	change(f, NULL); /* a file was loaded */
	follow(f);
	assert_string_equal("two", url_of(f, "b.example"));
}

static void what_was_renamed_or_deleted_is_gone(void **state)
{
	struct fixture *f = *state;

	take_away(f, "a.example");
	put(f, "c.example", "three");
	change(f, "key domain:a.example key domain:c.example");
	follow(f);
	assert_null(tenants_domain(f->tenants, "a.example"));
	assert_null(tenants_domain_by_sid(f->tenants, "SD-a.example"));
	assert_string_equal("three", url_of(f, "c.example"));
	redis_cli(&f->server, "SREM domains c.example", NULL);
	change(f, "key domain:c.example");
	follow(f);
	assert_null(tenants_domain(f->tenants, "c.example"));
	assert_string_equal("one", url_of(f, "b.example"));
}

/* More than it asks for at once, and more than the log keeps */
static void who_is_far_behind_catches_up(void **state)
{
	struct fixture *f = *state;

	put(f, "b.example", "two"); /* that nobody tells of */
	for (int i = 0; i < 250; i++)
		change(f, "key domain:x.example");
	put(f, "a.example", "last");
	change(f, "key domain:a.example");
	follow(f);
	assert_string_equal("last", url_of(f, "a.example"));
	assert_string_equal("one", url_of(f, "b.example"));
	for (int i = 0; i < 30; i++)
		change(f, "key domain:a.example");
	put(f, "b.example", "untold");
	redis_cli(&f->server, "XTRIM config:changes MAXLEN 10", NULL);
	follow(f);
	assert_string_equal("untold", url_of(f, "b.example"));
}

static void a_version_that_goes_back_is_read_whole(void **state)
{
	struct fixture *f = *state;

	change(f, "key domain:a.example");
	change(f, "key domain:a.example");
	follow(f);
	put(f, "b.example", "backup");
	f->version = 1;
	redis_cli(&f->server, "SET config:version 1", NULL);
	follow(f);
	assert_string_equal("backup", url_of(f, "b.example"));
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

static void what_was_known_stands_when_redis_is_empty(void **state)
{
	struct fixture *f = *state;

	log_set_level(LOG_ERROR);
	redis_cli(&f->server, "FLUSHALL", NULL);
	tell(f);
	(void)run_until(f->loop, never, f, 300);
	assert_string_equal("one", url_of(f, "a.example"));
	put(f, "b.example", "loaded");
	f->version = 0;
	change(f, NULL);
	change(f, NULL);
	follow(f);
	assert_string_equal("loaded", url_of(f, "b.example"));
	assert_null(tenants_domain(f->tenants, "a.example"));
}

/* Nobody publishes it: whoever listens again asks, the poll would be too late. */
static void a_message_that_was_lost_is_made_up_for(void **state)
{
	struct fixture *f = *state;
	uint64_t since = loop_now_ms();

	put(f, "a.example", "two");
	change(f, "key domain:a.example");
	redis_cli(&f->server, "CLIENT KILL TYPE pubsub", NULL);
	assert_true(run_until(f->loop, followed, f, 3000));
	assert_true(loop_now_ms() - since < 3000);
	assert_string_equal("two", url_of(f, "a.example"));
}

static void a_record_that_is_wrong_is_left_out(void **state)
{
	struct fixture *f = *state;

	log_set_level(LOG_ERROR + 1);
	redis_cli(&f->server, "HSET domain:a.example expires_min 9000", NULL);
	put(f, "b.example", "two");
	change(f, "key domain:a.example key domain:b.example");
	follow(f);
	assert_null(tenants_domain(f->tenants, "a.example"));
	assert_string_equal("two", url_of(f, "b.example"));
	log_set_level(LOG_ERROR);
}

/* --- a large one ------------------------------------------------------------------ */

static void on_ping(void *arg, int err, const redisReply *reply)
{
	struct fixture *f = arg;

	(void)reply;
	assert_int_equal(0, err);
	f->answered = true;
}

static bool reading(void *arg)
{
	struct fixture *f = arg;

	if (!f->answered && f->wanted) {
		f->wanted = NULL;
		assert_int_equal(0,
		                 redis_command(f->redis, on_ping, f, "PING"));
	}
	return f->answered;
}

static void others_are_answered_while_it_is_read_whole(void **state)
{
	struct fixture *f = *state;

	redis_cli(&f->server,
	          "EVAL for\ti=1,20000\tdo\tredis.call('SADD','numbers',i)\t"
	          "redis.call('HSET','number:'..i,'sid','PN'..i,"
	          "'phone_number','+1555'..i,'account_sid','AC1')end 0",
	          NULL);
	change(f, NULL);
	tell(f);
	f->wanted = "PING";
	assert_true(run_until(f->loop, reading, f, 3000));
	assert_null(tenants_number(f->tenants, "+155520000"));
	assert_true(run_until(f->loop, followed, f, 9000));
	assert_non_null(tenants_number(f->tenants, "+155520000"));
}

/* --- anything --------------------------------------------------------------------- */

static void disturb(const struct fixture *f)
{
	static const char *const what[] = {"CLIENT KILL TYPE pubsub SKIPME yes",
	                                   "CLIENT KILL TYPE normal SKIPME yes",
	                                   "SCRIPT FLUSH"};

	redis_cli(&f->server, what[rand() % 3], NULL);
}

static void step(struct fixture *f, char urls[][16])
{
	char keys[128] = "", name[32];

	for (int n = 1 + rand() % 2; n > 0; n--) {
		int i = rand() % DOMAINS;

		(void)snprintf(name, sizeof(name), "d%d.example", i);
		(void)snprintf(urls[i], 16, "%s", rand() % 3 ? "u" : "");
		if (urls[i][0]) {
			(void)snprintf(urls[i], 16, "u%u", f->version);
			put(f, name, urls[i]);
		} else {
			take_away(f, name);
		}
		(void)snprintf(keys + strlen(keys), sizeof(keys) - strlen(keys),
		               "key domain:%s ", name);
	}
	keys[strlen(keys) - 1] = '\0';
	change(f, rand() % 20 ? keys : NULL);
	if (rand() % 4)
		tell(f);
}

static void whatever_happens_the_end_is_the_same(void **state)
{
	struct fixture *f = *state;
	char urls[DOMAINS][16] = {{0}}, name[32];

	srand(7);
	log_set_level(LOG_ERROR + 1);
	for (int i = 0; i < STEPS; i++) {
		step(f, urls);
		if (rand() % 8 == 0)
			(void)run_until(f->loop, never, f,
			                1 + (uint32_t)(rand() % 20));
		if (rand() % 40 == 0)
			disturb(f);
	}
	tell(f);
	assert_true(run_until(f->loop, followed, f, 8000));
	for (int i = 0; i < DOMAINS; i++) {
		(void)snprintf(name, sizeof(name), "d%d.example", i);
		assert_string_equal(urls[i], url_of(f, name));
	}
	log_set_level(LOG_ERROR);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

TEST_MAIN(WITH(only_what_a_change_touched_is_read),
          WITH(what_was_renamed_or_deleted_is_gone),
          WITH(who_is_far_behind_catches_up),
          WITH(a_version_that_goes_back_is_read_whole),
          WITH(what_was_known_stands_when_redis_is_empty),
          WITH(a_message_that_was_lost_is_made_up_for),
          WITH(a_record_that_is_wrong_is_left_out),
          WITH(others_are_answered_while_it_is_read_whole),
          WITH(whatever_happens_the_end_is_the_same))

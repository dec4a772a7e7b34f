/*
 * test_tenants.c - what common/store reads from and writes to a real Redis
 */
#include "store/tenants.h"

#include "base/log.h"
#include "loop/loop.h"
#include "service/harness.h"
#include "store/alert.h"
#include "store/credential.h"
#include "store/redis.h"
#include "store/seal.h"
#include "unit/test.h"

struct fixture {
	struct redis_server server;
	struct loop *loop;
	struct redis *redis;
	struct tenants *tenants;
	struct credentials *credentials;
	struct seal *seal; /* NULL = none */
	int answers;
	int err;
	struct credential credential;
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

static void seed(const struct redis_server *s)
{
	redis_cli(s, "SADD accounts AC1", NULL);
	redis_cli(s, "HSET account:AC1 sid AC1 status active auth_token t0",
	          NULL);
	redis_cli(s, "SADD domains a.example", NULL);
	redis_cli(s,
	          "HSET domain:a.example sid SD1 domain_name a.example "
	          "account_sid AC1 voice_url http://app.example/ "
	          "sip_registration true",
	          NULL);
	redis_cli(s,
	          "HSET credential-list:CL2:user:alice sid CR1 "
	          "md5:x none",
	          NULL);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	log_set_level(LOG_ERROR);
	redis_server_start(&f->server, 0);
	seed(&f->server);
	assert_int_equal(0, loop_alloc(&f->loop));
	assert_int_equal(
		0, redis_alloc(&f->redis, f->loop, &quiet, f->server.url));
	assert_true(run_until(f->loop, up, f, 5000));
	assert_int_equal(0, tenants_alloc(&f->tenants, f->loop, f->redis,
	                                  &quiet, "test-1"));
	assert_int_equal(0, credentials_alloc(&f->credentials, f->redis));
	assert_true(run_until(f->loop, ready, f, 5000));
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	credentials_free(f->credentials);
	tenants_free(f->tenants);
	redis_free(f->redis);
	seal_free(f->seal);
	loop_free(f->loop);
	redis_server_stop(&f->server);
	free(f);
	return 0;
}

static bool domain_b_known(void *arg)
{
	return tenants_domain(((struct fixture *)arg)->tenants, "b.example");
}

static void tenants_are_read_and_follow_a_published_change(void **state)
{
	struct fixture *f = *state;
	const struct domain *d = tenants_domain(f->tenants, "a.example");
	uint64_t since;

	assert_non_null(d);
	assert_string_equal("SD1", d->sid);
	assert_true(d->registration);
	assert_null(tenants_domain(f->tenants, "b.example"));
	redis_cli(&f->server, "SADD domains b.example", NULL);
	redis_cli(&f->server,
	          "HSET domain:b.example sid SD2 domain_name b.example "
	          "account_sid AC1",
	          NULL);
	redis_cli(&f->server, "INCR config:version", NULL);
	redis_cli(&f->server, "PUBLISH config 1", NULL);
	since = loop_now_ms();
	assert_true(run_until(f->loop, domain_b_known, f, 8000));
	assert_true(loop_now_ms() - since < 7000);
}

static void change(const struct redis_server *s, const char *words)
{
	redis_cli(s, words, NULL);
	redis_cli(s, "INCR config:version", NULL);
	redis_cli(s, "PUBLISH config 1", NULL);
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

static void a_change_while_they_are_read_is_seen_at_once(void **state)
{
	struct fixture *f = *state;

	redis_cli(&f->server,
	          "EVAL for\ti=1,20000\tdo\tredis.call('SADD','domains',i)\t"
	          "redis.call('HSET','domain:'..i,'sid','SD'..i,'domain_name',"
	          "i..'.example','account_sid','AC1')end 0",
	          NULL);
	redis_cli(&f->server,
	          "HSET domain:b.example sid SDb domain_name b.example "
	          "account_sid AC1",
	          NULL);
	for (uint32_t ms = 2; ms <= 32; ms *= 2) {
		redis_cli(&f->server, "SREM domains b.example", NULL);
		change(&f->server, "SREM domains nothing");
		(void)run_until(f->loop, never, f, ms);
		change(&f->server, "SADD domains b.example");
		assert_true(run_until(f->loop, domain_b_known, f, 2500));
	}
}

static bool is_down(void *arg)
{
	return !up(arg);
}

static void the_last_known_tenants_stand_while_redis_is_away(void **state)
{
	struct fixture *f = *state;

	redis_server_stop(&f->server);
	assert_true(run_until(f->loop, is_down, f, 5000));
	assert_non_null(tenants_domain(f->tenants, "a.example"));
	assert_non_null(tenants_account(f->tenants, "AC1"));
}

/* --- credentials --------------------------------------------------------- */

static bool is_lost(void *arg)
{
	return tenants_lost(((struct fixture *)arg)->tenants);
}

static bool is_found(void *arg)
{
	return !is_lost(arg);
}

static void on_credential(void *arg, int err, const struct credential *c)
{
	struct fixture *f = arg;

	f->answers++;
	f->err = err;
	if (c)
		f->credential = *c;
}

static bool answered(void *arg)
{
	return ((struct fixture *)arg)->answers > 0;
}

static void on_set(void *arg, int err, const redisReply *reply)
{
	(void)reply;
	((struct fixture *)arg)->answers++;
	assert_int_equal(0, err);
}

static void look(struct fixture *f, const char *username)
{
	static const char *const lists[] = {"CL1", "CL2"};
	const struct credential_query query = {
		.lists = lists,
		.n_lists = N_OF(lists),
		.realm = "a.example",
		.username = username,
	};

	f->answers = 0;
	credentials_find(f->credentials, &query, on_credential, f);
	assert_true(run_until(f->loop, answered, f, 3000));
}

static void a_user_is_found_in_the_second_list_and_then_cached(void **state)
{
	struct fixture *f = *state;
	const char *const set[] = {
		"HSET",
		"credential-list:CL2:user:alice",
		"md5 a.example",
		"0123456789abcdef0123456789abcdef",
	};

	change(&f->server, "SET a b");
	assert_true(run_until(f->loop, is_found, f, 8000));
	assert_int_equal(0, redis_argv(f->redis, on_set, f, 4, set, NULL));
	assert_true(run_until(f->loop, answered, f, 3000));
	look(f, "alice");
	assert_int_equal(0, f->err);
	assert_true(f->credential.found);
	assert_string_equal("0123456789abcdef0123456789abcdef",
	                    f->credential.md5);
	assert_string_equal("", f->credential.sha256);
	look(f, "bob");
	assert_int_equal(0, f->err);
	assert_false(f->credential.found);

	redis_server_stop(&f->server);
	assert_true(run_until(f->loop, is_down, f, 5000));
	look(f, "alice");
	assert_int_equal(0, f->err);
	assert_true(f->credential.found);
	look(f, "carol");
	assert_int_equal(ENOTCONN, f->err);
}

/* It came back empty, then with a file whose version is the same number. */
static void an_emptied_redis_lacks_nobody(void **state)
{
	struct fixture *f = *state;

	change(&f->server, "SET a b");
	assert_true(run_until(f->loop, is_found, f, 8000));
	look(f, "nobody");
	assert_int_equal(0, f->err);
	redis_cli(&f->server, "FLUSHALL", NULL);
	look(f, "nobody");
	assert_int_equal(ENODATA, f->err);
	redis_cli(&f->server, "PUBLISH config gone", NULL);
	assert_true(run_until(f->loop, is_lost, f, 8000));
	assert_non_null(tenants_domain(f->tenants, "a.example"));
	change(&f->server, "SADD accounts AC1");
	assert_true(run_until(f->loop, is_found, f, 8000));
	assert_null(tenants_domain(f->tenants, "a.example"));
	look(f, "nobody");
	assert_int_equal(0, f->err);
	assert_false(f->credential.found);
}

/* --- what is sealed ------------------------------------------------------- */

#define KEY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static bool account_2_known(void *arg)
{
	return tenants_account(((struct fixture *)arg)->tenants, "AC2");
}

static void add_sealed_account(struct fixture *f)
{
	struct seal *seal;
	char words[256], *sealed;

	assert_int_equal(0, seal_alloc(&seal, KEY, ""));
	assert_int_equal(0, seal_text(seal, "the-token", &sealed));
	(void)snprintf(words, sizeof(words),
	               "HSET account:AC2 sid AC2 status active auth_token %s",
	               sealed);
	redis_cli(&f->server, words, NULL);
	redis_cli(&f->server, "SADD accounts AC2", NULL);
	redis_cli(&f->server, "INCR config:version", NULL);
	redis_cli(&f->server, "PUBLISH config 1", NULL);
	free(sealed);
	seal_free(seal);
}

static void a_sealed_token_is_opened(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(0, seal_alloc(&f->seal, KEY, ""));
	redis_set_seal(f->redis, f->seal);
	add_sealed_account(f);
	assert_true(run_until(f->loop, account_2_known, f, 8000));
	assert_string_equal("the-token",
	                    tenants_account(f->tenants, "AC2")->auth_token);
}

/* A configuration without its secrets is none: what was known stands. */
static void with_a_wrong_key_the_last_known_tenants_stand(void **state)
{
	static const char wrong[] = "fedcba9876543210fedcba9876543210"
				    "fedcba9876543210fedcba9876543210";
	struct fixture *f = *state;

	log_set_level(LOG_ERROR + 1);
	assert_int_equal(0, seal_alloc(&f->seal, wrong, ""));
	redis_set_seal(f->redis, f->seal);
	add_sealed_account(f);
	assert_false(run_until(f->loop, account_2_known, f, 1000));
	assert_non_null(tenants_account(f->tenants, "AC1"));
	log_set_level(LOG_ERROR);
}

/* --- alerts --------------------------------------------------------------- */

static void on_alerts(void *arg, int err, const redisReply *reply)
{
	struct fixture *f = arg;

	assert_int_equal(0, err);
	f->answers = 1;
	assert_int_equal(1, reply->elements);
	f->err = (int)reply->element[0]->element[1]->elements;
}

static void an_alert_is_an_entry_with_all_its_fields(void **state)
{
	struct fixture *f = *state;
	const struct alert alert = {
		.account_sid = "AC1",
		.code = 11200,
		.text = "two words",
		.user = "al\nice\xff",
	};

	log_set_level(LOG_ERROR + 1);
	alert_write(f->redis, &quiet, &alert);
	log_set_level(LOG_ERROR);
	/* A script that Redis does not have is sent once more, whole. */
	f->answers = 0;
	assert_int_equal(0, redis_command(f->redis, on_set, f, "PING"));
	assert_true(run_until(f->loop, answered, f, 3000));
	f->answers = 0;
	assert_int_equal(
		0, redis_command(f->redis, on_alerts, f, "XRANGE alerts - +"));
	assert_true(run_until(f->loop, answered, f, 3000));
	assert_int_equal(28, f->err); /* fourteen fields, empty ones too */
	redis_cli(&f->server, "XRANGE alerts - +", "two words");
	redis_cli(&f->server, "XRANGE alerts - +", "al?ice?");
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

TEST_MAIN(WITH(tenants_are_read_and_follow_a_published_change),
          WITH(the_last_known_tenants_stand_while_redis_is_away),
          WITH(a_change_while_they_are_read_is_seen_at_once),
          WITH(a_user_is_found_in_the_second_list_and_then_cached),
          WITH(an_emptied_redis_lacks_nobody), WITH(a_sealed_token_is_opened),
          WITH(with_a_wrong_key_the_last_known_tenants_stand),
          WITH(an_alert_is_an_entry_with_all_its_fields))

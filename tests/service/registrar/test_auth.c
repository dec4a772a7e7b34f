/*
 * test_auth.c - who may register: passwords, nonces, replays, sources
 */
#include "fixture.h"
#include "phone.h"
#include "unit/test.h"

#define C "Contact: <sip:a@192.0.2.1>\r\n"

/* Each test has source addresses of its own: failures are counted by them. */
static void open_phone(struct phone *p, const char *domain, const char *user,
                       const char *source)
{
	phone_open(p, fixture.sip, domain, user);
	p->source = source;
}

static bool stale(const struct phone *p)
{
	return phone_said(p, "stale=true");
}

static bool error_is(const struct phone *p, const char *code)
{
	const char *text = phone_header(p, "X-Trestle-Error", 0);

	return strncmp(text, code, strlen(code)) == 0;
}

static void a_wrong_password_is_refused_as_is_an_unknown_user(void **state)
{
	struct phone p, q;

	(void)state;
	open_phone(&p, "a.example", "alice", "203.0.113.1:5060");
	p.password = "guess";
	assert_int_equal(403, phone_register(&p, C));
	assert_true(error_is(&p, "32202 "));
	open_phone(&q, "a.example", "nobody", "203.0.113.1:5060");
	assert_int_equal(403, phone_register(&q, C));
	assert_string_equal(phone_header(&p, "X-Trestle-Error", 0),
	                    phone_header(&q, "X-Trestle-Error", 0));
	redis_cli(&fixture.redis, "XREVRANGE alerts + -", "203.0.113.1");
	redis_cli(&fixture.redis, "EXISTS aor:{alice@a.example}", "0");
	phone_close(&p);
	phone_close(&q);
}

static void guess(const char *user, const char *source)
{
	struct phone p;

	open_phone(&p, "a.example", user, source);
	p.password = "guess";
	(void)phone_register(&p, C);
	phone_close(&p);
}

/* One row for each user of a source, up to ten; another source has its own. */
static void the_reject_log_tells_users_apart_and_ends(void **state)
{
	char user[24];

	(void)state;
	redis_cli(&fixture.redis, "DEL alerts", NULL);
	guess("alice", "203.0.113.16:1");
	guess("bob", "203.0.113.16:1");
	guess("alice", "203.0.113.16:2");
	redis_cli(&fixture.redis, "XLEN alerts", "2");
	redis_cli(&fixture.redis, "XREVRANGE alerts + - COUNT 1", "bob");
	redis_cli(&fixture.redis, "XREVRANGE alerts + - COUNT 1", "REGISTER");
	redis_cli(&fixture.redis, "XREVRANGE alerts + - COUNT 1", "403");
	for (int i = 0; i < 15; i++) {
		(void)snprintf(user, sizeof(user), "guess%d", i);
		guess(user, "203.0.113.16:1");
	}
	redis_cli(&fixture.redis, "XLEN alerts", "10");
	guess("alice", "203.0.113.17:1");
	redis_cli(&fixture.redis, "XLEN alerts", "11");
}

static void a_replay_is_challenged_and_changes_nothing(void **state)
{
	struct phone p;

	(void)state;
	open_phone(&p, "a.example", "bob", "203.0.113.2:5060");
	assert_int_equal(200, phone_register(&p, C));
	/* its answer was lost: the same once more is answered the same */
	assert_int_equal(200, phone_resend(&p));
	assert_int_equal(1, phone_contacts(&p));
	/* another request with the same nonce count is none */
	p.nc--;
	assert_int_equal(401, phone_sign(&p, "Contact: *\r\nExpires: 0\r\n"));
	assert_true(stale(&p));
	assert_int_equal(200, phone_register(&p, ""));
	assert_int_equal(1, phone_contacts(&p));
	phone_close(&p);
}

static void a_nonce_works_only_for_its_source(void **state)
{
	struct phone p;

	(void)state;
	open_phone(&p, "a.example", "bob", "203.0.113.3:5060");
	assert_int_equal(401, phone_ask(&p, C));
	p.source = "203.0.113.4:5060";
	assert_int_equal(401, phone_sign(&p, C));
	p.source = "203.0.113.3:61000"; /* NAT moved the port */
	assert_int_equal(200, phone_sign(&p, C));
	phone_close(&p);
}

static void a_made_up_nonce_with_a_wrong_password_is_not_stale(void **state)
{
	struct phone p;

	(void)state;
	open_phone(&p, "a.example", "bob", "203.0.113.5:5060");
	p.password = "guess";
	(void)snprintf(p.nonce, sizeof(p.nonce), "made-up");
	assert_int_equal(401, phone_sign(&p, C));
	assert_false(stale(&p));
	p.password = NULL;
	assert_int_equal(401, phone_sign(&p, C));
	assert_true(stale(&p));
	phone_close(&p);
}

static void counts_may_come_out_of_order(void **state)
{
	struct phone p;

	(void)state;
	open_phone(&p, "a.example", "bob", "203.0.113.6:5060");
	assert_int_equal(401, phone_ask(&p, ""));
	p.nc = 9;
	assert_int_equal(200, phone_sign(&p, ""));
	p.nc = 3;
	assert_int_equal(200, phone_sign(&p, ""));
	p.nc = 3;
	assert_int_equal(401, phone_sign(&p, "Subject: other\r\n"));
	phone_close(&p);
}

struct row {
	const char *name;
	const char *domain, *user, *to, *source;
	unsigned status;
	const char *error; /* NULL = any */
};

// clang-format off
static const struct row rows[] = {
	{"To of another user", "a.example", "alice", "sip:bob@a.example", "203.0.113.7:1", 403, "32212"},
	{"To of another domain", "a.example", "alice", "sip:alice@md5.example", "203.0.113.7:1", 404, "32212"},
	{"To with escapes and parameters", "a.example", "alice", "sip:%61lice@A.EXAMPLE:5070;transport=tcp", "203.0.113.7:1", 200, NULL},
	{"registration is off", "off.example", "alice", NULL, "203.0.113.7:1", 403, "32210"},
	{"the account is suspended", "idle.example", "alice", NULL, "203.0.113.7:1", 403, "10001"},
	{"nobody may register", "none.example", "alice", NULL, "203.0.113.7:1", 403, "32212"},
	{"secure, and UDP", "secure.example", "alice", NULL, "203.0.113.7:1;transport=udp", 403, "32209"},
	{"secure, and TLS", "secure.example", "alice", NULL, "203.0.113.7:1;transport=tls", 200, NULL},
	{"an unknown domain", "elsewhere.example", "alice", NULL, "203.0.113.7:1", 404, "32002"},
};
// clang-format on

static void each_row_is_answered_as_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct phone p;
		unsigned got;

		open_phone(&p, rows[i].domain, rows[i].user, rows[i].source);
		p.to = rows[i].to;
		got = phone_register(&p, C);
		if (got != rows[i].status ||
		    (rows[i].error && !error_is(&p, rows[i].error)))
			fail_msg("%s: %u %s", rows[i].name, got, p.answer);
		phone_close(&p);
	}
}

static void the_uri_of_the_digest_must_be_the_request_uri(void **state)
{
	struct phone p;

	(void)state;
	open_phone(&p, "a.example", "alice", "203.0.113.8:1");
	p.uri_in_digest = "sip:md5.example";
	assert_int_equal(400, phone_register(&p, C));
	p.uri_in_digest = "sip:A.example";
	assert_int_equal(200, phone_register(&p, C));
	phone_close(&p);
}

static void ten_wrong_passwords_block_a_phone_but_not_its_neighbours(
	void **state)
{
	struct phone good, bad, other;

	(void)state;
	open_phone(&good, "a.example", "carol", "203.0.113.9:1");
	open_phone(&bad, "a.example", "dave", "203.0.113.9:2");
	open_phone(&other, "a.example", "dave", "203.0.113.10:2");
	assert_int_equal(200, phone_register(&good, C));
	bad.password = "guess";
	for (int i = 0; i < 10; i++) {
		assert_int_equal(403, phone_register(&bad, C));
		assert_non_null(strstr(bad.answer, "Bad Credentials"));
	}
	/* blocked, even with the right password */
	bad.password = NULL;
	assert_int_equal(403, phone_register(&bad, C));
	assert_non_null(strstr(bad.answer, "Too Many Wrong Passwords"));
	/* a phone of the same office that was right before still works */
	assert_int_equal(200, phone_register(&good, C));
	/* and nobody is locked out by its name */
	assert_int_equal(200, phone_register(&other, C));
	phone_close(&good);
	phone_close(&bad);
	phone_close(&other);
}

static void ten_users_that_were_wrong_block_a_source_but_those_known(
	void **state)
{
	static const char *const users[] = {"u0", "u1", "u2", "u3", "u4",
	                                    "u5", "u6", "u7", "u8", "u9"};
	struct phone known, fresh, wrong;

	(void)state;
	open_phone(&known, "a.example", "carol", "203.0.113.13:1");
	open_phone(&fresh, "a.example", "dave", "203.0.113.13:2");
	assert_int_equal(200, phone_register(&known, C));
	for (size_t i = 0; i < N_OF(users); i++) {
		open_phone(&wrong, "a.example", users[i], "203.0.113.13:3");
		assert_int_equal(403, phone_register(&wrong, C));
		phone_close(&wrong);
	}
	assert_int_equal(403, phone_register(&fresh, C));
	assert_non_null(strstr(fresh.answer, "Too Many Wrong Passwords"));
	assert_int_equal(200, phone_register(&known, C));
	phone_close(&known);
	phone_close(&fresh);
}

static void tell_change(void)
{
	redis_cli(&fixture.redis, "INCR config:version", NULL);
	redis_cli(&fixture.redis, "PUBLISH config 1", NULL);
}

/* What it was wrong about is no more; that others changed means nothing. */
static void who_is_given_a_password_begins_without_wrong_ones(void **state)
{
	struct phone p, guesser;
	unsigned status = 403;

	(void)state;
	open_phone(&p, "a.example", "erin", "203.0.113.14:1");
	open_phone(&guesser, "a.example", "dave", "203.0.113.14:2");
	guesser.password = "guess";
	for (int i = 0; i < 11; i++) {
		assert_int_equal(403, phone_register(&p, C));
		assert_int_equal(403, phone_register(&guesser, C));
	}
	assert_non_null(strstr(p.answer, "Too Many Wrong Passwords"));
	fixture_add_user(&fixture, "erin");
	tell_change();
	for (int i = 0; i < 20 && status == 403; i++)
		status = phone_register(&p, C);
	assert_int_equal(200, status);
	guesser.password = NULL;
	assert_int_equal(403, phone_register(&guesser, C));
	assert_non_null(strstr(guesser.answer, "Too Many Wrong Passwords"));
	phone_close(&p);
	phone_close(&guesser);
}

/* Ten users of an office were wrong, then one of them is right. */
static void a_source_is_not_blocked_by_users_that_are_right_now(void **state)
{
	static const char *const users[] = {"v0", "v1", "v2", "v3", "v4",
	                                    "v5", "v6", "v7", "v8", "v9"};
	struct phone p, eleventh;
	unsigned status = 403;

	(void)state;
	open_phone(&eleventh, "a.example", "dave", "203.0.113.15:2");
	for (size_t i = 0; i < N_OF(users); i++) {
		open_phone(&p, "a.example", users[i], "203.0.113.15:3");
		assert_int_equal(403, phone_register(&p, C));
		phone_close(&p);
	}
	assert_int_equal(403, phone_register(&eleventh, C));
	fixture_add_user(&fixture, "v3");
	tell_change();
	open_phone(&p, "a.example", "v3", "203.0.113.15:3");
	for (int i = 0; i < 20 && status == 403; i++)
		status = phone_register(&p, C);
	assert_int_equal(200, status);
	assert_int_equal(200, phone_register(&eleventh, C));
	phone_close(&p);
	phone_close(&eleventh);
}

static void a_source_that_never_saw_its_nonce_is_not_blocked(void **state)
{
	struct phone spoofed, victim;

	(void)state;
	open_phone(&spoofed, "a.example", "dave", "203.0.113.11:1");
	open_phone(&victim, "a.example", "dave", "203.0.113.11:1");
	spoofed.password = "guess";
	(void)snprintf(spoofed.nonce, sizeof(spoofed.nonce),
	               "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAh");
	for (int i = 0; i < 30; i++)
		assert_int_equal(401, phone_sign(&spoofed, C));
	assert_int_equal(200, phone_register(&victim, C));
	phone_close(&spoofed);
	phone_close(&victim);
}

static void strangers_are_answered_a_few_times_and_scanners_never(void **state)
{
	struct phone p;

	(void)state;
	open_phone(&p, "unknown.example", "alice", "203.0.113.12:1");
	for (int i = 0; i < 3; i++)
		assert_int_equal(404, phone_ask(&p, C));
	p.wait_ms = PHONE_SILENCE_MS;
	assert_int_equal(0, phone_ask(&p, C));
	p.domain = "a.example";
	assert_int_equal(0, phone_ask(&p, "User-Agent: friendly-scanner\r\n"));
	assert_int_equal(401, phone_ask(&p, "User-Agent: Phone\r\n"));
	phone_close(&p);
}

/* The realm of an account holds for domains that were mapped after the password
 * was set; then only HA1s of that realm are asked for. */
static void the_realm_of_the_account_is_good_for_each_of_its_domains(
	void **state)
{
	struct phone p;

	(void)state;
	fixture_add_realm(&fixture);
	phone_open(&p, fixture.sip, "new.example", "alice");
	p.realm = "acme";
	for (int i = 0; i < 100 && phone_ask(&p, "") != 401; i++)
		;
	assert_true(phone_said(&p, "realm=\"acme\""));
	assert_int_equal(200, phone_sign(&p, ""));
	p.realm = "new.example"; /* there is no HA1 for it */
	assert_int_equal(401, phone_sign(&p, ""));
	phone_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_wrong_password_is_refused_as_is_an_unknown_user),
		cmocka_unit_test(the_reject_log_tells_users_apart_and_ends),
		cmocka_unit_test(a_replay_is_challenged_and_changes_nothing),
		cmocka_unit_test(a_nonce_works_only_for_its_source),
		cmocka_unit_test(
			a_made_up_nonce_with_a_wrong_password_is_not_stale),
		cmocka_unit_test(counts_may_come_out_of_order),
		cmocka_unit_test(each_row_is_answered_as_it_says),
		cmocka_unit_test(the_uri_of_the_digest_must_be_the_request_uri),
		cmocka_unit_test(
			ten_wrong_passwords_block_a_phone_but_not_its_neighbours),
		cmocka_unit_test(
			ten_users_that_were_wrong_block_a_source_but_those_known),
		cmocka_unit_test(
			who_is_given_a_password_begins_without_wrong_ones),
		cmocka_unit_test(
			a_source_is_not_blocked_by_users_that_are_right_now),
		cmocka_unit_test(
			a_source_that_never_saw_its_nonce_is_not_blocked),
		cmocka_unit_test(
			strangers_are_answered_a_few_times_and_scanners_never),
		cmocka_unit_test(
			the_realm_of_the_account_is_good_for_each_of_its_domains),
	};

	return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}

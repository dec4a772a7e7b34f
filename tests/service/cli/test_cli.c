/*
 * test_cli.c - trestle-cli against a real Redis
 */
#include "unit/test.h"

#include <sys/wait.h>
#include <unistd.h>

#include "service/harness.h"

static struct redis_server redis;
static char output[65536];

static int set_up(void **state)
{
	(void)state;
	redis_server_start(&redis, 0);
	(void)setenv("TRESTLE_REDIS", redis.url, 1);
	(void)setenv("TRESTLE_DOMAIN", "192.0.2.5", 1);
	(void)setenv("TRESTLE_AUTH_TOKEN", "0123456789abcdef", 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	redis_server_stop(&redis);
	return 0;
}

/* Run trestle-cli. @return its exit status; both its outputs in `output` */
static int cli(const char *command, const char *arg)
{
	int pipes[2], status = -1;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	assert_int_equal(0, pipe(pipes));
	pid = fork();
	if (pid == 0) {
		(void)dup2(pipes[1], 1);
		(void)dup2(pipes[1], 2);
		(void)close(pipes[0]);
		(void)execl(TRESTLE_BIN "/trestle-cli", "trestle-cli", command,
		            arg, (char *)NULL);
		_exit(127);
	}
	(void)close(pipes[1]);
	while ((got = read(pipes[0], output + n, sizeof(output) - 1 - n)) > 0)
		n += (size_t)got;
	output[n] = '\0';
	(void)close(pipes[0]);
	assert_int_equal(pid, waitpid(pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void has(const char *part)
{
	if (!strstr(output, part))
		fail_msg("no \"%s\" in:\n%s", part, output);
}

/* A tenants file of the test's own; to be unlinked. */
static const char *file_of(const char *text)
{
	static char path[] = "/tmp/trestle-test-XXXXXX";
	int fd;

	(void)snprintf(path, sizeof(path), "/tmp/trestle-test-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(strlen(text), write(fd, text, strlen(text)));
	(void)close(fd);
	return path;
}

static void the_example_loads_and_reloads_with_the_same_sids(void **state)
{
	(void)state;
	assert_int_equal(0, cli("load", "deploy/example/tenants.yaml"));
	has("(version 1)");
	redis_cli(&redis, "HGET domain:192.0.2.5 sip_registration", "true");
	redis_cli(&redis, "SMEMBERS numbers", "+15550100");
	redis_cli(&redis, "SCARD credential-lists", "1");
	assert_int_equal(0, cli("load", "deploy/example/tenants.yaml"));
	has("(version 2)");
	redis_cli(&redis, "SCARD accounts", "1");
}

static void what_vanished_from_the_file_is_deleted(void **state)
{
	const char *path = file_of("accounts:\n"
	                           "  - friendly_name: Other\n"
	                           "    auth_token: 0123456789abcdef\n");

	(void)state;
	assert_int_equal(0, cli("load", "deploy/example/tenants.yaml"));
	assert_int_equal(0, cli("load", path));
	(void)unlink(path);
	redis_cli(&redis,
	          "EXISTS domain:192.0.2.5 numbers carriers bins "
	          "credential-lists",
	          "0");
	redis_cli(&redis, "SCARD accounts", "1");
	redis_cli(&redis, "KEYS *user*", "");
}

static void an_error_changes_nothing_and_names_the_line(void **state)
{
	const char *path = file_of("accounts:\n"
	                           "  - friendly_name: Bad\n"
	                           "    auth_tokn: 0123456789abcdef\n");

	(void)state;
	assert_int_equal(0, cli("load", "deploy/example/tenants.yaml"));
	assert_int_equal(1, cli("load", path));
	has(":3: account has no field \"auth_tokn\"; did you mean "
	    "\"auth_token\"?");
	has("nothing was changed");
	(void)unlink(path);
	redis_cli(&redis, "EXISTS domain:192.0.2.5", "1");
}

static void what_is_no_file_is_told_with_its_remedy(void **state)
{
	(void)state;
	assert_int_equal(1, cli("check", "/tmp"));
	has("/tmp: Is a directory; name the tenants file in it");
}

/* Bins are found under the URL that the processes know as theirs. */
static void another_public_url_than_the_processes_have_is_told(void **state)
{
	(void)state;
	redis_cli(&redis, "SET public-url http://api.acme.test", "OK");
	unsetenv("TRESTLE_PUBLIC_URL");
	assert_int_equal(0, cli("load", "deploy/example/tenants.yaml"));
	redis_cli(&redis, "HGET domain:192.0.2.5 sid", "SD");
	redis_cli(&redis, "HVALS number:+15550100",
	          "http://api.acme.test/twiml/EH");
	setenv("TRESTLE_PUBLIC_URL", "http://elsewhere.test", 1);
	assert_int_equal(0, cli("load", "deploy/example/tenants.yaml"));
	has("warning: TRESTLE_PUBLIC_URL is http://elsewhere.test, but "
	    "webhook-fetcher has http://api.acme.test");
	unsetenv("TRESTLE_PUBLIC_URL");
	redis_cli(&redis, "DEL public-url", "1");
}

static void seed_loads_only_where_nothing_is(void **state)
{
	(void)state;
	redis_cli(&redis, "FLUSHALL", "OK");
	assert_int_equal(0, cli("seed", "deploy/example/tenants.yaml"));
	has("(version 1)");
	assert_int_equal(0, cli("seed", "deploy/example/tenants.yaml"));
	has("there is a configuration already");
	redis_cli(&redis, "GET config:version", "1");
}

static void has_not(const char *part)
{
	if (strstr(output, part))
		fail_msg("\"%s\" is in:\n%s", part, output);
}

static const char acme[] = "accounts:\n"
			   "  - friendly_name: Acme\n"
			   "    sid: AC00000000000000000000000000000001\n"
			   "    auth_token: 0123456789abcdef\n"
			   "    domains:\n"
			   "      - domain_name: acme.test\n"
			   "        sid: SD00000000000000000000000000000001\n"
			   "      - domain_name: old.test\n";

/* As rest-api does it: dates of its own, and the sid among the account's */
static void the_api_makes_and_changes_something(void)
{
	redis_cli(&redis,
	          "HSET application:AP1 sid AP1 friendly_name Menu "
	          "account_sid AC00000000000000000000000000000001 "
	          "date_created 2026-11-30T10:00:00.000Z "
	          "date_updated 2026-11-30T10:00:00.000Z",
	          NULL);
	redis_cli(&redis,
	          "HSET sids:{AC00000000000000000000000000000001} AP1 "
	          "application:AP1",
	          NULL);
	redis_cli(&redis,
	          "HSET domain:acme.test date_updated "
	          "2026-11-30T10:00:00.000Z",
	          NULL);
}

static void load_tells_what_is_gone_that_no_file_had_given(void **state)
{
	const char *path = file_of(acme);

	(void)state;
	redis_cli(&redis, "FLUSHALL", "OK");
	assert_int_equal(0, cli("load", path));
	the_api_makes_and_changes_something();
	assert_int_equal(0, cli("load", path));
	has("removed, for");
	has("\n    application:AP1 (Menu)\n");
	has("put back as");
	has("\n    domain:acme.test\n");
	has_not("\n    domain:old.test");
	redis_cli(&redis, "XADD config:changes 99-0 key domain:old.test key x",
	          NULL); /* as a mapping does */
	assert_int_equal(0, cli("load", path));
	has("\n    domain:old.test\n");
	redis_cli(&redis, "EXISTS application:AP1", "0");
	assert_int_equal(0, cli("load", path));
	has_not("removed");
	has_not("put back");
	(void)unlink(path);
}

static void renew_loads_only_a_file_that_has_changed(void **state)
{
	char path[64];

	(void)state;
	redis_cli(&redis, "FLUSHALL", "OK");
	(void)snprintf(path, sizeof(path), "%s", file_of(acme));
	assert_int_equal(0, cli("renew", path));
	has("(version 1)");
	the_api_makes_and_changes_something();
	assert_int_equal(0, cli("renew", path));
	has("has not changed since it was loaded");
	redis_cli(&redis, "GET config:version", "1");
	redis_cli(&redis, "EXISTS application:AP1", "1");
	assert_int_equal(0, cli("renew", "deploy/example/tenants.yaml"));
	has("application:AP1 (Menu)");
	has("(version 2)");
	assert_int_equal(0, cli("renew", path));
	has("(version 3)");
	redis_cli(&redis, "DEL config:file", "1");
	assert_int_equal(0, cli("renew", path));
	has("of no file that is known; `trestle-cli load");
	redis_cli(&redis, "GET config:version", "3");
	(void)unlink(path);
}

static void tables_show_registrations_calls_and_alerts(void **state)
{
	(void)state;
	assert_int_equal(0, cli("load", "deploy/example/tenants.yaml"));
	redis_cli(&redis, "ZADD aors:192.0.2.5 9 alice", NULL);
	redis_cli(&redis,
	          "HSET aor:{alice@192.0.2.5} b "
	          "{\"source\":\"192.0.2.9:5060\",\"transport\":\"udp\"}",
	          NULL);
	assert_int_equal(0, cli("registrations", NULL));
	has("alice@192.0.2.5");
	redis_cli(&redis, "ZADD calls:live 1 CA1", NULL);
	redis_cli(&redis, "HSET call:{CA1} status ringing from a to b", NULL);
	assert_int_equal(0, cli("calls", NULL));
	has("ringing");
	assert_int_equal(0, cli("call", "CA1"));
	has("call:{CA1}");
	assert_int_equal(1, cli("call", "CA2"));
	has("there is no call CA2");
	redis_cli(&redis, "XADD alerts * code 11200 text Oops", NULL);
	assert_int_equal(0, cli("alerts", NULL));
	has("11200");
}

static const char secrets[] =
	"accounts:\n"
	"  - friendly_name: Acme\n"
	"    sid: AC00000000000000000000000000000001\n"
	"    auth_token: canary-token-0123456789\n"
	"    credential_lists:\n"
	"      - friendly_name: phones\n"
	"        sid: CL00000000000000000000000000000001\n"
	"        users: [{username: a, password: Canary-of-user-1}]\n"
	"    domains:\n"
	"      - domain_name: acme.test\n"
	"        voice_url: https://me:canary-of-url@app.test/\n"
	"        registration_credential_lists: [phones]\n"
	"        call_credential_lists: [phones]\n"
	"carriers:\n"
	"  - friendly_name: Carrier\n"
	"    sid: BY00000000000000000000000000000001\n"
	"    username: carrier\n"
	"    password: Canary-of-carrier-1\n"
	"    targets: [{uri: \"sip:192.0.2.9\", username: u, "
	"password: canary-of-target}]\n";

/* What Redis has of the account's token, and of all that is secret. */
static void secrets_begin(const char *with)
{
	redis_cli(&redis,
	          "HGET account:AC00000000000000000000000000000001 auth_token",
	          with);
	redis_cli(&redis, "HGET domain:acme.test voice_url", with);
}

static void all_secrets_are_sealed(void)
{
	static const char *const kept[] = {
		"HGET carrier:BY00000000000000000000000000000001 ha1_md5",
		"HGET carrier:BY00000000000000000000000000000001 ha1_sha256",
		"HGET carrier:BY00000000000000000000000000000001 targets",
	};

	secrets_begin("sealed:v1:");
	for (size_t i = 0; i < N_OF(kept); i++)
		redis_cli(&redis, kept[i], "sealed:v1:");
	redis_cli(&redis,
	          "HVALS credential-list:CL00000000000000000000000000000001:"
	          "user:a",
	          "sealed:v1:");
}

#define OLD_KEY                                                                \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define NEW_KEY                                                                \
	"fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

static void secrets_are_sealed_with_the_key_of_now(void **state)
{
	const char *path = file_of(secrets);

	(void)state;
	assert_int_equal(0, cli("load", path));
	secrets_begin("canary-");
	(void)setenv("TRESTLE_SECRET_KEY", OLD_KEY, 1);
	assert_int_equal(0, cli("seal", NULL));
	has("7 values written");
	all_secrets_are_sealed();
	assert_int_equal(0, cli("load", path));
	all_secrets_are_sealed();
	(void)unlink(path);
	(void)setenv("TRESTLE_SECRET_KEY", NEW_KEY, 1);
	assert_int_equal(1, cli("seal", NULL));
	has("set TRESTLE_SECRET_KEY to the key that it was sealed with, or "
	    "TRESTLE_SECRET_KEY_OLD");
	(void)setenv("TRESTLE_SECRET_KEY_OLD", OLD_KEY, 1);
	assert_int_equal(0, cli("seal", NULL));
	has("7 values written");
	(void)setenv("TRESTLE_SECRET_KEY_OLD", NEW_KEY, 1);
	(void)unsetenv("TRESTLE_SECRET_KEY");
	assert_int_equal(0, cli("seal", NULL));
	secrets_begin("canary-");
	(void)setenv("TRESTLE_SECRET_KEY", "too short", 1);
	assert_int_equal(1, cli("seal", NULL));
	has("make one with `openssl rand -hex 32`");
	(void)unsetenv("TRESTLE_SECRET_KEY");
	(void)unsetenv("TRESTLE_SECRET_KEY_OLD");
}

static void without_redis_it_says_what_to_do(void **state)
{
	(void)state;
	(void)setenv("TRESTLE_REDIS", "redis://127.0.0.1:1", 1);
	assert_int_equal(1, cli("load", "deploy/example/tenants.yaml"));
	has("start it, or set TRESTLE_REDIS");
	(void)setenv("TRESTLE_REDIS", "http://x", 1);
	assert_int_equal(1, cli("calls", NULL));
	has("write redis://host:6379/0");
	assert_int_equal(2, cli("nonsense", NULL));
	(void)setenv("TRESTLE_REDIS", redis.url, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_example_loads_and_reloads_with_the_same_sids),
		cmocka_unit_test(what_vanished_from_the_file_is_deleted),
		cmocka_unit_test(an_error_changes_nothing_and_names_the_line),
		cmocka_unit_test(what_is_no_file_is_told_with_its_remedy),
		cmocka_unit_test(
			another_public_url_than_the_processes_have_is_told),
		cmocka_unit_test(seed_loads_only_where_nothing_is),
		cmocka_unit_test(
			load_tells_what_is_gone_that_no_file_had_given),
		cmocka_unit_test(renew_loads_only_a_file_that_has_changed),
		cmocka_unit_test(tables_show_registrations_calls_and_alerts),
		cmocka_unit_test(secrets_are_sealed_with_the_key_of_now),
		cmocka_unit_test(without_redis_it_says_what_to_do),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

/*
 * fixture.c - a Redis with tenants and a registrar, for service tests
 */
#include "fixture.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "unit/test.h"

#define AC   "AC00000000000000000000000000000001"
#define IDLE "AC00000000000000000000000000000002"
#define CL   "CL00000000000000000000000000000001"
#define AL   "AL00000000000000000000000000000001"

struct fixture fixture;

static const char *const domains[] = {
	"a.example", "md5.example",  "off.example", "secure.example",
	"acme",      "idle.example", "both.example"};

// clang-format off
static const char *const commands[] = {
	"HSET account:" AC " sid " AC " auth_token t status active",
	"HSET account:" IDLE " sid " IDLE " auth_token t status suspended",
	"SADD accounts " AC " " IDLE,
	"HSET access-list:" AL " sid " AL " account_sid " AC " addresses 192.0.2.0/24",
	"SADD access-lists " AL,
	"HSET domain:a.example sid SD00000000000000000000000000000001 domain_name a.example account_sid " AC
		" sip_registration true registration_credential_lists " CL " call_credential_lists " CL,
	"HSET domain:md5.example sid SD00000000000000000000000000000002 domain_name md5.example account_sid " AC
		" sip_registration true md5_only true registration_credential_lists " CL " call_credential_lists " CL,
	"HSET domain:off.example sid SD00000000000000000000000000000003 domain_name off.example account_sid " AC
		" sip_registration false registration_credential_lists " CL,
	"HSET domain:secure.example sid SD00000000000000000000000000000004 domain_name secure.example account_sid " AC
		" sip_registration true secure true registration_credential_lists " CL " call_credential_lists " CL,
	"HSET domain:idle.example sid SD00000000000000000000000000000005 domain_name idle.example account_sid " IDLE
		" sip_registration true registration_credential_lists " CL " call_credential_lists " CL,
	"HSET domain:open.example sid SD00000000000000000000000000000006 domain_name open.example account_sid " AC
		" call_access_lists " AL,
	"HSET domain:both.example sid SD00000000000000000000000000000007 domain_name both.example account_sid " AC
		" call_access_lists " AL " call_credential_lists " CL,
	"HSET domain:none.example sid SD00000000000000000000000000000008 domain_name none.example account_sid " AC
		" sip_registration true",
	"SADD domains a.example md5.example off.example secure.example idle.example open.example both.example none.example",
	"HSET number:+14155550100 sid PN00000000000000000000000000000001 phone_number +14155550100 account_sid " AC,
	"SADD numbers +14155550100",
	"HSET carrier:BY00000000000000000000000000000001 sid BY00000000000000000000000000000001 friendly_name by-address sources 198.51.100.0/24 country 1",
	"HSET carrier:BY00000000000000000000000000000002 sid BY00000000000000000000000000000002 friendly_name signs-in username trunk ha1_md5 $trunk$",
	"SADD carriers BY00000000000000000000000000000001 BY00000000000000000000000000000002",
	"INCR config:version",
	"PUBLISH config 1",
};
// clang-format on

static void ha1(char out[65], const EVP_MD *md, const char *user,
                const char *realm)
{
	unsigned char raw[EVP_MAX_MD_SIZE];
	char text[256];
	unsigned n;

	(void)snprintf(text, sizeof(text), "%s:%s:pw-%s", user, realm, user);
	assert_true(EVP_Digest(text, strlen(text), raw, &n, md, NULL));
	for (size_t i = 0; i < n; i++)
		(void)sprintf(out + 2 * i, "%02x", raw[i]);
}

void fixture_add_user(const struct fixture *f, const char *user)
{
	char md5[65], sha256[65], text[512];

	for (size_t i = 0; i < N_OF(domains); i++) {
		/* redis-cli is given words: the field has a space in it */
		ha1(md5, EVP_md5(), user, domains[i]);
		ha1(sha256, EVP_sha256(), user, domains[i]);
		(void)snprintf(text, sizeof(text),
		               "EVAL redis.call('HSET',KEYS[1],'md5\\32'.."
		               "ARGV[1],ARGV[2],'sha256\\32'..ARGV[1],ARGV[3]) "
		               "1 credential-list:" CL ":user:%s %s %s %s",
		               user, domains[i], md5, sha256);
		redis_cli(&f->redis, text, NULL);
	}
}

void fixture_load(const struct fixture *f)
{
	static const char *const users[] = {"alice", "bob", "carol", "dave"};
	char text[1024], trunk[65];

	ha1(trunk, EVP_md5(), "trunk", "carrier");
	for (size_t i = 0; i < N_OF(users); i++)
		fixture_add_user(f, users[i]);
	for (size_t i = 0; i < N_OF(commands); i++) {
		const char *mark = strstr(commands[i], "$trunk$");

		(void)snprintf(text, sizeof(text), "%.*s%s",
		               mark ? (int)(mark - commands[i]) : 1000,
		               commands[i], mark ? trunk : "");
		redis_cli(&f->redis, text, NULL);
	}
}

void fixture_start_registrar(struct fixture *f)
{
	char redis[80], sip[40], http[40], rate[40];
	const char *env[] = {redis,
	                     sip,
	                     http,
	                     "TRESTLE_ADDRESS=127.0.0.1",
	                     "TRESTLE_INSTANCE=registrar-1",
	                     rate,
	                     NULL};

	(void)snprintf(redis, sizeof(redis), "TRESTLE_REDIS=%s", f->redis.url);
	(void)snprintf(sip, sizeof(sip), "TRESTLE_SIP_PORT=%u", f->sip);
	(void)snprintf(http, sizeof(http), "TRESTLE_HTTP_PORT=%u", f->http);
	(void)snprintf(rate, sizeof(rate), "TRESTLE_REGISTER_RATE=%u",
	               f->register_rate ? f->register_rate : 1000000);
	f->pid = process_start(TRESTLE_BIN "/trestle-registrar", env);
	wait_healthy(f->http);
}

void fixture_start(struct fixture *f)
{
	redis_server_start(&f->redis, 0);
	fixture_load(f);
	f->sip = free_port();
	f->http = free_port();
	fixture_start_registrar(f);
}

void fixture_kill_registrar(struct fixture *f)
{
	(void)process_stop(f->pid, SIGKILL);
}

void fixture_stop(struct fixture *f)
{
	assert_int_equal(0, process_stop(f->pid, SIGTERM));
	redis_server_stop(&f->redis);
}

int fixture_set_up(void **state)
{
	(void)state;
	fixture_start(&fixture);
	return 0;
}

int fixture_tear_down(void **state)
{
	(void)state;
	fixture_stop(&fixture);
	return 0;
}

void fixture_add_realm(const struct fixture *f)
{
	redis_cli(&f->redis,
	          "HSET account:AC00000000000000000000000000000001 realm acme",
	          NULL);
	redis_cli(&f->redis,
	          "HSET domain:new.example sid "
	          "SD00000000000000000000000000000009 domain_name new.example "
	          "account_sid AC00000000000000000000000000000001 "
	          "sip_registration true registration_credential_lists "
	          "CL00000000000000000000000000000001",
	          NULL);
	redis_cli(&f->redis, "SADD domains new.example", NULL);
	redis_cli(&f->redis, "INCR config:version", NULL);
	redis_cli(&f->redis, "PUBLISH config 9", NULL);
}

/*
 * test_tls.c - certificates are verified
 */
#include <signal.h>
#include <unistd.h>

#include "fixture.h"
#include "tls.h"
#include "unit/test.h"

static void bad_certificates_end_with_their_code(void **state)
{
	static const struct {
		enum tls_kind kind;
		unsigned code;
	} rows[] = {
		{TLS_GOOD, 0},        {TLS_WRONG_NAME, 11235},
		{TLS_EXPIRED, 11236}, {TLS_SELF_SIGNED, 11237},
		{TLS_OLD, 11220},     {TLS_GOOD, 0},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		char url[64];
		const struct question q = {.url = url};
		struct answer *a;

		(void)snprintf(url, sizeof(url), "https://%s:%u/", APP_ADDRESS,
		               tls_start(APP_ADDRESS, rows[i].kind));
		a = ask(&q);
		if (a->code != rows[i].code)
			fail_msg("kind %d: %u %s", (int)rows[i].kind, a->code,
			         a->text);
		assert_int_equal(rows[i].code ? 0 : 200, a->status);
	}
}

static int set_up(void **state)
{
	(void)snprintf(fixture.ca_file, sizeof(fixture.ca_file),
	               "/tmp/trestle-test-ca-%d.pem", (int)getpid());
	tls_authority(fixture.ca_file);
	return fixture_set_up(state);
}

static int tear_down(void **state)
{
	unlink(fixture.ca_file);
	return fixture_tear_down(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_certificates_end_with_their_code),
	};

	/* An application's thread may write to a client that is gone. */
	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

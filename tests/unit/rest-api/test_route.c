/*
 * test_route.c - which resource does a path name?
 */
#include "unit/test.h"

#include "core/route.h"

#define AC "AC0123456789abcdef0123456789abcdef"
#define SD "SD0123456789abcdef0123456789abcdef"
#define CL "CL0123456789abcdef0123456789abcdef"
#define IN "/2010-04-01/Accounts/" AC

static const struct route table[] = {
	{.pattern = "."},
	{.pattern = ""},
	{.pattern = "SIP/Domains"},
	{.pattern = "SIP/Domains/{SD}"},
	{.pattern = "SIP/Domains/{SD}/Lists/{CL}"},
	{.pattern = "AvailablePhoneNumbers/{}/Local"},
	{.pattern = "/v1/Alerts/{SD}"},
	{.pattern = "Sounds/{SD}", .flags = ROUTE_MEDIA},
	{.pattern = NULL},
};

static const struct {
	const char *path;
	const char *pattern; /* NULL = none */
	size_t n;
	bool json;
} rows[] = {
	{"/2010-04-01/Accounts.json", ".", 0, true},
	{"/2010-04-01/Accounts", ".", 0, false},
	{IN ".json", "", 0, true},
	{IN, "", 0, false},
	{IN "/SIP/Domains.json", "SIP/Domains", 0, true},
	{IN "/SIP/Domains", "SIP/Domains", 0, false},
	{IN "/SIP/Domains/" SD ".json", "SIP/Domains/{SD}", 1, true},
	{IN "/SIP/Domains/" SD "/Lists/" CL ".json",
         "SIP/Domains/{SD}/Lists/{CL}", 2, true},
	{IN "/AvailablePhoneNumbers/US/Local.json",
         "AvailablePhoneNumbers/{}/Local", 1, true},
	{"/v1/Alerts/" SD, "/v1/Alerts/{SD}", 1, true},
	{IN "/Sounds/" SD ".json", "Sounds/{SD}", 1, true},
	{IN "/Sounds/" SD ".wav", "Sounds/{SD}", 1, true},
	{IN "/Sounds/" SD ".mp3", "Sounds/{SD}", 1, true},
	{IN "/Sounds/" SD, "Sounds/{SD}", 1, true},
	{IN "/Sounds/" SD ".ogg", NULL, 0, false},
	{IN "/Sounds/" SD ".wav/../x", NULL, 0, false},
	{IN "/Sounds/" SD ".wav.wav", NULL, 0, false},
	{IN "/Sounds/SD../../../../../../../../etc/passwd.wav", NULL, 0, false},
	{IN "/SIP/Domains/" SD ".wav", NULL, 0, false},
	{"/v1/Alerts/" SD ".mp3", NULL, 0, false},
	{IN "/SIP/Domains/" CL ".json", NULL, 0, false},
	{IN "/SIP/Domains/", NULL, 0, false},
	{IN "/AvailablePhoneNumbers/\xff/Local", NULL, 0, false},
	{IN "/AvailablePhoneNumbers/a\r\nb/Local", NULL, 0, false},
	{IN "/SIP//Domains", NULL, 0, false},
	{IN "/SIP", NULL, 0, false},
	{IN "/", NULL, 0, false},
	{IN "x", NULL, 0, false},
	{"/2010-04-01/Accounts/", NULL, 0, false},
	{"/2010-04-01/Accounts/ACx/SIP/Domains", NULL, 0, false},
	{"/v1/Alerts", NULL, 0, false},
	{"/v1/" IN, NULL, 0, false},
	{"/", NULL, 0, false},
	{"", NULL, 0, false},
	{".json", NULL, 0, false},
};

static void paths_find_their_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct path path;
		const struct route *r = route_find(table, rows[i].path, &path);

		if (!r != !rows[i].pattern ||
		    (r && strcmp(r->pattern, rows[i].pattern) != 0))
			fail_msg("%s: %s", rows[i].path,
			         r ? r->pattern : "none");
		if (!r)
			continue;
		assert_int_equal(rows[i].n, path.n);
		assert_int_equal(rows[i].json, path.json);
	}
}

static void placeholders_are_kept(void **state)
{
	struct path path;

	(void)state;
	assert_non_null(route_find(
		table, IN "/SIP/Domains/" SD "/Lists/" CL ".json", &path));
	assert_string_equal(AC, path.account_sid);
	assert_string_equal(SD, path.parts[0]);
	assert_string_equal(CL, path.parts[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_find_their_row),
		cmocka_unit_test(placeholders_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

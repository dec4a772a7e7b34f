/*
 * test_recording.c - the Recording resource: paths, JSON, who may
 */
#include "core/basic.h"
#include "core/recording.h"
#include "unit/test.h"

#define AC "AC00000000000000000000000000000001"
#define CA "CA00000000000000000000000000000002"
#define RE "RE00000000000000000000000000000003"
#define AT "/2010-04-01/Accounts/" AC

static void paths_are_those_of_the_contract(void **state)
{
	const struct {
		const char *path;
		const char *call_sid;
		enum recording_format format;
	} good[] = {
		{AT "/Recordings/" RE, "", RECORDING_WAV},
		{AT "/Recordings/" RE ".wav", "", RECORDING_WAV},
		{AT "/Recordings/" RE ".mp3", "", RECORDING_MP3},
		{AT "/Recordings/" RE ".json", "", RECORDING_JSON},
		{AT "/Calls/" CA "/Recordings/" RE ".mp3", CA, RECORDING_MP3},
	};
	static const char *const bad[] = {
		"",
		"/",
		AT "/Recordings/",
		AT "/Recordings/" RE "/",
		AT "/Recordings/" RE ".ogg",
		AT "/Recordings/" RE ".wav/../x",
		AT "/Recordings/" CA,
		AT "/Recordings/RE../../../../../../../etc/passwd.wav",
		AT "/Recordings/RE0000000000000000000000000000000g",
		AT "/Recordings/" RE "4",
		AT "/Calls/" RE "/Recordings/" RE,
		AT "/Calls/" CA,
		"/2010-04-01/Accounts/" CA "/Recordings/" RE,
		"/2010-04-01/Accounts//Recordings/" RE,
		"/2011-04-01/Accounts/" AC "/Recordings/" RE,
	};
	struct recording_path p;

	(void)state;
	for (size_t i = 0; i < N_OF(good); i++) {
		assert_true(recording_path_parse(&p, good[i].path));
		assert_string_equal(AC, p.account_sid);
		assert_string_equal(good[i].call_sid, p.call_sid);
		assert_string_equal(RE, p.sid);
		assert_int_equal(good[i].format, p.format);
	}
	for (size_t i = 0; i < N_OF(bad); i++)
		assert_false(recording_path_parse(&p, bad[i]));
}

static void json_is_that_of_the_contract(void **state)
{
	const char *const full[RECORDING_FIELDS] = {AC,
	                                            CA,
	                                            RE,
	                                            "DialVerb",
	                                            "completed",
	                                            "both",
	                                            "2",
	                                            "4",
	                                            "",
	                                            "2026-11-22T18:30:15.248Z",
	                                            "2026-11-22T18:30:15.248Z",
	                                            "2026-11-22T18:30:20.000Z"};
	const char *const begun[RECORDING_FIELDS] = {
		AC, "", RE, "", "failed", "", "", "", "12400", "", "", ""};
	struct recording r;
	char *json;

	(void)state;
	recording_fill(&r, full);
	json = recording_json(&r);
	assert_string_equal(
		"{\"account_sid\":\"" AC "\",\"api_version\":\"2010-04-01\","
		"\"call_sid\":\"" CA "\",\"channels\":2,"
		"\"conference_sid\":null,"
		"\"date_created\":\"Sun, 22 Nov 2026 18:30:15 +0000\","
		"\"date_updated\":\"Sun, 22 Nov 2026 18:30:20 +0000\","
		"\"duration\":\"4\",\"encryption_details\":null,"
		"\"error_code\":null,\"price\":null,\"price_unit\":\"USD\","
		"\"sid\":\"" RE "\",\"source\":\"DialVerb\","
		"\"start_time\":\"Sun, 22 Nov 2026 18:30:15 +0000\","
		"\"status\":\"completed\",\"track\":\"both\","
		"\"uri\":\"/2010-04-01/Accounts/" AC "/Recordings/" RE
		".json\"}",
		json);
	free(json);
	recording_fill(&r, begun);
	json = recording_json(&r);
	assert_non_null(strstr(json, "\"error_code\":12400"));
	assert_non_null(strstr(json, "\"duration\":null"));
	assert_non_null(strstr(json, "\"start_time\":null"));
	assert_non_null(strstr(json, "\"channels\":null"));
	free(json);
}

static void a_recording_is_found_in_its_own_places_only(void **state)
{
	const char *const values[RECORDING_FIELDS] = {AC, CA, RE, "", "", "",
	                                              "", "", "", "", "", ""};
	const char *const none[RECORDING_FIELDS] = {"", "", "", "", "", "",
	                                            "", "", "", "", "", ""};
	struct recording_path p;
	struct recording r;

	(void)state;
	recording_fill(&r, values);
	assert_true(recording_path_parse(&p, AT "/Recordings/" RE));
	assert_true(recording_fits(&r, &p));
	assert_true(
		recording_path_parse(&p, AT "/Calls/" CA "/Recordings/" RE));
	assert_true(recording_fits(&r, &p));
	p.call_sid[33] = '9';
	assert_false(recording_fits(&r, &p));
	p.call_sid[0] = '\0';
	p.account_sid[33] = '9';
	assert_false(recording_fits(&r, &p));
	recording_fill(&r, none);
	assert_true(recording_path_parse(&p, AT "/Recordings/" RE));
	assert_false(recording_fits(&r, &p));
}

static void channels_can_be_asked_for(void **state)
{
	const struct {
		const char *query;
		int wanted;
	} rows[] = {{"", 0},
	            {"RequestedChannels=1", 1},
	            {"a=b&RequestedChannels=2", 2},
	            {"RequestedChannels=3", -1},
	            {"RequestedChannels=", -1},
	            {"requestedchannels=2", 0},
	            {"RequestedChannels=%", -1}};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_int_equal(rows[i].wanted,
		                 recording_channels_wanted(rows[i].query));
}

static void credentials_are_read(void **state)
{
	static const char *const bad[] = {
		NULL,         "",           "Basic ",         "Bearer dTpw",
		"Basic dT",   "Basic =",    "Basic dXNlcg==", "Basic ****",
		"Basic AAAA", "Basic ====",
	};
	char longest[BASIC_MAX + 16];
	struct basic b;

	(void)state;
	assert_true(basic_parse("Basic dTpw", &b));
	assert_string_equal("u", b.user);
	assert_string_equal("p", b.password);
	assert_true(basic_parse("basic  dXNlcjpwYTpzcw==", &b));
	assert_string_equal("user", b.user);
	assert_string_equal("pa:ss", b.password);
	assert_true(basic_parse("Basic dXNlcjo=", &b));
	assert_string_equal("", b.password);
	for (size_t i = 0; i < N_OF(bad); i++)
		assert_false(basic_parse(bad[i], &b));
	memset(longest, 'O', sizeof(longest)); /* "8" and others */
	memcpy(longest, "Basic ", 6);
	longest[6 + BASIC_MAX + 4] = '\0';
	assert_false(basic_parse(longest, &b));
	assert_true(basic_same("abc", "abc"));
	assert_false(basic_same("abc", "abd"));
	assert_false(basic_same("abc", "ab"));
	assert_false(basic_same("", "a"));
}

TEST_MAIN(cmocka_unit_test(paths_are_those_of_the_contract),
          cmocka_unit_test(json_is_that_of_the_contract),
          cmocka_unit_test(a_recording_is_found_in_its_own_places_only),
          cmocka_unit_test(channels_can_be_asked_for),
          cmocka_unit_test(credentials_are_read))

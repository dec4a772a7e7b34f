/*
 * test_recordings.c - recordings over HTTP, from the real process
 */
#include <ftw.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/harness.h"
#include "unit/test.h"

#define AC    "AC00000000000000000000000000000001"
#define CA    "CA00000000000000000000000000000002"
#define TOKEN "0123456789abcdef0123456789abcdef"
#define DUAL  "RE00000000000000000000000000000001"
#define MONO  "RE00000000000000000000000000000002"
#define NOW   "RE00000000000000000000000000000003"
#define GONE  "RE00000000000000000000000000000004"
#define OLD   "RE00000000000000000000000000000005"
#define AT    "/2010-04-01/Accounts/" AC "/Recordings/"

enum { LINE = 256, SECONDS = 2, DUAL_BYTES = 44 + SECONDS * 8000 * 4 };

static struct {
	struct redis_server redis;
	pid_t api, relay;
	uint16_t port, health_port;
	char folder[32];
} fixture;

static void run(const char *format, ...)
{
	char command[1024];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	if (system(command) != 0) // NOLINT(cert-env33-c): sox and cmp
		fail_msg("%s", command);
}

static void record(const char *sid, const char *status, int channels)
{
	char words[512];

	(void)snprintf(words, sizeof(words),
	               "HSET recording:{%s} sid %s account_sid " AC
	               " call_sid " CA " source DialVerb status %s channels %d "
	               "track both duration 2 start_time "
	               "2026-11-22T18:30:15.248Z",
	               sid, sid, status, channels);
	redis_cli(&fixture.redis, words, NULL);
}

static void make_files(void)
{
	run("sox -n -r 8000 -b 16 -c 2 %s/" DUAL ".wav synth %d sine 500 sine "
	    "1250 vol 0.4",
	    fixture.folder, SECONDS);
	run("sox -n -r 8000 -b 16 -c 1 %s/" MONO ".wav synth %d sine 500 vol "
	    "0.4",
	    fixture.folder, SECONDS);
	run("cp %s/" MONO ".wav %s/" OLD ".wav", fixture.folder,
	    fixture.folder);
	record(DUAL, "completed", 2);
	record(MONO, "completed", 1);
	record(OLD, "completed", 1);
	record(NOW, "in-progress", 1);
	record(GONE, "completed", 1); /* its file is not there */
}

static pid_t start(const char *program, uint16_t http, const char *more)
{
	char redis[96], folder[64], health[32], port[32];
	const char *const env[] = {redis,
	                           folder,
	                           health,
	                           port,
	                           "TRESTLE_ADDRESS=127.0.0.1",
	                           "TRESTLE_API_ADDRESS=127.0.0.1",
	                           "TRESTLE_RTP_ADDRESS=127.0.0.1",
	                           "TRESTLE_RTP_WORKERS=1",
	                           "TRESTLE_LOG=error",
	                           more,
	                           NULL};

	(void)snprintf(redis, sizeof(redis), "TRESTLE_REDIS=%s",
	               fixture.redis.url);
	(void)snprintf(folder, sizeof(folder), "TRESTLE_RECORDINGS=%s",
	               fixture.folder);
	(void)snprintf(health, sizeof(health), "TRESTLE_HTTP_PORT=%u", http);
	(void)snprintf(port, sizeof(port), "TRESTLE_API_PORT=%u", fixture.port);
	return process_start(program, env);
}

static int set_up(void **state)
{
	(void)state;
	redis_server_start(&fixture.redis, 0);
	redis_cli(&fixture.redis,
	          "HSET account:" AC " sid " AC
	          " status active auth_token " TOKEN,
	          NULL);
	(void)snprintf(fixture.folder, sizeof(fixture.folder),
	               "/tmp/recordings-XXXXXX");
	assert_non_null(mkdtemp(fixture.folder));
	make_files();
	fixture.port = free_port();
	fixture.health_port = free_port();
	fixture.api = start(TRESTLE_BIN "/trestle-rest-api",
	                    fixture.health_port, NULL);
	wait_healthy(fixture.health_port);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static int tear_down(void **state)
{
	(void)state;
	assert_int_equal(0, process_stop(fixture.api, SIGTERM));
	if (fixture.relay > 0)
		(void)process_stop(fixture.relay, SIGKILL);
	redis_server_stop(&fixture.redis);
	(void)nftw(fixture.folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}

/* curl with options; its body is in <folder>/body, its head in <folder>/head.
 * @return the status */
static int ask(const char *options, const char *path)
{
	char command[1024], line[LINE] = "";
	FILE *f;

	(void)snprintf(command, sizeof(command),
	               "curl -s -m 10 -o %s/body -D %s/head -w '%%{http_code}' "
	               "%s 'http://127.0.0.1:%u%s'",
	               fixture.folder, fixture.folder, options, fixture.port,
	               path);
	f = popen(command, "r"); // NOLINT(cert-env33-c): curl, by our words
	assert_non_null(f);
	(void)!fgets(line, sizeof(line), f);
	(void)pclose(f);
	return (int)strtol(line, NULL, 10);
}

static void expect_text(const char *file, const char *text)
{
	char path[64], all[4096] = "";
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", fixture.folder, file);
	f = fopen(path, "re");
	assert_non_null(f);
	(void)!fread(all, 1, sizeof(all) - 1, f);
	(void)fclose(f);
	if (!strstr(all, text))
		fail_msg("no %s in %s", text, all);
}

static long body_size(void)
{
	struct stat st;
	char path[64];

	(void)snprintf(path, sizeof(path), "%s/body", fixture.folder);
	return stat(path, &st) ? -1 : (long)st.st_size;
}

/* By sox: is it a sound of so many channels and about two seconds, with that
 * tone, and hardly anything else, in its channel? */
static void expect_sound(const char *type, int channels, int channel,
                         unsigned hz)
{
	run("cp %s/body %s/body.%s", fixture.folder, fixture.folder, type);
	run("test $(soxi -c %s/body.%s) = %d", fixture.folder, type, channels);
	run("soxi -D %s/body.%s | awk '{exit !($1 > 1.9 && $1 < 2.2)}'",
	    fixture.folder, type);
	run("sox %s/body.%s -n remix %d trim 0.5 1 stat 2>&1 | awk "
	    "'/Rough/ {exit !($3 > %u && $3 < %u)}'",
	    fixture.folder, type, channel, hz * 93 / 100, hz * 105 / 100);
	run("sox %s/body.%s -n remix %d bandreject %u 100h trim 0.5 1 stat "
	    "2>&1 | awk '/RMS.*amplitude/ {exit !($3 < 0.02)}'",
	    fixture.folder, type, channel, hz);
}

static void a_bare_url_is_wave(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(200, ask("", i ? AT DUAL ".wav" : AT DUAL));
		expect_text("head", "Content-Type: audio/x-wav");
		expect_text("head", "filename=\"" DUAL ".wav\"");
		expect_text("head", "Accept-Ranges: bytes");
		run("cmp %s/body %s/" DUAL ".wav", fixture.folder,
		    fixture.folder);
	}
	expect_sound("wav", 2, 1, 500);
	expect_sound("wav", 2, 2, 1250);
	assert_int_equal(200, ask("", "/2010-04-01/Accounts/" AC "/Calls/" CA
	                              "/Recordings/" DUAL));
}

static void mp3_is_made_and_kept(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(200, ask("", AT DUAL ".mp3"));
		expect_text("head", "Content-Type: audio/mpeg");
		expect_sound("mp3", 2, 1, 500);
		expect_sound("mp3", 2, 2, 1250);
	}
	assert_true(body_size() < DUAL_BYTES / 2);
	run("test -s %s/.cache/" DUAL ".2.mp3", fixture.folder);
}

static void two_channels_can_be_had_as_one(void **state)
{
	(void)state;
	assert_int_equal(200, ask("", AT DUAL ".wav?RequestedChannels=1"));
	run("cp %s/body %s/body.wav", fixture.folder, fixture.folder);
	run("test $(soxi -c %s/body.wav) = 1", fixture.folder);
	assert_int_equal(44 + SECONDS * 8000 * 2, body_size());
	assert_int_equal(200, ask("", AT DUAL ".mp3?RequestedChannels=1"));
	run("cp %s/body %s/body.mp3", fixture.folder, fixture.folder);
	run("test $(soxi -c %s/body.mp3) = 1", fixture.folder);
	assert_int_equal(200, ask("", AT DUAL "?RequestedChannels=2"));
	assert_int_equal(DUAL_BYTES, body_size());
	assert_int_equal(200, ask("", AT MONO "?RequestedChannels=1"));
	assert_int_equal(400, ask("", AT MONO "?RequestedChannels=2"));
	expect_text("body", "\"code\":16113");
	assert_int_equal(400, ask("", AT MONO "?RequestedChannels=7"));
	expect_text("body", "\"code\":20001");
}

static void parts_and_heads_can_be_had(void **state)
{
	(void)state;
	assert_int_equal(206, ask("-r 44-1043", AT DUAL ".wav"));
	expect_text("head", "Content-Range: bytes 44-1043/64044");
	expect_text("head", "Content-Length: 1000");
	run("dd if=%s/" DUAL ".wav bs=1 skip=44 count=1000 2>/dev/null | cmp - "
	    "%s/body",
	    fixture.folder, fixture.folder);
	assert_int_equal(206, ask("-r 64000-", AT DUAL ".wav"));
	assert_int_equal(44, body_size());
	assert_int_equal(416, ask("-r 64044-", AT DUAL ".wav"));
	expect_text("head", "Content-Range: bytes */64044");
	assert_int_equal(200, ask("-I", AT DUAL ".wav"));
	expect_text("head", "Content-Length: 64044");
	assert_int_equal(206, ask("-r 0-99", AT DUAL ".mp3"));
	assert_int_equal(100, body_size());
}

static void json_is_for_the_account_alone(void **state)
{
	(void)state;
	assert_int_equal(401, ask("", AT DUAL ".json"));
	expect_text("body", "\"code\":20003");
	expect_text("head", "WWW-Authenticate: Basic");
	assert_int_equal(401, ask("-u " AC ":wrong", AT DUAL ".json"));
	assert_int_equal(401, ask("-u AC1:" TOKEN, AT DUAL ".json"));
	assert_int_equal(200, ask("-u " AC ":" TOKEN, AT DUAL ".json"));
	expect_text("head", "application/json");
	expect_text("body", "\"channels\":2");
	expect_text("body",
	            "\"start_time\":\"Sun, 22 Nov 2026 18:30:15 +0000\"");
	assert_int_equal(200, ask("-u " AC ":" TOKEN, AT NOW ".json"));
	expect_text("body", "\"status\":\"in-progress\"");
}

static void what_is_not_there_is_404(void **state)
{
	static const char *const paths[] = {
		AT NOW, /* not finished */
		AT GONE,
		AT GONE ".mp3",
		AT "RE00000000000000000000000000000009.wav",
		"/2010-04-01/Accounts/AC00000000000000000000000000000009/"
		"Recordings/" DUAL,
		"/2010-04-01/Accounts/" AC
		"/Calls/CA00000000000000000000000000000009/Recordings/" DUAL,
		AT DUAL ".ogg",
		AT "..%2F..%2F..%2F..%2F..%2F..%2F..%2Fetc%2Fpasswd",
		AT "..%2f" DUAL,
	};

	(void)state;
	for (size_t i = 0; i < N_OF(paths); i++) {
		if (ask("--path-as-is", paths[i]) != 404)
			fail_msg("%s", paths[i]);
		expect_text("body", "\"code\":20404");
		expect_text("body", "\"status\":404");
	}
	assert_int_equal(405, ask("-X PUT -u " AC ":" TOKEN, AT DUAL));
	expect_text("head", "Allow: GET, HEAD, DELETE");
}

static void a_relay_removes_it(void **state)
{
	(void)state;
	assert_int_equal(401, ask("-X DELETE", AT OLD));
	assert_int_equal(200, ask("", AT OLD ".mp3"));
	fixture.relay = start(TRESTLE_BIN "/trestle-media-relay", free_port(),
	                      "TRESTLE_INSTANCE=relay-t");
	assert_int_equal(204, ask("-X DELETE --retry 20 --retry-delay 1 -u " AC
	                          ":" TOKEN,
	                          AT OLD ".json"));
	assert_int_equal(404, ask("", AT OLD ".mp3"));
	run("! test -e %s/" OLD ".wav", fixture.folder);
	run("! test -e %s/.cache/" OLD ".1.mp3", fixture.folder);
	/* it is remembered for who asks for it */
	assert_int_equal(404, ask("-X DELETE -u " AC ":" TOKEN, AT OLD));
	assert_int_equal(404, ask("-u " AC ":" TOKEN, AT OLD ".json"));
	assert_int_equal(404, ask("-u " AC ":" TOKEN,
	                          AT OLD ".json?IncludeSoftDeleted=false"));
	assert_int_equal(200, ask("-u " AC ":" TOKEN,
	                          AT OLD ".json?IncludeSoftDeleted=true"));
	expect_text("body", "\"status\":\"deleted\"");
	expect_text("body", "\"duration\":\"2\"");
	assert_int_equal(404, ask("-u " AC ":" TOKEN,
	                          AT OLD ".wav?IncludeSoftDeleted=true"));
	assert_int_equal(404, ask("-X DELETE -u " AC ":" TOKEN,
	                          AT OLD ".json?IncludeSoftDeleted=true"));
	assert_int_equal(409, ask("-X DELETE -u " AC ":" TOKEN, AT NOW));
}

static void hearing_it_may_need_the_token(void **state)
{
	(void)state;
	assert_int_equal(0, process_stop(fixture.api, SIGTERM));
	fixture.api =
		start(TRESTLE_BIN "/trestle-rest-api", fixture.health_port,
	              "TRESTLE_RECORDINGS_AUTH=true");
	wait_healthy(fixture.health_port);
	assert_int_equal(401, ask("", AT MONO));
	assert_int_equal(200, ask("-u " AC ":" TOKEN, AT MONO));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bare_url_is_wave),
		cmocka_unit_test(mp3_is_made_and_kept),
		cmocka_unit_test(two_channels_can_be_had_as_one),
		cmocka_unit_test(parts_and_heads_can_be_had),
		cmocka_unit_test(json_is_for_the_account_alone),
		cmocka_unit_test(what_is_not_there_is_404),
		cmocka_unit_test(a_relay_removes_it),
		cmocka_unit_test(hearing_it_may_need_the_token),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

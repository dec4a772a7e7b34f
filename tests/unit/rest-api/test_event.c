/*
 * test_event.c - requests: to the API as the inspector keeps them, and of alerts
 */
#include "unit/test.h"

#include <stdlib.h>

#include <jansson.h>

#include "core/alert.h"
#include "core/event.h"
#include "core/fields.h"

static void passwords_are_not_kept(void **state)
{
	struct fields params = {0};
	struct event event = {.time = "2026-11-30T10:00:00.000Z",
	                      .url = "http://u:p@h/x",
	                      .params = &params,
	                      .status = 201,
	                      .body = "{}"};
	char *line;

	(void)state;
	fields_add(&params, "SipAuthPassword", "one");
	fields_add(&params, "Twiml", "<Sip password=\"one\">");
	fields_add(&params, "Event", "a");
	fields_add(&params, "Event", "b");
	fields_add(&params, "Bad", "\xff");
	line = event_line(&event);
	assert_string_equal(
		"{\"time\":\"2026-11-30T10:00:00.000Z\",\"method\":\"POST\","
		"\"url\":\"http://***@h/x\",\"params\":{"
		"\"SipAuthPassword\":\"***\","
		"\"Twiml\":\"<Sip password=\\\"***\\\">\","
		"\"Event\":\"a, b\",\"Bad\":\"\"},\"request_headers\":{},"
		"\"response_headers\":{\"Content-Type\":\"application/json\"},"
		"\"status\":201,\"error\":0,\"text\":\"\","
		"\"content_type\":\"application/json\",\"body\":\"{}\"}",
		line);
	free(line);
	fields_close(&params);
}

static const char *const requests[] = {
	"{\"time\":\"2026-11-30T10:00:03Z\",\"url\":\"http://a/x\","
	"\"body\":\"later\"}",
	"no JSON",
	"{\"time\":\"2026-11-30T10:00:02Z\",\"url\":\"http://a/x?To=b\","
	"\"method\":\"GET\",\"params\":{\"To\":\"b\"},\"body\":\"mine\"}",
	"{\"time\":\"2026-11-30T10:00:01Z\",\"url\":\"http://a/x\","
	"\"body\":\"earlier\"}",
	"{\"time\":\"2026-11-30T10:00:01Z\",\"url\":\"http://a/xyz\"}",
};

static const struct {
	const char *url, *time, *body; /* NULL: none is found */
} rows[] = {
	{"http://a/x", "2026-11-30T10:00:02Z", "mine"},
	{"http://a/x#rc=2", "2026-11-30T10:00:02Z", "mine"},
	{"http://***@a/x", "2026-11-30T10:00:09Z", "later"},
	{"http://a/x", "2026-11-30T10:00:00Z", NULL},
	{"http://a/xy", "2026-11-30T10:00:09Z", NULL},
	{"", "2026-11-30T10:00:09Z", NULL},
};

static void an_alert_is_about_the_latest_request_before_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fields alert = {0};
		json_t *json = json_object();
		const char *body;

		fields_add(&alert, "url", rows[i].url);
		fields_add(&alert, "time", rows[i].time);
		alert_add_request(json, &alert, requests, 5);
		body = json_string_value(
			json_object_get(json, "response_body"));
		if (rows[i].body)
			assert_string_equal(rows[i].body, body);
		else
			assert_null(body);
		assert_non_null(json_object_get(json, "request_headers"));
		json_decref(json);
		fields_close(&alert);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passwords_are_not_kept),
		cmocka_unit_test(
			an_alert_is_about_the_latest_request_before_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

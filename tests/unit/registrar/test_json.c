/*
 * test_json.c - a binding as text, both ways
 */
#include "adapters/json.h"

#include <stdlib.h>

#include "adapters/location.h"
#include "adapters/targets.h"
#include "base/strbuf.h"
#include "unit/test.h"

enum { NOW_S = 1767225600 }; /* 2026-01-01T00:00:00Z */

static const char *const paths[] = {"<sip:TOKEN@192.0.2.9:5070;lr>",
                                    "<sip:192.0.2.8;lr>"};
static const struct source source = {"2001:db8::1", 5062, "tls"};

static struct location_req request(void)
{
	return (struct location_req){
		.call_id = "1234@192.0.2.1",
		.cseq = 4294967295U,
		.paths = paths,
		.n_paths = 2,
		.source = &source,
		.user_agent = "Phone \"1\" \\ \x01\xff",
	};
}

static const struct binding binding = {
	.contact = "sip:bob@192.0.2.1:5062;transport=tls",
	.instance = "urn:uuid:1>not this",
	.instance_len = 10,
	.reg_id = 2,
	.q = 500,
	.expires = 600,
};

static void a_binding_is_read_as_it_was_written(void **state)
{
	const struct location_req req = request();
	uint64_t now_ms = NOW_S * 1000ULL + 250;
	struct strbuf text = {0};
	struct json_t *json;
	struct target t;
	bool ended;

	(void)state;
	json_add_binding(&text, &req, &binding, now_ms);
	json = json_open_target(text.s, text.len, now_ms + 1000, &t, &ended);
	assert_non_null(json);
	assert_string_equal(binding.contact, t.contact);
	assert_int_equal(2, t.n_paths);
	assert_string_equal(paths[0], t.paths[0]);
	assert_string_equal(paths[1], t.paths[1]);
	assert_string_equal("2001:db8::1", t.source.ip);
	assert_int_equal(5062, t.source.port);
	assert_string_equal("tls", t.source.transport);
	assert_string_equal("urn:uuid:1", t.instance);
	assert_string_equal("2026-01-01T00:00:00.250Z", t.registered_at);
	assert_string_equal("Phone \"1\" \\ \x01\xc3\xbf", t.user_agent);
	assert_int_equal(2, t.reg_id);
	assert_int_equal(500, t.q);
	assert_int_equal(599, t.expires);
	json_close(json);
	assert_false(ended);
	assert_null(json_open_target(text.s, text.len, now_ms + 600000, &t,
	                             &ended));
	assert_true(ended);
	strbuf_close(&text);
}

static void what_is_no_binding_is_left_out(void **state)
{
	static const char *const texts[] = {
		"",
		"{",
		"[]",
		"{}",
		"{\"expires_at\":7}",
		"{\"expires_at\":\"2999-01-01T00:00:00.000Z\"}",
		"{\"expires_at\":\"soon\",\"source\":\"192.0.2.1:1\"}",
	};
	struct target t;
	bool ended;

	(void)state;
	for (size_t i = 0; i < N_OF(texts); i++) {
		assert_null(json_open_target(texts[i], strlen(texts[i]), 0, &t,
		                             &ended));
		assert_false(ended);
	}
}

TEST_MAIN(cmocka_unit_test(a_binding_is_read_as_it_was_written),
          cmocka_unit_test(what_is_no_binding_is_left_out))

/*
 * test_source.c - the value of X-Trestle-Source
 */
#include "core/source.h"

#include "unit/test.h"

struct row {
	const char *text;
	const char *ip; /* NULL = refused */
	uint32_t port;
	const char *transport;
};

static const struct row rows[] = {
	{"192.0.2.1:5060;transport=udp", "192.0.2.1", 5060, "udp"},
	{"192.0.2.1:5060;transport=TLS", "192.0.2.1", 5060, "tls"},
	{"[2001:DB8::1]:5061;transport=tcp", "2001:db8::1", 5061, "tcp"},
	{"192.0.2.1", "192.0.2.1", 0, "udp"},
	{"host.example:5060;transport=udp", NULL, 0, NULL},
	{"x@192.0.2.1:5060", NULL, 0, NULL},
	{"192.0.2.1:5060;transport=muchtoolong", NULL, 0, NULL},
	{"[::1:5060", NULL, 0, NULL},
	{"", NULL, 0, NULL},
};

static void sources_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct source s;
		bool ok = source_parse(&s, rows[i].text);

		if (ok != (rows[i].ip != NULL))
			fail_msg("%s", rows[i].text);
		if (!ok)
			continue;
		assert_string_equal(rows[i].ip, s.ip);
		assert_int_equal(rows[i].port, s.port);
		assert_string_equal(rows[i].transport, s.transport);
	}
}

static void a_long_text_is_refused(void **state)
{
	char text[1000];
	struct source s;

	(void)state;
	memset(text, '1', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_false(source_parse(&s, text));
}

static void an_ipv6_net_is_one_source(void **state)
{
	(void)state;
	assert_true(source_key("2001:db8::1") == source_key("2001:db8::2"));
	assert_true(source_key("2001:db8::1") != source_key("2001:db8:0:1::1"));
	assert_true(source_key("192.0.2.1") != source_key("192.0.2.2"));
}

TEST_MAIN(cmocka_unit_test(sources_are_read),
          cmocka_unit_test(a_long_text_is_refused),
          cmocka_unit_test(an_ipv6_net_is_one_source))

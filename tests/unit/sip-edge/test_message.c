/*
 * test_message.c - whole messages: what is found in them, what is wrong
 */
#include "core/message.h"

#include "unit/test.h"

static struct message m;

#define HEADERS                                                                \
	"Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKa;rport\r\n"            \
	"From: <sip:a@b>;tag=f\r\nTo: <sip:c@d>\r\n"                           \
	"Call-ID: id@x\r\nCSeq: 7 INVITE\r\n"

static enum message_kind parse(const char *text)
{
	return message_parse(&m, text, strlen(text));
}

static void a_request_is_indexed(void **state)
{
	(void)state;
	assert_int_equal(MESSAGE_REQUEST,
	                 parse("INVITE sip:x@y;owner=c-1 SIP/2.0\r\n" HEADERS
	                       "Max-Forwards: 12\r\n"
	                       "Route: <sip:r1;lr>, <sip:r2;lr>\r\n"
	                       "rOUTE : <sip:r3>\r\nl: 3\r\n\r\nabcdef"));
	assert_int_equal(0, m.fault.status);
	assert_int_equal(METHOD_INVITE, m.method);
	assert_true(slice_eq(m.uri.user, SLICE("x")));
	assert_true(slice_eq(m.call_id, SLICE("id@x")));
	assert_true(slice_eq(m.from_tag, SLICE("f")));
	assert_int_equal(0, m.to_tag.n);
	assert_int_equal(7, m.cseq);
	assert_int_equal(12, m.max_forwards);
	assert_int_equal(3, m.n_routes);
	assert_true(slice_eq(m.route_text[1], SLICE("<sip:r2;lr>")));
	assert_true(slice_eq(m.body, SLICE("abc")));
	assert_true(slice_eq(m.via.host, SLICE("192.0.2.1")));
	assert_int_equal(5070, m.via.port);
	assert_true(m.via.rport);
	assert_false(m.via.rport_filled);
}

static void a_response_is_indexed(void **state)
{
	(void)state;
	assert_int_equal(MESSAGE_RESPONSE,
	                 parse("SIP/2.0 200 \r\n" HEADERS "\r\n"));
	assert_int_equal(200, m.status);
	assert_int_equal(0, m.fault.status);
}

static void folds_belong_to_their_header(void **state)
{
	(void)state;
	assert_int_equal(
		MESSAGE_REQUEST,
		parse("INVITE sip:x@y SIP/2.0\r\nTO :\r\n sip:c@d ;   tag    "
	              "= 19n\r\nfrom   : \"J \\\\\\\"\"       "
	              "<sip:a@b>\r\n  ;\r\n  tag = 98\r\nCall-ID: i\r\n"
	              "cseq: 0009\r\n  INVITE\r\nVia  : SIP  /   2.0\r\n /UDP"
	              "\r\n    192.0.2.2;branch=390skdjuw\r\n\r\n"));
	assert_int_equal(0, m.fault.status);
	assert_true(slice_eq(m.to_tag, SLICE("19n")));
	assert_true(slice_eq(m.from_tag, SLICE("98")));
	assert_int_equal(9, m.cseq);
	assert_true(slice_eq(m.via.host, SLICE("192.0.2.2")));
	assert_true(slice_eq(m.via.branch, SLICE("390skdjuw")));
}

static void what_is_no_sip_is_junk(void **state)
{
	static const char *const rows[] = {
		"",
		"\r\n\r\n",
		"GET / HTTP/1.1\r\n\r\n",
		"INVITE sip:a@b\r\n\r\n",
		"INVITE sip:a@b SIP/2.0\n\n",
		"SIP/2.0 4294967301 no\r\n\r\n",
		"SIP/2.0 99 no\r\n\r\n",
		"{} sip:a@b SIP/2.0\r\n\r\n",
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_int_equal(MESSAGE_JUNK, parse(rows[i]));
}

static const struct {
	const char *name, *text;
	unsigned status;
} faults[] = {
	{"version", "INVITE sip:x@y SIP/7.0\r\n" HEADERS "\r\n", 505},
	{"two spaces", "INVITE  sip:x@y SIP/2.0\r\n" HEADERS "\r\n", 400},
	{"space after", "INVITE sip:x@y SIP/2.0 \r\n" HEADERS "\r\n", 400},
	{"headers in the URI",
         "INVITE sip:x@y?Route=%3Csip:z%3E SIP/2.0\r\n" HEADERS "\r\n", 400},
	{"CSeq of another method", "OPTIONS sip:x@y SIP/2.0\r\n" HEADERS "\r\n",
         400},
	{"two To",
         "INVITE sip:x@y SIP/2.0\r\n" HEADERS "t: <sip:e@f>"
         "\r\n\r\n",
         400},
	{"two Content-Length",
         "INVITE sip:x@y SIP/2.0\r\n" HEADERS "l: 0\r\nl: 0\r\n\r\n", 400},
	{"Content-Length beyond the datagram",
         "INVITE sip:x@y SIP/2.0\r\n" HEADERS "l: 4\r\n\r\nabc", 400},
	{"Content-Length negative",
         "INVITE sip:x@y SIP/2.0\r\n" HEADERS "l: -1\r\n\r\nabc", 400},
	{"Max-Forwards 256",
         "INVITE sip:x@y SIP/2.0\r\n" HEADERS "Max-Forwards: 256\r\n\r\n", 400},
	{"no empty line", "INVITE sip:x@y SIP/2.0\r\n" HEADERS, 400},
	{"a bare LF",
         "INVITE sip:x@y SIP/2.0\r\n" HEADERS "A: b\nC: d"
         "\r\n\r\n",
         400},
	{"a bare CR",
         "INVITE sip:x@y SIP/2.0\r\n" HEADERS "A: b\rC: d"
         "\r\n\r\n",
         400},
	{"no colon",
         "INVITE sip:x@y SIP/2.0\r\n" HEADERS "Foo bar"
         "\r\n\r\n",
         400},
	{"Contact",
         "INVITE sip:x@y SIP/2.0\r\n" HEADERS "m: \"open <sip:a@b>\r\n\r\n",
         400},
	{"Contact list", "INVITE sip:x@y SIP/2.0\r\n" HEADERS "m: ,,,\r\n\r\n",
         400},
	{"Via",
         "INVITE sip:x@y SIP/2.0\r\n" HEADERS "v: SIP/2.0/UDP h;;,;,,\r\n\r\n",
         400},
	{"nothing in it", "INVITE sip:x@y SIP/2.0\r\n\r\n", 400},
};

static void faults_of_requests(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(faults); i++) {
		assert_int_equal(MESSAGE_REQUEST, parse(faults[i].text));
		if (faults[i].status != m.fault.status)
			fail_msg("%s: %u %s", faults[i].name, m.fault.status,
			         m.fault.phrase ? m.fault.phrase : "");
	}
}

static void a_via_that_names_nobody_can_not_be_answered(void **state)
{
	static const struct {
		const char *via;
		bool answerable;
	} rows[] = {
		{"SIP/2.0/UDP 192.0.2.15;;,;,,", true},
		{"SIP/2.0/UDP h;branch=", true},
		{"SIP/2.0/\x16UD~PTo :::]", false},
		{"SIP/2.0/UDP", false},
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		char text[512];

		(void)snprintf(text, sizeof(text),
		               "OPTIONS sip:x@y SIP/2.0\r\nVia: %s\r\n"
		               "f: <sip:a@b>;tag=f\r\nt: <sip:c@d>\r\ni: i"
		               "\r\nCSeq: 1 OPTIONS\r\n\r\n",
		               rows[i].via);
		assert_int_equal(MESSAGE_REQUEST, parse(text));
		assert_int_equal(400, m.fault.status);
		assert_int_equal(rows[i].answerable, m.via.text.n > 0);
	}
}

static void a_cseq_beyond_31_bits_is_refused(void **state)
{
	static const char *const rows[] = {"2147483648", "36893488147419103232",
	                                   "-1", "x", ""};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		char text[512];

		(void)snprintf(text, sizeof(text),
		               "BYE sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP h;"
		               "branch=z9hG4bKa\r\nf: <sip:a@b>;tag=f\r\n"
		               "t: <sip:c@d>\r\ni: i\r\nCSeq: %s BYE\r\n\r\n",
		               rows[i]);
		assert_int_equal(MESSAGE_REQUEST, parse(text));
		assert_int_equal(400, m.fault.status);
	}
}

static void too_many_headers_are_refused(void **state)
{
	static char text[20000];
	int n = snprintf(text, sizeof(text),
	                 "INVITE sip:x@y SIP/2.0\r\n" HEADERS);

	(void)state;
	for (int i = 0; i < MESSAGE_HEADERS_MAX; i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "X-Y: z\r\n");
	(void)snprintf(text + n, sizeof(text) - (size_t)n, "\r\n");
	assert_int_equal(MESSAGE_REQUEST, parse(text));
	assert_int_equal(513, m.fault.status);
}

static void vias_are_counted_across_fields_and_commas(void **state)
{
	struct via_cursor cursor = {.header = 0};
	struct via via;
	size_t n = 0;

	(void)state;
	(void)parse("INVITE sip:x@y SIP/2.0\r\n" HEADERS
	            "v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n"
	            "  branch  =   z9hG4bK9ikj8  ,\r\n"
	            " SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n"
	            " z9hG4bK30239\r\n\r\n");
	assert_int_equal(0, m.fault.status);
	while (message_next_via(&m, &cursor, &via))
		n++;
	assert_int_equal(3, n);
	assert_true(slice_eq(via.branch, SLICE("z9hG4bK30239")));
}

TEST_MAIN(cmocka_unit_test(a_request_is_indexed),
          cmocka_unit_test(a_response_is_indexed),
          cmocka_unit_test(folds_belong_to_their_header),
          cmocka_unit_test(what_is_no_sip_is_junk),
          cmocka_unit_test(faults_of_requests),
          cmocka_unit_test(a_via_that_names_nobody_can_not_be_answered),
          cmocka_unit_test(a_cseq_beyond_31_bits_is_refused),
          cmocka_unit_test(too_many_headers_are_refused),
          cmocka_unit_test(vias_are_counted_across_fields_and_commas))

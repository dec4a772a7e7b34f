/*
 * test_rewrite.c - messages as they leave, to the byte
 */
#include "core/rewrite.h"

#include "unit/test.h"

static struct message m;
static char out[REWRITE_MAX];

static void parse(const char *text)
{
	assert_int_not_equal(MESSAGE_JUNK,
	                     message_parse(&m, text, strlen(text)));
	assert_int_equal(0, m.fault.status);
}

static void expect(const char *text, size_t n)
{
	assert_true(n < sizeof(out));
	out[n] = '\0';
	assert_string_equal(text, out);
}

#define MORE                                                                   \
	"From: <sip:a@b>;tag=f\r\nTo: <sip:c@d>\r\ni: id@x\r\n"                \
	"CSeq: 7 INVITE\r\n"

static void a_request_goes_in(void **state)
{
	struct address source;
	struct rewrite r = {
		.via = SLICE("SIP/2.0/UDP edge;branch=z9hG4bKe"),
		.record_route = {SLICE("<sip:in;lr>"), SLICE("<sip:out;lr>")},
		.path = SLICE("<sip:t@in;lr>"),
		.trestle_source = SLICE("192.0.2.9:4000;transport=udp"),
		.source = &source,
		.routes = 1,
		.decrement = true,
		.strip = true,
		.strip_identity = true,
	};

	(void)state;
	assert_true(address_parse(&source, SLICE("192.0.2.9:4000")));
	parse("INVITE sip:x@y SIP/2.0\r\n"
	      "v: SIP/2.0/UDP 10.1.1.1:5062;rport;branch=z9hG4bKa;"
	      "received=6.6.6.6 , SIP/2.0/TCP z\r\n"
	      "Route: <sip:edge;lr>, <sip:other;lr>\r\n"
	      "x-trestle-source : 1.1.1.1:1\r\nPath: <sip:evil>\r\n"
	      "P-Asserted-Identity: <sip:boss@d>\r\n" MORE
	      "Max-Forwards: 0070\r\nX-Mine: 1\r\n two\r\n"
	      "Content-Length: 3\r\n\r\nabcTAIL");
	expect("INVITE sip:x@y SIP/2.0\r\n"
	       "Via: SIP/2.0/UDP edge;branch=z9hG4bKe\r\n"
	       "Record-Route: <sip:in;lr>\r\nRecord-Route: <sip:out;lr>\r\n"
	       "Path: <sip:t@in;lr>\r\n"
	       "X-Trestle-Source: 192.0.2.9:4000;transport=udp\r\n"
	       "Max-Forwards: 69\r\nRoute: <sip:other;lr>\r\n"
	       "Via: SIP/2.0/UDP 10.1.1.1:5062;branch=z9hG4bKa"
	       ";received=192.0.2.9;rport=4000, SIP/2.0/TCP z\r\n" MORE
	       "X-Mine: 1\r\n two\r\nContent-Length: 3\r\n\r\nabc",
	       rewrite_request(out, sizeof(out), &m, &r));
}

static void a_datagram_without_a_length_gets_one(void **state)
{
	struct rewrite r = {.uri = SLICE("sip:new@h"), .decrement = true};

	(void)state;
	parse("INVITE sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP z\r\n" MORE
	      "\r\nabc");
	expect("INVITE sip:new@h SIP/2.0\r\nMax-Forwards: 70\r\n"
	       "Via: SIP/2.0/UDP z\r\n" MORE "Content-Length: 3\r\n\r\nabc",
	       rewrite_request(out, sizeof(out), &m, &r));
}

static void a_response_loses_its_topmost_via(void **state)
{
	(void)state;
	parse("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP edge\r\n"
	      "v: SIP/2.0/UDP phone\r\n" MORE "l: 0\r\n\r\n");
	expect("SIP/2.0 200 OK\r\nv: SIP/2.0/UDP phone\r\n" MORE "l: 0\r\n\r\n",
	       rewrite_response(out, sizeof(out), &m, (struct slice){0}));
	parse("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP edge ,\r\n SIP/2.0/UDP "
	      "phone\r\n" MORE "l: 0\r\n\r\n");
	expect("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP phone\r\n" MORE
	       "l: 0\r\n\r\n",
	       rewrite_response(out, sizeof(out), &m, (struct slice){0}));
	parse("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP edge\r\n" MORE "l: 0"
	      "\r\n\r\n");
	assert_int_equal(
		0, rewrite_response(out, sizeof(out), &m, (struct slice){0}));
}

static void a_response_that_comes_in_says_where_from(void **state)
{
	(void)state;
	parse("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP edge\r\n"
	      "X-Trestle-Source: 10.9.9.9:1;transport=udp\r\n"
	      "v: SIP/2.0/UDP phone\r\n" MORE "x-trestle-Error: 1 no\r\n"
	      "l: 0\r\n\r\n");
	expect("SIP/2.0 200 OK\r\n"
	       "X-Trestle-Source: 192.0.2.1:5060;transport=udp\r\n"
	       "v: SIP/2.0/UDP phone\r\n" MORE "l: 0\r\n\r\n",
	       rewrite_response(out, sizeof(out), &m,
	                        SLICE("192.0.2.1:5060;transport=udp")));
}

static void an_answer_has_what_it_must(void **state)
{
	struct address source;
	struct answer a = {.status = 503,
	                   .phrase = "Service Unavailable",
	                   .to_tag = SLICE("t"),
	                   .source = &source,
	                   .headers = "Retry-After: 5\r\n"};

	(void)state;
	assert_true(address_parse(&source, SLICE("10.1.1.1:5060")));
	parse("INVITE sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP 10.1.1.1\r\n" MORE
	      "Record-Route: <sip:r;lr>\r\nX-Mine: 1\r\nl: 3\r\n\r\nabc");
	expect("SIP/2.0 503 Service Unavailable\r\n"
	       "Via: SIP/2.0/UDP 10.1.1.1\r\nRecord-Route: <sip:r;lr>\r\n"
	       "From: <sip:a@b>;tag=f\r\nTo: <sip:c@d>;tag=t\r\n"
	       "Call-ID: id@x\r\nCSeq: 7 INVITE\r\nRetry-After: 5\r\n"
	       "Content-Length: 0\r\n\r\n",
	       rewrite_answer(out, sizeof(out), &m, &a));
}

static void what_does_not_fit_is_not_written(void **state)
{
	struct rewrite r = {.decrement = true};

	(void)state;
	parse("INVITE sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP z\r\n" MORE
	      "l: 0\r\n\r\n");
	for (size_t size = 0; size < 120; size++)
		assert_int_equal(0, rewrite_request(out, size, &m, &r));
}

TEST_MAIN(cmocka_unit_test(a_request_goes_in),
          cmocka_unit_test(a_datagram_without_a_length_gets_one),
          cmocka_unit_test(a_response_loses_its_topmost_via),
          cmocka_unit_test(a_response_that_comes_in_says_where_from),
          cmocka_unit_test(an_answer_has_what_it_must),
          cmocka_unit_test(what_does_not_fit_is_not_written))

/*
 * test_register.c - REGISTER with the real process: what is granted and refused
 */
#include "fixture.h"
#include "phone.h"
#include "unit/test.h"

static void open_phone(struct phone *p, const char *domain, const char *user)
{
	phone_open(p, fixture.sip, domain, user);
}

static void clear(struct phone *p)
{
	assert_int_equal(200, phone_register(p, "Contact: *\r\n"
	                                        "Expires: 0\r\n"));
	assert_int_equal(0, phone_contacts(p));
}

static void a_phone_registers_refreshes_and_leaves(void **state)
{
	struct phone p;

	(void)state;
	open_phone(&p, "a.example", "alice");
	assert_int_equal(401, phone_ask(&p, "Contact: <sip:a@192.0.2.1>\r\n"));
	assert_true(phone_said(&p, "realm=\"a.example\""));
	assert_non_null(strstr(phone_header(&p, "WWW-Authenticate", 0),
	                       "algorithm=SHA-256"));
	assert_non_null(strstr(phone_header(&p, "WWW-Authenticate", 1),
	                       "algorithm=MD5"));
	assert_int_equal(200, phone_sign(&p, "Contact: <sip:a@192.0.2.1>\r\n"
	                                     "Expires: 600\r\n"));
	assert_int_equal(1, phone_contacts(&p));
	assert_non_null(strstr(phone_header(&p, "Contact", 0),
	                       "<sip:a@192.0.2.1>;expires="));
	assert_true(phone_header(&p, "Date", 0)[0]);
	/* the nonce is good for the next one too */
	assert_int_equal(200, phone_sign(&p, "Contact: <sip:a@192.0.2.1>\r\n"
	                                     "Expires: 600\r\n"));
	assert_int_equal(200, phone_sign(&p, "Contact: <sip:a@192.0.2.1>;"
	                                     "expires=0\r\n"));
	assert_int_equal(0, phone_contacts(&p));
	phone_close(&p);
}

static void sha_256_is_accepted_as_well_as_md5(void **state)
{
	struct phone p;

	(void)state;
	open_phone(&p, "a.example", "alice");
	p.sha256 = true;
	assert_int_equal(200, phone_register(&p, ""));
	phone_close(&p);
	open_phone(&p, "md5.example", "alice");
	assert_int_equal(200, phone_register(&p, ""));
	p.sha256 = true;
	assert_int_equal(401, phone_ask(&p, ""));
	assert_false(phone_said(&p, "SHA-256"));
	phone_close(&p);
}

struct row {
	const char *name;
	const char *headers;
	unsigned status;
	const char *says; /* in the answer; NULL = anything */
};

#define TEN  "0123456789"
#define LONG TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define C    "Contact: <sip:a@192.0.2.1>"

// clang-format off
static const struct row rows[] = {
	{"no Contact asks", "", 200, NULL},
	{"* with Expires 3600", "Contact: *\r\nExpires: 3600\r\n", 400, NULL},
	{"* with another Contact", "Contact: *, <sip:a@192.0.2.1>\r\nExpires: 0\r\n", 400, NULL},
	{"* without Expires", "Contact: *\r\n", 400, NULL},
	{"Expires 1", C "\r\nExpires: 1\r\n", 423, "Min-Expires: 60"},
	{"Expires 59", C ";expires=59\r\n", 423, "Min-Expires: 60"},
	{"Expires 60", C ";expires=60\r\nExpires: 1\r\n", 200, ";expires=60"},
	{"Expires of 2^32", C ";expires=4294967296\r\n", 200, ";expires=3"},
	{"Expires of -1", C ";expires=-1\r\n", 200, ";expires=3"},
	{"Expires of abc", C ";expires=abc\r\n", 200, ";expires=3"},
	{"Expires header of abc", C "\r\nExpires: abc\r\n", 200, ";expires=3"},
	{"Expires header of 2^64", C "\r\nExpires: 18446744073709551616\r\n", 200, ";expires=3"},
	{"q of 1.5", C ";q=1.5\r\n", 400, NULL},
	{"q of 0.3", C ";q=0.3\r\n", 200, ";q=0.300"},
	{"an open quote", "Contact: \"x <sip:x@y>\r\n", 400, NULL},
	{"commas only", "Contact: ,,,\r\n", 400, NULL},
	{"no opening bracket", "Contact: sip:x@y>\r\n", 400, NULL},
	{"an unknown extension", "Require: foo, path\r\n", 420, "Unsupported: foo"},
	{"Path without support is stored, not echoed", C "\r\nPath: <sip:t@192.0.2.9;lr>\r\n", 200, NULL},
	{"Path with support is echoed", C "\r\nSupported: path\r\nPath: <sip:t@192.0.2.9;lr>\r\n", 200, "Path: <sip:t@192.0.2.9;lr>"},
	{"a long Path is kept whole", C "\r\nSupported: path\r\nPath: <sip:" LONG "@192.0.2.9:5070;transport=udp;lr;ob>\r\n", 200, "Path: <sip:" LONG "@192.0.2.9:5070;transport=udp;lr;ob>\r\n"},
	{"a flow of a device", C ";+sip.instance=\"<urn:uuid:1>\";reg-id=1\r\nSupported: path, outbound\r\n", 200, "Require: outbound"},
	{"the device is told", "", 200, "+sip.instance=\"<urn:uuid:1>\";reg-id=1"},
};
// clang-format on

static void each_row_is_answered_as_it_says(void **state)
{
	struct phone p;

	(void)state;
	open_phone(&p, "a.example", "bob");
	for (size_t i = 0; i < N_OF(rows); i++) {
		unsigned got = phone_register(&p, rows[i].headers);

		if (got != rows[i].status ||
		    (rows[i].says && !phone_said(&p, rows[i].says)))
			fail_msg("%s: %u, %s", rows[i].name, got, p.answer);
	}
	clear(&p);
	phone_close(&p);
}

static void register_nth(struct phone *p, int i, unsigned want)
{
	char contact[80];

	(void)snprintf(contact, sizeof(contact),
	               "Contact: <sip:a@192.0.2.%d>\r\n", i);
	assert_int_equal(want, phone_register(p, contact));
}

static void the_eleventh_device_is_refused_and_ten_stay(void **state)
{
	struct phone p;

	(void)state;
	open_phone(&p, "a.example", "carol");
	for (int i = 1; i <= 10; i++)
		register_nth(&p, i, 200);
	assert_int_equal(10, phone_contacts(&p));
	register_nth(&p, 11, 403);
	assert_non_null(
		strstr(phone_header(&p, "X-Trestle-Error", 0), "32007 "));
	assert_non_null(
		strstr(phone_header(&p, "X-Twilio-Error", 0), "32007 "));
	register_nth(&p, 7, 200); /* a refresh is none more */
	assert_int_equal(200, phone_register(&p, ""));
	assert_int_equal(10, phone_contacts(&p));
	redis_cli(&fixture.redis, "XREVRANGE alerts + - COUNT 1", "32007");
	clear(&p);
	phone_close(&p);
}

static void a_device_that_restarts_replaces_its_binding(void **state)
{
	struct phone p;
	char contact[160];

	(void)state;
	open_phone(&p, "a.example", "carol");
	for (int i = 0; i < 11; i++) {
		(void)snprintf(contact, sizeof(contact),
		               "Contact: <sip:c@192.0.2.1:%d>;"
		               "+sip.instance=\"<urn:uuid:7>\"\r\n",
		               6000 + i);
		(void)snprintf(p.call_id, sizeof(p.call_id), "boot-%d", i);
		assert_int_equal(200, phone_register(&p, contact));
		assert_int_equal(1, phone_contacts(&p));
	}
	/* the same Contact without the instance replaces it too */
	assert_int_equal(200, phone_register(&p, "Contact: "
	                                         "<sip:c@192.0.2.1:6010>\r\n"));
	assert_int_equal(1, phone_contacts(&p));
	/* two flows of one device are two bindings of one Contact */
	assert_int_equal(200,
	                 phone_register(&p, "Contact: <sip:c@192.0.2.1:6010>;"
	                                    "+sip.instance=\"<urn:uuid:7>\";"
	                                    "reg-id=1\r\n"));
	assert_int_equal(200,
	                 phone_register(&p, "Contact: <sip:c@192.0.2.1:6010>;"
	                                    "+sip.instance=\"<urn:uuid:7>\";"
	                                    "reg-id=2\r\n"));
	assert_int_equal(2, phone_contacts(&p));
	clear(&p);
	phone_close(&p);
}

#define TWO "Contact: <sip:one@192.0.2.1>\r\nContact: <sip:two@192.0.2.1>\r\n"

static void a_stale_contact_refuses_all_of_the_request(void **state)
{
	struct phone p;

	(void)state;
	open_phone(&p, "a.example", "dave");
	p.cseq = 100;
	assert_int_equal(
		200, phone_register(&p, "Contact: <sip:two@192.0.2.1>\r\n"));
	p.cseq = 50;
	assert_int_equal(500, phone_register(&p, TWO));
	(void)snprintf(p.call_id, sizeof(p.call_id), "another");
	assert_int_equal(200, phone_register(&p, ""));
	assert_int_equal(1, phone_contacts(&p));
	/* another Call-ID may start anywhere */
	p.cseq = 1;
	assert_int_equal(200, phone_register(&p, TWO));
	assert_int_equal(2, phone_contacts(&p));
	clear(&p);
	phone_close(&p);
}

static void the_same_cseq_is_a_repeat_or_refused(void **state)
{
	struct phone p;

	(void)state;
	open_phone(&p, "a.example", "dave");
	assert_int_equal(200, phone_register(&p, "Contact: <sip:d@h1>\r\n"));
	p.cseq--;
	assert_int_equal(200, phone_sign(&p, "Contact: <sip:d@h1>\r\n"));
	p.cseq--;
	assert_int_equal(500, phone_sign(&p, "Contact: <sip:d@h1>\r\n"
	                                     "Contact: <sip:d@h2>\r\n"));
	p.cseq--;
	assert_int_equal(500, phone_sign(&p, "Contact: <sip:d@h1>\r\n"
	                                     "Expires: 0\r\n"));
	assert_int_equal(200, phone_register(&p, ""));
	assert_int_equal(1, phone_contacts(&p));
	clear(&p);
	phone_close(&p);
}

static void redis_shows_a_binding_to_people(void **state)
{
	struct phone p;

	(void)state;
	open_phone(&p, "a.example", "dave");
	p.source = "203.0.113.7:40000;transport=tls";
	assert_int_equal(200,
	                 phone_register(&p, "Contact: <sip:d@10.0.0.1:5061>\r\n"
	                                    "Path: <sip:tok@192.0.2.9;lr>\r\n"
	                                    "User-Agent: Test/1\r\n"));
	redis_cli(&fixture.redis, "HGETALL aor:{dave@a.example}",
	          "\"source\":\"203.0.113.7:40000\",\"transport\":\"tls\"");
	redis_cli(&fixture.redis, "HGETALL aor:{dave@a.example}",
	          "\"path\":[\"<sip:tok@192.0.2.9;lr>\"]");
	redis_cli(&fixture.redis, "ZRANGE aors:a.example 0 -1", "dave");
	redis_cli(&fixture.redis, "PTTL aor:{dave@a.example}", "3");
	clear(&p);
	redis_cli(&fixture.redis, "EXISTS aor:{dave@a.example}", "0");
	redis_cli(&fixture.redis, "ZCARD aors:a.example", "0");
	phone_close(&p);
}

struct raw {
	const char *name;
	const char *text; /* after "REGISTER sip:a.example" */
	unsigned status;  /* 0 = no answer */
};

#define VIA  "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKr;rport\r\n"
#define FROM "From: <sip:alice@a.example>;tag=f\r\n"
#define TO   "To: <sip:alice@a.example>\r\n"
#define ID   "Call-ID: raw\r\n"
#define CSEQ "CSeq: 1 REGISTER\r\n"
#define END  "Content-Length: 0\r\n\r\n"

// clang-format off
static const struct raw raws[] = {
	{"all is there", " SIP/2.0\r\n" VIA FROM TO ID CSEQ END, 401},
	{"compact names", " SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bKr\r\nf: <sip:alice@a.example>;tag=f\r\nt: <sip:alice@a.example>\r\ni: x\r\n" CSEQ "l: 0\r\n\r\n", 401},
	{"another version", " SIP/3.0\r\n" VIA FROM TO ID CSEQ END, 505},
	{"From twice", " SIP/2.0\r\n" VIA FROM FROM TO ID CSEQ END, 400},
	{"To twice", " SIP/2.0\r\n" VIA FROM TO TO ID CSEQ END, 400},
	{"Call-ID twice", " SIP/2.0\r\n" VIA FROM TO ID ID CSEQ END, 400},
	{"another method in CSeq", " SIP/2.0\r\n" VIA FROM TO ID "CSeq: 1 INVITE\r\n" END, 400},
	{"a body that is not all there", " SIP/2.0\r\n" VIA FROM TO ID CSEQ "Content-Length: 10\r\n\r\nx", 400},
	{"no Via", " SIP/2.0\r\n" FROM TO ID CSEQ END, 0},
	{"no To", " SIP/2.0\r\n" VIA FROM ID CSEQ END, 0},
	{"no CSeq", " SIP/2.0\r\n" VIA FROM TO ID END, 0},
	{"noise", "\r\n\r\n\x01\x02", 0},
};
// clang-format on

static void each_raw_message_is_answered_as_it_says(void **state)
{
	struct phone p;
	char text[2048];

	(void)state;
	open_phone(&p, "a.example", "alice");
	p.cseq = 1;
	for (size_t i = 0; i < N_OF(raws); i++) {
		unsigned got;

		(void)snprintf(text, sizeof(text), "REGISTER sip:a.example%s",
		               raws[i].text);
		p.wait_ms = raws[i].status ? PHONE_WAIT_MS : PHONE_SILENCE_MS;
		got = phone_send_raw(&p, text);
		if (got != raws[i].status)
			fail_msg("%s: %u %s", raws[i].name, got, p.answer);
	}
	phone_close(&p);
}

static void an_answer_repeats_each_via_and_says_where_it_went(void **state)
{
	struct phone p;
	char want[256];

	(void)state;
	open_phone(&p, "a.example", "alice");
	p.cseq = 1;
	assert_int_equal(
		401,
		phone_send_raw(
			&p, "REGISTER sip:a.example SIP/2.0\r\n"
			    "Via: SIP/2.0/UDP h1:1;rport;branch=z9hG4bKa,\r\n"
			    " SIP/2.0/UDP h2;branch=z9hG4bKb\r\n"
			    "v: SIP/2.0/TCP h3;branch=z9hG4bKc\r\n" FROM TO ID
				    CSEQ END));
	(void)snprintf(want, sizeof(want),
	               "Via: SIP/2.0/UDP h1:1;branch=z9hG4bKa;"
	               "received=127.0.0.1;rport=%u\r\n"
	               "Via: SIP/2.0/UDP h2;branch=z9hG4bKb\r\n"
	               "v: SIP/2.0/TCP h3;branch=z9hG4bKc\r\nFrom:",
	               p.port);
	assert_true(phone_said(&p, want));
	phone_close(&p);
}

static void other_methods_are_refused(void **state)
{
	static const char *const methods[] = {"INVITE", "OPTIONS", "MESSAGE",
	                                      "SUBSCRIBE", "FOO"};
	struct phone p;
	char text[512];

	(void)state;
	open_phone(&p, "a.example", "alice");
	for (size_t i = 0; i < N_OF(methods); i++) {
		p.cseq = (unsigned)i + 1;
		(void)snprintf(
			text, sizeof(text),
			"%s sip:a.example SIP/2.0\r\n"
			"Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKm%zu"
			"\r\nMax-Forwards: 70\r\n"
			"From: <sip:x@a.example>;tag=f\r\n"
			"To: <sip:y@a.example>\r\n"
			"Call-ID: m%zu\r\nCSeq: %u %s\r\n"
			"Contact: <sip:x@127.0.0.1>\r\n"
			"Content-Length: 0\r\n\r\n",
			methods[i], p.port, i, i, p.cseq, methods[i]);
		assert_int_equal(405, phone_send_raw(&p, text));
		assert_string_equal("REGISTER", phone_header(&p, "Allow", 0));
	}
	phone_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_phone_registers_refreshes_and_leaves),
		cmocka_unit_test(sha_256_is_accepted_as_well_as_md5),
		cmocka_unit_test(each_row_is_answered_as_it_says),
		cmocka_unit_test(the_eleventh_device_is_refused_and_ten_stay),
		cmocka_unit_test(a_device_that_restarts_replaces_its_binding),
		cmocka_unit_test(a_stale_contact_refuses_all_of_the_request),
		cmocka_unit_test(the_same_cseq_is_a_repeat_or_refused),
		cmocka_unit_test(redis_shows_a_binding_to_people),
		cmocka_unit_test(each_raw_message_is_answered_as_it_says),
		cmocka_unit_test(
			an_answer_repeats_each_via_and_says_where_it_went),
		cmocka_unit_test(other_methods_are_refused),
	};

	return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}

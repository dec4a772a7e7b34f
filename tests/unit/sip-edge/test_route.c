/*
 * test_route.c - which request goes where, and what is answered here
 */
#include "core/route.h"

#include "unit/test.h"

static struct message m;
static struct route_self self;
static struct token_key *key;

static int open_self(void **state)
{
	static const uint8_t secret[TOKEN_SECRET] = {7};

	(void)state;
	self.advertise = SLICE("sip.example.com");
	if (!address_parse(&self.internal, SLICE("10.0.0.5:5070")))
		return 1;
	return token_key_alloc(&key, secret);
}

static int close_self(void **state)
{
	(void)state;
	token_key_free(key);
	return 0;
}

/* A request with this method, Request-URI, To and more header lines */
static void make(const char *method, const char *uri, const char *to,
                 const char *more)
{
	static char text[4096];
	int n = snprintf(text, sizeof(text),
	                 "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;"
	                 "branch=z9hG4bKa\r\nFrom: <sip:a@b>;tag=f\r\nTo: %s"
	                 "\r\nCall-ID: id@x\r\nCSeq: 7 %s\r\n%s\r\n",
	                 method, uri, to, method, more);

	assert_int_equal(MESSAGE_REQUEST, message_parse(&m, text, (size_t)n));
}

#define PHONE  "<sip:c@D.example.com>"
#define DIALOG "<sip:c@d>;tag=t"
#define OURS   "sip:CA1-2@10.0.0.9:5080;owner=call-controller-2"

static const struct {
	const char *name, *method, *uri, *to, *more;
	enum route_action action;
	unsigned status;
	const char *key;
} outside[] = {
	{"REGISTER goes to a registrar by its AoR", "REGISTER", "sip:d", PHONE,
         "", ROUTE_REGISTRAR, 0, "c@d.example.com"},
	{"INVITE goes to a controller by its Call-ID", "INVITE", "sip:c@d",
         PHONE, "", ROUTE_CONTROLLER, 0, "id@x"},
	{"a telephone number too", "INVITE", "tel:+14155550100", PHONE, "",
         ROUTE_CONTROLLER, 0, "id@x"},
	{"CANCEL follows its INVITE", "CANCEL", "sip:c@d", PHONE, "",
         ROUTE_CONTROLLER, 0, "id@x"},
	{"ACK of a failure follows its INVITE", "ACK", "sip:c@d", DIALOG, "",
         ROUTE_CONTROLLER, 0, "id@x"},
	{"BYE goes to the owner, by its CallSid", "BYE", OURS, DIALOG, "",
         ROUTE_CONTROLLER, 0, "CA1"},
	{"a MESSAGE in a dialog too", "MESSAGE", OURS, DIALOG, "",
         ROUTE_CONTROLLER, 0, "CA1"},
	{"a strict router's Request-URI is the last Route", "BYE",
         "sip:sip.example.com;lr", DIALOG, "Route: <" OURS ">\r\n",
         ROUTE_CONTROLLER, 0, "CA1"},
	{"OPTIONS is answered", "OPTIONS", "sip:d", PHONE, "", ROUTE_ANSWER,
         200, ""},
	{"OPTIONS that requires is refused", "OPTIONS", "sip:d", PHONE,
         "Require: foo\r\n", ROUTE_ANSWER, 420, ""},
	{"a keep-alive NOTIFY is answered", "NOTIFY", "sip:d", PHONE,
         "Event: keep-alive\r\n", ROUTE_ANSWER, 200, ""},
	{"another NOTIFY has no subscription", "NOTIFY", "sip:d", PHONE,
         "Event: talk\r\n", ROUTE_ANSWER, 481, ""},
	{"MESSAGE", "MESSAGE", "sip:d", PHONE, "", ROUTE_ANSWER, 405, ""},
	{"REFER", "REFER", "sip:d", PHONE, "", ROUTE_ANSWER, 405, ""},
	{"SUBSCRIBE", "SUBSCRIBE", "sip:d", PHONE, "", ROUTE_ANSWER, 489, ""},
	{"PUBLISH", "PUBLISH", "sip:d", PHONE, "", ROUTE_ANSWER, 489, ""},
	{"BYE without a dialog", "BYE", "sip:d", PHONE, "", ROUTE_ANSWER, 481,
         ""},
	{"INFO without a dialog", "INFO", "sip:d", PHONE, "", ROUTE_ANSWER, 481,
         ""},
	{"UPDATE without a dialog", "UPDATE", "sip:d", PHONE, "", ROUTE_ANSWER,
         481, ""},
	{"PRACK without a dialog", "PRACK", "sip:d", PHONE, "", ROUTE_ANSWER,
         481, ""},
	{"an unknown method", "FOO", "sip:d", PHONE, "", ROUTE_ANSWER, 501, ""},
	{"no hops left", "INVITE", "sip:d", PHONE, "Max-Forwards: 0\r\n",
         ROUTE_ANSWER, 483, ""},
	{"an ACK with no hops left is dropped", "ACK", "sip:d", DIALOG,
         "Max-Forwards: 0\r\n", ROUTE_DROP, 0, ""},
	{"a scheme that is not ours", "INVITE", "isbn:2983792873", PHONE, "",
         ROUTE_ANSWER, 416, ""},
	{"Proxy-Require", "INVITE", "sip:d", PHONE, "Proxy-Require: sec\r\n",
         ROUTE_ANSWER, 420, ""},
	{"a scanner", "OPTIONS", "sip:d", PHONE,
         "User-Agent: friendly-scanner\r\n", ROUTE_DROP, 0, ""},
};

static void requests_from_outside(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(outside); i++) {
		struct route r;

		make(outside[i].method, outside[i].uri, outside[i].to,
		     outside[i].more);
		route_outside(&r, &m, &self);
		if (r.action != outside[i].action ||
		    r.answer.status != outside[i].status ||
		    strcmp(r.key, outside[i].key) != 0)
			fail_msg("%s: %d %u %s", outside[i].name, (int)r.action,
			         r.answer.status, r.key);
	}
}

static void all_routes_of_the_outside_are_taken_off(void **state)
{
	struct route r;

	(void)state;
	make("INVITE", "sip:c@d", PHONE,
	     "Route: <sip:evil.example;lr>, <sip:127.0.0.1:6379;lr>\r\n");
	route_outside(&r, &m, &self);
	assert_int_equal(ROUTE_CONTROLLER, r.action);
	assert_int_equal(2, r.routes);
}

static void a_draining_edge_takes_no_new_calls(void **state)
{
	struct route r;

	(void)state;
	self.draining = true;
	make("INVITE", "sip:c@d", PHONE, "");
	route_outside(&r, &m, &self);
	assert_int_equal(503, r.answer.status);
	make("OPTIONS", "sip:c@d", PHONE, "");
	route_outside(&r, &m, &self);
	assert_int_equal(503, r.answer.status);
	make("BYE", OURS, DIALOG, "");
	route_outside(&r, &m, &self);
	assert_int_equal(ROUTE_CONTROLLER, r.action);
	self.draining = false;
}

static void a_token_in_the_route_names_the_flow(void **state)
{
	struct flow flow = {
		.transport = TRANSPORT_TCP, .boot = 9, .connection = 77};
	char token[TOKEN_SIZE];
	char route[256];
	struct route r;

	(void)state;
	assert_true(address_parse(&flow.peer, SLICE("192.0.2.9:4000")));
	token_make(key, TOKEN_ROUTE, &flow, token);
	(void)snprintf(route, sizeof(route),
	               "Route: <sip:%s@10.0.0.5:5070;lr>, "
	               "<sip:sip.example.com:5060;transport=tcp;lr>, "
	               "<sip:further.example.com;lr>\r\n",
	               token);
	make("INVITE", "sip:c@d", PHONE, route);
	route_inside(&r, &m, &self, key);
	assert_int_equal(ROUTE_FLOW, r.action);
	assert_int_equal(77, r.flow.connection);
	assert_int_equal(2, r.routes);
}

static void the_token_of_another_edge_is_as_good(void **state)
{
	struct flow flow = {.transport = TRANSPORT_UDP};
	char token[TOKEN_SIZE];
	char route[256];
	struct route r;

	(void)state;
	assert_true(address_parse(&flow.peer, SLICE("192.0.2.9:4000")));
	token_make(key, TOKEN_ROUTE, &flow, token);
	(void)snprintf(route, sizeof(route),
	               "Route: <sip:%s@10.0.0.6:5070;lr>\r\n", token);
	make("INVITE", "sip:c@d", PHONE, route);
	route_inside(&r, &m, &self, key);
	assert_int_equal(ROUTE_FLOW, r.action);
}

static void without_a_token_it_goes_to_the_uri(void **state)
{
	struct route r;

	(void)state;
	make("INVITE", "sip:c@carrier.example;transport=tcp", PHONE,
	     "Route: <sip:10.0.0.5:5070;lr>\r\n");
	route_inside(&r, &m, &self, key);
	assert_int_equal(ROUTE_URI, r.action);
	assert_int_equal(1, r.routes);
	assert_true(slice_eq(r.target.host, SLICE("carrier.example")));
	make("INVITE", "sip:c@carrier.example", PHONE,
	     "Route: <sip:10.0.0.5:5070;lr>, <sip:proxy.example:5070;lr>\r\n");
	route_inside(&r, &m, &self, key);
	assert_true(slice_eq(r.target.host, SLICE("proxy.example")));
	assert_int_equal(1, r.routes);
	make("INVITE", "sip:c@d", PHONE,
	     "Route: <sip:forged@10.0.0.5:5070;lr>\r\n");
	route_inside(&r, &m, &self, key);
	assert_int_equal(ROUTE_URI, r.action);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_from_outside),
		cmocka_unit_test(all_routes_of_the_outside_are_taken_off),
		cmocka_unit_test(a_draining_edge_takes_no_new_calls),
		cmocka_unit_test(a_token_in_the_route_names_the_flow),
		cmocka_unit_test(the_token_of_another_edge_is_as_good),
		cmocka_unit_test(without_a_token_it_goes_to_the_uri),
	};

	return cmocka_run_group_tests(tests, open_self, close_self);
}

/*
 * test_call.c - a real controller and the calls of two phones behind an edge
 */
#include <signal.h>

#include "phone.h"
#include "platform.h"
#include "unit/test.h"

#define SDP                                                                    \
	"Content-Type: application/sdp\n\n"                                    \
	"v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n"      \
	"m=audio 4000 RTP/AVP 0 101\na=rtpmap:0 PCMU/8000\n"                   \
	"a=rtpmap:101 telephone-event/8000\n"

static const char dial_bob[] =
	"<Response><Dial answerOnBridge=\"true\">"
	"<Sip>sip:bob@acme.example</Sip></Dial></Response>";

/* One call between alice, who calls, and bob */
struct dialogs {
	char callid[64];   /* of alice */
	char contact[256]; /* of the controller towards alice */
	char tag[64];
	char child_from[256], child_to[256], child_callid[128];
	char child_contact[256];
	char sid[35];
};

static void reset(struct platform *p, const char *document)
{
	p->document = document;
	p->bindings[0] = "sip:bob@192.0.2.2:5062";
	p->bindings[1] = NULL;
	p->verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__USER;
	p->n_notes = p->fetches = p->puts = p->releases = 0;
	p->authorizations = 0;
	while (p->edge.n)
		free(p->edge.inbox[--p->edge.n]);
}

static void uri_of(const char *header, char *out, size_t size)
{
	const char *at = strchr(header, '<');

	assert_non_null(at);
	snprintf(out, size, "%.*s", (int)strcspn(at + 1, ">"), at + 1);
}

static void tag_of(const char *header, char *out, size_t size)
{
	const char *at = strstr(header, ";tag=");

	assert_non_null(at);
	snprintf(out, size, "%s", at + 5);
}

static void send_invite(struct platform *p, struct dialogs *d, const char *more)
{
	static unsigned n;

	memset(d, 0, sizeof(*d));
	snprintf(d->callid, sizeof(d->callid), "alice-%u-%d", ++n,
	         (int)p->controller[0]);
	phone_send(&p->edge,
	           "INVITE sip:bob@acme.example SIP/2.0\n"
	           "Via: SIP/2.0/UDP %s;branch=z9hG4bK-%s\n"
	           "Record-Route: <sip:flow-a@%s;lr>\n"
	           "X-Trestle-Source: 192.0.2.1:5061;transport=udp\n"
	           "From: <sip:alice@acme.example>;tag=a\n"
	           "To: <sip:bob@acme.example>\n"
	           "Call-ID: %s\nCSeq: 1 INVITE\n"
	           "Contact: <sip:alice@192.0.2.1:5061>\n"
	           "Max-Forwards: 70\nX-Color: red\n%s" SDP,
	           p->edge.address, d->callid, p->edge.address, d->callid,
	           more);
}

/* In alice's dialog; @p cseq counts on */
static void send_in_dialog(struct platform *p, const struct dialogs *d,
                           const char *method, unsigned cseq, const char *more)
{
	phone_send(&p->edge,
	           "%s %s SIP/2.0\n"
	           "Via: SIP/2.0/UDP %s;branch=z9hG4bK-%s-%s-%u\n"
	           "From: <sip:alice@acme.example>;tag=a\n"
	           "To: <sip:bob@acme.example>;tag=%s\n"
	           "Call-ID: %s\nCSeq: %u %s\nMax-Forwards: 70\n%s",
	           method, d->contact, p->edge.address, d->callid, method, cseq,
	           d->tag, d->callid, cseq, method, more);
}

/* In bob's dialog, from bob */
static void send_from_bob(struct platform *p, const struct dialogs *d,
                          const char *method, unsigned cseq)
{
	phone_send(&p->edge,
	           "%s %s SIP/2.0\n"
	           "Via: SIP/2.0/UDP %s;branch=z9hG4bK-%s-%s-%u\n"
	           "From: %s\nTo: %s\n"
	           "Call-ID: %s\nCSeq: %u %s\nMax-Forwards: 70",
	           method, d->child_contact, p->edge.address, d->sid, method,
	           cseq, d->child_to, d->child_from, d->child_callid, cseq,
	           method);
}

/* bob's phone gets its INVITE; it stays the present message */
static void wait_child(struct platform *p, struct dialogs *d)
{
	struct phone *edge = &p->edge;

	phone_wait(edge, "INVITE sip:bob@192.0.2.2:5062", "");
	snprintf(d->child_callid, sizeof(d->child_callid), "%s",
	         phone_header(edge, "Call-ID"));
	snprintf(d->child_from, sizeof(d->child_from), "%s",
	         phone_header(edge, "From"));
	snprintf(d->child_to, sizeof(d->child_to), "%s;tag=b",
	         phone_header(edge, "To"));
	uri_of(phone_header(edge, "Contact"), d->child_contact,
	       sizeof(d->child_contact));
	snprintf(d->sid, sizeof(d->sid), "%s", d->child_contact + 4);
}

static void answer_child(struct platform *p)
{
	char more[1024];

	snprintf(more, sizeof(more),
	         "Record-Route: <sip:token@%s;lr>\n"
	         "Contact: <sip:bob@192.0.2.2:5062>\n" SDP,
	         p->edge.address);
	phone_answer(&p->edge, "200 OK", "b", more);
}

static void wait_answer(struct platform *p, struct dialogs *d)
{
	struct phone *edge = &p->edge;

	phone_wait(edge, "SIP/2.0 200", "INVITE");
	uri_of(phone_header(edge, "Contact"), d->contact, sizeof(d->contact));
	tag_of(phone_header(edge, "To"), d->tag, sizeof(d->tag));
	send_in_dialog(p, d, "ACK", 1, "");
}

/* A bridged call: alice and bob talk */
static void bridge(struct platform *p, struct dialogs *d)
{
	reset(p, dial_bob);
	send_invite(p, d, "");
	phone_wait(&p->edge, "SIP/2.0 100", d->callid);
	phone_wait(&p->edge, "SIP/2.0 180", d->callid);
	wait_child(p, d);
	phone_answer(&p->edge, "180 Ringing", "b", "");
	answer_child(p);
	phone_wait(&p->edge, "ACK sip:bob@192.0.2.2:5062", d->child_callid);
	wait_answer(p, d);
}

static void expect_record(struct platform *p, const struct dialogs *d,
                          const char *field, const char *expect)
{
	char key[64];

	snprintf(key, sizeof(key), "call:{%s}", d->sid);
	platform_expect(p, key, field, expect);
}

static bool has_note(void *arg)
{
	const struct platform *p = arg;

	return p->n_notes > 0;
}

/* ---- cases -------------------------------------------------------------------- */

static void a_call_is_bridged_and_hung_up_by_the_caller(void **state)
{
	struct platform *p = *state;
	struct dialogs d;

	bridge(p, &d);
	expect_record(p, &d, "status", "in-progress");
	assert_non_null(strstr(p->params, "SipDomain=acme.example\n"));
	assert_non_null(strstr(p->params, "SipHeader_X-Color=red\n"));
	assert_non_null(strstr(p->params, "From=sip:alice@acme.example\n"));
	send_in_dialog(p, &d, "BYE", 2, "");
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	phone_wait(&p->edge, "BYE sip:bob@192.0.2.2:5062", d.child_callid);
	assert_non_null(strstr(phone_header(&p->edge, "Route"), "token@"));
	phone_answer(&p->edge, "200 OK", "", "");
	expect_record(p, &d, "status", "completed");
	expect_record(p, &d, "duration", "1");
	expect_record(p, &d, "packets_received", "50");
	assert_true(run_until(p->loop, has_note, p, 5000));
	assert_int_equal(1, p->fetches);
	assert_int_equal(1, p->releases);
}

static void the_callee_hangs_up(void **state)
{
	struct platform *p = *state;
	struct dialogs d;

	bridge(p, &d);
	send_from_bob(p, &d, "BYE", 1);
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	phone_wait(&p->edge, "BYE sip:alice@192.0.2.1:5061", d.callid);
	assert_non_null(strstr(phone_header(&p->edge, "Route"), "flow-a@"));
	phone_answer(&p->edge, "200 OK", "", "");
	expect_record(p, &d, "status", "completed");
}

static void a_cancelled_call_cancels_its_child(void **state)
{
	struct platform *p = *state;
	struct dialogs d;

	reset(p, dial_bob);
	send_invite(p, &d, "");
	wait_child(p, &d);
	phone_answer(&p->edge, "180 Ringing", "b", "");
	phone_send(&p->edge,
	           "CANCEL sip:bob@acme.example SIP/2.0\n"
	           "Via: SIP/2.0/UDP %s;branch=z9hG4bK-%s\n"
	           "From: <sip:alice@acme.example>;tag=a\n"
	           "To: <sip:bob@acme.example>\n"
	           "Call-ID: %s\nCSeq: 1 CANCEL\nMax-Forwards: 70",
	           p->edge.address, d.callid, d.callid);
	phone_wait(&p->edge, "SIP/2.0 200", "CANCEL");
	phone_wait(&p->edge, "SIP/2.0 487", d.callid);
	phone_wait(&p->edge, "CANCEL sip:bob@192.0.2.2:5062", "");
	phone_answer(&p->edge, "200 OK", "b", "");
	expect_record(p, &d, "status", "canceled");
}

static void a_busy_callee_makes_the_caller_hear_busy(void **state)
{
	struct platform *p = *state;
	struct dialogs d;

	reset(p, dial_bob);
	send_invite(p, &d, "");
	wait_child(p, &d);
	phone_answer(&p->edge, "486 Busy Here", "b", "");
	phone_wait(&p->edge, "ACK sip:bob@192.0.2.2:5062", "");
	phone_wait(&p->edge, "SIP/2.0 486", d.callid);
	expect_record(p, &d, "status", "busy");
}

static void a_retransmitted_invite_makes_one_call(void **state)
{
	struct platform *p = *state;
	struct dialogs d;

	reset(p, dial_bob);
	send_invite(p, &d, "");
	wait_child(p, &d);
	phone_send(&p->edge,
	           "INVITE sip:bob@acme.example SIP/2.0\n"
	           "Via: SIP/2.0/UDP %s;branch=z9hG4bK-other\n"
	           "X-Trestle-Source: 192.0.2.1:5061;transport=udp\n"
	           "From: <sip:alice@acme.example>;tag=a\n"
	           "To: <sip:bob@acme.example>\n"
	           "Call-ID: %s\nCSeq: 1 INVITE\n"
	           "Contact: <sip:alice@192.0.2.1:5061>\nMax-Forwards: 70",
	           p->edge.address, d.callid);
	phone_wait(&p->edge, "SIP/2.0 482", d.callid);
	assert_int_equal(1, p->authorizations);
	assert_int_equal(1, p->fetches);
}

static void a_caller_without_credentials_is_challenged(void **state)
{
	struct platform *p = *state;
	struct dialogs d;

	reset(p, dial_bob);
	p->verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__CHALLENGE;
	send_invite(p, &d, "");
	phone_wait(&p->edge, "SIP/2.0 407", d.callid);
	assert_string_equal("Digest realm=\"acme.example\", nonce=\"n\"",
	                    phone_header(&p->edge, "Proxy-Authenticate"));
	p->verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__REJECT;
	send_invite(p, &d, "");
	phone_wait(&p->edge, "SIP/2.0 407", d.callid);
	assert_string_equal("32201 source IP Address not in ACL",
	                    phone_header(&p->edge, "X-Trestle-Error"));
	assert_int_equal(0, p->fetches);
}

static void an_unknown_extension_is_refused(void **state)
{
	struct platform *p = *state;
	struct dialogs d;

	reset(p, dial_bob);
	send_invite(p, &d, "Require: foo\n");
	phone_wait(&p->edge, "SIP/2.0 420", d.callid);
	assert_string_equal("foo", phone_header(&p->edge, "Unsupported"));
	assert_int_equal(0, p->authorizations);
}

static void a_reinvite_is_answered(void **state)
{
	struct platform *p = *state;
	struct dialogs d;

	bridge(p, &d);
	send_in_dialog(p, &d, "INVITE", 2,
	               "Contact: <sip:alice@192.0.2.1:5061>\n" SDP);
	phone_wait(&p->edge, "SIP/2.0 200", "2 INVITE");
	assert_non_null(strstr(p->edge.now, "m=audio"));
	send_in_dialog(p, &d, "ACK", 2, "");
	send_in_dialog(p, &d, "BYE", 3, "");
	phone_wait(&p->edge, "BYE sip:bob@192.0.2.2:5062", d.child_callid);
	phone_answer(&p->edge, "200 OK", "", "");
	expect_record(p, &d, "status", "completed");
}

static void a_number_of_ours_becomes_a_call_of_its_own(void **state)
{
	struct platform *p = *state;
	struct dialogs d;

	reset(p, "<Response><Dial answerOnBridge=\"true\" "
	         "callerId=\"+15550100\"><Number>+15550100</Number></Dial>"
	         "</Response>");
	p->number_document = dial_bob;
	send_invite(p, &d, "");
	wait_child(p, &d);
	assert_int_equal(2, p->fetches);
	assert_non_null(strstr(p->params, "From=+15550100\n"));
	phone_answer(&p->edge, "486 Busy Here", "b", "");
	phone_wait(&p->edge, "SIP/2.0 486", d.callid);
	expect_record(p, &d, "status", "busy");
}

static void a_killed_controller_goes_on_with_its_calls(void **state)
{
	struct platform *p = *state;
	struct dialogs d;

	bridge(p, &d);
	expect_record(p, &d, "status", "in-progress");
	expect_record(p, &d, "owner", "call-controller-1");
	platform_kill(p, 0, SIGKILL);
	platform_start(p, 0);
	send_in_dialog(p, &d, "BYE", 2, "");
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	phone_wait(&p->edge, "BYE sip:bob@192.0.2.2:5062", d.child_callid);
	phone_answer(&p->edge, "200 OK", "", "");
	expect_record(p, &d, "status", "completed");
	assert_true(p->epoch > 1);
}

static void another_controller_adopts_the_calls_of_a_dead_one(void **state)
{
	struct platform *p = *state;
	struct dialogs d;

	bridge(p, &d);
	expect_record(p, &d, "owner", "call-controller-1");
	platform_start(p, 1);
	platform_kill(p, 0, SIGKILL);
	/* At once: before the second has noticed that the first is dead */
	send_from_bob(p, &d, "BYE", 1);
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	phone_wait(&p->edge, "BYE sip:alice@192.0.2.1:5061", d.callid);
	phone_answer(&p->edge, "200 OK", "", "");
	expect_record(p, &d, "status", "completed");
	platform_kill(p, 1, SIGKILL);
	platform_start(p, 0);
}

static void a_request_for_a_call_that_nobody_has_is_refused(void **state)
{
	struct platform *p = *state;
	struct dialogs d;

	reset(p, dial_bob);
	memset(&d, 0, sizeof(d));
	snprintf(d.callid, sizeof(d.callid), "gone");
	snprintf(d.tag, sizeof(d.tag), "x");
	snprintf(d.contact, sizeof(d.contact),
	         "sip:CA00000000000000000000000000000009-1@127.0.7.1:5070");
	send_in_dialog(p, &d, "BYE", 2, "");
	phone_wait(&p->edge, "SIP/2.0 481", "BYE");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_bridged_and_hung_up_by_the_caller),
		cmocka_unit_test(the_callee_hangs_up),
		cmocka_unit_test(a_cancelled_call_cancels_its_child),
		cmocka_unit_test(a_busy_callee_makes_the_caller_hear_busy),
		cmocka_unit_test(a_retransmitted_invite_makes_one_call),
		cmocka_unit_test(a_caller_without_credentials_is_challenged),
		cmocka_unit_test(an_unknown_extension_is_refused),
		cmocka_unit_test(a_reinvite_is_answered),
		cmocka_unit_test(a_number_of_ours_becomes_a_call_of_its_own),
		cmocka_unit_test(a_killed_controller_goes_on_with_its_calls),
		cmocka_unit_test(
			another_controller_adopts_the_calls_of_a_dead_one),
		cmocka_unit_test(
			a_request_for_a_call_that_nobody_has_is_refused),
	};

	return cmocka_run_group_tests(tests, platform_open, platform_close);
}

/*
 * test_call.c - a real controller and the calls of two phones behind an edge
 */
#include "phone.h"
#include "platform.h"
#include "talk.h"
#include "unit/test.h"

static bool has_note(void *arg)
{
	const struct platform *p = arg;

	return p->n_notes > 0;
}

static void expect_gone(struct platform *p, const struct talk *d,
                        const char *field)
{
	char words[128];

	snprintf(words, sizeof(words), "HEXISTS call:{%s} %s", d->sid, field);
	redis_cli(&p->redis_server, words, "0");
}

static void a_call_is_bridged_and_hung_up_by_the_caller(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_bridge(p, &d);
	talk_expect(p, &d, "status", "in-progress");
	assert_non_null(strstr(p->params, "SipDomain=acme.example\n"));
	assert_non_null(strstr(p->params, "SipHeader_X-Color=red\n"));
	assert_non_null(strstr(p->params, "From=sip:alice@acme.example\n"));
	talk_from_alice(p, &d, "BYE", 2, "");
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	phone_wait(&p->edge, "BYE sip:bob@192.0.2.2:5062", d.child_callid);
	assert_non_null(strstr(phone_header(&p->edge, "Route"), "token@"));
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
	talk_expect(p, &d, "packets_received", "50");
	expect_gone(p, &d, "call_status");
	expect_gone(p, &d, "last_dial_status");
	expect_gone(p, &d, "owner");
	assert_true(run_until(p->loop, has_note, p, 5000));
	assert_int_equal(1, p->fetches);
	assert_int_equal(1, p->releases);
}

static void the_callee_hangs_up(void **state)
{
	struct platform *p = *state;
	char words[128];
	struct talk d;

	talk_bridge(p, &d);
	snprintf(words, sizeof(words), "SCARD call:{%s}:children", d.sid);
	redis_cli(&p->redis_server, words, "1");
	talk_expect(p, &d, "domain_sid", "SD00000000000000000000000000000001");
	talk_from_bob(p, &d, "BYE", 1);
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	phone_wait(&p->edge, "BYE sip:alice@192.0.2.1:5061", d.callid);
	assert_non_null(strstr(phone_header(&p->edge, "Route"), "flow-a@"));
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
	talk_expect(p, &d, "disconnected_by", "callee");
}

/* alice gives up */
static void cancel(struct platform *p, const struct talk *d)
{
	phone_send(&p->edge,
	           "CANCEL sip:bob@acme.example SIP/2.0\n"
	           "Via: SIP/2.0/UDP %s;branch=z9hG4bK-%s\n"
	           "From: <sip:alice@acme.example>;tag=a\n"
	           "To: <sip:bob@acme.example>\n"
	           "Call-ID: %s\nCSeq: 1 CANCEL\nMax-Forwards: 70",
	           p->edge.address, d->callid, d->callid);
	phone_wait(&p->edge, "SIP/2.0 200", "CANCEL");
}

/* the caller gives up while bob's phone has answered no more than @p progress */
static void cancel_at(struct platform *p, const char *progress)
{
	struct talk d;

	talk_reset(p, talk_dial_bob);
	talk_invite(p, &d, "");
	talk_wait_child(p, &d);
	phone_answer(&p->edge, progress, "b", "");
	cancel(p, &d);
	phone_wait(&p->edge, "SIP/2.0 487", d.callid);
	phone_wait(&p->edge, "CANCEL sip:bob@192.0.2.2:5062", "");
	phone_answer(&p->edge, "200 OK", "b", "");
	talk_expect(p, &d, "status", "canceled");
}

static void a_cancelled_call_cancels_its_child(void **state)
{
	cancel_at(*state, "180 Ringing");
}

static void a_child_that_is_only_trying_is_cancelled_too(void **state)
{
	cancel_at(*state, "100 Trying");
}

/* @p crossing: it answers before our CANCEL reaches it */
static void silent_phone(struct platform *p, bool crossing)
{
	struct talk d;
	char more[512];

	talk_reset(p, talk_dial_bob);
	talk_invite(p, &d, "");
	talk_wait_child(p, &d);
	redis_cli(&p->redis_server, "ZRANGE calls:live 0 -1", d.sid);
	cancel(p, &d);
	phone_wait(&p->edge, "SIP/2.0 487", d.callid);
	talk_expect(p, &d, "status", "canceled");
	redis_cli(&p->redis_server, "ZCARD calls:live", "0");
	snprintf(more, sizeof(more),
	         "Record-Route: <sip:token@%s;lr>\n"
	         "Contact: <sip:bob@192.0.2.2:5062>\n" TALK_SDP,
	         p->edge.address);
	phone_wait(&p->edge, "INVITE sip:bob@192.0.2.2:5062", d.child_callid);
	if (crossing) {
		phone_answer(&p->edge, "200 OK", "b", more);
		phone_wait(&p->edge, "ACK sip:bob@192.0.2.2:5062", "");
		phone_wait(&p->edge, "BYE sip:bob@192.0.2.2:5062", "");
	} else {
		phone_answer(&p->edge, "180 Ringing", "b", "");
		phone_wait(&p->edge, "CANCEL sip:bob@192.0.2.2:5062", "");
	}
	phone_answer(&p->edge, "200 OK", "b", "");
}

static void a_silent_phone_does_not_keep_the_call(void **state)
{
	silent_phone(*state, false);
}

static void a_silent_phone_that_answers_late_is_hung_up(void **state)
{
	silent_phone(*state, true);
}

static void a_busy_callee_makes_the_caller_hear_busy(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_reset(p, talk_dial_bob);
	talk_invite(p, &d, "");
	talk_wait_child(p, &d);
	phone_answer(&p->edge, "486 Busy Here", "b", "");
	phone_wait(&p->edge, "ACK sip:bob@192.0.2.2:5062", "");
	phone_wait(&p->edge, "SIP/2.0 486", d.callid);
	talk_expect(p, &d, "status", "busy");
}

static void a_retransmitted_invite_makes_one_call(void **state)
{
	struct platform *p = *state;
	struct talk d;
	char via[256], cseq[64];

	talk_reset(p, talk_dial_bob);
	talk_invite(p, &d, "");
	talk_wait_child(p, &d);
	snprintf(via, sizeof(via), "%s", phone_header(&p->edge, "Via"));
	snprintf(cseq, sizeof(cseq), "%s", phone_header(&p->edge, "CSeq"));
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
	phone_send(&p->edge,
	           "SIP/2.0 486 Busy Here\nVia: %s\nFrom: %s\nTo: %s\n"
	           "Call-ID: %s\nCSeq: %s",
	           via, d.child_from, d.child_to, d.child_callid, cseq);
	phone_wait(&p->edge, "SIP/2.0 486", d.callid);
}

static void a_caller_without_credentials_is_challenged(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_reset(p, talk_dial_bob);
	p->verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__CHALLENGE;
	talk_invite(p, &d, "");
	phone_wait(&p->edge, "SIP/2.0 407", d.callid);
	assert_string_equal("Digest realm=\"acme.example\", nonce=\"n\"",
	                    phone_header(&p->edge, "Proxy-Authenticate"));
	p->verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__REJECT;
	talk_invite(p, &d, "");
	phone_wait(&p->edge, "SIP/2.0 407", d.callid);
	assert_string_equal("32201 source IP Address not in ACL",
	                    phone_header(&p->edge, "X-Trestle-Error"));
	assert_int_equal(0, p->fetches);
}

static void an_unknown_extension_is_refused(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_reset(p, talk_dial_bob);
	talk_invite(p, &d, "Require: foo\n");
	phone_wait(&p->edge, "SIP/2.0 420", d.callid);
	assert_string_equal("foo", phone_header(&p->edge, "Unsupported"));
	assert_int_equal(0, p->authorizations);
}

static void a_reinvite_is_answered(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_bridge(p, &d);
	talk_from_alice(p, &d, "INVITE", 2,
	                "Contact: <sip:alice@192.0.2.1:5061>\n" TALK_SDP);
	phone_wait(&p->edge, "SIP/2.0 200", "2 INVITE");
	assert_non_null(strstr(p->edge.now, "m=audio"));
	talk_from_alice(p, &d, "ACK", 2, "");
	talk_from_alice(p, &d, "INVITE", 3,
	                "Require: foo\n"
	                "Contact: <sip:alice@192.0.2.1:5061>\n" TALK_SDP);
	phone_wait(&p->edge, "SIP/2.0 420", "3 INVITE");
	assert_string_equal("foo", phone_header(&p->edge, "Unsupported"));
	talk_from_alice(p, &d, "BYE", 4, "");
	phone_wait(&p->edge, "BYE sip:bob@192.0.2.2:5062", d.child_callid);
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
}

static void a_number_of_ours_becomes_a_call_of_its_own(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_reset(p, "<Response><Dial answerOnBridge=\"true\" "
	              "callerId=\"+15550100\"><Number>+15550100</Number></Dial>"
	              "</Response>");
	p->number_document = talk_dial_bob;
	talk_invite(p, &d, "");
	talk_wait_child(p, &d);
	assert_int_equal(2, p->fetches);
	assert_non_null(strstr(p->params, "From=+15550100\n"));
	phone_answer(&p->edge, "486 Busy Here", "b", "");
	phone_wait(&p->edge, "SIP/2.0 486", d.callid);
	talk_expect(p, &d, "status", "busy");
}

static void a_request_for_a_call_that_nobody_has_is_refused(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_reset(p, talk_dial_bob);
	memset(&d, 0, sizeof(d));
	snprintf(d.callid, sizeof(d.callid), "gone");
	snprintf(d.tag, sizeof(d.tag), "x");
	snprintf(d.contact, sizeof(d.contact),
	         "sip:CA00000000000000000000000000000009-1@127.0.7.1:5070");
	talk_from_alice(p, &d, "BYE", 2, "");
	phone_wait(&p->edge, "SIP/2.0 481", "BYE");
}

static void a_call_that_no_relay_takes_is_refused(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_reset(p, talk_dial_bob);
	p->relay_refuses = true;
	talk_invite(p, &d, "");
	phone_wait(&p->edge, "SIP/2.0 503", d.callid);
	assert_string_equal("5", phone_header(&p->edge, "Retry-After"));
	p->relay_refuses = false;
}

static void without_a_relay_no_call_begins(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_reset(p, talk_dial_bob);
	bus_set_load(p->bus[PLAY_RELAY], 0, true);
	platform_expect_options(p, "SIP/2.0 503");
	talk_invite(p, &d, "");
	phone_wait(&p->edge, "SIP/2.0 503", d.callid);
	assert_string_equal("5", phone_header(&p->edge, "Retry-After"));
	assert_int_equal(0, p->authorizations);
	bus_set_load(p->bus[PLAY_RELAY], 0, false);
	platform_expect_options(p, "SIP/2.0 200");
	talk_invite(p, &d, "");
	talk_wait_child(p, &d);
	phone_answer(&p->edge, "486 Busy Here", "b", "");
	phone_wait(&p->edge, "SIP/2.0 486", d.callid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_bridged_and_hung_up_by_the_caller),
		cmocka_unit_test(the_callee_hangs_up),
		cmocka_unit_test(a_cancelled_call_cancels_its_child),
		cmocka_unit_test(a_child_that_is_only_trying_is_cancelled_too),
		cmocka_unit_test(a_silent_phone_does_not_keep_the_call),
		cmocka_unit_test(a_silent_phone_that_answers_late_is_hung_up),
		cmocka_unit_test(a_busy_callee_makes_the_caller_hear_busy),
		cmocka_unit_test(a_retransmitted_invite_makes_one_call),
		cmocka_unit_test(a_caller_without_credentials_is_challenged),
		cmocka_unit_test(an_unknown_extension_is_refused),
		cmocka_unit_test(a_reinvite_is_answered),
		cmocka_unit_test(a_number_of_ours_becomes_a_call_of_its_own),
		cmocka_unit_test(
			a_request_for_a_call_that_nobody_has_is_refused),
		cmocka_unit_test(a_call_that_no_relay_takes_is_refused),
		cmocka_unit_test(without_a_relay_no_call_begins),
	};

	return cmocka_run_group_tests(tests, platform_open, platform_close);
}

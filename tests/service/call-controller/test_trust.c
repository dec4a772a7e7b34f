/*
 * test_trust.c - who has read the tags of a call still can not speak in it
 */
#include <signal.h>

#include "phone.h"
#include "platform.h"
#include "talk.h"
#include "unit/test.h"

#define STRANGER "203.0.113.9"

/* A request of alice from @p ip is refused. */
static void expect_refused(struct platform *p, struct talk *d, const char *ip,
                           const char *method, unsigned cseq)
{
	const char *more = strcmp(method, "INVITE") == 0
	                           ? "Contact: <sip:x@203.0.113.9>\n" TALK_SDP
	                           : "";
	const char *at = d->alice_at;
	char with[64];

	d->alice_at = ip;
	talk_from_alice(p, d, method, cseq, more);
	d->alice_at = at;
	snprintf(with, sizeof(with), "CSeq: %u %s", cseq, method);
	phone_wait(&p->edge, "SIP/2.0 403", with);
}

/* The call is as it was: alice can still end it, with her next CSeq. */
static void expect_untouched(struct platform *p, struct talk *d, unsigned cseq)
{
	assert_false(phone_has(&p->edge, "BYE", "", 100));
	talk_expect(p, d, "status", "in-progress");
	talk_from_alice(p, d, "BYE", cseq, "");
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	phone_wait(&p->edge, "BYE sip:bob@192.0.2.2:5062", d->child_callid);
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, d, "status", "completed");
}

static void a_forged_bye_does_nothing(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_bridge(p, &d);
	expect_refused(p, &d, STRANGER, "BYE", 4000000000);
	assert_int_equal(1 + 3, p->lookups); /* bob; then alice, thrice */
	expect_untouched(p, &d, 2);
}

static void nothing_is_asked_as_long_as_nobody_moves(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_bridge(p, &d);
	talk_from_alice(p, &d, "INFO", 2, "");
	phone_wait(&p->edge, "SIP/2.0 200", "2 INFO");
	assert_int_equal(1, p->lookups); /* where bob is */
	expect_untouched(p, &d, 3);
	assert_int_equal(1, p->lookups);
}

static void a_forged_offer_turns_no_media(void **state)
{
	struct platform *p = *state;
	struct talk d;
	unsigned puts;

	talk_bridge(p, &d);
	talk_from_alice(p, &d, "INFO", 2, "");
	phone_wait(&p->edge, "SIP/2.0 200", "2 INFO");
	puts = p->puts;
	expect_refused(p, &d, STRANGER, "INVITE", 70);
	talk_from_alice(p, &d, "ACK", 70, "");
	expect_refused(p, &d, STRANGER, "UPDATE", 71);
	expect_refused(p, &d, STRANGER, "INFO", 72);
	assert_int_equal(puts, p->puts);
	expect_untouched(p, &d, 3);
}

static void a_forged_bye_of_the_callee_does_nothing(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_bridge(p, &d);
	d.bob_at = STRANGER;
	talk_from_bob(p, &d, "BYE", 90);
	phone_wait(&p->edge, "SIP/2.0 403", "90 BYE");
	d.bob_at = NULL;
	assert_false(phone_has(&p->edge, "BYE", "", 100));
	talk_from_bob(p, &d, "BYE", 1);
	phone_wait(&p->edge, "SIP/2.0 200", "1 BYE");
	phone_wait(&p->edge, "BYE sip:alice@192.0.2.1:5061", d.callid);
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
}

static void a_phone_that_registered_elsewhere_has_moved(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_bridge(p, &d);
	p->binding_at = "198.51.100.7";
	d.alice_at = p->binding_at;
	talk_from_alice(p, &d, "INVITE", 2,
	                "Contact: <sip:alice@198.51.100.7:5061>\n" TALK_SDP);
	phone_wait(&p->edge, "SIP/2.0 200", "2 INVITE");
	talk_from_alice(p, &d, "ACK", 2, "");
	talk_from_bob(p, &d, "BYE", 1);
	phone_wait(&p->edge, "SIP/2.0 200", "1 BYE");
	phone_wait(&p->edge, "BYE sip:alice@198.51.100.7:5061", d.callid);
	assert_non_null(strstr(phone_header(&p->edge, "Route"), "token@"));
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
	assert_int_equal(2, p->lookups); /* bob; alice once, then never */
}

static void a_carrier_answers_from_any_of_its_addresses(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_reset(p, talk_dial_bob);
	p->number_document = talk_dial_bob;
	p->verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__CARRIER;
	talk_invite(p, &d, "");
	talk_wait_child(p, &d);
	talk_answer(p, &d);
	expect_refused(p, &d, "192.0.2.129", "BYE", 10);
	assert_int_equal(1, p->lookups); /* no user: nobody is asked */
	d.alice_at = "192.0.2.100";
	expect_untouched(p, &d, 2);
}

static void an_access_list_is_believed_as_a_whole(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_reset(p, talk_dial_bob);
	p->username = "";
	talk_invite(p, &d, "");
	talk_wait_child(p, &d);
	talk_answer(p, &d);
	expect_refused(p, &d, "192.0.2.64", "BYE", 10);
	d.alice_at = "192.0.2.63";
	expect_untouched(p, &d, 2);
}

static void who_adopts_a_call_knows_its_phones(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_bridge(p, &d);
	talk_expect(p, &d, "status", "in-progress");
	platform_kill(p, 0, SIGKILL);
	platform_start(p, 0);
	expect_refused(p, &d, STRANGER, "BYE", 20);
	expect_untouched(p, &d, 2);
}

/* Many forgeries at once: each is refused, and the call is well. */
static void a_flood_of_forgeries_is_refused(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_bridge(p, &d);
	d.alice_at = STRANGER;
	for (unsigned i = 0; i < 40; i++)
		talk_from_alice(p, &d, "INFO", 100 + i, "");
	d.alice_at = NULL;
	for (unsigned i = 0; i < 40; i++)
		phone_wait(&p->edge, "SIP/2.0 403", "INFO");
	assert_true(p->lookups <= 1 + 8 * 3);
	expect_untouched(p, &d, 2);
}

static void forget(struct platform *p)
{
	(void)phone_has(&p->edge, "nothing", "", 20);
	while (p->edge.n)
		free(p->edge.inbox[--p->edge.n]);
}

/* Whatever a stranger sends in the dialog, the call is as it was. */
static void garbage_of_strangers_harms_nothing(void **state)
{
	static const char *const methods[] = {"INVITE", "UPDATE", "ACK",
	                                      "INFO",   "BYE",    "PRACK",
	                                      "REFER",  "CANCEL"};
	struct platform *p = *state;
	struct talk d;
	unsigned seed = 1;

	talk_bridge(p, &d);
	for (unsigned i = 0; i < 800; i++) {
		char more[] = "Contact: <sip:x@203.0.113.9>\n"
			      "Session-Expires: 90;refresher=uac\n" TALK_SDP;
		char ip[] = "203.0.113.9";

		for (unsigned k = rand_r(&seed) % 6; k; k--)
			more[(unsigned)rand_r(&seed) % (sizeof(more) - 1)] =
				(char)(1 + rand_r(&seed) % 255);
		if (i % 5 == 0)
			ip[(unsigned)rand_r(&seed) % (sizeof(ip) - 1)] =
				(char)(33 + rand_r(&seed) % 90);
		d.alice_at = ip;
		talk_from_alice(p, &d, methods[i % 8], 100 + i, more);
		if (i % 20 == 19)
			forget(p);
	}
	d.alice_at = NULL;
	forget(p);
	expect_untouched(p, &d, 2);
}

/* Nor does what the phone itself sends, where it can not be meant. */
static void garbage_of_the_phone_ends_nothing_else(void **state)
{
	struct platform *p = *state;
	struct talk d;
	unsigned seed = 2;

	talk_bridge(p, &d);
	for (unsigned i = 0; i < 400; i++) {
		char more[] = "Contact: <sip:alice@192.0.2.1:5061>\n" TALK_SDP;
		const unsigned body = sizeof(more) - sizeof(TALK_SDP);

		for (unsigned k = 1 + rand_r(&seed) % 6; k; k--)
			more[body + 32 +
			     (unsigned)rand_r(&seed) %
			             (sizeof(TALK_SDP) - 33)] =
				(char)(1 + rand_r(&seed) % 255);
		talk_from_alice(p, &d, i % 2 ? "INVITE" : "UPDATE", 2 + i,
		                more);
		talk_from_alice(p, &d, "ACK", 2 + i, "");
		if (i % 10 == 9)
			forget(p);
	}
	forget(p);
	talk_from_alice(p, &d, "BYE", 1000, "");
	phone_wait(&p->edge, "SIP/2.0 200", "1000 BYE");
	phone_wait(&p->edge, "BYE sip:bob@192.0.2.2:5062", d.child_callid);
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
}

/* A stranger has no edge before it that would take these headers away. */
static void who_is_no_edge_is_not_heard(void **state)
{
	static const char *const words[] = {
		"X-Trestle-Source: 192.0.2.1:5061;transport=udp",
		"X-Trestle-Account: AC00000000000000000000000000000001"};
	struct platform *p = *state;
	struct phone stranger;
	struct talk d;

	talk_bridge(p, &d);
	phone_open(&stranger, p->loop, "127.0.0.77");
	snprintf(stranger.peer, sizeof(stranger.peer), "%s", p->edge.peer);
	p->authorizations = 0;
	for (size_t i = 0; i < 2; i++)
		phone_send(&stranger,
		           "INVITE sip:+15550100@acme.example SIP/2.0\n"
		           "Via: SIP/2.0/UDP %s;branch=z9hG4bK-stranger-%zu\n"
		           "From: <sip:x@acme.example>;tag=x\n"
		           "To: <sip:+15550100@acme.example>\n"
		           "Call-ID: stranger-%zu\nCSeq: 1 INVITE\n"
		           "Contact: <sip:x@%s>\n%s\n"
		           "Max-Forwards: 70\n" TALK_SDP,
		           stranger.address, i, i, stranger.address, words[i]);
	phone_send(&stranger,
	           "BYE %s SIP/2.0\n"
	           "Via: SIP/2.0/UDP %s;branch=z9hG4bK-stranger-bye\n"
	           "From: <sip:alice@acme.example>;tag=a\n"
	           "To: <sip:bob@acme.example>;tag=%s\n"
	           "X-Trestle-Source: %s:5061;transport=udp\n"
	           "Call-ID: %s\nCSeq: 2 BYE\nMax-Forwards: 70",
	           d.contact, stranger.address, d.tag, "192.0.2.1", d.callid);
	assert_false(phone_has(&stranger, "SIP/2.0 1", "", 300));
	assert_false(phone_has(&stranger, "SIP/2.0 2", "", 0));
	assert_int_equal(0, p->authorizations);
	phone_close(&stranger);
	expect_untouched(p, &d, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_forged_bye_does_nothing),
		cmocka_unit_test(who_is_no_edge_is_not_heard),
		cmocka_unit_test(nothing_is_asked_as_long_as_nobody_moves),
		cmocka_unit_test(a_forged_offer_turns_no_media),
		cmocka_unit_test(a_forged_bye_of_the_callee_does_nothing),
		cmocka_unit_test(a_phone_that_registered_elsewhere_has_moved),
		cmocka_unit_test(a_carrier_answers_from_any_of_its_addresses),
		cmocka_unit_test(an_access_list_is_believed_as_a_whole),
		cmocka_unit_test(who_adopts_a_call_knows_its_phones),
		cmocka_unit_test(a_flood_of_forgeries_is_refused),
		cmocka_unit_test(garbage_of_strangers_harms_nothing),
		cmocka_unit_test(garbage_of_the_phone_ends_nothing_else),
	};

	return cmocka_run_group_tests(tests, platform_open, platform_close);
}

/*
 * test_adopt.c - controllers that die or go, and calls that do not
 */
#include <signal.h>

#include "loop/loop.h"
#include "phone.h"
#include "platform.h"
#include "store/usage.h"
#include "talk.h"
#include "unit/test.h"

static bool is_later_epoch(void *arg)
{
	const struct platform *p = arg;

	return p->epoch > 1;
}

static void a_killed_controller_goes_on_with_its_calls(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_bridge(p, &d);
	talk_expect(p, &d, "status", "in-progress");
	talk_expect(p, &d, "owner", "call-controller-1");
	talk_expect(p, &d, "status_callback_url",
	            "http://***@app.example/status");
	platform_kill(p, 0, SIGKILL);
	platform_start(p, 0);
	talk_from_alice(p, &d, "BYE", 2, "");
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	phone_wait(&p->edge, "BYE sip:bob@192.0.2.2:5062", d.child_callid);
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
	assert_true(run_until(p->loop, is_later_epoch, p, 5000));
	assert_string_equal("http://user:pass@app.example/status", p->note_url);
}

/* The end of a call is written, or will be by who adopts it: each of its two legs
 * is counted once. */
static void a_leg_is_counted_once_though_its_controller_dies_with_it(
	void **state)
{
	static const char account[] =
		"usage:{AC00000000000000000000000000000001}";
	struct platform *p = *state;
	char day[USAGE_DAY_SIZE], key[80], words[256];
	struct talk d;

	usage_day(loop_wall_ms(), day);
	snprintf(key, sizeof(key), "%s:%s", account, day);
	snprintf(words, sizeof(words), "DEL %s %s:%.7s", key, account, day);
	redis_cli(&p->redis_server, words, "");
	talk_bridge(p, &d);
	talk_expect(p, &d, "owner", "call-controller-1");
	talk_from_alice(p, &d, "BYE", 2, "");
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	platform_kill(p, 0, SIGKILL);
	platform_start(p, 0);
	talk_expect(p, &d, "status", "completed");
	talk_expect(p, &d, "usage_day", day);
	platform_expect(p, key, "calls-sip-inbound count", "1");
	platform_expect(p, key, "calls-sip-outbound count", "1");
	snprintf(key, sizeof(key), "%s:%.7s", account, day);
	platform_expect(p, key, "calls-sip-inbound count", "1");
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

static void alerts_go_when_they_are_old(void **state)
{
	enum {
		PRUNED_MS = 6500
	}; /* of a controller's life, for the first time */
	struct platform *p = *state;

	redis_cli(&p->redis_server,
	          "SADD accounts AC00000000000000000000000000000009", "1");
	redis_cli(&p->redis_server,
	          "XADD alerts:{AC00000000000000000000000000000009} 1-1 a b",
	          "1-1");
	redis_cli(&p->redis_server,
	          "XADD alerts:{AC00000000000000000000000000000009} * a new",
	          "-");
	platform_kill(p, 0, SIGKILL);
	platform_start(p, 0);
	(void)run_until(p->loop, never, p, PRUNED_MS);
	redis_cli(&p->redis_server,
	          "XLEN alerts:{AC00000000000000000000000000000009}", "1");
	redis_cli(&p->redis_server,
	          "XRANGE alerts:{AC00000000000000000000000000000009} - +",
	          "new");
	redis_cli(&p->redis_server,
	          "SREM accounts AC00000000000000000000000000000009", "1");
}

static void a_call_that_rang_when_its_controller_died_ends(void **state)
{
	struct platform *p = *state;
	struct talk d;
	char legs[64];

	talk_reset(p, talk_dial_bob);
	talk_invite(p, &d, "");
	talk_wait_child(p, &d);
	phone_answer(&p->edge, "180 Ringing", "b", "");
	snprintf(legs, sizeof(legs), "call:{%s}:legs", d.sid);
	platform_expect(p, legs, "2", NULL);
	platform_kill(p, 0, SIGKILL);
	platform_start(p, 0);
	phone_wait(&p->edge, "SIP/2.0 503", d.callid);
	phone_wait(&p->edge, "CANCEL sip:bob@192.0.2.2:5062", d.child_callid);
	assert_non_null(strstr(phone_header(&p->edge, "Route"), "token@"));
	phone_answer(&p->edge, "200 OK", "b", "");
	talk_expect(p, &d, "status", "failed");
}

static void another_controller_adopts_the_calls_of_a_dead_one(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_bridge(p, &d);
	talk_expect(p, &d, "owner", "call-controller-1");
	platform_start(p, 1);
	platform_kill(p, 0, SIGKILL);
	/* At once: before the second has noticed that the first is dead */
	talk_from_bob(p, &d, "BYE", 1);
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	phone_wait(&p->edge, "BYE sip:alice@192.0.2.1:5061", d.callid);
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
	platform_kill(p, 1, SIGKILL);
	platform_start(p, 0);
}

static void a_controller_that_is_back_gets_the_call_of_its_dialogs(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_bridge(p, &d);
	talk_expect(p, &d, "owner", "call-controller-1");
	platform_start(p, 1);
	platform_kill(p, 0, SIGKILL);
	talk_expect(p, &d, "owner", "call-controller-2");
	platform_start(p, 0);
	talk_from_bob(p, &d, "BYE", 1); /* to the name that bob knows */
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	phone_wait(&p->edge, "BYE sip:alice@192.0.2.1:5061", d.callid);
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
	assert_int_equal(1, p->n_notes);
	platform_kill(p, 1, SIGKILL);
}

static void a_controller_that_slept_gives_up_what_others_took(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_bridge(p, &d);
	talk_expect(p, &d, "owner", "call-controller-1");
	platform_start(p, 1);
	kill(p->controller[0], SIGSTOP);
	talk_expect(p, &d, "owner", "call-controller-2");
	kill(p->controller[0], SIGCONT);
	talk_from_bob(p, &d, "BYE", 1);
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	phone_wait(&p->edge, "BYE sip:alice@192.0.2.1:5061", d.callid);
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
	assert_false(phone_has(&p->edge, "BYE ", "", 1500));
	assert_int_equal(1, p->n_notes);
	platform_kill(p, 1, SIGKILL);
	platform_kill(p, 0, SIGKILL);
	platform_start(p, 0);
}

static void a_controller_that_is_told_to_go_leaves_its_calls(void **state)
{
	struct platform *p = *state;
	struct talk d;

	talk_bridge(p, &d);
	talk_expect(p, &d, "owner", "call-controller-1");
	platform_start(p, 1);
	platform_kill(p, 0, SIGTERM);
	talk_from_bob(p, &d, "BYE", 1);
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	phone_wait(&p->edge, "BYE sip:alice@192.0.2.1:5061", d.callid);
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
	platform_kill(p, 1, SIGKILL);
	platform_start(p, 0);
}

/* One device of bob is silent: its INVITE is still repeated when the other
 * talks, and must not hold the call back. */
static void a_silent_device_does_not_hold_a_call_back(void **state)
{
	struct platform *p = *state;
	uint64_t before;
	struct talk d;

	talk_reset(p, talk_dial_bob);
	p->bindings[1] = "sip:dead@192.0.2.3:5062";
	p->bindings[2] = NULL;
	talk_invite(p, &d, "");
	talk_wait_child(p, &d);
	talk_answer(p, &d);
	talk_expect(p, &d, "owner", "call-controller-1");
	platform_start(p, 1);
	before = loop_now_ms();
	platform_kill(p, 0, SIGTERM);
	assert_in_range(loop_now_ms() - before, 0, 5000);
	talk_from_bob(p, &d, "BYE", 1);
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	phone_wait(&p->edge, "BYE sip:alice@192.0.2.1:5061", d.callid);
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
	platform_kill(p, 1, SIGKILL);
	platform_start(p, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_killed_controller_goes_on_with_its_calls),
		cmocka_unit_test(
			a_leg_is_counted_once_though_its_controller_dies_with_it),
		cmocka_unit_test(alerts_go_when_they_are_old),
		cmocka_unit_test(
			a_call_that_rang_when_its_controller_died_ends),
		cmocka_unit_test(
			another_controller_adopts_the_calls_of_a_dead_one),
		cmocka_unit_test(
			a_controller_that_is_back_gets_the_call_of_its_dialogs),
		cmocka_unit_test(
			a_controller_that_slept_gives_up_what_others_took),
		cmocka_unit_test(
			a_controller_that_is_told_to_go_leaves_its_calls),
		cmocka_unit_test(a_silent_device_does_not_hold_a_call_back),
	};

	return cmocka_run_group_tests(tests, platform_open, platform_close);
}

/*
 * test_control.c - real controllers, and live calls that the API changes
 */
#include <signal.h>

#include "api.h"
#include "phone.h"
#include "platform.h"
#include "store/redis.h"
#include "talk.h"
#include "unit/test.h"

static const char pause_long[] = "<Response><Pause length=\"60\"/></Response>";

struct member {
	bool done;
	char sid[35];
};

static void on_member(void *arg, int err, const redisReply *reply)
{
	struct member *m = arg;

	m->done = true;
	assert_int_equal(0, err);
	assert_int_equal(REDIS_REPLY_STRING, reply->type);
	snprintf(m->sid, sizeof(m->sid), "%s", reply->str);
}

static bool is_done(void *arg)
{
	return ((const struct member *)arg)->done;
}

/* CallSid of the one child of a call */
static void child_of(struct platform *p, const struct talk *d, char out[35])
{
	struct member m = {.done = false};

	assert_int_equal(0, redis_command(p->redis, on_member, &m,
	                                  "SRANDMEMBER call:{%s}:children",
	                                  d->sid));
	assert_true(run_until(p->loop, is_done, &m, 3000));
	memcpy(out, m.sid, sizeof(m.sid));
}

static void expect_record(struct platform *p, const char *sid,
                          const char *field, const char *expect)
{
	char key[64];

	snprintf(key, sizeof(key), "call:{%s}", sid);
	platform_expect(p, key, field, expect);
}

static void hang_up_bob(struct platform *p, const struct talk *d)
{
	phone_wait(&p->edge, "BYE sip:bob@192.0.2.2:5062", d->child_callid);
	phone_answer(&p->edge, "200 OK", "", "");
}

static void hang_up_alice(struct platform *p, const struct talk *d)
{
	phone_wait(&p->edge, "BYE sip:alice@192.0.2.1:5061", d->callid);
	phone_answer(&p->edge, "200 OK", "", "");
}

static void a_bridged_caller_goes_to_another_document(void **state)
{
	struct platform *p = *state;
	Trestle__Hook hook = TRESTLE__HOOK__INIT;
	Trestle__CallUpdate u;
	struct api_reply r;
	struct talk d;

	talk_bridge(p, &d);
	p->document = pause_long;
	hook.url = (char *)"http://app.example/other";
	u = api_update(d.sid);
	u.voice = &hook;
	r = api_change(p, &u, NULL);
	assert_int_equal(0, r.code);
	assert_string_equal("in-progress", r.status);
	hang_up_bob(p, &d);
	assert_int_equal(2, p->fetches);
	r = api_set_status(p, d.sid, "completed", NULL);
	assert_string_equal("completed", r.status);
	expect_record(p, d.sid, "status", "completed"); /* at once */
	hang_up_alice(p, &d);
	r = api_set_status(p, d.sid, "completed", NULL); /* it is so */
	assert_int_equal(0, r.code);
	assert_string_equal("completed", r.status);
	r = api_set_status(p, d.sid, "canceled", NULL);
	assert_int_equal(21220, r.code);
	assert_string_equal("completed", r.status);
}

static void a_controller_passes_on_what_is_for_another(void **state)
{
	struct platform *p = *state;
	Trestle__CallUpdate u;
	struct api_reply r;
	struct talk d;
	char child[35];

	talk_bridge(p, &d);
	talk_expect(p, &d, "owner", "call-controller-1");
	platform_start(p, 1);
	child_of(p, &d, child);
	u = api_update(child);
	u.time_limit = 60; /* not of a child */
	r = api_change(p, &u, "call-controller-2");
	assert_int_equal(21220, r.code);
	assert_string_equal("in-progress", r.status);
	r = api_set_status(p, child, "completed", "call-controller-2");
	assert_int_equal(0, r.code);
	assert_string_equal("completed", r.status);
	hang_up_bob(p, &d);
	hang_up_alice(p, &d);
	expect_record(p, child, "status", "completed");
	r = api_set_status(p, child, "completed", "call-controller-2");
	assert_int_equal(0, r.code);
	r = api_set_status(p, child, "canceled", "call-controller-2");
	assert_int_equal(21220, r.code);
	platform_kill(p, 1, SIGKILL);
	snprintf(p->edge.peer, sizeof(p->edge.peer), "127.0.7.1:5070");
}

static void a_call_of_a_dead_controller_is_changed_by_another(void **state)
{
	struct platform *p = *state;
	struct api_reply r;
	struct talk d;

	talk_bridge(p, &d);
	talk_expect(p, &d, "owner", "call-controller-1");
	platform_start(p, 1);
	platform_kill(p, 0, SIGKILL);
	r = api_set_status(p, d.sid, "completed", "call-controller-2");
	assert_int_equal(0, r.code);
	assert_string_equal("completed", r.status);
	phone_wait(&p->edge, "BYE sip:", "");
	phone_answer(&p->edge, "200 OK", "", "");
	phone_wait(&p->edge, "BYE sip:", "");
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
	platform_kill(p, 1, SIGKILL);
	platform_start(p, 0);
}

/* bob leaves alice; she goes on, and he is a call of his own. */
static void detach_bob(struct platform *p, struct talk *d, char child[35])
{
	Trestle__CallUpdate u;
	struct api_reply r;
	char more[1024];

	talk_bridge(p, d);
	child_of(p, d, child);
	u = api_update(child);
	u.twiml = (char *)pause_long;
	r = api_change(p, &u, NULL);
	assert_string_equal("", r.text);
	assert_string_equal("in-progress", r.status);
	/* his phone hears where his media is now, and what to call him */
	phone_wait(&p->edge, "INVITE sip:bob@192.0.2.2:5062", d->child_callid);
	assert_non_null(strstr(phone_header(&p->edge, "Contact"), child));
	snprintf(more, sizeof(more),
	         "Contact: <sip:bob@192.0.2.2:5062>\n" TALK_SDP);
	phone_answer(&p->edge, "200 OK", "b", more);
	phone_wait(&p->edge, "ACK sip:bob@192.0.2.2:5062", d->child_callid);
	hang_up_alice(p, d); /* her document was over */
	talk_expect(p, d, "status", "completed");
	expect_record(p, child, "status", "in-progress");
	expect_record(p, child, "direction", "outbound-dial");
	expect_record(p, child, "parent_call_sid", d->sid);
}

static void a_child_leaves_the_dial(void **state)
{
	struct platform *p = *state;
	struct talk d;
	char child[35];

	detach_bob(p, &d, child);
	talk_from_bob(p, &d, "BYE", 1);
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	expect_record(p, child, "status", "completed");
	expect_record(p, child, "disconnected_by", "callee");
}

static void a_child_that_left_is_adopted_as_any_call(void **state)
{
	struct platform *p = *state;
	struct api_reply r;
	struct talk d;
	char child[35];

	detach_bob(p, &d, child);
	expect_record(p, child, "call_status", "in-progress");
	platform_kill(p, 0, SIGKILL);
	platform_start(p, 0);
	r = api_set_status(p, child, "completed", NULL);
	assert_string_equal("", r.text);
	assert_string_equal("completed", r.status);
	hang_up_bob(p, &d);
	expect_record(p, child, "status", "completed");
}

static void what_an_account_does_not_have_is_not_there(void **state)
{
	struct platform *p = *state;
	Trestle__CallUpdate u;
	struct api_reply r;
	struct talk d;

	talk_bridge(p, &d);
	u = api_update(d.sid);
	u.account_sid = (char *)"AC00000000000000000000000000000002";
	u.status = (char *)"completed";
	r = api_change(p, &u, NULL);
	assert_int_equal(20404, r.code);
	r = api_set_status(p, "CA00000000000000000000000000000bad", "completed",
	                   NULL);
	assert_int_equal(20404, r.code);
	r = api_set_status(p, "CAbad", "completed", NULL);
	assert_true(r.refused);
	r = api_delete(p, d.sid);
	assert_int_equal(20009, r.code);
	(void)api_set_status(p, d.sid, "completed", NULL);
	phone_wait(&p->edge, "BYE sip:", "");
	phone_answer(&p->edge, "200 OK", "", "");
	phone_wait(&p->edge, "BYE sip:", "");
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "packets_received", "50"); /* all is written */
	r = api_delete(p, d.sid);
	assert_int_equal(0, r.code);
	r = api_delete(p, d.sid);
	assert_int_equal(20404, r.code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bridged_caller_goes_to_another_document),
		cmocka_unit_test(a_controller_passes_on_what_is_for_another),
		cmocka_unit_test(
			a_call_of_a_dead_controller_is_changed_by_another),
		cmocka_unit_test(a_child_leaves_the_dial),
		cmocka_unit_test(a_child_that_left_is_adopted_as_any_call),
		cmocka_unit_test(what_an_account_does_not_have_is_not_there),
	};

	return cmocka_run_group_tests(tests, platform_open, platform_close);
}

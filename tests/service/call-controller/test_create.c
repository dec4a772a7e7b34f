/*
 * test_create.c - a real controller and the calls that the API places
 */
#include <signal.h>

#include "api.h"
#include "loop/loop.h"
#include "phone.h"
#include "platform.h"
#include "store/redis.h"
#include "talk.h"
#include "unit/test.h"

static const char hangup[] = "<Response><Hangup/></Response>";
static const char pause_long[] = "<Response><Pause length=\"60\"/></Response>";

struct wanted {
	const struct platform *p;
	unsigned n;
};

static bool has_notes(void *arg)
{
	const struct wanted *w = arg;

	return w->p->n_notes >= w->n;
}

static void expect_notes(struct platform *p, const struct talk *d,
                         const char *const *words, unsigned n)
{
	struct wanted w = {p, n};
	char note[64];

	assert_true(run_until(p->loop, has_notes, &w, 5000));
	assert_int_equal(n, p->n_notes);
	for (unsigned i = 0; i < n; i++) {
		snprintf(note, sizeof(note), "%s %s", words[i], d->sid);
		assert_string_equal(note, p->notes[i]);
	}
}

#define ACCOUNT "AC00000000000000000000000000000001"

/* In the list of its account, and for 30 days */
static void expect_listed(struct platform *p, const char *sid)
{
	char words[128];

	snprintf(words, sizeof(words),
	         "ZRANGEBYSCORE calls:{" ACCOUNT "} %llu +inf",
	         (unsigned long long)loop_wall_ms() - 60000);
	redis_cli(&p->redis_server, words, sid);
	snprintf(words, sizeof(words), "TTL call:{%s}", sid);
	redis_cli(&p->redis_server, words,
	          "259"); /* 2592000, or a little less */
}

static void a_placed_call_rings_and_runs_its_document(void **state)
{
	static const char *const notes[] = {"initiated", "ringing",
	                                    "in-progress", "completed"};
	struct platform *p = *state;
	Trestle__CallCreate call;
	struct talk d;
	char sid[35];

	talk_reset(p, hangup);
	call = api_call(sid);
	call.call_reason = (char *)"a test";
	api_ring(p, &d, &call);
	assert_non_null(strstr(d.child_from, "<sip:desk@acme.example>"));
	assert_string_equal(sid, phone_header(&p->edge, "X-Twilio-CallSid"));
	talk_expect(p, &d, "direction", "outbound-api");
	talk_expect(p, &d, "status", "queued");
	talk_expect(p, &d, "from", "desk");
	talk_expect(p, &d, "to", "sip:bob@acme.example");
	assert_int_equal(0, p->fetches);
	phone_answer(&p->edge, "180 Ringing", "b", "");
	talk_expect(p, &d, "status", "ringing");
	talk_answer_child(p);
	phone_wait(&p->edge, "ACK sip:bob@192.0.2.2:5062", d.child_callid);
	phone_wait(&p->edge, "BYE sip:bob@192.0.2.2:5062", d.child_callid);
	assert_non_null(strstr(p->params, "Direction=outbound-api\n"));
	assert_non_null(strstr(p->params, "CallStatus=in-progress\n"));
	assert_non_null(strstr(p->params, "From=desk\n"));
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
	talk_expect(p, &d, "disconnected_by", "caller");
	talk_expect(p, &d, "call_reason", "a test");
	talk_expect(p, &d, "queue_time", NULL); /* [ms] */
	talk_expect(p, &d, "session", p->session);
	talk_expect(p, &d, "pdd_ms", NULL);
	talk_expect(p, &d, "date_created", NULL);
	talk_expect(p, &d, "sip_call_id", NULL);
	expect_notes(p, &d, notes, N_OF(notes));
	assert_int_equal(1, p->fetches);
	expect_listed(p, d.sid);
}

static void a_document_comes_with_the_call(void **state)
{
	struct platform *p = *state;
	Trestle__CallCreate call;
	struct talk d;
	char sid[35];

	talk_reset(p, pause_long);
	call = api_call(sid);
	call.twiml = (char *)hangup;
	api_ring(p, &d, &call);
	talk_answer_child(p);
	phone_wait(&p->edge, "BYE sip:bob@192.0.2.2:5062", d.child_callid);
	phone_answer(&p->edge, "200 OK", "", "");
	talk_expect(p, &d, "status", "completed");
	assert_int_equal(0, p->fetches);
}

static void a_callee_that_is_busy_ends_the_call_so(void **state)
{
	static const char *const notes[] = {"initiated", "busy"};
	struct platform *p = *state;
	Trestle__CallCreate call;
	struct talk d;
	char sid[35];

	talk_reset(p, hangup);
	call = api_call(sid);
	api_ring(p, &d, &call);
	phone_answer(&p->edge, "486 Busy Here", "b", "");
	talk_expect(p, &d, "status", "busy");
	talk_expect(p, &d, "sip_status", "486");
	expect_notes(p, &d, notes, N_OF(notes));
}

static void a_call_that_is_asked_for_twice_is_made_once(void **state)
{
	struct platform *p = *state;
	Trestle__CallCreate call;
	struct api_reply r;
	struct talk d;
	char sid[35];

	talk_reset(p, hangup);
	call = api_call(sid);
	api_ring(p, &d, &call);
	phone_answer(&p->edge, "180 Ringing", "b", "");
	talk_expect(p, &d, "status", "ringing");
	r = api_place(p, &call);
	assert_int_equal(0, r.code);
	assert_string_equal("ringing", r.status);
	assert_false(phone_has(&p->edge, "INVITE sip:bob", "", 300));
	r = api_set_status(p, sid, "canceled", NULL);
	assert_string_equal("canceled", r.status);
	phone_wait(&p->edge, "CANCEL sip:bob@192.0.2.2:5062", d.child_callid);
	phone_answer(&p->edge, "200 OK", "b", "");
	talk_expect(p, &d, "status", "canceled");
}

/* A controller dies: what rings ends cleanly, what was answered goes on. */
static void a_call_that_rings_when_its_controller_dies_ends(void **state)
{
	struct platform *p = *state;
	Trestle__CallCreate call;
	struct talk d;
	char sid[35], legs[64];

	talk_reset(p, hangup);
	call = api_call(sid);
	api_ring(p, &d, &call);
	phone_answer(&p->edge, "180 Ringing", "b", "");
	snprintf(legs, sizeof(legs), "call:{%s}:legs", d.sid);
	platform_expect(p, legs, "1", NULL);
	platform_kill(p, 0, SIGKILL);
	platform_start(p, 0);
	phone_wait(&p->edge, "CANCEL sip:bob@192.0.2.2:5062", d.child_callid);
	phone_answer(&p->edge, "200 OK", "b", "");
	talk_expect(p, &d, "status", "failed");
}

static void an_answered_call_goes_on_when_its_controller_dies(void **state)
{
	struct platform *p = *state;
	Trestle__CallCreate call;
	struct talk d;
	char sid[35], note[64];

	talk_reset(p, pause_long);
	call = api_call(sid);
	api_ring(p, &d, &call);
	talk_answer_child(p);
	phone_wait(&p->edge, "ACK sip:bob@192.0.2.2:5062", d.child_callid);
	talk_expect(p, &d, "call_status", "in-progress");
	platform_kill(p, 0, SIGKILL);
	platform_start(p, 0);
	talk_from_bob(p, &d, "BYE", 1);
	phone_wait(&p->edge, "SIP/2.0 200", "BYE");
	talk_expect(p, &d, "status", "completed");
	talk_expect(p, &d, "direction", "outbound-api");
	snprintf(note, sizeof(note), "completed %s", d.sid);
	assert_string_equal(note, p->notes[p->n_notes - 1]);
}

struct member {
	struct platform *p;
	bool asked, gone;
};

static void on_score(void *arg, int err, const redisReply *reply)
{
	struct member *m = arg;

	m->asked = false;
	m->gone = !err && reply->type == REDIS_REPLY_NIL;
}

static bool is_gone(void *arg)
{
	struct member *m = arg;

	if (!m->gone && !m->asked)
		m->asked = !redis_command(m->p->redis, on_score, m,
		                          "ZSCORE calls:{" ACCOUNT "} CAold");
	return m->gone;
}

static void a_call_of_long_ago_leaves_the_list(void **state)
{
	struct member m = {.p = *state};

	redis_cli(&m.p->redis_server, "ZADD calls:{" ACCOUNT "} 1000 CAold",
	          NULL);
	platform_kill(m.p, 0, SIGKILL);
	platform_start(m.p, 0);
	assert_true(run_until(m.p->loop, is_gone, &m, 10000));
	redis_cancel(m.p->redis, &m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_placed_call_rings_and_runs_its_document),
		cmocka_unit_test(a_document_comes_with_the_call),
		cmocka_unit_test(a_callee_that_is_busy_ends_the_call_so),
		cmocka_unit_test(a_call_that_is_asked_for_twice_is_made_once),
		cmocka_unit_test(
			a_call_that_rings_when_its_controller_dies_ends),
		cmocka_unit_test(
			an_answered_call_goes_on_when_its_controller_dies),
		cmocka_unit_test(a_call_of_long_ago_leaves_the_list),
	};

	return cmocka_run_group_tests(tests, platform_open, platform_close);
}

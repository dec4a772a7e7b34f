/*
 * test_oom.c - calls when memory runs out: they end cleanly, the process lives
 */
#include "unit/test.h"

#include "script.h"
#include "twiml/twiml.h"
#include "unit/oom.h"

static const char dial_document[] =
	"doc <Response><Dial hangupOnStar='true' action='/next'>"
	"<Sip statusCallback='/cb' statusCallbackEvent='initiated answered'>"
	"sip:kate@example.test?x-a=1</Sip><Number>+14155550100</Number>"
	"</Dial></Response>";

static const char *const events[] = {
	"start",
	dial_document,
	"resolve B fork 3",
	"resolve C failover 2 owned",
	"ready",
	"1 ack",
	"2 183 PCMA",
	"3 200 PCMA",
	"1 reanswer PCMA",
	"1 offer PCMA sendonly",
	"lost",
	"ready",
	"digit A *",
	"doc <Response><Redirect/></Response>",
	"fail 11200",
	"1 bye",
};

static const char *const voice_events[] = {
	"start",
	"doc <Response><Start><Recording recordingStatusCallback='/r'/></Start>"
	"<Say>Hello <break time='1s'/></Say><Play>a.wav</Play>"
	"<Gather input='dtmf speech' hints='yes, no' "
	"partialResultCallback='/p'><Say>Press</Say></Gather></Response>",
	"ready",
	"1 ack",
	"recording",
	"played",
	"unplayed 13420",
	"played",
	"word A hel",
	"said A hello",
	"doc <Response><Record recordingStatusCallback='/r' transcribe='true' "
	"transcribeCallback='/t'/></Response>",
	"recorded 5000 silence",
	"transcribed hello",
	"doc <Response><Record/></Response>",
	"1 bye",
	"recorded 5000",
};

static const char *const screen_events[] = {
	"start",
	"doc <Response><Dial record='record-from-ringing' action='/next'>"
	"<Sip url='/screen' sendDigits='1' machineDetection='Enable' "
	"amdStatusCallback='/amd'>kate@example.test</Sip></Dial></Response>",
	"resolve B fork 1",
	"ready",
	"1 ack",
	"2 200 PCMU",
	"played",
	"doc <Response><Gather numDigits='1'><Say>Press</Say></Gather>"
	"<Hangup/></Response>",
	"machine B human",
	"digit B 1",
	"doc <Response/>",
	"1 bye",
	"recorded 5000",
};

static const char *const api_events[] = {
	"start",
	"resolve A fork 2",
	"ready",
	"1 180",
	"2 200 PCMU",
	"played",
	"doc <Response><Dial><Sip>joe@example.test</Sip></Dial></Response>",
	"resolve B fork 1",
	"ready",
	"3 200 PCMU",
	"2 bye",
	"recorded 5000",
};

static const char *const control_events[] = {
	"start",
	"doc <Response><Dial action='/next'><Sip statusCallback='/cb'>"
	"kate@example.test</Sip></Dial></Response>",
	"resolve B fork 1",
	"ready",
	"1 ack",
	"2 200 PCMU",
	"record B",
	"pause B skip",
	"change A told /told",
	"change B twiml <Response><Say>Hi</Say></Response>",
	"change A url /other",
	"detached",
	"moved",
	"change B url /other",
	"change B completed",
	"2 ended",
};

static void ends_with_cmd_end(const struct script *s)
{
	const struct command *last = &s->out->v[s->out->n - 1];

	assert_true(call_ended(s->call));
	assert_true(s->out->n > 0);
	assert_int_equal(CMD_END, last->type);
}

/* Returns whether memory ran out on the way. */
static bool run_from(const struct call_start *start, long allocations,
                     const char *const happen[], size_t n)
{
	struct script s;
	bool refused = false;

	script_open(&s, start);
	oom_grant(allocations);
	for (size_t i = 0; i < n && !refused; i++) {
		(void)script_step(&s, happen[i]);
		refused = oom_refused();
	}
	oom_grant(-1);
	if (refused)
		ends_with_cmd_end(&s);
	script_close(&s);
	return refused;
}

static bool run_with(long allocations, const char *const happen[], size_t n)
{
	return run_from(&script_phone, allocations, happen, n);
}

/* Keys, a recording of the whole call */
static struct call_start placed(void)
{
	static struct outgoing_spec spec;
	struct call_start start = script_api;

	spec = script_outgoing;
	spec.send_digits = "1";
	spec.record = true;
	start.outgoing = &spec;
	return start;
}

static void a_placed_call_without_memory_ends_cleanly(void **state)
{
	const struct call_start start = placed();
	struct call *call;
	long n = 0;

	(void)state;
	OOM_EACH(call_alloc(&call, &start), call_free(call));
	while (run_from(&start, n, api_events, N_OF(api_events))) {
		n++;
		assert_true(n < 2000);
	}
	assert_true(n > 20);
}

static void a_call_is_changed_whole_or_ends(void **state)
{
	long n = 0;

	(void)state;
	while (run_with(n, control_events, N_OF(control_events))) {
		n++;
		assert_true(n < 2000);
	}
	assert_true(n > 20);
}

static void a_call_without_memory_ends_cleanly(void **state)
{
	long n = 0;

	(void)state;
	while (run_with(n, events, N_OF(events))) {
		n++;
		assert_true(n < 2000);
	}
	assert_true(n > 20);
}

static void a_caller_who_speaks_without_memory_is_let_go(void **state)
{
	long n = 0;

	(void)state;
	while (run_with(n, voice_events, N_OF(voice_events))) {
		n++;
		assert_true(n < 2000);
	}
	assert_true(n > 20);
}

static void a_callee_is_screened_whole_or_not_at_all(void **state)
{
	long n = 0;

	(void)state;
	while (run_with(n, screen_events, N_OF(screen_events))) {
		n++;
		assert_true(n < 2000);
	}
	assert_true(n > 20);
}

static void a_call_is_made_whole_or_not_at_all(void **state)
{
	struct call *call;

	(void)state;
	OOM_EACH(call_alloc(&call, &script_phone), call_free(call));
}

static void a_document_is_read_whole_or_not_at_all(void **state)
{
	static const char text[] = "<Response><Dial a='1'>x</Dial></Response>";
	struct twiml *doc;
	struct twiml_error error;

	(void)state;
	OOM_EACH(twiml_alloc(&doc, text, sizeof(text) - 1, &error),
	         twiml_free(doc));
}

static void a_call_is_saved_and_restored_whole_or_not_at_all(void **state)
{
	static const uint8_t seed[SEED_SIZE] = {3};
	struct fields *f = calloc(1, sizeof(*f));
	struct call *call;
	struct script s;

	(void)state;
	assert_non_null(f);
	fields_init(f);
	script_open(&s, &script_phone);
	for (size_t i = 0; i < 10; i++)
		(void)script_step(&s, events[i]);
	OOM_EACH(call_save(s.call, f), fields_close(f));
	assert_int_equal(0, call_save(s.call, f));
	OOM_EACH(call_restore(&call, f, seed), call_free(call));
	script_close(&s);
	script_open(&s, &script_phone);
	for (size_t i = 0; i < 9; i++)
		(void)script_step(&s, voice_events[i]);
	OOM_EACH(call_save(s.call, f), fields_close(f));
	assert_int_equal(0, call_save(s.call, f));
	OOM_EACH(call_restore(&call, f, seed), call_free(call));
	script_close(&s);
	script_open(&s, &script_phone);
	for (size_t i = 0; i < 9; i++)
		(void)script_step(&s, screen_events[i]);
	OOM_EACH(call_save(s.call, f), fields_close(f));
	assert_int_equal(0, call_save(s.call, f));
	OOM_EACH(call_restore(&call, f, seed), call_free(call));
	script_close(&s);
	script_open(&s, &script_api);
	for (size_t i = 0; i < 9; i++)
		(void)script_step(&s, api_events[i]);
	OOM_EACH(call_save(s.call, f), fields_close(f));
	assert_int_equal(0, call_save(s.call, f));
	OOM_EACH(call_restore(&call, f, seed), call_free(call));
	fields_close(f);
	free(f);
	script_close(&s);
}

TEST_MAIN(cmocka_unit_test(a_placed_call_without_memory_ends_cleanly),
          cmocka_unit_test(a_call_is_changed_whole_or_ends),
          cmocka_unit_test(a_call_without_memory_ends_cleanly),
          cmocka_unit_test(a_caller_who_speaks_without_memory_is_let_go),
          cmocka_unit_test(a_callee_is_screened_whole_or_not_at_all),
          cmocka_unit_test(a_call_is_made_whole_or_not_at_all),
          cmocka_unit_test(a_document_is_read_whole_or_not_at_all),
          cmocka_unit_test(a_call_is_saved_and_restored_whole_or_not_at_all))

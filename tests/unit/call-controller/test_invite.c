/*
 * test_invite.c - what an INVITE of ours says, and what its caller hears meanwhile
 */
#include "unit/test.h"

#include "script.h"

#define DOC(body) "doc <Response>" body "</Response>"

static void play(struct script *s, const char *const *events)
{
	for (; *events; events++)
		(void)script_step(s, *events);
}

#define PLAY(s, ...) play((s), (const char *const[]){__VA_ARGS__, NULL})

static void an_invite_says_who_calls_and_for_whom(void **state)
{
	const struct cmd_invite *invite;
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	PLAY(&s, "start",
	     DOC("<Dial callerId='sales.desk'><Sip username='u' password='p'>"
	         "kate@foreign.example?X-Job=7</Sip></Dial>"),
	     "resolve B failover 1", "ready");
	invite = &script_command(&s, CMD_INVITE)->invite;
	assert_string_equal("sip:sales.desk@example.test", invite->from);
	assert_string_equal("sip:target@192.0.2.2", invite->uri);
	assert_string_equal("u", invite->username);
	assert_string_equal("p", invite->password);
	assert_string_equal(s.sids[1], invite->sid);
	assert_int_equal(69, invite->max_forwards);
	assert_int_equal(0, invite->depth);
	assert_int_equal(1800, invite->session_timer.expires);
	assert_string_equal("X-Twilio-CallSid", invite->headers[0].name);
	assert_string_equal(s.sids[1], invite->headers[0].value);
	assert_string_equal("X-Job", invite->headers[3].name);
	assert_string_equal("7", invite->headers[3].value);
	script_close(&s);
}

static void the_callers_number_is_shown_by_default(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	PLAY(&s, "start", DOC("<Dial>+14155550100</Dial>"));
	assert_string_equal("+15550000001",
	                    script_command(&s, CMD_RESOLVE)->resolve.caller);
	script_close(&s);
}

static void an_emergency_call_shows_the_number_that_is_set_for_it(void **state)
{
	struct script s;

	(void)state;
	script_open(&s, &script_phone);
	PLAY(&s, "start", DOC("<Dial>911</Dial>"),
	     "resolve B failover 1 as +12125550100", "ready");
	assert_string_equal("sip:+12125550100@example.test",
	                    script_command(&s, CMD_INVITE)->invite.from);
	script_close(&s);
}

static void a_document_may_run_without_that_anybody_is_asked(void **state)
{
	struct call_start start = script_phone;
	struct script s;

	(void)state;
	start.document =
		"<Response><Dial><Number>911</Number></Dial></Response>";
	script_open(&s, &start);
	PLAY(&s, "start");
	assert_null(script_command(&s, CMD_FETCH));
	assert_string_equal("911",
	                    script_command(&s, CMD_RESOLVE)->resolve.what);
	assert_int_equal(RESOLVE_EMERGENCY,
	                 script_command(&s, CMD_RESOLVE)->resolve.kind);
	script_close(&s);
}

static void the_domains_number_stands_in_for_a_user_without_one(void **state)
{
	struct call_start start = script_phone;
	struct script s;

	(void)state;
	start.from = "sip:kate@example.test";
	start.default_caller_id = "+15551112222";
	script_open(&s, &start);
	PLAY(&s, "start", DOC("<Dial>+14155550100</Dial>"),
	     "resolve B failover 1", "ready");
	assert_string_equal("sip:+15551112222@example.test",
	                    script_command(&s, CMD_INVITE)->invite.from);
	script_close(&s);
}

static void calls_to_own_numbers_do_not_go_in_circles(void **state)
{
	static const struct {
		unsigned depth, max_forwards;
		bool called;
	} rows[] = {
		{0, 70, true}, {4, 70, true}, {5, 70, false}, {0, 1, false}};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct call_start start = script_phone;
		const struct command *invite;
		struct script s;

		start.depth = rows[i].depth;
		start.max_forwards = rows[i].max_forwards;
		script_open(&s, &start);
		PLAY(&s, "start", DOC("<Dial>+15559999999</Dial>"),
		     "resolve B own owned");
		if (!rows[i].called)
			assert_int_equal(
				32006,
				script_command(&s, CMD_ALERT)->alert.code);
		PLAY(&s, "ready");
		invite = script_command(&s, CMD_INVITE);
		assert_int_equal(rows[i].called, invite != NULL);
		if (invite)
			assert_int_equal(rows[i].depth + 1,
			                 invite->invite.depth);
		script_close(&s);
	}
}

/* How many calls a leg to an own number may lead to, which it is told */
static void expect_calls(struct script *s, unsigned nth, unsigned calls)
{
	for (size_t i = 0; i < s->out->n; i++) {
		const struct command *cmd = &s->out->v[i];

		if (cmd->type == CMD_INVITE && nth-- == 0) {
			assert_int_equal(calls, cmd->invite.calls);
			return;
		}
	}
	fail_msg("no INVITE");
}

static void calls_to_own_numbers_share_what_is_left_of_fifty(void **state)
{
	struct call_start start = script_phone;
	struct script s;

	(void)state;
	script_open(&s, &start); /* 50 by three, each one is a call itself */
	PLAY(&s, "start",
	     DOC("<Dial><Number>+15550000011</Number>"
	         "<Number>+15550000012</Number>"
	         "<Number>+15550000013</Number></Dial>"),
	     "resolve B own owned", "resolve C own owned",
	     "resolve D own owned", "ready");
	expect_calls(&s, 0, 16);
	expect_calls(&s, 1, 16);
	expect_calls(&s, 2, 15);
	script_close(&s);

	start.tree_used = TREE_MAX - 2; /* two are left: the third is refused */
	script_open(&s, &start);
	PLAY(&s, "start",
	     DOC("<Dial><Number>+15550000011</Number>"
	         "<Number>+15550000012</Number>"
	         "<Number>+15550000013</Number></Dial>"),
	     "resolve B own owned", "resolve C own owned");
	assert_string_equal("alert32006 D=failed",
	                    script_step(&s, "resolve D own owned"));
	PLAY(&s, "ready");
	expect_calls(&s, 0, 0);
	expect_calls(&s, 1, 0);
	script_close(&s);

	/* one after the other: who is over has given back what it had */
	start.tree_used = TREE_MAX - 1;
	script_open(&s, &start);
	PLAY(&s, "start",
	     DOC("<Dial sequential='true'><Number>+15550000011</Number>"
	         "<Number>+15550000012</Number></Dial>"),
	     "resolve B own owned", "ready", "2 486", "resolve C own owned",
	     "ready");
	expect_calls(&s, 0, 0);
	script_close(&s);
}

static void a_ring_tone_can_be_chosen(void **state)
{
	static const struct {
		const char *document, *commands;
	} rows[] = {
		{DOC("<Dial ringTone='de'>+14155550100</Dial>"),
	         "B=queued resolve(B,+14155550100) verb=30 "
	         "media(A~ringback-de)"},
		{DOC("<Dial ringTone='us-old'>+14155550100</Dial>"),
	         "B=queued resolve(B,+14155550100) verb=30 "
	         "media(A~ringback-us-old)"},
		{DOC("<Dial ringTone='xx'>+14155550100</Dial>"),
	         "alert13220 B=queued resolve(B,+14155550100) verb=30 "
	         "media(A~ringback-us)"},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct script s;

		script_open(&s, &script_phone);
		PLAY(&s, "start");
		assert_string_equal(rows[i].commands,
		                    script_step(&s, rows[i].document));
		script_close(&s);
	}
}

TEST_MAIN(
	cmocka_unit_test(an_invite_says_who_calls_and_for_whom),
	cmocka_unit_test(the_callers_number_is_shown_by_default),
	cmocka_unit_test(an_emergency_call_shows_the_number_that_is_set_for_it),
	cmocka_unit_test(a_document_may_run_without_that_anybody_is_asked),
	cmocka_unit_test(the_domains_number_stands_in_for_a_user_without_one),
	cmocka_unit_test(calls_to_own_numbers_do_not_go_in_circles),
	cmocka_unit_test(calls_to_own_numbers_share_what_is_left_of_fifty),
	cmocka_unit_test(a_ring_tone_can_be_chosen))
